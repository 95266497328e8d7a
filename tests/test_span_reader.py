"""Evidence from spans: the formulas by hand, then through models that are loaded as any is."""

from __future__ import annotations

import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from qa.chunking import chunk_document
from qa.corpus import make_document
from qa.document import Document
from qa.reader import SimilarityReader
from qa.span_model import MAX_ANSWER_TOKENS, SpanModel
from qa.span_reader import SpanReader, span_evidence
from qa.types import Evidence, Passage, Reader
from tests.tiny_reader import save_pointing, save_random
from tests.word_hash import WordHashEmbedder

TEXT = (
    "# Alpha\n\n## Bravo one\n\nKetamine is an anesthetic. Nurses give it slowly. Do not drive.\n"
)
EMBEDDER = WordHashEmbedder()


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def words(text: str) -> list[str]:
    return text.lower().replace(".", " ").split()


def passages(text: str | Document) -> list[Passage]:
    document = text if isinstance(text, Document) else make_document("x.md", text.encode())
    made = []
    for chunk in chunk_document(document, EMBEDDER.count_tokens):
        sentences = [document.text[s.start : s.end] for s in chunk.sentences]
        [vector] = EMBEDDER.encode([document.text[chunk.start : chunk.end]])
        made.append(Passage(document, chunk, vector, EMBEDDER.encode(sentences)))
    return made


def read(folder: Path, text: str, question: str = "How is it given?") -> list[Evidence]:
    [vector] = EMBEDDER.encode([question])
    return SpanReader(SpanModel(str(folder)), words).read(question, vector, passages(text))


def in_detail(
    start: np.ndarray, end: np.ndarray, null: float, of: list[int], sentences: int
) -> tuple[list[float], float, float]:
    """The formulas as they are written: each span by itself. The last is P(none)."""
    odds = {
        (i, j): math.exp(start[i] + end[j] - null)
        for i, j in product(range(len(of)), repeat=2)
        if i <= j < i + MAX_ANSWER_TOKENS
    }
    total = 1 + sum(odds.values())
    found = [
        sum(p for (i, j), p in odds.items() if of[i] <= k <= of[j]) / total
        for k in range(sentences)
    ]
    return found, max(odds.values()) / (1 + max(odds.values())), 1 / total


def test_evidence_worked_out_by_hand() -> None:
    # Two sentences of one token each. Odds against "none" of (0, 0), (0, 1) and (1, 1): 1, 2, 4.
    start, end = np.log([1.0, 2.0]), np.log([1.0, 2.0])
    found, answerable = span_evidence(start, end, 0.0, np.array([0, 1]), 2)
    assert found == pytest.approx([3 / 8, 6 / 8])
    assert answerable == pytest.approx(4 / 5)
    found, answerable = span_evidence(start, end, math.log(4.0), np.array([0, 1]), 2)
    assert found == pytest.approx([3 / 11, 6 / 11])
    assert answerable == pytest.approx(1 / 2)


@pytest.mark.parametrize("tokens", [1, 2, 7, MAX_ANSWER_TOKENS, 80])
@pytest.mark.parametrize("scale", [0.1, 3.0])
def test_evidence_is_the_sum_of_its_spans(tokens: int, scale: float) -> None:
    random = np.random.default_rng(tokens)
    start, end = random.normal(0, scale, (2, tokens))
    of = sorted(random.integers(0, 5, tokens).tolist())
    null = float(random.normal())
    found, answerable = span_evidence(start, end, null, np.array(of), 5)
    slowly, best, none = in_detail(start, end, null, of, 5)
    assert found == pytest.approx(slowly, abs=1e-12)
    assert answerable == pytest.approx(best)
    assert all(0 <= one <= 1 - none + 1e-12 for one in found)
    assert sum(found) >= 1 - none - 1e-12  # spans over two sentences count for both
    whole, _ = span_evidence(start, end, null, np.zeros(tokens, np.int64), 1)
    assert whole == pytest.approx([1 - none])


@pytest.mark.parametrize("size", [-2000.0, 2000.0])
def test_logits_of_any_size_give_probabilities(size: float) -> None:
    start = np.array([0.0, size])
    found, answerable = span_evidence(start, start, -size, np.array([0, 1]), 2)
    expected = (1.0, 1.0) if size > 0 else (0.0, 0.0)
    assert (found[1], answerable) == pytest.approx(expected)
    found, answerable = span_evidence(np.zeros(0), np.zeros(0), size, np.zeros(0, np.int64), 2)
    assert (found.tolist(), answerable) == ([0, 0], 0)


def test_the_sentence_that_the_model_points_at_has_the_evidence(tmp_path: Path) -> None:
    folder = save_pointing(tmp_path / "m", {"slowly": 9.0, "[CLS]": 3.0}, {"slowly": 9.0})
    [found] = read(folder, TEXT)
    first, second, third = found.sentences
    assert found.answerable == pytest.approx(sigmoid(18 - 3), abs=1e-6)
    assert second > 0.99
    # exp(9) of the odds has each span that begins before or ends after "slowly", in a neighbour.
    assert 0 < third < first < 0.01


def test_a_span_over_two_sentences_gives_to_both(tmp_path: Path) -> None:
    folder = save_pointing(tmp_path / "m", {"slowly": 12.0}, {"drive": 12.0})
    [found] = read(folder, TEXT)
    assert found.sentences[0] < 0.01
    assert min(found.sentences[1:]) > 0.99


