"""What goes and what stays when a text is redacted, with the real words of model and document."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.corpus import read_file, source_files
from qa.embedding import Embedder
from qa.keeping import known_words
from qa.redaction import MAX_REDACTED, redact
from tests.hostile_questions import slow_questions
from tests.little_work import least_seconds

ROOT = Path(__file__).parents[1]
with (ROOT / "tests/data/redaction.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))
KINDS = ("[phone]", "[e-mail]", "[date]", "[number]", "[name]", "[address]")


@pytest.fixture(scope="module")
def known(bundled: Embedder) -> Callable[[str], bool]:
    documents = [read_file(file).document for file in source_files(ROOT / "corpus")[0]]
    return known_words(lambda: documents, bundled.is_common)


def nothing(word: str) -> bool:
    return False


def test_the_table_is_of_a_size_that_says_something() -> None:
    assert len(ROWS) >= 80
    assert sum(not row["gone"] for row in ROWS) >= 25


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:40])
def test_what_goes_and_what_stays(row: dict[str, str], known: Callable[[str], bool]) -> None:
    kept = redact(row["text"], known)
    assert [one for one in row["gone"].split("|") if one and one in kept] == [], kept
    assert [one for one in row["stays"].split("|") if one not in kept] == [], kept
    assert any(kind in kept for kind in KINDS) == bool(row["gone"]), kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("my name is sarah jones, dob 3/4/81", "my name is [name], dob [date]"),
        ("i am 93, call 1-800-222-1222", "i am [number], call [phone]"),
        ("a@b.org or www.b.org", "[e-mail] or [address]"),
        ("ssn 123-45-6789, 12 Rose Lane", "ssn [number], [address]"),
        ("", ""),
        ("two\nlines\tand  blanks", "two lines and blanks"),
        ("[name] typed by hand", "[name] typed by hand"),
        ("private \ue000 use", "private use"),
    ],
)
def test_each_kind_has_its_bracket(text: str, kept: str, known: Callable[[str], bool]) -> None:
    assert redact(text, known) == kept


def test_a_capital_within_a_sentence_is_a_name_unless_the_word_is_known() -> None:
    text = "does Zubrowka help with Quibble"
    assert redact(text, nothing) == "does [name] help with [name]"
    assert redact(text, {"Zubrowka"}.__contains__) == "does Zubrowka help with [name]"
    assert redact("Zubrowka helps. Quibble too.", nothing) == "Zubrowka helps. Quibble too."


def test_what_is_redacted_once_is_not_altered_again(known: Callable[[str], bool]) -> None:
    for row in ROWS:
        once = redact(row["text"], known)
        assert redact(once, known) == once


def test_what_is_behind_the_limit_is_left_out() -> None:
    assert len(redact("ab " * MAX_REDACTED, nothing)) <= MAX_REDACTED
    assert "secret" not in redact("a " * MAX_REDACTED + "secret", nothing)


PIECES = [
    "a", "1", " ", "-", ".", "@", "(", ")", "+", "/", ",", "'", "A", "Dr ", "my name is ", "i am ",
    "jan ", "born ", "ninety ", "http://", "www.", " at ", " dot ", "12 a b c ", "Sarah ", "J. ",
    "1st of ", "id ", "zip ", "B1 ", "calle a b c ", "dni ", "x-",
    "\u200b", "\ufdfa", "\u0661", "street ", "\U0001f600",
]  # fmt: skip


def hostile_texts() -> list[str]:
    chance = random.Random(7)
    texts = [one * (3_000 // len(one)) for one in PIECES]
    texts += ["".join(chance.choices(PIECES, k=2)) * 1_000 for _ in range(200)]
    return texts + ["".join(chance.choices(PIECES, k=2_000)) for _ in range(50)]


def test_no_text_takes_long() -> None:
    enough = 0.5  # some ten times what the slowest takes
    slow = [
        text[:20]
        for text in hostile_texts()
        if least_seconds(lambda text=text: redact(text, nothing), enough) > enough  # type: ignore[misc]
    ]
    assert slow == []


def test_no_question_takes_long_to_redact() -> None:
    assert slow_questions(lambda question: redact(question, nothing)) == []
