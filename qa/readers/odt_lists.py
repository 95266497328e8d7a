"""The bullets and numbers before OpenDocument's list items and headings."""

from __future__ import annotations

from collections.abc import Iterator

from qa.readers.counting import counted, whole
from qa.readers.odt_styles import STYLE, TEXT
from qa.readers.symbols import bullet
from qa.readers.xml import Element

__all__ = ["Count", "items_of", "level_of"]

_STYLES = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}


class Count:
    """How far each level of a list, or of the headings, has counted."""

    def __init__(self, style: Element | None, bare: str = "\u2022") -> None:
        """`bare` is the marker of all levels where there is no style."""
        self._bare = bare
        self._levels = {
            whole(one.get(f"{TEXT}level")): one for one in (style if style is not None else ())
        }
        self._numbers: dict[int, int] = {}

    def next(self, level: int, start: int | None = None) -> str:
        """The marker of the next item of that level (from 1); `start` is one it begins anew at."""
        look = self._levels.get(level)
        for deeper in [one for one in self._numbers if one > level]:
            del self._numbers[deeper]
        first = self._start(level)
        self._numbers[level] = (
            start if start is not None else self._numbers.get(level, first - 1) + 1
        )
        if look is None:
            return "" if self._levels else self._bare
        if not look.tag.endswith("-number") and not look.tag.endswith("outline-level-style"):
            return bullet(look.get(f"{TEXT}bullet-char", ""), "")
        if not look.get(f"{STYLE}num-format"):
            return ""
        shown = range(max(1, level + 1 - self._displayed(look)), level + 1)
        numbers = ".".join(one for at in shown if (one := self._written(at)))
        return f"{look.get(f'{STYLE}num-prefix', '')}{numbers}{look.get(f'{STYLE}num-suffix', '')}"

    def _displayed(self, look: Element) -> int:
        return whole(look.get(f"{TEXT}display-levels")) or 1

    def _start(self, level: int) -> int:
        look = self._levels.get(level)
        start = None if look is None else whole(look.get(f"{TEXT}start-value"))
        return 1 if start is None else start

    def _written(self, level: int) -> str:
        look = self._levels.get(level)
        style = "" if look is None else look.get(f"{STYLE}num-format", "")
        number = self._numbers.get(level, self._start(level))
        return counted(number, _STYLES.get(style, "decimal")) if style else ""


def level_of(element: Element) -> int:
    """The level of a heading, from 1."""
    return max(1, whole(element.get(f"{TEXT}outline-level")) or 1)


def items_of(element: Element) -> Iterator[Element]:
    """A list's items and headers, in order."""
    for child in element:
        if child.tag in (f"{TEXT}list-item", f"{TEXT}list-header"):
            yield child
