"""What a value can be that refers to custom properties, as `display: var(--shown)` does."""

from __future__ import annotations

from collections.abc import Mapping, Set

__all__ = ["with_variables"]

_MAX_VALUES = 16
"""A page that gives a custom property more values than this is about colours and sizes."""
_MAX_DEPTH = 8
_MAX_TRIED = 200
"""Values tried for one declaration; those of style sheets that people write need ten."""
_MAX_LETTERS = 1_000
"""No value that hides is longer."""


def with_variables(value: str, known: Mapping[str, Set[str]]) -> frozenset[str]:
    """The values that `value` can have where `known` holds what custom properties are set to.

    Only which values there are is worked out, not where each counts. One that a browser could not
    make sense of, or that would take too long, is "unset"; of one property 16 are tried, of
    references within each other 8, and of all 200.
    """
    found: set[str] = set()
    todo = [(value, 0)]
    tried = 0
    while todo and tried < _MAX_TRIED:
        one, depth = todo.pop()
        tried += 1
        before, reference, rest = one.partition("var(")
        if not reference:
            found.add(one)
            continue
        inside, after = _within_brackets(rest)
        name, comma, instead = inside.partition(",")
        choices = set(known.get(name.strip(), ())) or ({instead} if comma else set())
        tidy = [f"{before}{choice.strip()}{after}".strip() for choice in sorted(choices)]
        usable = [new for new in tidy[:_MAX_VALUES] if len(new) <= _MAX_LETTERS]
        if depth >= _MAX_DEPTH or not usable:
            found.add("unset")
        else:
            todo += [(new, depth + 1) for new in usable]
    return frozenset(found | {"unset"} if todo else found)


def _within_brackets(text: str) -> tuple[str, str]:
    """What stands before the bracket that closes, and what behind it."""
    depth = 1
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if not depth:
            return text[:place], text[place + 1 :]
    return text, ""
