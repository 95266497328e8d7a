"""Chunks come back from their tables as they were, and what does not fit is found at loading."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from qa.chunk_table import CHUNK_FILES, ChunkTable, ChunkWriter
from qa.chunking import chunk_document
from qa.corpus import make_document
from qa.document import Chunk
from qa.document_table import DOCUMENT_FILES, DocumentTable, DocumentWriter
from qa.errors import DamagedIndex
from qa.generation import load
from qa.index import build
from tests.conftest import ROOT, MakeCorpus
from tests.hostile import HOSTILE
from tests.word_hash import WordHashEmbedder

GIANT = make_document("z-giant.md", ("# One\n\n" + "word and " * 3_000 + "end.\n").encode())
NOTHING_QUOTABLE = make_document("z-none.md", b"# References\n\nSomebody. A paper. 1999.\n")
EMOJI = make_document("zz-emoji.md", "# 🩺\n\nTake 💊💊 at 8\u00a0h. A\u0301gain 𝔄.\n".encode())
DOCUMENTS = [
    *(make_document(name, data) for name, data in HOSTILE.items()),
    GIANT,
    NOTHING_QUOTABLE,
    EMOJI,
]
CHUNKS = [chunk_document(one, WordHashEmbedder().count_tokens) for one in DOCUMENTS]
ALL = [chunk for chunks in CHUNKS for chunk in chunks]


def written(folder: Path, chunks: Sequence[Sequence[Chunk]] = CHUNKS) -> ChunkTable:
    with DocumentWriter(folder) as documents:
        for document in DOCUMENTS[: len(chunks)]:
            documents.append(document)
    with ChunkWriter(folder) as into:
        for part in chunks:
            into.append(part)
    return ChunkTable(folder, DocumentTable(folder))


@pytest.fixture
def table(tmp_path: Path) -> ChunkTable:
    return written(tmp_path)


def test_chunks_come_back_equal(table: ChunkTable) -> None:
    assert len(table) == len(ALL)
    assert list(table) == ALL
    assert [table[row] for row in range(-len(ALL), 0)] == ALL
    assert table[2:5] == ALL[2:5]
    assert table[::-3] == ALL[::-3]
    assert ALL[3] in table
    with pytest.raises(IndexError):
        _ = table[len(ALL)]
    assert table.sentences == sum(len(chunk.sentences) for chunk in ALL)


def test_rows_and_sentences_of_each_document(table: ChunkTable) -> None:
    row = sentence = 0
    for number, chunks in enumerate(CHUNKS):
        rows = table.rows_of(number)
        assert rows == range(row, row + len(chunks))
        assert [table[one] for one in rows] == chunks
        count = sum(len(chunk.sentences) for chunk in chunks)
        found = table.sentence_rows_of(rows)
        assert found == (range(sentence, sentence + count) if count else range(0))
        wanted = dict.fromkeys(one for chunk in chunks for one in chunk.sentences)
        assert table.sentences_of(number) == tuple(wanted)
        row, sentence = row + len(chunks), sentence + count


def test_one_giant_sentence_is_in_several_chunks_and_told_once(table: ChunkTable) -> None:
    number = DOCUMENTS.index(GIANT)
    assert len(table.rows_of(number)) > 10
    assert len(table.sentences_of(number)) == 1


def test_a_corpus_without_any_chunk(tmp_path: Path) -> None:
    table = written(tmp_path, [[], []])
    assert (len(table), list(table), table.sentences) == (0, [], 0)
    assert table.sentences_of(1) == ()


def test_the_same_chunks_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        written(tmp_path / name)
    for name in CHUNK_FILES:
        data = (tmp_path / "a" / name).read_bytes()
        assert data == (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "column", "value", "message"),
    [
        ("chunks.npy", 0, -1, "names document number -1"),
        ("chunks.npy", 0, 99, "names document number 99"),
        ("chunks.npy", 0, len(DOCUMENTS) - 1, "not in the documents' order"),
        ("chunks.npy", 1, -1, "does not lie within"),
        ("chunks.npy", 2, 10**7, "does not lie within"),
        ("chunks.npy", 2, 0, "does not lie within"),
        ("chunks.npy", 3, -1, "names a section that is not there"),
        ("chunks.npy", 3, 99, "names a section that is not there"),
        ("chunks.npy", 4, 0, "does not lie within"),
        ("chunks.npy", 4, 10**7, "does not lie within"),
        ("spans.npy", 0, 9, "does not lie within"),
        ("spans.npy", 0, -1, "does not lie within"),
        ("spans.npy", 1, -1, "does not lie within"),
        ("spans.npy", 2, 0, "does not lie within"),
        ("spans.npy", 3, -1, "names a block that is not there"),
        ("spans.npy", 3, 10**6, "names a block that is not there"),
    ],
)
def test_what_does_not_fit_is_found(
    tmp_path: Path, table: ChunkTable, name: str, column: int, value: int, message: str
) -> None:
    del table
    rows = np.load(tmp_path / name)
    rows[0, column] = value
    np.save(tmp_path / name, rows)
    with pytest.raises(ValueError, match=message):
        ChunkTable(tmp_path, DocumentTable(tmp_path))


def test_one_altered_byte_of_any_table_is_found_at_loading(
    corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    build(corpus_folder({"a.md": "# A\n\nOne. Two.\n"}), tmp_path / "i", WordHashEmbedder())
    folder = load(tmp_path / "i").folder
    for name in (*DOCUMENT_FILES, *CHUNK_FILES):
        sound = (folder / name).read_bytes()
        for at in (0, len(sound) // 2, len(sound) - 1):
            damaged = bytearray(sound)
            damaged[at] ^= 1
            (folder / name).write_bytes(damaged)
            with pytest.raises(DamagedIndex, match=f"{name} was altered"):
                load(tmp_path / "i")
        (folder / name).write_bytes(sound)
    assert load(tmp_path / "i").chunks


SECOND = """
import hashlib, json, sys
from pathlib import Path
from qa import array_file
from qa.generation import load

array_file.READ_WHOLE = 0
generation = load(Path(sys.argv[1]))
told = [repr(chunk) + generation.document(chunk.document_id).text for chunk in generation.chunks]
maps = Path("/proc/self/maps").read_text()
names = [line.rsplit("/", 1)[1] for line in maps.splitlines() if str(generation.folder) in line]
print(json.dumps([hashlib.sha256("".join(told).encode()).hexdigest(), sorted(set(names))]))
"""


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="tells what is mapped: Linux")
def test_a_second_process_maps_the_same_files(corpus_folder: MakeCorpus, tmp_path: Path) -> None:
    build(corpus_folder(dict(HOSTILE)), tmp_path / "i", WordHashEmbedder())
    generation = load(tmp_path / "i")
    told = [repr(one) + generation.document(one.document_id).text for one in generation.chunks]  # type: ignore[union-attr]
    done = subprocess.run(
        [sys.executable, "-c", SECOND, str(tmp_path / "i")],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    told_there, mapped = json.loads(done.stdout)
    assert told_there == hashlib.sha256("".join(told).encode()).hexdigest()
    mine = {"texts.txt", "sections.jsonl", "blocks.npy", *CHUNK_FILES}
    assert {*mine, "vectors.npy", "sentences.npy"} <= set(mapped)
