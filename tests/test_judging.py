"""Which quotes are right, and how many of the labelled words they hold, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.evaluation_sets import Gold, GoldKind, SetQuestion
from qa.judging import Quoted, Response, WordCounts, is_right, judge_response

SECTION = SetQuestion(
    qid="1",
    text="How do I wash?",
    answerable=True,
    kind="section",
    split="dev",
    gold_kind=GoldKind.SECTION,
    golds=(Gold("a.txt", ("Wash your hands.\n\nUse soap.",)), Gold("b.txt", ("Use much water.",))),
    evidence_sets=(),
    within=None,
    about="a",
    leaflet="a",
    group=None,
    twin_of=None,
)
NURSE = "Tell the nurse at once when your arm swells."
SENTENCES = replace(
    SECTION,
    gold_kind=GoldKind.SENTENCES,
    golds=(Gold("a.txt", (NURSE, "Rest it.")),),
    evidence_sets=((NURSE, "Rest it."), ("Rest it.",)),
)
SPAN = replace(SECTION, gold_kind=GoldKind.SPAN, golds=(Gold("a.txt", ("two weeks",)),))
PADDING = " Filler here." * 70
"""140 words."""


@pytest.mark.parametrize(
    ("question", "document", "text", "right"),
    [
        (SECTION, "a.txt", "Wash your hands.", True),
        (SECTION, "a.txt", "WASH  your hands.", True),
        (SECTION, "a.txt", "wash your\nface", True),  # line ends part it: 9 of 9 + 4
        (SECTION, "b.txt", "Wash your hands.", False),
        (SECTION, "b.txt", "Use much water.", True),
        (SECTION, "c.txt", "Use much water.", False),
        # 16 of 16 + 31 characters, then 9 of 9 + 4.
        (SECTION, "a.txt", "Wash your hands. Go to the river and swim there.", False),
        (SECTION, "a.txt", "Use soap. Eat.", True),
        (SECTION, "a.txt", "Wash your hands. Use soap." + PADDING[: 13 * 20], True),
        (SECTION, "a.txt", "Wash your hands. Use soap." + PADDING, False),
        (SECTION, "a.txt", "-", False),
        (SENTENCES, "a.txt", f"Then: {NURSE.upper()} And so on.", True),
        (SENTENCES, "a.txt", "Tell the nurse at once when your arm", True),
        (SENTENCES, "a.txt", "Tell the nurse at once", False),
        (SENTENCES, "a.txt", "Rest  it.", True),
        (SENTENCES, "a.txt", f"{NURSE}{PADDING}", False),
        (SENTENCES, "b.txt", NURSE, False),
        (SPAN, "a.txt", "It takes two\nWeeks.", True),
        (SPAN, "a.txt", "It takes two or three weeks.", False),
        (SPAN, "a.txt", f"two weeks{PADDING}", False),
    ],
)
def test_right_quotes(question: SetQuestion, document: str, text: str, right: bool) -> None:
    assert is_right(question, Quoted(document, text)) is right


def test_candidates_may_be_of_any_length() -> None:
    assert is_right(SPAN, Quoted("a.txt", f"two weeks{PADDING}"), max_words=None)


def test_a_response_is_judged() -> None:
    quotes = [Quoted("a.txt", text) for text in ("Eat it.", "Use soap.", "", "", "", "Use soap.")]
    candidates = (*quotes[:1], Quoted("b.txt", "Use much water."))
    judged = judge_response(SECTION, Response(True, 0.4, tuple(quotes), candidates))
    assert (judged.qid, judged.unit, judged.refused, judged.confidence) == ("1", "1", True, 0.4)
    assert judged.right == (False, True, False, False, False)
    assert (judged.first_words, judged.candidate_place, judged.words) == (2, 2, None)


def test_nothing_is_right_where_there_is_no_answer() -> None:
    question = replace(SECTION, answerable=False, golds=(), group="7", twin_of="0")
    judged = judge_response(question, Response(False, 0.4, (Quoted("a.txt", "Use soap."),)))
    assert (judged.right, judged.candidate_place, judged.first_words) == ((), None, 2)
    assert (judged.unit, judged.twin_of) == ("a", "0")


@pytest.mark.parametrize(
    ("refused", "texts", "counts"),
    [
        # Both sets hold "Rest it.", which is all of the second and 2 words of 11 of the first.
        (False, ["Rest it.", "Eat."], WordCounts(2, 3, 2)),
        # Both sets whole: the smaller one.
        (False, [f"{NURSE} Rest it."], WordCounts(2, 11, 2)),
        # Of the first set 9 of 11, of the second nothing.
        (False, [NURSE], WordCounts(9, 9, 11)),
        # Nothing of either: the smaller one.
        (False, ["Tell the nurse at once when your arm"], WordCounts(0, 8, 2)),
        (True, [NURSE], WordCounts(0, 0, 2)),
    ],
)
def test_words_of_labelled_sentences(refused: bool, texts: list[str], counts: WordCounts) -> None:
    quotes = tuple(Quoted("a.txt", text) for text in texts)
    assert judge_response(SENTENCES, Response(refused, 0.5, quotes)).words == counts


def test_words_where_there_is_no_answer() -> None:
    question = replace(SENTENCES, answerable=False, golds=(), evidence_sets=())
    response = Response(False, 0.5, (Quoted("a.txt", "Rest it."),))
    assert judge_response(question, response).words == WordCounts(0, 2, 0)
