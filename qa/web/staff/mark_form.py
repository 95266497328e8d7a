"""What stands in the form of the marking page, carried from one look at a document to the next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

from qa.staff.marking import Verdict

__all__ = ["CHOICES", "MarkForm"]

CHOICES = {
    "quote": "A quote: any of the sentences ticked below",
    "refuse_on": "A refusal: the documents speak of this, but do not answer it",
    "refuse_off": "A refusal: the question is about something else altogether",
    "crisis": "The crisis notice: somebody may come to harm by their own hand or another\u2019s",
    "emergency": "The emergency notice: call for help at once",
    "advice": "The notice that this page cannot advise anybody on their own care",
}
"""What patients should get, as the page words it."""
_PLACE = re.compile(r"(\d{1,9}):(\d{1,9})")
_MOST_PICKS = 60


class Fields(Protocol):
    """A query or a form."""

    def get(self, key: Any, default: Any, /) -> Any: ...
    def getlist(self, key: Any, /) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class MarkForm:
    """The form's fields."""

    question: str = ""
    verdict: str = ""
    expect: str = ""
    """One of CHOICES; empty until something was chosen."""
    held: bool = False
    tags: str = ""
    note: str = ""
    document: str = ""
    sha256: str = ""
    """Of the document's text that the picks are of."""
    part: int = 0
    """0 for wherever the answer is most likely."""
    find: str = ""
    picks: tuple[tuple[int, int], ...] = ()
    """Start and end, in code points, of chosen sentences."""
    keep: tuple[int, ...] = ()
    """Which of the words that the golden question had are to stay, from 0."""
    digest: str = ""
    """Of the golden question that is changed; empty for a new one."""

    @classmethod
    def read(cls, fields: Fields) -> MarkForm:
        """From a query or a form; what makes no sense is passed over."""

        def text(name: str, most: int = 2_000) -> str:
            value = fields.get(name, "")
            return value.strip()[:most] if isinstance(value, str) else ""

        expect, verdict, part = text("expect"), text("verdict"), text("part", 7)
        numbers = [one for one in fields.getlist("keep") if isinstance(one, str)]
        return cls(
            question=text("question"),
            verdict=verdict if verdict in list(Verdict) else "",
            expect=expect if expect in CHOICES else "",
            held=text("held") == "held",
            tags=" ".join(text("tags", 200).split()),
            note=" ".join(text("note", 500).split()),
            document=text("document"),
            sha256=text("sha256", 64),
            part=int(part) if part.isascii() and part.isdigit() else 0,
            find=" ".join(text("find", 200).split()),
            picks=_places(fields.getlist("pick")),
            keep=tuple(int(one) for one in numbers if re.fullmatch("[0-9]{1,7}", one))[
                :_MOST_PICKS
            ],
            digest=text("digest", 64),
        )

    def query(self) -> str:
        """The fields as an address has them."""
        pairs: list[tuple[str, str]] = [
            (name, getattr(self, name))
            for name in (
                "question",
                "verdict",
                "expect",
                "tags",
                "note",
                "document",
                "sha256",
                "find",
                "digest",
            )
        ]
        pairs += [("held", "held" if self.held else "tuned"), ("part", str(self.part or ""))]
        pairs += [("pick", f"{start}:{end}") for start, end in self.picks]
        pairs += [("keep", str(one)) for one in self.keep]
        return urlencode([(name, value) for name, value in pairs if value])


def _places(values: list[Any]) -> tuple[tuple[int, int], ...]:
    found = [_PLACE.fullmatch(one) for one in values if isinstance(one, str)]
    return tuple(sorted({(int(one[1]), int(one[2])) for one in found if one}))[:_MOST_PICKS]
