"""The shapes of the JSON API, which its documentation page is made of."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.query import MAX_QUESTION

__all__ = [
    "MOST_BYTES",
    "AnswerBody",
    "DocumentBody",
    "DocumentList",
    "ErrorBody",
    "Health",
    "QuestionBody",
    "Ready",
    "Unusable",
]

MOST_BYTES = 262_144
"""Of a request's body, that are read."""


class _Body(BaseModel):
    """A JSON object in which an unknown name is an error, since it is a misspelt one."""

    model_config = ConfigDict(extra="forbid", strict=True)


class QuestionBody(_Body):
    """A question to the documents."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "Can I drive home after a treatment?"},
                {
                    "question": "And how long does it last?",
                    "previous": ["What is ketamine?"],
                    "documents": ["ketamine-for-ptsd.md"],
                    "qid": "q1",
                },
            ]
        }
    )

    question: str = Field(
        description="The question. One of more than 1,000 characters is looked through for danger "
        "and refused as too_long; of more than 20,000 the first and the last 10,000 are looked at.",
        json_schema_extra={"maxLength": MOST_BYTES},
    )
    previous: list[Annotated[str, Field(max_length=MAX_QUESTION)]] = Field(
        default=[],
        max_length=20,
        description="Earlier questions of the conversation, oldest first, for follow-ups like "
        '"and how long does it last?". Leave out those that were answered with a danger notice.',
    )
    documents: list[Annotated[str, Field(max_length=4_096)]] | None = Field(
        default=None, max_length=1_000, description="Answer from these only: ids or file names."
    )
    qid: str | None = Field(
        default=None, max_length=200, description="A name of your own; comes back unchanged."
    )
    language: str = Field(
        default="", max_length=20, description="Of the notices; the page's first if left out."
    )
    trace: bool = Field(default=False, description="Also say what was found and held back.")


class QuoteBody(_Body):
    """A passage, word for word: characters `start` to `end` of the document's text."""

    text: str
    document_id: str
    title: str
    section: str = Field(description="The heading it stands under.")
    page: int | None = Field(description="For formats that have pages.")
    reviewed: str = Field(
        description="The day the document was last reviewed, as 2026-11-24; empty if not stated."
    )
    start: int = Field(description="In Unicode code points, included.", ge=0)
    end: int = Field(description="In Unicode code points, excluded.", ge=1)
    url: str = Field(description="The document with this passage marked.")
    score: float
    role: Literal["evidence", "warning"] = Field(
        description="A warning is marked in the section of an evidence quote and comes with it."
    )


class RelatedBody(_Body):
    """A section near the question that does not answer it. Show it as that, never as an answer."""

    document_id: str
    title: str
    section: str = Field(description="Its heading; empty where the whole document is meant.")
    url: str = Field(description="The section in the document's page, with nothing marked.")


class NoticeBody(_Body):
    """Fixed wording that must be shown beside the answer."""

    kind: str = Field(
        description="emergency, poison, crisis, advice, disclaimer or crisis_line, in this order."
    )
    text: str


class AnswerBody(_Body):
    """Quotes, or a refusal with its reason."""

    qid: str | None
    question: str
    searched_for: str = Field(
        description="What was searched for, where that is not just what was asked: the question "
        'spelt right, and behind "also:" the documents\' words for it. Show it. Else empty.'
    )
    kind: Literal["answer", "refusal", "crisis", "emergency"]
    quotes: list[QuoteBody]
    reason: str | None = Field(
        description="Why nothing is quoted: off_corpus, not_answered, wrong_subject, advice, "
        "empty, too_long, unknown_document or withheld."
    )
    subject: str = Field(
        description="With wrong_subject: what the question is about and no document speaks of, as "
        "the question has it. Else empty."
    )
    related: list[RelatedBody] = Field(
        description="With not_answered, advice or off_corpus: at most two sections that come near."
    )
    confidence: float = Field(description="From 0 to 1.", ge=0, le=1)
    notices: list[NoticeBody]
    generation: str = Field(description="The build of the index that answered.")
    receipt: str = Field(
        description="What `qa replay` gives this answer again from. It holds the question and "
        "those before it: keep it as you would keep them. Empty where they were far too long."
    )
    took_ms: float
    held_back: list[QuoteBody] = Field(default=[], description="Only with trace.")
    trace: dict[str, Any] = Field(default={}, description="Only with trace.")


class DocumentSummary(_Body):
    """A document in the list."""

    document_id: str
    title: str
    sha256: str = Field(description="Of its text in UTF-8.")
    meta: dict[str, str] = Field(description="Version, review date and the like.")


class DocumentList(_Body):
    """All documents that are quoted."""

    generation: str
    documents: list[DocumentSummary]


class SectionBody(_Body):
    """A heading and what stands under it."""

    heading: str
    start: int
    end: int
    anchor: str = Field(description="The section's name in a link to the document's page.")


class DocumentBody(_Body):
    """A document's whole text: a quote is `text[start:end]`, counted in Unicode code points."""

    document_id: str
    title: str
    text: str
    sha256: str = Field(description="Of the text in UTF-8.")
    sections: list[SectionBody]
    meta: dict[str, str]
    in_use: bool = Field(description="Whether it is still quoted; if not, tell your readers so.")
    replaced_by: str | None = Field(
        description="The id of the document that took its place, where there is one to read."
    )


class Health(_Body):
    """Whether questions can be answered."""

    status: Literal["ok", "stale", "no_search"] = Field(
        description="`stale`: what is published now cannot be read or served, so the one before "
        "is. `no_search`: Milvus does not answer, so that only messages of danger are answered."
    )
    error: str = Field("", description="Why there is no search.")
    generation: str
    serving: str = Field("", description="The generation that answers.")
    published: str = Field("", description="The one that was published last.")
    stale_since: str = Field(
        "", description="Since when it is stale, in UTC; empty where it isn't."
    )


class Unusable(_Body):
    """Why no question can be answered."""

    status: Literal["unusable"]
    error: str


class ErrorBody(_Body):
    """What went wrong and what to do."""

    error: str
    notices: list[NoticeBody] = Field(
        default=[],
        description="Where a question gets 503 or 429: what must be shown, help first if "
        "it tells of danger. With 422 only where it does.",
    )
    help: str = Field(
        default="",
        description="Where a question could not be read, with 400, 408, 413, 415 and 422, and with "
        "500: whom to call. Show it.",
    )


class ReadyChecks(_Body):
    """What /ready looked at."""

    index: Literal["ok", "stale", "failed"] = Field(
        description="`stale` is no reason to send nobody: the verified one before is served."
    )
    model: Literal["ok", "failed"]
    search: Literal["ok", "down"] = Field(
        description="`down` is none either: messages of danger are answered all the same."
    )
    server: Literal["ok", "stopping"]


class Ready(_Body):
    """Whether patients should be sent to this server."""

    status: Literal["ready", "not_ready"]
    generation: str = Field(description="The one that answers; empty where there is none.")
    checks: ReadyChecks
