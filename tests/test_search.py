"""Fusion worked out by hand, and hits that keep what each list said of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.generation import Generation, load
from qa.index import build
from qa.search import CANDIDATES, Parts, fuse, search
from tests.conftest import MakeCorpus
from tests.hostile import HOSTILE
from tests.word_hash import WordHashEmbedder


def test_reciprocal_ranks_worked_out_by_hand() -> None:
    fused = fuse([[3, 1, 2], [1, 4]], constant=60)
    assert list(fused) == [1, 3, 4, 2]
    assert fused == pytest.approx({1: 1 / 62 + 1 / 61, 3: 1 / 61, 4: 1 / 62, 2: 1 / 63})
    assert fuse([[3, 1, 2], [1, 4]]) == fused


def test_equal_sums_are_ordered_by_row() -> None:
    assert list(fuse([[9, 2], [2, 9], [5]], constant=1)) == [2, 9, 5]
    assert list(fuse([[7], [3]])) == [3, 7]


def test_fusing_nothing() -> None:
    assert fuse([]) == {}
    assert fuse([[], []]) == {}
    assert list(fuse([[], [4, 1]])) == [4, 1]


@pytest.fixture
def generation(corpus_folder: MakeCorpus, tmp_path: Path) -> Generation:
    folder = corpus_folder(
        {
            "a.md": "# A\n\nred green\n\n# B\n\nred blue\n",
            "b.md": "# C\n\nyellow\n\n# D\n\nred red green\n",
            "c.md": "# E\n\npurple\n",
            "twin_a.md": HOSTILE["twin_a.md"],
            "twin_b.md": HOSTILE["twin_b.md"],
        }
    )
    build(folder, tmp_path / "index", WordHashEmbedder())
    return load(tmp_path / "index")


def ask(generation: Generation, question: str, count: int = 9, **more: list[str]) -> list[object]:
    vector = WordHashEmbedder().encode([question])[0]
    return [
        (generation.chunks[hit.row].document_id, hit)
        for hit in search(generation, question, vector, count, **more)
    ]


def test_raw_scores_and_ranks_are_kept(generation: Generation) -> None:
    question = "red green"
    vector = WordHashEmbedder().encode([question])[0]
    hits = search(generation, question, vector, 9)
    dense = generation.vectors.search(vector, CANDIDATES)
    lexical = generation.lexical.search(["red", "green"], CANDIDATES)
    assert {hit.row: (hit.dense_rank, hit.dense_score) for hit in hits} == {
        row: (rank, score) for rank, (row, score) in enumerate(dense, 1)
    }
    assert {hit.row: (hit.lexical_rank, hit.lexical_score) for hit in hits if hit.lexical_rank} == {
        row: (rank, score) for rank, (row, score) in enumerate(lexical, 1)
    }
    for hit in hits:
        ranks = [rank for rank in (hit.dense_rank, hit.lexical_rank) if rank]
        assert hit.fused == pytest.approx(sum(1 / (60 + rank) for rank in ranks))
        assert hit.chunk == generation.chunks[hit.row]
    assert [hit.fused for hit in hits] == sorted((hit.fused for hit in hits), reverse=True)


def test_cosines_worked_out_by_hand(generation: Generation) -> None:
    # "A. red green" against "red green" of the title "A": words a, a, red, green.
    hits = search(generation, "red green", WordHashEmbedder().encode(["red green"])[0], 9)
    scores = {generation.chunks[hit.row].document_id: hit.dense_score for hit in hits[::-1]}
    assert scores["c.md"] == pytest.approx(0)
    # The context of b.md's second section is "C. D": c, d, red, red, green.
    assert scores["b.md"] == pytest.approx(3 / (7**0.5 * 2**0.5)) or scores["b.md"] == 0


def test_no_more_than_asked_for(generation: Generation) -> None:
    assert len(ask(generation, "red", 2)) == 2
    assert len(ask(generation, "red", 99)) == len(generation.chunks)
    assert ask(generation, "red", 0) == []


def test_within_documents(generation: Generation) -> None:
    assert {name for name, _ in ask(generation, "red", documents=["b.md"])} == {"b.md"}  # type: ignore[misc]
    assert ask(generation, "red", documents=[]) == []
    assert ask(generation, "red", documents=["none.md"]) == []


def test_equal_text_in_two_files_stays_two_results(generation: Generation) -> None:
    found = ask(generation, "This text stands in two files.")
    assert [name for name, _ in found[:2]] == ["twin_a.md", "twin_b.md"]  # type: ignore[misc]


def test_words_that_nothing_has(generation: Generation) -> None:
    hits = search(generation, "zebra", np.zeros(1024, dtype=np.float32), 9)
    assert all(hit.lexical_rank is None and hit.lexical_score is None for hit in hits)


def test_a_list_can_be_taken_away(generation: Generation) -> None:
    vector = WordHashEmbedder().encode(["red green"])[0]
    by_terms = search(generation, "red green", vector, 9, parts=Parts(vectors=False))
    assert by_terms
    assert all(hit.dense_rank is None and hit.lexical_rank for hit in by_terms)
    by_vector = search(generation, "red green", vector, 9, parts=Parts(terms=False))
    assert len(by_vector) == len(generation.chunks)
    assert all(hit.lexical_rank is None and hit.dense_rank for hit in by_vector)
    assert search(generation, "red", vector, 9, parts=Parts(vectors=False, terms=False)) == []
