"""What a question takes, from its text to its quotes, beside encoding that text once by torch.

    python tests/benchmarks/question.py [rounds]     all golden questions of the first document

Each question is encoded by `SentenceTransformer.encode` and then asked, in one process; no question
is asked twice in a round. The steps are the program's own account (`Assistant.examine`).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sentence_transformers import SentenceTransformer  # noqa: E402

from qa.assembly import embedder_of  # noqa: E402
from qa.assistant import Assistant  # noqa: E402
from qa.embedding import bundled_folder  # noqa: E402
from qa.golden import read_golden  # noqa: E402
from qa.index import build  # noqa: E402
from qa.reading import SIMILARITY, reading  # noqa: E402
from qa.settings import load_settings  # noqa: E402
from tests.benchmarks.figures import Figure, record  # noqa: E402

ROUNDS = 3
AGAINST = "SentenceTransformer.encode(question)"
NETWORKS = ("encoding", "reading")
"""Steps in which a network runs; of reading the similarity part is counted apart."""


def main() -> None:
    """Builds, asks, records."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    settings = load_settings()
    embedder = embedder_of(settings)
    plain = SentenceTransformer(str(bundled_folder()), device="cpu")
    questions = [one.question for one in read_golden(ROOT / "corpus" / "questions.csv")]
    texts = settings.safety_texts()
    readers = {
        "whole": reading(models=settings.models),
        "similar": reading(SIMILARITY),
    }
    with tempfile.TemporaryDirectory() as folder:
        build(ROOT / "corpus", Path(folder), embedder)
        assistants = {
            name: Assistant(Path(folder), embedder, texts, reader=one)
            for name, one in readers.items()
        }
        for question in questions:  # what is kept of documents is there from now on
            for one in assistants.values():
                one.ask(question)
        times: dict[str, list[float]] = {"plain": [], "whole": [], "similar": []}
        steps: dict[str, list[float]] = {}
        for _ in range(rounds):
            for question in questions:
                times["plain"].append(_timed(lambda q=question: plain.encode(q)))
                for name, one in assistants.items():
                    times[name].append(_timed(lambda a=one, q=question: a.ask(q)))
                _, trace = assistants["similar"].examine(question)
                for step, took in trace.steps:
                    steps.setdefault(step, []).append(took)
    _told(times, steps, rounds, len(questions))


def _told(
    times: dict[str, list[float]], steps: dict[str, list[float]], rounds: int, count: int
) -> None:
    middle = {name: statistics.median(found) for name, found in times.items()}
    plain = middle["plain"]
    rest = sum(statistics.median(found) for name, found in steps.items() if name != "encoding")
    figures = [
        Figure("whole question", middle["whole"], plain, "ms", AGAINST),
        Figure(
            "whole without the reader's network", middle["similar"], plain, "ms", AGAINST, "<= 0.5"
        ),
        Figure("all but the networks", rest, plain, "ms", AGAINST),
        *(
            Figure(
                f"step: {name}{', by similarity' if name == 'reading' else ''}",
                statistics.median(found),
                plain,
                "ms",
                AGAINST,
            )
            for name, found in steps.items()
        ),
    ]
    remark = f"Medians of {rounds} rounds of {count} golden questions."
    record("A question", figures, remark)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
