"""What is written is what the program loads."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from qa.embedding import Embedder
from qa.evidence_model import EvidenceModel, bundled_encoder
from qa.evidence_network import collate
from qa.generation import load
from qa.index import build
from qa.packing import context_of
from qa.reader_weights import sha256_of
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder
from training.examples import PassageExample
from training.export import write_record, write_weights
from training.learning import make_network
from training.packing import Packer
from training.recipe import Recipe

LEAFLET = (
    "# Casts\n\nKeep the cast dry. It stays on for six weeks.\n\n## At night\n\nRaise the arm.\n"
)


def test_the_program_reads_with_the_exported_network(
    bundled: Embedder, packer: Packer, corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    build(corpus_folder({"casts.md": LEAFLET}), tmp_path / "index", WordHashEmbedder())
    generation = load(tmp_path / "index")
    passages = [generation.passage(row) for row in range(len(generation.chunks))]
    numbers = np.random.default_rng(0)
    features = [
        numbers.uniform(0, 1, (len(one.chunk.sentences), 5)).astype(np.float32) for one in passages
    ]
    examples = [
        PassageExample(
            0,
            context_of(one),
            tuple(one.document.text[s.start : s.end] for s in one.chunk.sentences),
            np.zeros(len(one.chunk.sentences), np.int8),
            given,
        )
        for one, given in zip(passages, features, strict=True)
    ]
    batch = collate([packer("May it get wet?", one) for one in examples])
    network = make_network(bundled_encoder(), Recipe(rank=4)).eval()
    with torch.inference_mode():
        untrained = network(batch).numpy()
    torch.manual_seed(1)
    for name, parameter in network.named_parameters():
        if ".up." in name or name.startswith(("mix.", "out.", "weight.", "late.")):
            torch.nn.init.normal_(parameter, std=0.05 if ".up." in name else 0.2)
    with torch.inference_mode():
        expected = network(batch).numpy()
    written = write_weights(tmp_path / "out" / "reader.safetensors", network)

    model = EvidenceModel(tmp_path / "out" / "reader.safetensors")
    found = np.concatenate(model.read("May it get wet?", passages, features))
    moved = np.abs(expected - untrained).max()
    assert sha256_of(tmp_path / "out" / "reader.safetensors") == written
    assert moved > 0.3
    assert np.abs(found - expected).max() < 0.1 * moved  # the encoder may read in bfloat16


def test_a_training_that_went_astray_is_not_written(bundled: Embedder, tmp_path: Path) -> None:
    network = make_network(bundled_encoder(), Recipe(rank=1))
    torch.nn.init.constant_(network.out.bias, float("nan"))
    with pytest.raises(ValueError, match=r"head\.out\.bias"):
        write_weights(tmp_path / "reader.safetensors", network)
    assert not (tmp_path / "reader.safetensors").exists()


def test_the_record_says_how_it_was_made(tmp_path: Path) -> None:
    sets = {"leaflets": {"questions": 3, "questions.jsonl_sha256": hashlib.sha256().hexdigest()}}
    write_record(
        tmp_path / "training.json",
        "ab",
        Recipe(),
        sets,
        {"fold": 0, "folds": 2},
        {"fold-0-of-2": {}},
        None,
    )
    found = json.loads((tmp_path / "training.json").read_text("utf-8"))
    assert found["weights"] == {"file": "reader.safetensors", "sha256": "ab"}
    assert (found["recipe"]["seed"], found["recipe"]["rank"]) == (7, 32)
    assert found["sets"] == sets
    assert set(found["versions"]) >= {"python", "torch", "transformers"}
