"""One byte of each file is another: `qa verify` names the file, no server starts with it, and there
is a way out of it. And large files, which are mapped: what cuts them short ends the server."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from qa.array_file import READ_WHOLE
from qa.errors import DamagedIndex
from qa.generation import files_of, load, verify
from qa.history import HISTORY, read_history
from qa.index import build
from qa.publishing import generations, live_generation, read_pointer
from tests.conftest import MakeCorpus
from tests.faults.commands import run_qa
from tests.faults.patients import Patients, texts_of
from tests.web.real_server import RealServer
from tests.word_hash import WordHashEmbedder

CORPUS = {
    "a.md": "# Visits\n\nBring a list of what you take. Come early.\n\n## After\n\nRest a day.\n",
    "b.txt": "Costs\n\nAsk your plan what it pays.\n",
    "synonyms.csv": "lay,formal\nmoney,costs\n",
}


def other_byte(data: bytes, chance: random.Random) -> bytes:
    """The same with one byte, anywhere, that is another one."""
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :]


@pytest.mark.parametrize("seed", range(3))
def test_each_file_is_named_and_not_loaded(
    corpus_folder: MakeCorpus, tmp_path: Path, seed: int
) -> None:
    index = tmp_path / "index"
    build(corpus_folder(CORPUS), index, WordHashEmbedder())
    folder, chance = read_pointer(index).folder, random.Random(seed)
    for path in (*files_of(folder), index / "CURRENT"):
        before = path.read_bytes()
        path.write_bytes(other_byte(before, chance))
        try:
            with pytest.raises(DamagedIndex):
                load(index)
            [problem] = verify(index)
            named = path.relative_to(folder).as_posix() if path.name != "CURRENT" else "CURRENT"
            # A hash in the pointer that is another is seen at the manifest.
            assert named in problem or (path.name == "CURRENT" and "manifest.json" in problem)
        finally:
            path.write_bytes(before)
    assert verify(index) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_line_of_the_history_is_passed_over_and_the_rest_stands(
    corpus_folder: MakeCorpus, tmp_path: Path, seed: int
) -> None:
    """What the one line tells may be wrong; what is live, and who answers, does not hang on it."""
    index, corpus = tmp_path / "index", corpus_folder(CORPUS)
    for number in range(3):
        (corpus / "c.md").write_text(f"# Number {number}\n\nAnother one.\n", "utf-8")
        build(corpus, index, WordHashEmbedder())
    path = index / HISTORY
    before, live = read_history(index).events, live_generation(index)
    path.write_bytes(other_byte(path.read_bytes(), random.Random(seed)))
    after = read_history(index).events
    assert sum(one not in before for one in after) <= 1
    assert len(after) >= len(before) - 2, "one line, or two where the end between them is gone"
    assert live_generation(index) == live
    assert verify(index) == []


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["texts.txt", "manifest.json", "sentences.npy", "CURRENT"])
def test_a_server_does_not_start_and_going_back_leads_out(clinic: Path, name: str) -> None:
    index = clinic / "index"
    first = live_generation(index)
    (clinic / "corpus" / "more.md").write_text("# More\n\nBring a list of questions.\n", "utf-8")
    assert run_qa(clinic, "build").returncode == 0
    path = index / name if name == "CURRENT" else read_pointer(index).folder / name
    damaged = b"\xff" + path.read_bytes()[1:]
    path.write_bytes(damaged)
    started = run_qa(clinic, "serve", "--port", "0")
    assert started.returncode == 2
    assert "is damaged" in started.stderr
    assert name in started.stderr
    assert name in run_qa(clinic, "verify").stdout
    examined = run_qa(clinic, "doctor", "--only", "index")
    assert examined.returncode == 1
    assert name in examined.stdout
    back = run_qa(clinic, "rollback", "--by", "Ana Ruiz", "--why", "a damaged disk")
    assert back.returncode == 0, back.stderr
    if name != "CURRENT":
        assert live_generation(index) == first
    assert verify(index) == []
    assert run_qa(clinic, "ask", "What is ketamine?").returncode == 0


@pytest.mark.nightly
def test_a_build_after_damage_makes_it_anew(clinic: Path) -> None:
    index = clinic / "index"
    damaged = read_pointer(index).folder / "texts.txt"
    damaged.write_bytes(damaged.read_bytes()[:-9])
    assert run_qa(clinic, "build").returncode == 0
    assert verify(index) == []
    assert live_generation(index) != damaged.parent.name


LARGE = 240
"""Documents whose sentences' vectors take more than is read whole; the same sentences in each, of
which every one is embedded once."""


def large_clinic(server: RealServer) -> Path:
    """Builds a large index for a server, and gives the file that is mapped."""
    lines = " ".join(f"Fact {line} tells how to come and go." for line in range(14))
    for number in range(LARGE):
        text = f"# Visit {number}\n\n{lines}\n"
        (server.folder / "corpus" / f"visit-{number}.md").write_text(text, "utf-8")
    assert run_qa(server.folder, "build").returncode == 0
    path = read_pointer(server.folder / "index").folder / "sentences.npy"
    assert path.stat().st_size > READ_WHOLE
    return path


@pytest.mark.nightly
def test_a_large_file_that_is_cut_short_ends_the_server_and_no_other_starts(
    own_server: RealServer,
) -> None:
    """The system ends a process that looks at what is gone of a mapped file. Nobody was shown
    anything wrong; whatever supervises the server starts it again, it says why it does not serve,
    and going back leads out."""
    path = large_clinic(own_server)
    assert path.stat().st_mode & 0o222 == 0, "a copy over it is refused to all but root"
    index = own_server.folder / "index"
    texts: Mapping[str, Mapping[str, str]] = texts_of(index)
    with own_server as server:
        patients = Patients(server.url, texts)
        patients.has_answers()
        path.chmod(0o644)
        with path.open("r+b") as file:
            file.truncate(4096)
        with patients:
            deadline = time.monotonic() + 20
            while server.process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.1)
        assert patients.wrong == []
        assert server.process.poll() in (None, -7)
    again = run_qa(own_server.folder, "serve", "--port", "0")
    assert again.returncode == 2
    assert "sentences.npy was altered" in again.stderr
    assert run_qa(own_server.folder, "rollback", "--by", "A", "--why", "cut").returncode == 0
    assert verify(index) == []
    assert len(generations(index)) == 2
