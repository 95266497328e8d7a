"""The rules of a page's own `<style>` elements, with what stands around each written into it.

Rules within rules, `@scope`, `@layer` and `@media` are resolved here, so that each rule is one
selector with what it declares and where it ranks. https://www.w3.org/TR/css-cascade-6/
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qa.readers.media import Holds, media_holds
from qa.readers.selector_text import split_list
from qa.readers.style_values import Declared, declared

__all__ = ["Rule", "TooNested", "rules_of"]

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_BRACE = re.compile(r"(?<!\\)[{}]")
_AND = re.compile(r"&")
_RELATIVE = re.compile(r"\s*[>+~]")
_BRACKET = re.compile(r"[()]")
_NOT_UNDERSTOOD = ":not-understood"
_MAX_SELECTOR = 5_000
"""Letters of a selector with those around it written into it; people write some hundred."""
_MAX_LETTERS = 20_000_000
"""Letters of all selectors of a page, written out."""
_MAX_LAYERS = 50
"""Layers within each other; people write two."""
_UNLAYERED = 1 << 30

Layer = tuple[int, ...]
"""The greater wins, for what is not important."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A list of selectors and what it declares."""

    selectors: str
    declared: dict[str, Declared]
    holds: Holds
    layer: Layer
    scoped: bool
    order: int


class TooNested(Exception):
    """Rules within rules beyond what people write; says which."""


@dataclass(slots=True)
class _Frame:
    """A block of a style sheet that is open."""

    selectors: str | None
    """Those of the style rule that it is, or that it stands in."""
    root: str = ""
    """Selectors of what each element that is named in it stands in, by `@scope`."""
    limits: str = ""
    """What is added to each selector in it, so that it names nothing beyond a scope's limit."""
    holds: Holds = Holds.ALWAYS
    layers: tuple[str, ...] = ()
    order: int = 0
    text: list[str] = field(default_factory=list)


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
    return sheets.rules()


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
        self._rules: list[tuple[_Frame, dict[str, Declared]]] = []
        self._layers: dict[tuple[str, ...], int] = {}
        self._order = 0
        self._letters = 0

    def rules(self) -> list[Rule]:
        return [
            Rule(
                selectors=frame.selectors or "",
                declared=found,
                holds=frame.holds,
                layer=self._rank(frame.layers),
                scoped=bool(frame.root),
                order=frame.order,
            )
            for frame, found in self._rules
        ]

    def _rank(self, layers: tuple[str, ...]) -> Layer:
        """What stands in a layer itself ranks before its inner layers, as unlayered rules do."""
        ranks = (self._layers[layers[: depth + 1]] for depth in range(len(layers)))
        return (*ranks, _UNLAYERED)

    def read(self, css: str, holds: Holds) -> None:
        css = _COMMENT.sub(" ", css)
        css = _STRING.sub(lambda m: '""' if re.search(r"[{};]", m.group()) else m.group(), css)
        stack = [_Frame(None, holds=holds)]
        at = 0
        for brace in _BRACE.finditer(css):
            before = css[at : brace.start()]
            if brace.group() == "{":
                own, _, prelude = before.rpartition(";")
                stack[-1].text.append(own)
                self._statements(own, stack[-1])
                stack.append(self._open(prelude.strip(), stack[-1]))
            elif len(stack) > 1:
                stack[-1].text.append(before)
                self._close(stack.pop())
            else:
                # One that closes nothing belongs to the selector behind it, and spoils it.
                continue
            at = brace.end()
        # A browser closes at the end what was left open.
        stack[-1].text.append(css[at:])
        while len(stack) > 1:
            self._close(stack.pop())

    def _statements(self, text: str, frame: _Frame) -> None:
        """Notes the order of layers that `@layer a, b;` gives."""
        for statement in text.split(";"):
            word, _, names = statement.strip().partition(" ")
            if word.lower() == "@layer":
                for name in names.split(","):
                    self._layer(frame.layers, name.strip())

    def _layer(self, outer: tuple[str, ...], name: str) -> tuple[str, ...]:
        for part in name.split(".") if name else [f" {len(self._layers)}"]:
            outer = (*outer, part)
            self._layers.setdefault(outer, len(self._layers))
        return outer

    def _open(self, prelude: str, outer: _Frame) -> _Frame:
        self._order += 1
        if outer.holds is Holds.NEVER:
            return _Frame(None, holds=Holds.NEVER)
        inner = _Frame(
            outer.selectors, outer.root, outer.limits, outer.holds, outer.layers, self._order
        )
        if not prelude.startswith("@"):
            inner.selectors = _within(prelude, outer.selectors) if outer.selectors else prelude
            self._letters += len(inner.selectors)
            too_long = len(inner.selectors) > _MAX_SELECTOR and outer.selectors
            if too_long or self._letters > _MAX_LETTERS:
                raise TooNested(prelude)
            return inner
        word, rest = re.match(r"@([-\w]*)(.*)", prelude, re.DOTALL).groups()  # type: ignore[union-attr]
        word = word.lower()
        if word == "layer":
            inner.layers = self._layer(outer.layers, rest.strip())
            if len(inner.layers) > _MAX_LAYERS:
                raise TooNested(prelude)
        elif word == "scope":
            inner.root, inner.limits = _scoped(rest, outer)
            inner.selectors = None
            if len(inner.root + inner.limits) > _MAX_SELECTOR:
                raise TooNested(prelude)
        else:
            inner.holds = min(outer.holds, _condition(word, rest))
        return inner

    def _close(self, frame: _Frame) -> None:
        if frame.selectors is None or frame.holds is Holds.NEVER:
            return
        if found := declared(";".join(frame.text)):
            if frame.root or frame.limits:
                frame.selectors = ",".join(
                    f"{frame.root} {one}{frame.limits}" for one in split_list(frame.selectors)
                )
            self._rules.append((frame, found))


