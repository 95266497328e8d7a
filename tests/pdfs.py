"""Real PDFs of many kinds, made while the tests run: `pdfs.two_columns()` and so on give bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

A4 = (595.0, 842.0)
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
"""In Debian's package fonts-dejavu-core."""

PROSE = (
    "Ketamine is given under supervision in the clinic. You may feel dizzy after a treatment, and "
    "you should rest until the next day. Do not drive until then. Your blood pressure is taken "
    "before, during and after each visit. Call us if you feel unwell at home. "
)


class Sheet:
    """A canvas that writes from the top left corner down, and knows how text is wrapped."""

    def __init__(self, size: tuple[float, float] = A4, **canvas: object) -> None:
        self._buffer = io.BytesIO()
        self.width, self.height = size
        self.canvas = Canvas(self._buffer, pagesize=size, invariant=True, **canvas)
        self.font, self.size = "Helvetica", 11.0

    def use(self, font: str = "Helvetica", size: float = 11.0) -> Sheet:
        self.font, self.size = font, size
        return self

    def put(self, x: float, y: float, text: str) -> Sheet:
        """One line whose baseline is `y` points below the top."""
        self.canvas.setFont(self.font, self.size)
        self.canvas.drawString(x, self.height - y, text)
        return self

    def wrap(self, text: str, width: float) -> list[str]:
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if pdfmetrics.stringWidth(longer, self.font, self.size) > width and lines[-1]:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def text(self, x: float, y: float, width: float, text: str, leading: float = 1.25) -> float:
        """Wrapped text; gives the baseline at which the next line would stand."""
        for line in self.wrap(text, width):
            self.put(x, y, line)
            y += leading * self.size
        return y

    def lines(self, x: float, y: float, lines: Iterable[str], leading: float = 1.25) -> float:
        for line in lines:
            self.put(x, y, line)
            y += leading * self.size
        return y

    def grid(self, across: Sequence[float], down: Sequence[float]) -> Sheet:
        for x in across:
            self.canvas.line(x, self.height - down[0], x, self.height - down[-1])
        for y in down:
            self.canvas.line(across[0], self.height - y, across[-1], self.height - y)
        return self

    def turn_page(self) -> Sheet:
        self.canvas.showPage()
        return self

    def bytes(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self._buffer.getvalue()


def width_of(text: str, sheet: Sheet) -> float:
    """How wide a text is in the sheet's font, in points."""
    return float(pdfmetrics.stringWidth(text, sheet.font, sheet.size))


def simple_pdf(
    pages: Sequence[str], *, title: str = "", size: tuple[float, float] = A4, rotate: int = 0
) -> bytes:
    """A page of wrapped text for each string; an empty one is an empty page."""
    sheet = Sheet(size)
    if title:
        sheet.canvas.setTitle(title)
    for number, page in enumerate(pages):
        if number:
            sheet.turn_page()
        y = 90.0
        for paragraph in page.split("\n"):
            y = sheet.use().text(72, y, size[0] - 144, paragraph) + 10
    return turned(sheet.bytes(), rotate) if rotate else sheet.bytes()


def turned(data: bytes, rotate: int) -> bytes:
    """The same with each page turned clockwise by 90, 180 or 270 degrees."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        page.rotate(rotate)
    return written(writer)


def two_columns() -> bytes:
    """A title and a heading over the whole width, each with two columns below."""
    sheet = Sheet()
    sheet.use("Helvetica-Bold", 20).put(60, 80, "Ketamine treatment")
    for x, part in ((60, "left"), (310, "right")):
        sheet.use().text(x, 120, 220, f"The first {part} column begins here. " + PROSE)
    sheet.use("Helvetica-Bold", 14).put(
        60, 320, "After the visit, what everybody should know and do"
    )
    sheet.use().text(
        60,
        350,
        220,
        "The second left column begins here. " + PROSE + "It ends with a sentence that goes",
    )
    sheet.use().text(310, 350, 220, "on in the second right column. " + PROSE)
    return sheet.bytes()


def three_columns() -> bytes:
    sheet = Sheet((842, 595))
    sheet.use("Helvetica-Bold", 20).put(50, 60, "A leaflet in three columns")
    for x, part in ((50, "first"), (305, "second"), (560, "third")):
        sheet.use("Helvetica-Bold", 13).put(x, 100, f"The {part} part")
        sheet.use().text(x, 125, 225, f"Here begins the {part} column. " + PROSE + PROSE)
    return sheet.bytes()


def table_over_pages(*, ruled: bool) -> bytes:
    """A table with a head on both pages, and a cell that is wrapped."""
    sheet = Sheet()
    sheet.use().put(72, 600, "The doses are listed below.")
    rows = [
        ("Medicine", "Usual dose", "Remarks"),
        ("Ketamine", "0.5 mg/kg", "Over forty minutes, in the"),
        ("Esketamine", "56 mg", "As a spray"),
        ("Sertraline", "50 mg", "Once a day"),
        ("Prazosin", "1 mg", "At night"),
    ]
    across = (72.0, 200.0, 320.0, 520.0)

    def row(y: float, cells: Sequence[str], bold: bool = False) -> None:
        for x, cell in zip(across, cells, strict=False):
            sheet.use("Helvetica-Bold" if bold else "Helvetica").put(x + 4, y, cell)

    y = 640.0
    row(y, rows[0], bold=True)
    row(y + 24, rows[1])
    sheet.use().put(across[2] + 4, y + 37, "clinic only")
    row(y + 61, rows[2])
    if ruled:
        sheet.grid(across, (y - 14, y + 10, y + 47, y + 71))
    sheet.turn_page()
    y = 90.0
    row(y, rows[0], bold=True)
    row(y + 24, rows[3])
    row(y + 48, rows[4])
    if ruled:
        sheet.grid(across, (y - 14, y + 10, y + 34, y + 58))
    sheet.use().text(72, y + 100, 450, "Ask us about any other medicine. " + PROSE)
    return sheet.bytes()


def footnotes() -> bytes:
    """A sentence that runs over the page, with footnotes at the foot of its first page."""
    sheet = Sheet()
    y = sheet.use().text(72, 90, 450, PROSE)
    y = sheet.text(
        72, y + 10, 450, PROSE + "This sentence begins on the first page and does not end before"
    )
    sheet.canvas.line(72, 842 - 742, 200, 842 - 742)
    sheet.use(size=6).put(72, 753, "1").use(size=8).put(77, 756, "Smith and others, 2019.")
    sheet.use(size=6).put(72, 765, "2").use(size=8).put(77, 768, "Not for use at home.")
    sheet.turn_page()
    sheet.use().text(72, 90, 450, "the second page has begun. " + PROSE)
    return sheet.bytes()


def running_heads(count: int = 6) -> bytes:
    """Heads that differ on odd and even pages, page numbers, and text that repeats in the body."""
    sheet = Sheet()
    for page in range(count):
        if page:
            sheet.turn_page()
        head = "Ketamine for PTSD" if page % 2 else "Clinic of Springfield"
        sheet.use(size=9).put(72 if page % 2 else 420, 40, head)
        sheet.use(size=9).put(72, 810, "Version 3, May 2026").put(
            480, 810, f"Page {page + 1} of {count}"
        )
        y = sheet.use().text(72, 90, 450, f"Text of page {page + 1}. " + PROSE)
        sheet.text(72, y + 20, 450, "Call us if you feel unwell.")
    return sheet.bytes()


def scan(pages: int = 2, *, recognised: str = "") -> bytes:
    """Pictures of pages; `recognised` is put over them invisibly, as scanning software does."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (595, 842), "white")
    ImageDraw.Draw(picture).text((80, 80), "Scanned words on a page", fill="black")
    sheet = Sheet()
    for page in range(pages):
        if page:
            sheet.turn_page()
        sheet.canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        if recognised:
            text = sheet.canvas.beginText(80, 842 - 90)
            text.setTextRenderMode(3)
            text.setFont("Helvetica", 11)
            text.textLine(recognised)
            sheet.canvas.drawText(text)
            text.setTextRenderMode(0)
    return sheet.bytes()


def encrypted(*, user: str = "secret", owner: str = "owner") -> bytes:
    """Without a user password the file opens, but printing and the like are not allowed."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(simple_pdf([PROSE]))))
    writer.encrypt(user, owner, algorithm="RC4-128")
    return written(writer)


def written(writer: object) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


HIDDEN: dict[str, Callable[[Sheet], None]] = {}
"""Ways in which text can be there and not be seen: name → what writes "secret words" so."""


def _hides(function: Callable[[Sheet], None]) -> Callable[[Sheet], None]:
    HIDDEN[function.__name__.strip("_")] = function
    return function


def hidden_text(way: str) -> bytes:
    """Visible prose, and the words "secret words" hidden in the way named (see `HIDDEN`)."""
    sheet = Sheet()
    sheet.use().text(72, 90, 450, PROSE)
    HIDDEN[way](sheet)
    sheet.canvas.setFillColor(black)
    sheet.use().text(72, 500, 450, "This is the visible end of the page.")
    return sheet.bytes()


@_hides
def _invisible_mode(sheet: Sheet) -> None:
    text = sheet.canvas.beginText(72, 500)
    text.setTextRenderMode(3)
    text.textLine("secret words")
    text.setTextRenderMode(0)
    sheet.canvas.drawText(text)


@_hides
def _white_on_white(sheet: Sheet) -> None:
    sheet.canvas.setFillColor(white)
    sheet.put(72, 300, "secret words")


@_hides
def _nearly_white(sheet: Sheet) -> None:
    sheet.canvas.setFillColor(HexColor("#fcfcfd"))
    sheet.put(72, 300, "secret words")


@_hides
def _blue_on_blue(sheet: Sheet) -> None:
    sheet.canvas.setFillColor(HexColor("#203060"))
    sheet.canvas.rect(60, 500, 400, 80, fill=1, stroke=0)
    sheet.put(72, 300, "secret words")


@_hides
def _tiny(sheet: Sheet) -> None:
    sheet.use(size=1.2).put(72, 300, "secret words")


@_hides
def _no_size(sheet: Sheet) -> None:
    sheet.use(size=0.0001).put(72, 300, "secret words")


@_hides
def _outside(sheet: Sheet) -> None:
    sheet.put(-300, 300, "secret words").put(72, 900, "secret words")


@_hides
def _covered(sheet: Sheet) -> None:
    sheet.put(72, 300, "secret words")
    sheet.canvas.setFillColor(white)
    sheet.canvas.rect(60, 500, 400, 80, fill=1, stroke=0)


@_hides
def _covered_and_written_over(sheet: Sheet) -> None:
    sheet.put(72, 300, "secret words")
    sheet.canvas.setFillColor(white)
    sheet.canvas.rect(60, 500, 400, 80, fill=1, stroke=0)
    sheet.canvas.setFillColor(black)
    sheet.put(72, 300, "public lines")


@_hides
def _clipped(sheet: Sheet) -> None:
    sheet.canvas.saveState()
    path = sheet.canvas.beginPath()
    path.rect(300, 100, 50, 50)
    sheet.canvas.clipPath(path, stroke=0)
    sheet.put(72, 300, "secret words")
    sheet.canvas.restoreState()


@_hides
def _transparent(sheet: Sheet) -> None:
    sheet.canvas.setFillAlpha(0)
    sheet.put(72, 300, "secret words")
    sheet.canvas.setFillAlpha(1)


def layer_that_is_off() -> bytes:
    """An optional-content layer, off by default, with "secret words" on it."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import (
        ArrayObject,
        DecodedStreamObject,
        DictionaryObject,
        NameObject,
        TextStringObject,
    )

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(simple_pdf([PROSE]))))
    layer = writer._add_object(
        DictionaryObject(
            {NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("L")}
        )
    )
    off = DictionaryObject(
        {NameObject("/OFF"): ArrayObject([layer]), NameObject("/Order"): ArrayObject()}
    )
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
        {NameObject("/OCGs"): ArrayObject([layer]), NameObject("/D"): off}
    )
    page = writer.pages[0]
    page["/Resources"][NameObject("/Properties")] = DictionaryObject({NameObject("/L"): layer})
    more = DecodedStreamObject()
    more.set_data(b"/OC /L BDC BT /F1 11 Tf 72 500 Td (secret words) Tj ET EMC")
    page[NameObject("/Contents")] = ArrayObject(
        [page["/Contents"].indirect_reference, writer._add_object(more)]
    )
    return written(writer)


