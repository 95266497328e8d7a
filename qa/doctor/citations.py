"""Citations without a reference, and references that nothing cites.

A citation is written "(R12)", "[12]" or as a raised number. What counts as a reference is a line
of a section headed "References" that begins with such a label: "R12:", "[12]" or "12.".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.chunking import is_reference_list
from qa.doctor.examined import Examined
from qa.doctor.finding import Area, Finding, Severity

__all__ = ["citations"]

_LABEL = re.compile(r"^[ \t\u2022*-]*\[?([A-Z]{0,3}\d{1,3})(?:[\].:)]|[ \t])", re.MULTILINE)
_LETTERED = re.compile(r"\(([A-Z]{1,3}\d{1,3}(?:\s*[,;\u2013-]\s*(?:[A-Z]{1,3})?\d{1,3})*)\)")
_BRACKETED = re.compile(r"\[((?:[A-Z]{1,3})?\d{1,3}(?:\s*[,;\u2013-]\s*(?:[A-Z]{1,3})?\d{1,3})*)\]")
_RAISED = re.compile(r"(?<=[\w.,;)])([\u00b9\u00b2\u00b3\u2070-\u2079]{1,3})(?![\w\u207b])")
_UNIT_BEFORE = re.compile(r"(?:\b(?:k|c|m|d|\u00b5)?m|\bkg|\bft|\bin)\Z")
"""A raised number behind a unit of length is its power: cm², kg/m²."""
_PART = re.compile(r"([A-Z]{0,3})(\d{1,3})|([\u2013-])")
_DIGITS = str.maketrans(
    "\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079", "1230456789"
)
_MEANT = frozenset({"R", "REF"})
"""Letters that mean a reference even where there is no list of them; "(B12)" is a vitamin."""


def citations(examined: Examined) -> Iterator[Finding]:
    """What is cited and not listed, in order, then what is listed and not cited."""
    listed = _listed(examined)
    cited: dict[str, tuple[int, int]] = {}
    for sentence in examined.sentences:
        text = examined.document.text[sentence.start : sentence.end]
        for label in _cited_in(text, frozenset(listed)):
            cited.setdefault(label, (sentence.start, sentence.end))
    missing = [label for label in cited if label not in listed]
    if missing and not listed:
        yield Finding(
            Severity.WARNING,
            Area.TEXT,
            "no_references",
            (examined.place(*cited[missing[0]]),),
            f"The document cites {_counted(missing)} but has no section “References” that says "
            "what they are.",
            "Add a section headed “References” with a line for each, or take the citations out.",
        )
        return
    for label in missing:
        yield Finding(
            Severity.WARNING,
            Area.TEXT,
            "missing_reference",
            (examined.place(*cited[label]),),
            f"“{label}” is cited, and no reference has that label.",
            "Add the reference, or correct the label in the sentence.",
        )
    # A list that nothing cites by number is a list for further reading.
    unused = [label for label in listed if label not in cited] if cited else []
    for label in unused:
        yield Finding(
            Severity.HINT,
            Area.TEXT,
            "unused_reference",
            (examined.place(*listed[label]),),
            f"Nothing cites the reference {label}.",
            "Cite it where it belongs, or delete it.",
        )


def _listed(examined: Examined) -> dict[str, tuple[int, int]]:
    """The labels of the lists of references, and where each stands."""
    found: dict[str, tuple[int, int]] = {}
    document = examined.document
    for section in document.sections:
        if is_reference_list(section.heading):
            text = document.text[section.start : section.end]
            for label in _LABEL.finditer(text):
                line_end = text.find("\n", label.start(1))
                end = section.start + (line_end if line_end >= 0 else len(text))
                found.setdefault(label[1], (section.start + label.start(1), end))
    return found


def _cited_in(text: str, listed: frozenset[str]) -> Iterator[str]:
    """The labels that a sentence cites, a range as each of its members."""
    letters = {label.rstrip("0123456789") for label in listed} - {""} or _MEANT
    for found in (*_LETTERED.finditer(text), *_BRACKETED.finditer(text)):
        yield from (label for label in _members(found[1]) if _is_citation(label, letters))
    if listed:
        for found in _RAISED.finditer(text):
            if not _UNIT_BEFORE.search(text, 0, found.start()):
                yield found[1].translate(_DIGITS)


def _is_citation(label: str, letters: set[str] | frozenset[str]) -> bool:
    return label.rstrip("0123456789") in {"", *letters}


def _members(written: str) -> Iterator[str]:
    """ "R1, R3-5" → R1, R3, R4, R5."""
    letters, last, is_range = "", 0, False
    for part in _PART.finditer(written):
        if part[3]:
            is_range = True
            continue
        letters, number = part[1] or letters, int(part[2])
        first = last + 1 if is_range and last < number <= last + 50 else number
        yield from (f"{letters}{n}" for n in range(first, number + 1))
        last, is_range = number, False


def _counted(labels: list[str]) -> str:
    shown = ", ".join(f"“{label}”" for label in labels[:4])
    return shown + (f" and {len(labels) - 4} more" if len(labels) > 4 else "")
