"""The exported reader is the trained one: its logits are torch's, and a file is checked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from qa.embedding import Embedder
from qa.errors import ModelError
from qa.evidence_export import _SENTENCES, _TRIED, TOLERANCE, evidence_for, export_reader
from qa.evidence_model import EvidenceModel
from qa.packing import FEATURES
from qa.reader_weights import READER_SHA256, bundled_reader
from tests.bundled import EXPORTED


def test_its_logits_are_those_of_torch(bundled: Embedder) -> None:
    torch_s, onnx = EvidenceModel(bundled_reader()), evidence_for(bundled_reader(), EXPORTED)
    features = np.full((len(_SENTENCES), FEATURES), 0.3, np.float32)
    for question, context in _TRIED:
        packed = onnx.packed(question, context, _SENTENCES, features)
        assert onnx.logits(packed) == pytest.approx(torch_s.logits([packed]), abs=1e-4)
    assert TOLERANCE < 0.01


def test_it_is_kept_by_the_hash_of_what_it_was_made_of(bundled: Embedder) -> None:
    found = export_reader(bundled_reader(), EXPORTED)
    assert found.folder.name.startswith(READER_SHA256[:16])
    assert found.record["reader"]["sha256"] == READER_SHA256


def test_reading_imports_no_torch(bundled: Embedder) -> None:
    export_reader(bundled_reader(), EXPORTED)
    code = (
        "import sys; from pathlib import Path; from qa.reading import reading; "
        f"reading(models=Path({str(EXPORTED)!r})).make(str.split); "
        "print([one for one in ('torch', 'transformers', 'scipy') if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_a_file_that_lacks_something_says_so(tmp_path: Path) -> None:
    tensors = load_file(bundled_reader())
    tensors.pop("head.out.weight")
    path = tmp_path / "reader.safetensors"
    save_file(tensors, path)
    with pytest.raises(ModelError, match=r"lacks \['out\.weight'\]"):
        evidence_for(path, tmp_path / "models")
    path.write_bytes(b"no tensors")
    with pytest.raises(ModelError, match=r"cannot be loaded"):
        evidence_for(path, tmp_path / "models")
    assert not [one for one in (tmp_path / "models").iterdir() if one.is_dir()]
