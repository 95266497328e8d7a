"""Documents come back from their files as they were, when they are asked for, and checked."""

from __future__ import annotations

import gc
import pickle
import weakref
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

import qa.document_table
from qa import array_file
from qa.corpus import make_document
from qa.document import Block, BlockKind, Document, Section
from qa.document_table import DOCUMENT_FILES, DocumentTable, DocumentWriter
from qa.errors import DamagedIndex
from tests.hostile import HOSTILE

GIANT = make_document("giant.md", ("# One\n\n" + "word and " * 60_000 + "end.\n").encode())
EMOJI = make_document(
    "pictures.md", "# 🩺 Tïtle\n\nTake 💊💊 at 8\u00a0h. A\u0301\u2028gain 𝔄.\n".encode()
)
EMPTY = Document("empty.md", "", "", "e3b0c442", (), (), "0" * 64)
DOCUMENTS = [*(make_document(name, data) for name, data in HOSTILE.items()), GIANT, EMOJI]


def written(folder: Path, documents: list[Document]) -> DocumentTable:
    with DocumentWriter(folder) as into:
        for document in documents:
            into.append(document)
    return DocumentTable(folder)


@pytest.fixture
def table(tmp_path: Path) -> DocumentTable:
    return written(tmp_path, DOCUMENTS)


def test_documents_come_back_equal(table: DocumentTable) -> None:
    assert len(table) == len(DOCUMENTS)
    for stored, made in zip(table, DOCUMENTS, strict=True):
        assert isinstance(stored, Document)
        for field in fields(Document):
            assert getattr(stored, field.name) == getattr(made, field.name), field.name
        assert stored == made
        assert made == stored
        assert hash(stored) == hash(made)
        assert stored.section_at(0) == made.section_at(0)
        assert repr(stored).partition("(")[2] == repr(made).partition("(")[2]
    assert list(table) == DOCUMENTS
    assert table[1:3] == DOCUMENTS[1:3]
    assert table[-1] == EMOJI
    assert table[0] != table[1]
    assert table[0] != "text"


def test_a_stored_document_can_be_changed_copied_and_sent(table: DocumentTable) -> None:
    changed = replace(table[0], meta=(("language", "es"),))
    assert changed == replace(DOCUMENTS[0], meta=(("language", "es"),))
    assert changed != table[0]
    assert pickle.loads(pickle.dumps(table[0])) == DOCUMENTS[0]
    with pytest.raises(AttributeError, match="cannot assign"):
        table[0].text = "other"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = table[0].nothing  # type: ignore[attr-defined]


def test_documents_with_nothing_in_them(tmp_path: Path) -> None:
    assert len(written(tmp_path, [])) == 0
    made = replace(EMPTY, sha256="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    [stored] = written(tmp_path, [made])
    assert stored == made
    assert stored.text == ""


def test_lone_surrogates_are_no_text(tmp_path: Path) -> None:
    """As before: no reader gives them, and no file can hold them as UTF-8."""
    with DocumentWriter(tmp_path) as into, pytest.raises(UnicodeEncodeError):
        into.append(replace(EMPTY, text="a\ud800b"))


def test_the_same_documents_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, DOCUMENTS)
    for name in DOCUMENT_FILES:
        data = (tmp_path / "a" / name).read_bytes()
        assert data == (tmp_path / "b" / name).read_bytes()
    whole = (tmp_path / "a" / "texts.txt").read_bytes()
    assert whole == "".join(one.text for one in DOCUMENTS).encode()


def test_few_texts_are_held_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qa.document_table, "_KEPT_CHARACTERS", 100)
    table = written(tmp_path, DOCUMENTS)
    texts = [one.text for one in table]
    assert texts == [one.text for one in DOCUMENTS]
    assert table[0].text is not texts[0]  # read again
    assert table[0].text is table[0].text


def test_a_text_that_is_altered_after_loading_is_not_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(array_file, "READ_WHOLE", 0)  # as large ones are mapped
    table = written(tmp_path, [EMOJI, GIANT])
    with (tmp_path / "texts.txt").open("r+b") as file:
        file.seek(4)
        file.write(b"X")
    assert table[1].text == GIANT.text
    with pytest.raises(
        DamagedIndex, match=r"texts\.txt: .*'pictures\.md' is not the one its SHA-256"
    ):
        _ = table[0].text


def test_blocks_that_do_not_fit_are_found_at_once(tmp_path: Path) -> None:
    text, sha = "Ab.", "0" * 64
    sections = (Section("", 0, 0, 3, "top"),)
    for block in (
        Block(BlockKind.ITEM, 0, 4, 0),
        Block(BlockKind.ITEM, -1, 2, 0),
        Block(BlockKind.ITEM, 2, 1, 0),
        Block(BlockKind.ITEM, 0, 3, 1),
    ):
        with pytest.raises(ValueError, match=r"a block at .* does not fit 'x\.md'"):
            written(tmp_path, [EMOJI, Document("x.md", "", text, sha, sections, (block,), sha)])


def test_two_documents_of_one_id(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two documents of the same id"):
        written(tmp_path, [EMOJI, EMOJI])


def test_the_files_are_let_go_of_with_the_last_document(tmp_path: Path) -> None:
    """Without the collector of cycles: some systems cannot move files that are still mapped."""
    table = written(tmp_path, DOCUMENTS)
    _ = [one.blocks and one.text for one in table]
    gone = weakref.ref(table[0]._body.func.__self__)  # type: ignore[attr-defined]
    gc.disable()
    try:
        del table
        assert gone() is None
    finally:
        gc.enable()


def test_sizes_are_told_without_reading(table: DocumentTable) -> None:
    assert np.array_equal(table.characters, [len(one.text) for one in DOCUMENTS])
    assert np.array_equal(table.sections, [len(one.sections) for one in DOCUMENTS])
    assert np.array_equal(table.blocks, [len(one.blocks) for one in DOCUMENTS])


def test_the_whole_document_is_that_which_was_written(table: DocumentTable) -> None:
    for one, made in zip(table, DOCUMENTS, strict=True):
        whole = one.whole()
        assert type(whole) is Document
        assert whole == made
