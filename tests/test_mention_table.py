"""The table of all documents says what `Mentions` says of each, and is the same bytes each time."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

import qa.mention_table
from qa.lexical import Tokenizer
from qa.mention_table import MentionTable, write_mentions
from qa.mentions import Mentions

TERMS_OF = Tokenizer().every
FILES = ("documents.npy", "places.npy", "stream.npy", "terms.npy", "terms.txt")
WORDS = ["thyroid", "cancer", "of", "the", "a", "a", "a", "b", "2", "type", "hepatitis"]
WORDS += ["déjà", "🩺", "ß", "ketamine's"]


def table_of(folder: Path, texts: list[str]) -> MentionTable:
    write_mentions(folder, texts, TERMS_OF)
    return MentionTable(folder, len(texts), TERMS_OF)


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qa.mention_table, "_AT_ONCE", 7)
    monkeypatch.setattr(qa.mention_table, "_LOOKED_AT", 3)


def test_it_says_what_each_document_says(tmp_path: Path, small_steps: None) -> None:
    chance = random.Random(20261126)
    texts = ["", *(" ".join(chance.choices(WORDS, k=chance.randint(0, 25))) for _ in range(60)), ""]
    table = table_of(tmp_path, texts)
    alone = [Mentions(text, TERMS_OF) for text in texts]
    told = 0
    for _ in range(600):
        name = " ".join(chance.choices([*WORDS, "lupus"], k=chance.randint(0, 5)))
        for numbers in ([], [3], chance.sample(range(len(texts)), 5), range(len(texts))):
            wanted = any(alone[n].has(name) for n in numbers)
            assert table.within(numbers).has(name) == wanted, (name, numbers)
            told += wanted
        assert table.has(name) == any(one.has(name) for one in alone), name
    assert 300 < told < 1500


def test_words_of_two_documents_are_not_close(tmp_path: Path) -> None:
    table = table_of(tmp_path, ["about the thyroid", "cancer is rare"])
    assert not table.has("thyroid cancer")
    assert table.has("Thyroids")
    assert table.has("rare cancers")
    assert not table.within([0]).has("cancer")


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_documents_without_a_word(tmp_path: Path, texts: list[str]) -> None:
    table = table_of(tmp_path, texts)
    assert not table.has("lupus")
    assert not table.has("")


def test_the_same_texts_are_the_same_bytes_however_they_are_parted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(7)
    texts = [" ".join(chance.choices(WORDS, k=40)) for _ in range(9)]
    for name, at_once in (("a", 5), ("b", 1000)):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(qa.mention_table, "_AT_ONCE", at_once)
        write_mentions(tmp_path / name, texts, TERMS_OF)
    for name in FILES:
        data = (tmp_path / "a" / "words" / name).read_bytes()
        assert data == (tmp_path / "b" / "words" / name).read_bytes()
    assert sorted(p.name for p in (tmp_path / "a" / "words").iterdir()) == list(FILES)


@pytest.mark.parametrize("name", ["documents.npy", "places.npy", "stream.npy", "terms.npy"])
def test_tables_that_do_not_fit_together(tmp_path: Path, name: str) -> None:
    table_of(tmp_path, ["one two", "three"])
    path = tmp_path / "words" / name
    np.save(path, np.load(path)[:-1])
    with pytest.raises(ValueError, match="do not fit together"):
        MentionTable(tmp_path, 2, TERMS_OF)
