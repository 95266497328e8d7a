"""The trained reader's file: found, and the known one."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from qa import reader_weights
from qa.errors import ModelError
from qa.reader_weights import READER_SHA256, bundled_reader, sha256_of


def test_the_bundled_file_is_the_known_one(tmp_path: Path) -> None:
    copy = tmp_path / "reader.safetensors"
    shutil.copy(bundled_reader(), copy)
    assert sha256_of(copy) == READER_SHA256 == hashlib.sha256(copy.read_bytes()).hexdigest()


def test_an_altered_file_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_weights, "READER_SHA256", "0" * 64)
    with pytest.raises(ModelError, match=r"reader\.safetensors was altered .* It is not used"):
        bundled_reader()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.safetensors cannot be read \(No such file"):
        sha256_of(tmp_path / "none.safetensors")
