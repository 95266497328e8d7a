"""The trained reader over real passages of a real index."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.assistant import Assistant
from qa.embedding import Embedder
from qa.errors import ModelError
from qa.generation import Generation, load
from qa.index import build
from qa.notices import SafetyTexts
from qa.reading import reading, reading_beside
from qa.search import search
from qa.trained_reader import READ
from qa.types import AnswerKind, Evidence, Passage

LEAFLETS = {
    f"{name}.md": f"# {title}\n\n## What it is\n\n{what}\n\n## What to do\n\n{do}\n"
    for name, title, what, do in (
        (
            "drops",
            "Ear drops",
            "Ear drops soften wax. They are made of olive oil.",
            "Lie on your side for ten minutes. Your hearing may be dull until the evening.",
        ),
        (
            "cast",
            "Your plaster cast",
            "A cast holds a broken bone still. It weighs about a pound.",
            "Keep it dry when you wash. Call us if your fingers turn blue.",
        ),
        (
            "sling",
            "Your arm sling",
            "A sling carries the weight of your arm. It is made of cotton.",
            "Take it off at night. Move your fingers every hour.",
        ),
        (
            "patch",
            "Your eye patch",
            "A patch rests the eye under it. It is worn by children.",
            "Change it each morning. Do not cycle while you wear it.",
        ),
    )
}


@pytest.fixture(scope="module")
def index(bundled: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in LEAFLETS.items():
        (corpus / name).write_text(text, encoding="utf-8")
    build(corpus, folder / "index", bundled)
    return folder / "index"


@pytest.fixture(scope="module")
def generation(index: Path) -> Generation:
    return load(index)


def read(
    generation: Generation, bundled: Embedder, question: str
) -> tuple[list[Passage], list[Evidence]]:
    [vector] = bundled.encode([question])
    hits = search(generation, question, vector, 24)
    passages = [generation.passage(hit.row) for hit in hits]
    reader = reading_beside(bundled).make(generation.tokenizer)
    return passages, reader.read(question, vector, passages)


def test_only_the_most_similar_passages_are_read(generation: Generation, bundled: Embedder) -> None:
    passages, evidence = read(generation, bundled, "may i get my cast wet in the shower?")
    assert len(passages) > READ
    assert sum(one.answerable > 0 for one in evidence) == READ
    assert all(
        len(e.sentences) == len(p.chunk.sentences) for e, p in zip(evidence, passages, strict=True)
    )
    best = max(zip(evidence, passages, strict=True), key=lambda pair: pair[0].answerable)
    assert max(best[0].sentences) == max(max(one.sentences) for one in evidence)
    assert best[1].document.id == "cast.md"


def test_answerable_is_a_probability_of_the_whole_question(
    generation: Generation, bundled: Embedder
) -> None:
    def probability(question: str) -> float:
        return max(one.answerable for one in read(generation, bundled, question)[1])

    assert probability("what should i do when my fingers go blue?") > 0.5
    assert probability("how much does the cast cost?") < 0.5
    assert read(generation, bundled, "zzz")[1]


def test_it_answers_and_refuses_through_the_whole(
    index: Path, bundled: Embedder, safety_texts: SafetyTexts
) -> None:
    assistant = Assistant(index, bundled, safety_texts)
    answer = assistant.ask("how often do i change the patch?", trace=True)
    assert answer.kind is AnswerKind.ANSWER
    assert "Change it each morning." in answer.quotes[0].text
    assert dict(answer.trace)["reader"] == reading().identity
    for question in ("how much does the eye patch cost?", "when was the sling invented?"):
        refused = assistant.ask(question)
        assert (refused.kind, refused.reason) == (AnswerKind.REFUSAL, "not_answered")


def test_nothing_found_is_nothing_read(generation: Generation, bundled: Embedder) -> None:
    reader = reading_beside(bundled).make(generation.tokenizer)
    assert reader.read("cast", bundled.encode(["cast"])[0], []) == []


def test_what_cannot_be_loaded_is_told_before_anybody_asks(
    index: Path, bundled: Embedder, safety_texts: SafetyTexts, tmp_path: Path
) -> None:
    path = tmp_path / "reader.safetensors"
    path.write_bytes(b"no tensors")
    with pytest.raises(ModelError, match=r"reader\.safetensors cannot be loaded"):
        Assistant(index, bundled, safety_texts, reader=reading(str(path)))
