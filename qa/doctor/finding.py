"""A finding: what is wrong, how bad it is, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from qa.doctor.lines import line_of
from qa.document import Document

__all__ = ["Area", "Finding", "Place", "Severity", "in_order", "place_in"]

_LONGEST = 240
"""Characters of a passage that a finding shows."""


class Severity(StrEnum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    """Patients get no answers, or wrong or unsafe ones, until it is mended."""
    WARNING = "warning"
    """Something is likely to be wrong; a person should decide."""
    HINT = "hint"
    """It works, and could be better."""


class Area(StrEnum):
    """What a check looks at, in the order in which things depend on each other."""

    INSTALLATION = "installation"
    SETTINGS = "settings"
    DOCUMENTS = "documents"
    INDEX = "index"
    LINKS = "links"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is wrong, as closely as can be told; what does not apply stays empty."""

    file: str = ""
    """A file or folder of this machine."""
    document: str = ""
    """A document's id."""
    line: int | None = None
    """Line of the document's file, from 1; None where the format has no lines."""
    start: int | None = None
    """Offset into the document's canonical text, with `end` as in a Python slice."""
    end: int | None = None
    page: int | None = None
    section: str = ""
    setting: str = ""
    """A setting's name, such as `safety.verified_on`."""
    passage: str = ""
    """The sentence, shortened."""

    def __str__(self) -> str:
        """As a person looks it up: "leaflet.md, line 12, “Side effects”"."""
        named = self.document or self.file
        parts = [f"{named}:{self.line}" if named and self.line else named]
        if self.page:
            parts.append(f"page {self.page}")
        if self.section:
            parts.append(f"“{self.section}”")
        parts.append(self.setting)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong or could be better."""

    severity: Severity
    area: Area
    code: str
    """What kind of finding it is, such as `expired`: the same in every version."""
    where: tuple[Place, ...]
    """The place; two or more where passages are held against each other."""
    message: str
    """What is the matter, in a sentence or two."""
    mend: str
    """What to do next."""


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By area, then the worst first, then by kind; within a kind as they were found."""
    areas, severities = list(Area), list(Severity)
    return sorted(
        findings, key=lambda one: (areas.index(one.area), severities.index(one.severity), one.code)
    )


def place_in(document: Document, start: int, end: int, source: str = "") -> Place:
    """The place of a stretch of a document's text; `source` is its file's text, for the line."""
    passage = " ".join(document.text[start:end].split())
    if len(passage) > _LONGEST:
        passage = f"{passage[: _LONGEST - 1].rstrip()}…"
    return Place(
        document=document.id,
        line=line_of(document.text, start, end, source) if source else None,
        start=start,
        end=end,
        page=document.page_at(start),
        section=document.section_at(start).heading,
        passage=passage,
    )
