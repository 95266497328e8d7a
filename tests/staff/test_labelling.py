"""Labels made of what a member chose."""

from __future__ import annotations

import pytest

from qa.chunking import split_sentences
from qa.corpus import make_document
from qa.errors import QuestionError
from qa.staff.golden_book import Label
from qa.staff.labelling import placed, sentences_within, tags_with

CARE = make_document(
    "care.md", b"# Care\n\nOn the day:\n\n- Do not\n  drive. \n- Rest.\n\nRest. Call || us.\n"
)
SENTENCES = split_sentences(CARE)


def test_sentences_become_alternatives_with_their_places() -> None:
    spans = sentences_within(CARE, SENTENCES, (0, CARE.text.index("Call")), {}, 0.2)
    assert [CARE.text[a:b] for a, b in spans] == ["Do not drive.", "Rest.", "Rest."]
    label = placed(Label("Why?", "quote"), CARE, spans[:2], ["On the day:"])
    assert (label.quote, label.document) == ("On the day: || Do not drive. || Rest.", "care.md")
    places = " || ".join(f"{a}:{b}" for a, b in [(6, 17), *spans[:2]])
    assert label.spans == f"{places} of {CARE.sha256[:8]}"


def test_a_lead_in_alone_is_taken() -> None:
    assert sentences_within(CARE, SENTENCES, (6, 17), {}, 0.2) == [(6, 17)]


def test_what_only_stands_beside_the_answer_is_no_answer() -> None:
    whole = (0, CARE.text.index("Call"))
    drive, rest, again = sentences_within(CARE, SENTENCES, whole, {}, 0.2)
    evidence = {drive: 0.9, rest: 0.17, again: 0.2}
    assert sentences_within(CARE, SENTENCES, whole, evidence, 0.2) == [drive, again]
    assert sentences_within(CARE, SENTENCES, whole, {drive: 0.9}, 0.2) == [drive]


def test_words_that_part_sentences_are_refused() -> None:
    call = next(one for one in SENTENCES if "||" in CARE.text[one.start : one.end])
    with pytest.raises(QuestionError, match=r"care\.md has .* in it"):
        placed(Label("Why?", "quote"), CARE, [(call.start, call.end)])


@pytest.mark.parametrize(
    ("old", "held", "off_topic", "new"),
    [
        ("", False, None, "tuned"),
        ("tuned plain on_topic", True, None, "held plain"),
        ("held typo", False, True, "tuned off_topic typo"),
        ("off_topic", False, False, "tuned on_topic"),
        ("tuned wrong_subject", False, False, "tuned wrong_subject"),
    ],
)
def test_tags_say_what_a_question_is_for(
    old: str, held: bool, off_topic: bool | None, new: str
) -> None:
    assert tags_with(old, held=held, off_topic=off_topic) == new
