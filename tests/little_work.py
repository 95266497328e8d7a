"""Whether something takes little work, on machines of any speed that do other things meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["least_seconds"]


def least_seconds(work: Callable[[], object], enough: float, tries: int = 3) -> float:
    """Seconds of a processor that work takes in this process, with all its threads.

    The least of up to `tries` times, since a collection of garbage or a neighbour on the same core
    may fall into one; work that takes less than `enough` seconds is done once. Time in which other
    programs had the processor does not count, nor does that of other processes.
    """
    least = float("inf")
    for _ in range(tries):
        began = time.process_time()
        work()
        least = min(least, time.process_time() - began)
        if least < enough:
            break
    return least
