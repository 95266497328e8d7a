"""How long `qa build` takes: from nothing, after one file has changed, and when nothing has.

    .venv/bin/python tests/benchmarks/builds.py [--documents 500] [--work FOLDER]

Makes a corpus of invented leaflets in the formats of `MAKERS`, in turn, and times real `qa build`
processes, from start to exit. Prints a table of seconds and of shares of the first.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

Sections = Sequence[tuple[str, Sequence[str]]]
"""(heading, sentences) pairs."""

_WHO = ("The nurse", "Your doctor", "A relative", "The clinic", "The pharmacist", "Your child")
_DOES = ("measures", "explains", "brings", "checks", "writes down", "repeats", "prepares")
_WHAT = ("the blood pressure", "the dose", "a glass of water", "the consent form", "your weight")
_WHEN = (
    "before the visit",
    "on the next morning",
    "after two hours",
    "in the first week",
    "at home",
)
_UNLESS = ("unless you feel unwell", "if you agree", "without any hurry", "once alone")
_TOPICS = ("Before you come", "What happens", "Going home", "When to call us", "Your medicines")


def markdown(title: str, sections: Sections) -> bytes:
    """A leaflet as Markdown."""
    parts = [f"# {title}"]
    for heading, sentences in sections:
        parts += [f"## {heading}", " ".join(sentences)]
    return ("\n\n".join(parts) + "\n").encode()


def plain(title: str, sections: Sections) -> bytes:
    """The same as plain text."""
    parts = [title]
    for heading, sentences in sections:
        parts += [heading, " ".join(sentences)]
    return ("\n\n".join(parts) + "\n").encode()


MAKERS: dict[str, Callable[[str, Sections], bytes]] = {".md": markdown, ".txt": plain}
"""A format's suffix → what makes a file of it."""


def leaflet(chance: random.Random) -> Sections:
    """The sections of a leaflet, each with some sentences of 10 to 25 words."""

    def sentence() -> str:
        room = f"in room {chance.randrange(1, 400)}"
        parts = [chance.choice(_WHO), chance.choice(_DOES), chance.choice(_WHAT), room]
        parts += [chance.choice(_WHEN), chance.choice(_UNLESS)]
        if chance.random() < 0.5:
            parts += ["and then", chance.choice(_WHO).lower(), chance.choice(_DOES)]
            parts += [chance.choice(_WHAT), chance.choice(_WHEN)]
        return " ".join(parts) + "."

    headings = chance.sample(_TOPICS, 4)
    return [(one, [sentence() for _ in range(chance.randint(3, 6))]) for one in headings]


def write_corpus(folder: Path, count: int, chance: random.Random) -> None:
    """Writes `count` leaflets in all formats, in turn."""
    folder.mkdir(parents=True, exist_ok=True)
    suffixes = list(MAKERS)
    for number in range(count):
        suffix = suffixes[number % len(suffixes)]
        data = MAKERS[suffix](f"Leaflet number {number}", leaflet(chance))
        (folder / f"leaflet-{number:04}{suffix}").write_bytes(data)


def seconds(*options: str | Path) -> float:
    """How long `qa build` with these options takes. It must succeed."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "qa", "build", *map(str, options)],
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    return time.perf_counter() - began


def measure(work: Path, count: int) -> list[tuple[str, float]]:
    """(what was built, seconds), the build from nothing first."""
    chance = random.Random(20261126)
    corpus, index = work / "corpus", work / "index"
    write_corpus(corpus, count, chance)
    folders = ("--corpus", corpus, "--index", index)
    rows = [(f"{count} documents from nothing", seconds(*folders))]
    for suffix, make in MAKERS.items():
        changed = next(corpus.glob(f"*{suffix}"))
        changed.write_bytes(make("Another leaflet", leaflet(chance)))
        rows.append((f"one {suffix} file changed", seconds(*folders)))
    next(corpus.glob("*.md")).unlink()
    rows.append(("one file removed", seconds(*folders)))
    rows.append(("nothing changed", seconds(*folders)))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--work", type=Path, help="a folder to be filled; else a temporary one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        rows = measure(given.work or Path(temporary), given.documents)
    whole = rows[0][1]
    print("\n| build | seconds | share |\n| --- | ---: | ---: |")
    for name, took in rows:
        print(f"| {name} | {took:.1f} | {took / whole:.1%} |")


if __name__ == "__main__":
    main()
