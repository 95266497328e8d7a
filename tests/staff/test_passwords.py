"""Which passwords will do, and that guessing them takes little of the machine."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.errors import AccountError, TooBusy
from qa.staff.passwords import Passwords, check_password


@pytest.mark.parametrize(
    "password",
    [
        "plain words in a row",
        "147258369258",
        "Größte Freude im Mai",
        "Nora likes warm rain",
        "~!@#$%^&*()_",
        "x" * 3 + "kq7 flamingo",
    ],
)
def test_passwords_that_will_do(password: str) -> None:
    check_password("Nora Ruiz Sunny Clinic", password)


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("elevenchars", "has 11 characters; at least 12"),
        ("x" * 1_001, "at most 1,000"),
        ("abcdabcdabcd", "too easy"),
        ("aaaaaaaaaaaaaaaa", "too easy"),
        ("password1234", "too easy"),
        ("Quotewell2026", "too easy"),
        ("nora ruiz 2026", "too easy"),
        ("Sunny Clinic 1", "too easy"),
        ("            ", "too easy"),
        ("123456123456", "too easy"),
    ],
)
def test_passwords_that_will_not_do(password: str, wrong: str) -> None:
    with pytest.raises(AccountError, match=wrong):
        check_password("Nora Ruiz Sunny Clinic", password)


def test_a_password_is_the_same_from_any_keyboard() -> None:
    passwords = Passwords()
    hashed = passwords.hash("cafe\u0301 au lait à midi")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.match(hashed, "café au lait à midi")
    assert not passwords.match(hashed, "Café au lait à midi")
    assert not passwords.match("", "nobody's password")
    assert not passwords.match("no hash at all", "café au lait à midi")
    assert not passwords.is_old(hashed)


def test_a_password_of_any_length_is_looked_at_or_refused_at_once() -> None:
    passwords = Passwords(at_once=1, waiting=0)
    with passwords._turn():  # whoever comes now is too many
        with pytest.raises(TooBusy):
            passwords.match("", "any")
        assert not passwords.match("", "x" * 1_001)


def test_a_hundred_at_once_share_two_places_and_a_few_chairs() -> None:
    passwords = Passwords(at_once=2, waiting=8, wait_s=60)
    inside, most, busy = 0, 0, 0
    lock, gate, all_told = threading.Lock(), threading.Barrier(100), threading.Event()

    class Slow:
        def verify(self, hashed: str, password: str) -> None:
            nonlocal inside, most
            with lock:
                inside += 1
                most = max(most, inside)
            assert all_told.wait(30)  # until whoever is too many was turned away
            with lock:
                inside -= 1

        def hash(self, password: str) -> str:
            return "hash"

    passwords._hasher = Slow()  # type: ignore[assignment] # it is the bound that is tried

    def one(_: int) -> None:
        nonlocal busy
        gate.wait()
        try:
            passwords.match("hash", "any")
        except TooBusy:
            with lock:
                busy += 1
                if busy == 90:
                    all_told.set()

    with ThreadPoolExecutor(100) as pool:
        list(pool.map(one, range(100)))
    assert most == 2
    assert busy == 90
