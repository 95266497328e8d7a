"""A generation is whole or not served, whatever happens to its files or to the build."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa.assistant import Assistant
from qa.building import building
from qa.chunking import BuildOptions
from qa.embedding import Embedder
from qa.errors import BuildError, CorpusError, DamagedIndex, IndexUnusable, MissingIndex
from qa.generation import Generation, load, verify
from qa.index import build, is_current
from qa.notices import SafetyTexts
from qa.publishing import generations, read_pointer
from tests.conftest import ROOT, MakeCorpus, need
from tests.hostile import HOSTILE
from tests.warm_cli import WarmCli
from tests.word_hash import WordHashEmbedder

FILES = (
    "blocks.npy",
    "bm25/counts.json",
    "bm25/ends.npy",
    "bm25/rows.npy",
    "bm25/scores.npy",
    "bm25/starts.npy",
    "bm25/terms.npy",
    "chunks.npy",
    "documents.jsonl",
    "manifest.json",
    "sections.jsonl",
    "sentences.npy",
    "spans.npy",
    "synonyms.json",
    "texts.txt",
    "vectors.npy",
    "words/documents.npy",
    "words/places.npy",
    "words/stream.npy",
    "words/terms.npy",
    "words/terms.txt",
)
CORPUS = {
    "ketamine.md": "# Ketamine\n\nKetamine is an anesthetic. It is given slowly.\n\n"
    "## Driving\n\nDo not drive that day.\n",
    "visits.txt": "Visits\n\nBring somebody along.\n",
}


@pytest.fixture
def corpus(corpus_folder: MakeCorpus) -> Path:
    return corpus_folder(CORPUS)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that is built once and copied for each test that damages it."""
    folder = tmp_path_factory.mktemp("template")
    for name, content in CORPUS.items():
        (folder / name).write_text(content, "utf-8")
    build(folder, folder / "index", WordHashEmbedder())
    return folder / "index"


@pytest.fixture
def index(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "index")


def live(index: Path) -> Path:
    return read_pointer(index).folder


def state(index: Path) -> dict[str, bytes]:
    """Every file of an index and what it holds."""
    return {str(p.relative_to(index)): p.read_bytes() for p in index.rglob("*") if p.is_file()}


def texts(generation: Generation) -> list[str]:
    return [
        generation.document(c.document_id).text[c.start : c.end]  # type: ignore[union-attr]
        for c in generation.chunks
    ]


