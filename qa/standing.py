"""Standing: whether a document is quoted on a day, and if not, why.

A document is quoted from its day `effective` to its day `review_by`, both included, unless another
that has taken effect supersedes it. One for staff only is never quoted to patients.

A successor counts from the day it takes effect, and from then on for good: it may expire, be
superseded in its turn or be for staff only, and still what it replaced is not quoted again. Until
that day the old document goes on, for as long as its own `review_by` lets it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal

from qa.document import Document

__all__ = [
    "SOON",
    "Audience",
    "Reason",
    "Standing",
    "circle_in",
    "predecessors",
    "standing_of",
    "unknown_predecessors",
]

Audience = Literal["patients", "staff"]

SOON = 30
"""Days before `review_by` from which a document is said to expire soon."""


class Reason(StrEnum):
    """Why a document is quoted to nobody."""

    NOT_YET_EFFECTIVE = "not yet effective"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document stands on a day."""

    reason: Reason | None = None
    day: str = ""
    """The day that decides, as 2026-11-24: the document's own `effective` or `review_by`, or from
    when on it is superseded; empty where that is not said."""
    by: str = ""
    """The id of the document that supersedes it: one that is quoted, where there is such."""
    staff_only: bool = False
    days_left: int | None = None
    """Days until `review_by`, that day not counted; None where none is stated."""

    @property
    def quotable(self) -> bool:
        """Whether it is quoted to patients."""
        return self.quotable_to("patients")

    def quotable_to(self, audience: Audience) -> bool:
        """Whether it is quoted to these readers."""
        return self.reason is None and (audience == "staff" or not self.staff_only)

    @property
    def expires_soon(self) -> bool:
        """Whether `review_by` is at most `SOON` days ahead."""
        return self.days_left is not None and 0 <= self.days_left <= SOON

    @property
    def readable(self) -> bool:
        """Whether patients may read it under a link from an old answer."""
        return not self.staff_only and self.reason is not Reason.NOT_YET_EFFECTIVE

    def __str__(self) -> str:
        """For the maintainer: "not quoted: expired, it was to be reviewed by 2026-10-01"."""
        why = []
        if self.reason is Reason.NOT_YET_EFFECTIVE:
            why.append(f"not yet effective, only from {self.day} (effective)")
        elif self.reason is Reason.SUPERSEDED:
            why.append(f"superseded by {self.by}" + (f" from {self.day} on" if self.day else ""))
        elif self.reason is Reason.EXPIRED:
            why.append(f"expired, it was to be reviewed by {self.day} (review_by)")
        if self.staff_only:
            why.append("for staff only (audience)")
        if why:
            return f"not quoted: {'; '.join(why)}"
        if self.expires_soon:
            ends = f"in {self.days_left} days" if self.days_left else "today"
            return f"quoted, expires {ends} (review_by)"
        return "quoted"


def standing_of(documents: Sequence[Document], today: date) -> Mapping[str, Standing]:
    """How each document stands on the day `today`, by id; the day is that of the clinic."""
    replacing = _replacing(documents)
    newer = {one.id: [new for new in replacing[one.id] if _begun(new, today)] for one in documents}
    found = {one.id: _standing(one, bool(newer[one.id]), today) for one in documents}
    replaced = [one for one, standing in found.items() if standing.reason is Reason.SUPERSEDED]
    for one in replaced:
        by = next((new for new in newer[one] if found[new.id].quotable), newer[one][0])
        found[one] = replace(found[one], by=by.id, day=by.metadata("effective"))
    return found


def predecessors(documents: Sequence[Document]) -> dict[str, list[str]]:
    """The ids of the documents that each document supersedes, as far as they are there.

    They are named by id, or by a file name that only one document has.
    """
    ids = {one.id for one in documents}
    by_name: dict[str, list[str]] = {}
    for one in documents:
        by_name.setdefault(one.id.rpartition("/")[2], []).append(one.id)
    found = {}
    for one in documents:
        named = [[n] if n in ids else by_name.get(n, []) for n in one.listed("supersedes")]
        found[one.id] = [only[0] for only in named if len(only) == 1]
    return found


def unknown_predecessors(documents: Sequence[Document]) -> list[tuple[str, str]]:
    """Pairs of a document's id and what it supersedes that is not there, or not there but once."""
    ids = [one.id for one in documents]
    names = [one.rpartition("/")[2] for one in ids]
    return [
        (one.id, name)
        for one in documents
        for name in one.listed("supersedes")
        if name not in ids and names.count(name) != 1
    ]


def circle_in(documents: Sequence[Document]) -> list[str]:
    """Ids of documents of which each supersedes the next, and the last the first; else none."""
    replaced = predecessors(documents)
    for begin in replaced:
        path, seen = [begin], {begin}
        trail = [iter(replaced[begin])]
        while trail:
            after = next(trail[-1], None)
            if after is None:
                trail.pop()
                path.pop()
            elif after == begin:
                return path
            elif after not in seen:
                seen.add(after)
                path.append(after)
                trail.append(iter(replaced[after]))
    return []


def _replacing(documents: Sequence[Document]) -> dict[str, list[Document]]:
    """The documents that replace each, straight or one by way of another, nearest first."""
    by_id = {one.id: one for one in documents}
    successors: dict[str, list[str]] = {one: [] for one in by_id}
    for new, replaced in predecessors(documents).items():
        for old in replaced:
            successors[old].append(new)
    found: dict[str, list[Document]] = {}
    for old in by_id:
        reached: dict[str, None] = {}
        waiting = list(successors[old])
        while waiting:
            one = waiting.pop(0)
            if one not in reached:
                reached[one] = None
                waiting += successors[one]
        found[old] = [by_id[one] for one in reached]
    return found


def _begun(document: Document, today: date) -> bool:
    return document.metadata("effective") <= today.isoformat()  # days so written sort as texts


def _standing(document: Document, replaced: bool, today: date) -> Standing:
    effective, review_by = document.metadata("effective"), document.metadata("review_by")
    staff_only = document.metadata("audience") == "staff"
    left = (date.fromisoformat(review_by) - today).days if review_by else None
    if not _begun(document, today):
        return Standing(Reason.NOT_YET_EFFECTIVE, effective, "", staff_only, left)
    if replaced:
        return Standing(Reason.SUPERSEDED, "", "", staff_only, left)
    if left is not None and left < 0:
        return Standing(Reason.EXPIRED, review_by, "", staff_only, left)
    return Standing(None, "", "", staff_only, left)
