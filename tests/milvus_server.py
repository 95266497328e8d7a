"""A real Milvus server on this machine, from a virtual environment of its own, to be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from tests.free_ports import free_ports

__all__ = ["MilvusServer", "milvus_program"]

_ROOT = Path(__file__).resolve().parent.parent
_READY_S = 120.0
_PORTS = (
    "proxy",
    "proxy-internal",
    "etcd",
    "root-coord",
    "query-coord",
    "query-node",
    "index-coord",
    "index-node",
    "data-coord",
    "data-node",
)

_STARTER = """
import socket, sys
from milvus import main

class Reusing(socket.socket):
    def bind(self, address):
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        super().bind(address)

socket.socket = Reusing
sys.exit(main())
"""
"""What `milvus-server` does, but for one thing: it tries whether it can listen at each port, and
goes to the next one where it cannot. For a minute it cannot where one that was killed had a
connection, unless it says, as Milvus itself does, that such connections are no matter."""


def milvus_program() -> Path | None:
    """`milvus-server` of the environment that QUOTEWELL_MILVUS_VENV names, else of `.milvus`."""
    venv = Path(os.environ.get("QUOTEWELL_MILVUS_VENV") or _ROOT / ".milvus")
    program = venv / "bin" / "milvus-server"
    return program if program.is_file() else None


class MilvusServer:
    """Milvus with its data in a folder, at ports that nobody else has."""

    def __init__(self, program: Path, folder: Path, *, asks_for_token: bool = False) -> None:
        self._program = program
        self._folder = folder
        self._asks = asks_for_token
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        # Chosen once: what Milvus keeps of itself names them.
        *ports, self._peer = free_ports(len(_PORTS) + 1)
        self._ports = dict(zip(_PORTS, ports, strict=True))

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self._ports['proxy']}"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        folder = self._folder
        etcd, peer = (f"http://127.0.0.1:{one}" for one in (self._ports["etcd"], self._peer))
        # Milvus sets where its etcd is asked, but where that listens only by etcd's own file.
        (folder / "etcd.yaml").write_text(
            f"name: default\nlisten-client-urls: {etcd}\nadvertise-client-urls: {etcd}\n"
            f"listen-peer-urls: {peer}\ninitial-advertise-peer-urls: {peer}\n"
            f"initial-cluster: default={peer}\n"
        )
        ports = [text for name, one in self._ports.items() for text in (f"--{name}-port", f"{one}")]
        program = [self._program.parent / "python", "-c", _STARTER]
        asks = ["--authorization-enabled", "true"] if self._asks else []
        with (folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*program, "--data", folder / "data", *ports, *asks],
                stdout=log,
                stderr=log,
                # What it says must be in its file when it says it, not when that is full.
                env=os.environ
                | {"ETCD_CONFIG_PATH": str(folder / "etcd.yaml"), "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + _READY_S
        while time.monotonic() < end:
            if b"Welcome to use Milvus!" in self._said():
                return
            assert self._process
            assert self._process.poll() is None, self._said().decode()
            time.sleep(0.2)
        raise AssertionError(f"Milvus was not ready within {_READY_S:g} s")

    def _said(self) -> bytes:
        return (self._folder / "server.log").read_bytes()

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to Milvus and its wrapper."""
        assert self._process
        os.killpg(self._process.pid, number)

    def kill(self) -> None:
        """Ends it without a warning."""
        if self._process is not None:
            self.signal(signal.SIGKILL)
            self._process.wait()
            self._process = None
            (self._folder / "server.log").write_bytes(b"")
