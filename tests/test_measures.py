"""Measures against numbers worked out by hand, and against the scorer that the sets come with."""

from __future__ import annotations

import importlib.util
import math
import os
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from qa.evaluation import wilson
from qa.evaluation_sets import EvaluationSet, SetQuestion, read_set
from qa.judging import Judged, Quoted, Response, WordCounts, judge_response
from qa.measures import auroc, measure

_ONE = Judged("", True, "answerable", "", None, False, 0.0, (), None, None, None)
JUDGED = [
    replace(_ONE, qid="a", unit="1", confidence=0.9, right=(True,), first_words=6,
            candidate_place=1, words=WordCounts(3, 6, 3)),
    replace(_ONE, qid="b", unit="1", confidence=0.8, right=(False, True), first_words=9,
            candidate_place=6, words=WordCounts(2, 9, 8)),
    replace(_ONE, qid="c", unit="2", confidence=0.3, right=(True,), first_words=40,
            refused=True, words=WordCounts(0, 0, 4)),
    replace(_ONE, qid="d", unit="2", confidence=0.6, answerable=False, kind="on_topic",
            first_words=5, twin_of="a", words=WordCounts(0, 5, 0)),
    replace(_ONE, qid="e", unit="3", confidence=0.3, answerable=False, kind="wrong_subject",
            first_words=5, twin_of="c", refused=True, words=WordCounts(0, 0, 0)),
]  # fmt: skip


def test_figures_worked_out_by_hand() -> None:
    found = measure(JUDGED)
    assert {name: (figure.value, figure.of) for name, figure in found.items()} == {
        "hit@1": (2 / 3, 3),
        "hit@3": (1, 3),
        "hit@5": (1, 3),
        "recall@5": (1 / 3, 3),
        "recall@10": (2 / 3, 3),
        "recall@all": (2 / 3, 3),
        "answered": (2 / 3, 3),
        "refused_unanswerable": (1 / 2, 2),
        "refused_on_topic": (0, 1),
        "refused_wrong_subject": (1, 1),
        # 0.9 and 0.8 are above both of 0.6 and 0.3; 0.3 is below one and level with the other.
        "auroc_answerable": (4.5 / 6, 5),
        "auroc_wrong_subject": (2.5 / 3, 4),
        # 0.9 is above 0.8, 0.6, 0.3; 0.3 is level with 0.3.
        "auroc_right_vs_rest": (3.5 / 6, 5),
        # Right among those shown: 1/1, 1/2, 1/3, then 2/5 for both of 0.3.
        "right_at_p90": (1 / 3, 3),
        "right_at_p80": (1 / 3, 3),
        "words@1": (9, 3),
        "word_p": (5 / 20, 5),
        "word_r": (5 / 15, 5),
        "word_f1": (pytest.approx(2 * 5 / 35), 5),
        # 0.9 before 0.6, and 0.3 level with 0.3.
        "twin_order": (1.5 / 2, 2),
        # 0.9 above 0.6 and 0.3; 0.3 below 0.6 and level with 0.3.
        "twin_auroc": (2.5 / 4, 2),
    }


def test_shares_have_wilsons_interval() -> None:
    figure = measure(JUDGED)["hit@1"]
    assert (figure.low, figure.high) == wilson(2, 3)


def test_figures_repeat() -> None:
    assert measure(JUDGED) == measure(JUDGED)


def test_what_cannot_be_measured_is_left_out() -> None:
    assert measure([]) == {}
    assert set(measure([JUDGED[4]])) == {
        "refused_unanswerable", "word_p", "word_r", "word_f1",
    }  # fmt: skip
    assert "recall@all" not in measure([replace(JUDGED[0], candidate_place=None)])
    assert "word_f1" not in measure([replace(one, words=None) for one in JUDGED])
    assert "twin_order" not in measure([replace(one, twin_of="elsewhere") for one in JUDGED])


def test_groups_are_drawn_and_not_questions() -> None:
    together = measure([replace(one, unit="1") for one in JUDGED])
    for name in ("auroc_answerable", "word_f1", "words@1", "twin_auroc"):
        figure = together[name]
        assert (figure.low, figure.high) == (figure.value, figure.value), name


def test_the_bootstrap_of_a_share_is_near_its_known_interval() -> None:
    yes = [replace(_ONE, qid=f"y{i}", unit=f"{i}", confidence=0.5) for i in range(200)]
    no = [
        replace(one, qid=f"n{i}", twin_of=one.qid, answerable=False, confidence=(i % 4) / 2)
        for i, one in enumerate(yes)
    ]
    figure = measure(yes + no)["twin_order"]
    # A quarter has 0 (ahead), a quarter 0.5 (level), half 1 or 1.5 (behind): 0.375, of variance
    # 1/4 + 1/16 - 0.375 squared, so a standard error of sqrt(0.1719 / 200).
    half = 1.96 * math.sqrt((1 / 4 + 1 / 16 - 0.375**2) / 200)
    assert figure.value == 0.375
    assert figure.low == pytest.approx(0.375 - half, abs=0.012)
    assert figure.high == pytest.approx(0.375 + half, abs=0.012)


