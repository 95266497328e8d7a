"""What embedding through Ray costs: the workers of a local cluster beside this process, in turns.

    python tests/benchmarks/ray_build.py [--texts 1200] [--rounds 3]

On one machine both have the same cores, so that the best ratio is about 1: what is missing is what
Ray takes for carrying texts and vectors. Starting it, once a build, is a figure of its own.
"""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from qa.embedding import SentenceEmbedder  # noqa: E402
from qa.ray_embedding import RayEmbedder  # noqa: E402
from tests.benchmarks.figures import Figure, record, side_by_side  # noqa: E402


def texts_of(count: int) -> list[str]:
    """Different texts: those of the shipped document in pairs, each with a number."""
    source = (ROOT / "corpus" / "ketamine-for-ptsd.md").read_text("utf-8")
    lines = [line.strip() for line in source.splitlines() if len(line) > 30]
    return [
        f"{lines[n % len(lines)]} {lines[(n * 7 + 3) % len(lines)]} {n}"[:400] for n in range(count)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=1200)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    texts = texts_of(given.texts)
    local = SentenceEmbedder()

    def embedded(embedder: SentenceEmbedder | RayEmbedder) -> bytes:
        return np.concatenate(list(embedder.encode_alone(texts))).tobytes()

    here = embedded(local)
    with RayEmbedder(local, partial(SentenceEmbedder, threads=1)) as ray:
        began = time.perf_counter()
        there = embedded(ray)
        first = (time.perf_counter() - began) * 1000
        ways = {"local": lambda: embedded(local), "ray": lambda: embedded(ray)}
        took = side_by_side(ways, given.rounds, warm=0)
        cores = ray.cores
    if here != there:
        raise SystemExit("The vectors differ.")
    record(
        "Embedding on a Ray cluster",
        [
            Figure(
                f"{len(texts):,} texts by {cores} workers of a local Ray cluster",
                took["ray"],
                took["local"],
                "ms",
                f"`encode_alone` in this process with {cores} threads",
            ),
            Figure(
                "the same with the cluster's start and loading the model in each worker",
                first,
                took["local"],
                "ms",
                "as above",
            ),
        ],
        "The vectors were the same to the last bit. A cluster of several machines was never run.",
    )


if __name__ == "__main__":
    main()
