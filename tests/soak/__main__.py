"""Mixed traffic at `qa serve` with swaps and faults, and what must hold all the while.

    python -m tests.soak --minutes 3       as .ci/run does
    python -m tests.soak --minutes 30      as `make nightly` does; writes build/soak.json, too

It ends with exit code 1 where a quote was not the stored text, somebody in danger got no help
first, a status was not the one it must be, a 5xx came that no fault brings, memory grew by more
than 5 % over the second half, a kind of visitor or trouble never came, or the server did not
stop in 10 s.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from qa.index import build
from qa.staff.accounts import Accounts
from qa.staff.file import StaffFile
from qa.staff.member import Member, Role
from qa.staff.sessions import Sessions
from qa.web.staff.guard import COOKIE
from tests.benchmarks.asking import growth, resident_mb
from tests.bundled import EXPORTED, bundled_embedder
from tests.first_corpus import lasting_corpus
from tests.soak.ledger import Ledger
from tests.soak.stored import StoredTexts
from tests.soak.troubles import TROUBLES, Troubles
from tests.soak.visitors import KINDS, Visitors
from tests.web.real_server import RealServer

VISITORS = 6
"""Who are there at the same time: more than are answered at once, and far fewer than may wait."""
GROWTH = 0.05
STOP_S = 10.0
SAMPLES = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--seed", type=int, default=0, help="the same troubles in the same order")
    parser.add_argument("--report", type=Path, help="a JSON file for what was measured")
    given = parser.parse_args()
    random.seed(given.seed or None)
    ledger = Ledger()
    with tempfile.TemporaryDirectory() as folder:
        server, visitors, troubles = prepared(Path(folder), ledger)
        with server:
            visitors.url = server.url
            memory = run(server, visitors, troubles, ledger, given.minutes * 60)
            if len(memory) == SAMPLES and growth(memory) > GROWTH:
                # A leak grows on; a step, as where two generations are held for the first time
                # while many are answered, comes once.
                print(
                    f"memory grew by {growth(memory):.1%}: as long again to see whether it goes on"
                )
                memory = run(server, visitors, troubles, ledger, given.minutes * 60)
            began = time.monotonic()
            server.stop()
            stopped = time.monotonic() - began
        said = server.said()
    problems = judged(ledger, memory, stopped, server.process.returncode, said)
    told = report(ledger, memory, stopped, given.minutes, problems)
    if given.report:
        given.report.parent.mkdir(parents=True, exist_ok=True)
        given.report.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    sys.exit(bool(problems))


def prepared(folder: Path, ledger: Ledger) -> tuple[RealServer, Visitors, Troubles]:
    """A server of two generations that differ in where things stand, with somebody of the staff."""
    embedder = bundled_embedder()
    first, other = lasting_corpus(folder / "first"), lasting_corpus(folder / "other")
    for path in other.glob("*.md"):
        text = path.read_text("utf-8").replace("ketamine", "ketamine (as it is called)")
        path.write_text(text, "utf-8")
    build(first, folder / "index", embedder)
    server = RealServer(folder / "served", folder / "index")
    server.environment["QA_SERVE__METRICS_FROM"] = '["127.0.0.1"]'
    build(other, server.folder / "index", embedder, stage=True)
    file = StaffFile(server.folder / "staff.sqlite3")
    nurse = Member("Nora", Role.MAINTAINER)
    Accounts(file).add(nurse.name, nurse.role, "plain words in a row")
    cookie = f"{COOKIE}={Sessions(file).begin(nurse)}"
    texts = StoredTexts(server.folder / "index")
    texts.learn()
    environment = {"QA_EMBEDDING__MODELS": str(EXPORTED)}
    return (
        server,
        Visitors("", texts, ledger, cookie),
        Troubles(server, texts, ledger, environment),
    )


def run(
    server: RealServer, visitors: Visitors, troubles: Troubles, ledger: Ledger, seconds: float
) -> list[float]:
    """Lets them come and happen for that long; the server's memory in MB, in even steps."""
    ended = threading.Event()
    doing: list[Callable[[], None]] = []
    order = _shuffled({name: weight for name, (_, weight) in KINDS.items()})
    for start in range(VISITORS):
        coming = itertools.islice(order(), start, None)
        doing.append(partial(_come, visitors, ledger, coming, ended))
    doing.append(partial(_happen, troubles, ledger, ended))
    threads = [threading.Thread(target=one, daemon=True) for one in doing]
    for thread in threads:
        thread.start()
    memory = []
    for _ in range(SAMPLES):
        time.sleep(seconds / SAMPLES)
        if server.process.poll() is not None:
            break
        memory.append(resident_mb(server.process.pid))
    ended.set()
    for thread in threads:
        thread.join(120)
    return memory


