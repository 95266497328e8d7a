"""The grid of questions and runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.golden import Golden
from qa.staff.judgement import Judgement, Result
from qa.staff.run_book import Run
from qa.staff.run_grid import OUTCOMES, Wanted, columns_of, documents_of, grid_of, tags_of

BASE = Judgement("q", "quote", (), "a.md", Result.RIGHT_FIRST, 0.8, 1, True, False, "", ())
RUN = Run("2026-11-26T10:15:00Z", 1.0, "Nora", "g1", "s", 0.44, "c", True, ())
DRIVE = replace(BASE, question="Can I drive?", tags=("held",))
EAT = replace(BASE, question="May I eat?", document="b.md")
LEFT = replace(BASE, question="It left the file")
OLD = replace(RUN, id=1, judgements=(LEFT, EAT, DRIVE))
MIDDLE = replace(
    RUN,
    id=2,
    threshold=0.5,
    judgements=(
        replace(EAT, result=Result.WRONG_QUOTE, rank=None),
        replace(DRIVE, result=Result.HELD_BACK, shown=False),
    ),
)
NEW = replace(RUN, id=3, threshold=0.5, which="held", whole=False, judgements=(DRIVE,))
RUNS = (NEW, MIDDLE, OLD)
GOLDEN = [
    Golden(line, question, "quote", ("x",), "a.md", frozenset(), "")
    for line, question in ((2, "Can I drive?"), (3, "Never asked"), (4, "May I eat?"))
]


def shown(wanted: Wanted) -> list[str]:
    return [row.question for row in grid_of(GOLDEN, RUNS, wanted)]


def test_rows_are_in_the_files_order_and_what_left_it_is_last() -> None:
    rows = grid_of(GOLDEN, RUNS, Wanted())
    assert [(row.question, row.in_file) for row in rows] == [
        ("Can I drive?", True),
        ("May I eat?", True),
        ("It left the file", False),
    ]
    drive, eat, left = rows
    assert [one and one.result for one in drive.cells] == [
        Result.RIGHT_FIRST,
        Result.HELD_BACK,
        Result.RIGHT_FIRST,
    ]
    assert (drive.newest, drive.way, drive.changed) == (0, 1, True)
    assert eat.cells[0] is None
    assert (eat.newest, eat.way, eat.changed) == (1, -1, True)
    assert (left.newest, left.way, left.changed) == (2, 0, False)


@pytest.mark.parametrize(
    ("wanted", "questions"),
    [
        (Wanted(outcome="bad"), ["May I eat?"]),
        (Wanted(outcome="good"), ["Can I drive?", "It left the file"]),
        (Wanted(outcome="wrong_quote"), ["May I eat?"]),
        (Wanted(outcome="what is this"), ["Can I drive?", "May I eat?", "It left the file"]),
        (Wanted(tag="held"), ["Can I drive?"]),
        (Wanted(document="b.md"), ["May I eat?"]),
        (Wanted(text="DRIVE"), ["Can I drive?"]),
        (Wanted(changed=True), ["Can I drive?", "May I eat?"]),
        (Wanted(changed=True, text="left"), []),
    ],
)
def test_filters(wanted: Wanted, questions: list[str]) -> None:
    assert shown(wanted) == questions


def test_columns_tell_what_changed_since_the_run_before() -> None:
    changed = [one.changed for one in columns_of(RUNS)]
    assert changed == ["", "the threshold (0.44 → 0.5)", ""]
    assert (tags_of(RUNS), documents_of(RUNS)) == (["held"], ["a.md", "b.md"])
    assert {one.name.lower() for one in Result} < set(OUTCOMES)
