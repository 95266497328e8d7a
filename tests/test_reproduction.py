"""Two builds of the same documents make the same bytes, or it is told why not."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from qa import generation_maker
from qa import index as building_of
from qa.chunking import BuildOptions
from qa.embedding import Embedder
from qa.errors import DamagedIndex, MissingIndex
from qa.generation import FORMAT
from qa.index import build
from qa.processor import processor
from qa.publishing import read_pointer
from qa.reproduction import compare
from qa.transfer import export_to
from tests.build_apart import ELSEWHERE, build_apart
from tests.conftest import MakeCorpus
from tests.mixed_corpus import write_corpus
from tests.word_hash import WordHashEmbedder

DOCUMENTS = {
    "a.md": "# Driving\n\nDo not drive that day. Ask somebody to take you home.\n",
    "b.txt": "Visits\n\nBring somebody along.\n",
}


@pytest.fixture
def indexes(corpus_folder: MakeCorpus, tmp_path: Path) -> tuple[Path, Path]:
    """Two indexes of the same documents, written in another order and at another time."""
    first = corpus_folder(DOCUMENTS)
    second = corpus_folder(dict(reversed(DOCUMENTS.items())), "again")
    for path in second.iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))
    for corpus, index in ((first, "one"), (second, "two")):
        build(corpus, tmp_path / index, WordHashEmbedder())
    return tmp_path / "one", tmp_path / "two"


def test_two_builds_differ_in_their_names_alone(indexes: tuple[Path, Path]) -> None:
    found = compare(indexes[0], "", indexes[1])
    assert found.one != found.other
    assert found.one[-8:] == found.other[-8:]
    assert (found.differing, found.reasons) == ((), ())
    folder = read_pointer(indexes[0]).folder
    assert found.files == len([one for one in folder.rglob("*") if one.is_file()])


def test_a_generations_folder_can_be_compared_alone(
    indexes: tuple[Path, Path], tmp_path: Path
) -> None:
    other = tmp_path / "copy"
    shutil.copytree(read_pointer(indexes[1]).folder, other)
    assert compare(indexes[0], "", other).differing == ()


def test_other_documents_and_options_are_told_of(
    indexes: tuple[Path, Path], corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    corpus = corpus_folder(DOCUMENTS | {"b.txt": "Visits\n\nCome alone.\n"}, "other")
    build(corpus, tmp_path / "three", WordHashEmbedder(), BuildOptions(target_tokens=50))
    found = compare(indexes[0], "", tmp_path / "three")
    assert any(one.startswith("sentences.npy differs") for one in found.differing)
    assert "other options of chunking: target_tokens 110 → 50" in found.reasons
    assert "other documents: b.txt" in found.reasons


def test_another_processor_is_told_of_and_by_how_much_vectors_differ(
    indexes: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Rounding(WordHashEmbedder):
        def encode_alone(self, texts):  # type: ignore[no-untyped-def]
            return (part + 1e-7 for part in super().encode_alone(texts))

    for module in (building_of, generation_maker):
        monkeypatch.setattr(module, "processor", lambda: "Linux aarch64 NEON")
    build(tmp_path / "corpus", tmp_path / "three", Rounding())
    found = compare(indexes[0], "", tmp_path / "three")
    assert "vectors.npy differs: its numbers by 1e-07 at most" in found.differing
    [reason] = found.reasons
    assert reason.startswith("another kind of processor")
    assert reason.endswith(f"{processor()} → Linux aarch64 NEON")


def test_vectors_that_were_kept_bring_their_processor_along(
    corpus_folder: MakeCorpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def processors(name: str) -> list[str]:
        monkeypatch.setattr(generation_maker, "processor", lambda: name)
        build(corpus, tmp_path / "index", WordHashEmbedder())
        manifest = read_pointer(tmp_path / "index").folder / "manifest.json"
        return list(json.loads(manifest.read_bytes())["processors"])

    corpus = corpus_folder(DOCUMENTS)
    assert processors("old") == ["old"]
    (corpus / "c.txt").write_text("More\n\nThere is more.\n", "utf-8")
    assert processors("new") == ["new", "old"]
    (corpus / "c.txt").unlink()
    (corpus / "a.md").unlink()
    assert processors("newest") == ["new", "old"]


def test_nothing_recorded_explains_a_fault(indexes: tuple[Path, Path]) -> None:
    folder = read_pointer(indexes[1]).folder
    (folder / "texts.txt").write_bytes(b"other")
    with pytest.raises(DamagedIndex, match=r"texts\.txt was altered"):
        compare(indexes[0], "", indexes[1])
    with pytest.raises(MissingIndex):
        compare(indexes[0], "", indexes[0].parent / "none")


def test_exports_of_two_builds_differ_in_the_generations_name_alone(
    indexes: tuple[Path, Path], tmp_path: Path
) -> None:
    names = [read_pointer(one).generation for one in indexes]
    for number, (index, name) in enumerate(zip(indexes, names, strict=True)):
        export_to(tmp_path / f"{number}.zip", index, None, name)
    again = tmp_path / "again.zip"
    export_to(again, indexes[0], None, names[0])
    assert again.read_bytes() == (tmp_path / "0.zip").read_bytes()
    shutil.copytree(read_pointer(indexes[1]).folder, indexes[0] / "generations" / names[1])
    export_to(again, indexes[0], None, names[1])
    assert again.read_bytes() == (tmp_path / "1.zip").read_bytes()


def test_the_manifest_has_no_time_and_no_place(indexes: tuple[Path, Path]) -> None:
    text = (read_pointer(indexes[0]).folder / "manifest.json").read_text("utf-8")
    assert json.loads(text)["format"] == FORMAT
    assert str(indexes[0].parent) not in text
    assert read_pointer(indexes[0]).generation[:8] not in text


@pytest.mark.slow
def test_another_process_elsewhere_builds_the_same_bytes(bundled: Embedder, tmp_path: Path) -> None:
    """With another hash seed, zone, locale, user, folder, umask, number of cores and threads; a
    document of each format, and the real model."""
    write_corpus(tmp_path / "corpus", 11, sections=2, most=3)
    build(tmp_path / "corpus", tmp_path / "one", bundled)
    build_apart(tmp_path / "corpus", tmp_path / "two", ELSEWHERE, cores=1, umask=0o077)
    assert compare(tmp_path / "one", "", tmp_path / "two").differing == ()


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("environment", "same"),
    [
        (ELSEWHERE, True),
        ({"LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "0"}, True),
        ({"OPENBLAS_CORETYPE": "Prescott"}, True),
        ({"OPENBLAS_CORETYPE": "SkylakeX"}, True),
        ({"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL"}, False),
    ],
)
def test_every_format_is_built_to_the_same_bytes(
    bundled: Embedder, tmp_path: Path, environment: dict[str, str], same: bool
) -> None:
    """Where the libraries take other loops, as on another processor, the manifest says so."""
    write_corpus(tmp_path / "corpus", 22, sections=2, most=3)
    build(tmp_path / "corpus", tmp_path / "one", bundled)
    build_apart(tmp_path / "corpus", tmp_path / "two", environment, cores=2, umask=0o022)
    found = compare(tmp_path / "one", "", tmp_path / "two")
    if same or " X86_V3" not in processor():
        assert found.differing == ()
    else:
        [reason] = found.reasons
        assert reason.startswith("another kind of processor")