def _condition(word: str, rest: str) -> Holds:
    """For whom a block such as `@media` counts; one of a kind that holds no rules never does."""
    if word == "media":
        return media_holds(rest)
    if word == "supports":
        return Holds.SOMETIMES if re.match(r"\s*not\b", rest.lower()) else Holds.ALWAYS
    return Holds.SOMETIMES if word == "container" else Holds.NEVER


def _within(selectors: str, outer: str) -> str:
    """The selectors of a rule within another one; `&` is what the outer one names."""
    around = f":is({outer})"
    found: list[str] = []
    for one in split_list(selectors):
        if _RELATIVE.match(one) or "&" not in one:
            found.append(f"{around} {one}" if "&" not in one else around + one)
        else:
            found.append(_and(one, around))
    return ",".join(found)


def _and(selector: str, around: str) -> str:
    return _AND.sub(lambda _: around, selector)


def _scoped(rest: str, outer: _Frame) -> tuple[str, str]:
    """What elements within `@scope (root) to (limit)` stand in and may not be; without rank."""
    own, limit = _root_and_limit(rest.strip())
    if limit is None:
        return _NOT_UNDERSTOOD, outer.limits
    root = own or outer.selectors
    if own and outer.selectors:
        root = _within(own, outer.selectors)
    within = f":where({outer.root} :is({root}))".replace("( ", "(") if root else outer.root
    if not limit:
        return within, outer.limits
    beyond = f":where({within} :is({limit}))"
    return within, f"{outer.limits}:where(:not({beyond},{beyond} *))"


def _root_and_limit(rest: str) -> tuple[str, str | None]:
    """What stands in the brackets of `(root) to (limit)`, empty where they are left out; None for
    the limit of what is nothing of the kind."""
    root, end = _bracketed(rest)
    rest = rest[end:].strip()
    if not rest:
        return root, ""
    limit = rest.removeprefix("to").lstrip()
    inside, end = _bracketed(limit)
    return root, inside if end == len(limit) and rest.startswith("to") else None


def _bracketed(text: str) -> tuple[str, int]:
    """What stands in the bracket that a text begins with, and where that ends; nothing and 0 where
    there is none."""
    depth = 0
    for bracket in _BRACKET.finditer(text) if text.startswith("(") else ():
        depth += 1 if bracket[0] == "(" else -1
        if not depth:
            return text[1 : bracket.start()], bracket.end()
    return "", 0
