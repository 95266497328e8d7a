"""The bundled reader by torch: loaded, merged, and read with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from qa.chunking import chunk_document
from qa.corpus import make_document
from qa.embedding import Embedder
from qa.errors import ModelError
from qa.evidence_model import EvidenceModel, merge
from qa.reader_weights import bundled_reader
from qa.types import Passage

TEXT = b"""# Ear drops

## After the drops

Lie on your side for ten minutes. Your hearing may be dull until the evening. The bottle keeps for
four weeks once it is open.
"""


@pytest.fixture(scope="module")
def passage(bundled: Embedder) -> Passage:
    document = make_document("drops.md", TEXT)
    [chunk] = chunk_document(document, bundled.count_tokens)
    texts = [document.text[s.start : s.end] for s in chunk.sentences]
    vectors = bundled.encode([document.text[chunk.start : chunk.end], *texts])
    return Passage(document, chunk, vectors[0], vectors[1:])


@pytest.fixture(scope="module")
def model() -> EvidenceModel:
    return EvidenceModel(bundled_reader())


def read(model: EvidenceModel, passage: Passage, question: str) -> list[float]:
    features = np.full((len(passage.chunk.sentences), 5), 0.3, np.float32)
    [logits] = model.read(question, [passage], [features])
    return [float(one) for one in logits]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("how long do i have to lie down", 0),
        ("i hear so badly since i took them, is that normal?", 1),
        ("can i still use the bottle i opened last month", 2),
    ],
)
def test_it_points_at_the_sentence_that_answers(
    model: EvidenceModel, passage: Passage, question: str, best: int
) -> None:
    # The similarities are the same for all, so what differs was read.
    assert int(np.argmax(read(model, passage, question))) == best


def test_passages_are_read_each_by_itself(model: EvidenceModel, passage: Passage) -> None:
    features = np.full((3, 5), 0.3, np.float32)
    question = "how long do i have to lie down"
    alone = model.read(question, [passage], [features])
    both = model.read(question, [passage, passage], [features, features])
    assert np.allclose(both[0], both[1], atol=1e-4)
    assert np.allclose(alone[0], both[0], atol=1e-4)
    assert model.read(question, [], []) == []


def test_merging_adds_the_low_rank_product() -> None:
    encoder = torch.nn.Sequential(torch.nn.Linear(2, 2, bias=False))
    torch.nn.init.zeros_(encoder[0].weight)
    merge(encoder, {"0.down": torch.tensor([[1.0, 2.0]]), "0.up": torch.tensor([[1.0], [3.0]])})
    assert encoder[0].weight.tolist() == [[2.0, 4.0], [6.0, 12.0]]


def test_a_file_that_lacks_something_says_so(tmp_path: Path, passage: Passage) -> None:
    tensors = load_file(bundled_reader())
    tensors.pop("head.out.weight")
    path = tmp_path / "reader.safetensors"
    save_file(tensors, path)
    with pytest.raises(ModelError, match=r"lacks \['out\.weight'\]"):
        read(EvidenceModel(path), passage, "how long")
    path.write_bytes(b"no tensors")
    with pytest.raises(ModelError, match=r"cannot be loaded"):
        read(EvidenceModel(path), passage, "how long")
