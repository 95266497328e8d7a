"""Links that lead nowhere: to a file that is not in the corpus, to a heading that is not there, or
written so that no browser could follow them.

The canonical text has no link targets, so the files themselves are read: Markdown and HTML. In any
other format only addresses written out in the text are looked at. Addresses of other sites are
checked for their form alone: nothing is ever fetched.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from qa.doctor.examined import Examined
from qa.doctor.finding import Area, Finding, Place, Severity
from qa.unicode_forms import normal_form

__all__ = ["Link", "dead_links", "links_of"]

_BARE = re.compile(r"(?:\b(?:https?|ftp)\b[:;]?/{0,2}|\bwww[.,])[^\s<>\"\u201d)\]]*", re.IGNORECASE)
_HOST = re.compile(
    r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+|localhost|\d+(?:\.\d+){3}"
)
_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]{2,}")
_NUMBER = re.compile(r"[+\d][\d().,;p*#\s-]*")
_HTML = (".html", ".htm")
_MARKDOWN = (".md", ".markdown")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link leads, and the line of the file, from 1, in which it is written."""

    target: str
    line: int | None = None


def links_of(examined: Examined) -> list[Link]:
    """The links of a document's file, as far as its format is looked into, and bare addresses."""
    suffix = PurePosixPath(examined.document.id).suffix.lower()
    if suffix in _MARKDOWN:
        return _markdown_links(examined.source)
    if suffix in _HTML:
        return _html_links(examined.source, 0)
    text = examined.source or examined.document.text
    in_lines = bool(examined.source)
    return [
        Link(
            found[0].rstrip(".,;:!?"), text.count("\n", 0, found.start()) + 1 if in_lines else None
        )
        for found in _BARE.finditer(text)
    ]


def dead_links(all_examined: Sequence[Examined], files: Set[str]) -> Iterator[Finding]:
    """Each link that leads nowhere; `files` are the paths of all files in the corpus folder."""
    anchors = {one.document.id: _anchors(one) for one in all_examined}
    for examined in all_examined:
        for link in links_of(examined):
            found = _problem(examined.document.id, link.target.strip(), files, anchors)
            if found:
                code, message, mend = found
                place = Place(document=examined.document.id, line=link.line, passage=link.target)
                yield Finding(Severity.WARNING, Area.LINKS, code, (place,), message, mend)


def _markdown_links(source: str) -> list[Link]:
    lines = source.split("\n")
    skipped = 0
    if lines[0].rstrip() == "---":
        close = next((i for i, one in enumerate(lines[1:], 1) if one.rstrip() == "---"), 0)
        skipped = close + 1 if close else 0
    found: list[Link] = []
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for token in parser.parse("\n".join(lines[skipped:])):
        line = skipped + token.map[0] + 1 if token.map else None
        if token.type == "html_block":
            found += _html_links(token.content, (line or 1) - 1)
        for child in token.children or []:
            if child.type == "link_open":
                found.append(Link(str(child.attrGet("href") or ""), line))
            elif child.type == "html_inline" and child.content.lower().startswith("<a"):
                found += [Link(one.target, line) for one in _html_links(child.content, 0)]
            elif child.type == "text":
                bare = (one[0].rstrip(".,;:!?") for one in _BARE.finditer(child.content))
                found += [Link(target, line) for target in bare]
            elif child.type in ("softbreak", "hardbreak") and line:
                line += 1
    return found


def _html_links(source: str, lines_before: int) -> list[Link]:
    found = []
    at = 0
    for node in LexborHTMLParser(source).css("a[href]"):
        target = node.attributes.get("href") or ""
        place = source.find(target, at) if target else -1
        if place >= 0:
            at = place + len(target)
        line = source.count("\n", 0, place) + 1 + lines_before if place >= 0 else None
        found.append(Link(target, line))
    return found


