"""What an answer's form sends back to be printed: where its quotes stand, and not their text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args
from urllib.parse import parse_qs

from qa.types import Answer, AnswerKind, Quote, Role

__all__ = ["Printed", "Span", "form_fields", "read_form", "searched_for"]

MOST_SPANS = 12
MOST_CHARACTERS = 1_000
"""Of a question, of what was searched for, and of a document's id."""
_MOST_FIELDS = 2 * MOST_SPANS + 8
_HASH_DIGITS = 16
_TIME = "%Y-%m-%dT%H:%MZ"
_SPAN = re.compile(r"(?P<id>.+):(?P<start>\d{1,9}):(?P<end>\d{1,9}):(?P<sha>[0-9a-f]{16})", re.S)
_GENERATION = re.compile(r"[\w.-]{0,100}")
_KINDS = (AnswerKind.ANSWER.value, AnswerKind.CRISIS.value)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a quote was cut: offsets in code points, and the first digits of the text's SHA-256."""

    document_id: str
    start: int
    end: int
    sha256: str
    role: Role


@dataclass(frozen=True, slots=True)
class Printed:
    """An answer that is to be printed."""

    question: str
    searched_for: str
    kind: AnswerKind
    advice: bool
    """Whether the notice on personal advice stood above the quotes."""
    generation: str
    answered_at: datetime
    """UTC, to the minute."""
    spans: tuple[Span, ...]


def searched_for(answer: Answer) -> str:
    """What was searched for in place of the question; empty where it was the question itself."""
    # Answers have the field from the release on in which follow-up questions are understood.
    return answer.searched_for


def form_fields(answer: Answer, now: datetime) -> tuple[tuple[str, str], ...]:
    """Names and values of the hidden fields from which `read_form` makes the answer again."""
    advice = any(notice.kind == "advice" for notice in answer.notices)
    return (
        ("question", answer.question),
        ("searched_for", searched_for(answer)[:MOST_CHARACTERS]),
        ("kind", answer.kind.value),
        ("advice", "yes" if advice else "no"),
        ("generation", answer.generation),
        ("answered_at", now.astimezone(UTC).strftime(_TIME)),
        *(field for quote in answer.quotes for field in _quote_fields(quote)),
    )


def read_form(body: bytes) -> Printed:
    """Reads a form of `form_fields`, urlencoded. Raises ValueError where anything is amiss in it.

    Whether the spans fit a document is not known here.
    """
    # A form without files needs no multipart parser.
    fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    spans, roles = fields.get("span", []), fields.get("role", [])
    if not 0 < len(spans) == len(roles) <= MOST_SPANS:
        raise ValueError("the number of spans and roles")
    kind, generation = _one(fields, "kind"), _one(fields, "generation")
    advice = _one(fields, "advice")
    if kind not in _KINDS or advice not in ("yes", "no") or not _GENERATION.fullmatch(generation):
        raise ValueError("kind, advice or generation")
    return Printed(
        question=_one(fields, "question"),
        searched_for=_one(fields, "searched_for"),
        kind=AnswerKind(kind),
        advice=advice == "yes",
        generation=generation,
        answered_at=datetime.strptime(_one(fields, "answered_at"), _TIME).replace(tzinfo=UTC),
        spans=tuple(_span(*pair) for pair in zip(spans, roles, strict=True)),
    )


def _quote_fields(quote: Quote) -> tuple[tuple[str, str], ...]:
    place = (quote.document_id, quote.start, quote.end, quote.sha256[:_HASH_DIGITS])
    return ("span", ":".join(map(str, place))), ("role", quote.role)


def _one(fields: dict[str, list[str]], name: str) -> str:
    """The only value of that name; browsers send a line end as two characters."""
    found = fields.get(name, [])
    if len(found) != 1:
        raise ValueError(f"{name} is there {len(found)} times")
    value = found[0].replace("\r\n", "\n")
    if len(value) > MOST_CHARACTERS:
        raise ValueError(f"{name} is too long")
    return value


def _span(written: str, role: str) -> Span:
    found = _SPAN.fullmatch(written)
    if not found or len(found["id"]) > MOST_CHARACTERS:
        raise ValueError("a span")
    for known in get_args(Role):
        if role == known:
            place = int(found["start"]), int(found["end"])
            return Span(found["id"], *place, found["sha"], known)
    raise ValueError("a role")
