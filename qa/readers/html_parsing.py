"""HTML source to a tree, as a browser makes it, within bounds of time and memory."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from qa.errors import CorpusError

__all__ = ["WITHOUT_END", "parse_html"]

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)|<!--|-->")
_RAW_TAGS = "script style textarea title xmp iframe noembed noframes"
_RAW = frozenset(_RAW_TAGS.split())
"""Elements whose content is no markup."""
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}")
_VOID_TAGS = (
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source"
    " track wbr"
)
WITHOUT_END = frozenset(_VOID_TAGS.split())
"""Elements that have no content, and so no end."""
_END_LEFT_OUT_TAGS = (
    "p li dt dd option optgroup tr td th tbody thead tfoot colgroup rt rp html head body"
)
_END_LEFT_OUT = frozenset(_END_LEFT_OUT_TAGS.split())
"""Elements that the next one of their kind ends: their number says nothing of the depth."""
_MAX_DEPTH = 2_000
_MAX_WORK = 20_000_000
"""Sum of the depths of all tags. A parser looks through the open elements at each tag, so that
time grows by it: at this bound it is a second, and a page of 10 MB in use stays below it."""
_MAX_TAGS = 800_000
"""A page of 10 MB that is mostly tables has 500,000; reading 800,000 takes some ten seconds."""
_MAX_ATTRIBUTES = 5_000


def parse_html(source: str, name: str) -> LexborHTMLParser:
    """The tree of a page or of a part of one; broken HTML is understood as browsers do.

    Raises CorpusError where the page is nested so deeply that reading it would not end.
    """
    _check_depth(source, name)
    for tag in _LONG_TAG.finditer(source):
        if len(tag.group().split()) > _MAX_ATTRIBUTES:
            raise CorpusError(
                f"{name}: line {source.count(chr(10), 0, tag.start()) + 1}: a tag has more than "
                f"{_MAX_ATTRIBUTES} attributes. Save the page again from a browser, or as text."
            )
    # Without its events an `option` does not copy itself into its `select`, which takes minutes.
    return LexborHTMLParser(source, options=LexborDocumentOptions.WO_EVENTS)


def _check_depth(source: str, name: str) -> None:
    depth = work = tags = 0
    raw = ""
    for tag in _TAG.finditer(source):
        element = (tag.group(2) or tag.group()).lower()
        if raw:
            raw = "" if element == raw and (tag.group(1) or raw == "-->") else raw
            continue
        if element in ("<!--", "-->") or (element in _RAW and not tag.group(1)):
            raw = "-->" if element == "<!--" else element if element in _RAW else ""
            continue
        tags += 1
        if tags > _MAX_TAGS:
            raise CorpusError(
                f"{name}: the page has more than {_MAX_TAGS} tags. Split it into several pages."
            )
        if element in WITHOUT_END or element in _END_LEFT_OUT:
            work += depth
            continue
        depth = max(0, depth - 1) if tag.group(1) else depth + 1
        work += depth
        if depth > _MAX_DEPTH or work > _MAX_WORK:
            raise CorpusError(
                f"{name}: line {source.count(chr(10), 0, tag.start()) + 1}: the page's elements "
                f"are nested too deeply (more than {_MAX_DEPTH}), or too many of them are. "
                "Save the page again from a browser, or as text."
            )
