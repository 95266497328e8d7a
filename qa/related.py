"""Related sections: where a document speaks of what was asked, without answering it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote as percent_encode

from qa.document import Document, Section
from qa.types import Evidence, Passage, Related

__all__ = ["lists_references", "related_sections"]

_MOST = 2
_REFERENCES = re.compile(r"(?:\d+[.)]? *)?references?", re.IGNORECASE)
_TAKEN = "quote"
"""The viewer keeps this anchor for a marked passage."""


def related_sections(
    passages: Sequence[Passage], evidence: Sequence[Evidence], near: float, min_share: float
) -> tuple[Related, ...]:
    """At most two sections, best first, from passages with one Evidence each.

    Left out are passages whose `on_topic` is below `near`, and those whose evidence is below
    `min_share` of the best one's. Search order parts equals. Lists of references are never related.
    """
    found: dict[str, Related] = {}
    pairs = sorted(zip(passages, evidence, strict=True), key=lambda pair: -pair[1].answerable)
    best = pairs[0][1].answerable if pairs else 0.0
    for passage, one in pairs:
        section = passage.document.sections[passage.chunk.section]
        if one.on_topic < near or one.answerable < best * min_share or lists_references(section):
            continue
        related = _link(passage.document, section)
        found.setdefault(related.url, related)
        if len(found) == _MOST:
            break
    return tuple(found.values())


def lists_references(section: Section) -> bool:
    """Whether a section is a list of references, or stands in one."""
    return any(_REFERENCES.fullmatch(h.strip()) for h in (section.heading, *section.path))


def _link(document: Document, section: Section) -> Related:
    """The section by its heading; where it has none, or only the title's, the whole document."""
    address = f"/documents/{percent_encode(document.id)}"
    if not section.heading or section.heading == document.title:
        return Related(document.id, document.title, "", address)
    # Of a long document only the pages near the one that is asked for are shown.
    page = document.page_at(section.start)
    address += f"?page={page}" if page else ""
    anchor = "" if section.anchor == _TAKEN else f"#{percent_encode(section.anchor)}"
    return Related(document.id, document.title, section.heading, address + anchor)
