"""Exported encoders: the same bits in any company, and files that are none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qa.embedding import Embedder
from qa.errors import ModelError
from qa.onnx_session import EncoderSession, cores
from tests.bundled import exported_bundled
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def sessions(bundled: Embedder) -> list[EncoderSession]:
    """The bundled encoder with one thread and with two."""
    path = exported_bundled().encoder
    return [EncoderSession(path, 1), EncoderSession(path, 2)]


@pytest.mark.parametrize("length", [3, 16, 33, 120])
def test_a_row_has_the_same_bits_alone_padded_and_in_more_threads(
    sessions: list[EncoderSession], length: int
) -> None:
    chance = np.random.default_rng(length)
    ids = chance.integers(1_000, 20_000, (7, length))
    alone = np.concatenate([sessions[0].hidden(row[None]) for row in ids])
    padded = np.zeros((7, length + 29), dtype=np.int64)
    mask = padded.copy()
    padded[:, :length], mask[:, :length] = ids, 1
    for session in sessions:
        assert np.array_equal(session.hidden(ids), alone)
        assert np.array_equal(session.hidden(padded, mask)[:, :length], alone)


def test_hidden_vectors_are_float32_a_token(sessions: list[EncoderSession]) -> None:
    found = sessions[0].hidden(np.array([[101, 2003, 102]]))
    assert (found.shape, found.dtype) == ((1, 3, 384), np.float32)


def test_a_file_that_is_no_model_says_how_to_make_it_anew(tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"encoder\.onnx cannot be loaded .*`qa build`"):
        EncoderSession(tmp_path / "encoder.onnx")


def test_there_is_at_least_one_core() -> None:
    assert cores() >= 1


def test_nothing_is_reported_to_the_makers_of_the_runtime(tmp_path: Path) -> None:
    """What it would send it first keeps in the home folder, with a number for the machine."""
    code = (
        "import numpy, qa.onnx_session as one; from pathlib import Path\n"
        f"session = one.EncoderSession(Path({str(exported_bundled().encoder)!r}), 1)\n"
        "session.hidden(numpy.ones((1, 8), dtype=numpy.int64))\n"
    )
    # It keeps quiet by itself where it sees a test or a build server.
    quiet = ("CI", "ORT_", "GITHUB_", "XDG_", "TF_BUILD", "PYTEST_", "QUOTEWELL_CI")
    env = {name: value for name, value in os.environ.items() if not name.startswith(quiet)}
    home = {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], env={**env, **home}, check=True)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
