"""Which pronoun of a question stands for something said earlier, and which stands for nothing."""

from __future__ import annotations

import pytest

from qa.pronouns import Stands, content_words, find_pronoun
from qa.subject import NamedSubject


def found(question: str, *names: str) -> tuple[Stands, str] | None:
    named = [NamedSubject(name, question.index(name), True) for name in names]
    pronoun = find_pronoun(question, 0, named)
    return pronoun and (pronoun.stands, question[pronoun.start : pronoun.end])


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("How long does it last?", "it"),
        ("what are its risks", "its"),
        ("Is it safe during pregnancy?", "it"),
        ("is it safe if I have high blood pressure", "it"),
        ("is it dangerous to take at home?", "it"),
        ("is it harmful to the liver", "it"),
        ("how long does it take to work", "it"),
        ("will i feel better when i take it", "it"),
        ("my wife wants to know, is it safe?", "it"),
        ("is it worth it", "it"),
        ("is this drug legal", "this drug"),
        ("was ketamine better than that?", "that"),
    ],
)
def test_one_thing(question: str, word: str) -> None:
    assert found(question) == (Stands.ONE_THING, word)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("how long do they last", "they"),
        ("how common are they?", "they"),
        ("what are their side effects", "their"),
        ("which of those are dangerous", "those"),
        ("how do I stop them", "them"),
    ],
)
def test_several_things(question: str, word: str) -> None:
    assert found(question) == (Stands.SEVERAL, word)


@pytest.mark.parametrize("question", ["is that normal?", "how long does this last", "why was that"])
def test_a_statement(question: str) -> None:
    pronoun = found(question)
    assert pronoun
    assert pronoun[0] is Stands.STATEMENT


@pytest.mark.parametrize(
    "question",
    [
        "Is it safe to drive after an infusion?",
        "is it normal to feel sad",
        "Is it ok for my wife to come along?",
        "is it true that people drive",
        "is it currently allowed to travel",
        "How dangerous is it to drink?",
        "How long does it take to get an appointment?",
        "does it matter if I am late",
        "does it make sense to wait",
        "what does it mean when a drug is off-label",
        "what is it like to have flashbacks",
        "what makes it easier",
        "take it easy",
        "It's my first time",
        "is it just me",
    ],
)
def test_an_it_that_is_grammar_alone(question: str) -> None:
    assert found(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "how long do they watch you",
        "can I call them at night",
        "do they accept Medicare",
        "are those with asthma at risk",
        "who are they",
    ],
)
def test_people_that_nobody_named(question: str) -> None:
    assert found(question) is None


@pytest.mark.parametrize(
    "question",
    ["I read that people sleep", "is that clinic open", "is this a robot", "that day I slept"],
)
def test_words_that_only_look_like_a_pronoun(question: str) -> None:
    assert found(question) is None


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("How is ketamine given and how long does it take?", "ketamine"),
        ("what is ketamine how does it work", "ketamine"),
        ("If it helps, how long does ketamine last?", "ketamine"),
        ("My nurse mentioned it. What is EMDR?", "EMDR"),
        ("Is it the ketamine?", "ketamine"),
        ("does that mean PTSD goes away", "PTSD"),
    ],
)
def test_what_the_message_names_itself(question: str, name: str) -> None:
    assert found(question, name) is None


def test_what_the_message_describes_itself() -> None:
    assert found("I get flashbacks every night. Is that normal?") is None
    assert found("does the infusion hurt when they put it in") is None


def test_two_things_in_one_clause() -> None:
    assert found("can I take oxycodone with it", "oxycodone") == (Stands.ONE_THING, "it")
    assert found("does it help with PTSD", "PTSD") == (Stands.ONE_THING, "it")


def test_content_words() -> None:
    assert content_words("What are the 3 Risks of it\u2019s use?") == ["Risks", "use"]
    assert content_words("why not then?") == []
