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
    except RecursionError:
        raise CorpusError(
            f"{name}: line 2: the front matter is nested too deeply. "
            "Write one `name: value` a line."
        ) from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        what = getattr(error, "problem", None) or str(error)
        raise CorpusError(
            f"{name}: line {line}: the front matter is not valid YAML ({what}). "
            "Write one `name: value` a line, and put values with a colon in quotation marks."
        ) from None
    if found is None:
        found = {}
    if not isinstance(found, dict):
        # A document may well begin with a ruled-off line of prose.
        return (), text
    pairs = tuple((str(key), _plain(value, _between(str(key)))) for key, value in found.items())
    return pairs, "\n".join(lines[close + 1 :])


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
    """Says in which line a day stands that there is not, such as 2026-02-30; takes no references
    (`*name`): some lines of them stand for more text than a computer holds."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "it refers elsewhere by `*`", mark)
        return super().compose_node(parent, index)

    def day(self, node: yaml.ScalarNode) -> object:
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError as error:
            raise yaml.constructor.ConstructorError(
                None, None, str(error), node.start_mark
            ) from None


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.day)


def _between(key: str) -> str:
    """Headings and file names hold commas themselves: each has a line that ends, even alone."""
    return "\n" if key.strip().lower().replace("-", "_") in ("no_quote", "supersedes") else ", "


def _plain(value: object, between: str = ", ") -> str:
    if isinstance(value, list):
        joined = between.join(_plain(part) for part in value)
        return f"{joined}\n" if between == "\n" else joined
    return "" if value is None else str(value)
