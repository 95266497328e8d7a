"""Texts that make a regular expression slow, worked out from the expression itself.

A backtracking matcher is slow where a repetition can match a text in many ways and what follows it
fails. So for each repetition of an expression these are made: what leads up to it, its body many
times over, and an ending that does not fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# The standard library's own parser of expressions; its names are stable since Python 3.11.
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

__all__ = ["GENERIC", "pumped", "pumps_of"]

GENERIC = (
    *" \n\t0aA.'\"([<-*_|#\\&`~=é,!:",
    *(" \n", "a ", "a.", "1.", "1 ", "a-", "a@"),
)
"""What is repeated whatever the expression is."""
_ENDINGS = ("", "\x00", "!", "a", "\n\x00")
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_CATEGORIES = {
    sre.CATEGORY_DIGIT: "0",
    sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_WORD: " ",
}
_TRIED = " a0A.,-'_\t\nzé\"(:;/@"


def pumps_of(pattern: re.Pattern[Any]) -> list[tuple[str, str, str]]:
    """Beginnings, what is to be repeated, and endings, for one expression; each once."""
    source = pattern.pattern
    text = source.decode("latin-1") if isinstance(source, bytes) else source
    tree = parser.parse(text, pattern.flags & ~re.DEBUG if isinstance(source, str) else re.ASCII)
    found: dict[tuple[str, str, str], None] = {}
    for before, body in _repeats(tree, ""):
        for pump in dict.fromkeys(_witnesses(body)):
            if pump:
                for start in dict.fromkeys((before, "")):
                    for ending in _ENDINGS:
                        found[start, pump, ending] = None
    return list(found)


def pumped(pump: tuple[str, str, str], length: int) -> str:
    """The text of about that many characters."""
    start, body, ending = pump
    return start + body * max(1, (length - len(start)) // len(body)) + ending


def _repeats(tree: Any, before: str) -> Iterator[tuple[str, Any]]:
    """Each repetition that is not of a few times only, with what leads up to it."""
    for op, value in tree:
        if op in _REPEATS:
            least, most, body = value
            if most > 8:
                yield before, body
            yield from _repeats(body, before)
            before += _witness(body) * least
        elif op is sre.SUBPATTERN:
            yield from _repeats(value[3], before)
            before += _witness(value[3])
        elif op is sre.ATOMIC_GROUP:
            yield from _repeats(value, before)
            before += _witness(value)
        elif op is sre.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, before)
            before += _witness(value[1][0])
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _repeats(value[1], before)
        elif op is sre.GROUPREF_EXISTS:
            for branch in value[1:]:
                if branch is not None:
                    yield from _repeats(branch, before)
        else:
            before += _one(op, value)


def _witnesses(tree: Any) -> Iterator[str]:
    """Some texts that the tree matches: the first way, and each way of its first branches."""
    yield _witness(tree)
    for op, value in tree:
        inner = value[3] if op is sre.SUBPATTERN else tree if op is sre.BRANCH else None
        if inner is None:
            continue
        for inner_op, inner_value in inner:
            if inner_op is sre.BRANCH:
                yield from (_witness(branch) for branch in inner_value[1][:6])
    if len(tree) == 1 and tree[0][0] is sre.IN:
        yield from (one for one in " a0.\n-" if _is_in(one, tree[0][1]))


def _witness(tree: Any) -> str:
    return "".join(_one(op, value) for op, value in tree)


def _one(op: Any, value: Any) -> str:
    if op is sre.LITERAL:
        return chr(value)
    if op is sre.NOT_LITERAL:
        return next(one for one in _TRIED if ord(one) != value)
    if op is sre.ANY:
        return "a"
    if op is sre.IN:
        return next((one for one in _TRIED if _is_in(one, value)), _first_of(value))
    if op is sre.CATEGORY:
        return _CATEGORIES[value]
    if op in _REPEATS:
        return _witness(value[2]) * max(value[0], 1 if value[1] else 0)
    if op is sre.SUBPATTERN:
        return _witness(value[3])
    if op is sre.ATOMIC_GROUP:
        return _witness(value)
    if op is sre.BRANCH:
        return _witness(value[1][0])
    return ""


def _first_of(items: Any) -> str:
    for op, value in items:
        if op is sre.LITERAL:
            return chr(value)
        if op is sre.RANGE:
            return chr(value[0])
        if op is sre.CATEGORY:
            return _CATEGORIES[value]
    return "\x01"


def _is_in(character: str, items: Any) -> bool:
    negated, code, found = False, ord(character), False
    for op, value in items:
        if op is sre.NEGATE:
            negated = True
        elif op is sre.LITERAL:
            found |= code == value
        elif op is sre.RANGE:
            found |= value[0] <= code <= value[1]
        elif op is sre.CATEGORY:
            found |= _in_category(character, value)
    return found != negated


def _in_category(character: str, category: Any) -> bool:
    word = character.isalnum() or character == "_"
    return {
        sre.CATEGORY_DIGIT: character.isdecimal(),
        sre.CATEGORY_NOT_DIGIT: not character.isdecimal(),
        sre.CATEGORY_SPACE: character.isspace(),
        sre.CATEGORY_NOT_SPACE: not character.isspace(),
        sre.CATEGORY_WORD: word,
        sre.CATEGORY_NOT_WORD: not word,
    }[category]
