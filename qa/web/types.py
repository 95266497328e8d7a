"""What the browser side needs of the rest: an assistant, and the page's own wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.document import Document
from qa.notices import Dial
from qa.page_image import PagedFile
from qa.query import MAX_QUESTION
from qa.standing import Standing
from qa.types import Answer, Notice
from qa.wording import Wording, load_wording

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
        language: str = "",
    ) -> Answer:
        """Answers. A bad question is a refusal; QuotewellError means that nothing can be asked."""

    def document(self, document_id: str) -> Document | None:
        """The document of that id that patients may read, quoted or no longer; or None."""

    def standing(self, document_id: str) -> Standing | None:
        """How that document stands today, or None; `by` is only a document that is quoted."""

    def documents(self) -> tuple[Document, ...]:
        """All documents that are quoted."""

    def paged(self, document_id: str) -> PagedFile | None:
        """A document that has pages, to draw them from; None for any other."""

    def check(self) -> None:
        """Raises QuotewellError where no question can be answered."""

    def notices(self, language: str = "") -> tuple[Notice, ...]:
        """The notices every answer carries: disclaimer and crisis_line."""

    def first_notices(self, question: str, language: str = "") -> tuple[Notice, ...]:
        """The notices for a message that is not looked up, help first where it tells of danger.
        Found within a second or two."""

    def dials(self, language: str = "") -> tuple[Dial, ...]:
        """The numbers to tap, the emergency number first."""

    @property
    def generation(self) -> str:
        """The name of the index generation that answers."""

    @property
    def clinic_name(self) -> str:
        """The clinic's name, or an empty string."""

    @property
    def clinic_phone(self) -> str:
        """The clinic's number, or an empty string."""


@dataclass(frozen=True, slots=True)
class Page:
    """The patient's page in one language, with the wording that a clinic chooses."""

    wording: Wording
    root: str = ""
    """Where its addresses begin: empty for the first language, "/es" for a further one."""
    title: str = ""
    """The catalogue's words where it is empty; so is the scope."""
    scope: str = ""
    examples: tuple[str, ...] = ()
    """Two to four questions that a click asks."""
    examples_language: str = ""
    """Where they are in another language than the page: they are the documents' own."""
    question_limit: int = MAX_QUESTION
    """Characters of a question, stated beside the input."""
    feedback: bool = False
    """Whether patients are asked what they think of an answer."""
    logged_days: int = 0
    """Days for which questions are kept, which patients are told; 0 where none are."""

    @classmethod
    def of(cls, language: str = "en", **given: object) -> Page:
        """A page in a language that this package has a catalogue for."""
        return cls(load_wording(language), **given)  # type: ignore[arg-type]
