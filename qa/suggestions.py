"""Suggested questions: the documents' own headings and golden questions that are answered rightly.

A suggestion that is refused, or answered by another passage, would teach a patient that the page
does not work. So each one is asked before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from qa.document import Document
from qa.evaluation import Asks, judge
from qa.golden import Golden
from qa.types import Answer, AnswerKind

__all__ = ["suggested_questions"]

MOST = 4
ASKED = 40
"""Candidates asked at most, so that a server starts in seconds."""
_LONGEST = 12
"""Words of a suggestion."""

Candidate = tuple[str, Golden | None]
"""A question, and its judgement if it is a golden one; without one it is a heading."""


def suggested_questions(
    assistant: Asks, documents: Sequence[Document], golden: Sequence[Golden], most: int = MOST
) -> tuple[str, ...]:
    """At most `most` questions, each about another section.

    Headings that ask something come first, of each document in turn, then short golden questions.
    One that is answered with a notice on personal advice or danger is left out.
    """
    found: dict[tuple[str, str], str] = {}
    for asked, (question, judgement) in enumerate(_candidates(documents, golden)):
        if len(found) == most or asked == ASKED:
            break
        answer = _rightly_answered(assistant, question, judgement)
        if answer:
            found.setdefault((answer.quotes[0].document_id, answer.quotes[0].section), question)
    return tuple(found.values())


def _candidates(documents: Sequence[Document], golden: Sequence[Golden]) -> Iterator[Candidate]:
    headings = [_asking_headings(document) for document in documents]
    seen: set[str] = set()
    for turn in zip_longest(*headings):
        for heading in turn:
            if heading and heading not in seen:
                seen.add(heading)
                yield heading, None
    for one in golden:
        if one.expect == "quote" and _is_presentable(one.question) and one.question not in seen:
            yield one.question, one


def _asking_headings(document: Document) -> list[str]:
    """Those that ask something, spread over the document first, then those between."""
    asking = [s.heading for s in document.sections if _is_presentable(s.heading)]
    spread = [asking[at * (len(asking) - 1) // (MOST - 1)] for at in range(MOST) if asking]
    return list(dict.fromkeys([*spread, *asking]))


def _is_presentable(text: str) -> bool:
    return text[:1].isupper() and text.endswith("?") and len(text.split()) <= _LONGEST


def _rightly_answered(assistant: Asks, question: str, judgement: Golden | None) -> Answer | None:
    if judgement:
        outcome = judge(judgement, assistant)
        answer, right = outcome.answer, outcome.rank == 1
    else:
        answer = assistant.ask(question)
        right = bool(answer.quotes) and answer.quotes[0].section == question
    plain = not any(n.kind in ("advice", "crisis", "emergency") for n in answer.notices)
    return answer if right and plain and answer.kind is AnswerKind.ANSWER else None
