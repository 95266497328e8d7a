"""Which words of a page are seen, told by the picture of the page.

A word is seen if the picture changes where the word stands once the text is taken away. This
covers white on white, text behind a picture or a filled box, text that is clipped away, outside
the page, transparent, or on a layer that is off: whatever the reason, nobody sees it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from qa.readers.pdf_characters import Piece
from qa.readers.pdf_page import Area, upright

__all__ = ["seen_pieces"]

_LEAST_CHANGE = 12
"""Of 255 steps of a colour: less than a twentieth is no writing."""
_LEAST_SHARE = 0.02
"""Of the pixels where a word stands: a full stop fills its box, a thin letter a tenth of it."""
_MOST_PIXELS = 4_000_000
_MOST_LAYERS = 60
"""Pictures that are drawn of a page's text objects that share their places with others."""
_STAMP = 2.5
"""How many times larger than the words that it covers the type of a stamp is at least."""
_LEAST_STAMPED = 3
"""Words that a stamp covers: a large initial may touch one or two."""

_MESH = 12.0
"""Points."""
_HEAP = 150
"""Pieces in a square of that side: of the smallest type that is read, letter by letter, 64."""

Picture = NDArray[np.uint8]
Placed = tuple[Piece, Area]
"""A piece and where it stands on the page as shown."""


def seen_pieces(page: pdfium.PdfPage, page_area: Area, pieces: Sequence[Piece]) -> list[Piece]:
    """Those of a page's pieces that can be seen on it.

    The page's text objects are switched off by this, so the page must be closed afterwards.
    """
    drawn = [piece for piece in pieces if piece.style.drawn]
    if not drawn:
        return []
    scale = _scale(page)
    shown = _picture(page, scale)
    for handle in _handles(pieces):
        raw.FPDFPageObj_SetIsActive(handle, False)
    bare = _picture(page, scale)
    quarter = page.get_rotation() // 90
    areas = [upright(piece.area, page_area, quarter) for piece in drawn]
    changed = _sums(shown, bare)
    seen = [
        (piece, area)
        for piece, area in zip(drawn, areas, strict=True)
        if _share(changed, area, scale) >= _LEAST_SHARE
    ]
    heaped = _heaped(seen)
    seen = [pair for pair in seen if id(pair[0]) not in heaped]
    pairs = list(_pairs(seen))
    hidden = _hidden_behind_others(page, pairs, bare, scale) | _doubles(pairs)
    stamps = _stamps(pairs)
    return [
        piece for piece, _ in seen if id(piece) not in hidden and piece.style.order not in stamps
    ]


def _scale(page: pdfium.PdfPage) -> float:
    """Pixels a point: one, or fewer for a page as large as a wall."""
    width, height = page.get_size()
    return min(1.0, math.sqrt(_MOST_PIXELS / max(1.0, width * height)))


def _handles(pieces: Iterable[Piece]) -> list[Any]:
    return list({piece.style.order: piece.style.handle for piece in pieces}.values())


def _picture(page: pdfium.PdfPage, scale: float) -> Picture:
    bitmap = page.render(scale=scale, may_draw_forms=False, draw_annots=False)
    picture: Picture = bitmap.to_numpy().copy()
    bitmap.close()
    return picture


def _sums(shown: Picture, bare: Picture) -> NDArray[np.int32]:
    """Changed pixels above and left of each pixel: the sum of any box is then four look-ups."""
    channels = np.maximum(shown, bare) - np.minimum(shown, bare) > _LEAST_CHANGE
    changed = channels[:, :, 0] | channels[:, :, 1] | channels[:, :, 2]
    sums = np.zeros((changed.shape[0] + 1, changed.shape[1] + 1), dtype=np.int32)
    np.cumsum(changed, axis=0, dtype=np.int32, out=sums[1:, 1:])
    np.cumsum(sums[1:, 1:], axis=1, out=sums[1:, 1:])
    return sums


def _share(sums: NDArray[np.int32], area: Area, scale: float) -> float:
    """The share of changed pixels in an area, from 0 to 1; 0 outside the page."""
    height, width = sums.shape[0] - 1, sums.shape[1] - 1
    left, right = _pixels(area[0] * scale, area[2] * scale)
    top, bottom = _pixels(area[1] * scale, area[3] * scale)
    # Half of a word outside the page is a word that cannot be read.
    if (
        left + right < 0
        or left + right > 2 * width
        or top + bottom < 0
        or top + bottom > 2 * height
    ):
        return 0.0
    left, right = max(0, left), min(width, right)
    top, bottom = max(0, top), min(height, bottom)
    if right <= left or bottom <= top:
        return 0.0
    inside = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return float(int(inside) / ((right - left) * (bottom - top)))


