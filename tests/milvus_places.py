"""The two kinds of Milvus that tests use: milvus-lite in a file, and a real server."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.milvus_client import MilvusPlace
from tests.conftest import need
from tests.milvus_server import MilvusServer, milvus_program

__all__ = ["TOKEN", "lite_place", "running_server", "server_place"]

TOKEN = "root:Milvus"
"""What every new Milvus server has."""


def lite_place(folder: Path) -> MilvusPlace:
    """milvus-lite, which runs in the tests' own process."""
    if importlib.util.find_spec("milvus_lite") is None:
        need("milvus-lite", 'Run: pip install "quotewell[milvus]"')
    return MilvusPlace(str(folder / "milvus.db"), timeout_s=20)


@contextmanager
def running_server(folder: Path) -> Iterator[MilvusServer]:
    """A server that asks for a token, killed at the end."""
    program = milvus_program()
    if program is None:
        need(
            "A Milvus server",
            "Make one: python -m venv .milvus && .milvus/bin/pip install milvus==2.3.5 setuptools "
            "(or name such a folder in QUOTEWELL_MILVUS_VENV).",
        )
    assert program
    server = MilvusServer(program, folder, asks_for_token=True)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def server_place(server: MilvusServer, timeout_s: float = 20) -> MilvusPlace:
    """As settings name it. Patient, since other tests use the machine too."""
    return MilvusPlace(server.uri, TOKEN, timeout_s=timeout_s)
