"""Small PDF files whose words stand where the tests know them, and a reader of just these files."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from reportlab.pdfbase.pdfmetrics import getAscentDescent, stringWidth
from reportlab.pdfgen.canvas import Canvas

from qa.document import BlockKind
from qa.readers import Draft, WordBox
from qa.readers.draft import DraftBlock

__all__ = ["LETTER", "PagedDocument", "leaflet", "read_known"]

LETTER = (612.0, 792.0)
_FONT = "Helvetica"
_KNOWN: dict[str, Draft] = {}


@dataclass
class PagedDocument:
    """Writes blocks onto pages, and notes the text and where each word came to stand."""

    title: str
    size: tuple[float, float] = LETTER
    text: str = ""
    blocks: list[DraftBlock] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)
    boxes: list[WordBox] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._buffer = io.BytesIO()
        # Without a date and a random id in it, the same pages are the same bytes.
        self.canvas = Canvas(self._buffer, pagesize=self.size, invariant=True)

    def page(self, *, crop: tuple[float, float, float, float] | None = None, turn: int = 0) -> None:
        """Begins a page; one on which nothing is written has no text."""
        if self.pages:
            self.canvas.showPage()
        self._crop = crop or (0.0, 0.0, *self.size)
        self._turn = turn
        # Reportlab takes the size for that of the turned page.
        self.canvas.setPageSize(self.size[::-1] if turn in (90, 270) else self.size)
        self.canvas.setCropBox(crop)
        self.canvas.setPageRotation(turn)
        self.pages.append(len(self.text) + (2 if self.text else 0))

    def write(
        self,
        kind: BlockKind,
        lines: Sequence[str],
        at: tuple[float, float],
        *,
        font_size: float = 12,
        goes_on: bool = False,
    ) -> None:
        """Writes a block, its first base line at `at`, in points from the bottom left.

        `goes_on` joins it to the block before, of which it is the rest on this page.
        """
        if goes_on:
            self.text += " "
            self.pages[-1] = len(self.text)
        elif self.text:
            self.text += "\n\n"
        begin = len(self.text)
        x, y = at
        self.canvas.setFont(_FONT, font_size)
        for number, line in enumerate(lines):
            self._line(line, x, y - number * font_size * 1.3, font_size, first=number == 0)
        level = 0 if kind is not BlockKind.HEADING else 2 if self.blocks else 1
        if goes_on:
            last = self.blocks.pop()
            self.blocks.append(DraftBlock(last.kind, last.start, len(self.text), last.level))
        else:
            self.blocks.append(DraftBlock(kind, begin, len(self.text), level))

    def _line(self, line: str, x: float, y: float, size: float, *, first: bool) -> None:
        up, down = getAscentDescent(_FONT, size)
        for number, word in enumerate(line.split(" ")):
            self.text += "" if first and number == 0 else " "
            self.canvas.drawString(x, y, word)
            width = stringWidth(word, _FONT, size)
            box = self._as_shown(x, y + down, x + width, y + up)
            start = len(self.text)
            self.text += word
            self.boxes.append((start, len(self.text), *box))
            x += width + stringWidth(" ", _FONT, size)

    def _as_shown(self, x1: float, y1: float, x2: float, y2: float) -> tuple[int, int, int, int]:
        left, bottom, right, top = self._crop
        match self._turn:
            case 0:
                edges = (x1 - left, top - y2, x2 - left, top - y1)
            case 90:
                edges = (y1 - bottom, x1 - left, y2 - bottom, x2 - left)
            case 180:
                edges = (right - x2, y1 - bottom, right - x1, y2 - bottom)
            case _:
                edges = (top - y2, right - x2, top - y1, right - x1)
        a, b, c, d = (round(edge * 100) for edge in edges)
        return a, b, c, d

    def finish(self) -> bytes:
        """The file; from now on `read_known` reads it."""
        unsearchable = tuple(
            number
            for number, (begin, end) in enumerate(
                zip(self.pages, [*self.pages[1:], len(self.text)], strict=True), 1
            )
            if begin >= end
        )
        self.canvas.save()
        data = self._buffer.getvalue()
        _KNOWN[hashlib.sha256(data).hexdigest()] = Draft(
            title=self.title,
            text=self.text,
            blocks=tuple(self.blocks),
            pages=tuple(min(begin, len(self.text)) for begin in self.pages),
            unsearchable=unsearchable,
            boxes=tuple(self.boxes),
        )
        return data


def read_known(data: bytes, name: str) -> Draft:
    """The draft of a file that a PagedDocument made in this process."""
    return _KNOWN[hashlib.sha256(data).hexdigest()]


def leaflet() -> bytes:
    """Three pages: two columns, a sentence over the page break, and a page without text."""
    made = PagedDocument("Your visit to the eye clinic")
    made.page()
    made.write(BlockKind.HEADING, ["Your visit to the eye clinic"], (72, 720), font_size=20)
    made.write(BlockKind.HEADING, ["Before you come"], (72, 680), font_size=14)
    made.write(
        BlockKind.PARAGRAPH,
        [
            "Please bring your glasses and",
            "a list of the medicines you take.",
            "Do not wear contact lenses for",
            "two days before the visit.",
        ],
        (72, 650),
    )
    made.write(BlockKind.HEADING, ["Eye drops"], (330, 680), font_size=14)
    made.write(
        BlockKind.PARAGRAPH,
        [
            "The drops make your pupils wide.",
            "Your sight will be blurred for",
            "about four hours. Do not drive",
            "until your sight is clear again.",
        ],
        (330, 650),
    )
    made.write(BlockKind.HEADING, ["After the visit"], (72, 140), font_size=14)
    made.write(
        BlockKind.PARAGRAPH, ["Wear sunglasses outdoors for the rest of the day, and"], (72, 110)
    )
    made.page()
    made.write(
        BlockKind.PARAGRAPH,
        ["call us if your eye is red or hurts after two days."],
        (72, 720),
        goes_on=True,
    )
    made.page()
    made.canvas.rect(100, 300, 400, 300, fill=1)
    return made.finish()
