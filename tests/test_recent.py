"""What is used is kept, up to a size; what is dropped is made again."""

from __future__ import annotations

import threading

from qa.recent import Recent


def test_the_least_recently_used_goes_first() -> None:
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key.upper()

    recent: Recent[str, str] = Recent(10)
    for key, size in (("a", 4), ("b", 4), ("a", 4), ("c", 4), ("a", 4), ("b", 4)):
        assert recent.get(key, make, size) == key.upper()
    assert made == ["a", "b", "c", "b"]
    assert len(recent) == 2


def test_what_is_larger_than_all_room_is_kept_alone() -> None:
    recent: Recent[int, int] = Recent(10)
    for key in (1, 2):
        recent.get(key, lambda key: key, 99)
        assert len(recent) == 1
    assert recent.get(2, lambda _: 7, 99) == 2


def test_several_threads() -> None:
    recent: Recent[int, int] = Recent(50)
    wrong: list[int] = []

    def ask(seed: int) -> None:
        for n in range(2000):
            key = (n * seed) % 97
            if recent.get(key, lambda key: -key, 1) != -key:
                wrong.append(key)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in (3, 5, 7, 11)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []
    assert len(recent) == 50
