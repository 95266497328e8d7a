"""A folder becomes documents with one canonical text each, or an error that names file and byte."""

from __future__ import annotations

import hashlib
import os
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from qa.corpus import check_together, corpus_remarks, make_document, read_file, source_files
from qa.document import BlockKind, Document
from qa.errors import CorpusError
from tests.conftest import MakeCorpus
from tests.hostile import HOSTILE


def found(folder: Path) -> tuple[list[str], list[str]]:
    files, passed_over = source_files(folder)
    return [file.id for file in files], passed_over


def test_which_files_are_documents(corpus_folder: MakeCorpus) -> None:
    folder = corpus_folder(
        {
            "b.md": "Text.",
            "a.txt": "Text.",
            "sub/c.MARKDOWN": "Text.",
            ".hidden.md": "Text.",
            ".git/d.md": "Text.",
            "sub/.e.md": "Text.",
            "questions.csv": "question,expect",
            "synonyms.csv": "a,b",
            "picture.png": b"\x89PNG",
            "README": "Text.",
        }
    )
    (folder / "folder.md").mkdir()
    assert found(folder) == (["a.txt", "b.md", "sub/c.MARKDOWN"], ["README", "picture.png"])


def test_links_out_of_the_folder_are_not_followed(
    corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    folder = corpus_folder({"a.md": "Text."})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("Secret.", "utf-8")
    (folder / "link.md").symlink_to(outside / "secret.md")
    (folder / "linked").symlink_to(outside, target_is_directory=True)
    (folder / "dead.md").symlink_to(folder / "none.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "inside.md").symlink_to(folder / "a.md")
    assert found(folder) == (["a.md", "inside.md"], ["link.md"])


def test_a_corpus_folder_may_itself_be_a_link(corpus_folder: MakeCorpus, tmp_path: Path) -> None:
    folder = corpus_folder({"a.md": "Text."})
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    assert found(tmp_path / "link") == (["a.md"], [])


def test_what_word_keeps_beside_an_open_file_is_no_document(corpus_folder: MakeCorpus) -> None:
    files, passed_over = source_files(
        corpus_folder({"a.md": "# A\n\nText.\n", "~$a.docx": b"\x00Nurse", ".~lock.a.odt#": b"x"})
    )
    assert ([file.id for file in files], passed_over) == (["a.md"], [])


def test_nothing_to_read(corpus_folder: MakeCorpus, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"is not a folder.*--corpus"):
        source_files(tmp_path / "none")
    folder = corpus_folder({})
    with pytest.raises(CorpusError, match=r"no document that can be read .*It is empty"):
        source_files(folder)
    with pytest.raises(CorpusError, match=r"It holds only x\.xls\."):
        source_files(corpus_folder({"x.xls": b"\xd0\xcf"}))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow only Unicode file names")
def test_a_file_name_that_is_no_unicode_is_refused(corpus_folder: MakeCorpus) -> None:
    folder = corpus_folder({"a.md": "Text."})
    with open(os.fsencode(folder) + b"/caf\xe9.md", "wb") as file:
        file.write(b"Text.")
    with pytest.raises(CorpusError, match=r"caf.*name"):
        source_files(folder)


def test_a_documents_parts() -> None:
    data = "\ufeff---\nversion: 2\n---\n# Title\r\n\r\nText \u00e9.\r\n".encode()
    document = make_document("a.md", data)
    assert document.title == "Title"
    assert document.text == "Title\n\nText \u00e9."
    assert document.sha256 == hashlib.sha256(document.text.encode()).hexdigest()
    assert document.source_sha256 == hashlib.sha256(data).hexdigest()
    assert document.metadata("version") == "2"


def test_a_file_name_of_two_lines_is_refused(corpus_folder: MakeCorpus) -> None:
    folder = corpus_folder({"a\r\nb.md": "Text.\n"})
    with pytest.raises(CorpusError, match=r"a\\r\\nb\.md': the file's name goes over two lines"):
        source_files(folder)


def test_a_document_without_title_has_its_files_name() -> None:
    assert make_document("sub/what to do.md", b"Text.").title == "what to do"


def test_equal_texts_are_two_documents() -> None:
    first, second = (make_document(name, HOSTILE[name]) for name in ("twin_a.md", "twin_b.md"))
    assert first.sha256 == second.sha256
    assert (first.id, second.id) == ("twin_a.md", "twin_b.md")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"ok \xff no", r"x\.md: byte 3 \(0xff, line 1\) is not UTF-8"),
        (b"\xef\xbb\xbfok\n\xc3", r"x\.md: byte 6 \(0xc3, line 2\) is not UTF-8"),
        ("caf\u00e9".encode("latin-1"), r"x\.md: byte 3 \(0xe9, line 1\)"),
        (b"a\n\xed\xa0\x80", r"x\.md: byte 2 \(0xed, line 2\)"),  # half of a surrogate pair
        (b"\xc0\xafa", r"x\.md: byte 0 \(0xc0"),  # an overlong slash
        (b"\xff\xfea\x00\x00\xd8b\x00", r"x\.md: byte 4 \(0x00\) is not UTF-16"),
        (b"\xff\xfe\x00\x00a\x00\x00", r"x\.md: byte 4 \(0x61\) is not UTF-32"),
        (b"\xff\xfea\x00\x00\x00", r"x\.md: byte 4 is NUL"),
        ("cafe".encode("utf-16-le"), r"x\.md: byte 1 is NUL"),
        ("\ufeffab\x00".encode(), r"x\.md: byte 5 is NUL"),
        (b"", r"x\.md: the file has no text"),
        (b"\xef\xbb\xbf \r\n\t\n", r"x\.md: the file has no text"),
        (b"<!-- only a comment -->", r"x\.md: the file has no text"),
        (b"# One\n\n## Two\n", r"x\.md: the file has only headings"),
        (b"---\ntitle: a: b\n---\nText.", r"x\.md: line 2: the front matter is not valid YAML"),
        (b"---\na: 1\nb: [1\n---\nText.", r"x\.md: line \d: the front matter is not valid YAML"),
        (b"---\ndate: 2026-13-45\n---\nText.", r"x\.md: line 2: the front matter"),
        (b"---\na: 1\ndate: 2026-02-30\n---\nText.", r"x\.md: line 3: the front matter.*day is"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(
    corpus_folder: MakeCorpus, data: bytes, message: str
) -> None:
    folder = corpus_folder({"x.md": data})
    [file], _ = source_files(folder)
    with pytest.raises(CorpusError, match=message) as caught:
        read_file(file)
    text = str(caught.value)
    assert text.startswith(str(folder / "x.md"))
    assert text == text.strip()
    assert any(
        hint in text for hint in ("build again", "ake it out", "Write one `name", "save it as")
    )


def test_a_file_that_vanishes_meanwhile(corpus_folder: MakeCorpus) -> None:
    folder = corpus_folder({"x.md": "Text."})
    [file], _ = source_files(folder)
    file.path.unlink()
    with pytest.raises(CorpusError, match=r"x\.md: No such file"):
        read_file(file)


def test_a_format_nobody_reads() -> None:
    with pytest.raises(CorpusError, match=r"no reader for \.xyz: .*\.markdown, \.md, .*\.txt"):
        make_document("x.xyz", b"Text.")
    with pytest.raises(CorpusError, match=r"no reader for files without suffix"):
        make_document("README", b"Text.")


def test_sections_and_their_anchors() -> None:
    document = make_document(
        "x.md",
        "Before.\n\n# A\n\n## B c!\n\nText.\n\n## B c?\n\nText.\n\n# \u00c9t\u00e9 top\n\n"
        "# Top\n\n### !!!\n\nText.".encode(),
    )
    assert [(s.heading, s.level, s.path, s.anchor) for s in document.sections] == [
        ("", 0, (), "top"),
        ("A", 1, ("A",), "a"),
        ("B c!", 2, ("A", "B c!"), "b-c"),
        ("B c?", 2, ("A", "B c?"), "b-c-2"),
        ("\u00c9t\u00e9 top", 1, ("\u00c9t\u00e9 top",), "\u00e9t\u00e9-top"),
        ("Top", 1, ("Top",), "top-2"),
        ("!!!", 3, ("Top", "!!!"), "section"),
    ]


@pytest.fixture(params=sorted(HOSTILE))
def hostile(request: pytest.FixtureRequest) -> Document:
    return make_document(request.param, HOSTILE[request.param])


def test_blocks_and_sections_of_any_document(hostile: Document) -> None:
    edges = [(s.start, s.end) for s in hostile.sections]
    assert edges[0][0] == 0
    assert edges[-1][1] == len(hostile.text)
    assert all(first[1] == second[0] for first, second in pairwise(edges)), (
        "sections follow each other without gap"
    )
    anchors = [s.anchor for s in hostile.sections]
    assert len(set(anchors)) == len(anchors)
    last = 0
    for block in hostile.blocks:
        section = hostile.sections[block.section]
        text = hostile.text[block.start : block.end]
        assert last <= block.start < block.end
        assert section.start <= block.start
        assert block.end <= section.end
        assert text == text.strip()
        if block.kind is BlockKind.HEADING:
            assert block.start >= section.start
            assert section.heading == " ".join(text.split())
        last = block.end


def test_reading_is_repeatable(hostile: Document) -> None:
    assert make_document(hostile.id, HOSTILE[hostile.id]) == hostile


def test_line_ends_and_marks_leave_no_trace(hostile: Document) -> None:
    assert "\r" not in hostile.text
    assert not hostile.text.startswith("\ufeff")


def test_characters_are_kept_as_they_were_written() -> None:
    text = make_document("combining.md", HOSTILE["combining.md"]).text
    assert "re\u0301sume\u0301" in text
    assert "\u00e9" not in text
    assert "5\u00a0mg once\u00a0a" in make_document("nbsp.txt", HOSTILE["nbsp.txt"]).text
    assert "line\u2028goes" in make_document("separators.md", HOSTILE["separators.md"]).text


def test_a_heading_that_is_not_to_be_quoted_must_be_there() -> None:
    body = "# Title\n\n## For  nurses\n\nText.\n"
    kept = make_document("a.md", f"---\nno_quote: for NURSES\n---\n{body}".encode())
    assert kept.listed("no_quote") == ("for NURSES",)
    assert make_document("a.md", f"---\nno_quote: All\n---\n{body}".encode())
    with pytest.raises(CorpusError) as caught:
        make_document("a.md", f"---\nno_quote: For nurse\n---\n{body}".encode())
    assert str(caught.value) == (
        "a.md: no_quote names the heading 'For nurse', which is not there. "
        "The headings are: Title; For nurses. Write one of them, or `all`."
    )


def together(corpus_folder: MakeCorpus, files: dict[str, str]) -> None:
    found, _ = source_files(corpus_folder(files))
    check_together(found, [read_file(file).document for file in found])


def test_documents_that_supersede_one_another(corpus_folder: MakeCorpus) -> None:
    text = "# A\n\nText.\n"
    first = f"---\ntitle: A\nsupersedes: b.md\n---\n{text}"
    together(corpus_folder, {"a.md": first, "b.md": text})
    with pytest.raises(CorpusError) as caught:
        together(corpus_folder, {"b.md": text, "catalogue.csv": "file,supersedes\nb.md,a.md\n"})
    told = str(caught.value)
    assert "a.md: line 3; " in told
    assert "catalogue.csv: line 2: documents supersede one another in a circle" in told
    assert "(a.md \u2192 b.md \u2192 a.md), so that none of them could be quoted" in told
    own = f"---\nsupersedes: c.md\n---\n{text}"
    corpus_folder({"catalogue.csv": "file\n"})
    with pytest.raises(CorpusError, match=r"c\.md: line 2: c\.md supersedes itself"):
        together(corpus_folder, {"a.md": text, "c.md": own})


def test_where_nothing_may_be_quoted_nothing_is_built(corpus_folder: MakeCorpus) -> None:
    with pytest.raises(CorpusError, match="Nothing in any document may be quoted"):
        together(corpus_folder, {"a.md": "---\nno_quote: all\n---\n# A\n\nText.\n"})


def test_what_supersedes_a_document_that_is_gone_is_told(corpus_folder: MakeCorpus) -> None:
    folder = corpus_folder({"a.md": "---\nsupersedes: gone.md\n---\n# A\n\nText.\n"})
    files, _ = source_files(folder)
    [told] = corpus_remarks(folder, [read_file(file).document for file in files])
    assert told.startswith("a.md supersedes gone.md, which is not among the documents.")


@pytest.mark.parametrize(
    "text", ["---\ntitle: A\nAudience: staff\n\nText.", "\n---\naudience: staff\n---\nText."]
)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_front_matter_that_is_none_is_not_taken_for_text(name: str, text: str) -> None:
    with pytest.raises(
        CorpusError, match=r"line 3: `[Aa]udience` seems to be meant as front matter"
    ):
        make_document(name, text.encode())
    assert make_document(name, b"Title\n\nAudience: adults.\n\n---\n\nText.").text