@pytest.mark.parametrize(
    ("positive", "negative", "area"),
    [
        ([1.0, 2.0], [0.0], 1.0),
        ([0.0], [1.0, 2.0], 0.0),
        ([1.0, 1.0], [1.0], 0.5),
        ([3.0, 1.0], [2.0, 1.0], 2.5 / 4),
    ],
)
def test_the_area_under_the_curve(
    positive: list[float], negative: list[float], area: float
) -> None:
    assert auroc(positive, negative) == area


def test_no_area_without_both_kinds() -> None:
    assert math.isnan(auroc([], [1.0]))
    assert math.isnan(auroc([1.0], []))


def test_equal_confidences_are_not_parted() -> None:
    # Were the right one let through alone, a third of the answerable would be covered.
    level = [replace(one, confidence=0.5) for one in JUDGED]
    assert measure(level)["right_at_p90"].value == 0


def test_the_kinds_of_unanswerable_questions() -> None:
    kinds = ["unanswerable/removed/causes", "unanswerable/removed/outlook", "unanswerable/drug/x"]
    found = measure([replace(JUDGED[3], qid=kind, kind=kind, twin_of=None) for kind in kinds])
    assert {name: figure.of for name, figure in found.items() if name.startswith("refused")} == {
        "refused_unanswerable": 3,
        "refused_removed": 2,
        "refused_drug": 1,
    }


DATA = Path(os.environ.get("EVAL_DATA", Path(__file__).resolve().parents[2] / "shared" / "eval"))
TOLERANCE = 5.1e-4
"""The scorer rounds to three decimals."""


def scorer() -> ModuleType:
    path = DATA / "score_quotes.py"
    if not path.is_file():
        # No CI can install them: they lie outside the project.
        pytest.skip(f"{path} is missing. Set EVAL_DATA to the folder of the evaluation sets.")
    spec = importlib.util.spec_from_file_location("score_quotes", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made_up_responses(chosen: EvaluationSet, questions: list[SetQuestion]) -> list[Response]:
    """Quotes of all sorts, right and wrong, long and short, with confidences that all differ."""
    random = np.random.default_rng(7)
    texts = {document.file_name: document.text for document in chosen.documents}
    names = sorted(texts)
    responses = []
    for question in questions:
        quotes = []
        for _ in range(int(random.integers(0, 7))):
            name = names[int(random.integers(len(names)))]
            if question.golds and random.random() < 0.6:
                name = question.golds[0].document
            start = int(random.integers(max(1, len(texts[name]) - 20)))
            if question.golds and random.random() < 0.5:
                start = max(0, texts[name].find(question.golds[0].texts[0]) - 1)
            quotes.append(Quoted(name, texts[name][start : start + int(random.integers(9, 1200))]))
        refused = not quotes or random.random() < 0.3
        responses.append(Response(bool(refused), float(random.random()), tuple(quotes)))
    return responses


@pytest.mark.parametrize("name", ["covidfaq", "covidqa", "squad2dev", "patients"])
def test_the_sets_own_scorer_says_the_same(name: str) -> None:
    module = scorer()
    chosen = read_set(DATA / name)
    with_twins = [one for one in chosen.questions if one.qid.rstrip("t") < "pa-00-030"]
    questions = with_twins if name == "patients" else list(chosen.questions[:60])
    responses = made_up_responses(chosen, questions)
    answers = [
        {
            "qid": question.qid,
            "refused": response.refused,
            "confidence": response.confidence,
            "quotes": [{"doc_id": one.document, "text": one.text} for one in response.quotes],
        }
        for question, response in zip(questions, responses, strict=True)
    ]
    asked = {question.qid for question in questions}
    rows = [row for row in module.questions(name) if row["qid"] in asked]
    theirs: dict[str, Any] = module.score(name, rows, answers)
    ours = measure(
        [judge_response(q, response) for q, response in zip(questions, responses, strict=True)],
        repeats=2,
    )
    compared = {key for key in theirs if key in ours}
    assert compared >= {"hit@1", "hit@3", "hit@5", "words@1", "auroc_right_vs_rest", "right_at_p80"}
    assert 0 < ours["hit@1"].value < 1
    if name == "patients":
        assert compared >= {"word_f1", "twin_order", "twin_auroc", "refused_evidence_removed"}
    for key in compared:
        assert ours[key].value == pytest.approx(theirs[key], abs=TOLERANCE), key
