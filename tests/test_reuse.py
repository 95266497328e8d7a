"""A build that keeps what did not change makes the same bytes as one from nothing."""

from __future__ import annotations

import csv
import os
import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qa.corpus
import qa.readers
from qa.chunking import BuildOptions
from qa.corpus import read_here, source_files
from qa.document import BlockKind
from qa.embedding import Embedder
from qa.generation import load, verify
from qa.index import build
from qa.publishing import read_pointer
from qa.readers import Draft
from qa.readers.draft import DraftBlock
from qa.reuse import LIBRARIES, differences, library_versions, manifest_of, newest_like
from qa.types import Vectors
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder

OPTIONS = BuildOptions()
START = {
    "ketamine.md": "# Ketamine\n\nKetamine is an anesthetic. It is given slowly.\n\n"
    "## Driving\n\nDo not drive that day.\n",
    "visits.txt": "Visits\n\nBring somebody along.\n",
    "b/twin.md": "# Twin\n\nThe same words stand here.\n",
    "c/twin.md": "# Twin\n\nThe same words stand here.\n",
    "gone.md": "# Gone\n\nThis will go. It has two sentences.\n",
}


class Counting(WordHashEmbedder):
    """Notes which texts are embedded."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded: list[str] = []

    def encode_alone(self, texts: Sequence[str]) -> Iterator[Vectors]:
        self.embedded += texts
        return super().encode_alone(texts)


def files_of(index: Path) -> dict[str, bytes]:
    """Every file of the live generation."""
    folder = read_pointer(index).folder
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def same_as_from_nothing(corpus: Path, index: Path, embedder: Any, scratch: Path) -> None:
    shutil.rmtree(scratch, ignore_errors=True)
    build(corpus, scratch, embedder)
    mine, wanted = files_of(index), files_of(scratch)
    assert sorted(mine) == sorted(wanted)
    assert [name for name in wanted if mine[name] != wanted[name]] == []


def entry(catalogue: Path, id_: str, owner: str) -> None:
    with catalogue.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["file", "owner"], [id_, owner]])


@pytest.fixture
def with_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has `catalogue.csv` give each file its entry, as the life cycle's reading of it does."""
    real = qa.corpus.source_files

    def read(folder: Path) -> Any:
        files, passed_over = real(folder)
        lines: dict[str, tuple[tuple[str, str], ...]] = {}
        if (folder / "catalogue.csv").exists():
            with (folder / "catalogue.csv").open(encoding="utf-8", newline="") as file:
                lines = {line["file"]: (("owner", line["owner"]),) for line in csv.DictReader(file)}
        return [
            qa.corpus.SourceFile(f.id, f.path, lines.get(f.id, f.entry)) for f in files
        ], passed_over

    for module in ("qa.index", "qa.build_plan", "qa.generation_maker"):
        monkeypatch.setattr(f"{module}.source_files", read)


def test_builds_one_after_the_other_make_what_builds_from_nothing_make(
    corpus_folder: MakeCorpus, tmp_path: Path, bundled: Embedder, with_entries: None
) -> None:
    """With the real model: changed, added, removed, renamed, another title, another entry."""
    corpus, index = corpus_folder(START), tmp_path / "index"
    build(corpus, index, bundled)
    (corpus / "visits.txt").write_text("Visits\n\nBring somebody along. Come early.\n", "utf-8")
    (corpus / "added.md").write_text("# Added\n\nThis came later.\n", "utf-8")
    (corpus / "gone.md").unlink()
    (corpus / "b/twin.md").rename(corpus / "a_twin.md")
    assert build(corpus, index, bundled).unchanged == 2
    same_as_from_nothing(corpus, index, bundled, tmp_path / "scratch")
    changed = START["ketamine.md"].replace("# Ketamine\n", "# Esketamine\n", 1)
    (corpus / "ketamine.md").write_text(changed, "utf-8")
    entry(corpus / "catalogue.csv", "c/twin.md", "Dr. Ash")
    assert build(corpus, index, bundled).unchanged == 3
    same_as_from_nothing(corpus, index, bundled, tmp_path / "scratch")
    assert verify(index) == []


