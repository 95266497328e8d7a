"""Receipts hold what was asked, come back whole, and are refused when anything in them is amiss."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import random
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from qa.answer import Policy
from qa.corpus import make_document
from qa.errors import QuestionError
from qa.receipt import (
    BEGINNING,
    MOST_CHARACTERS,
    Receipt,
    basis_of,
    content_of,
    read_receipt,
    receipt_of,
    written,
)
from qa.types import Answer, AnswerKind, Notice, Quote, Related
from tests.hostile_questions import HOSTILE_QUESTIONS

DOCUMENT = make_document("a.md", b"# A\n\nDo not drive. Rest well. Eat little.\n")
DISCLAIMER = Notice("disclaimer", "No advice.")
BASIS = basis_of({"model": "/home/clinic/models/x", "sha256": "1"}, "reader", Policy())
DAY = datetime.date(2026, 11, 26)


def quote(start: int = 3, end: int = 16) -> Quote:
    return Quote.cut(DOCUMENT, start, end, score=0.5)


ANSWERS = {
    "answer": Answer("Why?", AnswerKind.ANSWER, (DISCLAIMER,), (quote(),), generation="g-1"),
    "refusal": Answer(
        "Why?",
        AnswerKind.REFUSAL,
        (DISCLAIMER,),
        reason="not_answered",
        related=(Related("a.md", "A", "", "/documents/a.md"),),
        generation="g-1",
    ),
    "foreign": Answer(
        "Why?",
        AnswerKind.REFUSAL,
        (DISCLAIMER,),
        reason="wrong_subject",
        subject="metformin",
        generation="g-1",
    ),
    "crisis": Answer(
        "Why?",
        AnswerKind.CRISIS,
        (Notice("crisis", "Call."), DISCLAIMER),
        (quote(),),
        generation="g-1",
    ),
    "emergency": Answer(
        "Why?", AnswerKind.EMERGENCY, (Notice("emergency", "Call 911."),), generation="g-1"
    ),
}


def line_of(answer: Answer, **more: Any) -> str:
    given = {"previous": (), "documents": None, "language": "", "day": DAY} | more
    return receipt_of(answer, BASIS, **given)


def packed(record: Any) -> str:
    """A line as somebody would write it who knows the format."""
    data = record if isinstance(record, bytes) else json.dumps(record).encode()
    return sealed(zlib.compress(data))


def sealed(data: bytes) -> str:
    checked = hashlib.sha256(data).digest()[:8] + data
    return BEGINNING + base64.urlsafe_b64encode(checked).decode().rstrip("=")


def record_of(line: str) -> dict[str, Any]:
    body = line.removeprefix(BEGINNING)
    data = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    found: dict[str, Any] = json.loads(zlib.decompress(data[8:]))
    return found


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_receipt_comes_back_as_it_was_written(kind: str) -> None:
    answer = ANSWERS[kind]
    line = line_of(answer, previous=["Who?"], documents=["a.md"], language="es")
    assert set(line.removeprefix(BEGINNING)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )
    assert read_receipt(line) == Receipt(
        "g-1", "Why?", ("Who?",), ("a.md",), "es", DAY, BASIS, content_of(answer)
    )
    assert written(read_receipt(line)) == line
    assert len(line) < 900
    halves = f"  {line[:40]}\r\n {line[40:]}\n"
    assert read_receipt(halves) == read_receipt(line)


def test_none_of_this_machine_is_told() -> None:
    assert "/home/clinic" not in json.dumps(record_of(line_of(ANSWERS["answer"])))


def test_no_documents_named_is_not_all_documents() -> None:
    answer = ANSWERS["refusal"]
    assert read_receipt(line_of(answer, documents=())).documents == ()
    assert read_receipt(line_of(answer)).documents is None


def test_odd_questions_come_back() -> None:
    for question in (*HOSTILE_QUESTIONS.values(), "\ud83d", "\x00\u202e\U0001f600"):
        line = line_of(replace(ANSWERS["refusal"], question=question), previous=[question])
        found = read_receipt(line)
        assert (found.question, found.previous) == (question, (question,))


def test_a_question_that_is_far_too_long_has_no_receipt() -> None:
    answer = ANSWERS["refusal"]
    assert line_of(replace(answer, question="a" * 300_000)) == ""
    assert read_receipt(line_of(replace(answer, question="a" * 200_000)))
    hard = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz", k=250_000))
    line = line_of(replace(answer, question=hard))
    assert len(line) < MOST_CHARACTERS
    assert read_receipt(line).question == hard


@pytest.mark.parametrize(
    "change",
    [
        {"kind": AnswerKind.CRISIS, "notices": (Notice("crisis", "Call."), DISCLAIMER)},
        {"quotes": (quote(17, 27),)},
        {"quotes": (quote(), quote(17, 27))},
        {"quotes": (Quote.cut(DOCUMENT, 3, 16, role="warning"),)},
        {"quotes": (Quote.cut(make_document("a.md", b"# A\n\nDo not drive. Rest!\n"), 3, 16),)},
        {"notices": (Notice("disclaimer", "No advice!"),)},
        {"searched_for": "Why so?"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_shown_is_in_the_digest(change: dict[str, Any]) -> None:
    answer = ANSWERS["answer"]
    other = replace(answer, **change)
    assert content_of(other).sha256 != content_of(answer).sha256


def test_times_scores_and_names_are_not() -> None:
    answer = ANSWERS["answer"]
    scored = (Quote.cut(DOCUMENT, 3, 16, score=0.1),)
    other = replace(answer, took_ms=3.0, qid="7", confidence=0.3, quotes=scored)
    assert content_of(other) == content_of(answer)


def test_what_decides_is_told_apart() -> None:
    model = {"model": "x", "sha256": "1"}
    basis = basis_of(model, "reader", Policy())
    assert basis == basis_of(dict(model), "reader", Policy())
    assert basis_of(model | {"sha256": "2"}, "reader", Policy()).model != basis.model
    assert basis_of(model, "other", Policy()).reader != basis.reader
    strict = basis_of(model, "reader", Policy(threshold=0.9))
    assert (strict.threshold, strict.policy) == (0.9, basis.policy)
    assert basis_of(model, "reader", Policy(max_quotes=1)).policy != basis.policy


def test_every_slip_is_noticed() -> None:
    line = line_of(ANSWERS["answer"])
    chance = random.Random(7)
    for _ in range(300):
        at = chance.randrange(len(BEGINNING), len(line) - 1)  # the last one holds idle bits
        other = chance.choice(sorted(set("ABCxyz019-_") - {line[at]}))
        for slip in (line[:at] + other + line[at + 1 :], line[:at], line[:at] + other + line[at:]):
            with pytest.raises(QuestionError, match="damaged"):
                read_receipt(slip)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "no receipt"),
        ("Why?", "no receipt"),
        ("qw2.abc", "another version"),
        (BEGINNING, "damaged"),
        (BEGINNING + "\u00e9", "damaged"),
        (BEGINNING + "a" * MOST_CHARACTERS, "more than 524,288 characters"),
        (sealed(b"not zlib"), "damaged"),
        (sealed(zlib.compress(b"{}") + b"more"), "damaged"),
        (sealed(zlib.compress(b'{"generation": "g"}' * 100)[:-8]), "damaged"),
        (packed(b"\xff"), "damaged"),
        (packed(b"[" * 100_000), "damaged"),
        (packed(b" " * 30_000_000), "damaged"),  # a bomb
        (packed([]), "damaged"),
        (packed(None), "damaged"),
    ],
    ids=[str(number) for number in range(14)],
)
def test_what_is_no_receipt(line: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        read_receipt(line)


def drop(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda record: record.pop(name)


def put(value: Any, *names: str) -> Callable[[dict[str, Any]], object]:
    def change(record: dict[str, Any]) -> None:
        for name in names[:-1]:
            record = record[name]
        record[names[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        drop("question"),
        drop("basis"),
        put("../../etc", "generation"),
        put("a" * 101, "generation"),
        put(7, "question"),
        put("Who?", "previous"),
        put([1], "previous"),
        put({"a": 1}, "documents"),
        put("yesterday", "day"),
        put(None, "day"),
        put(float("nan"), "basis", "threshold"),
        put(10**400, "basis", "threshold"),
        put(True, "basis", "threshold"),
        put("\x1b[2J", "basis", "program"),
        put("poem", "content", "kind"),
        put("<b>", "content", "reason"),
        put([["a.md", 1, 2]], "content", "quotes"),
        put([["a.md", 2, 1, "ab", "evidence"]], "content", "quotes"),
        put([["a.md", True, 2, "ab", "evidence"]], "content", "quotes"),
        put([["a.md", 1.0, 2, "ab", "evidence"]], "content", "quotes"),
        put([["crisis"]], "content", "notices"),
        put("everybody", "audience"),
        put("XYZ", "content", "sha256"),
    ],
)
def test_a_forged_receipt_of_the_wrong_shape_is_refused(
    change: Callable[[dict[str, Any]], object],
) -> None:
    record = record_of(line_of(ANSWERS["answer"]))
    assert read_receipt(packed(record))
    change(record)
    with pytest.raises(QuestionError, match="damaged"):
        read_receipt(packed(record))
