"""Texts of a page that head others: headings, what opens a folded text, and terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import replace

from selectolax.lexbor import LexborNode

from qa.document import BlockKind
from qa.readers.draft import TextBuilder
from qa.readers.html_table import is_bold

__all__ = ["Outline"]

_HEADING = re.compile(r"h[1-6]")
_MAX_LEVEL = 6
_MAX_QUESTION = 220

_Close = Callable[[], None]


class Outline:
    """Knows at each place of a page what text there is, and writes it into a builder."""

    def __init__(self, builder: TextBuilder, panels: Set[str]) -> None:
        """`panels` are the ids of elements that a button opens."""
        self._builder = builder
        self._panels = panels
        self._level = 0
        """Of the heading that is open, else 0."""
        self._above = 0
        """Level of the last heading outside what is opened."""
        self._asked = False
        """Whether that heading is a question: one that follows it then stands beside it."""
        self._opener = 0
        """1 and how many opened texts enclose the open summary, button or term; else 0."""
        self._inside = 0
        """How many opened texts enclose this place."""
        self._openers: list[int] = []
        """Blocks that are headings only as long as nothing but their own texts follows."""
        self._in_term = False
        self._terms: list[str] = []

    @property
    def in_head(self) -> bool:
        """Whether this place is in a heading, in what opens a text, or in a term."""
        return bool(self._level or self._opener or self._in_term)

    def opens(self, attributes: Mapping[str, str | None]) -> bool:
        """Whether a button opens a text of the page."""
        named = (attributes.get("aria-controls") or "").split()
        return any(name in self._panels for name in named)

    def heading_level(
        self, node: LexborNode, tag: str, attributes: Mapping[str, str | None], *, listed: bool
    ) -> int:
        """The level of the heading that an element is, or 0; `listed` says it stands in a list."""
        if _HEADING.fullmatch(tag):
            return int(tag[1])
        if attributes.get("role") == "heading":
            level = attributes.get("aria-level") or ""
            return min(int(level), _MAX_LEVEL) if level in "123456789" and level else 2
        if tag != "p":
            return 0
        if (attributes.get("class") or "").lower() == "msotitle":
            return 1
        text = node.text().strip()
        asks = text.endswith("?") and len(text) <= _MAX_QUESTION and not listed
        return self._below(text, 1) if asks and is_bold(node) else 0

    def open_heading(self, level: int) -> _Close:
        """Enters a heading, and gives what is to be done at its end."""
        self._level = level
        return self._close_heading

    def open(self, tag: str, attributes: Mapping[str, str | None]) -> _Close | None:
        """Enters a term, what opens a text, or such a text; gives what is to be done at its end.

        None where the element is nothing of the kind.
        """
        if tag == "summary" or (tag == "button" and self.opens(attributes)):
            self._opener = self._inside + (tag == "button")
            return self._close_opener
        if tag == "dt":
            self._in_term = True
            return self._close_term
        if tag == "dl":
            return self.end_terms
        if tag in ("dd", "details") or (attributes.get("id") or "") in self._panels:
            self._inside += 1
            return self._leave
        return None

    def end_terms(self) -> None:
        """A term without a text of its own is an item by itself."""
        if self._terms and not self._in_term:
            terms, self._terms = self._terms, []
            self.add(BlockKind.ITEM, "\n".join(terms))

    def takes(self, text: str) -> bool:
        """Adds a text if it heads others, or belongs to a term; else tells that it does not."""
        if self._level:
            self._add_heading(text)
        elif self._opener or (self._in_term and text.endswith("?")):
            self._openers.append(len(self._builder.blocks))
            level = max(2, self._below(text, self._opener or self._inside + 1))
            self._builder.add(BlockKind.HEADING, " ".join(text.split("\n")), level=level)
        elif self._in_term:
            self._terms.append(text)
        elif self._terms:
            terms, self._terms = self._terms, []
            self.add(BlockKind.ITEM, "\n".join([*terms, text]))
        else:
            return False
        return True

    def add(self, kind: BlockKind, text: str, *, before: str = "") -> None:
        """Adds what is no heading.

        A summary heads its own text only: where another follows it under no heading, it is a
        paragraph, since that other text would be taken for its section.
        """
        if self._openers and not self._inside:
            blocks = self._builder.blocks
            for index in self._openers:
                blocks[index] = replace(blocks[index], kind=BlockKind.PARAGRAPH, level=0)
            self._openers = []
        self._builder.add(kind, text, before=before)

    def _add_heading(self, text: str) -> None:
        self._builder.add(BlockKind.HEADING, " ".join(text.split("\n")), level=self._level)
        if not self._inside:
            self._above, self._asked = self._level, text.endswith("?")
            self._openers = []

    def _below(self, text: str, depth: int) -> int:
        """The level of a heading that opens a text `depth` levels under the last heading."""
        beside = self._asked and self._above > 1 and text.endswith("?")
        return max(1, min(self._above + depth - beside, _MAX_LEVEL))

    def _close_heading(self) -> None:
        self._level = 0

    def _close_opener(self) -> None:
        self._opener = 0

    def _close_term(self) -> None:
        self._in_term = False

    def _leave(self) -> None:
        self._inside -= 1
