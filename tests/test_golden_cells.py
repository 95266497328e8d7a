"""A column written anew, and no other byte: by hand, and over files made at random."""

from __future__ import annotations

import csv
import io
import random

import pytest

from qa.errors import QuestionError
from qa.golden_cells import with_column


def column(text: str, *values: str | None) -> str:
    return with_column(text.encode(), "spans", values, "q.csv").decode()


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        ("a,b\n1,2\n", ["x"], "a,b,spans\n1,2,x\n"),
        ("a,b\r\n1,2\r\n3,4", ["x", None], "a,b,spans\r\n1,2,x\r\n3,4,"),
        ("a,spans,b\n1,,2\n3,old,4\n", ["x", "y"], "a,spans,b\n1,x,2\n3,y,4\n"),
        ("a,spans,b\n1,,2\n3,old,4\n", [None, None], "a,spans,b\n1,,2\n3,old,4\n"),
        ("a,spans\n1\n", ["x"], "a,spans\n1,x\n"),  # the record ends before the column
        ("a,b,spans\n1\n2,\n", ["x", None], "a,b,spans\n1,,x\n2,\n"),
        ("a,b\n1\n", ["x"], "a,b,spans\n1,,x\n"),
        ("\ufeffa,b\n1,2\n", ["x"], "\ufeffa,b,spans\n1,2,x\n"),
        ('"a","b"\n"1","2"\n', ["x"], '"a","b","spans"\n"1","2","x"\n'),
        ('a,"spans"\n1,"old"\n', ["x"], 'a,"spans"\n1,"x"\n'),
        ('a,b\n"1,\n\r\n2","say ""so"""\n', ["x"], 'a,b,spans\n"1,\n\r\n2","say ""so""",x\n'),
        ('a,b\n1 "2",3"\n', ["x"], 'a,b,spans\n1 "2",3",x\n'),  # marks within a cell
        ('a,b\n"1"2,3\n', ["x"], 'a,b,spans\n"1"2,3,x\n'),
        ("a,b\n\n1,2\n\r\n3,4\n\n", ["x", "y"], "a,b,spans\n\n1,2,x\n\r\n3,4,y\n\n"),
        ("a,b\r1,2\r", ["x"], "a,b,spans\r1,2,x\r"),
        ("a,b\n", [], "a,b,spans\n"),
        ("a,b\n1,\n", ["x"], "a,b,spans\n1,,x\n"),
        ("a,b\n\u00e9\u2028,\U0001f600\n", ["x"], "a,b,spans\n\u00e9\u2028,\U0001f600,x\n"),
    ],
)
def test_one_column_and_no_other_byte(before: str, values: list[str | None], after: str) -> None:
    assert column(before, *values) == after


def test_what_cannot_be_written_back() -> None:
    with pytest.raises(
        QuestionError, match=r"q\.csv: record 1 below the header, '1', has more cells"
    ):
        column("a,b\n1,2,3\n", "x")
    with pytest.raises(QuestionError, match="changed meanwhile"):
        column("a,b\n1,2\n", "x", "y")
    with pytest.raises(QuestionError, match="left as it is"):
        column("a,b\n1,2\n", 'x,"y"')
    with pytest.raises(QuestionError, match="left as it is"):
        column('a,"b never closed')
    with pytest.raises(QuestionError, match="left as it is"):
        column('a,b\n1,"never closed', "y")


def test_files_at_random_read_as_they_did() -> None:
    chance = random.Random(3)
    pieces = ["", "a", ",", '"', "\n", "\r\n", " ", "\u00e9", '""', "b c", "\u2028"]
    for _ in range(500):
        names = ["one", "two", *(["spans"] if chance.random() < 0.5 else []), "three"]
        style = chance.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
        out = io.StringIO(newline="")
        writer = csv.writer(out, quoting=style, lineterminator=chance.choice(["\n", "\r\n"]))
        writer.writerow(names)
        rows = [
            ["x", *("".join(chance.choices(pieces, k=3)) for _ in names[1:])]
            for _ in range(chance.randrange(4))
        ]
        writer.writerows(rows)
        values = [chance.choice([None, "1:2 of ab", ""]) for _ in rows]
        made = with_column(out.getvalue().encode(), "spans", values, "q.csv").decode()
        again = list(csv.DictReader(io.StringIO(made, newline="")))
        for old, new, value in zip(rows, again, values, strict=True):
            kept = dict(zip(names, old, strict=True))
            want = kept.get("spans", "") if value is None else value
            assert new == kept | {"spans": want}
