"""What changed between two runs, and whether it is more than chance."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.feedback import Place
from qa.staff.judgement import Judgement, Result
from qa.staff.run_book import Run
from qa.staff.run_changes import changes_between, direction, verdict, what_changed

BASE = Judgement(
    *("q", "quote", (), "a.md", Result.RIGHT_FIRST, 0.8, 1, True, False, ""),
    (Place("a.md", 1, 5),),
)
PARTS = {"corpus": "1", "model": "2", "settings": "3", "reader": "4", "program": "5"}
RUN = Run(
    *("2026-11-26T10:15:00Z", 1.0, "Nora", "g1", "s", 0.44, "c", True, ()),
    parts=PARTS,
    texts={"a.md": "ff"},
)


def judged(question: str, result: Result, **others: object) -> Judgement:
    return replace(BASE, question=question, result=result, **others)  # type: ignore[arg-type]


def test_better_worse_and_otherwise() -> None:
    before = replace(
        RUN,
        judgements=(
            judged("a", Result.WRONG_QUOTE),
            judged("b", Result.RIGHT_FIRST),
            judged("c", Result.RIGHT_FIRST),
            judged("d", Result.HELD_BACK, shown=False),
            judged("e", Result.RIGHT_FIRST),
            judged("f", Result.RIGHT_FIRST),
            judged("gone", Result.RIGHT_FIRST),
        ),
    )
    after = replace(
        RUN,
        judgements=(
            judged("a", Result.HELD_BACK, shown=False),
            judged("b", Result.RIGHT_IN_THREE),
            judged("c", Result.RIGHT_FIRST, places=(Place("a.md", 1, 9),)),
            judged("d", Result.NOT_FOUND, shown=False),
            judged("e", Result.ANSWERED_WRONGLY, expect="refuse"),
            judged("f", Result.RIGHT_FIRST, confidence=0.7),
            judged("new", Result.RIGHT_FIRST),
        ),
    )
    found = changes_between(before, after)
    assert [one.question for one in found.better] == ["a"]
    assert [one.question for one in found.worse] == ["b"]
    assert [(one.question, one.why) for one in found.other] == [
        ("c", "other passages are quoted"),
        ("d", "refused for another reason"),
        ("e", "another answer is expected of it now"),
    ]
    assert (found.same, found.only_before, found.only_after) == (1, 1, 1)
    assert found.judgement == "1 better, 1 worse: too few to tell from chance (p = 1)."
    # Where the document is another one, its offsets tell nothing.
    moved = changes_between(before, replace(after, texts={"a.md": "ee"}))
    assert [one.question for one in moved.other] == ["d", "e"]


@pytest.mark.parametrize("result", Result)
def test_every_result_has_its_grade(result: Result) -> None:
    assert direction(judged("q", result), judged("q", result)) == 0


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 0), "No question went better or worse."),
        ((3, 1), "3 better, 1 worse: too few to tell from chance (p = 0.62)."),
        ((6, 0), "6 better, 0 worse: more than chance explains (p = 0.031)."),
        ((0, 12), "0 better, 12 worse: more than chance explains (p < 0.001)."),
    ],
)
def test_the_verdict_in_words(counts: tuple[int, int], words: str) -> None:
    assert verdict(*counts) == words


def test_what_two_runs_do_not_share() -> None:
    assert what_changed(RUN, RUN) == ""
    assert what_changed(RUN, replace(RUN, generation="g2")) == (
        "the generation, of the same documents"
    )
    other = replace(
        RUN,
        generation="g2",
        threshold=0.5,
        golden_sha256="d",
        parts=PARTS | {"corpus": "9", "settings": "9"},
    )
    assert what_changed(RUN, other) == (
        "the documents or synonyms, the settings, the threshold (0.44 → 0.5) and the golden "
        "questions"
    )
