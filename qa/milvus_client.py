"""The connection to Milvus. pymilvus is imported once it is used, not before."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa.errors import VectorStoreDown, VectorStoreError

__all__ = ["MilvusConnection", "MilvusPlace", "problem_of"]

_INSTALL = 'pip install "quotewell[milvus]"'
_LONGEST_REASON = 160


@dataclass(frozen=True, slots=True)
class MilvusPlace:
    """Which Milvus, and how long it is waited for."""

    uri: str
    """"http://host:19530", or a file's path for milvus-lite."""
    token: str = field(default="", repr=False)
    """"user:password" or a key; empty for a server that asks for none."""
    prefix: str = "quotewell"
    """What the names of this index' collections and of its alias begin with."""
    timeout_s: float = 3.0
    """Seconds that one call may take while somebody waits for an answer."""
    fill_timeout_s: float = 120.0
    """Seconds that one call may take while a collection is filled."""


class MilvusConnection:
    """Gives a client, made when it is first asked for and anew after `reset`."""

    def __init__(self, place: MilvusPlace) -> None:
        self.place = place
        self._lock = threading.Lock()
        self._client: Any = None

    def client(self) -> Any:
        """A pymilvus.MilvusClient. Raises VectorStoreError where pymilvus is missing, or for a file
        milvus-lite, and VectorStoreDown where nothing answers."""
        with self._lock:
            if self._client is None:
                self._client = self._connected()
            return self._client

    def reset(self) -> None:
        """Closes the client, so that the next one is not held up by what this one waits for."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):
                client.close()

    def down(self, error: Exception) -> VectorStoreDown:
        """What is raised for a call that failed."""
        if "Open local milvus failed" in str(error) and Path(self.place.uri).parent.is_dir():
            return VectorStoreDown(
                f"The file of milvus-lite {self.place.uri} cannot be opened: another program has "
                "it open, such as `qa serve`, or it is damaged. One program at a time can open "
                "it. End the other one, or run a Milvus server."
            )
        return VectorStoreDown(
            f"Milvus at {self.place.uri} does not answer: {problem_of(error)} "
            "Check that it runs, and `uri` and the token under [vectors] in qa.toml."
        )

    def _connected(self) -> Any:
        place = self.place
        make = _client_class(in_file="://" not in place.uri)
        options: dict[str, Any] = {"token": place.token} if place.token else {}
        if "://" in place.uri:
            options["dedicated"] = True  # pymilvus would else give a broken connection again
        try:
            return make(uri=place.uri, timeout=place.timeout_s, **options)
        except Exception as error:  # pymilvus, gRPC and milvus-lite raise exceptions of many kinds
            raise self.down(error) from None


def _client_class(in_file: bool) -> Any:
    try:
        from pymilvus import MilvusClient  # noqa: PLC0415 - an extra, and slow to import

        if in_file:
            import milvus_lite.server_manager  # noqa: F401, PLC0415 - pymilvus would name its own
    except ImportError:
        raise VectorStoreError(
            '`store = "milvus"` under [vectors] in qa.toml needs a library that is not installed. '
            f"Run: {_INSTALL}"
        ) from None
    # It logs every failed call with all that was sent; what failed is told of here, and once.
    for name in ("pymilvus", "milvus_lite"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return MilvusClient


def problem_of(error: Exception) -> str:
    """An exception of pymilvus or gRPC in a line, as a sentence."""
    cause = error.__cause__ or error  # where pymilvus says "Fail connecting", gRPC says why
    details = getattr(cause, "details", None)
    text = details() if callable(details) else getattr(cause, "message", None) or str(cause)
    line = " ".join(str(text).split())
    if "auth check failure" in line or "not authenticated" in line:
        line = "the token is not accepted"
    elif "Open local milvus failed" in line:
        line = "the folder of milvus-lite's file does not exist"
    if len(line) > _LONGEST_REASON:
        line = line[: _LONGEST_REASON - 1] + "…"
    return line.rstrip(".") + "."
