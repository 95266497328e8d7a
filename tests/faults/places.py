"""Small disks, users without rights, limits of a process that runs: what faults are made with."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import need

__all__ = ["filled", "heeding_modes", "limited", "mounted", "remounted"]

resource = pytest.importorskip("resource", reason="limits of a process: Linux")


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own in memory, of a size such as "4m", as long as the block lasts."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    _run(command, "A file system that can be mounted")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remounted(folder: Path, how: str) -> None:
    """Makes a mounted file system `ro`, or `rw` again."""
    _run(["mount", "-o", f"remount,{how}", str(folder)], "A file system that can be mounted")


def _run(command: Sequence[str], what: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        need(what, f"Run this as root on Linux ({error}).")
        return
    if done.returncode:
        need(what, f"Run this as root on Linux ({done.stderr.strip()}).")


@contextmanager
def filled(disk: Path, leaving: int = 0) -> Iterator[None]:
    """Fills a disk but for `leaving` bytes, as long as the block lasts."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        room = shutil.disk_usage(disk).free - leaving
        block = b"x" * 65_536
        try:
            while room > 0:
                room -= file.write(block[:room])
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
    try:
        yield
    finally:
        filler.unlink()


def heeding_modes() -> tuple[str, ...]:
    """A command that starts another which heeds the modes of files, as root does not."""
    if os.getuid() != 0:
        return ()
    if not shutil.which("setpriv"):
        need("setpriv", "Install util-linux, or run the tests as a user other than root.")
    without = "-dac_override,-dac_read_search"
    return ("setpriv", "--inh-caps=-all", f"--bounding-set={without}")


@contextmanager
def limited(pid: int, what: int, least: int) -> Iterator[None]:
    """Sets a limit of a process that runs (`resource.RLIMIT_*`), as long as the block lasts."""
    before = resource.prlimit(pid, what)
    resource.prlimit(pid, what, (least, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, what, before)
