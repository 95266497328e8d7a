"""The index's checks, on an index that was really built and then really damaged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qa.answer import Policy
from qa.calibration import Calibration, fingerprint_of, write_calibration
from qa.doctor.finding import Severity
from qa.doctor.indexed import golden_findings, index_findings, live_size
from qa.embedding import Embedder, identify
from qa.generation import Generation, load
from qa.history import HISTORY
from qa.index import build
from qa.milvus_client import MilvusPlace
from qa.milvus_engine import MilvusEngine
from qa.publishing import read_pointer
from tests.doctor.setups import setup_of
from tests.doctor.texts import codes, document_of

GOLDEN = "question,expect,quote,document,tags,note\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, bundled: Embedder) -> Path:
    folder = tmp_path_factory.mktemp("clinic")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.md").write_text("# A\n\nTake a pill a day.\n", "utf-8")
    build(folder / "corpus", folder / "index", bundled)
    return folder


@pytest.fixture
def clinic(built: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(built, tmp_path / "clinic"))


def test_a_sound_index_has_but_no_stated_error_rate(built: Path) -> None:
    assert codes(index_findings(setup_of(built))) == ["not_calibrated"]
    assert live_size(built / "index") > 1000


def test_no_index_is_an_error(tmp_path: Path) -> None:
    [found] = index_findings(setup_of(tmp_path))
    assert (found.severity, found.code) == (Severity.ERROR, "no_index")
    assert live_size(tmp_path / "index") == 0


def test_a_damaged_index_is_an_error(clinic: Path) -> None:
    path = read_pointer(clinic / "index").folder / "chunks.npy"
    path.write_bytes(path.read_bytes() + b"\n")
    [found] = index_findings(setup_of(clinic))
    assert (found.severity, found.code) == (Severity.ERROR, "index_damaged")
    assert "chunks.npy" in found.message


def test_vectors_that_cannot_be_searched_are_an_error(built: Path) -> None:
    down = MilvusEngine(MilvusPlace("http://127.0.0.1:9"))

    def require(generation: Generation) -> object:
        return down.open(generation.name, generation.folder, generation.vectors)

    found, *others = index_findings(setup_of(built, require_vectors=require))
    assert (found.severity, found.code) == (Severity.ERROR, "vectors_unsearchable")
    assert "Milvus at http://127.0.0.1:9 does not answer: " in found.message
    assert found.mend.startswith("Check that it runs, and `uri`")
    assert codes(others) == ["not_calibrated"]


def test_documents_that_changed_since_the_build_are_named(clinic: Path) -> None:
    corpus = clinic / "corpus"
    (corpus / "a.md").write_text("# A\n\nTake two pills a day.\n", "utf-8")
    (corpus / "b.md").write_text("# B\n\nRest.\n", "utf-8")
    found = next(one for one in index_findings(setup_of(clinic)) if one.code == "stale")
    assert found.severity is Severity.WARNING
    assert "changed: a.md; new: b.md" in found.message
    (corpus / "a.md").unlink()
    found = next(one for one in index_findings(setup_of(clinic)) if one.code == "stale")
    assert "gone: a.md" in found.message


def test_synonyms_that_changed_since_the_build_are_told(clinic: Path) -> None:
    (clinic / "corpus" / "synonyms.csv").write_text("lay,formal\ntablet,pill\n", "utf-8")
    assert codes(index_findings(setup_of(clinic))) == ["stale", "not_calibrated"]


def test_a_stated_error_rate_that_lapsed_or_is_damaged(clinic: Path) -> None:
    setup, index = setup_of(clinic), clinic / "index"
    now = fingerprint_of(load(index), identify("bundled", "onnx"), Policy(), "reader")
    stated = Calibration(now, 0.4, 1, 10, 0.5, 0.95, None, False, "0" * 64, "2026-11-24")
    write_calibration(index, stated)
    assert codes(index_findings(setup)) == []
    other = fingerprint_of(load(index), identify("bundled", "onnx"), Policy(), "another reader")
    lapsed = Calibration(other, 0.4, 1, 10, 0.5, 0.95, None, False, "0" * 64, "2026-11-24")
    write_calibration(index, lapsed)
    [found] = index_findings(setup)
    assert (found.code, "the reader changed" in found.message) == ("calibration_lapsed", True)
    for path in (index / "calibrations").glob("*.json"):
        path.write_text("{", "utf-8")
    assert codes(index_findings(setup)) == ["calibration_damaged"]


def test_a_generation_that_waits_and_a_torn_history(clinic: Path, bundled: Embedder) -> None:
    (clinic / "corpus" / "b.md").write_text("# B\n\nRest.\n", "utf-8")
    build(clinic / "corpus", clinic / "index", bundled, stage=True)
    with (clinic / "index" / HISTORY).open("ab") as file:
        file.write(b"nonsense\n")
    found = codes(index_findings(setup_of(clinic)))
    assert found == ["stale", "not_calibrated", "staged", "history_damaged"]


def test_golden_questions(tmp_path: Path) -> None:
    leaflet = document_of("# A\n\nTake a pill a day.\n", "a.md")
    assert codes(golden_findings(tmp_path, [leaflet])) == ["no_golden"]
    path = tmp_path / "questions.csv"
    path.write_text(f"{GOLDEN}How often?,quote,a pill a day,a.md,,\n", "utf-8")
    assert codes(golden_findings(tmp_path, [leaflet])) == []
    path.write_text(f"{GOLDEN}How often?,quote,a pill a week,a.md,,\n", "utf-8")
    [found] = golden_findings(tmp_path, [leaflet])
    assert (found.code, found.where[0].line) == ("golden_unfit", 2)
    rows = "How often?,quote,a pill a day,a.md,,\nWhen?,quote,at noon,gone.md,,\nWho?,refuse,,,,\n"
    path.write_text(f"{GOLDEN}{rows}", "utf-8")
    [found] = golden_findings(tmp_path, [leaflet])
    assert (found.code, found.where[0].line) == ("golden_foreign", None)
    assert found.message.startswith("1 of 2 golden questions are about documents that are not here")
    path.write_text(f"{GOLDEN}{rows}How much?,quote,a pill,a.md,,\n", "utf-8")
    assert codes(golden_findings(tmp_path, [leaflet])) == ["golden_unfit"]
    path.write_text(f"{GOLDEN}How often?,perhaps,,,,\n", "utf-8")
    assert codes(golden_findings(tmp_path, [leaflet])) == ["golden_unreadable"]
