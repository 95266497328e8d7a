"""Golden questions to a CSV file for spreadsheets, and such files read back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from qa.errors import QuestionError
from qa.staff.golden_book import GoldenBook, Label
from qa.staff.question_table import COLUMNS, read_table, table_of

SHIPPED = Path(__file__).resolve().parents[2] / "corpus" / "questions.csv"
ODD = [
    Label("=SUM(A1)", "refuse", note="+1"),
    Label("'=already", "refuse", note="''@twice"),
    Label("'quoted' words", "refuse", note="- dash"),
    Label("Ist Müdigkeit; normal?", "quote", 'She said "yes", twice.', "a,b.md", "held", "a\nb"),
]


def cells_of(data: bytes) -> list[dict[str, str]]:
    return [line.cells for line in read_table(data).lines]


def test_what_is_written_is_safe_in_a_spreadsheet_and_comes_back() -> None:
    data = table_of(ODD)
    assert data.startswith(b"\xef\xbb\xbf" + b'"question","expect"')
    assert data.count(b"\r\n") == len(ODD) + 1
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:3]] == ["'=SUM(A1)", "''=already"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert cells_of(data) == [label.cells() for label in ODD]


def test_the_shipped_questions_come_back_to_the_letter() -> None:
    labels = [one.label for one in GoldenBook(SHIPPED).kept()]
    assert cells_of(table_of(labels)) == [label.cells() for label in labels]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_as_excel_saves_them_are_read(sign: str, encoding: str) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=sign, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(label.cells().values() for label in ODD[3:])
    table = read_table(written.getvalue().encode(encoding))
    assert [line.cells for line in table.lines] == [ODD[3].cells()]
    assert any("Windows-1252" in one for one in table.remarks) == (encoding == "cp1252")


def test_columns_in_any_order_and_number() -> None:
    table = read_table(b"sep=;\r\nEXPECT; Question ;Mine\r\nRefuse;A?;x\r\n;;\r\ncrisis;B?\r\n")
    assert [(one.number, one.cells) for one in table.lines] == [
        (3, {"question": "A?", "expect": "refuse"}),
        (5, {"question": "B?", "expect": "crisis"}),
    ]
    assert table.remarks == ("Columns that are not known here were passed over: mine.",)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\r\n;;\r\n", "empty"),
        (b"question;quote\r\nA?;B\r\n", "Line 1: the column .expect. is missing"),
        (b"question,expect,question\r\n", "Line 1: the column .question. is there twice"),
        (b"question,expect\r\nA\x81?,refuse\r\n", "Line 2: byte 18 is neither"),
        ("question,expect".encode("utf-16") + b"\x00", "UTF-16"),
        (b"question,expect\r\n" + b"a" * 140_000 + b",refuse", "Line 2 cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(data: bytes, said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        read_table(data)
