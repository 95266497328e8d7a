"""Selectors as text: where their lists, their compounds and their brackets end."""

from __future__ import annotations

import re

from qa.readers.sibling_places import SIBLING_CLASSES

__all__ = [
    "GROUPS",
    "PASSING",
    "closing_bracket",
    "compounds_of",
    "is_pointed",
    "is_understood",
    "plain_name",
    "split_list",
]

_COMBINATOR = re.compile(r"\s*([>+~])\s*|\s+")
_ESCAPE = re.compile(r"\\(?:[0-9a-fA-F]{1,6}\s?|.)")
_PASSING_CLASSES = (
    "hover focus focus-within focus-visible active visited target target-within checked"
    " indeterminate valid invalid user-valid user-invalid in-range out-of-range placeholder-shown"
    " autofill default fullscreen modal open popover-open playing paused current past future"
    " before after first-line first-letter selection host host-context"
)
PASSING = frozenset(_PASSING_CLASSES.split())
"""States that come and go, and what is no element. A rule for them says nothing of the page as it
opens; unless it has the pointer or the focus, though, is always."""
GROUPS = frozenset({"is", "where", "matches", "-webkit-any", "-moz-any", "not", "has"})
_PSEUDO = re.compile(r"(?<![:\\]):([-\w]+)")
_KNOWN = (
    PASSING
    | GROUPS
    | SIBLING_CLASSES
    | {
        *("root", "empty", "link", "any-link", "lang", "dir", "scope", "defined"),
        *("enabled", "disabled", "required", "optional", "read-only", "read-write"),
    }
)
_POINTED = frozenset(
    {"hover", "focus", "focus-within", "focus-visible", "active", "visited", "target-within"}
)


def split_list(selectors: str) -> list[str]:
    """The selectors of a list, parted at commas that stand in no brackets."""
    found, depth, begin, escaped = [], 0, 0, False
    for place, letter in enumerate(selectors):
        if escaped or letter == "\\":
            escaped = not escaped
            continue
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and not depth:
            found.append(selectors[begin:place])
            begin = place + 1
    return [part.strip() for part in (*found, selectors[begin:]) if part.strip()]


def compounds_of(selector: str) -> list[tuple[str, str]]:
    """The compounds of a selector, each with the combinator before it."""
    found: list[tuple[str, str]] = []
    combinator, begin, at, depth = " ", 0, 0, 0
    while at < len(selector):
        letter = selector[at]
        if letter == "\\":
            escape = _ESCAPE.match(selector, at)
            at = escape.end() if escape else at + 1
            continue
        depth += (letter in "([") - (letter in ")]")
        between = _COMBINATOR.match(selector, at) if not depth else None
        if between is None:
            at += 1
            continue
        if selector[begin:at].strip():
            found.append((combinator, selector[begin:at]))
        combinator = between[1] or " "
        begin = at = between.end()
    if selector[begin:].strip():
        found.append((combinator, selector[begin:]))
    return found


def closing_bracket(text: str, at: int) -> int:
    """The place of the bracket that closes the one at `at`, or the end of the text."""
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if not depth:
            return place
    return len(text)


def is_understood(selectors: str) -> bool:
    """Whether all pseudo-classes of a list are ones that browsers know. Else they pass over it."""
    return all(name.lower() in _KNOWN for name in _PSEUDO.findall(selectors))


def is_pointed(inside: str) -> bool:
    """Whether only elements under the pointer or with the focus are meant."""
    names = [one.strip().removeprefix(":").lower() for one in split_list(inside)]
    return bool(names) and all(name in _POINTED for name in names)


def plain_name(text: str) -> str:
    if "\\" not in text:
        return text
    return re.sub(
        r"\\(?:([0-9a-fA-F]{1,6})[ \t\n]?|(.))",
        lambda found: chr(min(int(found[1], 16), 0x10FFFF)) if found[1] else found[2],
        text,
    )
