"""Web pages: what a visitor reads in the main part of the page becomes the canonical text."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from qa.document import BlockKind
from qa.readers.declared_encoding import declared_encoding
from qa.readers.decoding import decode_or_guess
from qa.readers.draft import Draft, TextBuilder
from qa.readers.html_blocks import HtmlBlocks
from qa.readers.html_main import content_roots, furniture
from qa.readers.html_parsing import parse_html
from qa.readers.html_survey import survey

__all__ = ["read_html"]

_META = ("reviewed", "version", "review_by", "owner", "audience", "effective", "supersedes")
_MODIFIED = "dcterms.modified"
_SITE_SEPARATORS = (" | ", " - ", " \u2013 ", " \u2014 ", " \u00b7 ", " :: ", ": ")


def read_html(data: bytes, name: str) -> Draft:
    """Reads a page as HTML5 parsers do, broken or not; no script is run and nothing is fetched.

    Raises CorpusError where the file's characters cannot be told, or where it is nested so deeply
    or has so many parts that reading it would not end.
    """
    decoded = decode_or_guess(data, name, declared_encoding(data))
    tree = parse_html(decoded.text, name)
    seen = survey(tree, name)
    roots = content_roots(tree, seen)
    left_out = set(seen.hidden)
    for root in roots:
        left_out |= furniture(root, seen)
    builder = TextBuilder()
    for root in roots:
        HtmlBlocks(builder, left_out, seen.opened).read(root)
    heading = next(
        (b for b in builder.blocks if b.kind is BlockKind.HEADING and b.level == 1), None
    )
    first = builder.text[heading.start : heading.end] if heading else ""
    meta = _meta(tree, _language(tree)) + decoded.meta
    return Draft(first or _title(tree), builder.text, tuple(builder.blocks), meta)


def _title(tree: LexborHTMLParser) -> str:
    """The page's `title`, without the site's name where a heading says the same without it."""
    node = tree.css_first("head > title")
    title = " ".join(node.text().split()) if node is not None else ""
    for heading in tree.css("h1"):
        text = " ".join(heading.text().split())
        if text and any(title.startswith(text + mark) for mark in _SITE_SEPARATORS):
            return text
    return title


def _language(tree: LexborHTMLParser) -> str:
    """The language tag of the page's main part, or of the whole page; empty where none is told."""
    for node in (*tree.css("main[lang], [role=main][lang]"), tree.body, tree.root):
        language = (node.attributes.get("lang") or "").strip() if node is not None else ""
        if language:
            return language
    return ""


def _meta(tree: LexborHTMLParser, language: str) -> tuple[tuple[str, str], ...]:
    """Language, and what `meta` elements of exactly the known names say."""
    found = {"language": language} if language else {}
    for node in tree.css("meta[name][content]"):
        name = node.attributes.get("name") or ""
        value = " ".join((node.attributes.get("content") or "").split())
        key = "modified" if name.lower() == _MODIFIED else name if name in _META else ""
        if key and value:
            found.setdefault(key, value)
    return tuple(found.items())
