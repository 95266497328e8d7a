"""Measures how well refused questions are grouped by what they are about.

    python tests/benchmarks/topics.py

`tests/data/refused_questions.csv` holds two sets of made-up questions with the topic that their
writer gave them; `-` is a question that belongs to no other. For each way of grouping and each
threshold: precision, recall and F1 over pairs of questions (a pair is right where both have the
same topic). The threshold in use was chosen on set a; the way was chosen with both in view.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np

from qa.embedding import SentenceEmbedder
from qa.golden import read_golden
from qa.staff.refused_topics import LIKE, grouped, likeness_vectors, stem_vectors
from qa.types import Vectors

_ROOT = Path(__file__).resolve().parents[2]
_FILE = _ROOT / "tests" / "data" / "refused_questions.csv"
_GOLDEN = _ROOT / "corpus" / "questions.csv"


def main() -> None:
    """Groups both sets in each way and prints."""
    encode = SentenceEmbedder().encode
    usual = [one.question for one in read_golden(_GOLDEN)]
    for name in ("a", "b"):
        rows = [row for row in csv.DictReader(_FILE.open(encoding="utf-8")) if row["set"] == name]
        questions, topics = [r["question"] for r in rows], [r["topic"] for r in rows]
        ways: dict[str, Callable[[Sequence[str]], Vectors]] = {
            "meaning": encode,
            "stems": stem_vectors,
            "both": partial(likeness_vectors, usual=(), encode=encode),
            "both, less what golden questions share": partial(
                likeness_vectors, usual=usual, encode=encode
            ),
        }
        for way, make in ways.items():
            vectors = make(questions)
            for like in np.arange(0.15, 0.75, 0.05):
                precision, recall = of_pairs(grouped(vectors, float(like)), topics)
                f1 = 2 * precision * recall / max(1e-9, precision + recall)
                in_use = way.startswith("both,") and abs(like - LIKE) < 0.01
                mark = "  <- in use" if in_use else ""
                print(
                    f"set {name}  {way:40} from {like:.2f}: precision {precision:.2f}, "
                    f"recall {recall:.2f}, F1 {f1:.2f}{mark}"
                )


def of_pairs(groups: Sequence[int], topics: Sequence[str]) -> tuple[float, float]:
    """Precision and recall of the pairs that were put together."""
    put = right = there = 0
    for one, other in combinations(range(len(topics)), 2):
        together = groups[one] == groups[other]
        same = topics[one] == topics[other] != "-"
        put, right, there = put + together, right + (together and same), there + same
    return right / max(1, put), right / max(1, there)


if __name__ == "__main__":
    main()
