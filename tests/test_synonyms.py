"""Synonyms of a corpus, and what they add to a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.chunking import BuildOptions
from qa.errors import CorpusError
from qa.index import build, is_current
from qa.live import LiveIndex
from qa.synonyms import added_phrases, added_terms, formal_phrases, read_synonyms
from tests.word_hash import WordHashEmbedder

TABLE = {"throw up": "vomiting|nausea", "up": "above", "pee": "bladder"}


@pytest.mark.parametrize(
    ("question", "added"),
    [
        ("Does it make me throw up?", "vomiting nausea above"),
        ("Does it make me THROW  UP", "vomiting nausea above"),
        ("throw it", ""),
        ("Will the bladder make me pee?", ""),
        ("nothing of the kind", ""),
        ("", ""),
    ],
)
def test_phrases_add_what_the_question_lacks(question: str, added: str) -> None:
    assert added_terms(question, TABLE) == added


def test_phrases_keep_their_words_together_and_in_order() -> None:
    table = {"bp": "high  blood pressure | pressure", "high": "up"}
    assert formal_phrases("a | b  c ||") == ["a", "b c"]
    assert added_phrases("Is my BP high?", table) == [
        ("bp", "high blood pressure"),
        ("bp", "pressure"),
        ("high", "up"),
    ]
    assert added_terms("Is my BP high?", table) == "blood pressure up"
    assert added_phrases("bp high blood pressure", table) == [("high", "up")]


def write(folder: Path, data: bytes) -> Path:
    path = folder / "synonyms.csv"
    path.write_bytes(data)
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbflay,formal\r\nThrow  up|puke,vomiting\r\npuke,nausea\r\n")
    assert read_synonyms(path) == {"throw up": "vomiting", "puke": "vomiting|nausea"}
    assert read_synonyms(tmp_path / "none.csv") == {}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"lay,formal\npuke,\n", "line 2: lay or formal words are missing"),
        (b"lay,formal\npuke\n", "line 2: lay or formal words are missing"),
        (b"word,meaning\n", "line 1: the columns are 'lay' and 'formal'"),
        (b"", "line 1: the columns are"),
        (b"lay,formal\npuk\xe9,x\n", "byte 14 is not UTF-8"),
        (b'"' + b"x" * 140_000, "field larger than field limit .* quotation mark"),
        (b'lay,formal\n"' + b"x" * 140_000, "field larger than field limit .* quotation mark"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        read_synonyms(write(tmp_path, data))


def test_a_generation_carries_the_synonyms_of_its_corpus(tmp_path: Path) -> None:
    corpus, index, embedder = tmp_path / "corpus", tmp_path / "index", WordHashEmbedder()
    corpus.mkdir()
    (corpus / "a.md").write_text("Some people have nausea.", "utf-8")

    def current() -> bool:
        return is_current(corpus, index, embedder.identity, BuildOptions())

    build(corpus, index, embedder)
    assert current()
    write(corpus, b"lay,formal\npuke,nausea\n")
    assert not current()
    build(corpus, index, embedder)
    assert current()
    assert LiveIndex(index, embedder.identity).current().synonyms == {"puke": "nausea"}
