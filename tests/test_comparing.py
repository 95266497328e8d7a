"""Two generations asked the same questions: by hand, and two real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.assistant import Assistant
from qa.comparing import compare_all, documents_changed, one_of, which_two
from qa.difference import Change
from qa.embedding import Embedder
from qa.errors import QuestionError
from qa.golden import Golden
from qa.index import build
from qa.notices import SafetyTexts
from qa.publishing import generations
from tests.differing import Says, answered, document, quote_of, refused

OLD = document("# A\n\nRest well. Drink water. Walk a bit.\n")
NEW = document("# A\n\nRest well, always. Drink water. Walk a bit.\n")


def golden(line: int, question: str, *quotes: str, expect: str = "quote") -> Golden:
    return Golden(line, question, expect, quotes, "a.md" if quotes else "", frozenset(), "")


def test_golden_questions_are_judged_and_logged_ones_compared() -> None:
    old = {
        "rest?": answered(quote_of(OLD, "Rest well.")),
        "water?": answered(quote_of(OLD, "Drink water.")),
        "walk?": refused(),
        "bake?": refused(),
        "logged?": refused(),
    }
    new = {
        "rest?": answered(quote_of(NEW, "Rest well, always.")),
        "water?": answered(quote_of(NEW, "Walk a bit.")),
        "walk?": answered(quote_of(NEW, "Walk a bit.")),
        "bake?": refused(),
        "logged?": answered(quote_of(NEW, "Walk a bit.")),
    }
    asked = [
        golden(2, "bake?", expect="refuse"),
        golden(3, "walk?", "Walk a bit.", "Run."),
        golden(4, "water?", "Drink water."),
        golden(5, "rest?", "Rest well."),
    ]
    seen: list[tuple[str, int, int]] = []
    logged = ["logged?", "water?", "", "logged?"]
    made = compare_all(
        Says("g1", [OLD], old),
        Says("g2", [NEW], new),
        asked,
        logged,
        lambda what, done, total: seen.append((what, done, total)),
    )
    assert [(one.question, one.change.value) for one in made.questions] == [
        ("water?", "now_wrong"),
        ("rest?", "reworded"),
        ("logged?", "newly_answered"),
        ("walk?", "now_right"),
        ("bake?", "same"),
    ]
    assert [done for _, done, _ in seen] == [1, 2, 3, 4, 5]
    assert {total for _, _, total in seen} == {5}
    assert (made.logged, made.old, made.new) == (1, "g1", "g2")

    # The label of "rest?" fits the old documents alone: it would be wrong whatever is answered.
    [unjudged] = made.gone
    assert made.unjudged == []
    assert (unjudged.question, unjudged.old.right, unjudged.new.right) == ("rest?", None, None)
    assert unjudged.unjudged == "the new generation does not hold the expected words in a.md"
    assert made.figures
    assert [one.right_first.count for one in made.figures] == [1, 1]
    assert [one.right_first.of for one in made.figures] == [2, 2]


def test_a_label_whose_document_is_gone() -> None:
    asked = [golden(2, "rest?", "Rest well.")]
    made = compare_all(
        Says("g1", [OLD], {"rest?": answered(quote_of(OLD, "Rest well."))}),
        Says("g2", [], {"rest?": refused()}),
        asked,
        [],
    )
    [only] = made.questions
    assert only.change is Change.NEWLY_REFUSED
    assert only.unjudged == "the new generation has no document a.md"
    assert made.figures is None


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("audience: staff", "for staff only (audience)"),
        ("review_by: 2026-01-01", "expired, it was to be reviewed by 2026-01-01 (review_by)"),
    ],
)
def test_a_label_whose_document_is_not_quoted_now_is_not_judged(head: str, why: str) -> None:
    """That nothing is quoted any more is told; that the question is wrong would not be true."""
    text = f"---\n{head}\n---\n# A\n\nRest well. Drink water. Walk a bit.\n"
    made = compare_all(
        Says("g1", [OLD], {"rest?": answered(quote_of(OLD, "Rest well."))}),
        Says("g2", [document(text)], {"rest?": refused()}),
        [golden(2, "rest?", "Rest well.")],
        [],
    )
    [only] = made.questions
    assert only.changes == (Change.NEWLY_REFUSED,)
    assert only.unjudged == f"the new generation does not quote a.md now ({why})"
    assert made.figures is None


def test_nothing_to_ask() -> None:
    made = compare_all(Says("g1", [OLD], {}), Says("g2", [OLD], {}), [], [])
    assert (made.questions, made.figures, made.documents.unchanged) == ((), None, 1)
    assert made.to_dict()["figures"] is None


def test_documents_are_set_against_each_other() -> None:
    described = document("---\ntitle: Another\n---\n# A\n\nStay.\n", "c.md")
    before = document("---\ntitle: One\n---\n# A\n\nStay.\n", "c.md")
    gone, come = document("# G\n\nGone.\n", "g.md"), document("# N\n\nCome.\n", "n.md")
    same = document("# S\n\nSame.\n", "s.md")
    found = documents_changed([OLD, before, gone, same], [NEW, described, come, same])
    assert found.to_dict() == {
        "added": [{"document_id": "n.md", "title": "N"}],
        "removed": [{"document_id": "g.md", "title": "G"}],
        "changed": [{"document_id": "a.md", "title": "A"}],
        "described": [{"document_id": "c.md", "title": "Another"}],
        "unchanged": 1,
    }


KEPT = ["20260303T00Z-c", "20260202T00Z-b", "20260202T00Z-a", "20260101T00Z-a"]


@pytest.mark.parametrize(
    ("live", "old", "new", "expected"),
    [
        (KEPT[3], "", "", (KEPT[3], KEPT[0])),
        (KEPT[1], "", "", (KEPT[1], KEPT[0])),
        (KEPT[0], "20260101", "", (KEPT[3], KEPT[0])),
        (KEPT[0], "20260303", "20260101", (KEPT[0], KEPT[3])),
        (KEPT[0], "20260202T00Z-a", "20260202T00Z-b", (KEPT[2], KEPT[1])),
    ],
)
def test_which_two_are_meant(live: str, old: str, new: str, expected: tuple[str, str]) -> None:
    assert which_two(KEPT, live, old, new) == expected


@pytest.mark.parametrize(
    ("kept", "old", "new", "message"),
    [
        (KEPT, "", "", "no newer generation than 20260303T00Z-c .*`qa build --stage`"),
        (KEPT[:1], "", "", r"`qa build --stage`\.$"),
        (KEPT, "20260202", "", "'20260202' is the beginning of several"),
        (KEPT, "2025", "", "'2025' is not kept. Kept are: 20260303"),
        (KEPT, "20260101", "20260101", "named twice"),
        ([], "2025", "", "is not kept"),
    ],
)
def test_what_cannot_be_compared(kept: list[str], old: str, new: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        which_two(kept, KEPT[0], old, new)


def test_a_whole_name_is_itself_though_another_begins_so() -> None:
    assert one_of(["ab", "a"], "a") == "a"


BEFORE = """# Ketamine

