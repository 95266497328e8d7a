"""Electronic books (EPUB): their chapters in reading order, each read as a page of HTML is.

https://www.w3.org/TR/epub-33/ says where a book keeps what.
"""

from __future__ import annotations

import posixpath
import re
from html import escape
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from qa.errors import CorpusError
from qa.readers.archive import Archive, open_archive
from qa.readers.declared_encoding import declared_encoding
from qa.readers.decoding import decode_or_guess
from qa.readers.draft import Draft, TextBuilder
from qa.readers.html_blocks import HtmlBlocks
from qa.readers.html_parsing import WITHOUT_END, parse_html
from qa.readers.html_survey import survey
from qa.readers.xml import Element, parse_xml

__all__ = ["read_epub"]

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_ONLY = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
"""Ways to disguise fonts, which hide no text."""
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
# With a look ahead within what is repeated without going back, Python before 3.11.4 finds nothing.
_TAG = re.compile(r"<([a-zA-Z][\w:-]*+)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>")
_CDATA = ("<![CDATA[", "]]>")
"""Text of XML that HTML would take for a comment."""
_NOT_TEXT = frozenset({"pagebreak", "noteref", "doc-pagebreak", "doc-noteref"})
"""Numbers of printed pages, and marks that point to notes."""


def read_epub(data: bytes, name: str) -> Draft:
    """Reads a book without its table of contents, which its headings repeat.

    Raises CorpusError where the file is damaged, made to do harm or protected against copying.
    """
    archive = open_archive(data, name)
    _check_protection(archive, name)
    container = parse_xml(archive.read(_CONTAINER), f"{name}: {_CONTAINER}")
    package_path = next(
        (one.get("full-path") for one in container.iter("{*}rootfile") if one.get("full-path")), ""
    )
    if not package_path:
        raise CorpusError(
            f"{name}: {_CONTAINER} in it names no book. Take a good copy of the file."
        )
    package = parse_xml(archive.read(package_path), f"{name}: {package_path}")
    builder = TextBuilder()
    told: dict[str, str] = {}
    for member in _chapters(package, posixpath.dirname(package_path)):
        told |= _read_chapter(archive, member, name, builder)
    language = _metadata(package, "language")
    meta = {"language": language} if language else {}
    return Draft(
        _metadata(package, "title"),
        builder.text,
        tuple(builder.blocks),
        tuple((meta | told).items()),
    )


def _check_protection(archive: Archive, name: str) -> None:
    if _ENCRYPTION not in archive.names:
        return
    root = parse_xml(archive.read(_ENCRYPTION), f"{name}: {_ENCRYPTION}")
    ways = {one.get("Algorithm") for one in root.iter("{*}EncryptionMethod")}
    if ways - _FONT_ONLY:
        raise CorpusError(
            f"{name}: the book is protected against copying, so its text cannot be read. "
            "Ask its publisher for a copy without protection, or take it out of the folder."
        )


def _metadata(package: Element, what: str) -> str:
    found = (" ".join((one.text or "").split()) for one in package.iter("{*}" + what))
    return next((text for text in found if text), "")


def _chapters(package: Element, folder: str) -> list[str]:
    """The members that hold text, in reading order, each once; tables of contents left out."""
    items = {one.get("id"): one for one in package.iter("{*}item")}
    found: dict[str, None] = {}
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or not _is_page(item):
            continue
        if "nav" not in (item.get("properties") or "").split():
            found[_member(folder, item.get("href") or "")] = None
    return list(found)


def _is_page(item: Element) -> bool:
    """Whether it is a page; some programs get the kind wrong and only the name right."""
    name = (item.get("href") or "").partition("#")[0].lower()
    return item.get("media-type") in _PAGES or name.endswith((".xhtml", ".html", ".htm"))


def _member(folder: str, address: str) -> str:
    """The name that an address within a book has in its zip file."""
    return posixpath.normpath(posixpath.join(folder, unquote(address.partition("#")[0])))


def _read_chapter(archive: Archive, member: str, name: str, builder: TextBuilder) -> dict[str, str]:
    """Adds a chapter's blocks, and gives what is to be told of how it was decoded."""
    where = f"{name}: {member}"
    data = archive.read(member)
    decoded = decode_or_guess(data, where, declared_encoding(data))
    # Only XML allows that a tag ends itself: HTML would take all that follows for its content.
    source = _TAG.sub(_written_out, _without_cdata(decoded.text))
    tree = parse_html(source, where)
    if styles := _styles(archive, tree, posixpath.dirname(member)):
        tree = parse_html(f"<style>{styles}</style>{source}", where)
    seen = survey(tree, where)
    left_out = set(seen.hidden)
    for node in tree.css("a, span, div, hr, sup, nav"):
        kinds = [node.attributes.get("epub:type") or "", node.attributes.get("role") or ""]
        if node.tag == "nav" or not _NOT_TEXT.isdisjoint(" ".join(kinds).split()):
            left_out.add(node.mem_id)
    if tree.body is not None:
        HtmlBlocks(builder, left_out, seen.opened).read(tree.body)
    return dict(decoded.meta)


def _without_cdata(source: str) -> str:
    """The same with CDATA written as HTML; a beginning without an end stays."""
    begins, ends = _CDATA
    parts, at = [], 0
    while (begin := source.find(begins, at)) >= 0:
        end = source.find(ends, begin + len(begins))
        if end < 0:
            break
        parts += [source[at:begin], escape(source[begin + len(begins) : end])]
        at = end + len(ends)
    return "".join([*parts, source[at:]])


def _written_out(tag: re.Match[str]) -> str:
    element, attributes = tag.groups()
    if not attributes.endswith("/") or element.lower() in WITHOUT_END:
        return tag.group()
    return f"<{element}{attributes[:-1]}></{element}>"


def _styles(archive: Archive, tree: LexborHTMLParser, folder: str) -> str:
    """The style sheets that a chapter names, since they too can hide text."""
    named = dict.fromkeys(
        _member(folder, link.attributes.get("href") or "")
        for link in tree.css("link[rel~=stylesheet][href]")
    )
    there = frozenset(archive.names)
    sheets = (archive.read(member) for member in named if member in there)
    return "\n".join(sheet.decode("utf-8", "replace").replace("</", "< /") for sheet in sheets)
