"""Letters that only look like others, and signs that are not seen: in questions and documents."""

from __future__ import annotations

import csv

import pytest

from qa.document import Document
from qa.query import MAX_QUESTION, cleaned
from qa.safety import assess
from qa.spelling import Speller
from qa.types import Quote
from qa.web.escape import screen_text
from tests.conftest import ROOT
from tests.confusing import DISGUISES
from tests.little_work import least_seconds
from tests.web.stand_in import BlockKind, make_document

ROWS = [
    row
    for row in csv.DictReader((ROOT / "tests/data/danger.csv").read_text("utf-8").splitlines())
    if row["expect"] in ("crisis", "emergency")
]
FOUND = [row["message"] for row in ROWS if assess(row["message"]).danger.is_grave]
"""Those that the patterns find as they stand; the learnt layer finds others."""


@pytest.mark.parametrize("disguise", DISGUISES)
def test_danger_is_found_in_any_letters(disguise: str) -> None:
    change = DISGUISES[disguise]
    missed = [one for one in FOUND[::6] if not assess(change(one)).danger.is_grave]
    assert missed == []


@pytest.mark.nightly
def test_danger_is_found_in_any_letters_of_all_messages() -> None:
    for name, change in DISGUISES.items():
        kept = sum(assess(change(one)).danger.is_grave for one in FOUND)
        assert kept >= len(FOUND) * 0.99, (name, kept)


def test_other_alphabets_stay_what_they_are_elsewhere() -> None:
    assert cleaned("Привет, где клиника?") == "Привет, где клиника?"
    assert not assess("Где клиника? Когда вы открыты?").danger.is_grave
    assert not assess("Πού είναι η κλινική;").danger.is_grave


@pytest.mark.parametrize("sign", ["\ufdfa", "\u0301\u0316", "\U000e0041", "\u202e", "\ufe0f"])
def test_a_question_of_signs_costs_little(sign: str) -> None:
    question = (sign * MAX_QUESTION)[:MAX_QUESTION]
    speller = Speller(["A leaflet on ketamine."], str.split, {})

    def read() -> None:
        assess(question)
        speller.meant(cleaned(question))

    assert least_seconds(read, 1) < 1


STRANGE = "It \u202eis\u202c g\u0456ven \ufeffslowly\u200b, e\u0301 \U000e0041and \ufdfa."


def strange_document() -> Document:
    return make_document("x.md", "X", [(BlockKind.PARAGRAPH, "", STRANGE)])


def test_quotes_are_slices_whatever_the_letters() -> None:
    document = strange_document()
    quote = Quote.cut(document, 0, len(STRANGE))
    assert quote.text == STRANGE == document.text[quote.start : quote.end]


@pytest.mark.parametrize("sign", ["\u202a", "\u202b", "\u202d", "\u202e", "\u2028", "\x1b", "\x07"])
def test_what_turns_a_text_around_is_shown_by_its_number(sign: str) -> None:
    assert f'title="U+{ord(sign):04X}"' in screen_text(f"Dosage{sign}4991-txt.exe")
