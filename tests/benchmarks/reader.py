"""What reading costs: five chunks by the evidence network, beside one plain encoding of a question.

    python tests/benchmarks/reader.py     medians over the first document's golden questions

The time is this machine's, the ratio nearly any machine's.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch

from qa.embedding import SentenceEmbedder
from qa.evidence_model import EvidenceModel, bundled_reader
from qa.generation import load
from qa.golden import read_golden
from qa.index import build
from qa.reader import SimilarityReader
from qa.search import search
from qa.trained_reader import READ

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
QUESTIONS = 60


def main() -> None:
    """Builds, asks, prints."""
    embedder, model = SentenceEmbedder(), EvidenceModel(bundled_reader())
    with tempfile.TemporaryDirectory() as folder:
        build(CORPUS, Path(folder), embedder)
        generation = load(Path(folder))
        encoding, reading, sizes = [], [], []
        for golden in read_golden(CORPUS / "questions.csv")[:QUESTIONS]:
            question = golden.question
            vectors, took = _timed(lambda question=question: embedder.encode([question]))
            encoding.append(took)
            hits = search(generation, question, vectors[0], READ)
            passages = [generation.passage(hit.row) for hit in hits]
            features = SimilarityReader(generation.tokenizer).features(
                question, vectors[0], passages
            )
            parts, at = [], 0
            for passage in passages:
                count = len(passage.chunk.sentences)
                parts.append(features[at : at + count])
                at += count
            texts = [p.document.text[p.chunk.start : p.chunk.end] for p in passages]
            sizes.append(sum(embedder.count_tokens(texts)))
            model.read(question, passages, parts)  # the first reading loads and warms
            _, took = _timed(lambda q=question, p=passages, f=parts: model.read(q, p, f))
            reading.append(took)
    encode, read = statistics.median(encoding), statistics.median(reading)
    print(f"threads               {torch.get_num_threads()}")
    print(f"encoding a question   {encode:6.1f} ms")
    print(
        f"reading {READ} chunks      {read:6.1f} ms, {statistics.median(sizes):.0f} tokens of text"
    )
    print(f"ratio                 {read / encode:6.1f}")


def _timed(work: Callable[[], object]) -> tuple[object, float]:
    began = time.perf_counter()
    made = work()
    return made, (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
