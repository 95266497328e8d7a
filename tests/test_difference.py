"""What became of an answer: each kind of change, by hand."""

from __future__ import annotations

import json

import pytest

from qa.alignment import Places
from qa.comparing import documents_changed
from qa.difference import WORST_FIRST, Change, Changed, Difference, Side, compare
from qa.types import Answer, AnswerKind
from tests.differing import answered, document, noticed, quote_of, refused

OLD = document("# A\n\nRest well. Drink water.\n\n## B\n\nRest well.\n")
NEW = document("# A\n\nEat first. Rest well. Drink water.\n\n## B\n\nRest well. Drink tea.\n")
OTHER = document("# Other\n\nRest well.\n", "other.md")
PLACES = Places({"a.md": OLD, "other.md": OTHER}.get, {"a.md": NEW, "other.md": OTHER}.get)
REST, REST_NOW = quote_of(OLD, "Rest well."), quote_of(NEW, "Rest well.")
WATER, WATER_NOW = quote_of(OLD, "Drink water."), quote_of(NEW, "Drink water.")


def changes(
    old: Answer, new: Answer, was: bool | None = None, now: bool | None = None
) -> list[str]:
    return [one.value for one in compare(Side(old, was), Side(new, now), PLACES)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (answered(REST), answered(REST_NOW), "same"),  # further behind, where it was
        (refused(), refused("off_corpus"), "same"),
        (answered(REST), answered(quote_of(NEW, "Rest well.", 1)), "elsewhere"),
        (answered(REST), answered(quote_of(OTHER, "Rest well.")), "elsewhere"),
        (answered(REST), answered(WATER_NOW), "reworded"),
        (answered(REST), answered(REST_NOW, WATER_NOW), "reworded"),
        (answered(REST, WATER), answered(WATER_NOW, REST_NOW), "reworded"),
        (
            answered(REST, WATER),
            answered(REST_NOW, quote_of(NEW, "Drink water.", role="warning")),
            "reworded",
        ),
        (answered(REST), refused(), "newly_refused"),
        (refused(), answered(REST_NOW), "newly_answered"),
        (noticed(AnswerKind.CRISIS, REST), noticed(AnswerKind.CRISIS, REST_NOW), "same"),
        (noticed(AnswerKind.CRISIS, REST), noticed(AnswerKind.CRISIS), "newly_refused"),
    ],
)
def test_by_words_and_places(old: Answer, new: Answer, expected: str) -> None:
    assert changes(old, new) == [expected]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (refused(), noticed(AnswerKind.CRISIS), ["danger_changed"]),
        (noticed(AnswerKind.EMERGENCY), noticed(AnswerKind.CRISIS), ["danger_changed"]),
        (answered(REST), noticed(AnswerKind.CRISIS, REST_NOW), ["danger_changed"]),
        (
            answered(REST),
            noticed(AnswerKind.EMERGENCY),
            ["danger_changed", "newly_refused"],
        ),
        (
            noticed(AnswerKind.CRISIS),
            answered(REST_NOW),
            ["danger_changed", "newly_answered"],
        ),
    ],
)
def test_danger_goes_before_all(old: Answer, new: Answer, expected: list[str]) -> None:
    assert changes(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "was", "now", "expected"),
    [
        (answered(REST), refused(), True, False, ["now_wrong", "newly_refused"]),
        (answered(REST), answered(WATER_NOW), True, False, ["now_wrong", "reworded"]),
        (refused(), answered(REST_NOW), True, False, ["now_wrong", "newly_answered"]),
        # What was wrong and is refused now, as it should be, is no loss.
        (answered(REST), refused(), False, True, ["now_right"]),
        (refused(), answered(REST_NOW), False, True, ["now_right"]),
        (answered(REST), answered(WATER_NOW), False, True, ["now_right"]),
        (answered(REST), answered(WATER_NOW), True, True, ["reworded"]),
        (answered(REST), refused(), False, False, ["newly_refused"]),
        (answered(REST), refused(), None, False, ["newly_refused"]),
        (
            answered(REST),
            noticed(AnswerKind.EMERGENCY),
            True,
            False,
            ["danger_changed", "now_wrong", "newly_refused"],
        ),
    ],
)
def test_what_a_golden_question_judges(
    old: Answer, new: Answer, was: bool | None, now: bool, expected: list[str]
) -> None:
    assert changes(old, new, was, now) == expected


def test_counts_and_json() -> None:
    pairs = [
        (answered(REST), answered(REST_NOW), None),
        (answered(REST), refused(), 4),
        (answered(REST), noticed(AnswerKind.EMERGENCY), None),
    ]
    found = [
        Changed("Why?", Side(old), Side(new), compare(Side(old), Side(new), PLACES), line)
        for old, new, line in pairs
    ]
    made = Difference("g1", "g2", documents_changed([OLD], [NEW, OTHER]), tuple(found), None)
    assert list(made.counts) == list(WORST_FIRST)
    assert {one.value: count for one, count in made.counts.items() if count} == {
        "danger_changed": 1,
        "newly_refused": 1,
        "same": 1,
    }
    # The one with another notice is newly refused as well.
    assert made.any_of({Change.NEWLY_REFUSED}) == 2
    assert made.any_of({Change.NOW_WRONG, Change.ELSEWHERE}) == 0
    assert made.any_of(()) == 0
    assert made.logged == 2
    written = json.loads(json.dumps(made.to_dict()))
    assert written["counts"]["same"] == 1
    assert written["documents"]["added"] == [{"document_id": "other.md", "title": "Other"}]
    assert [one["logged"] for one in written["questions"]] == [True, False, True]
    first = written["questions"][0]
    assert first["old"]["answer"]["quotes"][0]["start"] == REST.start
    assert first["new"]["answer"]["quotes"][0]["start"] == REST_NOW.start