def _pixels(low: float, high: float) -> tuple[int, int]:
    """The pixels from `low` to `high`, less those on the edge, into which neighbours run over."""
    first, last = math.floor(low), math.ceil(high)
    return (first + 1, last - 1) if last - first > 4 else (first, max(last, first + 1))


def _layers(pairs: Iterable[tuple[Placed, Placed]]) -> list[dict[int, list[Placed]]]:
    """Pieces that share their place with another text object which says something else.

    They are grouped by their text object's order, and the objects by layers, so that no two
    objects of one layer share a place.
    """
    members: dict[int, dict[int, Placed]] = defaultdict(dict)
    beside: dict[int, set[int]] = defaultdict(set)
    for first, second in pairs:
        if first[0].text == second[0].text:
            continue
        one, other = first[0].style.order, second[0].style.order
        for order, placed in ((one, first), (other, second)):
            members[order][id(placed[0])] = placed
        beside[one].add(other)
        beside[other].add(one)
    layers: list[dict[int, list[Placed]]] = []
    for order, pieces in members.items():
        layer = next((layer for layer in layers if not beside[order] & layer.keys()), None)
        if layer is None:
            layers.append(layer := {})
        layer[order] = list(pieces.values())
    return layers


def _stamps(pairs: Iterable[tuple[Placed, Placed]]) -> set[int]:
    """The orders of text objects that are written large over or behind the page's words."""
    covered: dict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        small, large = sorted((piece for piece, _ in pair), key=lambda piece: piece.style.size)
        if large.style.size >= _STAMP * small.style.size:
            covered[large.style.order].add(id(small))
    return {order for order, words in covered.items() if len(words) >= _LEAST_STAMPED}


def _doubles(pairs: Iterable[tuple[Placed, Placed]]) -> set[int]:
    """Ids of what is written a second time in one place, as shadows and false bold type are."""
    return {id(second[0]) for first, second in pairs if first[0].text == second[0].text}


def _pairs(seen: Sequence[Placed]) -> Iterator[tuple[Placed, Placed]]:
    """Pairs of pieces of two text objects, the earlier first, of which one covers half the other.

    The middle of the smaller one then lies within the larger one: middles are looked up in a net.
    """
    net: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, (_, area) in enumerate(seen):
        net[_mesh((area[0] + area[2]) / 2, (area[1] + area[3]) / 2)].append(index)
    for index, (_, area) in enumerate(seen):
        for other in _near(net, area):
            first, second = sorted((index, other))
            differ = seen[first][0].style is not seen[second][0].style
            if differ and _overlap(area, seen[other][1]) > 0.5:
                yield seen[first], seen[second]


def _mesh(x: float, y: float) -> tuple[int, int]:
    return int(x // _MESH), int(y // _MESH)


def _near(net: Mapping[tuple[int, int], list[int]], area: Area) -> Iterator[int]:
    """What has its middle in the meshes that an area touches."""
    (left, top), (right, bottom) = _mesh(area[0], area[1]), _mesh(area[2], area[3])
    if (right - left + 1) * (bottom - top + 1) > len(net):
        touched = [(x, y) for x, y in net if left <= x <= right and top <= y <= bottom]
    else:
        touched = [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
    for mesh in touched:
        yield from net.get(mesh, ())


def _heaped(seen: Sequence[Placed]) -> set[int]:
    """Ids of pieces of which so many lie in one place that none of them can be read."""
    heaps: dict[tuple[int, int], list[Piece]] = defaultdict(list)
    for piece, area in seen:
        heaps[_mesh((area[0] + area[2]) / 2, (area[1] + area[3]) / 2)].append(piece)
    return {id(piece) for heap in heaps.values() if len(heap) > _HEAP for piece in heap}


def _overlap(one: Area, other: Area) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    smaller = min((a[2] - a[0]) * (a[3] - a[1]) for a in (one, other))
    return wide * high / smaller if smaller > 0 else 0.0


def _hidden_behind_others(
    page: pdfium.PdfPage, pairs: Iterable[tuple[Placed, Placed]], bare: Picture, scale: float
) -> set[int]:
    """Ids of the pieces that are not seen even without the text objects that share their place.

    Where more than `_MOST_LAYERS` lie on one another, none of them counts as seen.
    """
    layers = _layers(pairs)
    if len(layers) > _MOST_LAYERS:
        return {id(piece) for layer in layers for placed in layer.values() for piece, _ in placed}
    hidden: set[int] = set()
    for layer in layers:
        placed = [pair for pairs in layer.values() for pair in pairs]
        handles = _handles(piece for piece, _ in placed)
        for handle in handles:
            raw.FPDFPageObj_SetIsActive(handle, True)
        sums = _sums(_picture(page, scale), bare)
        for handle in handles:
            raw.FPDFPageObj_SetIsActive(handle, False)
        hidden |= {id(piece) for piece, area in placed if _share(sums, area, scale) < _LEAST_SHARE}
    return hidden
