"""Baselines on documents small enough to rank by hand, and a control that sees questions only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.baselines import BASELINES, ask_baselines, question_only
from qa.generation import Generation, load
from qa.index import build
from qa.judging import Quoted, Response
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder


@pytest.fixture
def generation(corpus_folder: MakeCorpus, tmp_path: Path) -> Generation:
    folder = corpus_folder(
        {
            "a.txt": "Tea\n\nGreen tea is bitter. White tea is sweet.\n",
            "b.txt": "Coffee\n\nCoffee is bitter.\n",
            "c.txt": "Water\n\nWater is clear.\n",
        }
    )
    build(folder, tmp_path / "index", WordHashEmbedder())
    return load(tmp_path / "index")


def ask(generation: Generation, question: str, within: list[str] | None) -> dict[str, Response]:
    vector = WordHashEmbedder().encode([question])[0]
    return ask_baselines(generation, question, vector, within)


TEA = Quoted("a.txt", "Green tea is bitter. White tea is sweet.")
COFFEE = Quoted("b.txt", "Coffee is bitter.")
WATER = Quoted("c.txt", "Water is clear.")


def test_each_baseline_quotes_its_best(generation: Generation) -> None:
    found = ask(generation, "white tea", None)
    assert tuple(found) == BASELINES
    # No term of the question stands in the other two documents.
    assert (found["BM25"].quotes, found["BM25"].candidates) == ((TEA,), (TEA,))
    # "Tea. Green tea is bitter. White tea is sweet": tea 3, is 2, the others once, so 17 squared.
    assert found["embedding"].quotes == (TEA, COFFEE, WATER)
    assert found["embedding"].confidence == pytest.approx((1 + 3) / (2**0.5 * 17**0.5))
    assert found["RRF"].quotes == (TEA, COFFEE, WATER)
    assert found["RRF"].confidence == pytest.approx(1 / 61 + 1 / 61)
    assert found["RRF, sentence"].quotes[0] == Quoted("a.txt", "White tea is sweet.")
    assert found["RRF, sentence"].candidates == (TEA, COFFEE, WATER)
    # Half of the sentence alone (white, tea, is, sweet), half of it behind "Tea".
    alone, behind = 2 / (2**0.5 * 2), (1 + 2) / (2**0.5 * 7**0.5)
    between = (1 + 2 + 1 + 1) / (2 * 7**0.5)
    length = ((1 + 1 + 2 * between) / 4) ** 0.5
    assert found["RRF, sentence"].confidence == pytest.approx((alone + behind) / 2 / length)
    assert not any(response.refused for response in found.values())


def test_within_one_document(generation: Generation) -> None:
    found = ask(generation, "white tea", ["b.txt"])
    assert found["BM25"] == Response(True, 0.0, (), ())
    assert found["embedding"].quotes == found["RRF"].quotes == (COFFEE,)
    nowhere = ask(generation, "white tea", ["none.txt"])
    assert all(one == Response(True, 0.0, (), ()) for one in nowhere.values())


def guesses(vectors: list[list[float]], answerable: list[bool], about: str) -> list[float]:
    found = question_only(np.array(vectors, dtype=np.float32), answerable, about.split())
    assert all(not one.quotes and not one.refused for one in found)
    return [one.confidence for one in found]


def test_without_anything_to_see_the_control_guesses_the_share_of_the_others() -> None:
    made = guesses([[0.0]] * 4, [True, True, True, False], "a b c d")
    assert made == pytest.approx([2 / 3, 2 / 3, 2 / 3, 1.0], abs=1e-3)


def test_the_control_learns_what_questions_tell() -> None:
    made = guesses([[1.0, 0.0], [0.0, 1.0]] * 6, [True, False] * 6, "a b c d e f g h i j k l")
    assert all(one > 0.6 for one in made[::2])
    assert all(one < 0.4 for one in made[1::2])


def test_one_weight_worked_out_by_hand() -> None:
    # Two folds of +1 answered and -1 not: no constant, and (by the slope at nothing)
    # 2 / (1 + e**w) = w for the weight, whatever fold is held.
    [one, other, *_] = guesses([[1.0], [-1.0]] * 2, [True, False] * 2, "a a b b")
    weight = np.log(one / (1 - one))
    assert 2 / (1 + np.exp(weight)) == pytest.approx(weight, abs=1e-6)
    assert other == pytest.approx(1 - one)


def test_what_belongs_together_is_not_parted() -> None:
    # Only document a has the first kind of question: nothing else tells that it is answered.
    made = guesses([[1.0, 0.0]] * 4 + [[0.0, 1.0]] * 4, [True] * 4 + [False, False, True, False],
                   "a a a a b c d e")  # fmt: skip
    assert all(one < 0.5 for one in made[:4])


def test_nothing_to_learn_from() -> None:
    assert guesses([[1.0], [0.0]], [True, True], "a b") == []
    assert guesses([[1.0], [0.0]], [True, False], "a a") == []
