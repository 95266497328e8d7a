"""PDFs such as clinics have them: their canonical text, block by block."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from reportlab.lib import colors
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from tests import pdfs
from tests.pdfs import Sheet
from tests.test_readers_pdf import dejavu, shape

BOLD, PLAIN = "Helvetica-Bold", "Helvetica"


def leaflet() -> bytes:
    """Two columns below a coloured head, and a box at the foot of the right one."""
    sheet = Sheet()
    sheet.canvas.setFillColorRGB(0.1, 0.3, 0.45)
    sheet.canvas.rect(0, 772, 595, 70, fill=1, stroke=0)
    sheet.canvas.setFillColorRGB(1, 1, 1)
    sheet.use(BOLD, 22).put(40, 45, "Ketamine infusions")
    sheet.use(PLAIN, 11).put(40, 62, "Information for patients and families")
    sheet.canvas.setFillColorRGB(0, 0, 0)
    sheet.use(BOLD, 13).put(40, 100, "Before your visit")
    y = 118.0
    for item in (
        "Do not eat for four hours before the infusion. You may drink water until seven o'clock.",
        "Take your usual medicines unless we told you otherwise.",
        "Bring somebody who can take you home.",
    ):
        sheet.use(PLAIN, 10).put(44, y, "\u2022")
        y = sheet.text(56, y, 224, item) + 3
    sheet.use(BOLD, 13).put(310, 100, "During the infusion")
    y = sheet.use(PLAIN, 10).text(310, 118, 240, "A nurse stays with you. " + pdfs.PROSE)
    sheet.canvas.rect(310, 842 - y - 110, 245, 110)
    sheet.use(BOLD, 11).put(320, y + 18, "Call us at once if")
    for item in ("you cannot pass water", "your heart races for more than an hour"):
        sheet.use(PLAIN, 10).put(322, y + 36, "\u2013").put(334, y + 36, item)
        y += 14
    sheet.use(BOLD, 11).put(320, y + 44, "Telephone 555-0100, day and night")
    return sheet.bytes()


def test_a_leaflet_with_a_box() -> None:
    assert shape(leaflet()) == [
        "# Ketamine infusions",
        "Information for patients and families",
        "## Before your visit",
        "- Do not eat for four hours before the infusion. You may drink water until seven o'clock.",
        "- Take your usual medicines unless we told you otherwise.",
        "- Bring somebody who can take you home.",
        "## During the infusion",
        "A nurse stays with you. " + pdfs.PROSE.strip(),
        "### Call us at once if",
        "- you cannot pass water",
        "- your heart races for more than an hour",
        "Telephone 555-0100, day and night",
    ]


def test_a_form() -> None:
    sheet = Sheet()
    sheet.use(BOLD, 16).put(60, 60, "Registration form")
    for y, (one, other) in zip(
        (100, 126, 152),
        (("First name:", "Last name:"), ("Born on:", "Telephone:"), ("Insurer:", "Policy:")),
        strict=True,
    ):
        sheet.use(PLAIN, 10).put(60, y, one + " ______________").put(310, y, other + " ________")
    sheet.put(60, 190, "Please tell us about the medicines you take, herbs and vitamins too.")
    sheet.grid((60, 220, 330, 530), (205, 225, 245, 265))
    for x, name in ((64, "Medicine"), (224, "Dose"), (334, "How often")):
        sheet.use(BOLD, 10).put(x, 219, name)
    for y, line in (
        (300, "I have high blood pressure."),
        (318, "I have had a psychosis, or somebody in my family has."),
        (336, "I am pregnant or breast-feeding."),
    ):
        sheet.canvas.rect(60, 842 - y, 9, 9)
        sheet.use(PLAIN, 10).put(76, y, line)
    assert shape(sheet.bytes()) == [
        "# Registration form",
        "First name: ______________",
        "Born on: ______________",
        "Insurer: ______________",
        "Last name: ________",
        "Telephone: ________",
        "Policy: ________",
        "Please tell us about the medicines you take, herbs and vitamins too.",
        "| Medicine | Dose | How often",
        "- I have high blood pressure.",
        "- I have had a psychosis, or somebody in my family has.",
        "- I am pregnant or breast-feeding.",
    ]


def test_a_consent_sheet_with_tick_boxes_numbers_and_numbered_headings() -> None:
    sheet = dejavu()
    sheet.use(BOLD, 15).put(60, 60, "Consent to treatment")
    y = sheet.use().text(60, 95, 470, pdfs.PROSE) + 8
    for line in ("I will not drive or use machines until the next day.", "I agree to all of it."):
        pdfs.use_dejavu(sheet, 11).put(62, y, "\u2610")
        y = sheet.text(80, y, 440, line) + 6
    for number, line in enumerate(("Read this sheet at home.", "Sign it. Bring it with you."), 1):
        sheet.use().put(62, y, f"{number}.")
        y = sheet.text(80, y, 440, line) + 2
    sheet.use(BOLD).put(60, y + 14, "1. Risks")
    sheet.use().put(60, y + 32, "Nausea is common.")
    sheet.use(BOLD).put(60, y + 60, "2. Withdrawal")
    sheet.use().put(60, y + 78, "You can take back your consent at any time.")
    assert shape(sheet.bytes()) == [
        "# Consent to treatment",
        pdfs.PROSE.strip(),
        "- I will not drive or use machines until the next day.",
        "- I agree to all of it.",
        "- Read this sheet at home.",
        "- Sign it. Bring it with you.",
        "## 1. Risks",
        "Nausea is common.",
        "## 2. Withdrawal",
        "You can take back your consent at any time.",
    ]


def test_a_letter_keeps_its_addresses_apart() -> None:
    sheet = Sheet()
    sheet.use(BOLD, 14).put(60, 60, "Springfield Clinic")
    sheet.use(PLAIN, 9).lines(400, 50, ["12 Main Street", "Springfield 12345", "Phone 555-0100"])
    sheet.use().lines(60, 140, ["Mrs Jane Doe", "3 Elm Road", "Springfield 12345"])
    sheet.put(430, 210, "4 May 2026").use(BOLD).put(60, 250, "Your appointment")
    y = sheet.use().text(60, 280, 470, "We expect you on 12 May at 9 o'clock. " + pdfs.PROSE) + 14
    sheet.lines(60, y, ["With kind regards", "", "Dr A. Smith", "Medical director"])
    assert shape(sheet.bytes()) == [
        "# Springfield Clinic",
        "12 Main Street",
        "Springfield 12345",
        "Phone 555-0100",
        "Mrs Jane Doe",
        "3 Elm Road",
        "Springfield 12345",
        "4 May 2026",
        "## Your appointment",
        "We expect you on 12 May at 9 o'clock. " + pdfs.PROSE.strip(),
        "With kind regards",
        "Dr A. Smith",
        "Medical director",
    ]


def test_slides_keep_titles_that_repeat() -> None:
    sheet = Sheet((720, 405))
    for number in range(3):
        if number:
            sheet.turn_page()
        sheet.use(BOLD, 30).put(50, 70, "Side effects")
        sheet.use(PLAIN, 20).put(60, 140, "\u2022").put(85, 140, f"It is dizziness number {number}")
        sheet.use(PLAIN, 9).put(50, 390, "Springfield Clinic").put(660, 390, str(number + 1))
    assert shape(sheet.bytes()) == [
        line
        for number in range(3)
        for line in ("# Side effects", f"- It is dizziness number {number}")
    ]


def test_price_list_opening_hours_and_names_before_colons() -> None:
    sheet = Sheet()
    sheet.use(BOLD, 16).put(60, 60, "Prices")
    sheet.use(PLAIN, 10).put(
        60, 85, "All prices are in dollars and hold until the end of the year."
    )
    y = 140
    for row in (
        ("Service", "Duration", "Price"),
        ("First visit", "60 minutes", "$250"),
        ("Infusion with nursing care", "3 hours", "$480"),
        ("Letter to an insurer", "", "$35"),
    ):
        sheet.use(BOLD if row[0] == "Service" else PLAIN, 10)
        for x, cell in zip((60, 300, 480), row, strict=True):
            sheet.put(x, y, cell)
        y += 20
    sheet.use(BOLD, 12).put(60, y + 30, "Opening hours")
    y += 50
    for day, hours in (
        ("Monday", "9 am to 5 pm"),
        ("Tuesday", "closed"),
        ("Friday", "9 am to 7 pm"),
    ):
        sheet.use(PLAIN, 10).put(60, y, day).put(160, y, hours)
        y += 14
    sheet.use(BOLD, 12).put(60, y + 20, "Contact")
    y += 40
    for name, value in (
        ("Phone:", "555-0100"),
        ("E-mail:", "clinic@example.org"),
        ("Address:", "12 Main Street, on the second floor, next to"),
        ("", "the pharmacy"),
    ):
        sheet.use(PLAIN, 10).put(60, y, name).put(160, y, value)
        y += 14
    assert shape(sheet.bytes()) == [
        "# Prices",
        "All prices are in dollars and hold until the end of the year.",
        "! Service | Duration | Price",
        "| First visit | 60 minutes | $250",
        "| Infusion with nursing care | 3 hours | $480",
        "| Letter to an insurer |  | $35",
        "## Opening hours",
        "| Monday | 9 am to 5 pm",
        "| Tuesday | closed",
        "| Friday | 9 am to 7 pm",
        "## Contact",
        "| Phone: | 555-0100",
        "| E-mail: | clinic@example.org",
        "| Address: | 12 Main Street, on the second floor, next to the pharmacy",
    ]


def test_a_side_column_on_the_same_lines_is_no_table() -> None:
    sheet = Sheet().use(PLAIN, 10)
    beside = ["Opening hours", "Monday to Friday", "9 am to 5 pm", "Telephone", "555-0100", "Fax"]
    text = sheet.wrap(pdfs.PROSE * 2, 300)
    sheet.lines(60, 100, text, 1.4)
    sheet.lines(400, 100, beside, 1.4)
    found = shape(sheet.bytes())
    assert found[0] == " ".join(text)
    assert [line.removeprefix("# ") for line in found[1:]] == beside


def test_names_with_explanations_beside_them_are_rows() -> None:
    sheet = Sheet()
    y = 100.0
    entries = {
        "Dizziness": "You may feel dizzy for an hour. Sit down until it has passed, and ask a "
        "nurse to help you when you get up.",
        "Nausea": "Eat nothing for four hours before. We have medicine for it.",
        "Blood pressure": "It rises for a while. We measure it every ten minutes.",
    }
    for name, text in entries.items():
        sheet.use(BOLD, 10).put(60, y, name)
        y = sheet.use(PLAIN, 10).text(180, y, 330, text) + 6
    assert shape(sheet.bytes()) == [f"| {name} | {text}" for name, text in entries.items()]


def test_tables_within_tables_stay_in_order() -> None:
    sheet = Sheet().use(PLAIN, 10)
    sheet.grid((60, 300, 540), (100, 200, 300)).grid((70, 130, 190), (140, 160, 180))
    sheet.put(65, 115, "Outer one").put(305, 115, "Outer two")
    sheet.put(65, 215, "Outer three").put(305, 215, "Outer four")
    sheet.put(75, 154, "In a").put(135, 154, "In b").put(75, 174, "In c").put(135, 174, "In d")
    assert shape(sheet.bytes()) == [
        "Outer one",
        "| In a | In b",
        "| In c | In d",
        "Outer two",
        "Outer three",
        "Outer four",
    ]


def test_merged_cells_are_repeated_downwards_and_not_sideways() -> None:
    assert shape(_merged()) == [
        "| Medicine | 56 mg | First day",
        "| Medicine | 84 mg | Later",
        "| Not at home",
    ]


def _merged() -> bytes:
    sheet = Sheet().use(PLAIN, 10)
    line = sheet.canvas.line
    for y in (100, 140, 160):
        line(60, 842 - y, 360, 842 - y)
    line(160, 842 - 120, 360, 842 - 120)
    for x, bottom in ((60, 160), (160, 140), (260, 140), (360, 160)):
        line(x, 842 - 100, x, 842 - bottom)
    sheet.put(64, 124, "Medicine").put(164, 114, "56 mg").put(264, 114, "First day")
    sheet.put(164, 134, "84 mg").put(264, 134, "Later").put(64, 154, "Not at home")
    return sheet.bytes()


def test_justified_text_with_indents() -> None:
    sheet = Sheet().use("Times-Roman", 11)
    y = 100.0
    for _ in range(3):
        lines = sheet.wrap(pdfs.PROSE, 228)
        for number, line in enumerate(lines):
            words, x = line.split(), 72.0 if not number else 60.0
            room = 300 - x - sum(pdfs.width_of(word, sheet) for word in words)
            gap = room / (len(words) - 1) if number < len(lines) - 1 else 2.75
            for word in words:
                sheet.put(x, y, word)
                x += pdfs.width_of(word, sheet) + gap
            y += 13.2
    assert shape(sheet.bytes()) == [pdfs.PROSE.strip()] * 3


def long_table() -> bytes:
    style = getSampleStyleSheet()["BodyText"]
    rows: list[list[object]] = [["Drug", "Interaction", "What to do"]]
    rows += [
        [
            f"Drug {number}",
            Paragraph(f"Raises the level in the blood{' for a long time' * (number % 4)}", style),
            Paragraph("Tell the doctor." + " Do not take it." * (number % 3), style),
        ]
        for number in range(1, 61)
    ]
    table = Table(rows, colWidths=[80, 150, 150], repeatRows=1)
    table.setStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
            ("FONTNAME", (0, 0), (-1, 0), BOLD),
            ("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey),
        ]
    )
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer).build([Paragraph("Interactions", style), table])
    return buffer.getvalue()


def test_a_table_of_many_pages_has_one_head() -> None:
    found = shape(long_table())
    assert found == [
        "Interactions",
        "! Drug | Interaction | What to do",
        *(
            f"| Drug {n} | Raises the level in the blood{' for a long time' * (n % 4)} | "
            f"Tell the doctor.{' Do not take it.' * (n % 3)}"
            for n in range(1, 61)
        ),
    ]


def test_a_table_with_ruled_columns_and_a_ruled_head_has_its_rows() -> None:
    sheet = Sheet().use(PLAIN, 10).grid((60, 200, 300), (100, 120, 180))
    for y, day, hours in (
        (114, "Day", "Hours"),
        (134, "Monday", "9 to 5"),
        (150, "Tuesday", "10 to 6"),
        (166, "Friday", "9 to 7"),
    ):
        sheet.put(64, y, day).put(204, y, hours)
    assert shape(sheet.bytes()) == [
        "! Day | Hours",
        "| Monday | 9 to 5",
        "| Tuesday | 10 to 6",
        "| Friday | 9 to 7",
    ]


def test_lines_within_ruled_rows_stay_in_their_cells() -> None:
    sheet = Sheet().use(PLAIN, 10).grid((60, 200, 340), (100, 120, 170, 220))
    sheet.put(64, 114, "Medicines").put(204, 114, "Side effects")
    sheet.lines(64, 134, ["Ketamine", "Esketamine", "Racemic"])
    sheet.lines(204, 134, ["Nausea", "Dizziness", "Sleepiness"])
    sheet.put(64, 184, "Prazosin").put(204, 184, "Low blood pressure")
    assert shape(sheet.bytes()) == [
        "| Medicines | Side effects",
        "| Ketamine Esketamine Racemic | Nausea Dizziness Sleepiness",
        "| Prazosin | Low blood pressure",
    ]


def test_a_table_goes_on_over_the_footnotes_of_its_page() -> None:
    sheet = Sheet()
    for page, rows in enumerate((("Ketamine", "Esketamine"), ("Prazosin", "Sertraline"))):
        y = 600.0 if not page else 90.0
        sheet.use().text(72, 90, 450, pdfs.PROSE * (not page) or " ")
        sheet.grid((72, 200, 400), (y - 14, y + 6, y + 26, y + 46))
        sheet.use(BOLD).put(76, y, "Name").put(204, y, "Use").use()
        for number, name in enumerate(rows, 1):
            sheet.put(76, y + 20 * number, name).put(204, y + 20 * number, "In the clinic")
        if not page:
            sheet.use(size=8).put(72, 780, "\u2020 Only there.")
            sheet.turn_page()
    sheet.use().text(72, 200, 450, pdfs.PROSE)
    assert shape(sheet.bytes()) == [
        pdfs.PROSE.strip(),
        "\u2020 Only there.",
        "! Name | Use",
        "| Ketamine | In the clinic",
        "| Esketamine | In the clinic",
        "| Prazosin | In the clinic",
        "| Sertraline | In the clinic",
        pdfs.PROSE.strip(),
    ]


@pytest.mark.parametrize("make", [leaflet, long_table, _merged])
@pytest.mark.parametrize("rotate", [90, 180])
def test_turning_the_pages_changes_nothing(make: Callable[[], bytes], rotate: int) -> None:
    data = make()
    assert shape(pdfs.turned(data, rotate)) == shape(data)
