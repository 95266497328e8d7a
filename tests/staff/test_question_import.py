"""What an import would do, line by line, before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.corpus import make_document
from qa.document import Document
from qa.staff.golden_book import GoldenBook
from qa.staff.question_import import Plan, plan_import
from qa.staff.question_table import read_table, table_of

HEAD = "question,expect,quote,document,tags,note,spans\n"
CARE = make_document("care.md", b"# Care\n\nDo not drive today. Rest at home.\n")
KEPT = (
    HEAD
    + "May I drive?,quote,Do not drive today.,care.md,held,,8:27 of 1f2e3d4c\n"
    + "May I swim?,refuse,,,tuned on_topic,,\n"
    + "Gone?,quote,Words that went.,care.md,tuned,,\n"
    + "Twice?,refuse,,,,,\nTwice?,crisis,,,,,\n"
)


def find(name: str) -> Document | None:
    return CARE if name == "care.md" else None


@pytest.fixture
def book(tmp_path: Path) -> GoldenBook:
    (tmp_path / "questions.csv").write_text(KEPT, "utf-8")
    return GoldenBook(tmp_path / "questions.csv")


def plan(book: GoldenBook, text: str | bytes) -> Plan:
    data = text.encode() if isinstance(text, str) else text
    return plan_import(read_table(data), book.kept(), find)


def test_an_export_changes_nothing_misfits_and_doubles_included(book: GoldenBook) -> None:
    made = plan(book, table_of(one.label for one in book.kept()))
    assert (str(made), made.edits, made.added) == ("0 new, 0 changed, 5 the same, 0 wrong", [], ())


def test_new_changed_same_and_wrong_lines(book: GoldenBook) -> None:
    made = plan(
        book,
        "question;expect;quote;document\n"
        " may  i DRIVE?;quote;Rest at home.;care.md\n"
        "May I swim?;refuse;;\n"
        "What now?;quote;Rest at   home.;care.md\n"
        "What then?;quote;Words that went.;care.md\n"
        "Why?;maybe;;\n"
        ";refuse;;\n"
        "How?;quote;;care.md\n"
        "Who?;quote;Rest.;other.md\n"
        "WHAT now?;refuse;;\n",
    )
    assert str(made) == "1 new, 1 changed, 1 the same, 6 wrong"
    [(kept, label)] = made.changed
    assert kept.number == 1
    assert (label.quote, label.tags, label.spans) == ("Rest at home.", "held", "")
    assert [one.question for one in made.added] == ["What now?"]
    assert [(one.line, one.why) for one in made.wrong] == [
        (5, "care.md does not hold 'Words that went.'"),
        (
            6,
            "what is expected is \u201cmaybe\u201d, not one of quote, refuse, crisis, emergency, "
            "advice",
        ),
        (7, "the question is missing"),
        (8, "the expected quote is missing"),
        (9, "there is no document 'other.md'"),
        (10, "line 4 asks the same"),
    ]
    book.revise(made.edits, made.added)
    assert str(plan(book, table_of(one.label for one in book.kept()))).startswith("0 new, 0 ch")


def test_places_that_are_no_places_are_wrong(book: GoldenBook) -> None:
    [wrong] = plan(book, HEAD + "New?,quote,Rest at home.,care.md,,,8-9\n").wrong
    assert wrong.why.startswith("spans is '8-9'")


def test_a_plan_tells_whether_it_is_the_one_that_was_seen(book: GoldenBook) -> None:
    text = "question,expect\nMay I swim?,crisis\n"
    before = plan(book, text).digest
    assert plan(book, text).digest == before
    kept = book.kept()[1]
    book.change(kept.digest, "May I swim?", kept.label.__class__("May I swim?", "advice"))
    assert plan(book, text).digest != before
