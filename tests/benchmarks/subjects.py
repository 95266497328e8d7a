"""Measures how well wrong subjects are told: which share of each kind of question is refused.

    python tests/benchmarks/subjects.py           questions of groups below 9, which were tuned on
    python tests/benchmarks/subjects.py --held    the others
    python tests/benchmarks/subjects.py --show    lists what went wrong, of the tuned ones only

The set `patients` lies outside the project, in the folder EVAL_DATA (default: ../shared/eval beside
the checkout). Each question is asked of the document it was written for.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qa.embedding import SentenceEmbedder
from qa.evaluation import Rate
from qa.lexical import Tokenizer
from qa.mentions import Mentions, known_in
from qa.spelling import Speller
from qa.subject import foreign_subject, subject_match

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("EVAL_DATA", ROOT.parent / "shared" / "eval")) / "patients"
FIRST_HELD = 9
WRONG = "wrong_subject"


def main() -> None:
    """Reads the command line, asks, prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    if not DATA.is_dir():
        sys.exit(f"There is no evaluation set at {DATA}. Set EVAL_DATA to the folder above it.")
    questions = [q for q in _rows("questions") if (q["group"] >= FIRST_HELD) == options.held]
    knows = _Knowers()
    is_common = SentenceEmbedder().is_common
    found: dict[str, list[tuple[str, float]]] = {}
    for asked in questions:
        kind, text, known = asked["kind"], asked["question"], knows(asked["about_doc_id"])
        subject = foreign_subject(text, known, is_common)
        found.setdefault(kind, []).append((subject, subject_match(text, known, is_common)))
        if options.show and not options.held and bool(subject) != (kind == WRONG):
            print(f"{kind} {asked['about_doc_id']} [{subject}] {text}")
    for kind, pairs in found.items():
        rate = Rate(kind, sum(bool(subject) for subject, _ in pairs), len(pairs))
        low, high = rate.interval
        mean = sum(match for _, match in pairs) / len(pairs)
        print(
            f"{kind:24}{rate.count:5}/{rate.of:<5}{rate.share:7.1%} ({low:.1%} to {high:.1%})  "
            f"mean match {mean:.2f}"
        )


class _Knowers:
    """What each document speaks of, read when it is first asked for."""

    def __init__(self) -> None:
        self._texts = {d["doc_id"]: f"{d['title']}\n\n{d['text']}" for d in _rows("corpus")}
        self._made: dict[str, Callable[[str], bool]] = {}
        self._terms_of = Tokenizer().every

    def __call__(self, document_id: str) -> Callable[[str], bool]:
        if document_id not in self._made:
            text = self._texts[document_id]
            documents = [Mentions(text, self._terms_of)]
            self._made[document_id] = known_in(documents, Speller([text]).meant, {})
        return self._made[document_id]


def _rows(name: str) -> list[dict[str, Any]]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