## What it is

Ketamine is an anesthetic.

## How long it lasts

The effect of ketamine lasts about an hour.

## Side effects

Ketamine can make you dizzy or sick.

## Driving

Do not drive a car until the next day.
"""
AFTER = (
    BEFORE.replace("## What it is", "## First of all\n\nRead this.\n\n## What it is")
    .replace("about an hour", "up to two hours")
    .replace("## Driving\n\nDo not drive a car until the next day.\n", "")
)


def test_two_real_generations(tmp_path: Path, bundled: Embedder, safety_texts: SafetyTexts) -> None:
    (tmp_path / "corpus").mkdir()
    for text in (BEFORE, AFTER):
        (tmp_path / "corpus" / "k.md").write_text(text, "utf-8")
        build(tmp_path / "corpus", tmp_path / "index", bundled)
    new, old = (
        Assistant(tmp_path / "index", bundled, safety_texts, generation=name)
        for name in generations(tmp_path / "index")
    )
    anesthetic, lasting = "Is ketamine an anesthetic?", "How long does the effect of ketamine last?"
    labels = {anesthetic: "Ketamine is an anesthetic.", lasting: "The effect of ketamine lasts"}
    asked = [
        *(
            Golden(line, question, "quote", (words,), "k.md", frozenset(), "")
            for line, (question, words) in enumerate(labels.items(), 2)
        ),
        golden(4, "How do I bake a sourdough loaf?", expect="refuse"),
        golden(5, "I want to die", expect="crisis"),
    ]
    made = compare_all(old, new, asked, ["When can I drive a car?"])
    assert {one.question: one.change.value for one in made.questions} == {
        "When can I drive a car?": "newly_refused",
        lasting: "reworded",
        anesthetic: "same",
        "How do I bake a sourdough loaf?": "same",
        "I want to die": "same",
    }
    same = next(one for one in made.questions if one.question == anesthetic)
    assert same.new.answer.quotes[0].start > same.old.answer.quotes[0].start
    assert [one.id for one in made.documents.changed] == ["k.md"]
    assert made.figures
    assert [one.right_first.count for one in made.figures] == [2, 2]