def _come(
    visitors: Visitors, ledger: Ledger, kinds: itertools.islice[str], ended: threading.Event
) -> None:
    for kind in kinds:
        if ended.is_set():
            return
        try:
            KINDS[kind][0](visitors)
        except Exception as error:  # whatever went wrong, it is told at the end
            ledger.failed(kind, error)
        else:
            ledger.visited(kind)


def _happen(troubles: Troubles, ledger: Ledger, ended: threading.Event) -> None:
    for name in _shuffled({name: weight for name, (_, weight) in TROUBLES.items()})():
        if ended.is_set():
            return
        try:
            TROUBLES[name][0](troubles)
        except Exception as error:  # as above
            ledger.failed(f"trouble {name}", error)
        else:
            ledger.troubled(name)
        time.sleep(1)


def _shuffled(weights: Mapping[str, int]) -> Callable[[], itertools.chain[str]]:
    """Each once, then each as often as its weight in every round, in an order of chance."""
    whole = [name for name, weight in weights.items() for _ in range(weight)]
    return lambda: itertools.chain(
        random.sample(list(weights), len(weights)),
        itertools.chain.from_iterable(random.sample(whole, len(whole)) for _ in itertools.count()),
    )


def judged(ledger: Ledger, memory: list[float], stopped: float, code: int, said: str) -> list[str]:
    """What did not hold."""
    found = list(ledger.wrong)
    if ledger.wrongs > len(ledger.wrong):
        found.append(f"and {ledger.wrongs - len(ledger.wrong)} more")
    missing = [name for name in KINDS if not ledger.visits[name]]
    missing += [name for name in TROUBLES if not ledger.troubles[name]]
    if missing:
        found.append(f"never came to an end: {', '.join(missing)}")
    if not ledger.quotes:
        found.append("no quote was compared")
    if len(memory) < SAMPLES:
        found.append(f"the server ended by itself:\n{said[-2000:]}")
    elif growth(memory) > GROWTH:
        found.append(f"memory grew by {growth(memory):.1%} over the second half")
    if stopped > STOP_S or code != 0:
        found.append(f"stopping took {stopped:.1f} s and gave exit code {code}")
    if "Traceback" in said:
        found.append(f"the server printed a traceback:\n{said[said.index('Traceback') :][:2000]}")
    return found


def report(
    ledger: Ledger, memory: list[float], stopped: float, minutes: float, problems: list[str]
) -> dict[str, object]:
    """Prints what was seen and gives it for a file."""
    told: dict[str, object] = {
        "minutes": minutes,
        "visits": dict(ledger.visits),
        "statuses": {str(status): count for status, count in sorted(ledger.statuses.items())},
        "quotes compared": ledger.quotes,
        "troubles": dict(ledger.troubles),
        "5xx that a fault brought": dict(ledger.excused),
        "median ms of an answer": round(statistics.median(ledger.asked_ms or [0])),
        "memory MB": [round(memory[0]), round(memory[-1])] if memory else [],
        "growth over the second half": round(growth(memory), 4) if len(memory) > 4 else None,
        "seconds to stop": round(stopped, 1),
        "problems": problems,
    }
    for name, value in told.items():
        print(f"{name}: {value}")
    print("Nothing was wrong." if not problems else "\n".join(["", "WRONG:", *problems]))
    return told


if __name__ == "__main__":
    main()
