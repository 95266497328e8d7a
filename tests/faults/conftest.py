"""A real server that heeds the modes of files, and what its patients see."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.patients import Patients, texts_of
from tests.faults.places import heeding_modes
from tests.web.real_server import RealServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, real_index: Path) -> Iterator[RealServer]:
    """One for all tests of a module, each of which mends what it broke."""
    made = RealServer(tmp_path_factory.mktemp("faults") / "clinic", real_index)
    made.before = heeding_modes()
    settings = made.folder / "qa.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("log_questions = false", "log_questions = true"), "utf-8")
    with made:
        yield made


@pytest.fixture(scope="module")
def texts(server: RealServer) -> dict[str, dict[str, str]]:
    """Of the generations that the server may name."""
    return texts_of(server.folder / "index")


@pytest.fixture
def patients(server: RealServer, texts: dict[str, dict[str, str]]) -> Iterator[Patients]:
    """They ask the server; at the end nothing wrong was shown to them, and it answers again."""
    asking = Patients(server.url, texts)
    yield asking
    asking.has_answers(ways=1)
    assert asking.wrong == []
    assert server.process.poll() is None
    assert "Traceback" not in server.said()


@pytest.fixture
def own_server(tmp_path: Path, real_index: Path) -> RealServer:
    """One that is not started yet, for a test that ends it."""
    return RealServer(tmp_path / "clinic", real_index)


@pytest.fixture
def clinic(tmp_path: Path, real_index: Path) -> Path:
    """A folder with settings, corpus and index, without a server."""
    server = RealServer(tmp_path / "clinic", real_index)
    shutil.rmtree(server.folder / "said")
    return server.folder