def cropped(rotate: int = 0) -> bytes:
    """A page of which a box in the middle is shown, with words inside and outside of it."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import RectangleObject

    sheet = Sheet()
    sheet.use().text(120, 200, 330, PROSE)
    sheet.put(72, 60, "secret words").put(72, 800, "secret words")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(sheet.bytes())))
    page = writer.pages[0]
    page.cropbox = RectangleObject((100, 300, 500, 700))
    page.rotate(rotate)
    return written(writer)


def with_javascript() -> bytes:
    """A PDF that would run a script when opened, and names a page elsewhere."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.actions import JavaScript

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(simple_pdf([PROSE]))))
    writer.add_open_action(JavaScript("app.alert('run');"))
    writer.add_uri(0, "http://example.invalid/x", (72, 700, 200, 720))
    return written(writer)


def thousand_pages(count: int = 1000, parts: int = 5) -> bytes:
    """A long document: nine lines for each part of a page, with heads and page numbers."""
    sheet = Sheet()
    wrapped = sheet.use().wrap(PROSE * 2, 450)
    for page in range(count):
        if page:
            sheet.turn_page()
        sheet.use(size=9).put(72, 40, "A long document").put(500, 815, str(page + 1))
        if page % 10 == 0:
            sheet.use("Helvetica-Bold", 16).put(72, 80, f"Chapter {page // 10 + 1}")
        y = 110.0
        for part in range(parts):
            first = (
                f"Part {part} of page {page + 1} speaks of what stands on it, and of nothing else."
            )
            y = sheet.use().lines(72, y, [first, *wrapped]) + 8
    return sheet.bytes()


def use_dejavu(sheet: Sheet, size: float = 12.0) -> Sheet:
    """Sets a font with ligatures, Hebrew and Arabic."""
    if "DejaVu" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("DejaVu", str(DEJAVU)))
    return sheet.use("DejaVu", size)
