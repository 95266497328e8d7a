"""What happens to a server in a bad week, one after the other: swaps, damage, kills, locks, crowds.

Each trouble puts right what it did before it ends. Only one may bring a 5xx, and names where.
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from qa.history import Signature
from qa.publishing import generations, publish, read_pointer, replace_file
from tests.conftest import ROOT
from tests.soak.ledger import Ledger
from tests.soak.stored import StoredTexts
from tests.web.real_server import RealServer

__all__ = ["TROUBLES", "Troubles"]

_FOLLOWED_S = 4.0
"""Twice the time in which a server takes what was published."""
_HELD = 100
"""Connections that say nothing, at a time."""


@dataclass(slots=True)
class Troubles:
    """All that can happen to one server."""

    server: RealServer
    texts: StoredTexts
    ledger: Ledger
    environment: dict[str, str]
    """What `qa` is run with."""

    @property
    def _index(self) -> Path:
        return self.server.folder / "index"

    def swap(self) -> None:
        """Another generation is made live."""
        live = read_pointer(self._index).generation
        others = [name for name in generations(self._index) if name != live]
        with self.ledger.fault("swap"):
            publish(self._index, random.choice(others), Signature("Soak", "a swap"))
            time.sleep(_FOLLOWED_S)

    def rebuild(self) -> None:
        """The documents change and `qa build` makes what patients are told from then on."""
        document = next((self.server.folder / "corpus").glob("*.md"))
        written = document.read_text("utf-8").rstrip()
        document.write_text(f"{written} We wrote this at {time.time_ns()}.\n", "utf-8")
        with self.ledger.fault("rebuild"):
            self._qa("build", "--stage").wait(300)
            self.texts.learn()
            publish(self._index, generations(self._index)[0], Signature("Soak", "a new edition"))
            time.sleep(_FOLLOWED_S)

    def killed_build(self) -> None:
        """A build is killed at some moment."""
        with self.ledger.fault("killed build"):
            building = self._qa("build", "--force")
            time.sleep(random.uniform(0.5, 6))
            building.kill()
            building.wait()
            self.texts.learn()  # it may have been done

    def damaged(self) -> None:
        """What is published has an altered byte: the server goes on with what it has."""
        live = read_pointer(self._index)
        copy = self._index / "generations" / f"{live.generation[:-8]}{random.randbytes(4).hex()}"
        shutil.copytree(live.folder, copy)
        files = [path for path in copy.rglob("*") if path.is_file() and path.stat().st_size]
        chosen = random.choice(files)
        content = bytearray(chosen.read_bytes())
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
        chosen.write_bytes(content)
        self._pointing(f"{copy.name} {live.manifest_sha256}\n".encode(), "damaged generation")
        shutil.rmtree(copy)

    def garbage(self) -> None:
        """The file that names the live generation holds nonsense, or is gone."""
        self._pointing(
            random.choice([b"", b"\x00" * 40, b"../../etc x\n", None]), "garbled CURRENT"
        )

    def locked(self) -> None:
        """Another program holds the file of feedback and does not let go."""
        with self.ledger.fault("locked records", "/feedback"), ExitStack() as stack:
            path = self.server.folder / "records.sqlite3"
            if path.exists():
                other = sqlite3.connect(path, isolation_level=None)
                stack.callback(other.close)
                other.execute("BEGIN EXCLUSIVE")
                time.sleep(6)
                other.execute("ROLLBACK")

    def crowd(self) -> None:
        """A hundred connections are opened and say nothing."""
        at = urlsplit(self.server.url)
        with self.ledger.fault("silent connections"), ExitStack() as stack:
            for _ in range(_HELD):
                source = (f"127.250.{random.randrange(250)}.{random.randrange(1, 250)}", 0)
                address = (at.hostname or "", at.port or 0)
                stack.enter_context(socket.create_connection(address, 10, source))
            time.sleep(3)

    def _pointing(self, content: bytes | None, name: str) -> None:
        """Writes `content` in place of the pointer for a while; None removes it."""
        pointer = self._index / "CURRENT"
        before = pointer.read_bytes()
        with self.ledger.fault(name):
            if content is None:
                pointer.unlink()
            else:
                replace_file(pointer, content)
            time.sleep(_FOLLOWED_S)
            replace_file(pointer, before)
            time.sleep(_FOLLOWED_S)

    def _qa(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "qa", *arguments],
            cwd=self.server.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


TROUBLES: dict[str, tuple[Callable[[Troubles], None], int]] = {
    "swap": (Troubles.swap, 6),
    "rebuild": (Troubles.rebuild, 1),
    "killed build": (Troubles.killed_build, 1),
    "damaged": (Troubles.damaged, 2),
    "garbage": (Troubles.garbage, 2),
    "locked": (Troubles.locked, 1),
    "crowd": (Troubles.crowd, 1),
}
"""What happens, and how often beside the others."""
