"""Word's fields: codes whose results are text, and those that Word draws without a result."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile

from qa.readers.counting import whole
from qa.readers.docx_package import W, is_on, value
from qa.readers.symbols import UNKNOWN, symbol
from qa.readers.xml import Element

__all__ = ["Fields"]

_FRACTION = re.compile(r"\s*EQ\s+\\f\s*\(([^(),;\\]+)[,;]([^(),;\\]+)\)\s*", re.I)
_SYMBOL = re.compile(r"\s*SYMBOL\s+(\d{1,6})\b(?:.*?\\f\s*\"?([\w ]+?)\"?(?:\s|$))?.*", re.I | re.S)


@dataclass(slots=True)
class _Field:
    code: list[str] = field(default_factory=list)
    has_result: bool = False


class Fields:
    """The fields that are open; a field may begin in one paragraph and end in another."""

    def __init__(self) -> None:
        self._open: list[_Field] = []

    @property
    def shown(self) -> bool:
        """Whether text that comes now is shown: it is not within any field's code."""
        return all(one.has_result for one in self._open)

    def mark(self, mark: Element) -> str:
        """Takes in a field's beginning, middle or end; gives what it shows without a result."""
        match mark.get(f"{W}fldCharType"):
            case "begin":
                drawn = _form_field(mark) if self.shown else ""
                self._open.append(_Field())
                return drawn
            case "separate" if self._open:
                self._open[-1].has_result = True
            case "end" if self._open:
                ended = self._open.pop()
                if self.shown and not ended.has_result:
                    return _drawn("".join(ended.code))
        return ""

    def code(self, text: str) -> None:
        """Takes in a piece of the innermost field's code."""
        if self._open and not self._open[-1].has_result:
            self._open[-1].code.append(text)

    def end_paragraph(self) -> None:
        """Ends codes without a result, lest a damaged one hide all that follows."""
        self._open = list(takewhile(lambda one: one.has_result, self._open))


def _drawn(code: str) -> str:
    """What Word draws for a code itself: a formula or a sign. Other codes show nothing."""
    words = code.split(maxsplit=1)
    kind = words[0].upper() if words else ""
    if kind == "EQ":
        fraction = _FRACTION.fullmatch(code)
        above, below = (part.strip() for part in fraction.groups()) if fraction else ("", "")
        return f"{above}/{below}" if above and below else UNKNOWN
    if kind == "SYMBOL":
        found = _SYMBOL.fullmatch(code)
        return symbol(int(found.group(1)), found.group(2) or "Symbol") if found else UNKNOWN
    return ""


def _form_field(mark: Element) -> str:
    """What an old form field shows by itself: a box, ticked or not, or the chosen entry."""
    box = mark.find(f"{W}ffData/{W}checkBox")
    if box is not None:
        checked = is_on(box, "checked")
        return "☒" if (is_on(box, "default") if checked is None else checked) else "☐"
    choices = mark.find(f"{W}ffData/{W}ddList")
    if choices is None:
        return ""
    entries = [str(one.get(f"{W}val", "")) for one in choices.iterfind(f"{W}listEntry")]
    chosen = whole(value(choices, "result")) or whole(value(choices, "default")) or 0
    return entries[chosen] if chosen < len(entries) else ""
