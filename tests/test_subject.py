"""Which subject a question names, and whether the documents speak of it."""

from __future__ import annotations

import pytest

from qa.lexical import Tokenizer
from qa.lexicon import read_lexicon
from qa.mentions import Mentions, known_in
from qa.spelling import Speller, words_of
from qa.subject import foreign_subject, named_subjects, possible_name, subject_match
from tests.hostile_questions import slow_questions

ASTHMA = """Asthma narrows the airways. An inhaler with albuterol opens them. Cavernous malformation
is another illness, and so is hidradenitis. Lou Gehrig's disease too. The Zorbex study asked people
about wheezing."""
KNOWN = known_in([Mentions(ASTHMA, Tokenizer().every)], Speller([ASTHMA]).meant, {})
EVERYDAY = words_of(
    "can i take with does cause this my grandpa the runs throw up what is for a an and of in to how"
    " long me he she on has have disease syndrome lung routine test them doctor lamb"
)


def common(word: str) -> bool:
    return word in EVERYDAY


def foreign(question: str) -> str:
    return foreign_subject(question, KNOWN, common)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("does metformin cause this?", "metformin"),
        ("lupus nephritis treatment", "lupus nephritis"),
        ("What is Crohn\u2019s?", "Crohn"),
        ("my grandpa has the Guillain-Barr\u00e9 syndrome", "Guillain-Barr\u00e9 syndrome"),
        ("hand, foot and mouth disease", "hand, foot and mouth disease"),
        ("can giant cell artiritis make me go blind", "giant cell artiritis"),
        ("is lyme diseaze in the lung", "lyme diseaze"),
        ("How do I get AIDS?", "AIDS"),
        ("what is erdheim disease", "erdheim disease"),
        ("can i take zanubrutinib", "zanubrutinib"),
        ("what is a Lamb syndrome", "Lamb syndrome"),
        ("I have gout. Can I take metformin?", "metformin"),
        ("I have gout and a doctor", "gout"),
    ],
)
def test_a_foreign_subject_is_named_as_it_was_written(question: str, subject: str) -> None:
    assert foreign(question) == subject
    assert subject_match(question, KNOWN, common) == 0.0


@pytest.mark.parametrize(
    "question",
    [
        "",
        "???",
        "does it make me throw up or give me the runs",
        "my grandpa lives in Saskatoon, boyfriend says no",
        "hearing aids",
        "is the dosis rutine ok 4 me thx",
        "what is a lung disease",
        "Lamb disease?",
        "my medicine and my routine diagnosis",
    ],
)
def test_everyday_words_name_nothing(question: str) -> None:
    assert foreign(question) == ""
    assert subject_match(question, KNOWN, common) == 0.5


@pytest.mark.parametrize(
    "question",
    ["is asthma for life", "can i take ventolin", "is it astma", "cavernoma", "als life expectancy",
     "hidradenitis", "What did the doctor of Zorbex say"],
)  # fmt: skip
def test_what_the_documents_speak_of_is_known(question: str) -> None:
    assert foreign(question) == ""


@pytest.mark.parametrize("question", ["can i take ventolin", "cavernoma", "als", "hidradenitis"])
def test_another_name_of_a_known_subject_matches(question: str) -> None:
    assert subject_match(question, KNOWN, common) == 1.0


def test_one_known_subject_is_enough() -> None:
    question = "I take metformin. Can I use albuterol?"
    assert foreign(question) == ""
    assert subject_match(question, KNOWN, common) == 0.5
    assert [(one.text, one.known) for one in named_subjects(question, KNOWN, common)] == [
        ("metformin", False),
        ("albuterol", True),
    ]


def test_words_of_two_sentences_are_no_name() -> None:
    assert foreign("I have lupus? Nephritis runs in them") == "lupus"


def test_another_lexicon_may_be_given() -> None:
    lexicon = read_lexicon(["blue fever"])
    assert (
        foreign_subject("metformin for blue fever", KNOWN, lambda _: True, lexicon) == "blue fever"
    )


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("is metformin dangerous with asthma", "metformin"),
        ("can I take metformin and albuterol", "metformin"),
        ("albuterol while taking metformin", "metformin"),
        ("does asthma cause gout", ""),
        ("my asthma is bad. what about gout", ""),
    ],
)
def test_what_is_asked_about_together_must_both_be_spoken_of(question: str, subject: str) -> None:
    assert foreign(question) == subject


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("what is zyrlanta", "zyrlanta"),
        ("side effects of Zyrlanta", "Zyrlanta"),
        ("is blomixatol addictive", "blomixatol"),
        ("can my sister come with Zyrlanta", ""),
        ("what is asthma", ""),
        ("does this cause it", ""),
        ("is zyr bad", ""),
    ],
)
def test_a_name_nobody_has_heard_of_is_guessed_by_its_place(question: str, name: str) -> None:
    found = possible_name(question, KNOWN, common)
    assert (found.text if found else "") == name
    assert not found or question[found.start :].startswith(name)


def test_of_several_subjects_the_one_that_is_asked_about_counts() -> None:
    said = (
        "I take metformin and have lupus, also gout. Is vertigo, or psoriasis, from that? Scabies."
    )
    assert foreign(said) == "vertigo"
    assert foreign("metformin and lupus. gout") == "metformin"


def test_no_question_takes_long_to_find_its_subject() -> None:
    assert slow_questions(foreign) == []
    assert slow_questions(lambda question: possible_name(question, KNOWN, common)) == []
