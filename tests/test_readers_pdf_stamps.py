"""PDFs with what is written over, beside and through their text."""

from __future__ import annotations

import io

import pytest
from reportlab.lib.colors import Color

from tests import pdfs
from tests.pdfs import PROSE, Sheet, width_of
from tests.test_readers_pdf import read, shape

TEXT = (
    "The clinic gives ketamine only under supervision, since a person who has had it may feel "
    "dizzy, see things that are not there, or be unable to stand without help from somebody else. "
    "Whoever comes by car must therefore leave it at home, and arrange with a friend, a relative "
    "or a taxi to be taken back. On the next day most people feel as they did before, though some "
    "remain tired until the evening and should not drive until they have slept once more."
)


def put_words(sheet: Sheet, x: float, y: float, text: str) -> float:
    """Text of which each word is a text object of its own, as word processors often write it."""
    at = x
    for word in text.split():
        width = width_of(word + " ", sheet)
        if at + width > x + 450:
            at, y = x, y + 14
        sheet.put(at, y, word + " ")
        at += width
    return y + 14


def stamped(angle: float, *, size: float = 110, over: bool = False) -> bytes:
    """A page of 500 words with "DRAFT" over or behind them."""
    sheet = Sheet()

    def stamp() -> None:
        sheet.canvas.saveState()
        sheet.canvas.setFillColor(Color(0.85, 0.85, 0.85, alpha=0.4 if over else 1))
        sheet.canvas.setFont("Helvetica-Bold", size)
        sheet.canvas.translate(90, 250 if angle else 600)
        sheet.canvas.rotate(angle)
        sheet.canvas.drawString(0, 0, "DRAFT")
        sheet.canvas.restoreState()

    if not over:
        stamp()
    y = 90.0
    for number in range(8):
        y = put_words(sheet.use(), 72, y, f"Paragraph {number}. {PROSE}") + 10
    if over:
        stamp()
    return sheet.bytes()


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("angle", [0, 45, 55])
def test_a_stamp_takes_no_word_away_and_adds_none(angle: float, over: bool) -> None:
    expected = [f"Paragraph {number}. {PROSE.strip()}" for number in range(8)]
    assert shape(stamped(angle, over=over)) == expected


def test_a_word_set_into_a_line_takes_no_blanks_away() -> None:
    sheet = Sheet()
    sheet.use().text(72, 90, 450, PROSE * 6)
    sheet.canvas.setFillColor(Color(0.85, 0.85, 0.85))
    sheet.use("Helvetica-Bold", 14).put(200, 130, "COPY")
    assert set(read(sheet.bytes()).text.split()) - {"COPY"} == set(PROSE.split())


def struck(by: str) -> bytes:
    sheet = Sheet().use()
    line = "Take 20 mg 10 mg each morning with water."
    sheet.put(72, 90, line).put(72, 120, "Underlined words stay.").text(72, 150, 450, PROSE)
    left, right = 72 + width_of("Take ", sheet), 72 + width_of("Take 20 mg", sheet)
    sheet.canvas.line(72, 842 - 121.5, 72 + width_of("Underlined words", sheet), 842 - 121.5)
    if by == "line":
        sheet.canvas.line(left, 842 - 86.5, right, 842 - 86.5)
        return sheet.bytes()
    if by == "box":
        sheet.canvas.rect(left, 842 - 87, right - left, 0.7, fill=1, stroke=0)
        return sheet.bytes()
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject

    def numbers(*values: float) -> ArrayObject:
        return ArrayObject([FloatObject(value) for value in values])

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(sheet.bytes())))
    bottom, top = 842 - 93, 842 - 81
    mark = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/StrikeOut"),
            NameObject("/Rect"): numbers(left, bottom, right, top),
            NameObject("/QuadPoints"): numbers(left, top, right, top, left, bottom, right, bottom),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(mark)])
    return pdfs.written(writer)


@pytest.mark.parametrize("by", ["line", "box", "mark"])
def test_struck_out_words_are_not_read(by: str) -> None:
    assert shape(struck(by)) == [
        "Take 10 mg each morning with water.",
        "Underlined words stay.",
        PROSE.strip(),
    ]


def test_a_heading_on_a_ruled_line_is_read() -> None:
    sheet = Sheet()
    sheet.canvas.line(50, 842 - 85, 545, 842 - 85)
    sheet.use("Helvetica-Bold", 14).put(200, 90, "After the visit")
    sheet.use().text(72, 130, 450, PROSE)
    assert shape(sheet.bytes())[0] == "# After the visit"


@pytest.mark.parametrize("step", [1, 5])
def test_numbers_of_lines_are_not_read(step: int) -> None:
    sheet = Sheet()
    for number, line in enumerate(sheet.use().wrap(f"{TEXT} {TEXT} {TEXT} {TEXT} {TEXT}", 400), 1):
        if number % step == 0:
            sheet.use(size=8).put(50, 76 + 14 * number, str(number))
        sheet.use().put(72, 76 + 14 * number, line)
    assert shape(sheet.bytes()) == [f"{TEXT} {TEXT} {TEXT} {TEXT} {TEXT}"]


def test_the_numbers_of_a_list_stay() -> None:
    sheet = Sheet().use()
    items = ("Wash your hands.", "Do not eat.", "Lie down.", "Rest.", "Call us.", "Sleep.")
    for number, item in enumerate(items, 1):
        sheet.put(72, 80 + 16 * number, str(number)).put(90, 80 + 16 * number, item)
    text = read(sheet.bytes()).text
    assert all(str(number) in text for number in range(1, 7))


@pytest.mark.parametrize(("initial", "rest"), [("K", "etamine"), ("A", "patient")])
def test_a_large_initial_begins_its_line(initial: str, rest: str) -> None:
    sheet = Sheet()
    sheet.use(size=38).put(72, 115, initial)
    first = f"{rest} is looked after in the clinic, and is not left alone by the nurses there."
    for number, line in enumerate(sheet.use().wrap(first, 200)):
        sheet.put(102, 90 + 14 * number, line)
    sheet.text(72, 160, 430, PROSE)
    word = f"{initial}{rest}" if initial == "K" else f"{initial} {rest}"
    assert shape(sheet.bytes())[0].startswith(f"{word} is looked after in the clinic")


def test_a_sentence_where_running_heads_stand_is_read() -> None:
    sheet = Sheet()
    for number in range(5):
        if number:
            sheet.turn_page()
        head = "Never stop a medicine by yourself." if number == 3 else "Any Clinic"
        sheet.use().put(72, 50, head).text(72, 90, 450, f"Page {number}. {PROSE}")
    text = read(sheet.bytes()).text
    assert "Never stop a medicine by yourself." in text
    assert "Any Clinic" not in text


def test_steps_that_are_counted_as_pages_are_stay() -> None:
    sheet = Sheet()
    for number in range(4):
        if number:
            sheet.turn_page()
        sheet.use("Helvetica-Bold", 12).put(72, 60, f"Step {number + 1}")
        sheet.use().text(72, 110, 450, f"Do this as number {number}. {PROSE}")
    heads = [line for line in shape(sheet.bytes()) if line.startswith("#")]
    assert heads == [f"# Step {number}" for number in range(1, 5)]
