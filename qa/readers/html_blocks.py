"""A tree of HTML becomes blocks: what a reader of the page sees, in its order, and nothing else.

Markdown, EPUB and web pages are all read by this one walk. It asks nobody what belongs to the page
and what to the site around it: that is decided before, and told as elements to leave out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from functools import partial

from selectolax.lexbor import LexborNode

from qa.document import BlockKind
from qa.readers.draft import TextBuilder
from qa.readers.html_elements import BLOCKS
from qa.readers.html_lists import Lists, word_marker
from qa.readers.html_math import MATHML, Formulas
from qa.readers.html_table import Table, heads, is_bold, lays_out, span_of
from qa.readers.style_values import declarations
from qa.readers.symbols import lowered, raised

__all__ = ["HtmlBlocks"]

_BREAK = "\0"
"""Stands for `<br>` until white space is folded; no text holds it."""
_SPACE = re.compile(r"[ \t\n\f\r]+")
_AROUND_BREAK = re.compile(rf" ?{_BREAK} ?")
_PARAGRAPHS = re.compile(rf"{_BREAK}{{2,}}")
_HEADING = re.compile(r"h[1-6]")
_NO_TEXT_TAGS = "input select textarea progress meter img col colgroup wbr"
_NO_TEXT = frozenset(_NO_TEXT_TAGS.split())
_FIGURES = re.compile(r"(?=.{0,9}[0-9n])[0-9n+\-\u2212\u2013., ]{1,30}")
_NOTE_MARK = re.compile(r"\[?(?:\d{1,3}|[a-z]|[ivx]{1,4}|[*\u2020\u2021\u00a7\u00b6])\]?")
_LINK_MARK = re.compile(r"\[\d{1,3}\]|[\u21a9\u2191\u21b5^]\ufe0e?")
_MAX_MARK = 6
"""Characters of a mark that points to a note."""
_MAX_LEVEL = 6
_MAX_QUESTION = 220

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
        self._panels = panels
        self._run: list[str] = []
        self._formulas = Formulas(BLOCKS, left_out)
        self._lists = Lists()
        self._tables: list[Table | None] = []
        """None for one that only lays out a page."""
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
        elif tag in _NO_TEXT or self._is_mark(node, tag):
            pass
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

    def _is_mark(self, node: LexborNode, tag: str) -> bool:
        """Whether an element only points to a note; figures set high or low are written here."""
        if tag == "sub" and _FIGURES.fullmatch(low := self._shown(node).strip()):
            self._run.append(lowered(low))
            return True
        high = tag == "sup" or _is_set_high(node)
        if not high and tag != "a":
            return False
        text = node.text().strip()
        if tag == "a" and not high:
            address = node.attributes.get("href") or ""
            return len(text) <= _MAX_MARK and "#" in address and bool(_LINK_MARK.fullmatch(text))
        linked = len(text) <= _MAX_MARK and node.css_first('a[href*="#"]') is not None
        if linked and _NOTE_MARK.fullmatch(text):
            return True
        shown = self._shown(node).strip()
        if _FIGURES.fullmatch(shown):
            self._run.append(raised(shown))
            return True
        return False

    def _shown(self, node: LexborNode) -> str:
        """The text of an element without what is left out."""
        found: list[str] = []
        todo = [node]
        while todo:
            one = todo.pop()
            if one.mem_id in self._left_out:
                continue
            if one.is_text_node:
                found.append(one.text_content or "")
            else:
                todo += reversed(list(one.iter(include_text=True)))
        return "".join(found)

    def _stands_alone(self, node: LexborNode, tag: str) -> bool:
        """Whether an element that is usually part of a line has lines of its own here."""
        attributes = node.attributes
        if tag == "button":
            return self._opens(attributes) and not (self._level or self._opener or self._in_term)
        if attributes.get("role") == "heading":
            return True
        style = attributes.get("style")
        return bool(style) and declarations(style or "").get("display", "") in (
            "block",
            "flex",
            "grid",
            "list-item",
        )

    def _opens(self, attributes: Mapping[str, str | None]) -> bool:
        named = (attributes.get("aria-controls") or "").split()
        return any(name in self._panels for name in named)

    def _open(self, node: LexborNode, tag: str, todo: _Todo) -> _Close:
        """Notes that a block begins, and gives what is to be done at its end."""
        table = self._tables[-1] if self._tables else None
        if table and (tag in ("tr", "td", "th") or table.in_cell):
            return self._open_part_of_table(node, tag, table, todo)
        attributes = node.attributes
        level = self._heading_level(node, tag, attributes)
        if level or tag in ("ul", "ol", "menu", "dir", "table"):
            self._end_terms()
        close: _Close = self._flush
        match tag:
            case _ if level:
                self._level = level
                close = self._close_heading
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
                close = self._open_answer(tag, attributes)
        return close

    def _heading_level(
        self, node: LexborNode, tag: str, attributes: Mapping[str, str | None]
    ) -> int:
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
        asks = text.endswith("?") and len(text) <= _MAX_QUESTION and not self._lists
        return self._below(text, 1) if asks and is_bold(node) else 0

    def _close_heading(self) -> None:
        self._level = 0

    def _close_table(self) -> None:
        self._tables.pop()

    def _close_verbatim(self) -> None:
        self._verbatim = False

    def _close_word_list(self) -> None:
        self._from_word = False

    def _open_answer(self, tag: str, attributes: Mapping[str, str | None]) -> _Close:
        """Terms and what they mean, and texts that are opened by a summary or a button."""
        if tag == "summary" or (tag == "button" and self._opens(attributes)):
            self._opener = self._inside + (tag == "button")
            return self._close_opener
        if tag == "dt":
            self._in_term = True
            return self._close_term
        if tag == "dl":
            return self._end_terms
        if tag in ("dd", "details") or (attributes.get("id") or "") in self._panels:
            self._inside += 1
            return self._leave
        return self._flush

    def _below(self, text: str, depth: int) -> int:
        """The level of a heading that opens a text `depth` levels under the last heading."""
        beside = self._asked and self._above > 1 and text.endswith("?")
        return max(1, min(self._above + depth - beside, _MAX_LEVEL))

    def _leave(self) -> None:
        self._inside -= 1

    def _close_opener(self) -> None:
        self._opener = 0

    def _close_term(self) -> None:
        self._in_term = False

    def _end_terms(self) -> None:
        """A term without a text of its own is an item by itself."""
        if self._terms and not self._in_term:
            terms, self._terms = self._terms, []
            self._add(BlockKind.ITEM, "\n".join(terms))

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
            self._add(kind, text)
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
        elif self._level:
            self._add_heading(text)
        elif self._opener or (self._in_term and text.endswith("?")):
            self._openers.append(len(self._builder.blocks))
            level = max(2, self._below(text, self._opener or self._inside + 1))
            self._builder.add(BlockKind.HEADING, " ".join(text.split("\n")), level=level)
        elif self._in_term:
            self._terms.append(text)
        elif self._terms:
            terms, self._terms = self._terms, []
            self._add(BlockKind.ITEM, "\n".join([*terms, text]))
        elif self._from_word:
            marker, start = word_marker(text)
            kind = BlockKind.ITEM if marker else BlockKind.PARAGRAPH
            self._add(kind, text[start:], before=marker)
        elif self._lists:
            self._add(BlockKind.ITEM, text, before=self._lists.take_marker())
        else:
            self._add(BlockKind.PARAGRAPH, text)

    def _add_heading(self, text: str) -> None:
        self._builder.add(BlockKind.HEADING, " ".join(text.split("\n")), level=self._level)
        if not self._inside:
            self._above, self._asked = self._level, text.endswith("?")
            self._openers = []

    def _add(self, kind: BlockKind, text: str, *, before: str = "") -> None:
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


def _is_set_high(node: LexborNode) -> bool:
    """Whether an element's own style raises it as `sup` does."""
    style = node.attributes.get("style")
    if not style or "vertical-align" not in style.lower():
        return False
    return declarations(style).get("vertical-align", "") in ("super", "text-top")
