"""What is read of a corpus is what was there, however busy somebody is with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

import qa.snapshot
from qa.corpus import Source, SourceFile, source_files
from qa.errors import BuildError, CorpusError
from qa.generation import load
from qa.index import build
from qa.publishing import read_pointer
from qa.snapshot import digests, read_all, read_steady, unreadable_error
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder

CORPUS = {"a.md": "# A\n\nFirst words.\n", "b.md": "# B\n\nSecond words.\n"}


@pytest.fixture
def corpus(corpus_folder: MakeCorpus) -> Path:
    return corpus_folder(CORPUS)


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qa.snapshot, "_PAUSE_S", 0.0)


def after_reading(monkeypatch: pytest.MonkeyPatch, do: Callable[[int], None]) -> None:
    """Has something happen each time after a.md was read; it is told how often that was."""
    real, times = qa.snapshot.read_file, [0]

    def read(file: SourceFile) -> Source:
        try:
            return real(file)
        finally:
            if file.id == "a.md":
                times[0] += 1
                do(times[0])

    monkeypatch.setattr(qa.snapshot, "read_file", read)


def files(corpus: Path) -> list[SourceFile]:
    return source_files(corpus)[0]


def test_the_bytes_are_hashed(corpus: Path) -> None:
    (corpus / "c.md").mkdir()
    found = digests([*files(corpus), SourceFile("c.md", corpus / "c.md")])
    assert found["a.md"] == hashlib.sha256(CORPUS["a.md"].encode()).hexdigest()
    assert found["c.md"] == ""
    assert digests([SourceFile("none.md", corpus / "none.md")]) == {"none.md": ""}


def test_a_file_that_changes_once_is_read_again(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = "# A\n\nOther words.\n"

    def change(times: int) -> None:
        if times == 1:
            (corpus / "a.md").write_text(new, "utf-8")

    after_reading(monkeypatch, change)
    assert read_steady(files(corpus)[0]).data == new.encode()


def test_a_half_written_file_that_gets_whole_is_read(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "a.md").write_bytes(b"")

    def finish(times: int) -> None:
        if times == 1:
            (corpus / "a.md").write_text(CORPUS["a.md"], "utf-8")

    after_reading(monkeypatch, finish)
    assert read_steady(files(corpus)[0]).data == CORPUS["a.md"].encode()


def test_a_file_that_changes_each_time_is_named(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    after_reading(
        monkeypatch, lambda n: (corpus / "a.md").write_text("# A\n\n" + "x " * n) and None
    )
    with pytest.raises(BuildError, match=r"a\.md: the file changed each of the 3 times.*untouched"):
        read_steady(files(corpus)[0])


def test_a_file_that_goes_is_named(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after_reading(monkeypatch, lambda _: (corpus / "a.md").unlink())
    with pytest.raises(BuildError, match=r"a\.md: deleted or renamed.*Run `qa build` again"):
        read_steady(files(corpus)[0])


def test_all_that_cannot_be_read_is_listed(corpus: Path) -> None:
    (corpus / "b.md").write_bytes(b"\xff")
    (corpus / "c.txt").write_bytes(b"")
    sources: list[Source] = []
    steps: list[tuple[int, int]] = []
    unreadable = read_all(files(corpus), sources.append, lambda *step: steps.append(step))
    assert [source.document.id for source in sources] == ["a.md"]
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert [one.file.id for one in unreadable] == ["b.md", "c.txt"]
    assert unreadable[0].sha256 == hashlib.sha256(b"\xff").hexdigest()
    text = str(unreadable_error(unreadable, 3))
    assert text.startswith("2 of 3 documents cannot be read:\n  - ")
    assert "b.md: byte 0" in text
    assert "c.txt: the file has no text" in text
    assert "--skip-unreadable" in text
    assert str(unreadable_error(unreadable[:1], 3)).startswith(f"{corpus / 'b.md'}: byte 0")
    assert "--skip-unreadable" not in str(unreadable_error(unreadable, 2))


def text_of(index: Path) -> str:
    return "".join(document.text for document in load(index).documents)


class During(WordHashEmbedder):
    """Does something each time before texts are embedded: when all was read already."""

    def __init__(self, do: Callable[[int], object]) -> None:
        super().__init__()
        self._do, self._times = do, 0

    def count_tokens(self, texts):  # type: ignore[no-untyped-def]
        if any("words" in text for text in texts):
            self._times += 1
            self._do(self._times)
        return super().count_tokens(texts)


def test_a_file_that_changes_after_it_was_read_is_read_again(corpus: Path, tmp_path: Path) -> None:
    build(corpus, tmp_path / "i", WordHashEmbedder())
    (corpus / "b.md").write_text("# B\n\nThird words.\n", "utf-8")

    def change(times: int) -> None:
        if times == 1:  # a document that is kept, not one that is read
            (corpus / "a.md").write_text("# A\n\nOther words.\n", "utf-8")

    said: list[str] = []
    build(corpus, tmp_path / "i", During(change), say=said.append)
    assert "Other words." in text_of(tmp_path / "i")
    assert "Third words." in text_of(tmp_path / "i")
    assert "Changed while it was read, so it is read again: a.md." in said


def test_changed_synonyms_are_read_again(corpus: Path, tmp_path: Path) -> None:
    def change(times: int) -> None:
        if times == 1:
            (corpus / "synonyms.csv").write_text("lay,formal\nsick,nausea\n", "utf-8")

    build(corpus, tmp_path / "i", During(change))
    assert load(tmp_path / "i").synonyms == {"sick": "nausea"}


def test_a_corpus_that_does_not_come_to_rest(corpus: Path, tmp_path: Path) -> None:
    build(corpus, tmp_path / "i", WordHashEmbedder())
    live = read_pointer(tmp_path / "i").generation
    restless = During(lambda n: (corpus / "a.md").write_text(f"# A\n\nOther words {n}.\n"))
    (corpus / "b.md").write_text("# B\n\nThird words.\n", "utf-8")
    with pytest.raises(BuildError, match=r"a\.md: changed each of the 3 times.*untouched"):
        build(corpus, tmp_path / "i", restless)
    assert read_pointer(tmp_path / "i").generation == live
    assert [p.name for p in (tmp_path / "i" / "generations").iterdir()] == [live]


def test_a_document_that_is_deleted_meanwhile(corpus: Path, tmp_path: Path) -> None:
    deleting = During(lambda _: (corpus / "b.md").unlink(missing_ok=True))
    with pytest.raises(BuildError, match=r"b\.md: deleted or renamed while.*Run `qa build` again"):
        build(corpus, tmp_path / "i", deleting)
    assert list((tmp_path / "i" / "generations").iterdir()) == []


def test_a_document_that_comes_meanwhile_is_the_next_builds(corpus: Path, tmp_path: Path) -> None:
    adding = During(lambda _: (corpus / "c.md").write_text("# C\n\nNew.\n", "utf-8"))
    assert build(corpus, tmp_path / "i", adding).documents == 2
    assert build(corpus, tmp_path / "i", WordHashEmbedder()).documents == 3


def test_without_what_cannot_be_read(corpus: Path, tmp_path: Path) -> None:
    (corpus / "c.md").write_bytes(b"\xff")
    (corpus / "d.md").write_bytes(b"\xff\xff")
    with pytest.raises(CorpusError, match=r"(?s)2 of 4 documents.*c\.md.*d\.md"):
        build(corpus, tmp_path / "i", WordHashEmbedder())
    report = build(corpus, tmp_path / "i", WordHashEmbedder(), skip_unreadable=True)
    assert [name for name, _ in report.skipped] == ["c.md", "d.md"]
    skipped = load(tmp_path / "i").manifest["skipped"]
    assert skipped["c.md"]["error"].startswith("c.md: byte 0")
    assert skipped["c.md"]["entry"] == []
    again = build(
        corpus, tmp_path / "i", WordHashEmbedder(), skip_unreadable=True, unless_current=True
    )
    assert (again.built, again.skipped) == (False, report.skipped)
    with pytest.raises(CorpusError, match="2 of 4 documents"):  # not silently up to date
        build(corpus, tmp_path / "i", WordHashEmbedder(), unless_current=True)
    for name in CORPUS:
        (corpus / name).unlink()
    with pytest.raises(CorpusError, match="2 of 2 documents"):
        build(corpus, tmp_path / "i", WordHashEmbedder(), skip_unreadable=True)
