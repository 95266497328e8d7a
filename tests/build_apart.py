"""Builds an index as another machine of the same kind would: `python -m tests.build_apart CORPUS
INDEX`, in whatever environment this process was started."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

__all__ = ["ELSEWHERE", "build_apart"]

ROOT = Path(__file__).resolve().parents[1]
ELSEWHERE = {
    "PYTHONHASHSEED": "4711",
    "TZ": "Pacific/Chatham",
    "LC_ALL": "C",
    "LANG": "C",
    "PYTHONUTF8": "0",
    "OMP_NUM_THREADS": "2",
    "USER": "somebody-else",
    "LOGNAME": "somebody-else",
    "COLUMNS": "40",
}
"""What may be otherwise on another machine of the same kind."""


def build_apart(
    corpus: Path, index: Path, environment: Mapping[str, str], *, cores: int, umask: int
) -> None:
    """Builds `corpus` into `index` in a process of its own: with this environment beside what it
    needs, on so many cores, from another folder, its new files with these rights."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    own = {"PYTHONPATH": str(ROOT), "HOME": str(index.parent), **kept, **environment}
    command = [sys.executable, "-m", "tests.build_apart", str(corpus), str(index), str(cores)]
    done = subprocess.run(
        command,
        cwd=index.parent,
        env=own,
        umask=umask,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _main(corpus: str, index: str, cores: str) -> None:
    from qa.index import build
    from tests.bundled import bundled_embedder

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(cores)])
    if hasattr(time, "tzset"):
        time.tzset()
    build(Path(corpus), Path(index), bundled_embedder())


if __name__ == "__main__":
    _main(*sys.argv[1:])
