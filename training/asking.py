"""How the questions of a set are asked for training: of which document, and what may answer.

Only sets whose questions were judged by one document each can be trained on: elsewhere a sentence
that was not labelled may answer all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.errors import QuestionError
from qa.evaluation_sets import EvaluationSet, SetQuestion, file_name

__all__ = ["Asked", "asked_of"]

_KEPT = 24
_KEPT_OF_ARTICLES = 8
"""Articles judged paragraph by paragraph are long; what search finds late adds nothing to learn."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the file it is asked of, and where in that file's text evidence may stand."""

    question: SetQuestion
    document: str
    paragraph: tuple[int, int] | None
    """Start and end in code points; None where the whole document was judged."""
    leaflet: str
    """What the variants of one document share: its id without `~1`, `~2` and so on."""

    @property
    def kept(self) -> int:
        """Passages kept of those that search found."""
        return _KEPT if self.paragraph is None else _KEPT_OF_ARTICLES


def asked_of(evaluation_set: EvaluationSet, questions: Sequence[SetQuestion]) -> list[Asked]:
    """Each question with its document.

    Raises QuestionError for a question that was not judged by one document of the set.
    """
    documents = {document.file_name: document for document in evaluation_set.documents}
    made = []
    for question in questions:
        name = question.within or (question.paragraph and file_name(question.about))
        document = documents.get(name or "")
        if document is None:
            raise QuestionError(
                f"{evaluation_set.name}: {question.qid} was not judged by one document, so that "
                "nothing can be learnt from it. Leave the set out of --sets."
            )
        paragraph = question.paragraph
        if paragraph is not None:
            above = len(document.title) + len("\n\n")  # as qa.evaluation_sets writes the file
            paragraph = (paragraph[0] + above, paragraph[1] + above)
        made.append(Asked(question, document.file_name, paragraph, document.id.split("~")[0]))
    return made
