"""What is drawn on a page of a PDF: straight lines of tables and boxes, dots before list items."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdfium2 import raw

from qa.readers.pdf_page import Area

__all__ = ["Drawn", "drawn_on"]

_MOST_OBJECTS = 20_000
"""A page with more than this is a drawing, and its lines rule no table."""
_MOST_SEGMENTS = 2_000
_MOST_NESTED = 4
_SLANT = 1.0
"""By how much, in points, a straight line may be off level or upright."""
_THIN = 3.0
"""A filled box that is not wider than this is a line."""

_DOT = 1.5, 13.0
"""From the smallest bullet to the largest tick box, in points."""
_MOST_DOTS = 500
"""A page with more is a chart or a map."""
_NOWHERE: Area = (0.0, 0.0, 0.0, 0.0)

Matrix = tuple[float, float, float, float, float, float]
_AS_IT_IS: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Left, bottom, right and top on the PDF's own page of what is drawn on it."""

    lines: tuple[Area, ...] = ()
    """Level and upright ones."""
    dots: tuple[Area, ...] = ()
    """Dots, small squares, tick boxes and small pictures."""


def drawn_on(page: Any) -> Drawn:
    """What is drawn on a raw page; nothing where there is so much that it is a picture."""
    lines: list[Area] = []
    dots: list[Area] = []
    for seen, (thing, matrix) in enumerate(_things(page)):
        if seen > _MOST_OBJECTS or len(lines) > _MOST_OBJECTS:
            return Drawn()
        if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_IMAGE:
            edges: list[Area] = []
            whole = _of_unit_square(matrix)
        else:
            edges, whole = _shape(thing, matrix)
        wide, high = whole[2] - whole[0], whole[3] - whole[1]
        if _DOT[0] <= min(wide, high) and max(wide, high) <= min(_DOT[1], 1.3 * min(wide, high)):
            dots.append(whole)
        else:
            lines += edges
    return Drawn(tuple(lines), tuple(dots) if len(dots) <= _MOST_DOTS else ())


def _things(page: Any) -> Iterator[tuple[Any, Matrix]]:
    for index in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        yield from _things_in(raw.FPDFPage_GetObject(page, index), _AS_IT_IS, 0)


def _things_in(thing: Any, outer: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
    """The paths and pictures in an object, each with where it is put."""
    kind = raw.FPDFPageObj_GetType(thing)
    if kind in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
        yield thing, _times(_matrix(thing), outer)
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MOST_NESTED:
        inner = _times(_matrix(thing), outer)
        for index in range(min(raw.FPDFFormObj_CountObjects(thing), _MOST_OBJECTS)):
            yield from _things_in(raw.FPDFFormObj_GetObject(thing, index), inner, depth + 1)


def _matrix(thing: Any) -> Matrix:
    found = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(thing, ctypes.byref(found))
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(one: Matrix, other: Matrix) -> Matrix:
    """First `one`, then `other`: the product of both, as in ISO 32000-1, 8.3.4."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        (e * p + f * r + t),
        e * q + f * s + u,
    )


def _of_unit_square(matrix: Matrix) -> Area:
    """Where a picture stands, which is put there out of a square of side 1."""
    a, b, c, d, e, f = matrix
    across, up = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    return min(across), min(up), max(across), max(up)


def _shape(path: Any, matrix: Matrix) -> tuple[list[Area], Area]:
    """The straight lines of a path, and the area of all of it; nothing where it is not drawn."""
    count = raw.FPDFPath_CountSegments(path)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if not 0 < count <= _MOST_SEGMENTS or not (fill.value or stroke.value):
        return [], _NOWHERE
    found: list[Area] = []
    points: list[tuple[float, float]] = []
    start = at = (0.0, 0.0)
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        to = _point(segment, matrix)
        points.append(to)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = to
        elif kind == raw.FPDF_SEGMENT_LINETO:
            _note(found, at, to)
        at = to
        if raw.FPDFPathSegment_GetClose(segment):
            _note(found, at, start)
            at = start
    across, up = zip(*points, strict=True)
    whole = min(across), min(up), max(across), max(up)
    return found if stroke.value else _of_filled(found), whole


def _point(segment: Any, matrix: Matrix) -> tuple[float, float]:
    x, y = ctypes.c_float(), ctypes.c_float()
    raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
    a, b, c, d, e, f = matrix
    return a * x.value + c * y.value + e, b * x.value + d * y.value + f


def _note(found: list[Area], one: tuple[float, float], other: tuple[float, float]) -> None:
    area = (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[0], other[0]),
        max(one[1], other[1]),
    )
    if area[2] - area[0] <= _SLANT or area[3] - area[1] <= _SLANT:
        found.append(area)


def _of_filled(edges: list[Area]) -> list[Area]:
    """A thin filled box is one line; the edges of a coloured field are none."""
    if not edges:
        return []
    left, bottom = min(e[0] for e in edges), min(e[1] for e in edges)
    right, top = max(e[2] for e in edges), max(e[3] for e in edges)
    if top - bottom <= _THIN:
        middle = (top + bottom) / 2
        return [(left, middle, right, middle)]
    if right - left <= _THIN:
        middle = (left + right) / 2
        return [(middle, bottom, middle, top)]
    return []
