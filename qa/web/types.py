"""What the browser side needs of the rest: an assistant, and the page's own wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.types import Answer, Document, Notice

__all__ = ["Assistant", "Page"]


class Assistant(Protocol):
    """Answers questions from the documents of one index; see `qa.assistant`."""

    def ask(
        self,
        question: str,
        *,
        previous: Sequence[str] = (),
        documents: Sequence[str] | None = None,
        qid: str | None = None,
        trace: bool = False,
    ) -> Answer:
        """Answers. A bad question is a refusal; QuotewellError means that nothing can be asked."""

    def document(self, document_id: str) -> Document | None:
        """The document of that id, or None."""

    def documents(self) -> tuple[Document, ...]:
        """All documents."""

    def check(self) -> None:
        """Raises QuotewellError where index or model is missing or unusable."""

    @property
    def generation(self) -> str:
        """The name of the index generation that answers."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices every answer carries: disclaimer and crisis_line."""

    @property
    def dial_links(self) -> tuple[tuple[str, str], ...]:
        """(label, `tel:` or `sms:` link) pairs; a label reads "Call 911: emergency"."""

    @property
    def clinic_name(self) -> str:
        """The clinic's name, or an empty string."""

    @property
    def clinic_phone(self) -> str:
        """The clinic's number, or an empty string."""


@dataclass(frozen=True, slots=True)
class Page:
    """The wording of the patient's page that a clinic chooses."""

    title: str = "Ask our documents"
    scope: str = "This page answers with passages from our patient documents, word for word."
    examples: tuple[str, ...] = ()
    """Two to four questions that a click asks."""
    question_limit: int = 1_000
    """Characters of a question, stated beside the input."""
