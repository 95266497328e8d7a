"""Speed changes no answer: the golden questions, asked of both backends of the embedding model.

Each answers from an index of its own vectors; the reader is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from qa.assistant import Assistant
from qa.embedding import BUNDLED, Embedder
from qa.embedding_export import embedder_for
from qa.errors import QuotewellError
from qa.golden import read_golden
from qa.index import build
from qa.reading import reading
from qa.settings import load_settings
from qa.types import Answer
from tests.bundled import EXPORTED

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
BACKENDS = ("torch", "onnx")
QUESTIONS = [one.question for one in read_golden(CORPUS / "questions.csv")]
EVERY_DAY = QUESTIONS[:: max(1, len(QUESTIONS) // 16)]
OFF = 1e-4
"""By how much a confidence may differ: the vectors' last bits."""


@dataclass(frozen=True)
class Both:
    """Index and assistant of each backend."""

    indexes: dict[str, Path]
    embedders: dict[str, Embedder]
    assistants: dict[str, Assistant]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    folder = tmp_path_factory.mktemp("backends")
    embedders = {one: embedder_for(BUNDLED, one, EXPORTED) for one in BACKENDS}
    indexes = {one: folder / one for one in BACKENDS}
    for one in BACKENDS:
        build(CORPUS, indexes[one], embedders[one])
    read = reading(models=EXPORTED)
    texts = load_settings().safety_texts()
    assistants = {
        one: Assistant(indexes[one], embedders[one], texts, reader=read) for one in BACKENDS
    }
    return Both(indexes, embedders, assistants)


def test_a_sample_of_the_golden_questions_gets_the_same_answers(both: Both) -> None:
    assert _differences(both, EVERY_DAY) == []


@pytest.mark.nightly
def test_every_golden_question_gets_the_same_answer(both: Both) -> None:
    assert _differences(both, QUESTIONS) == []


@pytest.mark.parametrize(("made", "asked"), [BACKENDS, BACKENDS[::-1]])
def test_an_index_of_the_other_backend_is_refused(both: Both, made: str, asked: str) -> None:
    with pytest.raises(QuotewellError, match=rf"(?s){made}.*`qa build`"):
        Assistant(both.indexes[made], both.embedders[asked], load_settings().safety_texts())


def _differences(both: Both, questions: list[str]) -> list[str]:
    """What the backends answer differently, a line for each question."""
    found = []
    for question in questions:
        torch, onnx = (both.assistants[one].ask(question) for one in BACKENDS)
        if _told(torch) != _told(onnx) or abs(torch.confidence - onnx.confidence) > OFF:
            confidences = f"confidence {torch.confidence:.7f} and {onnx.confidence:.7f}"
            found.append(f"{question}\n  {_told(torch)}\n  {_told(onnx)}\n  {confidences}")
    return found


def _told(answer: Answer) -> tuple[object, ...]:
    """All that a patient sees of an answer, by place."""
    quotes = [(one.document_id, one.start, one.end, one.role) for one in answer.quotes]
    related = [str(one) for one in answer.related]
    notices = [(one.kind, one.text) for one in answer.notices]
    return answer.kind, answer.reason, quotes, answer.searched_for, answer.subject, related, notices
