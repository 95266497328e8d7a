"""Many who ask at the same time: 1, 4, 16 and 64 by turns, by the API and by the chat page.

    python tests/benchmarks/askers.py                        some two minutes
    python tests/benchmarks/askers.py --reader similarity    without the trained reader
    python tests/benchmarks/askers.py --batches              what an embedding costs in batches

The server is `qa serve` in a process of its own, the askers are in this one; each asks one fresh
question after the other (`asking.py`). Every number of askers has its turn in each round.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.asking import Asking, Crowd, crowd, fresh_questions, p99  # noqa: E402
from tests.benchmarks.figures import Figure, record  # noqa: E402
from tests.web.real_server import RealServer  # noqa: E402

NUMBERS = (1, 4, 16, 64)
CHATS = (1, 32)
TOO_MANY = 200


def by_api(client: httpx.AsyncClient) -> Asking:
    """Asks by POST /api/ask."""

    async def ask(question: str, _: int) -> int:
        return (await client.post("/api/ask", json={"question": question})).status_code

    return ask


async def by_chat(client: httpx.AsyncClient) -> Asking:
    """Asks as the chat page does, each asker in a session of its own."""
    config = (await client.get("/config")).json()
    names = {one["id"]: one["props"].get("elem_id") for one in config["components"]}
    event = next(
        one
        for one in config["dependencies"]
        if any((names.get(at), what) == ("question", "submit") for at, what in one["targets"])
    )

    async def ask(question: str, number: int) -> int:
        given = {"question": question, "log": []}
        body = {
            "data": [given.get(names[one]) for one in event["inputs"]],
            "fn_index": event["id"],
            "session_hash": f"asker{number}",
        }
        return (await client.post("/gradio_api/run/predict", json=body)).status_code

    return ask


async def by_turns(
    ask: Asking, numbers: tuple[int, ...], rounds: int, seconds: float, pid: int
) -> dict[int, Crowd]:
    """What each number of askers got in all rounds together."""
    questions = fresh_questions()
    await crowd(4, 2.0, questions, ask)  # warm
    found = {number: Crowd(number, counts=[0] * number) for number in numbers}
    for _ in range(rounds):
        for number in numbers:
            before = processor_seconds(pid)
            one = await crowd(number, seconds, questions, ask)
            used = processor_seconds(pid) - before
            print(f"{one.told()}, {used / len(one.took) * 1000:.1f} ms of a processor each, "
                  f"{used / one.seconds:.2f} processors")  # fmt: skip
            found[number].add(one)
    return found


async def overloaded(client: httpx.AsyncClient, seconds: float) -> tuple[Crowd, list[float]]:
    """What more askers than have room are told, and how long /health took meanwhile (ms)."""
    health: list[float] = []

    async def watch() -> None:
        while True:
            at = time.perf_counter()
            assert (await client.get("/health")).status_code == 200
            health.append((time.perf_counter() - at) * 1000)
            await asyncio.sleep(0.1)

    watching = asyncio.create_task(watch())
    found = await crowd(TOO_MANY, seconds, fresh_questions(11), by_api(client))
    watching.cancel()
    print(found.told())
    print(f"{len(found.refused)} refused; health: {len(health)} times, p99 {p99(health):.0f} ms")
    return found, health


def processor_seconds(pid: int) -> float:
    """What a process has used of its processors (Linux only)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measured(server: RealServer, rounds: int, seconds: float) -> list[Figure]:
    """All figures of a server."""
    limits = httpx.Limits(max_connections=None)
    pid = server.process.pid
    async with httpx.AsyncClient(base_url=server.url, timeout=120, limits=limits) as client:
        api = await by_turns(by_api(client), NUMBERS, rounds, seconds, pid)
        chat = await by_turns(await by_chat(client), CHATS, rounds, seconds, pid)
        over, health = await overloaded(client, seconds)
    one, many, lone, chats = api[1], api[64], chat[1], chat[32]
    figures = [
        Figure(f"API, {number} askers, throughput", api[number].pace, one.pace, "questions/s",
               "1 asker", ">= 3" if number == 64 else "")
        for number in NUMBERS[1:]
    ]  # fmt: skip
    figures += [
        Figure("API, 64 askers, 99th of 100", many.p99, many.median, "ms", "their median", "<= 5"),
        Figure("API, 64 askers, who got least", min(many.counts), max(many.counts), "answers",
               "who got most", ">= 0.5"),
        Figure("chat, 32 sessions, throughput", chats.pace, lone.pace, "questions/s", "1 session"),
        Figure("chat, 32 sessions, 99th of 100", chats.p99, chats.median, "ms", "their median",
               "<= 5"),
        Figure("chat, 32 sessions, who got least", min(chats.counts), max(chats.counts), "answers",
               "who got most", ">= 0.5"),
        Figure(f"{TOO_MANY} askers, 99th of 100 of those answered", over.p99, 10_000, "ms",
               "10 s", "<= 1"),
        Figure(f"{TOO_MANY} askers, median of those refused", sorted(over.refused or [0])[
               len(over.refused) // 2], over.median, "ms", "those answered", "<= 0.1"),
        Figure(f"{TOO_MANY} askers, 99th of 100 of /health", p99(health), over.median, "ms",
               "an answer", "<= 0.1"),
    ]  # fmt: skip
    return figures


def batches() -> None:
    """Prints what of a processor one question takes in batches of several."""
    from qa.assembly import embedder_of
    from qa.settings import load_settings

    embedder = embedder_of(load_settings())
    questions = fresh_questions()
    embedder.encode(["ready?"])
    for size in (1, 2, 4, 8, 16, 32) * 2:
        texts = [[next(questions) for _ in range(size)] for _ in range(128 // size)]
        began, used = time.perf_counter(), time.process_time()
        for batch in texts:
            embedder.encode(batch)
        wall, used = time.perf_counter() - began, time.process_time() - used
        print(f"batches of {size:2}: {wall / 128 * 1000:.2f} ms, {used / 128 * 1000:.2f} ms of a "
              "processor, each text")  # fmt: skip


def main() -> None:
    """Builds an index, serves it, asks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reader", default="bundled", choices=["bundled", "similarity"])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=6.0, help="of each turn")
    parser.add_argument("--at-once", type=int, default=0, help="as in qa.toml")
    parser.add_argument("--batches", action="store_true")
    given = parser.parse_args()
    if given.batches:
        batches()
        return
    from qa.index import build
    from tests.bundled import bundled_embedder
    from tests.first_corpus import lasting_corpus

    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.pop(name, None)  # as a clinic starts it
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        build(lasting_corpus(Path(folder) / "corpus"), index, bundled_embedder())
        running = RealServer(Path(folder) / "served", index)
        settings = running.folder / "qa.toml"
        table = f'[reading]\nmodel = "{given.reader}"'
        text = settings.read_text("utf-8").replace('[reading]\nmodel = "bundled"', table)
        text = text.replace("[serve]", f"[serve]\nat_once = {given.at_once}")
        settings.write_text(text, "utf-8")
        with running:
            figures = asyncio.run(measured(running, given.rounds, given.seconds))
    record(f"Many askers, reader {given.reader}", figures)


if __name__ == "__main__":
    main()
