"""Rounds of fuzzing side by side: which target is next, in which process, and when it is enough."""

from __future__ import annotations

import importlib
import multiprocessing
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from tests.fuzz.budget import RESULTS, ROUND_SECONDS, TARGETS, Round, Target, share

__all__ = ["Run", "import_targets"]

_GRACE = 700.0
"""Seconds a round may take, with the time in which what was found is made smaller."""
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class _Worker:
    """A process that tries one round after another."""

    process: SpawnProcess
    pipe: Connection
    doing: tuple[Target, int] | None = None
    """The target and seed of its round."""
    since: float = 0.0


class Run:
    """One run: which target is next, and when it is enough."""

    def __init__(self, targets: list[Target], seconds: float, inputs: float) -> None:
        self._whole = sum(share(target) for target in targets)
        self._open = {target.name: target for target in targets}
        self._seeds = {target.name: target.count().rounds for target in targets}
        self._spent = dict.fromkeys(self._open, 0.0)
        self._tried = {target.name: float(target.count().inputs) for target in targets}
        self._inputs = inputs
        self._ends = time.monotonic() + seconds
        self._found: list[Path] = []

    def run(self, processes: int) -> list[Path]:
        """Runs until it is enough; gives the files of what was found."""
        workers = [_started() for _ in range(processes)]
        try:
            while busy := [worker for worker in workers if self._give(worker)]:
                wait([one.pipe for one in busy], timeout=1.0)
                for worker in busy:
                    self._take(worker)
        finally:
            for worker in workers:
                worker.process.kill()
        return self._found

    def _give(self, worker: _Worker) -> bool:
        """Gives an idle worker its next round; whether it has anything to do."""
        if worker.doing:
            return True
        target = self._next()
        if target is None:
            return False
        seed, size = self._seeds[target.name], target.next_size()
        self._seeds[target.name] += 1
        # As if it were done, so that the other workers turn to other targets.
        self._spent[target.name] += ROUND_SECONDS / share(target)
        self._tried[target.name] += size
        worker.doing, worker.since = (target, seed), time.monotonic()
        worker.pipe.send((target.name, seed, size))
        return True

    def _next(self) -> Target | None:
        """The target that had least of its share of the time, of those that need more.

        At first all had none: then the one that earlier runs tried least, so that short runs one
        after the other come to each.
        """
        if time.monotonic() >= self._ends:
            return None
        needy = [
            target
            for target in self._open.values()
            if self._tried[target.name] < self._inputs * share(target) / self._whole
        ]
        return min(
            needy, key=lambda one: (self._spent[one.name], self._seeds[one.name]), default=None
        )

    def _take(self, worker: _Worker) -> None:
        """Takes a worker's result, or tells that it died or never ended."""
        assert worker.doing
        target, seed = worker.doing
        took = time.monotonic() - worker.since
        if worker.pipe.poll():
            try:
                one = worker.pipe.recv()
            except (EOFError, ConnectionResetError):
                worker.process.join()
                one = Round(0, took, f"seed {seed}: the process died: {worker.process.exitcode}")
                _restart(worker)
        elif took > _GRACE:
            worker.process.kill()
            one = Round(0, took, f"seed {seed}: the round did not end within {_GRACE:.0f} s")
            _restart(worker)
        else:
            return
        worker.doing = None
        count = target.note(one)
        if one.finding:
            self._open.pop(target.name, None)
            self._found.append(RESULTS / f"{target.name.replace('/', '-')}-{count.rounds - 1}.txt")


def _started() -> _Worker:
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_work, args=(theirs,))
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _restart(worker: _Worker) -> None:
    fresh = _started()
    worker.process, worker.pipe = fresh.process, fresh.pipe


def _work(pipe: Connection) -> None:
    """What a worker does until it is killed, or the run that started it is gone."""
    import_targets()
    while True:
        try:
            name, seed, size = pipe.recv()
        except EOFError:
            return
        pipe.send(TARGETS[name].attempt(seed, size, "nightly"))


def import_targets() -> None:
    """Imports all fuzz files, so that `TARGETS` is whole."""
    for path in sorted(Path(__file__).parent.glob("test_*_fuzz.py")):
        importlib.import_module(f"tests.fuzz.{path.stem}")
