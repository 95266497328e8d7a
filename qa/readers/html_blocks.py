"""A tree of HTML becomes blocks: what a reader of the page sees, in its order, and nothing else.

Markdown, EPUB and web pages are all read by this one walk. It asks nobody what belongs to the page
and what to the site around it: that is decided before, and told as elements to leave out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from functools import partial

from selectolax.lexbor import LexborNode

from qa.document import BlockKind
from qa.readers.draft import TextBuilder
from qa.readers.html_elements import BLOCKS
from qa.readers.html_lists import Lists, word_marker
from qa.readers.html_marks import mark_of
from qa.readers.html_math import MATHML, Formulas
from qa.readers.html_outline import Outline
from qa.readers.html_table import Table, heads, lays_out, span_of
from qa.readers.style_values import declarations

__all__ = ["HtmlBlocks"]

_BREAK = "\0"
"""Stands for `<br>` until white space is folded; no text holds it."""
_SPACE = re.compile(r"[ \t\n\f\r]+")
_AROUND_BREAK = re.compile(rf" ?{_BREAK} ?")
_PARAGRAPHS = re.compile(rf"{_BREAK}{{2,}}")
_NO_TEXT_TAGS = "input select textarea progress meter img col colgroup wbr"
_NO_TEXT = frozenset(_NO_TEXT_TAGS.split())
_Close = Callable[[], None]
_Todo = list[LexborNode | _Close]


class HtmlBlocks:
    """Writes the blocks of trees into a builder."""

    def __init__(
        self, builder: TextBuilder, left_out: Set[int], panels: Set[str] = frozenset()
    ) -> None:
        """Leaves out elements and texts whose `mem_id` is in `left_out`.

        `panels` are the ids of elements that a button opens.
        """
        self._builder = builder
        self._left_out = left_out
        self._run: list[str] = []
        self._formulas = Formulas(BLOCKS, left_out)
        self._outline = Outline(builder, panels)
        self._lists = Lists()
        self._tables: list[Table | None] = []
        """None for one that only lays out a page."""
        self._verbatim = False
        self._from_word = False

    def read(self, root: LexborNode) -> None:
        """Goes through an element and all in it. No depth of nesting is too great."""
        todo: _Todo = [root]
        while todo:
            step = todo.pop()
            if not isinstance(step, LexborNode):
                step()
            elif step.mem_id in self._left_out:
                continue
            elif step.is_text_node:
                self._run.append(step.text_content or "")
            elif step.is_element_node:
                self._enter(step, step.tag or "", todo)
        self._flush()

    def _enter(self, node: LexborNode, tag: str, todo: _Todo) -> None:
        if tag == "br":
            self._run.append(_BREAK)
        elif tag in MATHML and (parts := self._formulas.parts(node)) is not None:
            todo += [
                partial(self._write, part) if isinstance(part, str) else part
                for part in reversed(parts)
            ]
        elif tag in _NO_TEXT:
            pass
        elif (mark := mark_of(node, tag, self._left_out)) is not None:
            self._run.append(mark)
        elif tag not in BLOCKS and not self._stands_alone(node, tag):
            todo += reversed(list(node.iter(include_text=True)))
        elif tag == "table" and self._tables and (table := self._tables[-1]) and table.in_cell:
            self._flush()
            table.nested.append(node)
        else:
            self._flush()
            todo += [self._open(node, tag, todo), self._flush]
            todo += reversed(list(node.iter(include_text=True)))

    def _write(self, text: str) -> None:
        self._run.append(text)

    def _stands_alone(self, node: LexborNode, tag: str) -> bool:
        """Whether an element that is usually part of a line has lines of its own here."""
        attributes = node.attributes
        if tag == "button":
            return self._outline.opens(attributes) and not self._outline.in_head
        if attributes.get("role") == "heading":
            return True
        style = attributes.get("style")
        return bool(style) and declarations(style or "").get("display", "") in (
            "block",
            "flex",
            "grid",
            "list-item",
        )

    def _open(self, node: LexborNode, tag: str, todo: _Todo) -> _Close:
        """Notes that a block begins, and gives what is to be done at its end."""
        table = self._tables[-1] if self._tables else None
        if table and (tag in ("tr", "td", "th") or table.in_cell):
            return self._open_part_of_table(node, tag, table, todo)
        attributes = node.attributes
        level = self._outline.heading_level(node, tag, attributes, listed=bool(self._lists))
        if level or tag in ("ul", "ol", "menu", "dir", "table"):
            self._outline.end_terms()
        close: _Close = self._flush
        match tag:
            case _ if level:
                close = self._outline.open_heading(level)
            case "ul" | "ol" | "menu" | "dir":
                self._lists.open(node)
                close = self._lists.close
            case "table":
                self._tables.append(None if lays_out(node) else Table())
                close = self._close_table
            case "li":
                self._lists.item(node)
            case "pre":
                self._verbatim = True
                close = self._close_verbatim
            case "p" if (attributes.get("class") or "").lower().startswith("msolistpara"):
                self._from_word = True
                close = self._close_word_list
            case _:
                close = self._outline.open(tag, attributes) or self._flush
        return close

    def _close_table(self) -> None:
        self._tables.pop()

    def _close_verbatim(self) -> None:
        self._verbatim = False

    def _close_word_list(self) -> None:
        self._from_word = False

    def _open_part_of_table(self, node: LexborNode, tag: str, table: Table, todo: _Todo) -> _Close:
        if tag == "tr":
            table.open_row()
            return lambda: self._close_row(table, todo)
        if tag not in ("td", "th") or table.in_cell:
            return self._flush
        columns, rows = span_of(node, "colspan"), span_of(node, "rowspan")
        table.open_cell(head=tag == "th" or heads(node, table), rows=rows)
        return lambda: table.close_cell(columns=columns, rows=rows)

    def _close_row(self, table: Table, todo: _Todo) -> None:
        kind, text = table.close_row()
        if text:
            self._outline.add(kind, text)
        todo += reversed(table.nested)
        table.nested = []

    def _flush(self) -> None:
        """Ends the paragraph, heading, item or line of a cell that was gathered."""
        text = "".join(self._run).replace("\xad", "")
        self._run = []
        if self._verbatim:
            paragraphs = [text.replace(_BREAK, "\n")]
        else:
            paragraphs = _PARAGRAPHS.split(_AROUND_BREAK.sub(_BREAK, _SPACE.sub(" ", text)))
        for paragraph in paragraphs:
            if line := paragraph.replace(_BREAK, "\n").strip():
                self._emit(line)

    def _emit(self, text: str) -> None:
        """Adds a text as what it is at this place."""
        table = self._tables[-1] if self._tables else None
        if table and table.in_cell:
            table.add_line(text)
        elif self._outline.takes(text):
            pass
        elif self._from_word:
            marker, start = word_marker(text)
            kind = BlockKind.ITEM if marker else BlockKind.PARAGRAPH
            self._outline.add(kind, text[start:], before=marker)
        elif self._lists:
            self._outline.add(BlockKind.ITEM, text, before=self._lists.take_marker())
        else:
            self._outline.add(BlockKind.PARAGRAPH, text)
