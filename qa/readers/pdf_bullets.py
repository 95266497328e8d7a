"""Bullets and tick boxes that are drawn, not written, before the lines of a list."""

from __future__ import annotations

from collections.abc import Sequence

from qa.readers.pdf_characters import is_right_to_left
from qa.readers.pdf_page import Area, Line, Word

__all__ = ["Dot", "with_drawn_bullets"]

Dot = tuple[Area, tuple[int, int, int, int]]
"""Where a dot stands, on the upright page and as in `WordBox`."""
_FARTHEST = 3.0
"""Between a bullet and its text, in heights of type."""


def with_drawn_bullets(runs: Sequence[Line], dots: Sequence[Dot]) -> list[Line]:
    """Puts a bullet before each run that a drawn dot stands before.

    It is a bullet whatever was drawn, for whether a box is ticked cannot be told.
    """
    found = list(runs)
    for area, box in dots:
        near = [
            (room, index)
            for index, run in enumerate(found)
            if (room := _room(area, run)) is not None
        ]
        if near:
            _, index = min(near)
            found[index] = _with_bullet(found[index], area, box)
    return found


def _room(area: Area, run: Line) -> float | None:
    """The room between a dot and the run before which it stands, or None where it does not."""
    left, top, right, bottom = area
    middle = (top + bottom) / 2
    if not run.top <= middle <= run.bottom or bottom - top > run.size:
        return None
    room = left - run.right if is_right_to_left(run.text) else run.left - right
    return room if 0.1 * run.size <= room <= _FARTHEST * run.size else None


def _with_bullet(run: Line, area: Area, box: tuple[int, int, int, int]) -> Line:
    left, top, right, bottom = area
    bullet = Word("\u2022", left, top, right, bottom, run.baseline, run.size, run.bold, box)
    return Line((bullet, *run.words))
