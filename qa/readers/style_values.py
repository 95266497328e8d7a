"""The declarations of a style, as CSS reads them: which value of which name counts.

https://www.w3.org/TR/css-syntax-3/ has the grammar. Shorthands are written out as far as they can
hide text, and older names of a thing become its present one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Declared", "declarations", "declared", "unescaped"]

_NO_CODE = re.compile(
    r"/\*.*?(?:\*/|\Z)|\"(?:[^\"\\\n]|\\.)*(?:\"|\n|\Z)|'(?:[^'\\\n]|\\.)*(?:'|\n|\Z)"
    r"|\burl\((?:[^()\"'\\]|\\.)*+\)",
    re.DOTALL | re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})[ \t\n\r\f]?|\\([^\n])", re.IGNORECASE)
_IMPORTANT = "important"
_BRACKET_OR_END = re.compile(r"[()\[\]{};]")
_ONE_NUMBER = re.compile(r"calc\(([-+.\w%]+)\)")
_CLOSE = {"(": ")", "[": "]", "{": "}"}

_DISPLAYS_OF_NOW = (
    "none inline block inline-block flex inline-flex grid inline-grid table inline-table table-row"
    " table-cell table-caption table-row-group table-header-group table-footer-group table-column"
    " table-column-group list-item flow-root contents run-in ruby ruby-base ruby-text math"
    " -webkit-box -webkit-inline-box -webkit-flex -webkit-inline-flex"
)
_ALIKE = frozenset({"inherit", "initial", "unset", "revert", "revert-layer"})
_WORDS = {
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


def declared(style: str) -> dict[str, Declared]:
    """Names and the values that count of a style: the last one, or the last important one.

    Comments are passed over, escapes undone, and strings and addresses left empty. `all` stands
    before what it leaves as it is.
    """
    found: dict[str, Declared] = {}
    for part in _parts(_NO_CODE.sub(_without_content, style)):
        name, colon, value = part.partition(":")
        name = unescaped(name).strip().lower()
        if not colon or not name:
            continue
        value, important = _parted(unescaped(value).lower().strip())
        if name == "all":
            for earlier in [one for one in found if found[one].important <= important]:
                del found[earlier]
        for known, one in _written_out(name, _tidy(value)):
            before = found.get(known)
            now = Declared(one, important)
            if _can_be(known, one) and (now.important or before is None or not before.important):
                found[known] = now
    return found


def _parted(value: str) -> tuple[str, bool]:
    """A value without `!important`, and whether it had it."""
    before = value.removesuffix(_IMPORTANT).rstrip()
    important = before != value and before.endswith("!")
    return (before[:-1], True) if important else (value, False)


def unescaped(text: str) -> str:
    r"""Text of CSS without escapes: `displ\61y` is `display`. A sign that stands for itself only
    by its escape, and would else be code, becomes "_"."""
    return _ESCAPE.sub(_meant, text) if "\\" in text else text


def _meant(escape: re.Match[str]) -> str:
    number, itself = escape.groups()
    letter = chr(min(int(number, 16), 0x10FFFF)) if number else itself
    return letter if letter.isalnum() or letter in "-_" else "_"


def _without_content(found: re.Match[str]) -> str:
    text = found.group()
    return " " if text.startswith("/*") else '""' if text[0] in "\"'" else "url()"


def _parts(style: str) -> Iterator[str]:
    """Declarations, parted by semicolons that stand in no brackets."""
    if "(" not in style and "[" not in style and "{" not in style:
        yield from style.split(";")
        return
    open_brackets: list[str] = []
    begin = 0
    for sign in _BRACKET_OR_END.finditer(style):
        letter = sign.group()
        if letter in _CLOSE:
            open_brackets.append(_CLOSE[letter])
        elif open_brackets and letter == open_brackets[-1]:
            open_brackets.pop()
        elif letter == ";" and not open_brackets:
            yield style[begin : sign.start()]
            begin = sign.end()
    yield style[begin:]


def _tidy(value: str) -> str:
    value = " ".join(value.split())
    for sign in ("(", ",", "/"):
        value = value.replace(f"{sign} ", sign)
    for sign in (")", ",", "/"):
        value = value.replace(f" {sign}", sign)
    return _ONE_NUMBER.sub(r"\1", value)


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