def test_a_model_that_prefers_no_answer(tmp_path: Path) -> None:
    folder = save_pointing(tmp_path / "m", {"slowly": 4.0, "[CLS]": 9.0}, {"slowly": 4.0})
    [found] = read(folder, TEXT)
    assert found.answerable == pytest.approx(sigmoid(8 - 9), abs=1e-6)
    assert 0.2 < found.sentences[1] == max(found.sentences) < 0.5


@pytest.mark.parametrize("word", ["bravo", "alpha", "charlie"])
def test_headings_and_question_are_never_evidence(tmp_path: Path, word: str) -> None:
    folder = save_pointing(tmp_path / "m", {word: 20.0, "slowly": 1.0}, {word: 20.0})
    [found] = read(folder, TEXT, "What of charlie?")
    pointed = read(save_pointing(tmp_path / "n", {"slowly": 1.0}, {}), TEXT, "What of charlie?")
    assert found.sentences == pytest.approx(pointed[0].sentences)
    assert found.answerable == pytest.approx(sigmoid(1.0))


def test_being_on_the_topic_is_told_by_similarity(tmp_path: Path) -> None:
    found = passages(TEXT + "\n# Charlie\n\nBring somebody along.\n")
    [vector] = EMBEDDER.encode(["somebody drive"])
    reader: Reader = SpanReader(SpanModel(str(save_random(tmp_path / "m"))), words)
    similar = SimilarityReader(words).read("somebody drive", vector, found)
    made = reader.read("somebody drive", vector, found)
    assert [one.on_topic for one in made] == [one.on_topic for one in similar]
    assert reader.read("Why?", vector, []) == []


def test_a_bullet_belongs_to_its_item(tmp_path: Path) -> None:
    text = "Bring:\n\n- alpha\n- bravo\n"
    folder = save_pointing(tmp_path / "m", {"\u2022": 9.0}, {"alpha": 9.0})
    [found] = read(folder, text)
    bring, alpha, bravo = found.sentences
    assert alpha > 0.99 > 0.01 > max(bring, bravo)


def test_offsets_are_those_of_code_points(tmp_path: Path) -> None:
    text = "\U0001f600 e\u0301 \U0001f468\u200d\U0001f469. Give it slowly. \U0001f600 Drive."
    folder = save_pointing(tmp_path / "m", {"slowly": 9.0}, {"slowly": 9.0})
    document = make_document("x.md", text.encode())
    [passage] = passages(document)
    place = [
        "slowly" in document.text[sentence.start : sentence.end]
        for sentence in passage.chunk.sentences
    ]
    [found] = read(folder, text)
    assert [one > 0.9 for one in found.sentences] == place


def test_what_comes_late_in_a_long_passage_is_found(tmp_path: Path) -> None:
    filler = "x" * 59 + " "  # a word that WordPiece splits into letters: 59 tokens
    text = "".join(f"{filler}one. " for _ in range(8)) + "Give it slowly. Do not drive."
    folder = save_pointing(tmp_path / "m", {"slowly": 12.0, "[CLS]": 2.0}, {"slowly": 12.0})
    [passage] = passages(text)
    model = SpanModel(str(folder))
    assert len(model.windows("Why?", [text])) == 2
    [found] = read(folder, text)
    *_, slowly, drive = found.sentences
    assert slowly > 0.99 > 0.01 > drive
    assert found.answerable == pytest.approx(sigmoid(24 - 2), abs=1e-6)
    assert len(found.sentences) == len(passage.chunk.sentences)


def test_a_sentence_too_long_for_one_chunk_is_read_in_parts(tmp_path: Path) -> None:
    text = "Alpha " + "bravo charlie " * 200 + "slowly " + "delta echo " * 50 + "one."
    folder = save_pointing(tmp_path / "m", {"slowly": 12.0}, {"slowly": 12.0})
    found = read(folder, text)
    assert len(found) > 1
    assert [len(one.sentences) for one in found] == [1] * len(found)
    assert sum(one.sentences[0] > 0.999 and one.answerable > 0.999 for one in found) == 1


@pytest.mark.parametrize("question", ["Why?", "[CLS] [SEP] slowly [SEP]", "why " * 300, "\u2603"])
def test_any_question_gives_values_between_0_and_1(
    tmp_path: Path, question: str, hostile_folder: Path
) -> None:
    reader = SpanReader(SpanModel(str(save_random(tmp_path / "m"))), words)
    [vector] = EMBEDDER.encode([question])
    found = [
        passage
        for path in sorted(hostile_folder.rglob("*.md"))
        for passage in passages(make_document(path.name, path.read_bytes()))
    ]
    made = reader.read(question, vector, found)
    assert len(made) == len(found) > 5
    for passage, one in zip(found, made, strict=True):
        assert len(one.sentences) == len(passage.chunk.sentences)
        assert all(0 <= value <= 1 for value in (*one.sentences, one.answerable, one.on_topic))


def test_a_passage_is_read_the_same_alone_and_among_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = TEXT + "".join(f"\n# Echo {k}\n\nOne {'two ' * k * 9}\n" for k in range(12))
    reader = SpanReader(SpanModel(str(save_random(tmp_path / "m"))), words)
    [vector] = EMBEDDER.encode(["Why?"])
    found = passages(text)
    together = reader.read("Why?", vector, found)
    for passage, one in zip(found, together, strict=True):
        [alone] = reader.read("Why?", vector, [passage])
        assert alone.sentences == pytest.approx(one.sentences, abs=1e-5)
        assert alone.answerable == pytest.approx(one.answerable, abs=1e-5)
