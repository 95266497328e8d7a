"""The marks in front of list items: bullets, and numbers as a page counts them."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

__all__ = ["BULLET", "Lists", "word_marker"]

BULLET = "\u2022 "
_INDENT = "  "
_MAX_INDENTS = 20
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_WORD_MARKER = re.compile(
    r"(?P<bullet>[\u00b7\u2022\u00a7\u00fc\u00d8o\u25aa\u25cf\uf0a7\uf0b7\uf0fc-])[\s\u00a0]+(?=\S)"
    r"|(?P<number>\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])[\s\u00a0]+(?=\S)"
)


class Lists:
    """The lists that are open at a place, and the mark that the next text there gets."""

    def __init__(self) -> None:
        self._open: list[tuple[str, int, int]] = []
        """For each its kind ("" for bullets), its next number, and the step to the one after."""
        self._marker = ""

    def __bool__(self) -> bool:
        return bool(self._open)

    def open(self, node: LexborNode) -> None:
        """Enters a list."""
        self._marker = ""
        if node.tag != "ol":
            self._open.append(("", 0, 0))
            return
        attributes = node.attributes
        backwards = "reversed" in attributes
        first = _whole(attributes.get("start"))
        if first is None:
            first = sum(child.tag == "li" for child in node.iter()) if backwards else 1
        self._open.append((attributes.get("type") or "1", first, -1 if backwards else 1))

    def close(self) -> None:
        """Leaves a list."""
        self._open.pop()
        self._marker = ""

    def item(self, node: LexborNode) -> None:
        """Enters an item; one that stands in no list gets a bullet."""
        kind, number, step = self._open[-1] if self._open else ("", 0, 0)
        if not kind:
            self._marker = BULLET
            return
        value = _whole(node.attributes.get("value"))
        number = number if value is None else value
        self._marker = f"{_written(number, kind)}. "
        self._open[-1] = (kind, number + step, step)

    def take_marker(self) -> str:
        """What is put before the next text: once the mark, with two blanks for each outer list."""
        if not self._marker:
            return ""
        marker = _INDENT * min(len(self._open) - 1, _MAX_INDENTS) + self._marker
        self._marker = ""
        return marker


def word_marker(text: str) -> tuple[str, int]:
    """The mark that Word wrote into the text of a list item, and where the item's words begin."""
    found = _WORD_MARKER.match(text)
    if not found:
        return "", 0
    return BULLET if found["bullet"] else f"{found['number']} ", found.end()


def _whole(written: str | None) -> int | None:
    written = (written or "").strip()
    return int(written) if re.fullmatch(r"-?[0-9]{1,9}", written) else None


def _written(number: int, kind: str) -> str:
    """A number as `type` of an ordered list asks for it."""
    if kind in "aA" and number > 0:
        letters = ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("a") + rest) + letters
        return letters if kind == "a" else letters.upper()
    if kind in "iI" and 0 < number < 4000:
        roman = ""
        for value, letters in _ROMAN:
            times, number = divmod(number, value)
            roman += letters * times
        return roman if kind == "i" else roman.upper()
    return str(number)
