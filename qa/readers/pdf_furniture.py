"""Running heads, running feet and page numbers: what repeats at the edge of pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.readers.pdf_page import Line, Page

__all__ = ["body_size", "without_furniture", "without_repeated_asides"]

_MOST_ROWS = 4
"""At each edge; a letterhead of more lines is rare, and it stands on the first page only."""
_LEAST_ROOM = 0.5
"""Between a running head and the text, in heights of its type: a paragraph's lines are closer."""
_MOST_ALONE = 2
"""Lines that may be all there is on a page: more of them are its text."""
_OUTER = 0.15
"""Of the page's height: how far into the page the outermost lines at an edge may reach."""
_INNER = 0.08
"""The same for lines farther in, that stand apart from the outermost."""
_SAME_PLACE = 3.0
"""Points up or down."""
_LARGEST = 1.25
"""Of the text's size. Larger type that repeats is a title, as on slides."""
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,7}", re.IGNORECASE)
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_BARE = re.compile(
    r"\W*(?:(?:page|p\.?|seite|p\u00e1gina|p\u00e1g\.?|folio)\s*)?#(?:\s*(?:/|of|de|von|-|\u2013)\s*#)?\W*",
    re.IGNORECASE,
)
_MOST_BARE = 80
"""Characters of a page's number with all that stands around it."""
_COUNTED = re.compile(
    r"(?:step|day|week|month|visit|session|stage|phase|dose|question|schritt|tag|woche|paso|d\u00eda"
    r"|semana|visita|sesi\u00f3n|pregunta) #\W*"
)
"""Headings that are counted as pages are, one to a page."""
_SENTENCE = re.compile(r"[.!?][\"'\u201d\u2019)]*$")


@dataclass(frozen=True, slots=True)
class _Place:
    """A run at the edge of a page."""

    page: int
    run: Line
    upper: bool
    """Whether it is at the upper edge."""
    at: float
    """Points from that edge."""
    numbers: tuple[int, ...]


def body_size(pages: Sequence[Sequence[Line]]) -> float:
    """The height of type, in points, that most letters of a document have; 0 without any."""
    counted: Counter[float] = Counter()
    for page in pages:
        for run in page:
            counted[round(2 * run.size) / 2] += len(run.text)
    return counted.most_common(1)[0][0] if counted else 0.0


def without_furniture(
    pages: Sequence[Sequence[Line]], heights: Sequence[float]
) -> list[list[Line]]:
    """The runs of each page less what repeats at its upper or lower edge.

    Something repeats if it says the same at the same height on three pages (on two where there
    are no more than four); numbers in it may only differ as the pages' own numbers do. It stands
    apart from the text. What stands at the very height of such a head, in type of its size, is one
    too, unless it is a sentence. A document of one page has nothing that repeats.
    """
    largest = _LARGEST * body_size(pages)
    groups: dict[tuple[bool, str], list[_Place]] = defaultdict(list)
    for page, runs in enumerate(pages):
        for upper in (True, False):
            for place, text in _edge(page, runs, heights[page], upper):
                if place.run.size <= largest and not _COUNTED.fullmatch(text):
                    groups[upper, text].append(place)
    clusters = [
        cluster
        for (_, text), places in groups.items()
        for cluster in _clusters(places)
        if len({place.page for place in cluster}) >= _least_pages(len(pages))
        and _goes_with_pages(cluster, text)
    ]
    dropped = {(place.page, id(place.run)) for cluster in clusters for place in cluster}
    like = {_look(place) for cluster in clusters for place in cluster}
    for place in (place for places in groups.values() for place in places):
        # What changes from chapter to chapter stands where the other running heads do.
        if _look(place) in like and not _SENTENCE.search(place.run.text):
            dropped.add((place.page, id(place.run)))
    return [
        [run for run in runs if (page, id(run)) not in dropped] for page, runs in enumerate(pages)
    ]


