"""Sentences with different numbers for the same thing, by themselves and in documents."""

from __future__ import annotations

import csv

import pytest

from qa.doctor.contradictions import contradict, contradictions
from qa.doctor.quantities import Quantity, quantities_and_words
from tests.conftest import ROOT
from tests.doctor.texts import codes, document_of

PAIRS = ROOT / "tests" / "data" / "contradictions.csv"


def rates(half: str) -> tuple[float, float]:
    """Precision and recall on one half of the pairs."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["half"] == half]
    assert len(rows) > 20
    told = [
        (contradict(row["first"], row["second"], row["language"]), row["contradict"] == "yes")
        for row in rows
    ]
    right = sum(found and wanted for found, wanted in told)
    return right / sum(found for found, _ in told), right / sum(wanted for _, wanted in told)


def test_pairs_that_the_words_were_chosen_with() -> None:
    assert rates("tuned") == (1.0, 1.0)


def test_pairs_that_nothing_was_chosen_with() -> None:
    precision, recall = rates("held")
    assert precision >= 0.9  # 11 of 12
    assert recall >= 0.65  # 11 of 16


@pytest.mark.parametrize(
    ("sentence", "quantities"),
    [
        ("six hours", [Quantity("time", 360, 360)]),
        ("360 min", [Quantity("time", 360, 360)]),
        ("a 24-hour wait", [Quantity("time", 1440, 1440)]),
        ("30 minutes to 2 hours", [Quantity("time", 30, 120)]),
        ("between 4 and 6 hours", [Quantity("time", 240, 360)]),
        ("half an hour", [Quantity("time", 30, 30)]),
        ("0.5 g", [Quantity("mass", 500, 500)]),
        ("up to 1,000 mg", [Quantity("mass", 1000, 1000, "most")]),
        ("twice a day", [Quantity("count", 2, 2)]),
        ("20 per cent", [Quantity("share", 20, 20)]),
        ("at 5:30 pm", [Quantity("clock", 1050, 1050)]),
        ("from 2014 - 2018", [Quantity("name", 2014, 2018)]),
        ("on 020 7946 0018", [Quantity("phone", 2079460018, 2079460018)]),
        ("in 2014", [Quantity("name", 2014, 2014)]),
        ("type 2 diabetes", [Quantity("name", 2, 2)]),
        ("one of them", []),
        ("as shown (R12) and [3]", []),
        ("dos horas", [Quantity("time", 120, 120)]),
    ],
)
def test_quantities(sentence: str, quantities: list[Quantity]) -> None:
    assert list(quantities_and_words(sentence)[0]) == quantities


def test_a_months_length_is_not_taken_too_exactly() -> None:
    [month], [days] = (quantities_and_words(text)[0] for text in ("1 month", "30 days"))
    assert not month.differs(days)


SURGERY = "# Before surgery\n\nDo not eat for 6 hours before surgery.\n"
ANAESTHESIA = "# Anaesthesia\n\nYou sleep in surgery. Do not eat for 8 hours before surgery.\n"


def test_two_documents_with_different_numbers_are_both_named() -> None:
    both = [document_of(SURGERY, "a.md"), document_of(ANAESTHESIA, "b.md")]
    [found] = contradictions(both)
    assert found.code == "different_numbers"
    assert [(place.document, place.line) for place in found.where] == [("a.md", 3), ("b.md", 3)]
    assert "6 hours" in found.where[0].passage
    assert "8 hours" in found.where[1].passage


def test_one_document_may_contradict_itself() -> None:
    again = f"{SURGERY}\n## Food\n\nDo not eat for 8 hours before your operation.\n"
    assert codes(contradictions([document_of(again)])) == ["different_numbers"]


def test_documents_on_two_subjects_are_left_apart() -> None:
    both = [
        document_of("# Metformin\n\nTake 2 tablets with a glass of water.\n", "a.md"),
        document_of("# Aspirin\n\nTake 1 tablet with a glass of water.\n", "b.md"),
    ]
    assert codes(contradictions(both)) == []


def test_the_same_numbers_are_no_contradiction() -> None:
    same = ANAESTHESIA.replace("8 hours", "360 minutes")
    both = [document_of(SURGERY, "a.md"), document_of(same, "b.md")]
    assert codes(contradictions(both)) == []
