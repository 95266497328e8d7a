"""What is seen on a page of a PDF: words and ruled lines, each with its place.

Lengths are in points. Places are those of an upright page, from its top left corner to the right
and down: a page whose text runs from bottom to top is laid on its side first (`upright`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from statistics import median

__all__ = ["Area", "Line", "Page", "Rule", "Word", "upright"]

Area = tuple[float, float, float, float]
"""Left, top, right and bottom."""


def upright(area: Area, page: Area, quarter: int) -> Area:
    """An area of a PDF's own page (left, bottom, right, top; upwards) as it stands after a turn.

    `quarter` is by how many quarters the page is turned clockwise, which is also the direction of
    the text that this sets upright: 0 to the right, 1 upwards, 2 to the left, 3 downwards.
    """
    left, bottom, right, top = area
    page_left, page_bottom, page_right, page_top = page
    match quarter:
        case 0:
            return left - page_left, page_top - top, right - page_left, page_top - bottom
        case 1:
            return bottom - page_bottom, left - page_left, top - page_bottom, right - page_left
        case 2:
            return page_right - right, bottom - page_bottom, page_right - left, top - page_bottom
        case _:
            return page_top - top, page_right - right, page_top - bottom, page_right - left


@dataclass(frozen=True, slots=True)
class Word:
    """Letters that stand together on one line."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    """Height of its type."""
    bold: bool
    box: tuple[int, int, int, int]
    """As in `WordBox`: hundredths of a point on the page as shown."""
    soft: bool = False
    """Ends with a soft hyphen, which is not in `text`."""
    struck: bool = False
    """Struck out: it takes its room on the page, and is not read."""
    spaced: bool = False
    """The file has a blank before it, however narrow."""

    def joined(self, other: Word, text: str) -> Word:
        """Both as one word with that text."""
        main = self if self.size >= other.size else other
        return Word(
            text,
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
            main.baseline,
            main.size,
            self.bold and other.bold,
            (
                min(self.box[0], other.box[0]),
                min(self.box[1], other.box[1]),
                max(self.box[2], other.box[2]),
                max(self.box[3], other.box[3]),
            ),
            other.soft,
            self.struck,
            self.spaced,
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight ruled line: level where top and bottom are nearly the same, else upright."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def level(self) -> bool:
        """Whether it runs from left to right."""
        return self.right - self.left >= self.bottom - self.top


@dataclass(frozen=True)
class Line:
    """Words on one baseline, in the order in which they are read."""

    words: tuple[Word, ...]

    @cached_property
    def left(self) -> float:
        """Left edge of its leftmost word."""
        return min(word.left for word in self.words)

    @cached_property
    def right(self) -> float:
        """Right edge of its rightmost word."""
        return max(word.right for word in self.words)

    @cached_property
    def size(self) -> float:
        """The height of type of most of its letters."""
        return median(word.size for word in self.words for _ in word.text)

    @cached_property
    def baseline(self) -> float:
        """Where its letters stand."""
        return median(word.baseline for word in self.words for _ in word.text)

    @cached_property
    def top(self) -> float:
        """Top of its type, not of its letters, so that lines of the same type are as high."""
        return self.baseline - 0.8 * self.size

    @cached_property
    def bottom(self) -> float:
        """Bottom of its type."""
        return self.baseline + 0.2 * self.size

    @cached_property
    def bold(self) -> bool:
        """Whether all that has letters is bold."""
        return all(word.bold for word in self.words if any(map(str.isalnum, word.text)))

    @cached_property
    def text(self) -> str:
        """Its words with blanks between."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Page:
    """What is seen on one page, set upright."""

    width: float
    height: float
    runs: tuple[Line, ...] = ()
    """Words on one baseline without wide room between."""
    rules: tuple[Rule, ...] = ()
    aside: tuple[Line, ...] = ()
    """Lines that run in another direction than the page's text does."""
