"""What `@scope (root) to (limit)` does to the selectors of the rules in it.

https://www.w3.org/TR/css-cascade-6/#scoped-styles
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.readers.css_syntax import MAX_NESTED, Node, TooNested, significant, text_of
from qa.readers.selector_parts import (
    Compound,
    Group,
    Kind,
    Named,
    Selector,
    SelectorList,
    Simple,
    Unknown,
    list_of,
    selector_of,
)
from qa.readers.selector_reading import SelectorReader

__all__ = ["UNSCOPED", "Scope", "inner_scope", "within_scope"]

_ANY = Named(Kind.TAG, "*")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which elements the rules in a block can name."""

    root: Simple | None = None
    """What each of them stands in."""
    limits: Compound = ()
    """What each of them is, so that none stands beyond a limit."""


UNSCOPED = Scope()


def within_scope(selectors: SelectorList, scope: Scope) -> SelectorList:
    """A list that names of what `selectors` name the elements within a scope only."""
    if scope == UNSCOPED:
        return selectors
    return list_of(*(_within(one, scope) for one in selectors.selectors))


def _within(selector: Selector, scope: Scope) -> Selector:
    *steps, (combinator, last) = selector.steps
    root = () if scope.root is None else ((" ", (scope.root,)),)
    return selector_of(*root, *steps, (combinator, (*last, *scope.limits)))


def inner_scope(
    prelude: Sequence[Node], outer: Scope, around: SelectorList | None, reader: SelectorReader
) -> Scope:
    """The scope that what stands behind `@scope` makes within another one; it adds no rank.

    `around` are the selectors of the rule that it stands in. Raises TooNested.
    """
    tokens = significant(prelude)
    not_understood = Scope(Unknown(), outer.limits)
    if not tokens or tokens[0].type != "() block":
        # It begins at what the `style` element itself stands in.
        return not_understood
    root = reader.read(tokens.pop(0).content, around)
    if root is None:
        return not_understood
    inner = _inside(outer.root, root)
    if not tokens:
        return Scope(inner, outer.limits)
    if len(outer.limits) > MAX_NESTED:
        raise TooNested(text_of(prelude))
    limit = None
    if len(tokens) == 2 and _is_to(tokens[0]) and tokens[1].type == "() block":
        limit = reader.read(tokens[1].content, None, relative=True)
    if limit is None:
        return not_understood
    ends = [selector_of((" ", (inner,)), *one.steps) for one in limit.selectors]
    behind = [selector_of(*one.steps, (" ", (_ANY,))) for one in ends]
    before = selector_of((" ", (Group("not", list_of(*ends, *behind)),)))
    return Scope(inner, (*outer.limits, Group("where", list_of(before))))


def _inside(outer: Simple | None, root: SelectorList) -> Simple:
    start = () if outer is None else ((" ", (outer,)),)
    return Group("where", list_of(selector_of(*start, (" ", (Group("is", root),)))))


def _is_to(token: Node) -> bool:
    return bool(token.type == "ident" and token.value.lower() == "to")
