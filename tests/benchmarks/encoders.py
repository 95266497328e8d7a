"""The embedding model by ONNX Runtime beside sentence-transformers, with the same weights.

    python tests/benchmarks/encoders.py            one question, three texts, 300 passages
    python tests/benchmarks/encoders.py --sweep    tokens that run together, and threads, tried

Passages are the sentences of the first document's chunks put together as the program embeds them,
repeated with other words before them until there are 300, so that none is the same.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from sentence_transformers import SentenceTransformer  # noqa: E402

from qa import onnx_embedder  # noqa: E402
from qa.embedding import bundled_folder  # noqa: E402
from qa.generation import load  # noqa: E402
from qa.golden import read_golden  # noqa: E402
from qa.index import build  # noqa: E402
from qa.onnx_embedder import OnnxEmbedder  # noqa: E402
from qa.onnx_session import EncoderSession, cores  # noqa: E402
from tests.benchmarks.figures import Figure, record, side_by_side  # noqa: E402
from tests.bundled import bundled_embedder, exported_bundled  # noqa: E402

PASSAGES = 300
ROUNDS = 3
AGAINST = "SentenceTransformer.encode, its defaults"


def main() -> None:
    """Encodes by turns, records."""
    embedder = bundled_embedder()
    assert isinstance(embedder, OnnxEmbedder)
    questions = [one.question for one in read_golden(ROOT / "corpus" / "questions.csv")]
    passages = _passages()
    if "--sweep" in sys.argv:
        _sweep(passages)
        return
    plain = SentenceTransformer(str(bundled_folder()), device="cpu")
    turn = _turns(questions)
    one = side_by_side(
        {
            "plain": lambda: plain.encode(next(turn)[0]),
            "ours": lambda: embedder.encode(next(turn)[:1]),
            "plain, three": lambda: plain.encode(next(turn)),
            "ours, three": lambda: embedder.encode(next(turn)),
        },
        rounds=100,
        warm=10,
    )
    many = side_by_side(
        {
            "plain": lambda: plain.encode(passages),
            "ours": lambda: list(embedder.encode_alone(passages)),
        },
        rounds=ROUNDS,
        warm=1,
    )
    known = plain.encode(passages, normalize_embeddings=True)
    off = float(np.abs(known - np.concatenate(list(embedder.encode_alone(passages)))).max())
    rate = {name: PASSAGES / took * 1000 for name, took in many.items()}
    against = AGAINST
    record(
        "Encoding",
        [
            Figure("one question", one["ours"], one["plain"], "ms", against),
            Figure("three questions", one["ours, three"], one["plain, three"], "ms", against),
            Figure("passages", rate["ours"], rate["plain"], "passages/s", against, ">= 2"),
        ],
        f"Vectors of passages differ by {off:.1g} at most.",
    )


def _turns(questions: list[str]) -> Iterator[list[str]]:
    at = 0
    while True:
        yield [questions[(at + i) % len(questions)] for i in range(3)]
        at += 1


def _passages() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        build(ROOT / "corpus", Path(folder), bundled_embedder())
        generation = load(Path(folder))
        found = []
        for chunk in generation.chunks:
            document = generation.document(chunk.document_id)
            assert document
            section = document.sections[chunk.section]
            above = [document.title, *section.path]
            found.append("\n".join([*above, document.text[chunk.start : chunk.end]]))
    return [f"Part {i}. {found[i % len(found)]}" for i in range(PASSAGES)]


def _sweep(passages: list[str]) -> None:
    """Passages a second by tokens that run together, and by how threads share the work."""
    embedder, count = bundled_embedder(), cores()
    path = exported_bundled().encoder
    sessions = [EncoderSession(path, threads=1) for _ in range(count)]
    ways = {"one session, all threads": [EncoderSession(path)], "a session a core": sessions}
    for tokens in (512, 1_024, 2_048, 4_096, 8_192):
        onnx_embedder._TOKENS = tokens
        for name, ready in ways.items():
            best = min(_seconds(embedder, passages, ready) for _ in range(ROUNDS))
            print(f"{tokens:6} tokens, {name:26} {PASSAGES / best:7.1f} passages/s", flush=True)


def _seconds(embedder: OnnxEmbedder, passages: list[str], sessions: list[EncoderSession]) -> float:
    ids = [embedder._truncating.encode(text).ids for text in passages]
    batches = list(onnx_embedder._batches([len(one) for one in ids]))

    def run(number: int) -> None:
        for rows in batches[number :: len(sessions)]:
            length = max(len(ids[row]) for row in rows)
            filled = np.zeros((len(rows), length), dtype=np.int64)
            mask = np.zeros_like(filled)
            for place, row in enumerate(rows):
                filled[place, : len(ids[row])] = ids[row]
                mask[place, : len(ids[row])] = 1
            sessions[number].hidden(filled, mask)

    began = time.perf_counter()
    with ThreadPoolExecutor(len(sessions)) as pool:
        list(pool.map(run, range(len(sessions))))
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
