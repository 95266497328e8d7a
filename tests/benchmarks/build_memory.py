"""What a build holds in memory: the usual corpus, and ten times as much, each in its own process.

    .venv/bin/python tests/benchmarks/build_memory.py [--chunks 500] [--model]

The documents are invented leaflets (`tests.mixed_corpus`), no two the same. Words are counted in
place of a model (`tests.word_hash`), whose vectors are the longer ones; with `--model` the bundled
model embeds. The peak is what the system says of the process at its end, mapped files included.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

_TIMES = 10
_CHUNKS_A_LEAFLET = 4
_KILO = 1 if sys.platform == "darwin" else 1024
"""Bytes in one unit of `ru_maxrss`."""


def write_leaflets(corpus: Path, chunks: int) -> None:
    """Fills a folder with documents of about so many chunks."""
    from tests.mixed_corpus import KINDS, leaflet

    suffix, make = KINDS["markdown"]
    corpus.mkdir()
    for number in range(chunks // _CHUNKS_A_LEAFLET):
        chance = random.Random(number)
        data = make(f"Leaflet {number}", leaflet(chance))
        (corpus / f"leaflet-{number:06}{suffix}").write_bytes(data)


def build_and_tell(corpus: Path, index: Path, model: bool) -> None:
    """In a process of its own: builds, and prints what it took as JSON."""
    from qa.embedding import SentenceEmbedder
    from qa.index import build
    from tests.word_hash import WordHashEmbedder

    began = time.perf_counter()
    report = build(corpus, index, SentenceEmbedder() if model else WordHashEmbedder())
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILO
    print(json.dumps({"chunks": report.chunks, "seconds": took, "bytes": peak}))


def measured(work: Path, chunks: int, model: bool) -> dict[str, float]:
    """What a build of so many chunks took."""
    write_leaflets(work / f"corpus-{chunks}", chunks)
    arguments = [str(work / f"corpus-{chunks}"), str(work / f"index-{chunks}")]
    command = [sys.executable, __file__, "--child", *arguments, *(["--model"] * model)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=500, help="of the usual corpus")
    parser.add_argument("--model", action="store_true", help="embed with the bundled model")
    parser.add_argument("--child", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        build_and_tell(*given.child, given.model)
        return
    with tempfile.TemporaryDirectory() as temporary:
        usual, large = (
            measured(Path(temporary), given.chunks * times, given.model) for times in (1, _TIMES)
        )
    for one in (usual, large):
        print(
            f"{one['chunks']:,} chunks: peak {one['bytes'] / 1e6:.0f} MB, {one['seconds']:.1f} s "
            f"({one['chunks'] / one['seconds']:.0f} chunks a second)"
        )
    print(f"ratio of the peaks: {large['bytes'] / usual['bytes']:.3f} (at most 1.2)")
    from tests.benchmarks.figures import Figure, record

    name = f"peak memory of a build of {large['chunks']:,.0f} chunks"
    against = f"of {usual['chunks']:,.0f} chunks"
    sizes = (one["bytes"] / 1e6 for one in (large, usual))
    how = "the bundled model" if given.model else "word counts in place of a model"
    record(f"Memory of a build, {how}", [Figure(name, *sizes, "MB", against, "<= 1.2")])


if __name__ == "__main__":
    main()