@pytest.mark.slow
def test_many_random_edits(corpus_folder: MakeCorpus, tmp_path: Path, with_entries: None) -> None:
    chance = random.Random(20261126)
    corpus, index = corpus_folder(START), tmp_path / "index"
    words = [
        "ketamine",
        "drive",
        "home",
        "dose",
        "nurse",
        "slowly",
        "never",
        "unless",
        "rest",
        "night",
    ]

    def text() -> str:
        sentences = [
            " ".join(chance.choices(words, k=chance.randint(1, 9))).capitalize() + "."
            for _ in range(chance.randint(1, 5))
        ]
        return f"# {chance.choice(words)}\n\n" + chance.choice([" ", "\n\n## More\n\n"]).join(
            sentences
        )

    def edit() -> None:
        ids = sorted(file.id for file in source_files(corpus)[0])
        one = corpus / chance.choice(ids)
        new = corpus / f"{chance.choice('abyz')}{chance.randrange(100)}.md"
        match chance.randrange(6):
            case 0:
                one.write_text(text(), "utf-8")
            case 1:
                new.write_text(text(), "utf-8")
            case 2 if len(ids) > 2:
                one.unlink()
            case 3:
                one.rename(new.with_suffix(".txt"))
            case 4:
                shutil.copy(one, new)
            case _:
                entry(corpus / "catalogue.csv", one.name, chance.choice(words))

    kept = 0
    for _ in range(12):
        for _ in range(chance.randint(1, 3)):
            edit()
        kept += build(corpus, index, WordHashEmbedder()).unchanged
        same_as_from_nothing(corpus, index, WordHashEmbedder(), tmp_path / "scratch")
    assert kept > 30


def test_only_what_is_new_is_embedded(corpus_folder: MakeCorpus, tmp_path: Path) -> None:
    corpus, index = corpus_folder(START), tmp_path / "index"
    build(corpus, index, WordHashEmbedder())
    shutil.rmtree(index / "cache")
    counting = Counting()
    (corpus / "visits.txt").write_text("Visits\n\nCome early.\n", "utf-8")
    said: list[str] = []
    report = build(corpus, index, counting, say=said.append)
    assert sorted(counting.embedded) == [
        "Come early.",
        "Visits\nCome early.",
        "Visits: Come early.",
    ]
    assert (report.documents, report.unchanged) == (5, 4)
    assert said == ["4 of 5 documents are unchanged."]


def test_from_nothing_if_wanted(corpus_folder: MakeCorpus, tmp_path: Path) -> None:
    corpus, index = corpus_folder(START), tmp_path / "index"
    build(corpus, index, WordHashEmbedder())
    counting = Counting()
    assert build(corpus, index, counting, anew=True).unchanged == 0
    assert "Bring somebody along." in counting.embedded


def test_a_damaged_generation_is_not_taken_from(corpus_folder: MakeCorpus, tmp_path: Path) -> None:
    corpus, index = corpus_folder(START), tmp_path / "index"
    build(corpus, index, WordHashEmbedder())
    older = read_pointer(index).generation
    build(corpus, index, WordHashEmbedder())
    path = read_pointer(index).folder / "sentences.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    kept = newest_like(index, WordHashEmbedder().identity, OPTIONS)
    assert kept
    assert kept.generation.name == older
    build(corpus, index, WordHashEmbedder())
    same_as_from_nothing(corpus, index, WordHashEmbedder(), tmp_path / "scratch")


