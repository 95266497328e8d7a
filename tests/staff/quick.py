"""Passwords that cost little to look at, for tests that are about something else."""

from __future__ import annotations

from argon2 import PasswordHasher

from qa.staff.passwords import Passwords

__all__ = ["quick_passwords"]


def quick_passwords() -> Passwords:
    """The real thing with argon2's smallest parameters."""
    return Passwords(hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