def test_what_was_built_is_loaded(corpus: Path, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    report = build(
        corpus, tmp_path / "i", WordHashEmbedder(), progress=lambda *step: steps.append(step)
    )
    generation = load(tmp_path / "i")
    assert generation.name == report.generation
    assert (report.documents, report.chunks, report.sentences) == (2, 3, 4)
    assert [document.id for document in generation.documents] == ["ketamine.md", "visits.txt"]
    assert texts(generation) == [
        "Ketamine is an anesthetic. It is given slowly.",
        "Do not drive that day.",
        "Bring somebody along.",
    ]
    assert verify(tmp_path / "i") == []
    assert {what: (done, total) for what, done, total in steps} == {
        "Reading documents": (2, 2),
        "Embedding chunks": (3, 3),
        "Embedding sentences": (4, 4),
        "Embedding sentences in context": (4, 4),
    }


def test_vectors_belong_to_their_chunks_and_sentences(index: Path) -> None:
    generation = load(index)
    embedder = WordHashEmbedder()
    for row, text in enumerate(texts(generation)):
        passage = generation.passage(row)
        above = "Ketamine" if row == 0 else "Ketamine. Driving" if row == 1 else "Visits"
        assert passage.vector == pytest.approx(embedder.encode([f"{above}\n{text}"])[0])
        sentences = [passage.document.text[s.start : s.end] for s in passage.chunk.sentences]
        in_context = [f"{above}: {sentence}" for sentence in sentences]
        wanted = (embedder.encode(sentences) + embedder.encode(in_context)) / 2
        assert passage.sentence_vectors == pytest.approx(wanted)


def test_rows_of_documents(index: Path) -> None:
    generation = load(index)
    assert list(generation.rows_of(["visits.txt", "ketamine.md", "visits.txt"])) == [0, 1, 2]
    assert list(generation.rows_of(["visits.txt"])) == [2]
    assert generation.rows_of(["none.md"]).dtype == np.int64
    assert generation.document("none.md") is None


def test_equal_text_in_two_files_stays_two_chunks(
    corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    twins = {name: HOSTILE[name] for name in ("twin_a.md", "twin_b.md")}
    build(corpus_folder(twins), tmp_path / "i", WordHashEmbedder())
    generation = load(tmp_path / "i")
    assert [chunk.document_id for chunk in generation.chunks] == ["twin_a.md", "twin_b.md"]


def test_a_hostile_corpus_is_built_and_sound(hostile_folder: Path, tmp_path: Path) -> None:
    report = build(hostile_folder, tmp_path / "i", WordHashEmbedder())
    assert report.documents == len(HOSTILE)
    assert verify(tmp_path / "i") == []
    assert {document.id for document in load(tmp_path / "i").documents} == set(HOSTILE)


def test_the_same_corpus_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        build(corpus, tmp_path / name, WordHashEmbedder())
        folder = live(tmp_path / name)
        made.append(
            {file: (folder / file).read_bytes() for file in FILES if file != "manifest.json"}
        )
    assert made[0] == made[1]


def test_the_files_of_a_generation(index: Path) -> None:
    found = [p.relative_to(live(index)).as_posix() for p in live(index).rglob("*") if p.is_file()]
    assert tuple(sorted(found)) == FILES


@pytest.mark.parametrize("where", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("name", FILES)
def test_one_flipped_byte_anywhere_is_found(index: Path, name: str, where: float) -> None:
    path = live(index) / name
    data = bytearray(path.read_bytes())
    data[int(where * (len(data) - 1))] ^= 0x01
    path.write_bytes(data)
    with pytest.raises(DamagedIndex) as caught:
        load(index)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(name)
    assert verify(index) == list(caught.value.problems)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(index: Path, name: str) -> None:
    (live(index) / name).unlink()
    with pytest.raises(DamagedIndex) as caught:
        load(index)
    assert caught.value.problems[0].startswith(name)
    assert verify(index) == list(caught.value.problems)


@pytest.mark.parametrize("name", FILES)
def test_an_emptied_file_is_named(index: Path, name: str) -> None:
    (live(index) / name).write_bytes(b"")
    assert [problem.startswith(name) for problem in verify(index)] == [True]


@pytest.mark.parametrize("name", ["extra.txt", "bm25/extra.npy", "new/file"])
def test_an_extra_file_is_named(index: Path, name: str) -> None:
    path = live(index) / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    with pytest.raises(DamagedIndex) as caught:
        load(index)
    assert caught.value.problems == (f"{name} does not belong here",)
    assert verify(index) == [f"{name} does not belong here"]


def test_every_damaged_file_is_listed(index: Path) -> None:
    for name in ("chunks.npy", "bm25/terms.npy", "sentences.npy", "vectors.npy"):
        (live(index) / name).write_bytes(b"x")
    (live(index) / "b").write_bytes(b"x")
    (live(index) / "a").write_bytes(b"x")
    assert [problem.split()[0] for problem in verify(index)] == [
        "bm25/terms.npy",
        "chunks.npy",
        "sentences.npy",
        "vectors.npy",
        "a",
        "b",
    ]


def test_every_byte_of_the_pointer_counts(index: Path) -> None:
    pointer = index / "CURRENT"
    data = pointer.read_bytes()
    for at in range(len(data) - 1):  # the last is a line end
        flipped = bytearray(data)
        flipped[at] ^= 0x01
        pointer.write_bytes(flipped)
        with pytest.raises(DamagedIndex, match=r"CURRENT|manifest\.json is not the one"):
            load(index)
        assert len(verify(index)) == 1


def test_no_index_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(MissingIndex):
        load(tmp_path)
    with pytest.raises(MissingIndex):
        verify(tmp_path)


def test_a_generation_of_another_index_is_not_taken(
    index: Path, corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    build(corpus_folder({"other.md": "Other."}, "c2"), tmp_path / "other", WordHashEmbedder())
    mine, foreign = live(index), live(tmp_path / "other")
    shutil.rmtree(mine)
    shutil.copytree(foreign, mine)
    with pytest.raises(DamagedIndex, match=r"manifest\.json is not the one that was recorded"):
        load(index)
    shutil.copytree(foreign, index / "generations" / foreign.name)
    (index / "CURRENT").write_text(f"{foreign.name} {'0' * 64}\n", "utf-8")
    assert verify(index) == ["manifest.json is not the one that was recorded"]


def test_an_older_generation_can_be_taken_back(index: Path, corpus: Path) -> None:
    pointer = (index / "CURRENT").read_bytes()
    before = texts(load(index))
    (corpus / "visits.txt").write_text("Visits\n\nCome alone.\n", "utf-8")
    build(corpus, index, WordHashEmbedder())
    assert texts(load(index)) != before
    (index / "CURRENT").write_bytes(pointer)
    assert texts(load(index)) == before


def forge(index: Path, change: Callable[[dict[str, Any], Path], None]) -> None:
    """Changes a generation and makes every hash right again, as only a faulty build could."""
    folder = live(index)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    change(manifest, folder)
    manifest["files"] = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in manifest["files"]
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    (index / "CURRENT").write_text(f"{folder.name} {digest}\n", "utf-8")


def rewrite(
    name: str, row: int, column: int, value: float
) -> Callable[[dict[str, Any], Path], None]:
    def change(_: dict[str, Any], folder: Path) -> None:
        table = np.load(folder / name)
        table[row, column] = value
        np.save(folder / name, table)

    return change


def rewrite_row(name: str, row: int, value: int) -> Callable[[dict[str, Any], Path], None]:
    def change(_: dict[str, Any], folder: Path) -> None:
        table = np.load(folder / name)
        table[row] = value
        np.save(folder / name, table)

    return change


def rewrite_file(name: str, data: bytes) -> Callable[[dict[str, Any], Path], None]:
    return lambda _, folder: (folder / name).write_bytes(data)  # type: ignore[return-value]


def rewrite_text(_: dict[str, Any], folder: Path) -> None:
    path = folder / "texts.txt"
    path.write_bytes(path.read_bytes().replace(b"slowly", b"rapidly"[:6]))


def rewrite_sections(_: dict[str, Any], folder: Path) -> None:
    path = folder / "sections.jsonl"
    path.write_bytes(path.read_bytes().replace(b"[", b"{", 1))


def rewrite_header(name: str, value: Any) -> Callable[[dict[str, Any], Path], None]:
    def change(_: dict[str, Any], folder: Path) -> None:
        path = folder / "documents.jsonl"
        first, *rest = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join([json.dumps(json.loads(first) | {name: value}), "\n", *rest]))

    return change


def set_manifest(*path: str, value: Any) -> Callable[[dict[str, Any], Path], None]:
    def change(manifest: dict[str, Any], _: Path) -> None:
        for name in path[:-1]:
            manifest = manifest[name]
        manifest[path[-1]] = value

    return change


def save_sentences(value: Any) -> Callable[[dict[str, Any], Path], None]:
    return lambda _, folder: np.save(folder / "sentences.npy", value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (set_manifest("format", value=0), "its format is 0, this version reads"),
        (set_manifest("counts", "chunks", value=4), "not as counted"),
        (set_manifest("counts", "documents", value=1), "not as counted"),
        (set_manifest("counts", "sentences", value=5), "not as counted"),
        (set_manifest("model", "dimension", value="7"), r"sentences\.npy is float32 \(4, 1024\)"),
        (save_sentences(np.zeros((4, 1024))), r"sentences\.npy is float64"),
        (save_sentences(np.array([None])), "Python objects, which are never loaded"),
        (save_sentences(np.zeros((3, 1024), np.float32)), "has 3 rows, expected 4"),
        (rewrite("chunks.npy", 1, 1, 0), "overlaps the one before it|not within its section"),
        (rewrite("chunks.npy", 1, 3, 0), "not within its section"),
        (rewrite("chunks.npy", 1, 3, 9), "names a section that is not there"),
        (rewrite("chunks.npy", 0, 2, 58), "does not lie within its sentences"),
        (rewrite("chunks.npy", 0, 1, 0), "not lie within its sentences|not within its section"),
        (rewrite("chunks.npy", 2, 0, 7), "names document number 7"),
        (rewrite("chunks.npy", 1, 4, 1), "does not lie within 'ketamine.md'"),
        (rewrite("chunks.npy", 2, 4, 5), "the number of sentences is not as counted"),
        (rewrite("spans.npy", 1, 2, 999), "does not lie within 'ketamine.md'"),
        (rewrite("spans.npy", 1, 3, 99), "names a block that is not there"),
        (rewrite("blocks.npy", 0, 0, 9), "does not fit 'ketamine.md'"),
        (rewrite_text, r"texts\.txt: .*is not the one its SHA-256"),
        (rewrite_sections, r"sections\.jsonl: .*cannot be read"),
        (rewrite_header("text_bytes", 9), r"texts\.txt has \d+ bytes or rows, expected \d+"),
        (rewrite_header("sections", 1), "names a section that is not there|does not fit"),
        (rewrite_header("id", "visits.txt"), "two documents of the same id"),
        (rewrite_header("pages", None), "NoneType"),
        (rewrite_header("blocks", -1), "no size"),
        (rewrite_header("blocks", 2**63), "no size"),
        (rewrite_header("pages", [2**70]), "no numbers"),
        (rewrite_header("title", "half \ud800"), "surrogates not allowed"),
        (rewrite_header("meta", [["version", 2]]), "title or metadata of .* are no texts"),
        (rewrite("chunks.npy", 2, 4, -(2**63)), "does not lie within"),
        (rewrite("sentences.npy", 0, 0, float("nan")), "numbers that no vector"),
        (rewrite("vectors.npy", 0, 0, float("inf")), "numbers that no vector"),
        (rewrite("sentences.npy", 0, 0, -3e38), "numbers that no vector"),
        (rewrite("vectors.npy", 0, 0, 1e30), "numbers that no vector"),
        (rewrite_row("bm25/rows.npy", 0, 99), "bm25/ is no BM25 index"),
        (rewrite_row("bm25/starts.npy", 1, -1), "no BM25 index"),
        (rewrite_row("bm25/starts.npy", 1, -(2**63)), "no BM25 index"),
        (rewrite_row("words/places.npy", 0, 9_999), "names a word that is not there"),
        (set_manifest("counts", value=None), "counts is no table"),
        (set_manifest("counts", "chunks", value="3"), "the number of chunks is '3'"),
        (set_manifest("model", "dimension", value="9" * 5_000), "the dimension is '999"),
        (set_manifest("options", "language", value=7), "the language is 7"),
        (rewrite_file("synonyms.json", b'{"a": 1}'), "no table of words"),
        (rewrite_file("synonyms.json", b"[" * 100_000), "nested too deeply"),
        (rewrite_file("documents.jsonl", b"[" * 100_000), "nested too deeply"),
    ],
)
def test_what_does_not_fit_together_is_found(
    index: Path, change: Callable[[dict[str, Any], Path], None], message: str
) -> None:
    forge(index, lambda _, __: None)
    assert verify(index) == []
    forge(index, change)
    with pytest.raises(AssertionError, match=message):
        assert not verify(index), "; ".join(verify(index))


@pytest.mark.parametrize(
    "name", ["../CURRENT", "/etc/hostname", "bm25", "a\0b", "pages/../x", "..\\x", "C:x"]
)
def test_a_manifest_names_files_of_its_folder_alone(index: Path, name: str) -> None:
    folder = live(index)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"][name] = hashlib.sha256(b"").hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    (index / "CURRENT").write_text(f"{folder.name} {digest}\n", "utf-8")
    with pytest.raises(DamagedIndex, match=r"no name of a file in this|bm25 is no plain file"):
        load(index)


def test_whether_an_index_is_current(corpus: Path, index: Path) -> None:
    model, options = WordHashEmbedder().identity, BuildOptions()
    assert is_current(corpus, index, model, options)
    assert not is_current(corpus, index, model | {"model": "other"}, options)
    assert not is_current(corpus, index, model, BuildOptions(target_tokens=60))
    assert not is_current(corpus, index.parent / "none", model, options)
    (corpus / "questions.csv").write_text("question", "utf-8")
    assert is_current(corpus, index, model, options)
    (corpus / "new.md").write_text("New.", "utf-8")
    assert not is_current(corpus, index, model, options)
    (corpus / "new.md").unlink()
    (corpus / "visits.txt").write_text("Visits\n\nChanged.\n", "utf-8")
    assert not is_current(corpus, index, model, options)
    (corpus / "visits.txt").write_text(CORPUS["visits.txt"], "utf-8")
    assert is_current(corpus, index, model, options)
    (live(index) / "chunks.npy").write_bytes(b"x")
    assert not is_current(corpus, index, model, options)


def generations_of(index: Path) -> dict[str, bytes]:
    """All that answers come from: every file but those that builds keep for themselves."""
    return {name: data for name, data in state(index).items() if not name.startswith("cache")}


def test_a_failing_build_leaves_the_live_generation_as_it_was(corpus: Path, index: Path) -> None:
    before = generations_of(index)
    (corpus / "zz_broken.md").write_bytes(b"# Broken\n\nNot UTF-8: \xff\n")
    with pytest.raises(CorpusError, match=r"zz_broken\.md: byte 21"):
        build(corpus, index, WordHashEmbedder())
    assert generations_of(index) == before
    assert generations(index) == [live(index).name]


def test_a_second_build_at_once_is_refused(corpus: Path, index: Path) -> None:
    before = state(index)
    with building(index), pytest.raises(BuildError, match=r"Another build is writing"):
        build(corpus, index, WordHashEmbedder())
    assert state(index) == before


CRASH = """
import itertools, os, shutil, signal, sys
from pathlib import Path
from qa.index import build
from tests.word_hash import WordHashEmbedder

corpus, index = Path(sys.argv[1]), Path(sys.argv[2])

def build_until(last, folder):
    steps = itertools.count(1)
    def counted(real):
        def call(*args, **kwargs):
            if next(steps) == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)
        return call
    for name in ("fsync", "rename", "replace", "open", "mkdir", "unlink", "rmdir"):
        setattr(os, name, counted(getattr(os, name)))
    build(corpus, folder, WordHashEmbedder(), keep_generations=2)

for last in itertools.count(1, 2):
    folder = shutil.copytree(index, index.parent / f"killed{last}")
    child = os.fork()
    if not child:
        build_until(last, folder)
        os._exit(0)
    if os.waitpid(child, 0)[1] != signal.SIGKILL:
        break
"""


@pytest.mark.slow
def test_a_build_killed_at_any_step_of_publishing_leaves_a_sound_index(
    corpus: Path, index: Path
) -> None:
    """Dies before its first file operation, its third, its fifth … until it gets to its end."""
    if not hasattr(os, "fork"):
        need("os.fork", "Run the tests on Linux or macOS.")
    for _ in range(2):  # so that the build also prunes an old generation
        build(corpus, index, WordHashEmbedder(), keep_generations=2)
    wanted, old = texts(load(index)), live(index).name
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-c", CRASH, str(corpus), str(index)], env=environment, check=True
    )
    killed = sorted(index.parent.glob("killed*"))
    assert len(killed) > 20
    for folder in killed:
        assert verify(folder) == []
        assert texts(load(folder)) == wanted
    assert {live(folder).name == old for folder in killed} == {True, False}
    for folder in killed[::8]:
        build(corpus, folder, WordHashEmbedder(), keep_generations=2)
        assert verify(folder) == []
        assert not list(folder.rglob(".*"))
        assert len(generations(folder)) == 3


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_a_sound_index(
    corpus: Path,
    tmp_path: Path,
    bundled: Embedder,
    warm_cli: WarmCli,
    safety_texts: SafetyTexts,
) -> None:
    """`qa build --force` with the real model, killed at three moments between 0.2 s and its end.

    `tests/test_killed_builds.py` kills fifty, beside a server.
    """
    index = tmp_path / "index"
    arguments = ("build", "--force", "--corpus", corpus, "--index", index)
    assert warm_cli.run(*arguments).returncode == 0  # exports the models, if need be
    began = time.monotonic()
    assert warm_cli.run(*arguments).returncode == 0
    duration = time.monotonic() - began

    def answers() -> list[Any]:
        assistant = Assistant(index, bundled, safety_texts)
        questions = ("What is ketamine?", "May I drive?", "Who comes along?")
        made = [assistant.ask(question).to_dict() for question in questions]
        return [[answer["kind"], answer["quotes"]] for answer in made]

    before = answers()
    chance = random.Random(20261124)
    ended = []
    for part in range(3):
        begin, width = 0.2, max(0.0, duration - 0.2) / 3
        wait = begin + width * (part + chance.random())
        for _ in range(4):  # on a busy machine builds take now this long, now that
            running = warm_cli.start(*arguments)
            time.sleep(wait)
            running.kill()
            ended.append(running.wait().returncode)
            assert verify(index) == []
            assert answers() == before
            if ended[-1] == -9:
                break
            wait /= 2
    assert ended.count(-9) >= 2, "most builds were killed before they were done"
    assert warm_cli.run(*arguments).returncode == 0
    assert answers() == before
    assert verify(index) == []
    assert not list(index.rglob(".*")), "nothing temporary is left"


def test_a_damaged_index_is_no_index_for_whoever_serves(
    index: Path, safety_texts: SafetyTexts
) -> None:
    (live(index) / "documents.jsonl").write_bytes(b"{}")
    with pytest.raises(IndexUnusable, match=r"documents\.jsonl was altered"):
        Assistant(index, WordHashEmbedder(), safety_texts)
