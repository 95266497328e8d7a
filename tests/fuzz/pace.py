"""How long a block may take of this process, by its own clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["TookLong", "bounded"]


class TookLong(AssertionError):
    """A block took longer than it may. The same input is tried again before it counts: where two
    machines share a processor, what the other one takes is counted here now and then."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raises TookLong where a block takes more seconds of the processor; waiting does not count."""
    began = time.process_time()
    yield
    if (took := time.process_time() - began) >= seconds:
        raise TookLong(f"{took:.1f} s of the processor, {seconds:.1f} at most")
