"""What was made of late, kept up to a size: the least recently used is dropped first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Recent"]

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Values by key. Several threads may use it at once."""

    def __init__(self, most: int) -> None:
        """`most` is the sum of sizes that is kept, in whatever unit `get` is told them."""
        self._most = most
        self._held: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: K, make: Callable[[K], V], size: int) -> V:
        """The value of a key, made if it is not kept. The newest is kept whatever its size."""
        with self._lock:
            found = self._held.get(key)
            if found:
                self._held.move_to_end(key)
                return found[0]
        # Outside the lock: two threads may make the same. Both get the one that is kept, so that
        # what is compared by `is` is one.
        made = make(key)
        with self._lock:
            if found := self._held.get(key):
                return found[0]
            self._held[key] = made, size
            self._size += size
            while self._size > self._most and len(self._held) > 1:
                _, (_, dropped) = self._held.popitem(last=False)
                self._size -= dropped
        return made

    def __len__(self) -> int:
        return len(self._held)
