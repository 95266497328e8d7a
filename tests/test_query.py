"""Queries: what is searched for, and how it is told."""

from __future__ import annotations

from qa.query import Query, as_typed, cleaned, understood, whole_characters
from qa.spelling import Speller

TEXT = "Vomiting and nausea. The clinic is nice to drive to. Sertraline."
SYNONYMS = {"throw up": "vomiting|nausea|nauseas", "drive": "car", "puke": "vomiting"}


def query(question: str, typed: str | None = None) -> Query:
    speller = Speller([TEXT], also=SYNONYMS)
    holds = {"drive"}.__contains__
    everyday = {"does", "it", "make", "me", "throw", "up", "i"}.__contains__
    return understood(question, speller, SYNONYMS, holds, everyday, typed)


def test_what_was_said_is_searched_for_in_the_documents_words_and_told() -> None:
    found = query("does it make u throw up")
    assert (found.text, found.added) == ("does it make you throw up", "vomiting nausea nauseas")
    assert found.searched_for == "does it make you throw up (also: vomiting, nausea)"
    assert found.texts == [
        "does it make u throw up",
        "does it make you throw up",
        "does it make you throw up (vomiting nausea nauseas)",
    ]


def test_words_that_only_widen_are_searched_for_and_not_told() -> None:
    found = query("drive")
    assert (found.added, found.searched_for) == ("car", "")
    assert found.texts == ["drive", "drive (car)"]


def test_nothing_is_told_of_a_question_that_is_searched_for_as_it_is() -> None:
    for found in (query("sertraline"), as_typed("sertralinn")):
        assert (found.searched_for, found.added, found.texts) == ("", "", [found.typed])


def test_a_subject_is_told_as_it_was_written() -> None:
    found = query("is sertralin u")
    assert found.as_written("sertraline", found.text.index("sertraline")) == "sertralin"


def test_a_question_made_of_what_was_typed_is_told() -> None:
    found = query("sertraline", typed="and it?")
    assert (found.typed, found.searched_for) == ("and it?", "sertraline")
    assert found.texts == ["and it?", "sertraline"]


def test_characters_that_carry_no_question_are_left_out() -> None:
    assert cleaned(" a\u200b\x00b\n c ") == "a b c"
    assert whole_characters("a\ud83d") == "a\ufffd"
