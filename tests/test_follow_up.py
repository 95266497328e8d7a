"""Follow-ups are completed from the questions before them; what stands alone is left as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.embedding import Embedder
from qa.follow_up import MAX_JOINED, completed
from qa.golden import fold
from qa.lexical import Tokenizer
from qa.mentions import Mentions, known_in
from qa.spelling import Speller
from tests.benchmarks.follow_ups import Conversation, read_conversations
from tests.hostile_questions import slow_questions

TEXT = (Path(__file__).parents[1] / "corpus" / "ketamine-for-ptsd.md").read_text("utf-8")
SPEAKS_OF = known_in([Mentions(TEXT, Tokenizer().every)], Speller([TEXT]).meant, {})
CONVERSATIONS = read_conversations()
Said = Callable[..., str]


@pytest.fixture(scope="module")
def said(bundled: Embedder) -> Said:
    """The last question as it is to be searched for."""
    return lambda *asked: completed(asked[-1], asked[:-1], SPEAKS_OF, bundled.is_common)


@pytest.mark.parametrize(
    ("asked", "full"),
    [
        (("What is ketamine?", "And how long does it last?"), "And how long does ketamine last?"),
        (("what is ptsd", "what are its signs"), "what are ptsd's signs"),
        (("what is ketamine", "It's safe?"), "ketamine is safe?"),
        (("What happens at an infusion?", "does it hurt"), "does the infusion hurt"),
        (
            ("What are the side effects of ketamine?", "How long do they last?"),
            "How long do the side effects of ketamine last?",
        ),
        (("ketamine side effects", "are they bad"), "are ketamine side effects bad"),
        (("What are antidepressants?", "do they help"), "do antidepressants help"),
        (("Can ketamine harm me?", "why?"), "why can ketamine harm me?"),
        (("How does ketamine help?", "why?"), "How does ketamine help? why?"),
        (("is ketamine misused", "is that common?"), "is ketamine misused? is that common?"),
        (
            ("Is ketamine approved for PTSD?", "and for depression?"),
            "Is ketamine approved for depression?",
        ),
        (("Is ketamine approved?", "and for depression?"), "Is ketamine approved for depression?"),
        (("does ketamine help PTSD", "for epilepsy?"), "does ketamine help epilepsy?"),
        (
            ("Is ketamine approved for PTSD?", "What about esketamine?"),
            "Is esketamine approved for PTSD?",
        ),
        (("Can it harm the bladder?", "And the liver?"), "Can it harm the liver?"),
    ],
)
def test_a_follow_up_is_completed(said: Said, asked: tuple[str, ...], full: str) -> None:
    assert said(*asked) == full


def test_a_follow_up_of_a_follow_up(said: Said) -> None:
    assert said("what is spravato", "is it approved for depression", "and for ptsd?") == (
        "is spravato approved for ptsd?"
    )
    assert said("Is ketamine safe?", "what about esketamine?", "can I drive on it?") == (
        "can I drive on esketamine?"
    )


def test_a_new_subject_takes_over_and_small_talk_does_not(said: Said) -> None:
    assert said("what is ketamine", "what is ptsd", "can it be cured") == "can ptsd be cured"
    later = ("thanks!", "who won the cowboys game", "can I drive home")
    assert said("what is ketamine", *later, "is it safe?") == "is ketamine safe?"


def test_a_foreign_subject_stays(said: Said) -> None:
    assert said("Is ketamine safe?", "and metformin?") == "and metformin?"
    assert said("Is ketamine safe?", "is it safe with metformin?") == "is it safe with metformin?"
    assert said("Is ketamine safe?", "and metformin?", "is it cheap?") == "is metformin cheap?"


def test_without_anything_to_lean_on_a_question_is_left_as_it_is(said: Said) -> None:
    assert said("how long does it last?") == "how long does it last?"
    assert said("hello", "how long does it last?") == "how long does it last?"
    assert said("is ketamine safe", "are they serious") == "are they serious"
    assert said("does it cure ptsd", "what is ptsd", "does it cure ptsd") == "does it cure ptsd"


def test_a_long_earlier_question_gives_its_subject_only(said: Said) -> None:
    long = "Is ketamine safe for my mother" + ", who is very old" * (MAX_JOINED // 17) + "?"
    for question in ("why?", "and the liver?", "is that common?", "for children?"):
        assert said(long, question) == question
    assert said(long, "how does it work?") == "how does ketamine work?"


@pytest.mark.parametrize("one", CONVERSATIONS, ids=lambda one: str(one.line))
def test_our_conversations(said: Said, one: Conversation) -> None:
    full = said(*one.previous, one.question)
    if one.kind in ("alone", "small talk"):
        assert full == one.question
    for part in one.expect:
        assert part == "refuse" or fold(part) in fold(TEXT) or "|" in part


def test_there_are_enough_conversations_in_each_half() -> None:
    alone = [one for one in CONVERSATIONS if one.kind == "alone"]
    assert len(CONVERSATIONS) >= 140
    assert len(alone) >= 60
    assert sum(one.tuned for one in CONVERSATIONS) * 2 == len(CONVERSATIONS)


def test_really_said_often_is_read_in_one_way(said: Said) -> None:
    asked = ("what is ketamine", "is it " + "really " * 21 + "safe?")
    assert said(*asked) == "is ketamine " + "really " * 21 + "safe?"
    aside = "is it " + "really " * 21 + "safe to say that?"
    assert said("what is ketamine", aside) == aside


@pytest.mark.parametrize("times", [3, pytest.param(20, marks=pytest.mark.nightly)])
def test_no_question_takes_long_to_complete(said: Said, times: int) -> None:
    assert slow_questions(lambda one: said("what is ketamine", *[one] * times)) == []
    assert (
        slow_questions(lambda one: said("what is ketamine", "why?", one[:MAX_JOINED], "for a"))
        == []
    )
