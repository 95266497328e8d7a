"""The rules of a page's own `<style>` elements, with what stands around each told with it.

Rules within rules, `@scope`, `@layer` and `@media` are resolved here, so that each rule is one
list of selectors with what it declares and where it ranks. https://www.w3.org/TR/css-cascade-6/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qa.readers.css_syntax import (
    MAX_NESTED,
    Node,
    TooNested,
    block_of,
    rules_of_block,
    sheet_of,
    text_of,
)
from qa.readers.media import Holds, media_holds
from qa.readers.selector_parts import SelectorList
from qa.readers.selector_reading import SelectorReader
from qa.readers.style_scopes import UNSCOPED, Scope, inner_scope, within_scope
from qa.readers.style_values import Declared, declared_in

__all__ = ["Rule", "rules_of"]

_UNLAYERED = 1 << 30

Layer = tuple[int, ...]
"""The greater wins, for what is not important."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A list of selectors and what it declares."""

    selectors: SelectorList
    declared: Mapping[str, Declared]
    holds: Holds
    layer: Layer
    scoped: bool
    order: int
    prelude: Sequence[Node]
    """What stands before the block, for errors to tell."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds for what stands in a block of a style sheet."""

    holds: Holds
    selectors: SelectorList | None = None
    """Those of the style rule that the block is, or that it stands in."""
    scope: Scope = UNSCOPED
    layers: tuple[str, ...] = ()


def rules_of(tree: LexborHTMLParser) -> list[Rule]:
    """The rules of all style sheets in a page that count on a screen, in order.

    Raises TooNested.
    """
    sheets = _Sheets()
    for sheet in tree.css("style"):
        attributes = sheet.attributes
        kind = (attributes.get("type") or "text/css").strip().lower()
        holds = media_holds(attributes.get("media") or "")
        if kind == "text/css" and holds is not Holds.NEVER and not _without_scripts(sheet):
            sheets.read(sheet.text(), holds)
    return list(sheets.rules())


def _without_scripts(node: LexborNode) -> bool:
    """Whether an element stands in `noscript`, which counts where no script is run only."""
    outer = node.parent
    while outer is not None:
        if outer.tag == "noscript":
            return True
        outer = outer.parent
    return False


class _Sheets:
    """Reads one style sheet after the other."""

    def __init__(self) -> None:
        self._rules: list[tuple[Callable[..., Rule], tuple[str, ...]]] = []
        self._layers: dict[tuple[str, ...], int] = {}
        self._order = 0
        self._reader = SelectorReader()

    def rules(self) -> Iterator[Rule]:
        """What was read, now that the order of all layers is known."""
        return (rule(layer=self._rank(layers)) for rule, layers in self._rules)

    def _rank(self, layers: tuple[str, ...]) -> Layer:
        """What stands in a layer itself ranks before its inner layers, as unlayered rules do."""
        ranks = (self._layers[layers[: depth + 1]] for depth in range(len(layers)))
        return (*ranks, _UNLAYERED)

    def read(self, css: str, holds: Holds) -> None:
        """Reads a sheet. No depth of blocks is too great for Python. Raises TooNested."""
        opened = [(_runs(sheet_of(css)), _Around(holds), list[Node]())]
        while opened:
            nodes, around, prelude = opened[-1]
            node = next(nodes, None)
            if node is None:
                opened.pop()
            elif isinstance(node, list):
                self._declare(node, around, prelude)
            elif inner := self._within(node, around):
                content = rules_of_block if inner.selectors is None else block_of
                opened.append((_runs(content(node.content)), inner, node.prelude))

    def _within(self, node: Node, around: _Around) -> _Around | None:
        """What holds in the block of a rule; None where it has none that is read."""
        if node.type == "qualified-rule":
            relative = around.scope != UNSCOPED
            selectors = self._reader.read(node.prelude, around.selectors, relative=relative)
            return None if selectors is None else replace(around, selectors=selectors)
        if node.type != "at-rule":
            return None
        if node.content is not None:
            return self._within_at_rule(node, around)
        if node.lower_at_keyword == "layer":
            for name in text_of(node.prelude).split(","):
                self._layer(around.layers, name.strip())
        return None

    def _within_at_rule(self, rule: Node, around: _Around) -> _Around | None:
        match rule.lower_at_keyword:
            case "layer":
                layers = self._layer(around.layers, text_of(rule.prelude).strip())
                return replace(around, layers=layers)
            case "scope":
                scope = inner_scope(rule.prelude, around.scope, around.selectors, self._reader)
                return replace(around, scope=scope, selectors=None)
            case word:
                holds = min(around.holds, _condition(word, text_of(rule.prelude)))
                return None if holds is Holds.NEVER else replace(around, holds=holds)

    def _declare(self, run: list[Node], around: _Around, prelude: Sequence[Node]) -> None:
        """Notes declarations for what `around` names."""
        self._order += 1
        if around.selectors is not None and (found := declared_in(run)):
            rule = partial(
                Rule,
                selectors=within_scope(around.selectors, around.scope),
                declared=found,
                holds=around.holds,
                scoped=around.scope.root is not None,
                order=self._order,
                prelude=prelude,
            )
            self._rules.append((rule, around.layers))

    def _layer(self, outer: tuple[str, ...], name: str) -> tuple[str, ...]:
        for part in name.split(".") if name else [f" {len(self._layers)}"]:
            if len(outer) >= MAX_NESTED:
                raise TooNested(f"@layer {name}")
            outer = (*outer, part)
            self._layers.setdefault(outer, len(self._layers))
        return outer


def _runs(nodes: Sequence[Node]) -> Iterator[Node | list[Node]]:
    """What stands in a block. Declarations are told together, but those that follow a rule, which
    rank behind it, apart."""
    for declares, run in groupby(nodes, lambda one: one.type == "declaration"):
        if declares:
            yield list(run)
        else:
            yield from run


def _condition(word: str, rest: str) -> Holds:
    """For whom a block such as `@media` counts; never, where it holds no rules."""
    if word == "media":
        return media_holds(rest)
    if word == "supports":
        return Holds.SOMETIMES if re.match(r"\s*not\b", rest.lower()) else Holds.ALWAYS
    return Holds.SOMETIMES if word == "container" else Holds.NEVER
