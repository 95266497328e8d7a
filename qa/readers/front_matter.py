"""The YAML between two `---` lines at the top of a file: title, version, reviewed and the like."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from qa.errors import CorpusError

__all__ = ["split_front_matter"]

_FENCE = "---"
_LONGEST = 40
"""Lines that front matter has at most, where it is looked for in vain."""
_DEEPEST = 20
"""Lists within lists that front matter has at most."""
_NO_TEXT = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Characters that no file holds as text, but YAML's escapes can write."""
_KEEPS_BACK = re.compile(r"(audience|effective|review_by|supersedes|no_quote)\s*:", re.IGNORECASE)


def split_front_matter(text: str, name: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Front matter as (name, value) pairs, and the text after it.

    A text that does not begin with a line `---`, or has no second one, has no front matter.
    Raises CorpusError naming file and line where the YAML is broken or is not a list of names.
    """
    lines = text.split("\n")
    close = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if lines[0].rstrip() != _FENCE or close is None:
        _check_not_meant(lines, name)
        return (), text
    try:
        found = yaml.load("\n".join(lines[1:close]), Loader=_Loader)  # noqa: S506 - it is safe
        pairs = _pairs(found)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        what = getattr(error, "problem", None) or str(error)
        raise CorpusError(
            f"{name}: line {line}: the front matter is not valid YAML ({what}). "
            "Write one `name: value` a line, and put values with a colon in quotation marks."
        ) from None
    if pairs is None:
        # A document may well begin with a ruled-off line of prose.
        return (), text
    for key, value in pairs:
        if _NO_TEXT.search(key) or _NO_TEXT.search(value):
            raise CorpusError(
                f"{name}: the front matter's {key!a} holds a control character or half of a "
                "character, written as an escape in quotation marks. Take it out."
            )
    return pairs, "\n".join(lines[close + 1 :])


def _pairs(found: object) -> tuple[tuple[str, str], ...] | None:
    """Names and values as text; None where the YAML is no list of names.

    Raises ValueError where a number has more digits than Python writes.
    """
    if found is None:
        return ()
    if not isinstance(found, dict):
        return None
    return tuple((str(key), _plain(value, _between(str(key)))) for key, value in found.items())


def _check_not_meant(lines: Sequence[str], name: str) -> None:
    """Raises CorpusError where front matter was meant and would be read as text.

    For want of a line `---` a document for staff would else be quoted to patients.
    """
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if lines[first].strip() != _FENCE:
        return
    for number, line in enumerate(lines[first + 1 : first + _LONGEST], first + 2):
        if found := _KEEPS_BACK.match(line):
            raise CorpusError(
                f"{name}: line {number}: `{found[1]}` seems to be meant as front matter, but it is "
                "not read as that. Front matter begins with `---` on line 1 and ends with another "
                "line `---`."
            )


class _Loader(yaml.SafeLoader):
    """YAML as front matter needs it, in which whatever is wrong has its line.

    It has no aliases: a few lines of them hold themselves, or stand for gigabytes.
    """

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases (*name) are not read", mark)
        if self.depth >= _DEEPEST:
            raise yaml.composer.ComposerError(None, None, "it is nested too deeply", mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        """A node's value, such as a day; there is no 2026-02-30."""
        try:
            return super().construct_object(node, deep)
        except ValueError as error:
            what = str(error)
        except (ArithmeticError, AttributeError, LookupError, TypeError):
            # What PyYAML raises where a value is not of the kind that its tag (!!int) says.
            what = f"this is no {node.tag.rpartition(':')[2]}"
        raise yaml.constructor.ConstructorError(None, None, what, node.start_mark)


def _between(key: str) -> str:
    """Headings and file names hold commas themselves: each has a line that ends, even alone."""
    return "\n" if key.strip().lower().replace("-", "_") in ("no_quote", "supersedes") else ", "


def _plain(value: object, between: str = ", ") -> str:
    if isinstance(value, set):
        value = sorted(map(str, value))  # a set has another order in each process
    if isinstance(value, list):
        joined = between.join(_plain(part) for part in value)
        return f"{joined}\n" if between == "\n" else joined
    return "" if value is None else str(value)
