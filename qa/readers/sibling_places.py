"""Pseudo-classes that tell an element's place among its siblings, such as `:nth-child(2n+1)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.readers.page_elements import PageElements

__all__ = ["SIBLING_CLASSES", "at_sibling_places"]

_FIRST_LAST = ("first-child", "last-child", "only-child")
_OF_TYPE = ("first-of-type", "last-of-type", "only-of-type")
_COUNTED = ("nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type")
SIBLING_CLASSES = frozenset((*_FIRST_LAST, *_OF_TYPE, *_COUNTED))
_STEP = re.compile(r"\s*(?:([-+]?\d*)n(?:\s*([-+])\s*(\d+))?|([-+]?\d+))\s*", re.IGNORECASE)
_WORDS = {"odd": "2n+1", "even": "2n"}


def at_sibling_places(page: PageElements, name: str, formula: str) -> frozenset[int] | None:
    """The elements at the places that one of `SIBLING_CLASSES` names.

    `formula` is what stands in its brackets. None where that is not understood.
    """
    fits = _fitting(formula) if name in _COUNTED else (0, 1)
    if fits is None:
        return None
    alike = name.endswith("of-type")
    found: set[int] = set()
    for siblings in _siblings(page, alike=alike):
        if name.startswith("only"):
            found.update(siblings if len(siblings) == 1 else ())
        else:
            ordered = siblings[::-1] if "last" in name else siblings
            found.update(_at(ordered, *fits))
    return frozenset(found)


def _siblings(page: PageElements, *, alike: bool) -> Iterator[list[int]]:
    """Elements of one parent in order, and of one tag if they are to be `alike`."""
    kinds = [""] * len(page.parents)
    if alike:
        for tag, places in page.tags.items():
            for place in places:
                kinds[place] = tag
    groups: dict[tuple[int, str], list[int]] = {}
    for place, parent in enumerate(page.parents):
        groups.setdefault((parent, kinds[place]), []).append(place)
    yield from groups.values()


def _fitting(formula: str) -> tuple[int, int] | None:
    """`a` and `b` of `an+b`."""
    found = _STEP.fullmatch(_WORDS.get(formula.strip().lower(), formula))
    if found is None:
        return None
    step, sign, number, alone = found.groups()
    if alone:
        return 0, int(alone)
    steps = int(step + "1") if step in ("", "+", "-") else int(step)
    return steps, int((sign or "+") + (number or "0"))


def _at(siblings: list[int], step: int, first: int) -> list[int]:
    """Those whose number, from 1, is `step` times a whole number from 0, and `first`."""
    if step == 0:
        return siblings[first - 1 : first] if first > 0 else []
    if step > 0:
        begin = first if first > 0 else first % step or step
        return siblings[begin - 1 :: step]
    return [
        one
        for number, one in enumerate(siblings, 1)
        if number <= first and (first - number) % -step == 0
    ]
