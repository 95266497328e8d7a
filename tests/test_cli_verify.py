"""`qa verify`: alone, with exported models, and against another index."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qa.build_plan import compared
from qa.chunking import BuildOptions
from qa.cli import app
from qa.cli_publish import told_way_back, warn_if_stale
from qa.errors import QuotewellError
from qa.exported import altered, find_or_make
from qa.generation import load
from qa.index import build
from qa.publishing import built_at, read_pointer
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder


@pytest.fixture
def index(corpus_folder: MakeCorpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index, beside one of the same documents and one of others; exported models lie in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QA_EMBEDDING__MODELS")
    words = {"one": "Do not drive.", "two": "Do not drive.", "other": "Drive slowly."}
    for name, text in words.items():
        corpus = corpus_folder({"a.md": f"# Driving\n\n{text}\n"}, f"corpus-{name}")
        build(corpus, tmp_path / name, WordHashEmbedder())
    return tmp_path / "one"


def verify(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["verify", "--index", "one", *map(str, arguments)])


def test_another_build_of_the_same_documents_is_the_same(index: Path) -> None:
    shown = verify("--against", "two")
    assert shown.exit_code == 0, shown.output
    names = [read_pointer(index.parent / one).generation for one in ("one", "two")]
    assert f"{names[0]} and {names[1]} are the same to the last byte: all " in shown.output


def test_what_differs_is_told_with_its_reason(index: Path) -> None:
    shown = verify("--against", "other")
    assert shown.exit_code == 1
    assert "- texts.txt differs" in shown.output
    assert "- other documents: a.md" in shown.output
    assert "please report" not in shown.output


def test_what_nothing_explains_is_to_be_reported(index: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(read_pointer(index).folder, folder)
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8") + " ", "utf-8")
    shown = verify("--against", folder)
    assert shown.exit_code == 1
    assert "- manifest.json differs" in shown.output
    assert "please report this" in shown.output


def test_an_exported_model_that_was_altered_is_found(index: Path) -> None:
    def make(folder: Path) -> dict[str, str]:
        (folder / "encoder.onnx").write_bytes(b"weights")
        return {}

    found = find_or_make(index / "models", "key", make, "The model")
    assert verify().exit_code == 0
    assert altered(index / "models") == []
    assert altered(index / "none") == []
    found.encoder.write_bytes(b"weighty")
    shown = verify()
    assert shown.exit_code == 1
    assert "1 problem in" in shown.output
    assert f"The exported model {found.folder} is not as it was recorded" in shown.output.replace(
        "\n", " "
    ).replace(str(Path("one") / "models"), str(index / "models"))


def test_damage_is_told_with_what_leads_out(index: Path, corpus_folder: MakeCorpus) -> None:
    first = read_pointer(index)
    build(corpus_folder({"a.md": "# Driving\n\nDo not drive today.\n"}), index, WordHashEmbedder())
    live = read_pointer(index)
    flip(live.folder / "texts.txt")
    shown = verify().output.replace("\n", " ")
    assert shown.startswith("The index is not sound: 1 problem in one.")
    assert "Run `qa build --force` to make it anew." in shown
    assert f"`qa rollback` goes back to {first.generation}." in shown
    flip(first.folder / "texts.txt")
    assert "qa rollback" not in verify().output  # which would refuse: nothing whole is left
    assert "Patients are not answered from it" in verify(first.generation).output.replace("\n", " ")


def test_a_command_that_needs_the_index_tells_the_way_back(index: Path) -> None:
    before = read_pointer(index)
    build(index.parent / "corpus-other", index, WordHashEmbedder())
    flip(read_pointer(index).folder / "texts.txt")
    said = f"`qa rollback` goes back to {before.generation}"
    with pytest.raises(QuotewellError, match=said), told_way_back(index):
        load(index)


def test_a_damaged_index_is_not_called_older(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, options = index.parent / "corpus-one", BuildOptions()
    identity = WordHashEmbedder().identity
    assert compared(corpus, index, identity, options) is True
    assert compared(index.parent / "corpus-other", index, identity, options) is False
    warn_if_stale(index.parent / "corpus-other", index, identity, options)
    assert "are not those that the" in capsys.readouterr().err
    flip(read_pointer(index).folder / "texts.txt")
    assert compared(corpus, index, identity, options) is None
    warn_if_stale(corpus, index, identity, options)
    assert capsys.readouterr().err == ""


def flip(path: Path) -> None:
    """Makes another byte of the file's first one."""
    data = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(bytes([data[0] ^ 1]) + data[1:])


def test_a_name_tells_when_it_was_built() -> None:
    assert built_at("20261124T201500Z-1f2e3d4c") == "2026-11-24T20:15:00+00:00"
    assert built_at("20261124T220343291365Z-d37ed310") == "2026-11-24T22:03:43+00:00"
    assert built_at("by-hand") == ""
