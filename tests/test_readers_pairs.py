"""Questions and answers in a table: the answer is quoted, the question is its heading."""

from __future__ import annotations

import csv

import pytest

from qa.corpus import make_document
from qa.errors import CorpusError
from qa.readers.draft import Draft
from qa.readers.pairs import read_pairs


def read(text: str | bytes) -> Draft:
    return read_pairs(text if isinstance(text, bytes) else text.encode(), "x.csv")


def blocks(text: str | bytes) -> list[tuple[str, str]]:
    draft = read(text)
    assert draft.blocks == tuple(sorted(draft.blocks, key=lambda block: block.start))
    return [(block.kind.value, draft.text[block.start : block.end]) for block in draft.blocks]


DRIVE = [("heading", "May I drive?"), ("paragraph", "No, not on that day.")]


@pytest.mark.parametrize(
    "text",
    [
        'question,answer\nMay I drive?,"No, not on that day."\n',
        'Question;Answer\r\nMay I drive?;"No, not on that day."\r\n',
        "Q\tA\nMay I drive?\tNo, not on that day.",
        'sep=;\nquestion;answer\nMay I drive?;"No, not on that day."\n',
        '\ufeff"QUESTION","ANSWER"\n"May I drive?","No, not on that day."\n,,\n\n',
        "id; Pregunta ;owner;respuesta\n1;May I drive?;x;No, not on that day.",
    ],
)
def test_columns_and_delimiters(text: str) -> None:
    assert blocks(text) == DRIVE


def test_excels_unicode_text() -> None:
    assert blocks("Q\tA\r\nMay I drive?\tNo, not on that day.\r\n".encode("utf-16")) == DRIVE


def test_answers_of_several_lines() -> None:
    assert blocks(
        'q,a\nWhat do I bring?,"Please bring:\n- your card\n\u2022 a friend\n2) shoes\n\n'
        'Nothing else.\nReally, ""nothing""."\n'
    ) == [
        ("heading", "What do I bring?"),
        ("paragraph", "Please bring:"),
        ("item", "your card"),
        ("item", "a friend"),
        ("item", "shoes"),
        ("paragraph", 'Nothing else.\nReally, "nothing".'),
    ]


def test_sections_are_outer_headings() -> None:
    document = make_document(
        "folder/side-effects.csv",
        b"section,question,answer\nBefore,Eat?,No.\nBefore,Drink?,Yes.\nAfter,Eat?,Yes.\n",
    )
    assert document.title == "side-effects"
    assert [(s.path, s.anchor) for s in document.sections[1:]] == [
        (("Before",), "before"),
        (("Before", "Eat?"), "eat"),
        (("Before", "Drink?"), "drink"),
        (("After",), "after"),
        (("After", "Eat?"), "eat-2"),
    ]


def test_empty_cells_behind_the_named_columns_are_passed_over() -> None:
    assert blocks("q,a\nEat?,No.,,\n") == [("heading", "Eat?"), ("paragraph", "No.")]


def test_formulas_are_text() -> None:
    assert blocks("q,a\n=1+1?,=SUM(A1)") == [("heading", "=1+1?"), ("paragraph", "=SUM(A1)")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q,a\nOne?,Yes.\n\nTwo?,\n", r"x\.csv: line 4: the answer is empty"),
        ('q,a\n"One\nmore?",Yes.\n ,No.\n', r"x\.csv: line 4: the question is empty"),
        ("sep=,\nq,a\nOne?\n", r"x\.csv: line 3: the answer is empty"),
        ("name,dose\na,b\n", r"x\.csv: line 1: .*`question` and `answer`.*synonyms\.csv"),
        ("q,a\nSafe?,Yes, but not with alcohol.\n", r"x\.csv: line 2: .*more cells than line 1"),
        ("q;a\nDose?;1,5 mg; daily\n", r"x\.csv: line 2: .*quotation marks"),
        ("", r"x\.csv: line 1: .*`question` and `answer`"),
        ("q,a,answer\n1,2,3\n", r"x\.csv: line 1: 2 columns are named answer"),
        ('q,a\nOne?,Yes.\nTwo?,"No\n', r"x\.csv: line 3: this row of the table is broken"),
        (b"q,a\nOne?,\xff", r"x\.csv: byte 9 "),
        (b"q,a\nOne?,\x00", r"x\.csv: byte 9 is NUL"),
        ('q,a\nOne?,"' + "x" * 1_100_000, r"x\.csv: line 2: this row"),
    ],
)
def test_what_cannot_be_read_is_named(text: str | bytes, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        read(text)


def test_the_limit_of_other_tables_is_left_alone() -> None:
    limit = csv.field_size_limit()
    read(b"q,a\nOne?,Two.")
    assert csv.field_size_limit() == limit
    with pytest.raises(CorpusError, match=r"x\.csv: line 2: .*field larger than field limit"):
        read(b"q,a\nOne?," + b"x" * (limit + 1))
