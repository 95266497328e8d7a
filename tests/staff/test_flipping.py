"""The flip test against an assistant whose answers depend on the very letters of a question."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from qa.document import Document
from qa.errors import StoreError
from qa.golden import Golden
from qa.staff.file import StaffFile
from qa.staff.flip_book import FlipBook, FlipTest
from qa.staff.flipping import Change, flip_test, rates_of, tallies_of
from qa.staff.jobs import Stopped
from qa.staff.judgement import Result
from qa.staff.variants import Kind, variants_of
from qa.types import Answer, AnswerKind, Quote
from tests.web.stand_in import CARE_DOCUMENT, DISCLAIMER, quote_of

RIGHT = quote_of(CARE_DOCUMENT, "Do not drive until the day after.")
LONGER = quote_of(CARE_DOCUMENT, "Do not drive until the day after. Somebody must take you home.")
WRONG = quote_of(CARE_DOCUMENT, "Wear loose sleeves.")


class Letters:
    """Answers by fixed rules on the letters of a question."""

    def ask(self, question: str, /, *, trace: bool = False) -> Answer:
        quotes: tuple[Quote, ...]
        if question.isupper():
            quotes = (WRONG,)
        elif question.istitle():
            quotes = (LONGER,)
        elif "kids" in question:
            quotes = ()
        else:
            quotes = (RIGHT,)
        if quotes:
            return Answer(question, AnswerKind.ANSWER, (DISCLAIMER,), quotes, confidence=0.9)
        return Answer(question, AnswerKind.REFUSAL, (DISCLAIMER,), reason="not_answered")

    def document(self, document_id: str, /) -> Document | None:
        return CARE_DOCUMENT if document_id == CARE_DOCUMENT.id else None


DRIVE = Golden(2, "may children drive", "quote", (RIGHT.text,), CARE_DOCUMENT.id, frozenset(), "")
REFUSE = Golden(3, "may kids ride", "refuse", (), "", frozenset({"held"}), "")


def test_each_kind_of_change_is_counted_by_question_and_by_variant() -> None:
    trials = flip_test([DRIVE, REFUSE], Letters(), {})
    seen = {(one.line, one.change): one.became for one in trials if one.kind is not Kind.TYPO}
    assert seen == {
        (2, "capitals only"): Change.WORSE,
        (2, "Each Word With A Capital"): Change.MOVED,
        (2, "with a question mark"): Change.SAME,
        (2, "children \u2192 kids"): Change.WORSE,
        (3, "capitals only"): Change.WORSE,
        (3, "Each Word With A Capital"): Change.WORSE,
        (3, "with a question mark"): Change.SAME,
        (3, "kids \u2192 children"): Change.WORSE,
    }
    tally = {one.kind: one for one in tallies_of(trials)}
    capitals = tally[Kind.CASE]
    assert (capitals.questions, capitals.flipped, capitals.worse, capitals.better) == (2, 2, 2, 0)
    assert (capitals.variants, capitals.flipped_variants, capitals.moved) == (4, 3, 0)
    assert tally[Kind.SIGNS].rate.share == 0
    assert [one.questions for one in tallies_of(trials, held=True)] == [1, 1, 1, 1, 1]
    names = [rate.name for rate in rates_of(trials)]
    assert names[4] == "Questions that flip: any of these"
    assert len(names) == 12


def test_what_was_wrong_may_become_right() -> None:
    asked = replace(DRIVE, question="MAY KIDS DRIVE", quotes=(WRONG.text,))
    small = next(one for one in flip_test([asked], Letters(), {}) if one.change == "small letters")
    assert (small.became, small.before.result) == (Change.WORSE, Result.RIGHT_FIRST)
    asked = replace(DRIVE, question="MAY WE DRIVE")
    small = next(one for one in flip_test([asked], Letters(), {}) if one.change == "small letters")
    assert small.became is Change.BETTER
    assert small.before.quote == WRONG.text
    assert small.after.quote == RIGHT.text


def test_each_is_asked_once_as_it_is_and_once_a_variant_and_can_be_stopped() -> None:
    told: list[tuple[int, int]] = []
    asked: list[str] = []

    class Noting(Letters):
        def ask(self, question: str, /, *, trace: bool = False) -> Answer:
            asked.append(question)
            return super().ask(question)

    flip_test([DRIVE, REFUSE], Noting(), {}, lambda _, done, of: told.append((done, of)))
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert asked == [
        question
        for one in (DRIVE, REFUSE)
        for question in (one.question, *(v.question for v in variants_of(one.question)))
    ]

    def stop(_what: str, done: int, _of: int) -> None:
        if done:
            raise Stopped

    with pytest.raises(Stopped):
        flip_test([DRIVE, REFUSE], Letters(), {}, stop)


def test_a_test_comes_back_as_it_was_kept_and_old_ones_go(tmp_path: Path) -> None:
    file = StaffFile(tmp_path / "staff.sqlite3")
    book = FlipBook(file)
    assert book.latest() is None
    trials = tuple(flip_test([DRIVE, REFUSE], Letters(), {}))
    test = FlipTest("2026-11-26T10:15:00Z", 3.5, "Nora", "20261126-a", trials)
    for number in range(12):
        book.keep(replace(test, who=f"Nora {number}"))
    assert book.latest() == replace(test, who="Nora 11")
    order = [one.became for one in test.changed()]
    assert order == sorted(order, key=(Change.WORSE, Change.BETTER, Change.MOVED).index)
    with sqlite3.connect(file.path) as db:
        assert db.execute("SELECT count(*) FROM flip_tests").fetchone() == (10,)
        db.execute("UPDATE flip_tests SET trials = ?", (json.dumps([{"odd": 1}]),))
    with pytest.raises(StoreError, match="Run the test again"):
        book.latest()
