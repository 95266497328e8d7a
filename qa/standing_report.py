"""How documents stand, for a terminal and as JSON: what is quoted, and why the rest is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from qa.document import Document
from qa.standing import SOON, Standing

__all__ = ["document_facts", "document_lines", "quoted_of"]

_FACTS = ("version", "language", "owner", "effective", "reviewed", "review_by", "encoding")
_WANTED = ("reviewed", "review_by")
"""What is told where it is not stated."""


def quoted_of(standings: Mapping[str, Standing]) -> str:
    """How many documents are quoted to patients, and how many are not for which reason."""
    kept_back = Counter(
        "for staff only" if one.reason is None else one.reason.value
        for one in standings.values()
        if not one.quotable
    )
    soon = sum(one.quotable and one.expires_soon for one in standings.values())
    quoted = len(standings) - kept_back.total()
    parts = [f"{quoted} of {len(standings)} documents"]
    if soon:
        parts.append(f"{soon} of them within {SOON} days of review_by")
    if kept_back:
        reasons = ", ".join(f"{count} {why}" for why, count in kept_back.items())
        parts.append(f"not quoted: {reasons}")
    if not quoted:
        parts.append("NOTHING IS QUOTED, EVERY QUESTION IS REFUSED")
    return "; ".join(parts)


def document_lines(document: Document, standing: Standing) -> list[str]:
    """A document's id and title, then how it stands and what its maintainer should know."""
    facts = [f"{name} {document.metadata(name)}" for name in _FACTS if document.metadata(name)]
    about = f" ({', '.join(facts)})" if facts else ""
    stands = [
        str(standing),
        *(f"{name} not stated" for name in _WANTED if not document.metadata(name)),
    ]
    lines = [f"{document.id}: {document.title}{about}", "; ".join(stands)]
    if held := document.listed("no_quote"):
        lines.append(f"shown, but never quoted (no_quote): {'; '.join(held)}")
    if document.unsearchable:
        pages = ", ".join(map(str, document.unsearchable))
        which = "pages" if len(document.unsearchable) > 1 else "page"
        lines.append(f"not searchable for want of text: {which} {pages}")
    return [lines[0], *(f"    {line}" for line in lines[1:])]


def document_facts(document: Document, standing: Standing) -> dict[str, Any]:
    """The same for a program."""
    return {
        "document_id": document.id,
        "title": document.title,
        "quoted": standing.quotable,
        "reason": standing.reason.value if standing.reason else None,
        "day": standing.day,
        "superseded_by": standing.by or None,
        "staff_only": standing.staff_only,
        "days_left": standing.days_left,
        "meta": dict(document.meta),
        "unsearchable_pages": list(document.unsearchable),
    }
