"""Marks on the picture of a page: words become one box a line, and each is tinted and outlined.

Colours are multiplied into a light ground and screened onto a dark one, so that letters stay as
they are: what is black stays black, and on black what is white stays white.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageStat

__all__ = ["Box", "line_boxes", "mark"]

OUTLINE = 3
"""Width of the outline in pixels."""
_TINT_ON_LIGHT, _LINE_ON_LIGHT = (255, 236, 139), (146, 64, 14)
"""The outline has a contrast of 7 to 1 to white, and of 3.8 to 1 on middle grey."""
_TINT_ON_DARK, _LINE_ON_DARK = (70, 55, 0), (250, 204, 21)


Colour = tuple[int, int, int]
Blend = Callable[[Image.Image, Image.Image], Image.Image]


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """The edges of a box, measured from the top left; the unit is the caller's."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom."""
        return self.left, self.top, self.right, self.bottom

    @property
    def height(self) -> int:
        """From top to bottom."""
        return self.bottom - self.top

    def joined(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


def line_boxes(words: Iterable[Box]) -> list[Box]:
    """One box for the words of each line; words come in the order in which they are read.

    Words stand on one line if they overlap by half of the lower one's height and no more than two
    heights lie between them: what lies further off is another column or cell. Lines right below
    one another are drawn together, so that a paragraph is one shape.
    """
    lines: list[Box] = []
    for word in words:
        if word.left >= word.right or word.top >= word.bottom:
            continue
        if lines and _on_one_line(lines[-1], word):
            lines[-1] = lines[-1].joined(word)
        else:
            lines.append(word)
    for at in range(1, len(lines)):
        above, below = lines[at - 1], lines[at]
        gap = below.top - above.bottom
        beside = above.right <= below.left or below.right <= above.left
        if not beside and 0 < gap <= min(above.height, below.height):
            middle = above.bottom + gap // 2
            lines[at - 1] = Box(above.left, above.top, above.right, middle)
            lines[at] = Box(below.left, middle, below.right, below.bottom)
    return lines


def mark(picture: Image.Image, lines: Iterable[Box]) -> None:
    """Tints and outlines each line, in pixels of the picture; the picture itself is changed."""
    whole = Box(0, 0, *picture.size)
    boxes = [box for line in lines if (box := _within(_padded(line), whole))]
    dark = {box for box in boxes if _is_dark(picture, box)}
    light = [box for box in boxes if box not in dark]
    _paint(picture, light, ImageChops.multiply, _TINT_ON_LIGHT, _LINE_ON_LIGHT)
    _paint(picture, sorted(dark), ImageChops.screen, _TINT_ON_DARK, _LINE_ON_DARK)


def _is_dark(picture: Image.Image, box: Box) -> bool:
    """Whether the ground, which most of a line is, is dark."""
    part = picture.crop(box.edges).convert("L")
    return bool(ImageStat.Stat(part).median[0] < 128)


def _paint(
    picture: Image.Image, boxes: Sequence[Box], blend: Blend, tint: Colour, line: Colour
) -> None:
    """Blends the tint into the boxes, and the line's colour into an outline around all of them."""
    if not boxes:
        return
    around = boxes[0]
    for box in boxes:
        around = around.joined(box)
    around = _within(_grown(around, OUTLINE), Box(0, 0, *picture.size)) or around
    part = picture.crop(around.edges)
    inner = _mask(around, boxes)
    outer = _mask(around, [_grown(box, OUTLINE) for box in boxes])
    tinted = blend(part, Image.new("RGB", part.size, tint))
    outlined = blend(part, Image.new("RGB", part.size, line))
    part.paste(tinted, mask=inner)
    part.paste(outlined, mask=ImageChops.subtract(outer, inner))
    picture.paste(part, around.edges[:2])


def _mask(around: Box, boxes: Sequence[Box]) -> Image.Image:
    """White where a box is, in a picture of `around`."""
    mask = Image.new("L", (around.right - around.left, around.height))
    draw = ImageDraw.Draw(mask)
    for box in boxes:
        left, top, right, bottom = box.edges
        # Pillow's rectangle holds its last column and row, a Box does not.
        begin = left - around.left, top - around.top
        draw.rectangle((begin, (right - around.left - 1, bottom - around.top - 1)), fill=255)
    return mask


def _on_one_line(line: Box, word: Box) -> bool:
    shared = min(line.bottom, word.bottom) - max(line.top, word.top)
    apart = max(line.left, word.left) - min(line.right, word.right)
    lower, higher = sorted((line.height, word.height))
    return shared * 2 >= lower and apart <= 2 * higher


def _padded(line: Box) -> Box:
    """A little room around the letters, most of it at the sides, where no other line stands."""
    side, over = max(2, line.height // 6), max(1, line.height // 16)
    return Box(line.left - side, line.top - over, line.right + side, line.bottom + over)


def _grown(box: Box, by: int) -> Box:
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)


def _within(box: Box, whole: Box) -> Box | None:
    """The part of a box that lies within another, if any does."""
    found = Box(
        max(box.left, whole.left),
        max(box.top, whole.top),
        min(box.right, whole.right),
        min(box.bottom, whole.bottom),
    )
    return found if found.left < found.right and found.top < found.bottom else None
