"""A Ray cluster for the time of one build: started here or joined, watched, and left again.

Nothing is reported to Ray's makers, and no dashboard is opened. A cluster that is started here is
reached from this machine alone, and only by those who have its token, which no file holds.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import secrets
import shutil
import signal
import socket
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from qa.errors import BuildError

__all__ = ["RayCluster", "require_ray"]

_LOOK_SECONDS = 2.0
"""How often it is looked whether the cluster is still there while it works."""
_CONNECT_SECONDS = 5.0
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_worker_niceness": "0",  # else what runs beside it has fifteen times its share of a core
    "RAY_idle_worker_killing_time_threshold_ms": "600000",  # else models are loaded over and over
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # else it warns of a change to come
}
"""Ray reads these when it is imported, and its workers when they start."""
_LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""With this, which is Ray's own choice on Windows and macOS, a local cluster's processes listen at
127.0.0.1 and not at all of the machine's addresses. For local clusters only."""
_SHORT = Path("/tmp")  # noqa: S108 - folders in it are made for this user alone
_FOLDERS = "qa-ray-"
"""What the names of local clusters' folders begin with; the number of the process follows."""


def require_ray() -> None:
    """Raises BuildError where Ray is not installed, or without its Data; imports nothing."""
    if any(importlib.util.find_spec(one) is None for one in ("ray", "pyarrow")):
        raise BuildError(
            '--ray needs Ray, which is not installed. Run `pip install "quotewell[ray]"` here and '
            "on each machine of the cluster, or build without --ray."
        )


class RayCluster:
    """A connection to a cluster. `open` makes it, `close` ends it, and it may be opened again."""

    def __init__(self, address: str = "") -> None:
        """`address` is one that Ray knows, such as `auto`, `host:6379` or `ray://host:10001`; empty
        for a cluster of this machine's cores, which is ended with the connection."""
        self._address = address
        self._ray: Any = None
        self._ours = False
        self._folder: Path | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return self._ray is not None

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return f"The Ray cluster at {self._address}" if self._address else "The local Ray cluster"

    def open(self) -> None:
        """Connects, or does nothing where it is connected already. A cluster that the process is
        connected to in any case is used, and left as it is. Raises BuildError."""
        if self.is_open:
            return
        require_ray()
        os.environ.update(_QUIET)
        if not self._address:
            os.environ.update(_LOOPBACK)
            _ask_for_token()
        with _undisturbed():
            import ray  # noqa: PLC0415 - only the builds that ask for it load it

            if not self._address:
                _listen_here_only()
            if not ray.is_initialized():
                self._connect(ray)
            self._ray = ray

    def close(self) -> None:
        """Ends the connection, if `open` made it, and the cluster, if it was started for it."""
        ray, self._ray = self._ray, None
        if ray and self._ours:
            self._ours = False
            with suppress(Exception), _undisturbed():  # it may be what was lost
                ray.shutdown()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def cores(self) -> int:
        """How many cores the cluster has now, at least one."""
        with self.guarded(), _undisturbed():
            return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def submit(self, work: Callable[..., object], *arguments: object, retries: int) -> Any:
        """Starts a task that holds no core; gives what `result` takes."""
        with self.guarded(), _undisturbed():
            return self._ray.remote(num_cpus=0, max_retries=retries)(work).remote(*arguments)

    def result(self, task: Any) -> Any:
        """What a task gave. Raises BuildError where it failed or the cluster is gone."""
        with self.guarded(), _undisturbed():
            while not self._ray.wait([task], timeout=_LOOK_SECONDS)[0]:
                self._look()
            return self._ray.get(task)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Whatever Ray raises becomes a BuildError of one sentence and what to do."""
        try:
            yield
        except BuildError:
            raise
        except Exception as error:  # Ray raises its own, gRPC's, and plain ones
            raise self._lost(_first_line(error)) from error

    def _look(self) -> None:
        """Raises ConnectionError where the cluster's head or all its machines are gone. Ray itself
        would wait a minute, and then end this process without a word."""
        if not self._address.startswith("ray://"):
            host, _, port = self._ray.get_runtime_context().gcs_address.rpartition(":")
            _reach(host, port)
        if not any(node["Alive"] for node in self._ray.nodes()):
            raise ConnectionError("none of its machines runs any more")

    def _lost(self, why: str) -> BuildError:
        return BuildError(
            f"{self.name} did not finish ({why}). The live index is as it was, and what was "
            "embedded is kept. Run `qa build` again with a cluster that works, or without --ray."
        )

    def _connect(self, ray: Any) -> None:
        given: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
        if self._address:
            given["address"] = self._address
        else:
            given |= {"num_cpus": os.cpu_count(), "include_dashboard": False, "address": "local"}
            if os.name != "nt":
                # Short, since the names of sockets in it must be; and nobody else's.
                _sweep(_SHORT)
                folder = tempfile.mkdtemp(prefix=f"{_FOLDERS}{os.getpid()}-", dir=_SHORT)
                self._folder = Path(folder)
                given["_temp_dir"] = folder
        try:
            host, _, port = self._address.rpartition("/")[2].rpartition(":")
            if port.isdigit():
                _reach(host, port)  # else it tries for minutes
            ray.init(**given)
            if not self._address and ray.util.get_node_ip_address() != "127.0.0.1":
                raise ConnectionError("it listens at more than this machine's own address")
            self._ours = True
        except Exception as error:  # as above
            with suppress(Exception):
                ray.shutdown()
            self.close()
            rights = self._address and (
                " If it asks for a token, set RAY_AUTH_MODE=token here and give this machine the "
                "cluster's token (`ray get-auth-token`)."
            )
            raise BuildError(
                f"{self.name} cannot be used ({_first_line(error)}). Nothing was changed. Check "
                f"that it runs (`ray status`), or build without --ray.{rights}"
            ) from error


def _ask_for_token() -> None:
    """A local cluster serves only who has its token: this process and its children. Without this
    Ray would write one into the home folder, for everybody to read."""
    if not os.environ.get("RAY_AUTH_TOKEN_PATH"):
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))


def _listen_here_only() -> None:
    """Makes the choice of `_LOOPBACK` for this process, too: Ray has read the environment already
    where another library, such as transformers, imported it first."""
    from ray._private import ray_constants  # noqa: PLC0415 - as Ray itself

    ray_constants.ENABLE_RAY_CLUSTER = False


def _sweep(folder: Path) -> None:
    """Removes what builds that were killed left there of their clusters."""
    for left in folder.glob(f"{_FOLDERS}*-*"):
        number = left.name.removeprefix(_FOLDERS).partition("-")[0]
        with suppress(OSError):
            if number.isdigit() and left.lstat().st_uid == os.getuid() and not _runs(int(number)):
                shutil.rmtree(left, ignore_errors=True)  # which does not follow links


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True


def _reach(host: str, port: str) -> None:
    """Raises OSError where nobody listens."""
    for last in (False, True):
        try:
            socket.create_connection((host, int(port)), _CONNECT_SECONDS).close()
            return
        except OSError as error:
            if last:
                raise ConnectionError(
                    f"nobody answers at {host}:{port}: {error.strerror or error}"
                ) from error
            time.sleep(0.5)


def _first_line(error: Exception) -> str:
    """The first line of what an error says, or of what it was caused by."""
    said = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {said[0]}"[:300] if said else type(error).__name__


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ray's warnings about itself are nobody's here; and Ctrl-C and being ended stay as they were,
    where Ray would put its own answer to them."""
    main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGTERM) if main else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if main and before is not None:
            signal.signal(signal.SIGTERM, before)
