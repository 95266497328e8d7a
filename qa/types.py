"""The nouns of answering: hits, passages, evidence, quotes and answers. Documents: `qa.document`.

All offsets are in Unicode code points into a document's canonical text, `start` included and
`end` excluded, as in a Python slice. This module imports no other part of the package
but documents and errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import quote as percent_encode

from qa.document import Chunk, Document
from qa.errors import QuoteError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
else:
    Vectors = Any

__all__ = [
    "Answer",
    "AnswerKind",
    "Evidence",
    "Hit",
    "Notice",
    "Passage",
    "Quote",
    "Reader",
    "Related",
    "Role",
    "Vectors",
]


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that search found, with the raw scores and ranks (from 1) of each list it was on."""

    row: int
    """The chunk's place in the generation."""
    chunk: Chunk
    fused: float
    dense_score: float | None = None
    dense_rank: int | None = None
    lexical_score: float | None = None
    lexical_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as a reader sees it: its document, and its sentences' vectors where they are kept."""

    document: Document
    chunk: Chunk
    vector: Vectors
    """float32 (dim,), unit length."""
    sentence_vectors: Vectors
    """float32 (number of sentences, dim), at most of unit length."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reader made of one passage, each between 0 and 1."""

    sentences: tuple[float, ...]
    """For each of the chunk's sentences, how far it belongs to the answer."""
    answerable: float
    """How far the passage answers the question at all."""
    on_topic: float
    """How far the passage speaks of what the question speaks of."""


Role = Literal["evidence", "warning"]
"""Whether a quote answers, or is a warning marked in the same section as one that does."""


@dataclass(frozen=True, slots=True, init=False)
class Quote:
    """A slice of a document's canonical text. `cut` is the only way to make one."""

    document_id: str
    title: str
    section: str
    page: int | None
    reviewed: str
    """The day the document was last reviewed, as its metadata says; empty where it does not."""
    start: int
    end: int
    text: str
    url: str
    score: float
    sha256: str
    """SHA-256 of the canonical text it was cut from."""
    role: Role

    def __init__(self) -> None:
        raise TypeError("a quote is made by Quote.cut alone")

    @classmethod
    def cut(
        cls,
        document: Document,
        start: int,
        end: int,
        *,
        score: float = 0.0,
        role: Role = "evidence",
    ) -> Quote:
        """Cuts `document.text[start:end]`.

        Raises QuoteError where that is not a stretch of text within the document.
        """
        if not 0 <= start < end <= len(document.text) or not document.text[start:end].strip():
            raise QuoteError(document.id, start, end, len(document.text))
        quote = object.__new__(cls)
        for name, value in {
            "document_id": document.id,
            "title": document.title,
            "section": document.section_at(start).heading,
            "page": document.page_at(start),
            "reviewed": document.metadata("reviewed"),
            "start": start,
            "end": end,
            "text": document.text[start:end],
            "url": f"/documents/{percent_encode(document.id)}?start={start}&end={end}#quote",
            "score": score,
            "sha256": document.sha256,
            "role": role,
        }.items():
            object.__setattr__(quote, name, value)
        return quote

    def to_dict(self) -> dict[str, Any]:
        """The quote as the answer format has it."""
        place = ("title", "section", "page", "reviewed", "start", "end", "url")
        made = {name: getattr(self, name) for name in ("text", "document_id", *place)}
        return {**made, "score": round(self.score, 4), "role": self.role}


@dataclass(frozen=True, slots=True)
class Related:
    """A section that speaks of what was asked and does not answer it; nothing of it is quoted."""

    document_id: str
    title: str
    section: str
    """Its heading; empty where the whole document is meant."""
    url: str
    """The section's place in the document's page, with nothing marked."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Fixed wording of the clinic's settings, shown beside an answer and never inside a quote."""

    kind: str
    text: str


class AnswerKind(StrEnum):
    ANSWER = "answer"
    REFUSAL = "refusal"
    CRISIS = "crisis"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes or a refusal, never both and never neither; a danger notice comes before either.

    Raises ValueError when made of parts that contradict each other.
    """

    question: str
    kind: AnswerKind
    notices: tuple[Notice, ...]
    quotes: tuple[Quote, ...] = ()
    held_back: tuple[Quote, ...] = ()
    """What a refusal found and did not show; for staff, best first."""
    reason: str | None = None
    subject: str = ""
    """What the question is about and no document speaks of, as it was written there."""
    searched_for: str = ""
    """What was searched for, where that is not just what was asked; see `qa.query`."""
    related: tuple[Related, ...] = ()
    """Where the documents speak of what they do not answer; never an answer."""
    confidence: float = 0.0
    generation: str = ""
    took_ms: float = 0.0
    qid: str | int | None = None
    receipt: str = field(default="", compare=False)
    """What `qa replay` gives the same answer again from; it holds the question (`qa.receipt`)."""
    trace: tuple[tuple[str, Any], ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if self.kind is AnswerKind.ANSWER and not self.quotes:
            raise ValueError("an answer has quotes")
        if self.quotes and (self.reason or self.held_back):
            raise ValueError("beside quotes there is no reason for refusing, and nothing held back")
        if self.kind is AnswerKind.REFUSAL and (self.quotes or not self.reason):
            raise ValueError("a refusal has a reason and no quotes")
        if (self.subject or self.related) and self.kind is not AnswerKind.REFUSAL:
            raise ValueError("only a refusal names a subject or what is related")
        if bool(self.subject) != (self.reason == "wrong_subject"):
            raise ValueError("a refusal for a wrong subject names it, and no other answer does")
        if self.searched_for and self.kind in (AnswerKind.CRISIS, AnswerKind.EMERGENCY):
            raise ValueError("an answer to somebody in danger does not repeat their message")
        if self.kind is AnswerKind.EMERGENCY and self.quotes:
            raise ValueError("nothing is quoted to somebody in an emergency")
        if self.kind in (AnswerKind.CRISIS, AnswerKind.EMERGENCY) and (
            not self.notices or self.notices[0].kind != self.kind.value
        ):
            raise ValueError(f"the first notice of a {self.kind} answer must be of that kind")
        if not self.notices:
            raise ValueError("every answer carries its notices")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError("a confidence lies between 0 and 1")

    def to_dict(self, *, trace: bool = False) -> dict[str, Any]:
        """The answer in the one format that Python, command line and HTTP share."""
        made: dict[str, Any] = {
            "qid": self.qid,
            "question": self.question,
            "searched_for": self.searched_for,
            "kind": self.kind.value,
            "quotes": [quote.to_dict() for quote in self.quotes],
            "reason": self.reason,
            "subject": self.subject,
            "related": [asdict(section) for section in self.related],
            "confidence": round(self.confidence, 4),
            "notices": [{"kind": notice.kind, "text": notice.text} for notice in self.notices],
            "generation": self.generation,
            "receipt": self.receipt,
            "took_ms": round(self.took_ms, 1),
        }
        if trace:
            made["held_back"] = [quote.to_dict() for quote in self.held_back]
            made["trace"] = dict(self.trace)
        return made


class Reader(Protocol):
    """Reads passages for evidence."""

    def read(
        self,
        question: str,
        vector: Vectors,
        passages: Sequence[Passage],
        added: str = "",
        near: float = 0.0,
    ) -> list[Evidence]:
        """One Evidence a passage; `vector` is the question's, float32 (dim,), unit length.

        `added` are words that the question means besides its own: synonyms, words spelt right.
        Where no passage has an `on_topic` of `near` or more, a reader may leave them unread:
        sentences and `answerable` are then nothing, and `on_topic` is as it would be.
        """
