"""CSS as tinycss2 parses it, within what that library can take; values and tokens as text.

https://www.w3.org/TR/css-syntax-3/ has the grammar. tinycss2 nests tokens without end, so that its
own writing of them as text would fail, and fails at numbers that Python does not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import tinycss2
from tinycss2.ast import Node

__all__ = [
    "MAX_NESTED",
    "Node",
    "TooNested",
    "block_of",
    "flat",
    "parted",
    "rules_of_block",
    "sheet_of",
    "significant",
    "text_of",
    "value_of",
]

MAX_NESTED = 50
"""Layers, scopes or selectors within each other; people write five. Selectors are read by a call
within a call, of which Python allows 1,000: these take some 300."""
_DIGITS = re.compile(r"[0-9]{4000,}")
_MAX_DIGITS = 4_000
"""Python reads whole numbers of at most 4,300 digits."""
_CODE = re.compile(r"[^-\w]")
_ONE_NUMBER = re.compile(r"calc\(([-+.\w%]+)\)")
_BRACKETS = {"() block": "()", "[] block": "[]", "{} block": "{}"}


class TooNested(Exception):
    """Layers, scopes or selectors within each other beyond what people write; says which."""


def sheet_of(css: str) -> list[Node]:
    """The rules of a style sheet, broken or not."""
    return list(tinycss2.parse_stylesheet(_readable(css), skip_whitespace=True))


def block_of(content: str | Iterable[Node]) -> list[Node]:
    """Declarations and rules in a block of a style rule, or in a `style` attribute."""
    css = _readable(content) if isinstance(content, str) else content
    return list(tinycss2.parse_blocks_contents(css, skip_whitespace=True))


def rules_of_block(content: Iterable[Node]) -> list[Node]:
    """The rules in a block that stands in no style rule."""
    return list(tinycss2.parse_rule_list(content, skip_whitespace=True))


def _readable(css: str) -> str:
    return _DIGITS.sub(lambda digits: digits[0][:_MAX_DIGITS], css)


def significant(tokens: Iterable[Node]) -> list[Node]:
    """Tokens without white space and comments."""
    return [one for one in tokens if one.type not in ("whitespace", "comment")]


def parted(tokens: Iterable[Node], sign: str) -> list[list[Node]]:
    """Tokens parted at a sign, such as a comma, that stands in no brackets."""
    parts: list[list[Node]] = [[]]
    for one in tokens:
        if one == sign:
            parts.append([])
        else:
            parts[-1].append(one)
    return parts


def flat(tokens: Sequence[Node]) -> Iterator[Node | str]:
    """Tokens in order, those in brackets too; the brackets, and functions' names, are texts."""
    todo: list[Node | str] = list(reversed(tokens))
    while todo:
        token = todo.pop()
        if isinstance(token, str):
            yield token
        elif token.type == "function":
            yield f"{_CODE.sub('_', token.name)}("
            todo += [")", *reversed(token.arguments)]
        elif brackets := _BRACKETS.get(token.type):
            yield brackets[0]
            todo += [brackets[1], *reversed(token.content)]
        else:
            yield token


def text_of(tokens: Sequence[Node]) -> str:
    """Tokens as CSS, each comment a blank."""
    return "".join(
        one if isinstance(one, str) else " " if one.type == "comment" else one.serialize()
        for one in flat(tokens)
    )


def value_of(tokens: Sequence[Node]) -> str:
    """A value in small letters, with single blanks between its words and none in brackets.

    Comments are passed over, escapes undone, strings and addresses left empty. What could be taken
    for code only by its escape becomes "_", and what is broken "!".
    """
    value = " ".join("".join(map(_plain, flat(tokens))).lower().split())
    for sign in ("(", ",", "/"):
        value = value.replace(f"{sign} ", sign)
    for sign in (")", ",", "/"):
        value = value.replace(f" {sign}", sign)
    return _ONE_NUMBER.sub(r"\1", value)


def _plain(token: Node | str) -> str:
    if isinstance(token, str):
        return token
    written = _WRITTEN.get(token.type)
    return "!" if written is None else str(written(token))


_WRITTEN: Mapping[str, Callable[[Node], object]] = {
    "whitespace": lambda _: " ",
    "comment": lambda _: " ",
    "literal": lambda token: token.value,
    "ident": lambda token: _CODE.sub("_", token.value),
    "number": lambda token: token.representation,
    "percentage": lambda token: f"{token.representation}%",
    "dimension": lambda token: token.representation + _CODE.sub("_", token.unit),
    "hash": lambda token: "#" + _CODE.sub("_", token.value),
    "string": lambda _: '""',
    "url": lambda _: "url()",
    # A string or an address that the end of the text ends is whole.
    "error": lambda token: "" if token.kind.startswith("eof") else "!",
}
