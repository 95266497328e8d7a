"""The bullets and numbers that Word shows in front of paragraphs, counted as Word counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.readers.counting import counted, whole
from qa.readers.docx_package import W, is_on, value
from qa.readers.docx_styles import Styles
from qa.readers.symbols import bullet
from qa.readers.xml import Element

__all__ = ["Numbering"]

_PLACE = re.compile(r"%([1-9])")
_NONE = "0"
"""The list id by which a paragraph is taken out of its style's list."""


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    pattern: str = ""
    """What is shown, with "%2" for the number of the second level."""
    restart: int | None = None
    """The level (from 1) whose use makes this one begin anew; 0 for never, None for any above."""
    legal: bool = False
    """Whether all numbers in it are shown in digits."""
    linked: str = ""
    """Id of the paragraph style that stands for this level."""
    font: str = ""


class Numbering:
    """The lists of a file and how far each has counted; asked once for each paragraph, in order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, Element] = {}
        self._lists: dict[str, Element] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is None:
            return
        for one in root.iterfind(f"{W}abstractNum"):
            self._abstract[one.get(f"{W}abstractNumId", "")] = one
        for one in root.iterfind(f"{W}num"):
            self._lists[one.get(f"{W}numId", "")] = one

    def marker(self, properties: Element | None, style_id: str | None) -> str | None:
        """The marker of the next paragraph, "" for a list's level that shows none.

        None where the paragraph is in no list.
        """
        style = self._styles.of_paragraph(style_id)
        list_id = value(properties, "numPr/numId") or style.list_id
        if list_id is None or list_id == _NONE or list_id not in self._lists:
            return None
        written = value(properties, "numPr/ilvl")
        if written is None and value(properties, "numPr/numId") is None:
            written = self._linked_level(list_id, style.ids) or style.list_level
        return self._next(list_id, whole(written) or 0)

    def _next(self, list_id: str, level: int) -> str:
        levels = self._levels_of(list_id)
        if level not in levels:
            return ""
        # Lists made from one pattern go on counting where the other stopped.
        counts = self._counts.setdefault(self._pattern_id(list_id), {})
        override = self._start_override(list_id, level)
        if override is not None and (list_id, level) not in self._begun:
            counts[level] = override
        elif level in counts:
            counts[level] += 1
        else:
            counts[level] = levels[level].start
        self._begun.add((list_id, level))
        for deeper in [one for one in counts if one > level]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart and level < restart):
                del counts[deeper]
        return self._shown(levels, counts, level)

    def _shown(self, levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
        this = levels[level]
        if this.style == "bullet":
            return bullet(this.pattern, this.font)
        if this.style == "none":
            return _PLACE.sub("", this.pattern).strip()

        def number(place: re.Match[str]) -> str:
            at = int(place.group(1)) - 1
            which = levels.get(at, _Level())
            style = "decimal" if this.legal else which.style
            return "" if style == "none" else counted(counts.get(at, which.start), style)

        return " ".join(_PLACE.sub(number, this.pattern).split())

    def _pattern_id(self, list_id: str) -> str:
        return value(self._lists[list_id], "abstractNumId") or ""

    def _override(self, list_id: str, level: int) -> Element | None:
        for one in self._lists[list_id].iterfind(f"{W}lvlOverride"):
            if one.get(f"{W}ilvl") == str(level):
                return one
        return None

    def _start_override(self, list_id: str, level: int) -> int | None:
        return whole(value(self._override(list_id, level), "startOverride"))

    def _linked_level(self, list_id: str, style_ids: tuple[str, ...]) -> str | None:
        linked = {one.linked: str(at) for at, one in self._levels_of(list_id).items()}
        return next((linked[one] for one in style_ids if one in linked), None)

    def _levels_of(self, list_id: str) -> dict[int, _Level]:
        if list_id not in self._levels:
            self._levels[list_id] = self._read_levels(list_id)
        return self._levels[list_id]

    def _read_levels(self, list_id: str) -> dict[int, _Level]:
        pattern = self._abstract.get(self._pattern_id(list_id))
        link = value(pattern, "numStyleLink")
        if link:
            other = self._styles.numbering_link(link)
            if other in self._lists and other != list_id:
                pattern = self._abstract.get(self._pattern_id(other))
        levels = {
            whole(one.get(f"{W}ilvl")) or 0: _read_level(one)
            for one in (pattern.iterfind(f"{W}lvl") if pattern is not None else ())
        }
        for at in range(9):
            override = self._override(list_id, at)
            own = None if override is None else override.find(f"{W}lvl")
            if own is not None:
                levels[at] = _read_level(own)
        return levels


def _read_level(element: Element) -> _Level:
    fonts = element.find(f"{W}rPr/{W}rFonts")
    start = whole(value(element, "start"))
    return _Level(
        start=1 if start is None else start,
        style=value(element, "numFmt") or "decimal",
        pattern=value(element, "lvlText") or "",
        restart=whole(value(element, "lvlRestart")),
        legal=bool(is_on(element, "isLgl")),
        linked=value(element, "pStyle") or "",
        font="" if fonts is None else fonts.get(f"{W}ascii", ""),
    )
