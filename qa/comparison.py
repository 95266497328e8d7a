"""Comparison: an evaluation set is put to the program and, beside it, to the baselines.

All systems answer the same questions from the same index in the same run.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from qa.baselines import BASELINES, ask_baselines, question_only
from qa.chunking import BuildOptions
from qa.document import Document
from qa.embedding import Embedder
from qa.evaluation_sets import (
    EvaluationSet,
    SetQuestion,
    every_nth,
    read_set,
    write_documents,
)
from qa.generation import Generation, load
from qa.index import Progress, build, is_current
from qa.judging import Quoted, Response, judge_response
from qa.measures import Figure, measure
from qa.types import Answer

__all__ = [
    "CONTROL",
    "PROGRAM",
    "Comparison",
    "ask_program",
    "compare",
    "default_work",
    "figures_of",
    "prepare_index",
    "run_set",
]

PROGRAM = "Quotewell"
CONTROL = "question only"
_OF_THE_CONTROL = ("auroc_answerable", "auroc_wrong_subject", "twin_order", "twin_auroc")
"""It quotes nothing, so that only its confidence can be measured."""

Figures = Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures of each system on one set."""

    name: str
    documents: int
    chunks: int
    sentences: int
    answerable: int
    unanswerable: int
    generation: str
    systems: Mapping[str, Figures]

    def to_dict(self) -> dict[str, Any]:
        """For JSON, which knows no nan: an interval that could not be measured has null ends."""
        made = {key: value for key, value in asdict(self).items() if key != "systems"}
        made["systems"] = {
            system: {name: _json(figure) for name, figure in figures.items()}
            for system, figures in self.systems.items()
        }
        return made


def _json(figure: Figure) -> dict[str, Any]:
    return {
        name: None if math.isnan(value) else round(value, 4)
        for name, value in asdict(figure).items()
    }


class Asks(Protocol):
    """The part of an assistant that comparing needs."""

    def ask(
        self, question: str, /, *, documents: Sequence[str] | None = ..., trace: bool = ...
    ) -> Answer: ...
    def document(self, document_id: str, /) -> Document | None: ...


def default_work() -> Path:
    """The folder where indexes of evaluation sets are kept from run to run."""
    return Path(tempfile.gettempdir()) / "quotewell-quality"


def prepare_index(
    evaluation_set: EvaluationSet,
    work: Path,
    embedder: Embedder,
    options: BuildOptions,
    progress: Progress = lambda _what, _done, _total: None,
) -> Path:
    """Writes the documents into `work`, builds their index unless it is current; gives its folder.

    Raises BuildError where it cannot be written.
    """
    corpus = work / evaluation_set.name / "corpus"
    index = work / evaluation_set.name / f"index-{options.target_tokens}"
    write_documents(evaluation_set.documents, corpus)
    if not is_current(corpus, index, embedder.identity, options):
        build(corpus, index, embedder, options, progress)
    return index


def run_set(
    folder: Path,
    work: Path,
    every: int,
    embedder: Embedder,
    options: BuildOptions,
    make_assistant: Callable[[Path], Asks],
    progress: Progress,
) -> Comparison:
    """Compares on every `every`-th question of the set in `folder`.

    `make_assistant` makes the program from the folder of its index. Raises CorpusError or
    QuestionError for the set, BuildError where its index cannot be written.
    """
    chosen = read_set(folder)
    questions = every_nth(chosen.questions, every)
    index = prepare_index(chosen, work, embedder, options, progress)
    return compare(chosen, questions, make_assistant(index), load(index), embedder, progress)


def compare(
    evaluation_set: EvaluationSet,
    questions: Sequence[SetQuestion],
    assistant: Asks,
    generation: Generation,
    embedder: Embedder,
    progress: Progress,
) -> Comparison:
    """Puts the questions, which are of that set, to all systems.

    `generation` is the index that the assistant answers from.
    """
    responses = {PROGRAM: ask_program(assistant, questions, progress)}
    vectors = embedder.encode([question.text for question in questions])
    responses |= {name: [] for name in BASELINES}
    for done, (question, vector) in enumerate(zip(questions, vectors, strict=True), 1):
        for name, response in ask_baselines(
            generation, question.text, vector, _within(question)
        ).items():
            responses[name].append(response)
        progress("Asking baselines", done, len(questions))
    systems = {name: figures_of(questions, found) for name, found in responses.items()}
    control = question_only(
        vectors, [one.answerable for one in questions], [one.about for one in questions]
    )
    if control:
        all_figures = figures_of(questions, control)
        systems[CONTROL] = {k: all_figures[k] for k in _OF_THE_CONTROL if k in all_figures}
    answerable = sum(question.answerable for question in questions)
    return Comparison(
        name=evaluation_set.name,
        documents=len(generation.documents),
        chunks=len(generation.chunks),
        sentences=sum(len(chunk.sentences) for chunk in generation.chunks),
        answerable=answerable,
        unanswerable=len(questions) - answerable,
        generation=generation.name,
        systems=systems,
    )


def ask_program(
    assistant: Asks, questions: Sequence[SetQuestion], progress: Progress, what: str = PROGRAM
) -> list[Response]:
    """What the program answers; `what` names it where progress is shown."""
    responses = []
    for done, question in enumerate(questions, 1):
        answer = assistant.ask(question.text, documents=_within(question), trace=True)
        responses.append(_response(answer, assistant))
        progress(f"Asking {what}", done, len(questions))
    return responses


def figures_of(questions: Sequence[SetQuestion], responses: Sequence[Response]) -> Figures:
    """The figures of one system, which gave these responses in the order of the questions."""
    pairs = zip(questions, responses, strict=True)
    return measure([judge_response(question, response) for question, response in pairs])


def _within(question: SetQuestion) -> list[str] | None:
    return None if question.within is None else [question.within]


def _response(answer: Answer, assistant: Asks) -> Response:
    candidates = []
    for hit in dict(answer.trace).get("hits", ()):
        document = assistant.document(hit["document_id"])
        text = document.text[hit["start"] : hit["end"]] if document else ""
        candidates.append(Quoted(hit["document_id"], text))
    return Response(
        refused=not answer.quotes,
        confidence=answer.confidence,
        quotes=tuple(
            Quoted(quote.document_id, quote.text) for quote in answer.quotes or answer.held_back
        ),
        candidates=tuple(candidates),
    )
