"""Variants: one change each, the same every time, and nothing that is no synonym."""

from __future__ import annotations

import re

import pytest

from qa.staff.variants import EVERYDAY, Kind, variants_of

QUESTION = "Can't I take my kids along when I'm given ketamine?"


def of(kind: Kind, question: str, **more: dict[str, str]) -> list[tuple[str, str]]:
    return [(one.change, one.question) for one in variants_of(question, **more) if one.kind is kind]


def test_they_are_the_same_each_time_and_differ_from_the_question_and_one_another() -> None:
    made = variants_of(QUESTION)
    assert made == variants_of(QUESTION)
    texts = [one.question for one in made]
    assert len({QUESTION, *texts}) == len(texts) + 1
    assert {one.kind for one in made} == set(Kind)


@pytest.mark.parametrize(
    "question", [QUESTION, "ptsd", "nausea after the infusion, what helps", "QUÉ ES ESTO"]
)
def test_a_slip_is_one_slip_in_a_word_of_four_letters_or_more(question: str) -> None:
    slips = of(Kind.TYPO, question)
    assert 1 <= len(slips) <= 2
    for change, asked in slips:
        was, now = question.split(" "), asked.split(" ")
        [(old, new)] = [(a, b) for a, b in zip(was, now, strict=True) if a != b]
        assert len(re.sub(r"\W", "", old)) >= 4
        name = change.partition(":")[0]
        assert len(new) - len(old) == {"letter missing": -1, "letter doubled": 1}.get(name, 0)
        if name == "letters swapped":
            assert sorted(old) == sorted(new)


def test_short_words_alone_get_no_slip() -> None:
    assert of(Kind.TYPO, "is it ok") == []


def test_the_four_slips_all_happen() -> None:
    names = {
        change.partition(":")[0]
        for number in range(60)
        for change, _ in of(Kind.TYPO, f"does ketamine number {number} make people sleepy")
    }
    assert names == {"letters swapped", "letter missing", "letter doubled", "key beside it"}


def test_capitals() -> None:
    assert of(Kind.CASE, "Is it safe?") == [
        ("small letters", "is it safe?"),
        ("capitals only", "IS IT SAFE?"),
        ("Each Word With A Capital", "Is It Safe?"),
    ]
    assert [asked for _, asked in of(Kind.CASE, "is it")] == ["IS IT", "Is It"]


def test_signs_are_left_out_or_put_in() -> None:
    assert of(Kind.SIGNS, QUESTION) == [
        ("no question mark", QUESTION[:-1]),
        ("no apostrophes", "Cant I take my kids along when Im given ketamine?"),
    ]
    assert of(Kind.SIGNS, "is it safe") == [("with a question mark", "is it safe?")]
    assert of(Kind.SIGNS, "I want it.") == []


def test_other_words_stand_where_the_word_stood_and_only_where_it_is_a_word() -> None:
    assert of(Kind.SYNONYM, QUESTION) == [
        ("kids \u2192 children", QUESTION.replace("kids", "children"))
    ]
    assert of(Kind.SYNONYM, "is it a kidskin coat") == []
    assert of(Kind.SYNONYM, "Kids?") == [("Kids \u2192 Children", "Children?")]
    assert of(Kind.SYNONYM, "after an infusion")[0][1] == "after a drip"
    assert len(of(Kind.SYNONYM, "medicine, meds, mom, dad, big pills")) == 2


def test_of_the_documents_table_only_words_that_stand_for_one_another_alone_are_used() -> None:
    table = {
        "zoloft": "sertraline",
        "kidneys": "liver",
        "liver": "liver",
        "throat": "airway|breathing",
        "ticker": "heart disease",
    }
    assert of(Kind.SYNONYM, "is zoloft bad", synonyms=table) == [
        ("zoloft \u2192 sertraline", "is sertraline bad")
    ]
    assert of(Kind.SYNONYM, "is sertraline bad", synonyms=table)[0][1] == "is zoloft bad"
    for question in ("bad for the kidneys", "my throat", "my ticker"):
        assert of(Kind.SYNONYM, question, synonyms=table) == []


def test_no_everyday_pair_puts_a_word_in_its_own_place() -> None:
    assert all(one != other for one, other in EVERYDAY)
    assert len(set(EVERYDAY)) == len(EVERYDAY)