def _anchors(examined: Examined) -> frozenset[str]:
    """The names under which headings and parts of a document can be linked to."""
    document = examined.document
    names = {section.anchor for section in document.sections}
    names |= {_as_github_does(section.heading) for section in document.sections}
    if PurePosixPath(document.id).suffix.lower() in _HTML + _MARKDOWN:
        for node in LexborHTMLParser(examined.source).css("[id], a[name]"):
            names |= {node.attributes.get("id") or "", node.attributes.get("name") or ""}
    return frozenset(names - {""})


def _as_github_does(heading: str) -> str:
    """The anchor that most Markdown programs make of a heading."""
    kept = re.sub(r"[^\w\- ]", "", normal_form("NFC", heading).lower())
    return kept.replace(" ", "-")


_Problem = tuple[str, str, str]
"""Code, message and mend."""


def _problem(
    document: str, target: str, files: Set[str], anchors: Mapping[str, frozenset[str]]
) -> _Problem | None:
    """What is wrong with a link; None where nothing is."""
    if not target:
        return "malformed_link", "The link has no address.", "Write where it leads, or unlink it."
    if re.match(r"[A-Za-z]:[\\/]|\\\\|//", target):
        what = f"“{target}” leads to a place on somebody's own computer or network."
        return "dead_link", what, "Put the file into the corpus folder and link to it there."
    is_bare = bool(re.match(r"www[.,]", target, re.IGNORECASE))
    if is_bare or _SCHEME.match(target) or re.match(r"(?:https?|ftp)\b", target, re.IGNORECASE):
        why = _misformed(f"https://{target}" if is_bare else target)
        mend = "Correct the address. Whether the page is there was not tried."
        return ("malformed_link", f"“{target}” is no address: {why}.", mend) if why else None
    return _lost(document, target, files, anchors)


def _lost(
    document: str, target: str, files: Set[str], anchors: Mapping[str, frozenset[str]]
) -> _Problem | None:
    """What is wrong with a link to a file of the corpus, or to a place in it."""
    path, _, fragment = target.partition("#")
    path = unquote(path.partition("?")[0])
    if path.startswith("/"):
        return None  # another page of the site that the document was taken from
    beside = posixpath.join(posixpath.dirname(document), path)
    led = posixpath.normpath(beside) if path else document
    if led not in files and not any(one.startswith(f"{led}/") for one in files):
        mend = "Correct the link, or put the file into the corpus folder."
        return "dead_link", f"“{target}” leads to {led}, and there is no such file.", mend
    name = unquote(fragment)
    if name and name != "top" and led in anchors and name not in anchors[led]:
        mend = "Link to a heading that is there."
        return "dead_anchor", f"{led} has no heading that “#{name}” leads to.", mend
    return None


def _misformed(target: str) -> str:
    """What is wrong with an address that begins with a scheme; empty where it can be followed."""
    scheme, colon, rest = target.partition(":")
    scheme, to = scheme.lower(), unquote(rest.partition("?")[0])
    if not colon:
        return "a colon and two slashes are missing"
    if scheme not in ("tel", "sms") and any(letter.isspace() for letter in target):
        return "it has a blank in it"
    if scheme in ("http", "https", "ftp"):
        return _misformed_site(target)
    wrong = {
        "mailto": "" if _EMAIL.fullmatch(to) else "it names no e-mail address",
        "tel": "" if _NUMBER.fullmatch(to) else "it has no number",
        "file": "it leads to a file on somebody's own computer",
        "javascript": "it is a script, which is never run",
    }
    return wrong.get("tel" if scheme == "sms" else scheme, "")


def _misformed_site(target: str) -> str:
    try:
        parts = urlsplit(target)
        _ = parts.port  # looked at only now
    except ValueError as error:
        return str(error)
    if not parts.netloc or not target.partition(":")[2].startswith("//"):
        return "two slashes belong behind the colon"
    if not _HOST.fullmatch(parts.hostname or ""):
        return f"“{parts.hostname or ''}” is no site's name"
    return ""
