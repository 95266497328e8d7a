"""Feedback and questions on a terminal."""

from __future__ import annotations

from qa.feedback import Feedback, Place, Verdict
from qa.question_log import LoggedQuestion
from qa.records_report import feedback_table, questions_table, totals_text
from qa.store import today

PLACE = Place("a.md", 1, 20)


def test_totals() -> None:
    shown = totals_text({"helped": 2, "did_not_help": 1})
    assert shown == "Feedback: 3 (helped 2, did not help 1)."


def test_feedback_is_shown_as_it_is_kept() -> None:
    given = Feedback(Verdict.WAS_WRONG, "other", "[name] [bold]said", "answer", "", (PLACE,))
    shown = feedback_table([given], 140)
    assert all(one in shown for one in ("was_wrong", "other", "[name] [bold]said", "a.md:1-20"))
    assert "Question" not in shown
    asked = Feedback(Verdict.HELPED, question="Can [name] drive?")
    assert "Can [name] drive?" in feedback_table([asked], 140)


def test_questions_are_shown_with_what_became_of_them() -> None:
    answered = LoggedQuestion(today(), "Can [name] drive?", "answer", "", (PLACE,), "g")
    refused = LoggedQuestion(today(), "q", "refusal", "off_corpus", (), "g")
    shown = questions_table([answered, refused], 140)
    assert all(one in shown for one in ("Can [name] drive?", "a.md:1-20", "off_corpus", "answer"))


def test_a_note_commands_no_terminal() -> None:
    note = "said \x1b]0;title\x07\x9b2J\r\u202egnorw"
    shown = feedback_table([Feedback(Verdict.WAS_WRONG, "other", note, "answer", "", ())], 200)
    assert "said <U+001B>]0;title<U+0007><U+009B>2J<U+000D><U+202E>gnorw" in shown
    assert not [one for one in "\x1b\x07\x9b\r\u202e" if one in shown]
