"""Feedback: what is refused, what is kept, and in which form."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa.document import BlockKind
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
from qa.records_report import feedback_table
from qa.safety import Assessment, Danger
from qa.store import Store, today
from qa.types import Notice
from tests.web.stand_in import make_document

PLACE = Place("a:b \u2013 c.md", 3, 19)


def shorten(text: str) -> str:
    return f"<{text[:3]}>"


SERVED = make_document(
    "a:b \u2013 c.md", "Care", [(BlockKind.PARAGRAPH, "", "Wear loose sleeves.")]
)


def assess(text: str) -> Assessment:
    return Assessment(Danger.CRISIS if "die" in text else Danger.ADVICE)


def notices(found: Assessment, language: str) -> tuple[Notice, ...]:
    return tuple(Notice(kind, f"{found.danger} {language}") for kind in ("crisis", "disclaimer"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "records.sqlite3", keep_days=30)


def book(store: Store, with_questions: bool = False) -> FeedbackBook:
    return FeedbackBook(
        store, shorten, assess, with_questions, documents=lambda: [SERVED], notices=notices
    )


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
        Feedback(**{"verdict": Verdict.HELPED} | wrong).check()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "wrong", [("", 0, 1), ("d" * 501, 0, 1), ("d", 1, 1), ("d", -1, 1), ("d", 0, 10**9)]
)
def test_a_place_is_a_stretch_of_a_text(wrong: tuple[str, int, int]) -> None:
    with pytest.raises(FeedbackError):
        Place(*wrong)


def test_what_is_kept_comes_back(store: Store) -> None:
    begun = today()
    given = Feedback(
        Verdict.WAS_WRONG, "out_of_date", "", "refusal", "not_answered", (PLACE,), "20261124T-x1"
    )
    book(store).keep(given)
    assert read_feedback(store) == [given]
    assert given.day in (begun, today())


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


def test_a_note_that_tells_of_danger_calls_for_help_in_the_pages_language(store: Store) -> None:
    def help_for(note: str) -> list[tuple[str, str]]:
        found = book(store).help_for(note, "es")
        return [(notice.kind, notice.text) for notice in found]

    assert help_for("let me die") == [("crisis", "crisis es")]
    assert help_for("should I take more") == []
    assert help_for("") == []


@pytest.mark.parametrize(
    "place",
    [
        Place("John Smith, 12 Oak Road, 555-201-9933", 0, 1),
        Place(SERVED.id, 3, len(SERVED.text) + 1),
        Place(SERVED.id, 10**8, 10**8 + 1),
    ],
)
def test_a_place_in_no_document_that_is_served_is_left_out(store: Store, place: Place) -> None:
    whole = Place(SERVED.id, 0, len(SERVED.text))
    book(store).keep(Feedback(Verdict.HELPED, places=(place, whole)))
    [kept] = read_feedback(store)
    assert kept.places == (whole,)


def test_the_book_checks_what_it_is_given(store: Store) -> None:
    with pytest.raises(FeedbackError, match="reason"):
        book(store).keep(Feedback(Verdict.HELPED, reason="because"))
    assert not store.path.exists()


def test_what_another_version_kept_is_read(store: Store) -> None:
    old = feedback_row(Feedback(Verdict.HELPED, note="n" * 600)) | {
        "verdict": "loved",
        "reason": "retired",
        "kind": "other",
        "refusal": "retired",
        "places": '[["", 0, 1], ["a.md", 1, 2]]',
    }
    store.add("feedback", old)
    book(store).keep(Feedback(Verdict.HELPED))
    read = read_feedback(store)
    assert {one.reason for one in read} == {"retired", ""}
    [kept] = [one for one in read if one.reason]
    assert (kept.verdict, kept.kind, kept.places) == ("loved", "other", (Place("a.md", 1, 2),))
    assert totals(read) == {"helped": 1, "did_not_help": 0, "was_wrong": 0, "loved": 1}
    assert "loved" in feedback_table(read, 140)


def test_totals_name_every_verdict() -> None:
    given = [Feedback(Verdict.HELPED), Feedback(Verdict.HELPED), Feedback(Verdict.WAS_WRONG)]
    assert totals(given) == {"helped": 2, "did_not_help": 0, "was_wrong": 1}
    assert totals([]) == {"helped": 0, "did_not_help": 0, "was_wrong": 0}


def test_a_row_is_text() -> None:
    row = feedback_row(Feedback(Verdict.HELPED, places=(PLACE,), day=date(2026, 1, 2)))
    assert row["verdict"] == "helped"
    assert row["day"] == "2026-01-02"
    assert row["places"] == '[["a:b \u2013 c.md", 3, 19]]'
    assert read_places(row["places"]) == (PLACE,)
    assert places_text(()) == "[]"


def test_refusals_are_those_that_the_api_names() -> None:
    from qa.web.schemas import AnswerBody

    named = AnswerBody.model_fields["reason"].description or ""
    assert all(reason in named for reason in REFUSALS)
    assert len(REFUSALS) == named.count(",") + 2
    assert "other" in REASONS
