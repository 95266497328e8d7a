"""`python -m qa` beside a fault: run to its end, and held to what every command promises."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from qa.generation import verify
from qa.publishing import generations, live_generation
from tests.bundled import EXPORTED
from tests.conftest import ROOT

__all__ = ["check_index", "environment", "run_qa"]


def environment(**more: str) -> dict[str, str]:
    """Variables that a command gets: none of Quotewell's but the exported models' folder."""
    own = {name: v for name, v in os.environ.items() if not name.startswith("QA_")}
    own |= {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "QA_EMBEDDING__MODELS": str(EXPORTED)}
    return own | more


def run_qa(
    folder: Path,
    *args: str | Path,
    env: Mapping[str, str] | None = None,
    before: Sequence[str] = (),
    limits: Callable[[], object] | None = None,
    stdout: int | None = subprocess.PIPE,
) -> subprocess.CompletedProcess[str]:
    """Runs `python -m qa ARGS` in a folder, started by the command `before`, under `limits`.

    Raises AssertionError where a traceback is shown.
    """
    done = subprocess.run(
        [*before, sys.executable, "-m", "qa", *map(str, args)],
        cwd=folder,
        env=dict(env or environment()),
        preexec_fn=limits,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in f"{done.stdout}{done.stderr}", done.stderr
    return done


def check_index(index: Path) -> str:
    """Every generation is whole and one is live: its name."""
    live = live_generation(index)
    assert live
    for name in generations(index):
        assert verify(index, name) == [], name
    return live
