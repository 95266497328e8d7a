"""Folders of exported models: whole or not there, made by one of several who ask."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from qa.errors import ModelError
from qa.exported import find_or_make, read_exported


class Maker:
    """Writes a model of a few bytes, and counts how often."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, folder: Path) -> Mapping[str, Any]:
        self.made += 1
        (folder / "encoder.onnx").write_bytes(b"weights")
        (folder / "tokenizer.json").write_text("{}", "utf-8")
        return {"dimension": 3}


def test_it_is_made_once_and_found_again(tmp_path: Path) -> None:
    make = Maker()
    first = find_or_make(tmp_path / "models", "key", make, "The model")
    second = find_or_make(tmp_path / "models", "key", make, "The model")
    assert make.made == 1
    assert first == second
    assert first.record["dimension"] == 3
    assert first.encoder.read_bytes() == b"weights"
    assert first.sha256 == hashlib.sha256(b"weights").hexdigest()
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == ["export.lock", "key"]


@pytest.mark.parametrize("what", ["byte", "gone", "record", "form"])
def test_what_is_not_whole_is_made_again(tmp_path: Path, what: str) -> None:
    make = Maker()
    found = find_or_make(tmp_path, "key", make, "The model")
    record = found.folder / "model.json"
    if what == "byte":
        found.encoder.write_bytes(b"weighty")
    elif what == "gone":
        found.tokenizer.unlink()
    elif what == "record":
        record.write_text("{", "utf-8")
    else:
        record.write_text(json.dumps(json.loads(record.read_text()) | {"form": 0}), "utf-8")
    assert read_exported(found.folder) is None
    assert find_or_make(tmp_path, "key", make, "The model") == found
    assert make.made == 2


def test_of_several_who_ask_one_makes_it(tmp_path: Path) -> None:
    make = Maker()
    asking = [
        threading.Thread(target=find_or_make, args=(tmp_path, "key", make, "The model"))
        for _ in range(6)
    ]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert make.made == 1


def test_a_failed_export_leaves_nothing_half_made(tmp_path: Path) -> None:
    def fail(folder: Path) -> Mapping[str, Any]:
        (folder / "encoder.onnx").write_bytes(b"half")
        raise ModelError("no such layer")

    with pytest.raises(ModelError, match="no such layer"):
        find_or_make(tmp_path, "key", fail, "The model")
    assert [path.name for path in tmp_path.iterdir()] == ["export.lock"]


def test_what_a_killed_export_left_is_swept_away(tmp_path: Path) -> None:
    left = tmp_path / ".exporting-abc" / "model"
    left.mkdir(parents=True)
    (left / "encoder.onnx").write_bytes(b"half of it")
    find_or_make(tmp_path, "key", Maker(), "The model")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.lock", "key"]


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file", "utf-8")
    with pytest.raises(ModelError, match=r"The model cannot be exported .*Run `qa build` once"):
        find_or_make(tmp_path / "models", "key", Maker(), "The model")


def test_a_full_disk_is_told_with_what_to_do(tmp_path: Path) -> None:
    def full(folder: Path) -> dict[str, str]:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))

    with pytest.raises(
        ModelError, match=r"No space left.*Make room on the disk \(.* free\)"
    ) as told:
        find_or_make(tmp_path / "models", "key", full, "The model")
    assert "torch" not in str(told.value)
