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


def test_who_makes_the_same_at_once_gets_the_one_that_is_kept() -> None:
    """Spans of a document are put together where it is one document, not two that are equal."""
    recent: Recent[str, list[str]] = Recent(10)
    both = threading.Barrier(2)
    got: list[list[str]] = []

    def make(key: str) -> list[str]:
        both.wait()
        return [key]

    asking = [threading.Thread(target=lambda: got.append(recent.get("a", make, 1))) for _ in "ab"]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert got[0] is got[1]
