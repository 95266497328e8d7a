"""Markdown: the text a reader of the rendered page would see becomes the canonical text.

It is rendered and then read as HTML is, so that HTML which stands in it means what it means on a
page: what a tag hides stays hidden over blank lines, and a closed `<details>` is text.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from qa.document import BlockKind
from qa.errors import CorpusError
from qa.readers.decoding import decode_or_guess
from qa.readers.draft import Draft, TextBuilder
from qa.readers.front_matter import split_front_matter
from qa.readers.html_blocks import HtmlBlocks
from qa.readers.html_parsing import parse_html
from qa.readers.html_survey import survey
from qa.readers.markdown_bounds import check_brackets, check_lines, check_paragraphs

__all__ = ["MAX_MARKDOWN", "read_markdown"]

MAX_MARKDOWN = 4 << 20
"""Bytes of a file: a book of two thousand pages. What is nothing but markup takes up to 50 seconds
a megabyte (measured with "![" on a busy machine)."""


_MAX_NESTING = 100
"""The parser leaves out what is nested deeper; its own limit of 20 is nine levels of lists."""


def read_markdown(data: bytes, name: str) -> Draft:
    """Reads CommonMark with tables. Markup, comments and HTML tags do not reach the text.

    Raises CorpusError where the file is larger than `MAX_MARKDOWN`, its characters cannot be told,
    its front matter is broken, or it has more lines, cells or brackets than can be read in
    reasonable time.
    """
    if len(data) > MAX_MARKDOWN:
        raise CorpusError(
            f"{name} has {len(data):,} bytes of Markdown, more than {MAX_MARKDOWN >> 20} MB, which "
            "is too much for one document. Split it into several files."
        )
    decoded = decode_or_guess(data, name)
    meta, body = split_front_matter(decoded.text, name)
    check_lines(body, name, decoded.text.count("\n") - body.count("\n"))
    tree = parse_html(_renderer(name).render(body), name)
    seen = survey(tree, name)
    builder = TextBuilder()
    if tree.body is not None:
        HtmlBlocks(builder, seen.hidden, seen.opened).read(tree.body)
    first = next((b for b in builder.blocks if b.kind is BlockKind.HEADING and b.level == 1), None)
    title = dict(meta).get("title") or (builder.text[first.start : first.end] if first else "")
    return Draft(title, builder.text, tuple(builder.blocks), meta + decoded.meta)


def _renderer(name: str) -> MarkdownIt:
    """Renders the file called `name`, within bounds."""

    def within_bounds(state: StateCore) -> None:
        paragraphs = [one.content for one in state.tokens if one.type == "inline"]
        check_paragraphs(paragraphs, name)
        check_brackets(paragraphs, name)

    renderer = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING})
    renderer.enable(["table", "strikethrough"])
    renderer.core.ruler.before("inline", "bounds", within_bounds)
    renderer.add_render_rule("image", _words_of_image)
    return renderer


def _words_of_image(
    self: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    """What stands for a picture: its description, which in Markdown is written in the text."""
    return escapeHtml(self.renderInlineAsText(tokens[index].children, options, env))
