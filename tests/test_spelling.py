"""Spelling: what is corrected, and above all what is not."""

from __future__ import annotations

import pytest

from qa.embedding import Embedder
from qa.lexicon import read_lexicon
from qa.spelling import Corrected, Correction, Speller, words_of
from tests.hostile_questions import slow_questions

TEXT = """Ketamine may bring flashbacks. Warfarin and sertraline are drugs, and so is prednisone.
Hypertension is named. Antidepressants ease depression. Relieve the bladder. Infusions.
Supervision. Ask Medical staff. Vitamin B. The setting is relaxed. Smith R and others."""
EVERYDAY = words_of(
    "does it make you throw up is safe with my and the can i a what of receive diving blade storage"
    " drive nose bleed take for sniff about before are"
)


def common(word: str) -> bool:
    return word in EVERYDAY


def corrected(question: str) -> str:
    return Speller([TEXT], also=["woozy"]).corrected(question, common).text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("is ketamin safe?", "is ketamine safe?"),
        ("Ketmine, KETAMIEN & (ketamne)!", "Ketamine, KETAMINE & (ketamine)!"),
        ("flashbaks", "flashbacks"),
        ("warfrin", "warfarin"),
        ("sertralin", "sertraline"),
        ("my blader", "my bladder"),
        ("lfashbacks", "flashbacks"),
        ("suprevison", "supervision"),
        ("does it make u throw up b4", "does it make you throw up before"),
        ("r u  safe", "are you  safe"),
    ],
)
def test_slips_are_put_right_and_nothing_else_is_touched(question: str, text: str) -> None:
    assert corrected(question) == text


@pytest.mark.parametrize(
    "question",
    [
        "",
        "relaxing settings, infusion, depressions",  # inflections of the documents' words
        "diving receive bladed",  # everyday words and their inflections
        "nosebleed",
        "prednisolne prednisolone",  # as near to prednisolone as to prednisone
        "prednisolone",
        "hypotension",  # two slips, and the opposite
        "warfarrrin wrafrain",  # names are off by one slip at most
        "recieve",  # a swap in "receive" rather than a slip of "relieve"
        "sertraloxetine ketonitis",  # the shape of a name
        "bladdrxy",
        "ask Medicaid",  # a name has a capital
        "woozy",
        "U R 10 u",
        "kjhgf",
        "mains",
    ],
)
def test_what_may_be_right_is_left_alone(question: str) -> None:
    assert corrected(question) == question


def test_a_short_form_that_the_documents_have_is_theirs() -> None:
    speller = Speller(["PLS is an illness."])
    assert speller.corrected("is pls bad, thx", common).text == "is pls bad, thanks"


def test_words_of_two_meanings_are_left_alone() -> None:
    assert Speller(["barter bartel"]).corrected("bartex", common).text == "bartex"
    assert Speller(["barter bartered"]).corrected("bartex", common).text == "barter"


def test_no_name_becomes_another() -> None:
    lexicon = read_lexicon(["abadine", "abatine", "gloxin"])
    speller = Speller(["Abadine, gloxine and cures."], lexicon=lexicon)
    for left in ("abatine", "abaxine", "gloxinn"):
        assert speller.corrected(left, common).text == left
    assert speller.corrected("abadinne", common).text == "abadine"


def test_places_are_kept() -> None:
    found = Speller([TEXT]).corrected("r ketamin flashbaks bad", common)
    assert found.corrections == (
        Correction(0, 1, "r", "are"),
        Correction(2, 9, "ketamin", "ketamine"),
        Correction(10, 19, "flashbaks", "flashbacks"),
    )
    assert found.text == "are ketamine flashbacks bad"
    start = found.text.index("flashbacks")
    assert found.as_written(start, start + 10) == "flashbaks"
    assert found.as_written(start + 2, start + 4) == "flashbaks"
    assert found.as_written(start + 11, start + 14) == "bad"
    assert found.as_written(0, len(found.text)) == found.question
    assert Corrected("as it is", "as it is").as_written(3, 5) == "it"


def test_a_name_may_be_meant() -> None:
    speller = Speller([TEXT])
    assert speller.meant("ketamin warfarin prednisonne xyz") == ["ketamine", "prednisone"]
    assert Speller([]).meant("ketamin") == []


def test_the_real_vocabulary_keeps_everyday_words(bundled: Embedder) -> None:
    speller = Speller(["Painting the stomach needs training. Ketamine. Dissociation."])
    common = bundled.is_common
    for question in ("fainting raining straining", "my stomachs", "stoic grandfather"):
        assert speller.corrected(question, common).text == question
    right = speller.corrected("disasociation in my stomack, ketamin", common).text
    assert right == "dissociation in my stomach, ketamine"


def test_no_question_takes_long_to_correct() -> None:
    speller = Speller([TEXT])
    assert slow_questions(lambda question: speller.corrected(question, common)) == []
