"""Memory over many fresh questions: in this process, and in `qa serve` asked by 16 at a time.

    python tests/benchmarks/soak.py                            50,000 here and 5,000 there; an hour
    python tests/benchmarks/soak.py --here 5000 --there 1000   a few minutes
    python tests/benchmarks/soak.py --reader similarity        without the trained reader: faster

What is kept of a question, in any cache, would show as memory that grows with their number. Its
growth over the second half of the run is given, by the line of least squares: the first half is
left out, since libraries take what they need then.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from qa.assistant import Assistant  # noqa: E402
from qa.batching import BatchingEmbedder  # noqa: E402
from qa.index import build  # noqa: E402
from qa.notices import Line, SafetyTexts  # noqa: E402
from qa.reading import reading  # noqa: E402
from tests.benchmarks.askers import by_api, by_chat  # noqa: E402
from tests.benchmarks.asking import fresh_questions, growth, resident_mb  # noqa: E402
from tests.benchmarks.figures import Figure, record  # noqa: E402
from tests.bundled import bundled_embedder  # noqa: E402
from tests.first_corpus import lasting_corpus  # noqa: E402
from tests.web.real_server import RealServer  # noqa: E402

SAMPLES = 50
"""How often memory is looked at; the second half of them counts."""
THREADS = 4
CALLERS = 16
BROWSERS = 200
"""Sessions that ask in the chat by turns. Gradio keeps 30 kB for each of the last 500, without the
question: that many are there before the second half begins."""


def here(index: Path, reader: str, count: int) -> list[float]:
    """Megabytes of this process, after each fiftieth of the questions."""
    texts = SafetyTexts(country="US", emergency="911", lines=(Line("988 Lifeline", "988"),))
    embedder = BatchingEmbedder(bundled_embedder())
    assistant = Assistant(index, embedder, texts, reader=reading(reader))
    questions = fresh_questions()
    found = []
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(SAMPLES):
            asked = [next(questions) for _ in range(count // SAMPLES)]
            # In parts, so that the list of what is done does not grow itself.
            for begin in range(0, len(asked), 100):
                list(pool.map(assistant.ask, asked[begin : begin + 100]))
            found.append(resident_mb())
    return found


async def there(server: RealServer, count: int) -> list[float]:
    """Megabytes of the server, after each fiftieth of the questions; half are asked in the chat."""
    limits = httpx.Limits(max_connections=CALLERS)
    found = []
    async with httpx.AsyncClient(base_url=server.url, timeout=120, limits=limits) as client:
        api, chat = by_api(client), await by_chat(client)
        numbers = itertools.count()

        async def some(asked: Iterator[str]) -> None:
            for question in asked:
                number = next(numbers)
                status = await (api if number % 2 else chat)(question, number // 2 % BROWSERS)
                assert status == 200, status

        for _ in range(SAMPLES):
            questions = iter([next(QUESTIONS) for _ in range(count // SAMPLES)])
            await asyncio.gather(*(some(questions) for _ in range(CALLERS)))
            found.append(resident_mb(server.process.pid))
    return found


QUESTIONS = fresh_questions(23)


def figure(name: str, samples: list[float], count: int) -> Figure:
    """Memory at the end of the second half beside its beginning, by its line."""
    middle = samples[len(samples) // 2]
    print(f"{name}: {', '.join(f'{one:.0f}' for one in samples[:: SAMPLES // 10])} MB")
    name = f"{name}, memory over the second half of {count:,} questions"
    return Figure(name, middle * (1 + growth(samples)), middle, "MB", "at half time", "<= 1.02")


def main() -> None:
    """Asks, and records how memory grew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reader", default="bundled", choices=["bundled", "similarity"])
    parser.add_argument("--here", type=int, default=50_000)
    parser.add_argument("--there", type=int, default=5_000)
    given = parser.parse_args()
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        build(lasting_corpus(Path(folder) / "corpus"), index, bundled_embedder())
        began = time.monotonic()
        if given.there:
            running = RealServer(Path(folder) / "served", index)
            settings = running.folder / "qa.toml"
            table = f'[reading]\nmodel = "{given.reader}"'
            text = settings.read_text("utf-8").replace('[reading]\nmodel = "bundled"', table)
            settings.write_text(text, "utf-8")
            with running:
                samples = asyncio.run(there(running, given.there))
            figures.append(figure("server", samples, given.there))
        if given.here:
            samples = here(index, given.reader, given.here)
            figures.append(figure("engine", samples, given.here))
    took = f"{time.monotonic() - began:,.0f} s in all."
    record(f"Memory over many questions, reader {given.reader}", figures, took)


if __name__ == "__main__":
    main()
