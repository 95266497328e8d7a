"""What becomes of words that the end of a line breaks."""

from __future__ import annotations

import pytest

from qa.readers.pdf_hyphens import Break, Vocabulary

KNOWN = Vocabulary(
    [
        "a",
        "follow-up",
        "of",
        "the",
        "treatment,",
        "infusion",
        "(x-ray)",
        "out",
        "come",
        "side-effects",
        "sideeffects",
        "side-effects",
        "blood",
        "pressure",
    ]
)


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("the", "clinic", Break.BLANK),
        ("follow-", "up", Break.KEEP),
        ("Follow\u2010", "up.", Break.KEEP),
        ("treat-", "ment", Break.JOIN),
        ("(in-", "fusion)", Break.JOIN),
        ("x-", "ray", Break.KEEP),
        ("side-", "effects", Break.KEEP),  # seen twice so, once the other way
        ("exam-", "ple", Break.JOIN),
        ("out-", "come", Break.JOIN),  # too short for halves of a word with a hyphen
        ("blood-", "pressure", Break.KEEP),
        ("self-", "harm", Break.KEEP),
        ("one-on-", "one", Break.KEEP),
        ("COVID-", "19", Break.KEEP),
        ("non-", "Hodgkin", Break.KEEP),
        ("short-", "and", Break.BLANK),
        ("10-", "20", Break.KEEP),
        ("and/", "or", Break.KEEP),
        ("T-", "cell", Break.KEEP),
        ("sugar-", "free", Break.KEEP),
        ("not-", "yet-known", Break.KEEP),
        ("www.clinic.example/patient-", "information", Break.KEEP),
        ("us@any-", "clinic.example", Break.KEEP),
        ("us@", "clinic.example", Break.KEEP),
        ("-", "clinic", Break.BLANK),
        ("well -", "known", Break.BLANK),
        ("\u6cbb\u7642", "\u5f8c", Break.KEEP),
    ],
)
def test_the_end_of_a_line(first: str, second: str, found: Break) -> None:
    assert KNOWN.at_line_end(first, second) is found


def test_a_soft_hyphen_goes() -> None:
    assert KNOWN.at_line_end("follow", "up", soft=True) is Break.JOIN
