"""Files read in a process of its own: the same as in this one, and with an end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qa.apart import Limits
from qa.corpus import make_source, read_file, read_here, source_files
from qa.errors import CorpusError
from qa.index import build
from qa.reading_apart import READING, read_apart
from tests import bombs, pdfs
from tests.conftest import MakeCorpus
from tests.hostile import HOSTILE
from tests.mixed_corpus import write_corpus
from tests.word_hash import WordHashEmbedder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits are Linux' own")
SMALL = Limits(memory=512 << 20, seconds=60.0, clock=600.0)
"""As for a small file."""
SHORT = replace(SMALL, seconds=1.0)
"""The same, but for the time, so that what never ends takes the tests less."""
SOUND = b"# Care\n\nRest at home.\n"


def test_a_corpus_of_every_format_is_read_as_in_this_process(tmp_path: Path) -> None:
    write_corpus(tmp_path, 15)
    files, _ = source_files(tmp_path)
    assert len({file.path.suffix for file in files}) >= 8
    for file in files:
        here = make_source(file.id, file.path.read_bytes(), str(file.path), file.entry)
        assert read_file(file) == here


@pytest.mark.parametrize("name", HOSTILE)
def test_odd_documents_are_read_as_in_this_process(name: str) -> None:
    suffix = Path(name).suffix.lower()
    assert read_apart(suffix, HOSTILE[name], name) == read_here(suffix, HOSTILE[name], name)


def test_places_of_words_and_pages_without_text_come_along() -> None:
    data = pdfs.table_over_pages(ruled=True)
    there, here = read_apart(".pdf", data, "a.pdf"), read_here(".pdf", data, "a.pdf")
    assert there.boxes
    assert there == here


@pytest.mark.parametrize("data", [b"", b"no PDF", pdfs.encrypted(), pdfs.scan()])
def test_what_cannot_be_read_is_told_as_in_this_process(data: bytes) -> None:
    told = []
    for read in (read_apart, read_here):
        with pytest.raises(CorpusError) as raised:
            read(".pdf", data, "folder/a.pdf")  # type: ignore[operator]
        told.append(str(raised.value))
    assert told[0] == told[1]


BOMBS: dict[str, tuple[Callable[[], bytes], Limits, str]] = {
    "blanks": (bombs.blanks, SMALL, "took more than 537 MB of memory"),
    "blanks twice packed": (bombs.blanks_twice_packed, SMALL, "took more than 537 MB of memory"),
    "forms in forms": (bombs.forms_in_forms, SMALL, "took more than "),
    "tiny steps": (bombs.tiny_steps, SHORT, "took more than 1 seconds of a processor"),
}


_SLOW = ("blanks", "blanks twice packed", "forms in forms")
"""Not by every `make test`, to which they would add seconds and nothing else."""


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow) if name in _SLOW else name for name in BOMBS],
)
def test_a_small_file_of_gigabytes_or_hours_is_told_and_the_next_is_read(name: str) -> None:
    make, limits, why = BOMBS[name]
    data = make()
    began = time.monotonic()
    with pytest.raises(CorpusError) as raised:
        read_apart(".pdf", data, "corpus/bomb.pdf", limits)
    told = str(raised.value)
    assert told.startswith(f"corpus/bomb.pdf: reading its {len(data):,} bytes {why}")
    assert "print it to a new PDF or save it anew" in told
    assert time.monotonic() - began < 100
    assert read_apart(".md", SOUND, "care.md").text == "Care\n\nRest at home."


@pytest.mark.parametrize("name", sorted(BOMBS.keys() - {"tiny steps"}))
@pytest.mark.slow
def test_the_limits_that_files_of_that_size_have_catch_it(name: str) -> None:
    with pytest.raises(CorpusError, match="took more than"):
        read_apart(".pdf", BOMBS[name][0](), "bomb.pdf")


def test_a_web_page_whose_rules_never_end_is_read_or_told() -> None:
    began, told = time.monotonic(), ""
    try:
        told = read_apart(".html", bombs.deep_page(), "a.html", SHORT).text
    except CorpusError as error:
        told = str(error)
    assert "Take one tablet" in told or "took more than 1 seconds of a processor" in told
    assert time.monotonic() - began < 100
    assert read_apart(".md", SOUND, "care.md").text == "Care\n\nRest at home."


@pytest.mark.slow
def test_a_build_goes_without_the_bomb_where_it_may_and_names_it(
    corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    corpus = corpus_folder({"care.md": SOUND.decode()})
    (corpus / "bomb.pdf").write_bytes(bombs.blanks_twice_packed())
    report = build(corpus, tmp_path / "index", WordHashEmbedder(), skip_unreadable=True)
    assert report.documents == 1
    [(name, why)] = report.skipped
    assert name == "bomb.pdf"
    assert "took more than 5" in why


def test_many_files_are_read_by_one_process(tmp_path: Path) -> None:
    read_apart(".md", SOUND, "care.md")
    process = READING.process_id
    for number in range(20):
        read_apart(".txt", f"Title\n\nText {number}.".encode(), "a.txt")
    assert READING.process_id == process
