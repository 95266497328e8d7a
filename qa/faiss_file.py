"""What a FAISS file says of itself, checked before FAISS is given it.

FAISS' reader is written in C++ and believes the counts in its file: it makes room for as many
numbers as are declared before it looks whether they are there. So the file that `qa.vectors` writes
(an inverted file of product codes, with its centres and lists) is read here first, count by count,
and no count may ask for more than the file holds. Everything is little-endian.

    inverted file   kind "IwPf", header, lists, lists looked through
      centres       kind "IxFI", header, float32 (lists, dim)
      direct map    none
      codes' form   whether of residuals, bytes of a code, vectors of a block, parts, two options
      product code  dim, parts, bits; float32 (parts, 2^bits, dim / parts)
      lists         kind "ilbl", lists, no size of a code, vectors and bytes of a block
        each        int64 (vectors), uint8 (blocks * bytes of a block)

Written after FAISS' own `index_write.cpp`, version 1.15.
"""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path

import numpy as np

__all__ = ["check_candidates"]

_HEADER = "iqqqBi"
"""dim, vectors, two numbers that mean nothing, whether it is trained, metric."""
_INNER_PRODUCT = 0
_BITS = 4
_PACKED = 2**64 - 1
"""What stands for the bytes of one code where the codes of a block are packed together."""


class _Reading:
    """Numbers of a file one after the other."""

    def __init__(self, data: mmap.mmap | bytes) -> None:
        self._data = data
        self._at = 0

    def numbers(self, form: str) -> tuple[int, ...]:
        """The next numbers, as `struct` names their kinds. Raises ValueError at the file's end."""
        size = struct.calcsize(f"<{form}")
        self._need(size)
        found = struct.unpack_from(f"<{form}", self._data, self._at)
        self._at += size
        return found

    def kind(self, wanted: bytes) -> None:
        """Four letters that name what follows. Raises ValueError where they are others."""
        self._need(4)
        found = self._data[self._at : self._at + 4]
        self._at += 4
        if found != wanted:
            raise ValueError(f"it has {found!r} at byte {self._at - 4:,}, expected {wanted!r}")

    def array(self, size: int, wanted: int, what: str) -> int:
        """Passes over an array of as many items as are `wanted`, of `size` bytes each; gives where
        it begins. Raises ValueError where another number is declared, or the file is too short."""
        (count,) = self.numbers("Q")
        if count != wanted:
            raise ValueError(f"it declares {count:,} numbers for its {what}, expected {wanted:,}")
        self._need(count * size)
        begin, self._at = self._at, self._at + count * size
        return begin

    def rows(self, begin: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """A copy of `count` row numbers that begin at a byte."""
        return np.frombuffer(self._data[begin : begin + 8 * count], dtype="<i8")

    def end(self) -> None:
        """Raises ValueError where the file goes on."""
        if self._at != len(self._data):
            raise ValueError(f"it goes on for {len(self._data) - self._at:,} bytes after its lists")

    def peek(self) -> int:
        """The next count, without passing over it."""
        self._need(8)
        return int(struct.unpack_from("<Q", self._data, self._at)[0])

    def _need(self, size: int) -> None:
        if size > len(self._data) - self._at:
            raise ValueError(f"it ends at byte {len(self._data):,}, before all that it declares")


def check_candidates(path: Path, count: int, dimension: int) -> None:
    """Raises ValueError where a file is not one that `qa.vectors` makes of `count` vectors of
    `dimension` numbers; its text says what is wrong. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            raise ValueError("it is empty")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            reading = _Reading(data)
            lists, block, block_size = _check_form(reading, count, dimension)
            _check_lists(reading, count, lists, block, block_size)
            reading.end()


def _check_form(reading: _Reading, count: int, dimension: int) -> tuple[int, int, int]:
    """All that stands before the lists. Gives how many lists there are, and the vectors and bytes
    of a block."""
    reading.kind(b"IwPf")
    _check_header(reading, count, dimension)
    lists, _ = reading.numbers("QQ")
    if not 0 < lists <= count:
        raise ValueError(f"it declares {lists:,} lists for {count:,} vectors")
    reading.kind(b"IxFI")
    _check_header(reading, lists, dimension)
    reading.array(4, lists * dimension, "centres")
    direct, mapped = reading.numbers("BQ")
    if direct or mapped:
        raise ValueError("it has a direct map, which is not asked for")
    residual, code_size, block, padded, way, _ = reading.numbers("BQiQiQ")
    of, parts, bits = reading.numbers("QQQ")
    fits = of == dimension and 0 < parts <= dimension and dimension % parts == 0
    fits = fits and bits == _BITS and residual in (0, 1) and block > 0 and block % 32 == 0
    fits = fits and way == 0  # 0 lets FAISS choose how it searches; it knows few others
    fits = fits and parts <= padded <= parts + 1 and code_size == (parts + 1) // 2
    if not fits or block > 1 << 16:
        raise ValueError(f"it has codes of {parts:,} parts of {bits:,} bits for {of:,} numbers")
    reading.array(4, dimension << bits, "codes")
    return lists, block, block * padded // 2


def _check_header(reading: _Reading, count: int, dimension: int) -> None:
    of, vectors, _, _, trained, metric = reading.numbers(_HEADER)
    if (vectors, of) != (count, dimension):
        raise ValueError(
            f"it has {vectors} vectors of {of} numbers, expected {count} of {dimension}"
        )
    if not trained or metric != _INNER_PRODUCT:
        raise ValueError("it is not for inner products")


def _check_lists(reading: _Reading, count: int, lists: int, block: int, block_size: int) -> None:
    """The lists: each row of the vectors in one of them, and once."""
    reading.kind(b"ilbl")
    found = reading.numbers("QQQQ")
    if found != (lists, _PACKED, block, block_size):
        raise ValueError("it has lists that do not fit its codes")
    seen = np.zeros(count, dtype=np.bool_)
    total = 0
    for _ in range(lists):
        size = reading.peek()
        rows = reading.rows(reading.array(8, size, "rows"), size)
        if size and (rows.min() < 0 or rows.max() >= count):
            raise ValueError("it names a row that is not there")
        seen[rows] = True
        total += size
        reading.array(1, -(-size // block) * block_size, "blocks")
    if total != count or not seen.all():
        raise ValueError("it does not hold each row once")
