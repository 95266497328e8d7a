"""Questions that nobody asks, made to be slow to read: what patterns match, over and over."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["HOSTILE_QUESTIONS", "slow_questions"]

LENGTH = 1_000
"""Characters of each, but the last: the most that a question may have."""
ENOUGH = 0.5
"""Seconds; two and more times what the slowest takes."""

_BEGINNINGS = ("", "is it ", "what is my ")
_REPEATED = (
    "really ", "only really ", "really usually ", "ly ", "it ", "it is ", "is it really ", "it's ",
    "it'", "they'", "that'", "this drug ", "that is ", "are they ", "what about ", "how about ",
    "the of ", "of the ", "for a ", "for with of ", "to ", "to the ", "a bit ", "not so very ",
    "and ", "ok ", "thanks ", "good ", "good morning ", "that is all right ", "why is that ",
    "why then ", "what is ", "what does it mean ", "my infusion ", "side effects of the ",
    "ketamine ", "ketamine infusion ", "ketamne ", "Ketamne-", "sertralin? ", "zzzitis ", "r u ",
    "1 u ", "vitamin u ", "doing ", "a'", "a-", "a.", "a ", "a", "\u00e9", "A", "Ab ", "AB ", "Ab.",
    "1", "1 ", "1-", "0.1", "(1) ", "+1 (", "1/", " ", "-", " - ", "?", ". ", "\n", "_", "_ly ",
    "\u2019", "@x", "a@", "a at ", "b dot ", "x.com", "www.", "12 a b c ", "jan 1 ", "1st of ",
    "Dr ", "my name is ", "my wife ", "apt ", "ninety ", "born on ", "A1 ", "\u0301", "\ufdfa",
)  # fmt: skip

HOSTILE_QUESTIONS = {
    f"{beginning}{part!r}": (beginning + part * LENGTH)[: LENGTH - 4] + "zzz?"
    for beginning in _BEGINNINGS
    for part in _REPEATED
} | {
    "alphabet": ("abcdefghijklmnopqrstuvwxyz" * LENGTH)[:LENGTH],
    "slips": " ".join(f"ketam{a}n{b}" for a in "abcdefghij" for b in "klmnopqrst")[:LENGTH],
    "few words": "is it " + "really " * 21 + "zzz?",
}
"""What it is made of → question."""


def slow_questions(work: Callable[[str], object]) -> list[str]:
    """The names of those that work of their text takes `ENOUGH` of process time or more for; on a
    busy machine each has three tries."""
    return [
        name
        for name, question in HOSTILE_QUESTIONS.items()
        if all(_seconds(work, question) >= ENOUGH for _ in range(3))
    ]


def _seconds(work: Callable[[str], object], question: str) -> float:
    began = time.process_time()
    work(question)
    return time.process_time() - began
