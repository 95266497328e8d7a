"""Selectors of style sheets, from tokens to lists of what each of their parts asks for.

tinycss2 has no selectors. The parser of cssselect2 calls itself for each part of `a a a ...`, of
which 2,000 are too many for Python, knows no `&` and refuses `::-webkit-...`.
https://www.w3.org/TR/selectors-4/ has the grammar.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.readers.css_syntax import MAX_NESTED, Node, TooNested, flat, parted, significant, text_of
from qa.readers.selector_parts import (
    GROUPS,
    OLD_PARTS,
    Attribute,
    Compound,
    Group,
    Kind,
    Named,
    Part,
    Pseudo,
    Selector,
    SelectorList,
    Simple,
    Unknown,
    list_of,
    selector_of,
)

__all__ = ["SelectorReader"]

_COMBINATORS = (">", "+", "~")
_FORGIVING = GROUPS - {"not", "has"}
"""Groups that pass over what is malformed in them, instead of the whole rule."""
_SIGNS = ("=", "~=", "|=", "^=", "$=", "*=")
_PAGE = Group("where", list_of(selector_of((" ", (Pseudo("root"),)))))
"""What `&` means in no other rule: the page's outermost element, which adds no rank."""


class _Malformed(Exception):
    """What no browser takes for a selector."""


class SelectorReader:
    """Reads the selectors of one page; of equal lists in brackets there is one only."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, ...], SelectorList] = {}

    def read(
        self, tokens: Sequence[Node], around: SelectorList | None, *, relative: bool = False
    ) -> SelectorList | None:
        """The list that stands before a block; None where a browser passes over the whole rule.

        `around` are the selectors of the rule that it stands in, which `&` means. A list that is
        `relative` can begin with a combinator also where it stands in none. Raises TooNested.
        """
        try:
            return _Reading(self._read, around, relative=relative).whole(_uncommented(tokens))
        except _Malformed:
            return None


class _Reading:
    """Reads one list."""

    def __init__(
        self,
        read: dict[tuple[str, ...], SelectorList],
        around: SelectorList | None,
        *,
        relative: bool,
    ) -> None:
        self._read = read
        self._relative = relative or around is not None
        self._nested = None if around is None else Group("is", around)
        self._scope = Unknown() if relative else _PAGE
        """What `&` means in no rule; what a scope begins at is not told here."""
        self._refers = 0
        """How often `&` was read."""

    def whole(self, tokens: Sequence[Node]) -> SelectorList:
        return list_of(*(self._outermost(one) for one in parted(tokens, ",")))

    def _outermost(self, tokens: list[Node]) -> Selector:
        """A selector as it stands before a block: within another rule it is relative to that."""
        before = self._refers
        selector = self._selector(tokens, 0, relative=self._relative)
        relative = selector.steps[0][0] in _COMBINATORS
        if self._nested and (relative or self._refers == before):
            return selector_of((" ", (self._nested,)), *selector.steps)
        return selector

    def _selector(self, tokens: list[Node], depth: int, *, relative: bool) -> Selector:
        steps = _steps(tokens)
        if steps[0][0] in _COMBINATORS and not relative:
            raise _Malformed
        compounds = [self._compound(one, depth) for _, one in steps]
        if any(isinstance(simple, Part) for compound in compounds[:-1] for simple in compound):
            raise _Malformed
        return selector_of(*((sign, one) for (sign, _), one in zip(steps, compounds, strict=True)))

    def _compound(self, tokens: list[Node], depth: int) -> Compound:
        found: list[Simple] = []
        todo, one = list(reversed(tokens)), None
        while todo:
            before, one = one, todo.pop()
            if found and isinstance(found[-1], Part) and one != ":":
                raise _Malformed
            if (one.type == "ident" or one == "*") and (not found or before == "|"):
                found.append(Named(Kind.TAG, one.value.lower()))
            elif one.type == "hash" and one.is_identifier:
                found.append(Named(Kind.ID, one.value))
            elif one.type == "[] block":
                found.append(_attribute(_uncommented(one.content)))
            elif one == ".":
                found.append(Named(Kind.CLASS, _taken(todo, "ident").value))
            elif one == ":":
                found.append(self._after_colon(todo, depth))
            elif one == "&":
                self._refers += 1
                found.append(self._nested or self._scope)
            elif one == "|" or one.type == "unicode-range":
                # A namespace; or `u+a`, which tinycss2 takes for a range of characters.
                found.append(Unknown())
            else:
                raise _Malformed
        return tuple(found)

    def _after_colon(self, todo: list[Node], depth: int) -> Simple:
        if todo and todo[-1] == ":":
            todo.pop()
            part = _taken(todo, "ident", "function")
            return Part((part.value if part.type == "ident" else part.name).lower())
        token = _taken(todo, "ident", "function")
        if token.type == "ident":
            name = token.value.lower()
            return Part(name) if name in OLD_PARTS else Pseudo(name)
        name = token.name.lower()
        if name in GROUPS:
            return Group(name, self._listed(name, _uncommented(token.arguments), depth + 1))
        return Pseudo(name, text_of(token.arguments))

    def _listed(self, name: str, tokens: list[Node], depth: int) -> SelectorList:
        """The list in the brackets of a group."""
        if depth > MAX_NESTED:
            raise TooNested(text_of(tokens))
        key = (name, *(one if isinstance(one, str) else one.serialize() for one in flat(tokens)))
        if key in self._read:
            return self._read[key]
        found: list[Selector] = []
        for one in parted(tokens, ","):
            try:
                found.append(self._selector(one, depth, relative=name == "has"))
            except _Malformed:
                if name not in _FORGIVING:
                    raise
        listed = list_of(*found)
        if "&" not in key:
            self._read[key] = listed
        return listed


def _uncommented(tokens: Sequence[Node]) -> list[Node]:
    return [one for one in tokens if one.type != "comment"]


def _steps(tokens: list[Node]) -> list[tuple[str, list[Node]]]:
    """The tokens of each compound, with the combinator before it."""
    steps: list[tuple[str, list[Node]]] = []
    sign, here = " ", list[Node]()
    for token in tokens:
        if token.type != "whitespace" and token not in _COMBINATORS:
            here.append(token)
            continue
        if here:
            steps.append((sign, here))
            sign, here = " ", []
        if token in _COMBINATORS:
            if sign != " ":
                raise _Malformed
            sign = token.value
    if here:
        steps.append((sign, here))
    elif sign != " " or not steps:
        raise _Malformed
    return steps


def _taken(todo: list[Node], *types: str) -> Node:
    """The next token, which must be of one of these types."""
    if not todo or todo[-1].type not in types:
        raise _Malformed
    return todo.pop()


def _attribute(tokens: list[Node]) -> Simple:
    """What stands in `[...]`; namespaces are not understood."""
    todo = list(reversed(significant(tokens)))
    if "|" in todo:
        return Unknown()
    name = _taken(todo, "ident").value.lower()
    if not todo:
        return Attribute(name)
    sign = _taken(todo, "literal").value
    value = _taken(todo, "ident", "string").value
    flag = _taken(todo, "ident").value.lower() if todo else "s"
    if sign not in _SIGNS or flag not in ("i", "s") or todo:
        raise _Malformed
    return Attribute(name, sign, value, fold=flag == "i")
