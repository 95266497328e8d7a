"""Tables of Word files: rows that can be quoted alone, and layouts that are no tables."""

from __future__ import annotations

import pytest

from qa.corpus import make_document
from qa.errors import CorpusError
from qa.readers.docx import read_docx
from qa.web.reading import lay_out
from tests.word_files import paragraph, run, styled, table, word

BOLD = "<w:b/>"


def blocks(body: str) -> list[tuple[str, str]]:
    draft = read_docx(word(body), "x.docx")
    return [(block.kind.value, draft.text[block.start : block.end]) for block in draft.blocks]


def cell(text: str, properties: str) -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def test_the_row_that_names_the_columns() -> None:
    plain = table(["Week", "Dose"], ["1", "28 mg"])
    assert blocks(plain) == [("table_row", "Week | Dose"), ("table_row", "1 | 28 mg")]
    marked = table(["Week", "Dose"], ["1", "28 mg"], head=True)
    assert blocks(marked) == [("table_head", "Week | Dose"), ("table_row", "1 | 28 mg")]
    bold = table([paragraph(run("Week", BOLD)), paragraph(run("Dose", BOLD))], ["1", "28 mg"])
    assert blocks(bold) == blocks(marked)
    look = '<w:tblStyle w:val="Lined"/><w:tblLook w:val="0020"/>'
    assert blocks(table(["Week", "Dose"], ["1", "28 mg"], properties=look)) == blocks(marked)
    off = look.replace("0020", "0000")
    assert blocks(table(["Week", "Dose"], ["1", "28 mg"], properties=off)) == blocks(plain)


def test_a_cell_stays_one_cell_whatever_it_holds() -> None:
    body = table(
        [
            "A | B",
            paragraph("Two") + paragraph("paragraphs"),
            "<w:p><w:r><w:t>Line</w:t><w:br/><w:t>break</w:t></w:r></w:p>",
        ],
        ["|", "a|b", "c |"],
    )
    assert blocks(body) == [
        ("table_row", "A / B | Two paragraphs | Line break"),
        ("table_row", "/ | a|b | c /"),
    ]
    [part] = lay_out(make_document("x.docx", word(body)))
    shown = [["".join(piece.text for piece in c) for c in item.cells] for item in part.items]
    assert shown == [["A / B", "Two paragraphs", "Line break"], ["/", "a|b", "c /"]]


def test_merged_cells_keep_columns_in_their_place() -> None:
    body = table(
        [cell("Drug", ""), cell("Dose", '<w:gridSpan w:val="2"/>'), cell("Note", "")],
        [
            cell("Ketamine", '<w:vMerge w:val="restart"/>'),
            cell("Morning", ""),
            cell("5 mg", ""),
            cell("With food.", '<w:vMerge w:val="restart"/>'),
        ],
        [
            cell("", "<w:vMerge/>"),
            cell("Evening", ""),
            cell("10 mg", ""),
            cell("", '<w:vMerge w:val="continue"/>'),
        ],
        [cell("All of them", '<w:gridSpan w:val="4"/>')],
    )
    assert blocks(body) == [
        ("table_row", "Drug | Dose |  | Note"),
        ("table_row", "Ketamine | Morning | 5 mg | With food."),
        ("table_row", "Ketamine | Evening | 10 mg"),
        ("table_row", "All of them"),
    ]


def test_empty_cells() -> None:
    assert blocks(table(["", "Monday", "Tuesday"], ["A", "", "x"], ["", "", ""])) == [
        ("table_row", "\u2013 | Monday | Tuesday"),
        ("table_row", "A |  | x"),
    ]


def test_lists_and_headings_in_cells() -> None:
    body = table(["\u2022 one", styled("Clinic", "Half")], ["c", "d"], head=True)
    assert blocks(body)[0] == ("table_head", "\u2022 one | Half")


def test_tables_within_tables_are_rows_of_their_own() -> None:
    inmost = table(["in 1", "in 2"])
    middle = table(["mid 1", inmost + paragraph("mid 2")], ["mid 3", "mid 4"])
    outer = table(["out 1", paragraph("out 2") + middle + paragraph("out 3")], ["out 4", "out 5"])
    assert blocks(outer) == [
        ("table_row", "out 1 | out 2 out 3"),
        ("table_row", "mid 1 | mid 2"),
        ("table_row", "in 1 | in 2"),
        ("table_row", "mid 3 | mid 4"),
        ("table_row", "out 4 | out 5"),
    ]


def test_tables_that_lay_out_a_page_are_text() -> None:
    boxed = table([styled("berschrift2", "Warning") + paragraph("Do not drive.")])
    assert blocks(boxed) == [("heading", "Warning"), ("paragraph", "Do not drive.")]
    columns = table(
        [
            styled("berschrift2", "Left") + paragraph("One.") + paragraph("Two."),
            styled("berschrift2", "Right") + paragraph("Three.") + table(["a", "b"]),
        ]
    )
    assert blocks(columns) == [
        ("heading", "Left"),
        ("paragraph", "One."),
        ("paragraph", "Two."),
        ("heading", "Right"),
        ("paragraph", "Three."),
        ("table_row", "a | b"),
    ]


def test_bold_lines_head_the_text_of_a_laid_out_page() -> None:
    left = paragraph(run("Before", BOLD)) + "".join(paragraph(f"Text {i}.") for i in range(4))
    assert blocks(table([left, "Aside"]))[:2] == [("heading", "Before"), ("paragraph", "Text 0.")]


def test_tables_too_deep_to_be_read() -> None:
    body = paragraph("deep")
    for _ in range(60):
        body = table([body])
    assert blocks(body) == [("paragraph", "deep")]
    for _ in range(400):
        body = table([body])
    with pytest.raises(CorpusError, match=r"^x\.docx: .*(too deeply|not valid XML)"):
        blocks(body)
