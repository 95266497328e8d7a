"""Suggested questions: each is answered by the passage that it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.assistant import Assistant
from qa.embedding import Embedder
from qa.golden import Golden, read_golden
from qa.index import build
from qa.notices import SafetyTexts
from qa.suggestions import suggested_questions
from tests.conftest import MakeCorpus

CORPUS = Path(__file__).parent.parent / "corpus"
LEAFLET = """# Knee clinic

## When may I shower?

You may shower 24 hours after the operation. Keep the dressing dry.

## Who pays for the operation?

## What else should I know?

## How is pain treated?

Take paracetamol four times a day for the pain. Ask us if that is not enough.

## Parking

Parking is free behind the clinic.
"""


@pytest.mark.slow
def test_every_suggestion_for_the_first_document_is_answered(first_document: Assistant) -> None:
    golden = read_golden(CORPUS / "questions.csv")
    documents = first_document.documents()
    found = suggested_questions(first_document, documents, golden)
    assert len(found) == 4
    headings = {section.heading for document in documents for section in document.sections}
    for question in found:
        answer = first_document.ask(question)
        assert answer.quotes
        assert question in headings
        assert answer.quotes[0].section == question
    many = suggested_questions(first_document, documents, golden, most=30)
    assert many[:4] == found
    assert set(many) - headings <= {one.question for one in golden}
    assert all(first_document.ask(question).quotes for question in many[4:])


def test_headings_that_do_not_ask_or_are_not_answered_are_left_out(
    corpus_folder: MakeCorpus, tmp_path: Path, bundled: Embedder, safety_texts: SafetyTexts
) -> None:
    folder = corpus_folder({"knee.md": LEAFLET})
    build(folder, tmp_path / "index", bundled)
    assistant = Assistant(tmp_path / "index", bundled, safety_texts)
    free = "Parking is free behind the clinic."
    golden = [
        Golden(2, "where do i park", "quote", (free,), "knee.md", frozenset(), ""),
        Golden(3, "Where can I park?", "quote", (free,), "knee.md", frozenset(), ""),
        Golden(4, "When can I shower?", "quote", (free,), "knee.md", frozenset(), ""),
    ]
    found = suggested_questions(assistant, assistant.documents(), golden)
    assert "Who pays for the operation?" not in found
    assert "When can I shower?" not in found
    assert set(found) <= {"When may I shower?", "How is pain treated?", "Where can I park?"}
    assert "When may I shower?" in found
    assert suggested_questions(assistant, (), []) == ()
