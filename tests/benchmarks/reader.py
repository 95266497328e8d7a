"""What reading costs: five passages by the evidence network, beside one plain encoding of a
question by sentence-transformers.

    python tests/benchmarks/reader.py       medians over the first document's golden questions
    python tests/benchmarks/reader.py 8     the same, and with so many questions at once

Everything is done by turns in one process: a question is encoded, read by torch, and read as it is
served.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from figures import Figure, record
from numpy.typing import NDArray

from qa.embedding import SentenceEmbedder
from qa.evidence_export import evidence_for
from qa.evidence_model import EvidenceModel
from qa.evidence_session import OnnxEvidence
from qa.generation import Generation, load
from qa.golden import read_golden
from qa.index import build
from qa.onnx_session import EncoderSession, cores
from qa.packing import Packed, context_of, segments
from qa.reader import SimilarityReader
from qa.reader_weights import bundled_reader
from qa.search import search
from qa.trained_reader import READ
from qa.types import Passage

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"
MODELS = ROOT / "build" / "models"
QUESTIONS = 24
ENCODING = "sentence-transformers encodes the question"


@dataclass(frozen=True, slots=True)
class Job:
    """A question with what is read for it."""

    question: str
    passages: Sequence[Passage]
    features: Sequence[NDArray[np.float32]]


def main() -> None:
    """Builds, asks, records."""
    embedder, network = SentenceEmbedder(), EvidenceModel(bundled_reader())
    half = EvidenceModel(bundled_reader())
    half.network.encoder.to(torch.bfloat16)
    served = evidence_for(bundled_reader(), MODELS)
    with tempfile.TemporaryDirectory() as folder:
        build(CORPUS, Path(folder), embedder)
        jobs = _jobs(load(Path(folder)), embedder)
    ways: dict[str, Callable[[Job], object]] = {
        ENCODING: lambda job: embedder.encode([job.question]),
        "read by torch, bfloat16": lambda job: half.read(job.question, job.passages, job.features),
        "read by torch, float32": lambda job: network.read(
            job.question, job.passages, job.features
        ),
        "read as served": lambda job: served.read(job.question, job.passages, job.features),
    }
    took = _by_turns(ways, jobs)
    encoding = took.pop(ENCODING)
    figures = [Figure(name, ms, encoding, "ms", ENCODING) for name, ms in took.items()]
    figures += _parts(served, jobs, took["read as served"])
    figures += _threads(served, jobs)
    if len(sys.argv) > 1:
        figures += _at_once(served, jobs, int(sys.argv[1]))
    tokens = [len(one.ids) for job in jobs for one in _packed(served, job)]
    record(
        "Reading for evidence",
        figures,
        f"{READ} passages a question, {statistics.median(tokens):.0f} tokens each with the "
        f"question; {cores()} threads, torch has {torch.get_num_threads()}.",
    )


def _jobs(generation: Generation, embedder: SentenceEmbedder) -> list[Job]:
    made = []
    golden = read_golden(CORPUS / "questions.csv")
    for question in [one.question for one in golden[:: len(golden) // QUESTIONS]]:
        [vector] = embedder.encode([question])
        hits = search(generation, question, vector, READ)
        passages = [generation.passage(hit.row) for hit in hits]
        features = SimilarityReader(generation.tokenizer).features(question, vector, passages)
        ends = np.cumsum([len(passage.chunk.sentences) for passage in passages])
        made.append(Job(question, passages, np.split(features.astype(np.float32), ends[:-1])))
    return made


def _by_turns(ways: dict[str, Callable[[Job], object]], jobs: Sequence[Job]) -> dict[str, float]:
    """Median milliseconds of each way over the questions; the first question warms all."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number, job in enumerate([jobs[0], *jobs]):
        for name, work in ways.items():
            took = _timed(lambda work=work, job=job: work(job))
            if number:
                times[name].append(took)
    return {name: statistics.median(found) for name, found in times.items()}


def _packed(served: OnnxEvidence, job: Job) -> list[Packed]:
    made = []
    for passage, features in zip(job.passages, job.features, strict=True):
        text = passage.document.text
        sentences = [text[one.start : one.end] for one in passage.chunk.sentences]
        made.append(served.packed(job.question, context_of(passage), sentences, features))
    return made


def _parts(served: OnnxEvidence, jobs: Sequence[Job], whole: float) -> list[Figure]:
    """What packing, the encoder and the head take of it, one after the other in one thread."""
    session, head = served.__dict__["_session"], served.__dict__["_head"]
    packing, encoding, heads = [], [], []
    for job in jobs:
        packing.append(_timed(lambda job=job: _packed(served, job)))
        encoder, above = 0.0, 0.0
        for one in _packed(served, job):
            given = one.ids.astype(np.int64)[None]
            began = time.perf_counter()
            [hidden] = session.hidden(given, types=segments(one)[None])
            encoder += (time.perf_counter() - began) * 1000
            above += _timed(lambda hidden=hidden, one=one: head.logits(hidden, one))
        encoding.append(encoder)
        heads.append(above)
    parts = {
        "of it: tokens": packing,
        "of it: encoder, in one thread": encoding,
        "of it: head": heads,
    }
    return [
        Figure(name, statistics.median(took), whole, "ms", "read as served")
        for name, took in parts.items()
    ]


def _threads(served: OnnxEvidence, jobs: Sequence[Job]) -> list[Figure]:
    """Passages side by side, a thread each, or one after the other with all threads on each."""
    path = next(MODELS.glob("*-reader-fp32")) / "encoder.onnx"
    wide, head = EncoderSession(path), served.__dict__["_head"]

    def one_by_one(job: Job) -> None:
        for one in _packed(served, job):
            [hidden] = wide.hidden(one.ids.astype(np.int64)[None], types=segments(one)[None])
            head.logits(hidden, one)

    side_by_side = "passages side by side, a thread each"
    took = _by_turns(
        {
            side_by_side: lambda job: served.read(job.question, job.passages, job.features),
            "one after the other, all threads on each": one_by_one,
        },
        jobs,
    )
    base = took.pop(side_by_side)
    return [Figure(name, ms, base, "ms", side_by_side) for name, ms in took.items()]


def _at_once(served: OnnxEvidence, jobs: Sequence[Job], askers: int) -> list[Figure]:
    """Questions a second with so many askers, beside one."""

    def read(job: Job) -> object:
        return served.read(job.question, job.passages, job.features)

    alone = len(jobs) / _timed(lambda: [read(job) for job in jobs]) * 1000
    with ThreadPoolExecutor(askers) as threads:
        together = len(jobs) / _timed(lambda: list(threads.map(read, jobs))) * 1000
    return [Figure(f"{askers} askers at once", together, alone, "questions/s", "one asker")]


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
