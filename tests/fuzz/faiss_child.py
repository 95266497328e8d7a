"""Loads indexes of FAISS that are not whole, each in a process of its own, which may crash.

Started by `test_generation_fuzz.py`: reads folders from standard input, a line each, and says of
each what became of it: "sound", "damaged", an exception's name, or "signal N".
"""

from __future__ import annotations

import os
import resource
import sys
import traceback
from pathlib import Path

import numpy as np

from qa.errors import DamagedIndex
from qa.vectors import FaissStore

COUNT, DIMENSION, EXACT_BELOW = 400, 32, 100
_ROOM = 2 << 30
"""Bytes of address space beyond what the process has; an index of these vectors has some 30 kB."""
_SECONDS = 20


def tried(folder: Path) -> str:
    """Loads and searches the store of a folder."""
    try:
        store = FaissStore.load(folder, count=COUNT, dimension=DIMENSION, exact_below=EXACT_BELOW)
        vector = np.full(DIMENSION, DIMENSION**-0.5, dtype=np.float32)
        found = store.search(vector, 10)
        assert len(found) == len({row for row, _ in found})
        assert all(0 <= row < COUNT for row, _ in found)
    except DamagedIndex:
        return "damaged"
    except Exception as error:
        return f"{type(error).__name__}: {traceback.format_exc(limit=-2)!r}"
    return "sound"


def main() -> None:
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            used = int(Path("/proc/self/statm").read_text().split()[0]) * 4096
            resource.setrlimit(resource.RLIMIT_AS, (used + _ROOM, used + _ROOM))
            resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
            os.write(writing, tried(Path(line.rstrip("\n"))).encode()[:4_000])
            os._exit(0)
        os.close(writing)
        with open(reading, encoding="utf-8") as said:
            told = said.read()
        _, status = os.waitpid(child, 0)
        print(f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else told, flush=True)


if __name__ == "__main__":
    main()
