"""The declarations of a style, as CSS reads them: which value of which name counts.

Shorthands are written out as far as they can hide text, and older names of a thing become its
present one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from qa.readers.css_syntax import Node, block_of, value_of
from qa.readers.hiding_values import HIDING_NAMES

__all__ = ["Declared", "declarations", "declared", "declared_in"]

_DISPLAYS_OF_NOW = (
    "none inline block inline-block flex inline-flex grid inline-grid table inline-table table-row"
    " table-cell table-caption table-row-group table-header-group table-footer-group table-column"
    " table-column-group list-item flow-root contents run-in ruby ruby-base ruby-text math"
    " -webkit-box -webkit-inline-box -webkit-flex -webkit-inline-flex"
)
_ALIKE = frozenset({"inherit", "initial", "unset", "revert", "revert-layer"})
_WORDS = {
    "all": frozenset[str](),
    "display": frozenset(_DISPLAYS_OF_NOW.split()),
    "visibility": frozenset({"visible", "hidden", "collapse"}),
    "position": frozenset({"static", "relative", "absolute", "fixed", "sticky", "-webkit-sticky"}),
    "content-visibility": frozenset({"visible", "hidden", "auto"}),
    "float": frozenset({"none", "left", "right", "inline-start", "inline-end"}),
}
"""The values of names whose values are words: a browser passes over any other one."""
_DISPLAY_PARTS = frozenset({"block", "inline", "flow", "flow-root", "flex", "grid", "list-item"})
_NEW_NAMES = {
    "-webkit-transform": "transform",
    "-webkit-clip-path": "clip-path",
    "-webkit-filter": "filter",
    "-webkit-opacity": "opacity",
    "-webkit-background-clip": "background-clip",
    "text-decoration": "text-decoration-line",
    "margin-inline-start": "margin-left",
    "margin-block-start": "margin-top",
    "inset-inline-start": "left",
    "inset-inline-end": "right",
    "inset-block-start": "top",
    "inset-block-end": "bottom",
    "inline-size": "width",
    "block-size": "height",
    "max-inline-size": "max-width",
    "max-block-size": "max-height",
}
_LOOKED_AT = frozenset(
    {
        *("all", "font", "background", "vertical-align"),
        *("inset", "inset-inline", "inset-block", "margin"),
        *_NEW_NAMES,
        *(name for names in HIDING_NAMES.values() for name in names),
    }
)
"""Other names are passed over, which saves half of the time."""
_SIDES = ("top", "right", "bottom", "left")
_NO_SIZE = re.compile(
    r"normal|italic|oblique.*|small-caps|bold|bolder|lighter|[1-9]\d*|(?:ultra-|extra-|semi-)?"
    r"(?:condensed|expanded)"
)


@dataclass(frozen=True, slots=True)
class Declared:
    """A value in small letters, with single blanks between its words."""

    value: str
    important: bool


def declarations(style: str) -> dict[str, str]:
    """Names and the values that count of a style, in small letters."""
    return {name: one.value for name, one in declared(style).items()}


@lru_cache(maxsize=1_000)
def declared(style: str) -> Mapping[str, Declared]:
    """Names and the values that count of a `style` attribute.

    Programs that write pages repeat the same few styles in all their elements.
    """
    return declared_in(block_of(style))


def declared_in(nodes: Iterable[Node]) -> dict[str, Declared]:
    """Names and the values that count of a block: the last one, or the last important one.

    Custom properties are in it, and what the readers of HTML look at, which is all that can hide.
    `all` stands before what it leaves as it is.
    """
    found: dict[str, Declared] = {}
    for node in nodes:
        if node.type != "declaration":
            continue
        name, important = node.name.lower(), bool(node.important)
        if name not in _LOOKED_AT and not name.startswith("--"):
            continue
        value = value_of(node.value)
        if name == "all" and _can_be(name, value):
            for earlier in [one for one in found if found[one].important <= important]:
                del found[earlier]
        for known, one in _written_out(name, value):
            before = found.get(known)
            if _can_be(known, one) and (important or before is None or not before.important):
                found[known] = Declared(one, important)
    return found


def _can_be(name: str, value: str) -> bool:
    """Whether a browser takes the value, as far as that is looked at here."""
    if name.startswith("--"):
        return True
    if "!" in value or not value:
        return False
    words = _WORDS.get(name)
    if words is None or "var(" in value or value in words or value in _ALIKE:
        return True
    return name == "display" and _DISPLAY_PARTS.issuperset(value.split())


def _written_out(name: str, value: str) -> Iterator[tuple[str, str]]:
    """The declaration itself, or those that a shorthand stands for."""
    if name in ("inset", "margin"):
        yield from zip(
            _SIDES if name == "inset" else [f"margin-{side}" for side in _SIDES],
            _of_sides(value.split()),
            strict=False,
        )
    elif name == "font":
        yield "font-size", _size_in_font(value)
    elif name == "background":
        yield "background-clip", "text" if "text" in value.split() else "border-box"
    elif name in ("inset-inline", "inset-block"):
        first, last = ("left", "right") if name == "inset-inline" else ("top", "bottom")
        words = value.split() or [""]
        yield first, words[0]
        yield last, words[-1]
    else:
        yield _NEW_NAMES.get(name, name), value


def _of_sides(words: list[str]) -> list[str]:
    """One to four values as those of top, right, bottom and left."""
    if not words:
        return []
    top = words[0]
    right = words[1] if len(words) > 1 else top
    return [top, right, words[2] if len(words) > 2 else top, words[3] if len(words) > 3 else right]


def _size_in_font(value: str) -> str:
    for word in value.split():
        if not _NO_SIZE.fullmatch(word):
            return word.partition("/")[0]
    return value
