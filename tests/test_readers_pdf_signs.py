"""Figures and signs of PDFs: none may become another number, or lose what it says."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from reportlab.lib.colors import black
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from tests.pdfs import DEJAVU, PROSE, Sheet, use_dejavu
from tests.test_readers_pdf import dejavu, shape


def risen(parts: Sequence[tuple[str, float, float]], *, font: str = "Helvetica") -> str:
    """The text of a line of parts, each with its size and how far it is raised, in points."""
    sheet = dejavu() if font == "DejaVu" else Sheet()
    written = sheet.canvas.beginText(72, 742)
    for text, size, rise in parts:
        written.setFont(font, size)
        written.setRise(rise)
        written.textOut(text)
    sheet.canvas.drawText(written)
    (line,) = shape(sheet.bytes())
    return line


@pytest.mark.parametrize(
    ("raised", "size", "expected"),
    [
        ("3", 6, "Over 10\u00b3 cells"),
        ("3", 10, "Over 10\u00b3 cells"),
        ("3", 11, "Over 10\u00b3 cells"),
        ("-3", 6, "Over 10\u207b\u00b3 cells"),
        ("\u20133", 6, "Over 10\u207b\u00b3 cells"),
        ("1,2", 6, "Over 10\u00b9,\u00b2 cells"),
        ("0.5", 6, "Over 10\u2070.\u2075 cells"),
    ],
)
def test_raised_figures_join_no_number(raised: str, size: float, expected: str) -> None:
    parts = [("Over 10", 11.0, 0.0), (raised, size, 4.0), (" cells", 11.0, 0.0)]
    assert risen(parts) == expected


@pytest.mark.skipif(not DEJAVU.exists(), reason="DejaVu Sans is not installed")
def test_a_raised_minus_sign() -> None:
    parts = [("Give 10", 11.0, 0.0), ("\u22123", 7.0, 4.0), (" molar", 11.0, 0.0)]
    assert risen(parts, font="DejaVu") == "Give 10\u207b\u00b3 molar"


def test_ticks_and_crosses_belong_to_their_items() -> None:
    sheet = Sheet()
    items = ("\u2714 Drink water", "\u2718 Drive a car", "\u2716 Drink alcohol")
    for number, item in enumerate(items):
        sheet.use("ZapfDingbats").put(72, 90 + 16 * number, item[0])
        sheet.use().put(90, 90 + 16 * number, item[2:])
    assert shape(sheet.bytes()) == [f"- {item}" for item in items]


@pytest.mark.skipif(not DEJAVU.exists(), reason="DejaVu Sans is not installed")
def test_comparisons_and_units_are_kept() -> None:
    line = "Keep it at \u22125 \u00b0C, \u2265 3 \u00b5g/mL, \u2264 2\u00bd tablets, \u00b1 0,5 mg."
    sheet = use_dejavu(Sheet(), 11)
    sheet.put(72, 90, line)
    assert shape(sheet.bytes()) == [line]


def test_pictures_as_bullets() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    dot = ImageReader(Image.new("RGB", (8, 8), "black"))
    sheet = Sheet().use().put(72, 90, "Do not:")
    for number, item in enumerate(("drive a car", "drink alcohol", "sign contracts")):
        sheet.canvas.drawImage(dot, 76, 842 - 108 - 16 * number, 5, 5)
        sheet.put(90, 108 + 16 * number, item)
    assert shape(sheet.bytes()) == [
        "Do not:",
        "- drive a car",
        "- drink alcohol",
        "- sign contracts",
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("a dose of 10-", "20 mg"), "a dose of 10-20 mg"),
        (("a dose of 10\u2013", "20 mg"), "a dose of 10\u201320 mg"),
        (("call us at 555-010-", "4567"), "call us at 555-010-4567"),
        (("below 140/", "90 mmHg"), "below 140/90 mmHg"),
        (("www.clinic.example/patient-", "information"), "www.clinic.example/patient-information"),
        (("us@any-", "clinic.example"), "us@any-clinic.example"),
        (("an illness not-", "yet-known"), "an illness not-yet-known"),
    ],
)
def test_doses_and_addresses_over_line_ends(lines: tuple[str, str], expected: str) -> None:
    sheet = Sheet().use()
    first, second = lines
    long = f"This is said at some length, so that the line is full: {first}"
    sheet.put(72, 90, long).put(72, 104, f"{second} and so on, which is the end of the sentence.")
    assert expected in shape(sheet.bytes())[0]


ROWS = {
    "wrapped": [
        ("Weight", "First dose", "Maximum dose", "Time between"),
        ("under 50 kg", "25 mg", "50 mg", "at least 3"),
        ("", "", "", "days"),
        ("50 to 90 kg", "50 mg", "not above", "at least 2"),
        ("", "", "100 mg", "days"),
        ("over 90 kg", "75 mg", "150 mg", "1 day"),
    ],
    "gaps": [
        ("Weight", "First dose", "Maximum dose", "Time between"),
        ("under 50 kg", "25 mg", "50 mg", ""),
        ("50 to 90 kg", "", "100 mg", "2 days"),
        ("over 90 kg", "75 mg", "", "1 day"),
    ],
}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "wrapped",
            [
                "! Weight | First dose | Maximum dose | Time between",
                "| under 50 kg | 25 mg | 50 mg | at least 3 days",
                "| 50 to 90 kg | 50 mg | not above 100 mg | at least 2 days",
                "| over 90 kg | 75 mg | 150 mg | 1 day",
            ],
        ),
        (
            "gaps",
            [
                "! Weight | First dose | Maximum dose | Time between",
                "| under 50 kg | 25 mg | 50 mg",
                "| 50 to 90 kg |  | 100 mg | 2 days",
                "| over 90 kg | 75 mg |  | 1 day",
            ],
        ),
    ],
)
def test_tables_of_doses_without_rules(rows: str, expected: list[str]) -> None:
    sheet = Sheet()
    for number, row in enumerate(ROWS[rows]):
        sheet.use("Helvetica-Bold" if number == 0 else "Helvetica")
        for x, cell in zip((72, 180, 290, 400), row, strict=True):
            sheet.put(x, 150 + 14 * number, cell)
    sheet.use().text(72, 300, 450, PROSE)
    assert shape(sheet.bytes()) == [*expected, PROSE.strip()]


ADVICE = [
    ("Side effect", "How often", "What to do"),
    (
        "Dizziness",
        "1 in 10",
        "Lie down and do not get up before it is over. Tell the nurse when it lasts.",
    ),
    ("Nausea", "1 in 20", "Eat nothing. Ask for a tablet, which you must not take at home."),
    ("Chest pain", "rare", "Call us at once. Do not wait for it to pass by itself, ever."),
]


@pytest.mark.parametrize("valign", ["TOP", "MIDDLE", "BOTTOM"])
@pytest.mark.parametrize("lines", [(), ("LINEBELOW",), ("LINEBELOW", "head")])
def test_rows_of_wrapped_cells(valign: str, lines: tuple[str, ...]) -> None:
    buffer = io.BytesIO()
    style = getSampleStyleSheet()["BodyText"]
    last = 0 if "head" in lines else -1
    rows = [ADVICE[0], *([a, b, Paragraph(c, style)] for a, b, c in ADVICE[1:])]
    looks = [("VALIGN", (0, 0), (-1, -1), valign)] + [
        (line, (0, 0), (-1, last), 0.5, black) for line in lines[:1]
    ]
    table = Table(rows, colWidths=[90, 90, 220], style=looks)
    SimpleDocTemplate(buffer).build([Paragraph(PROSE, style), table, Paragraph(PROSE, style)])
    found = [line[2:] for line in shape(buffer.getvalue()) if line[:1] in "!|"]
    assert found == [" | ".join(row) for row in ADVICE]


def test_bullets_that_stand_a_little_lower_than_their_text() -> None:
    sheet = Sheet().use().put(72, 90, "Do not:")
    for number, item in enumerate(("drive a car", "drink alcohol")):
        sheet.use(size=13).put(76, 110 + 16 * number, "\u2022")
        sheet.use().put(90, 108 + 16 * number, item)
    assert shape(sheet.bytes()) == ["Do not:", "- drive a car", "- drink alcohol"]


def test_narrow_columns_under_bold_heads_are_no_table() -> None:
    sheet = Sheet()
    texts = (
        "Do not eat for six hours before you come to us, and bring somebody along.",
        "Lie back and rest. A nurse is always with you and takes your pulse.",
        "Do not drive. Sleep, eat lightly and do not sign any contracts until the next day.",
    )
    for x, head, text in zip((60, 220, 380), ("Before", "During", "After"), texts, strict=True):
        sheet.use("Helvetica-Bold").put(x, 90, head)
        sheet.use().text(x, 108, 100, text)
    assert [line for line in shape(sheet.bytes()) if line in texts] == list(texts)


def test_text_with_double_room_between_its_lines() -> None:
    text = f"{PROSE} {PROSE}".replace("Do not drive", "After it do not drive")
    sheet = Sheet().use()
    sheet.text(72, 90, 330, text, leading=2.2)
    assert shape(sheet.bytes()) == [" ".join(text.split())]


def test_page_numbers_of_contents_join_no_sentence() -> None:
    sheet = Sheet().use()
    for number, head in enumerate(("1. What it is", "2. Your visit", "3. Side effects")):
        sheet.put(72, 110 + 16 * number, head + " " + "." * 60)
        sheet.put(500, 110 + 16 * number, str(number + 2))
    sheet.text(72, 180, 450, PROSE)
    assert PROSE.strip() in shape(sheet.bytes())


def test_narrow_blanks_part_words() -> None:
    sheet = Sheet()
    written = sheet.canvas.beginText(72, 742)
    written.setFont("Helvetica", 11)
    written.setWordSpace(-1.6)
    written.textLine("Take 5 mg and do not drive 10 km after it.")
    written.setWordSpace(0)
    sheet.canvas.drawText(written)
    assert shape(sheet.bytes()) == ["Take 5 mg and do not drive 10 km after it."]