def test_a_generation_made_otherwise_is_not_taken_from(
    corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    build(corpus_folder(START), index, WordHashEmbedder())
    manifest = manifest_of(read_pointer(index).folder)
    model = WordHashEmbedder().identity
    assert differences(manifest, model, OPTIONS) == []
    assert newest_like(index, WordHashEmbedder(name="other").identity, OPTIONS) is None
    assert newest_like(index, model, BuildOptions(target_tokens=60)) is None
    for other, words in (
        ({"format": 2}, "the index's format is 2"),
        ({"model": {"model": "x"}}, r"the embedding model is another \(it was x\)"),
        ({"options": {}}, r"target_tokens under \[chunking\] was None, now it is 110"),
        ({"libraries": {}}, r"other versions of libraries are installed \(.*torch None → "),
    ):
        [*_, reason] = differences(manifest | other, model, OPTIONS)
        with pytest.raises(AssertionError, match=words if "options" not in other else "was None"):
            assert not reason, reason


def test_another_exported_file_of_the_model_is_told_of(
    corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    build(corpus_folder(START), tmp_path / "index", WordHashEmbedder())
    manifest = manifest_of(read_pointer(tmp_path / "index").folder)
    model = WordHashEmbedder().identity
    assert differences(manifest, model, OPTIONS, {}) == []
    [reason] = differences(manifest, model, OPTIONS, {"encoder.onnx": "ab"})
    assert reason == "the exported model is another file than it was"
    assert newest_like(tmp_path / "index", model, OPTIONS, {"encoder.onnx": "ab"}) is None


@pytest.mark.parametrize(
    ("backend", "before", "differ"),
    [
        ("onnx", {"torch": ""}, False),
        ("onnx", {"torch": "0.1"}, True),
        ("onnx", {"onnxruntime": ""}, True),
        ("torch", {"torch": ""}, True),
    ],
)
def test_a_machine_that_was_given_exported_models_does_without_torch(
    corpus_folder: MakeCorpus, tmp_path: Path, backend: str, before: dict[str, str], differ: bool
) -> None:
    build(corpus_folder(START), tmp_path / "index", WordHashEmbedder())
    manifest = manifest_of(read_pointer(tmp_path / "index").folder)
    model = WordHashEmbedder().identity | {"backend": backend}
    manifest |= {"model": model, "libraries": manifest["libraries"] | before}
    assert bool(differences(manifest, model, OPTIONS)) is differ


def test_the_libraries_are_those_that_are_installed() -> None:
    versions = library_versions()
    assert list(versions) == list(LIBRARIES)
    assert all(versions.values())
    assert library_versions(["no-such-library"]) == {"no-such-library": ""}


def paged(data: bytes, _name: str) -> Draft:
    """A reader of a format with pages: form feeds part them."""
    text = data.decode().replace("\f", " ")
    return Draft(
        "Paged",
        text,
        (DraftBlock(BlockKind.PARAGRAPH, 0, len(text)),),
        pages=(0, data.index(b"\f") + 1),
        unsearchable=(2,),
        boxes=((0, 3, 1, 2, 3, 4),),
    )


def test_page_files_go_along(
    corpus_folder: MakeCorpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As links, so that a thousand pages take no room twice; and an older one stays as it is."""
    monkeypatch.setitem(qa.readers.READERS, ".pdf", paged)
    monkeypatch.setattr(qa.corpus, "read_apart", read_here)  # the other process has no such reader
    corpus, index = (
        corpus_folder({**START, "a.pdf": "One page.\fTwo.", "b.pdf": "Other.\fTwo."}),
        (tmp_path / "index"),
    )
    build(corpus, index, WordHashEmbedder())
    first = load(index)
    (corpus / "b.pdf").write_text("One page.\fTwo.", "utf-8")  # the bytes of the unchanged a.pdf
    report = build(corpus, index, WordHashEmbedder())
    assert report.unsearchable == (("a.pdf", (2,)), ("b.pdf", (2,)))
    second = load(index)
    document = second.document("a.pdf")
    assert document
    mine, old = second.page_file(document), first.page_file(document)
    assert mine
    assert old
    assert mine.read_bytes() == b"One page.\fTwo."
    assert os.path.samefile(mine, old)
    assert np.array_equal(second.boxes(document), [[0, 3, 1, 2, 3, 4]])
    same_as_from_nothing(corpus, index, WordHashEmbedder(), tmp_path / "scratch")
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(95, "no links")))
    build(corpus, index, WordHashEmbedder())
    same_as_from_nothing(corpus, index, WordHashEmbedder(), tmp_path / "scratch")
    assert verify(index) == []
