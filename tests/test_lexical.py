"""Terms, and BM25 against the formula worked out by hand."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import bm25s
import numpy as np
import pytest

from qa.errors import DamagedIndex
from qa.lexical import LexicalIndex, Tokenizer
from tests.conftest import ROOT

DOCUMENTS = [["ketamine", "dose"], ["dose", "dose", "clinic", "hour"], ["hour"], []]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The treatments of PTSD", ["treatment", "ptsd"]),
        ("ketamine's KETAMINE\u2019S Ketamine", ["ketamin", "ketamin", "ketamin"]),
        ("0.5 mg/kg", ["0", "5", "mg", "kg"]),
        ("caf\u00e9 cafe\u0301", ["caf\u00e9", "caf\u00e9"]),
        ("\ufb01t \u2460", ["fit", "1"]),
        ("is it the", []),
        ("*** \U0001f600", []),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert Tokenizer()(text) == terms


def test_every_term_keeps_stop_words() -> None:
    assert Tokenizer().every("The Ketamine\u2019s doses: hepatitis A") == [
        "the", "ketamin", "dose", "hepat", "a",
    ]  # fmt: skip


def test_another_language_has_its_own_stems() -> None:
    assert Tokenizer("german")("die Behandlungen") == ["die", "behandl"]


def bm25(document: list[str], term: str) -> float:
    """The formula of Robertson and Zaragoza 2009 with Lucene's inverse document frequency."""
    having = sum(term in other for other in DOCUMENTS)
    idf = math.log(1 + (len(DOCUMENTS) - having + 0.5) / (having + 0.5))
    mean = sum(max(1, len(other)) for other in DOCUMENTS) / len(DOCUMENTS)
    count = document.count(term)
    return idf * count / (count + 1.2 * (1 - 0.75 + 0.75 * len(document) / mean))


def test_scores_worked_out_by_hand() -> None:
    found = LexicalIndex.build(DOCUMENTS).search(["dose", "hour", "unknown"], 9)
    wanted = {
        row: bm25(document, "dose") + bm25(document, "hour")
        for row, document in enumerate(DOCUMENTS[:3])
    }
    assert [row for row, _ in found] == sorted(wanted, key=lambda row: -wanted[row])
    assert [score for _, score in found] == pytest.approx(sorted(wanted.values(), reverse=True))


def test_only_chunks_that_have_a_term() -> None:
    index = LexicalIndex.build(DOCUMENTS)
    assert [row for row, _ in index.search(["clinic"], 9)] == [1]
    assert index.search(["unknown"], 9) == []
    assert index.search([], 9) == []
    assert [row for row, _ in index.search(["dose"], 1)] == [1]
    assert [row for row, _ in index.search(["dose"], 9, np.array([0, 2]))] == [0]
    assert index.search(["dose"], 9, np.array([], dtype=np.int64)) == []


def test_equal_scores_are_ordered_by_row() -> None:
    index = LexicalIndex.build([["same", "words"]] * 5)
    assert [row for row, _ in index.search(["same"], 9)] == [0, 1, 2, 3, 4]
    assert [row for row, _ in index.search(["same"], 2)] == [0, 1]


def test_a_corpus_without_any_term() -> None:
    assert LexicalIndex.build([[], []]).search(["dose"], 9) == []


def test_read_back_as_written(tmp_path: Path) -> None:
    index = LexicalIndex.build(DOCUMENTS)
    LexicalIndex.write(tmp_path / "bm25", iter(DOCUMENTS))
    loaded = LexicalIndex.load(tmp_path / "bm25", count=4)
    assert loaded.search(["dose", "hour"], 9) == index.search(["dose", "hour"], 9)
    assert not [path for path in (tmp_path / "bm25").iterdir() if path.suffix == ".pkl"]


def test_an_index_of_another_size_is_damaged(tmp_path: Path) -> None:
    LexicalIndex.write(tmp_path / "bm25", DOCUMENTS)
    with pytest.raises(DamagedIndex, match=r"bm25/ has 4 chunks, expected 5"):
        LexicalIndex.load(tmp_path / "bm25", count=5)


@pytest.mark.parametrize(
    "name", ["counts.json", "terms.npy", "ends.npy", "starts.npy", "rows.npy", "scores.npy"]
)
def test_what_is_not_whole_is_damaged(tmp_path: Path, name: str) -> None:
    LexicalIndex.write(tmp_path / "bm25", DOCUMENTS)
    (tmp_path / "bm25" / name).write_bytes(b"[1")
    with pytest.raises(DamagedIndex, match=r"bm25/ is no BM25 index"):
        LexicalIndex.load(tmp_path / "bm25", count=4)
    (tmp_path / "bm25" / name).unlink()
    with pytest.raises(DamagedIndex, match=r"bm25/ is no BM25 index"):
        LexicalIndex.load(tmp_path / "bm25", count=4)


def test_building_says_nothing(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    LexicalIndex.write(tmp_path / "bm25", DOCUMENTS)
    LexicalIndex.load(tmp_path / "bm25", count=4)
    assert capfd.readouterr() == ("", "")


def test_the_library_is_kept_from_logging_its_steps(caplog: pytest.LogCaptureFixture) -> None:
    LexicalIndex.build(DOCUMENTS)
    assert caplog.records == []


def test_the_files_are_the_same_in_each_process(tmp_path: Path) -> None:
    """Python gives the words of a set in another order in each process."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom qa.lexical import LexicalIndex\n"
        f"LexicalIndex.write(Path(sys.argv[1]), {DOCUMENTS})"
    )
    made = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, str(folder)], env=environment, check=True)
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert made[0] == made[1]


def test_the_scores_of_the_library_bit_by_bit(tmp_path: Path) -> None:
    """bm25s makes the same index in memory; ours is written in blocks, the last not full."""
    random = np.random.default_rng(4)
    words = [f"w{number}\u00e9" for number in range(300)]
    chosen = (random.zipf(1.3, size=int(size)) % 300 for size in random.integers(0, 30, 12_345))
    documents = [[words[number] for number in one] for one in chosen]
    library = bm25s.BM25(k1=1.2, b=0.75)
    library.index([one or [""] for one in documents], show_progress=False)
    LexicalIndex.write(tmp_path, iter(documents))
    index = LexicalIndex.load(tmp_path, count=len(documents))
    for _ in range(50):
        question = [words[number] for number in random.zipf(1.3, size=5) % 300]
        scores = np.asarray(library.get_scores(question))
        order = np.argsort(-scores, kind="stable")[:50]
        wanted = [(int(row), float(scores[row])) for row in order if scores[row] > 0]
        assert index.search(question, 50) == wanted
        rows = np.sort(random.choice(len(documents), size=700, replace=False))
        among = rows[np.argsort(-scores[rows], kind="stable")[:20]]
        wanted = [(int(row), float(scores[row])) for row in among if scores[row] > 0]
        assert index.search(question, 20, rows) == wanted
