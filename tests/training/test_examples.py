"""Examples are made by the real index and labelled by the judged sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.errors import QuestionError
from qa.evaluation_sets import EvaluationSet, read_set, write_documents
from qa.generation import Generation, load
from qa.index import build
from tests.word_hash import WordHashEmbedder
from training.asking import Asked, asked_of
from training.examples import EVIDENCE, STRANGE, Example, fold_text, is_evidence, make_examples
from training.strangers import Strangers

TEXT = "A cast holds the bone still.\n\nKeep the cast dry. Raise your arm on a pillow at night."
WRITTEN = "Casts come in blue. Each costs forty dollars."
CORPUS = f"""
{{"doc_id": "cast", "title": "Casts", "text": {TEXT!r}}}
{{"doc_id": "cast~1", "title": "Casts", "text": {TEXT + " " + WRITTEN!r}}}
""".replace("'", '"')
QUESTIONS = """
{"qid": "a", "question": "May the cast get wet?", "answerable": true, "doc_id": "cast", "about_doc_id": "cast", "answer_texts": ["Keep the cast dry."], "evidence_sets": [["Keep the cast dry."]], "kind": "answerable", "split": "dev", "group": 4}
{"qid": "b", "question": "Is there a blue cast?", "answerable": false, "doc_id": null, "about_doc_id": "cast", "answer_texts": [], "evidence_sets": [], "kind": "unanswerable_on_topic", "split": "dev", "group": 4}
{"qid": "bt", "question": "Is there a blue cast?", "answerable": true, "doc_id": "cast~1", "about_doc_id": "cast~1", "answer_texts": ["Casts come in blue."], "evidence_sets": [["Casts come in blue."]], "kind": "evidence_inserted", "split": "dev", "group": 4, "twin_of": "b"}
{"qid": "c", "question": "What does a cast cost?", "answerable": false, "doc_id": null, "about_doc_id": "cast", "answer_texts": [], "evidence_sets": [], "kind": "unanswerable_on_topic", "split": "dev", "group": 4}
{"qid": "ct", "question": "What does a cast cost?", "answerable": true, "doc_id": "cast~1", "about_doc_id": "cast~1", "answer_texts": ["Each costs forty dollars."], "evidence_sets": [["Each costs forty dollars."]], "kind": "evidence_inserted", "split": "dev", "group": 4, "twin_of": "c"}
{"qid": "d", "question": "How is the bone held?", "answerable": true, "doc_id": "cast", "about_doc_id": "cast", "answer_texts": ["cast"], "paragraph_span": [0, 28], "kind": "span", "split": "dev"}
"""  # noqa: E501


@pytest.fixture
def leaflets(tmp_path: Path) -> tuple[EvaluationSet, Generation]:
    folder = tmp_path / "leaflets"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text(CORPUS, encoding="utf-8")
    (folder / "questions.jsonl").write_text(QUESTIONS, encoding="utf-8")
    found = read_set(folder)
    write_documents(found.documents, tmp_path / "corpus")
    build(tmp_path / "corpus", tmp_path / "index", WordHashEmbedder())
    return found, load(tmp_path / "index")


def made(leaflets: tuple[EvaluationSet, Generation]) -> dict[str, Example]:
    found, generation = leaflets
    asked = asked_of(found, found.questions)
    strangers = Strangers(generation, asked)
    examples = make_examples(generation, asked, WordHashEmbedder(), strangers.of)
    return {one.qid: one for one in examples}


def evidence(example: Example) -> list[str]:
    return [
        text
        for one in example.passages
        for text, label in zip(one.sentences, one.labels, strict=True)
        if label == EVIDENCE
    ]


def test_the_judged_sentences_are_labelled(leaflets: tuple[EvaluationSet, Generation]) -> None:
    examples = made(leaflets)
    assert list(examples) == ["a", "b", "bt", "c", "ct", "d"]
    assert evidence(examples["a"]) == ["Keep the cast dry."]
    assert evidence(examples["bt"]) == ["Casts come in blue."]
    assert evidence(examples["b"]) == []
    assert {one.group for one in examples.values()} == {"4", "cast"}
    for one in examples.values():
        for part in one.passages:
            assert part.features.shape == (len(part.sentences), 5)
            assert part.features.dtype == np.float32


def test_outside_the_judged_paragraph_nothing_is_evidence(
    leaflets: tuple[EvaluationSet, Generation],
) -> None:
    assert evidence(made(leaflets)["d"]) == ["A cast holds the bone still."]


def test_strangers_were_written_for_other_questions(
    leaflets: tuple[EvaluationSet, Generation],
) -> None:
    examples = made(leaflets)
    offered = {qid: {p.sentences[0] for p in one.strangers} for qid, one in examples.items()}
    blue, cost = "Casts come in blue.", "Each costs forty dollars."
    assert offered["a"] == {blue, cost}
    assert offered["b"] == offered["bt"] == {cost}
    assert offered["c"] == offered["ct"] == {blue}
    assert all(p.labels.tolist() == [STRANGE] for p in examples["a"].strangers)


def test_a_question_of_all_documents_teaches_nothing(
    leaflets: tuple[EvaluationSet, Generation], tmp_path: Path
) -> None:
    row = QUESTIONS.strip().splitlines()[-1].replace('"paragraph_span": [0, 28], ', "")
    (tmp_path / "leaflets" / "questions.jsonl").write_text(row, encoding="utf-8")
    found = read_set(tmp_path / "leaflets")
    with pytest.raises(QuestionError, match="--sets"):
        asked_of(found, found.questions)


def test_where_a_question_is_asked(leaflets: tuple[EvaluationSet, Generation]) -> None:
    found, _ = leaflets
    asked: dict[str, Asked] = {one.question.qid: one for one in asked_of(found, found.questions)}
    assert (asked["a"].document, asked["a"].leaflet, asked["a"].kept) == ("cast.txt", "cast", 24)
    assert (asked["ct"].document, asked["ct"].leaflet) == ("cast_1.txt", "cast")
    assert (asked["d"].paragraph, asked["d"].kept) == ((7, 35), 8)


def test_what_counts_as_evidence() -> None:
    gold = [fold_text("Keep  the cast\nDRY. Always.")]
    assert is_evidence("Keep the cast dry.", gold)  # a good part of it
    assert is_evidence("So: keep the cast dry. Always. Please.", gold)
    assert not is_evidence("Always.", gold)  # too short a part
    assert not is_evidence("Keep the arm dry. Always.", gold)
