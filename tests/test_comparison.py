"""A tiny set through the real program and beside the baselines, from the same index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.answer import Policy
from qa.assistant import Assistant
from qa.baselines import BASELINES
from qa.chunking import BuildOptions
from qa.comparison import CONTROL, PROGRAM, Comparison, prepare_index, run_set
from qa.evaluation_sets import read_set
from qa.measures import Figure
from qa.notices import SafetyTexts
from qa.publishing import read_pointer
from tests.test_evaluation_sets import write_set
from tests.word_hash import WordHashEmbedder

TEA, COFFEE, BREW = "White tea is sweet.", "Coffee is bitter.", "Let tea brew slowly."
DOCUMENTS = [
    {"doc_id": "tea", "title": "Tea", "text": f"{TEA}\n\n{BREW}"},
    {"doc_id": "tea~1", "title": "Tea", "text": BREW},
    {"doc_id": "coffee", "title": "Coffee", "text": COFFEE},
]


def question(qid: str, text: str, document: str, *gold: str, **more: Any) -> dict[str, Any]:
    return {
        "qid": qid,
        "question": text,
        "answerable": bool(gold),
        "doc_id": document if gold else None,
        "about_doc_id": document,
        "answer_texts": list(gold),
        "evidence_sets": [list(gold)] if gold else [],
        "kind": "answerable" if gold else "evidence_removed",
        "split": "dev",
    } | more


QUESTIONS = [
    question("1", "white tea is sweet", "tea", TEA, group=0),
    question("1t", "white tea is sweet", "tea~1", group=0, twin_of="1"),
    question("2", "coffee is bitter", "coffee", COFFEE, group=1),
    question("3", "zebra", "coffee", group=1),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_set(tmp_path / "drinks", DOCUMENTS, QUESTIONS)


@pytest.fixture
def made(folder: Path, tmp_path: Path, safety_texts: SafetyTexts) -> Comparison:
    embedder = WordHashEmbedder()
    return run_set(
        folder,
        tmp_path / "work",
        1,
        embedder,
        BuildOptions(),
        lambda index: Assistant(index, embedder, safety_texts, Policy(threshold=0.0)),
        lambda _what, _done, _total: None,
    )


def test_all_systems_on_the_same_questions(made: Comparison) -> None:
    assert tuple(made.systems) == (PROGRAM, *BASELINES, CONTROL)
    assert (made.name, made.documents, made.chunks, made.sentences) == ("drinks", 3, 3, 4)
    assert (made.answerable, made.unanswerable) == (2, 2)
    program = made.systems[PROGRAM]
    assert (program["hit@1"].value, program["recall@5"].value) == (1, 1)
    assert program["refused_unanswerable"].value == 1 / 2, "zebra is off the corpus"
    assert program["twin_order"].value == 1
    # Shown: "White tea is sweet." and what else it quotes of that leaflet and of its variant.
    assert program["word_r"].value == 1
    for name in BASELINES:
        assert made.systems[name]["hit@1"].of == 2, name
        assert made.systems[name]["twin_order"].value == (0.5 if name == "RRF" else 1), name


def test_the_control_has_no_quotes_to_measure(made: Comparison) -> None:
    found = made.systems[CONTROL]
    assert set(found) == {"auroc_answerable", "twin_order", "twin_auroc"}
    assert found["twin_order"].value == found["twin_auroc"].value == 0.5


def test_as_json(made: Comparison) -> None:
    record = json.loads(json.dumps(made.to_dict(), allow_nan=False))
    assert record["generation"] == made.generation
    assert record["systems"][PROGRAM]["hit@1"] == {"value": 1, "low": 0.3424, "high": 1, "of": 2}


def test_json_knows_no_nan(made: Comparison) -> None:
    without = Figure(0.5, float("nan"), float("nan"), 2)
    one = Comparison("drinks", 3, 3, 4, 2, 2, "", {PROGRAM: {"twin_auroc": without}})
    assert one.to_dict()["systems"][PROGRAM]["twin_auroc"]["low"] is None


def test_an_index_is_kept_until_the_documents_change(folder: Path, tmp_path: Path) -> None:
    embedder, options = WordHashEmbedder(), BuildOptions()
    index = prepare_index(read_set(folder), tmp_path / "work", embedder, options)
    first = read_pointer(index).generation
    assert prepare_index(read_set(folder), tmp_path / "work", embedder, options) == index
    assert read_pointer(index).generation == first
    write_set(folder, DOCUMENTS[:1], QUESTIONS[:1])
    prepare_index(read_set(folder), tmp_path / "work", embedder, options)
    assert read_pointer(index).generation != first
    assert index == tmp_path / "work" / "drinks" / "index-110"
