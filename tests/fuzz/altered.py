"""Bytes that were right once: flipped, cut, doubled, mixed with others. And texts nobody writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

__all__ = ["HOSTILE_TEXTS", "Altered", "Edit", "altered", "any_text", "apply", "edits"]

HOSTILE_TEXTS = (
    "", " ", "\0", "\ud800", "\udfff x", "\ufeff", "\u202eabc", "\u2028", "\u00a0", "\x1b[31m",
    "\r", "\r\n", "\n", "\t", '"', "'", "\\", "../../etc/passwd", "/etc/passwd", "C:\\x", "~",
    "%00", "${x}", "{{7*7}}", "{x}", "{0.__class__}", "%s%n", "<script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>", "javascript:alert(1)", "=cmd|' /C calc'!A0", "a" * 5_000,
    "9" * 5_000, "-1", "1e400", "nan", "\u00b2", "\u0663", "[" * 3_000, "{" * 3_000, "e\u0301" * 99,
    "\U0001f468\u200d\u2695\ufe0f", "\u05e9\u05dc\u05d5\u05dd", "None", "true", "0", "||", " || ",
)  # fmt: skip
"""Each has broken some program."""


def any_text(most: int = 200) -> st.SearchStrategy[str]:
    """Texts of any code points, halves of pairs too, and those of `HOSTILE_TEXTS`."""
    return st.one_of(st.sampled_from(HOSTILE_TEXTS), st.text(st.characters(), max_size=most))


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to bytes. `at` and `length` are shares of the whole, in thousandths."""

    what: str
    at: int
    length: int
    put: bytes

    def __repr__(self) -> str:
        put = repr(self.put) if len(self.put) < 100 else f"{self.put[:1]!r} * {len(self.put)}"
        return f"Edit({self.what!r}, {self.at}, {self.length}, {put})"


def edits(pieces: Sequence[bytes] = (b"",), most: int = 4) -> st.SearchStrategy[list[Edit]]:
    """One to `most` changes; what is put in is any bytes, or one of the `pieces`."""
    one = st.builds(
        Edit,
        what=st.sampled_from(("flip", "cut", "put", "drop", "double", "zero", "over")),
        at=st.integers(0, 999),
        length=st.integers(0, 999),
        put=st.one_of(st.binary(min_size=1, max_size=12), st.sampled_from(list(pieces))),
    )
    return st.lists(one, min_size=1, max_size=most)


def apply(data: bytes, changes: Sequence[Edit]) -> bytes:
    """The bytes after those changes, one after the other."""
    for one in changes:
        at = one.at * len(data) // 1000
        end = min(len(data), at + 1 + one.length * one.length * len(data) // 1_000_000)
        if one.what == "flip" and data:
            bit = 1 << one.length % 8
            data = data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]
        elif one.what == "cut":
            data = data[:at]
        elif one.what == "put":
            data = data[:at] + one.put + data[at:]
        elif one.what == "over":
            data = data[:at] + one.put + data[at + len(one.put) :]
        elif one.what == "drop":
            data = data[:at] + data[end:]
        elif one.what == "double":
            data = data[:end] + data[at:end] + data[end:]
        elif one.what == "zero":
            data = data[:at] + bytes(end - at) + data[end:]
    return data


@dataclass(frozen=True, slots=True)
class Altered:
    """Bytes with what was done to them, of which alone a finding tells."""

    original: bytes = field(repr=False)
    number: int
    """Which of the originals it was."""
    changes: tuple[Edit, ...]

    @property
    def data(self) -> bytes:
        """What became of it."""
        return apply(self.original, self.changes)


def altered(
    originals: Sequence[bytes], pieces: Sequence[bytes] = (b"",)
) -> st.SearchStrategy[Altered]:
    """One of the originals after a few changes."""
    return st.builds(
        lambda number, changes: Altered(originals[number], number, tuple(changes)),
        st.integers(0, len(originals) - 1),
        edits(pieces),
    )
