"""Which questions lean on the one before them, and which stand alone."""

from __future__ import annotations

import pytest

from qa.dependence import Leans, dependence, is_small_talk
from qa.subject import NamedSubject


def leans(question: str, *names: str, known: bool = True) -> tuple[Leans, str] | None:
    named = [NamedSubject(name, question.index(name), known) for name in names]
    found = dependence(question, named)
    return found and (found.leans, question[found.start : found.end])


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("and for children?", "for children?"),
        ("What about the liver?", "the liver?"),
        ("ok, and the dose?", "the dose?"),
        ("in older people?", "in older people?"),
        ("over how many weeks", "over how many weeks"),
    ],
)
def test_a_fragment(question: str, rest: str) -> None:
    assert leans(question) == (Leans.FRAGMENT, rest)


def test_a_name_behind_a_connective_is_a_fragment_unless_something_is_asked_of_it() -> None:
    assert leans("and esketamine?", "esketamine") == (Leans.FRAGMENT, "esketamine?")
    assert leans("what about the cost of ketamine", "ketamine") is None
    assert leans("and what is esketamine?", "esketamine") is None
    assert leans("and metformin?", "metformin", known=False) is None


@pytest.mark.parametrize(
    "question", ["Why?", "how long", "and for how long?", "why is that", "how come", "tell me more"]
)
def test_a_bare_question_word(question: str) -> None:
    found = leans(question)
    assert found
    assert found[0] is Leans.QUESTION_WORD


def test_pronouns() -> None:
    assert leans("And how long does it last?") == (Leans.ONE_THING, "it")
    assert leans("are they serious?") == (Leans.SEVERAL, "they")
    assert leans("is that normal?") == (Leans.STATEMENT, "that")
    assert leans("what if my blood pressure is high") == (
        Leans.STATEMENT,
        "what if my blood pressure is high",
    )


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?",
        "Can I drive home?",
        "And can I drive home?",
        "so how long does the infusion take",
        "But can talking therapy help trauma?",
        "side effects",
        "in case of emergency",
        "why do people relapse",
        "how long is an infusion",
        "what about",
        "is it safe " + "really " * 30,
    ],
)
def test_what_stands_alone(question: str) -> None:
    assert leans(question) is None


@pytest.mark.parametrize(
    "message",
    ["Thanks!", "ok thank you so much", "Hello, how are you?", "no that's all, bye", "", "?"],
)
def test_small_talk(message: str) -> None:
    assert is_small_talk(message)
    assert dependence(message, ()) is None


@pytest.mark.parametrize(
    "message", ["is it right for me", "why", "thanks, how long?", "it is good"]
)
def test_what_is_no_small_talk(message: str) -> None:
    assert not is_small_talk(message)
