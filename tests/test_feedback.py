"""Feedback: what is refused, what is kept, and in which form."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa.errors import FeedbackError
from qa.feedback import (
    MAX_NOTE,
    REASONS,
    REFUSALS,
    Feedback,
    FeedbackBook,
    Place,
    Verdict,
    feedback_row,
    places_text,
    read_feedback,
    read_places,
    totals,
)
from qa.store import Store, today

PLACE = Place("leaflets/a:b \u2013 c.md", 3, 20)


def shorten(text: str) -> str:
    return f"<{text[:3]}>"


def is_grave(text: str) -> bool:
    return "die" in text


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "records.sqlite3", keep_days=30)


def book(store: Store, with_questions: bool = False) -> FeedbackBook:
    return FeedbackBook(store, shorten, is_grave, with_questions)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"verdict": "loved"}, "verdict"),
        ({"reason": "because"}, "reason"),
        ({"note": "n" * (MAX_NOTE + 1)}, "note: at most 500"),
        ({"kind": "secret"}, "kind"),
        ({"refusal": "secret"}, "refusal"),
        ({"places": (PLACE,) * 17}, "span"),
        ({"generation": "a b"}, "generation"),
        ({"generation": "g" * 101}, "generation"),
        ({"question": "q" * 1_001}, "question"),
    ],
)
def test_wrong_feedback_is_named_and_not_repeated(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(FeedbackError, match=named) as caught:
        Feedback(**{"verdict": Verdict.HELPED} | wrong)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "wrong", [("", 0, 1), ("d" * 501, 0, 1), ("d", 1, 1), ("d", -1, 1), ("d", 0, 10**9)]
)
def test_a_place_is_a_stretch_of_a_text(wrong: tuple[str, int, int]) -> None:
    with pytest.raises(FeedbackError):
        Place(*wrong)


def test_what_is_kept_comes_back(store: Store) -> None:
    given = Feedback(
        Verdict.WAS_WRONG, "out_of_date", "", "refusal", "not_answered", (PLACE,), "20261124T-x1"
    )
    book(store).keep(given)
    assert read_feedback(store) == [given]
    assert given.day == today()


def test_notes_are_redacted_and_questions_are_kept_only_where_they_are_logged(
    store: Store,
) -> None:
    given = Feedback(Verdict.HELPED, note="secret note", question="secret question")
    book(store).keep(given)
    assert [(one.note, one.question) for one in read_feedback(store)] == [("<sec>", "")]
    store.purge(everything=True)
    book(store, with_questions=True).keep(given)
    assert [(one.note, one.question) for one in read_feedback(store)] == [("<sec>", "<sec>")]
    assert b"secret" not in store.path.read_bytes()


@pytest.mark.parametrize("kind", ["crisis", "emergency", "answer", ""])
def test_no_word_is_kept_of_a_message_in_which_there_is_danger(store: Store, kind: str) -> None:
    text = "hurt" if kind in ("crisis", "emergency") else "i want to die"
    book(store, with_questions=True).keep(
        Feedback(Verdict.DID_NOT_HELP, note="let me die", kind=kind, question=text)
    )
    [kept] = read_feedback(store)
    assert (kept.note, kept.question, kept.kind) == ("", "", kind)


def test_totals_name_every_verdict() -> None:
    given = [Feedback(Verdict.HELPED), Feedback(Verdict.HELPED), Feedback(Verdict.WAS_WRONG)]
    assert totals(given) == {"helped": 2, "did_not_help": 0, "was_wrong": 1}
    assert totals([]) == {"helped": 0, "did_not_help": 0, "was_wrong": 0}


def test_a_row_is_text() -> None:
    row = feedback_row(Feedback(Verdict.HELPED, places=(PLACE,), day=date(2026, 1, 2)))
    assert row["verdict"] == "helped"
    assert row["day"] == "2026-01-02"
    assert row["places"] == '[["leaflets/a:b \u2013 c.md", 3, 20]]'
    assert read_places(row["places"]) == (PLACE,)
    assert places_text(()) == "[]"


def test_refusals_are_those_that_the_api_names() -> None:
    from qa.web.schemas import AnswerBody

    named = AnswerBody.model_fields["reason"].description or ""
    assert all(reason in named for reason in REFUSALS)
    assert len(REFUSALS) == named.count(",") + 2
    assert "other" in REASONS
