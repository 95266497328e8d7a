"""The log of questions: what is kept of which message."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.feedback import Place
from qa.question_log import LoggedQuestion, QuestionLog, question_row, read_questions
from qa.store import Store, today
from tests.web.stand_in import CARE_DOCUMENT, StandIn


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "records.sqlite3", keep_days=30)


def keep(store: Store, question: str) -> None:
    QuestionLog(store, lambda text: f"<{text}>").keep(StandIn().ask(question))


def test_an_answered_question(store: Store) -> None:
    begun = today()
    keep(store, "side effects")
    [kept] = read_questions(store)
    assert kept.day in (begun, today())
    assert (kept.question, kept.kind, kept.reason) == ("<side effects>", "answer", "")
    assert kept.generation == StandIn.generation
    assert len(kept.places) == 2
    assert kept.places[0].document_id == CARE_DOCUMENT.id
    assert question_row(kept)["places"].startswith('[["leaflets/ketamine care.md", ')


def test_a_refused_question(store: Store) -> None:
    keep(store, "zebra")
    [kept] = read_questions(store)
    assert (kept.question, kept.kind, kept.reason) == ("<zebra>", "refusal", "not_answered")
    assert kept.places == ()


@pytest.mark.parametrize("question", ["i will hurt myself", "chest pain"])
def test_nothing_is_kept_of_a_message_in_which_there_is_danger(store: Store, question: str) -> None:
    keep(store, question)
    assert not store.path.exists()


@pytest.mark.parametrize("question", [" ", "zebra" * 300])
def test_a_message_that_was_not_read_to_its_end_leaves_no_text(store: Store, question: str) -> None:
    keep(store, question)
    [kept] = read_questions(store)
    assert kept.question == ""
    assert kept.reason in ("empty", "too_long")


def test_a_row_is_text() -> None:
    day = today()
    made = LoggedQuestion(day, "q", "answer", "", (Place("a.md", 1, 2),), "g")
    assert question_row(made) == {
        "day": day.isoformat(), "question": "q", "kind": "answer", "reason": "",
        "places": '[["a.md", 1, 2]]', "generation": "g",
    }  # fmt: skip
