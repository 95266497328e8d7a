"""A disk without room: nothing that was there is lost, and each says that the disk is full."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from qa.calibration import read_calibration, write_calibration
from qa.embedding import BUNDLED
from qa.embedding_export import embedder_for
from qa.errors import (
    CalibrationError,
    ModelError,
    QuestionError,
    SettingsError,
    StoreError,
    TransferError,
)
from qa.index import build
from qa.publishing import generations, live_generation
from qa.staff.file import StaffFile
from qa.staff.golden_book import GoldenBook, Label
from qa.staff.run_book import RunBook
from qa.staff.settings_file import read_written, replace_written
from qa.store import Store
from qa.transfer import export_to, import_from
from tests.conftest import MakeCorpus
from tests.faults.commands import check_index, run_qa
from tests.faults.patients import Patients, texts_of
from tests.faults.places import filled, mounted
from tests.faults.test_serving import UNDER_LOAD, keep_feedback
from tests.staff.test_run_book import RUN
from tests.test_calibration import made
from tests.web.real_server import RealServer
from tests.word_hash import WordHashEmbedder

ROW = {
    "question": "a question of some length " * 400,
    "kind": "answer",
    "reason": "",
    "places": "[]",
    "generation": "g",
}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "disk", "24m") as folder:
        yield folder


def test_records(disk: Path) -> None:
    store = Store(disk / "records.sqlite3", keep_days=30)
    store.add("questions", ROW)
    with filled(disk), pytest.raises(StoreError, match="the disk is full; make room"):
        store.add("questions", ROW)
    assert len(store.rows("questions")) == 1
    store.add("questions", ROW)
    assert len(store.rows("questions")) == 2


def test_staff_runs(disk: Path) -> None:
    book = RunBook(StaffFile(disk / "staff.sqlite3"))
    many = RUN.judgements * 200
    kept = book.keep(RUN)
    with filled(disk), pytest.raises(StoreError, match="disk is full"):
        book.keep(type(RUN)(*(getattr(RUN, one) for one in RUN.__slots__[:8]), many))
    assert [one.id for one in book.runs()] == [kept]
    assert book.keep(RUN) != kept


def test_golden_questions(disk: Path) -> None:
    book = GoldenBook(disk / "questions.csv")
    book.add(Label("Is it safe?", "refuse"))
    before = book.path.read_bytes()
    with filled(disk), pytest.raises(QuestionError, match=r"csv cannot be written: No space left"):
        book.add(Label("Is it kind?", "refuse", note="why " * 2_000))
    assert book.path.read_bytes() == before
    assert os.listdir(disk) == ["questions.csv"] or all(".new" not in n for n in os.listdir(disk))
    book.add(Label("Is it kind?", "refuse"))
    assert len(book.kept()) == 2


def test_settings(disk: Path) -> None:
    path = disk / "qa.toml"
    path.write_text("a = 1\n", "utf-8")
    stamp, text = read_written(path).stamp, "a = 2\n" + "#" * 9_000
    with filled(disk), pytest.raises(SettingsError, match=r"cannot be replaced .No space left"):
        replace_written(path, stamp, text, lambda: None)
    assert path.read_text("utf-8") == "a = 1\n"
    replace_written(path, stamp, text, lambda: None)
    assert path.read_text("utf-8") == text


def test_a_stated_error_rate(disk: Path, real_index: Path) -> None:
    index, name = disk / "index", live_generation(real_index)
    shutil.copytree(real_index, index, ignore=shutil.ignore_patterns("models", "cache"))
    stated = made(index)
    write_calibration(index, stated)
    with filled(disk), pytest.raises(CalibrationError, match="stated before is kept"):
        write_calibration(index, stated)
    assert read_calibration(index, name) == stated


@pytest.mark.nightly
def test_exported_models(disk: Path) -> None:
    """Ninety megabytes do not go onto this disk; what was begun is taken away again."""
    with pytest.raises(ModelError, match=r"cannot be exported to .*No space left.* Make room"):
        embedder_for(BUNDLED, "onnx", disk / "models")
    assert [one for one in os.listdir(disk / "models") if not one.endswith(".lock")] == []
    assert shutil.disk_usage(disk).free > 20_000_000


@pytest.mark.slow
def test_an_import_at_any_point(tmp_path: Path, disk: Path, corpus_folder: MakeCorpus) -> None:
    """With more and more room for its documents, until it gets to its end: the folder is as it was
    each time, with the old words of the document that another took the place of."""
    told = " ".join(f"Take {number} drops a day." for number in range(1_500))
    corpus = corpus_folder({f"{name}/{name}.md": f"# {name}\n\n{told}\n" for name in "abcd"})
    build(corpus, tmp_path / "index", WordHashEmbedder())
    export_to(tmp_path / "x.zip", tmp_path / "index", corpus, live_generation(tmp_path / "index"))
    there, index = disk / "corpus", tmp_path / "there"
    (there / "b").mkdir(parents=True)
    (there / "b" / "b.md").write_text("# B\n\nOld words.\n" + "x " * 9_000, "utf-8")
    before = contents(there)
    refused = []
    for room in range(0, 1_000_000, 20_000):
        try:
            with filled(disk, leaving=room):
                import_from(tmp_path / "x.zip", index, there, WordHashEmbedder().identity, True)
            break
        except TransferError as refusal:
            refused.append(str(refusal))
        assert contents(there) == before
        assert generations(index) == []
    assert len(refused) > 5
    assert {one for one in refused if "No space left on device" not in one} == set()
    assert contents(there) == contents(corpus)
    assert len(generations(index)) == 1


def contents(folder: Path) -> dict[str, bytes]:
    """What a folder holds; of folders in it only that they are there."""
    return {
        path.relative_to(folder).as_posix(): b"" if path.is_dir() else path.read_bytes()
        for path in folder.rglob("*")
    }


COMMANDS: dict[str, tuple[str, ...]] = {
    "build": ("build", "--force"),
    "stage": ("build", "--force", "--stage"),
    "publish": ("publish", "--by", "Ana Ruiz", "--why", "a trial", "--force"),
    "rollback": ("rollback", "--by", "Ana Ruiz", "--why", "a trial"),
    "import": ("import", "../carried.zip"),
    "export": ("export", "again.zip"),
    "prune": ("prune", "--keep", "0"),
    "purge": ("purge", "--feedback"),
    "account": ("user", "add", "Ana", "--role", "staff"),
}
FREES = {"prune", "purge"}
"""Commands that need no room to speak of, and make some."""


@pytest.fixture
def full(tmp_path: Path, disk: Path, clinic: Path) -> Path:
    """A clinic on the small disk with one generation staged and one to go back to, and an export of
    another clinic beside the disk."""
    folder = disk / "clinic"
    shutil.copytree(clinic, folder, ignore=shutil.ignore_patterns("models"))
    (clinic / "corpus" / "more.md").write_text("# More\n\nBring a list of questions.\n", "utf-8")
    assert run_qa(clinic, "build").returncode == 0
    assert run_qa(clinic, "export", disk / "carried.zip").returncode == 0
    assert run_qa(folder, *COMMANDS["build"]).returncode == 0
    assert run_qa(folder, *COMMANDS["stage"]).returncode == 0
    return folder


@pytest.mark.nightly
def test_commands(full: Path, disk: Path) -> None:
    """With no room, and with a little: refused in a sentence, or done; the index stays whole."""
    index = full / "index"
    refused = []
    for what, command in COMMANDS.items():
        for room in (0, 200_000) if what == "build" else (0,):
            live = live_generation(index)
            with filled(disk, leaving=room):
                done = run_qa(full, *command)
            said = f"{what} with {room}: {done.returncode} {done.stderr}"
            assert check_index(index) == live or done.returncode == 0, said
            if done.returncode:
                refused.append(what)
                assert "qa: " in done.stderr, said
                words = ("full", "No space left", "free, and", "room", "written", "password")
                assert any(word in done.stderr for word in words), said
            else:
                break
        if what in FREES:
            assert done.returncode == 0, said
    assert {"build", "publish"} <= set(refused)
    assert run_qa(full, "build", "--force").returncode == 0
    assert len(generations(index)) >= 1


@pytest.mark.nightly
@pytest.mark.parametrize("load", UNDER_LOAD)
def test_a_server(disk: Path, real_index: Path, load: bool) -> None:
    """Patients are answered; what cannot be kept is said so; afterwards it is kept again."""
    server = RealServer(disk / "clinic", real_index)
    settings = server.folder / "qa.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("log_questions = false", "log_questions = true"), "utf-8")
    with server:
        patients = Patients(server.url, texts_of(server.folder / "index"))
        assert keep_feedback(server).json() == {"kept": True}
        with filled(disk), patients if load else nullcontext():
            assert patients.ask_once() == {"answer"}
            assert keep_feedback(server).status_code == 503
            assert run_qa(server.folder, "build", "--force").returncode == 2
            assert patients.health()["status"] == "ok"
        patients.has_answers()
        assert keep_feedback(server).json() == {"kept": True}
        assert patients.wrong == []