def without_repeated_asides(pages: Sequence[Page]) -> list[Page]:
    """Pages less the lines at their sides that repeat, such as the number of a form."""
    counted = Counter(text for page in pages for text in {_folded(x.text)[0] for x in page.aside})
    least = _least_pages(len(pages))
    return [
        replace(page, aside=tuple(x for x in page.aside if counted[_folded(x.text)[0]] < least))
        for page in pages
    ]


def _least_pages(count: int) -> int:
    return 2 if count <= 4 else 3


def _look(place: _Place) -> tuple[bool, int, int]:
    """Its edge, and its distance from it and size of type in half points."""
    return place.upper, round(2 * place.at), round(2 * place.run.size)


def _edge(
    page: int, runs: Sequence[Line], height: float, upper: bool
) -> Iterator[tuple[_Place, str]]:
    """The runs of the outermost rows of a page, down to where the text begins."""
    rows = _rows(runs, upper)
    waiting: list[tuple[Line, ...]] = []
    margin = _OUTER * height
    for row, inner in zip(rows[:_MOST_ROWS], [*rows[1:], ()], strict=False):
        waiting.append(row)
        if inner and _room(row, inner) < _LEAST_ROOM * max(run.size for run in row):
            continue
        at = row[0].baseline if upper else height - row[0].baseline
        if at > margin or (not inner and len(waiting) > _MOST_ALONE):
            return
        for one in waiting:
            for run in one:
                text, numbers = _folded(run.text)
                at = run.baseline if upper else height - run.baseline
                yield _Place(page, run, upper, at, numbers), text
        waiting = []
        margin = _INNER * height


def _rows(runs: Sequence[Line], upper: bool) -> list[tuple[Line, ...]]:
    """The first rows from one edge; runs that stand side by side are one row."""
    ordered = sorted(runs, key=lambda run: run.baseline, reverse=not upper)
    rows: list[list[Line]] = []
    for run in ordered:
        if rows and min(rows[-1][0].bottom, run.bottom) - max(rows[-1][0].top, run.top) > 0:
            rows[-1].append(run)
        elif len(rows) > _MOST_ROWS:
            break
        else:
            rows.append([run])
    return [tuple(row) for row in rows]


def _room(row: tuple[Line, ...], inner: tuple[Line, ...]) -> float:
    if row[0].baseline < inner[0].baseline:
        return min(run.top for run in inner) - max(run.bottom for run in row)
    return min(run.top for run in row) - max(run.bottom for run in inner)


def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """A text with `#` for each number, and the numbers."""
    if _ROMAN.fullmatch(text):
        return "#", (_roman(text.lower()),)
    numbers = tuple(int(number[:9]) for number in _NUMBER.findall(text))
    return _NUMBER.sub("#", text).casefold(), numbers


def _roman(text: str) -> int:
    values = [_VALUES[letter] for letter in text]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))


def _clusters(places: Sequence[_Place]) -> Iterator[list[_Place]]:
    """Places at the same height."""
    cluster: list[_Place] = []
    for place in sorted(places, key=lambda place: (place.at, place.page)):
        if cluster and place.at - cluster[-1].at > _SAME_PLACE:
            yield cluster
            cluster = []
        cluster.append(place)
    if cluster:
        yield cluster


def _goes_with_pages(cluster: Sequence[_Place], text: str) -> bool:
    """Whether each number is the same on all pages, or grows as the pages do."""
    columns = list(zip(*(place.numbers for place in cluster), strict=True))
    steady = all(
        len(set(column)) == 1
        or len({number - place.page for number, place in zip(column, cluster, strict=True)}) == 1
        for column in columns
    )
    if steady or len(text) > _MOST_BARE or not _BARE.fullmatch(text):
        return steady
    # Numbering may begin anew, as after a preface.
    found = sorted((place.page, place.numbers[0]) for place in cluster)
    steps = [b[1] - a[1] == b[0] - a[0] for a, b in pairwise(found)]
    return sum(steps) >= 0.5 * len(steps)
