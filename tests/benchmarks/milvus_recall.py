"""How many of the ten nearest vectors Milvus' graph (HNSW) finds, on a real Milvus server.

    python tests/benchmarks/milvus_recall.py [--chunks N] [--sets FOLDER] [--texts N]

The vectors and questions are those of `large.py`; a server is started as the tests start it. What
is counted are the candidates that Milvus gives before scores are worked out from the generation.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import qa.milvus_store  # noqa: E402
from qa.milvus_engine import MilvusEngine  # noqa: E402
from qa.vectors import FaissStore  # noqa: E402
from tests.benchmarks.large import moved, real_texts  # noqa: E402
from tests.bundled import bundled_embedder  # noqa: E402
from tests.milvus_places import running_server, server_place  # noqa: E402

COUNT = 10


def main() -> None:
    """Prints, for each number of vectors that the graph looks at, recall@10 and the time."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--chunks", type=int, default=30_000)
    options.add_argument("--sets", type=Path, default=Path("none"))
    options.add_argument("--texts", type=int, default=3_000)
    options.add_argument("--questions", type=int, default=300)
    asked = options.parse_args()

    texts, questions = real_texts(asked.sets, asked.texts)
    embedder = bundled_embedder()
    real, chance = embedder.encode(texts), np.random.default_rng(2)
    vectors = moved(real, real, asked.chunks, chance)
    typed = embedder.encode(questions[: asked.questions])
    probes = moved(typed, real, asked.questions, chance)
    own = FaissStore.build(vectors)
    nearest = [{row for row, _ in own.search(one, COUNT, np.arange(len(own)))} for one in probes]

    with tempfile.TemporaryDirectory() as made, running_server(Path(made) / "server") as server:
        folder = Path(made)
        (folder / "manifest.json").write_text("recall")
        engine = MilvusEngine(server_place(server))
        began = time.monotonic()
        engine.fill(folder, "recall", folder, own)
        print(f"{len(own):,} vectors filled in {time.monotonic() - began:.0f} s")
        print(engine.facts("recall", folder))
        store = engine.open("recall", folder, own)
        for wanted in (10, 50):
            for least in (64, 128, qa.milvus_store._LEAST_LOOK, 512):
                qa.milvus_store._LEAST_LOOK = least
                found, took = 0, []
                for one, rows in zip(probes, nearest, strict=True):
                    began = time.perf_counter()
                    given = store._nearest(one, wanted + qa.milvus_store._MORE, "")
                    took.append((time.perf_counter() - began) * 1000)
                    found += len(rows & set(given.tolist()))
                print(
                    f"{wanted} wanted, ef {qa.milvus_store._furthest(wanted + 32)}: recall@10 "
                    f"{found / COUNT / len(probes):.4f}, {statistics.median(took):.1f} ms"
                )
            qa.milvus_store._LEAST_LOOK = 256


if __name__ == "__main__":
    main()
