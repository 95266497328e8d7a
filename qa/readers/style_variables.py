"""What a value can be that refers to custom properties, as `display: var(--shown)` does."""

from __future__ import annotations

from collections.abc import Mapping, Set

__all__ = ["with_variables"]

_MAX_VALUES = 16
"""A page that gives a custom property more values than this is about colours and sizes."""
_MAX_DEPTH = 8


def with_variables(value: str, known: Mapping[str, Set[str]], depth: int = 0) -> frozenset[str]:
    """The values that `value` can have where `known` holds what custom properties are set to.

    Only which values there are is worked out, not where each counts. One that a browser could not
    make sense of is "unset". At most 16 are given, of at most 8 references within each other.
    """
    before, reference, rest = value.partition("var(")
    if not reference:
        return frozenset({value})
    inside, after = _within_brackets(rest)
    name, comma, instead = inside.partition(",")
    choices = set(known.get(name.strip(), ())) or ({instead.strip()} if comma else set())
    if not choices or depth > _MAX_DEPTH:
        return frozenset({"unset"})
    found: set[str] = set()
    for choice in sorted(choices)[:_MAX_VALUES]:
        found |= with_variables(f"{before}{choice}{after}".strip(), known, depth + 1)
    return frozenset(sorted(found)[:_MAX_VALUES])


def _within_brackets(text: str) -> tuple[str, str]:
    """What stands before the bracket that closes, and what behind it."""
    depth = 1
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if not depth:
            return text[:place], text[place + 1 :]
    return text, ""
