"""Markdown: the text a reader of the rendered page would see becomes the canonical text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

from qa.document import BlockKind
from qa.readers.decoding import decode
from qa.readers.draft import Draft, TextBuilder
from qa.readers.front_matter import split_front_matter

__all__ = ["read_markdown"]

_BULLET = "\u2022 "
_MAX_NESTING = 100
"""The parser leaves out what is nested deeper; its own limit of 20 is nine levels of lists."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def read_markdown(data: bytes, name: str) -> Draft:
    """Reads CommonMark with tables. Markup, comments and HTML tags do not reach the text.

    Raises CorpusError where the file is not UTF-8 or its front matter is broken.
    """
    meta, body = split_front_matter(decode(data, name), name)
    tokens = (
        MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING})
        .enable(["table", "strikethrough"])
        .parse(body)
    )
    builder = TextBuilder()
    _Walk(builder).blocks(tokens)
    first = next((b for b in builder.blocks if b.kind is BlockKind.HEADING and b.level == 1), None)
    title = dict(meta).get("title") or (builder.text[first.start : first.end] if first else "")
    return Draft(title, builder.text, tuple(builder.blocks), meta)


class _Walk:
    """Goes through the tokens once, knowing what list, item and table it is in."""

    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self.lists: list[int | None] = []
        """For each open list the next number, or None where it has bullets."""
        self.marker = ""
        self.cells: list[str] = []
        self.in_head = False

    def blocks(self, tokens: Sequence[Token]) -> None:
        level = 0
        for token in tokens:
            match token.type:
                case "heading_open":
                    level = int(token.tag[1])
                case "heading_close":
                    level = 0
                case "bullet_list_open":
                    self.lists.append(None)
                case "ordered_list_open":
                    self.lists.append(int(token.attrGet("start") or 1))
                case "bullet_list_close" | "ordered_list_close":
                    self.lists.pop()
                case "list_item_open":
                    self._open_item()
                case "thead_open" | "thead_close":
                    self.in_head = token.type == "thead_open"
                case "tr_close":
                    self._close_row()
                case "inline":
                    self._inline(token, level)
                case "code_block" | "fence":
                    self.builder.add(BlockKind.PARAGRAPH, token.content.rstrip("\n"))
                case "html_block":
                    self._html(token.content)
                case "th_open" | "td_open":
                    self.cells.append("")
                case _:
                    pass

    def _open_item(self) -> None:
        number = self.lists[-1]
        self.marker = _BULLET if number is None else f"{number}. "
        if number is not None:
            self.lists[-1] = number + 1

    def _inline(self, token: Token, level: int) -> None:
        text = inline_text(token.children or []).strip()
        if self.cells:
            self.cells[-1] = text.replace("\n", " ")
        elif level:
            self.builder.add(BlockKind.HEADING, text.replace("\n", " "), level=level)
        elif self.lists:
            self.builder.add(BlockKind.ITEM, text, before=self.marker)
            self.marker = ""
        else:
            self.builder.add(BlockKind.PARAGRAPH, text)

    def _close_row(self) -> None:
        kind = BlockKind.TABLE_HEAD if self.in_head else BlockKind.TABLE_ROW
        if any(self.cells):
            self.builder.add(kind, " | ".join(self.cells).strip())
        self.cells = []

    def _html(self, source: str) -> None:
        for paragraph in html_paragraphs(source):
            kind = BlockKind.ITEM if self.lists else BlockKind.PARAGRAPH
            self.builder.add(kind, paragraph, before=self.marker if self.lists else "")
            self.marker = ""


def inline_text(tokens: Sequence[Token]) -> str:
    """What the reader of a rendered line sees; struck-out text is not among it."""
    parts: list[str] = []
    struck = 0
    tags = _VisibleText()
    for token in tokens:
        match token.type:
            case "s_open":
                struck += 1
            case "s_close":
                struck -= 1
            case "html_inline" if not struck:
                tags.feed(token.content)
                if not tags.hidden and re.match(r"<br\b", token.content, re.IGNORECASE):
                    parts.append("\n")
            case _ if struck or tags.hidden:
                pass
            case "text" | "text_special" | "code_inline" | "entity":
                parts.append(token.content)
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
            case "image":
                parts.append(inline_text(token.children or []))
            case _:
                pass
    return "".join(parts)


class _VisibleText(HTMLParser):
    """Collects the text of HTML, a paragraph for each element that stands on lines of its own."""

    _HIDDEN = frozenset({"script", "style", "template", "noscript", "title", "head", "iframe"})
    _INLINE = frozenset({"a", "abbr", "b", "code", "em", "i", "kbd", "mark", "q", "s", "small"})
    _INLINE |= frozenset({"span", "strong", "sub", "sup", "u"})
    _WITHOUT_END = frozenset({"br", "hr", "img", "input", "wbr", "link", "meta", "col", "source"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs = [""]
        self.hidden: list[str] = []
        """The outermost open element that is not shown, and those of its name within it."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        unseen = tag in self._HIDDEN or _is_hidden(dict(attrs))
        if tag == self.hidden[0] if self.hidden else unseen and tag not in self._WITHOUT_END:
            self.hidden.append(tag)
        if tag not in self._INLINE:
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.hidden:
            self.hidden.pop()
        if tag not in self._INLINE:
            self.paragraphs.append("")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.paragraphs[-1] += data


def _is_hidden(attrs: dict[str, str | None]) -> bool:
    style = "".join((attrs.get("style") or "").lower().split())
    return "hidden" in attrs or "display:none" in style or "visibility:hidden" in style


def html_paragraphs(source: str) -> list[str]:
    """The paragraphs of visible text in a block of raw HTML."""
    parser = _VisibleText()
    parser.feed(_COMMENT.sub("", source))
    parser.close()
    return [folded for part in parser.paragraphs if (folded := " ".join(part.split()))]
