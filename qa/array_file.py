"""Arrays in files: rows appended as they come, and read without being loaded.

A file is NumPy's own `.npy`, the same to the last byte as `numpy.save` makes of the whole array.
A large one is mapped into memory: the system loads the pages that are looked at, and processes
that map the same file share them. But whoever cuts a mapped file short ends every process that
looks at what is gone (SIGBUS), and who writes into it alters what they see. So a small file, as
all are that a clinic's leaflets are cut by, is read instead: what happens to it afterwards changes
nothing.
"""

from __future__ import annotations

import math
import mmap
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.lib import format as npy
from numpy.typing import DTypeLike, NDArray

__all__ = [
    "READ_WHOLE",
    "ArrayWriter",
    "any_array",
    "is_rising",
    "is_within",
    "map_bytes",
    "mapped",
    "overlapping",
]

_PART = 1 << 18
"""Rows that are looked at together."""
READ_WHOLE = 4 << 20
"""Bytes up to which a file is read and not mapped: spans of 250,000 sentences. An index has some
fifteen files, so that a process holds 60 MB more at most."""


class ArrayWriter:
    """A two-dimensional array that grows row by row in a file. Used within `with`."""

    def __init__(self, path: Path, dtype: DTypeLike, columns: int) -> None:
        """Begins the file. Raises OSError where it cannot be written."""
        self._dtype = np.dtype(dtype)
        self._columns = columns
        self._file = path.open("wb")
        self.rows = 0
        """How many there are so far."""
        self._begins = self._write_header()

    def append(self, rows: Any) -> None:
        """Adds rows, of `columns` numbers each.

        Raises ValueError for another number of columns, OverflowError for integers that are too
        large for the file, OSError where the disk is full.
        """
        made = np.ascontiguousarray(rows, dtype=self._dtype)
        if made.size == 0:
            return
        if made.ndim != 2 or made.shape[1] != self._columns:
            raise ValueError(f"rows are {made.shape}, expected (n, {self._columns})")
        self._file.write(made.data)
        self.rows += len(made)

    def close(self) -> None:
        """Writes how many rows there are, and closes the file. Raises OSError as `append` does."""
        self._file.seek(0)
        if self._write_header() != self._begins:
            raise OSError(f"{self._file.name}: too many rows for one file ({self.rows:,})")
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the file; after an error as it is, since nobody will read it."""
        if kind is None:
            self.close()
        else:
            self._file.close()

    def _write_header(self) -> int:
        """Writes the header and gives its length, which is the same for any number of rows: NumPy
        leaves room for it."""
        npy.write_array_header_1_0(
            self._file,
            {
                "descr": npy.dtype_to_descr(self._dtype),
                "fortran_order": False,
                "shape": (self.rows, self._columns),
            },
        )
        return self._file.tell()


def any_array(path: Path) -> NDArray[Any]:
    """The array of a file, read-only, whatever its kind and shape; mapped into memory (then it is a
    `numpy.memmap`) where the file is larger than `READ_WHOLE`.

    Raises ValueError where the file holds none or another than it declares, OSError where it cannot
    be read.
    """
    _check_declared(path)
    large = path.stat().st_size > READ_WHOLE
    found: NDArray[Any] = np.load(path, mmap_mode="r" if large else None, allow_pickle=False)
    found.flags.writeable = False
    return found


def _check_declared(path: Path) -> None:
    """Raises ValueError where a file is not as long as the array that its header declares: NumPy
    makes room for all of it before it looks. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        try:
            if npy.read_magic(file) != (1, 0):
                raise ValueError("it is of another version")
            shape, _, dtype = npy.read_array_header_1_0(file)
        except OSError:
            raise
        except Exception as error:  # whatever damage makes of NumPy's parsing of Python
            raise ValueError(f"{path.name} holds no array ({error})") from None
        held = size - file.tell()
    if dtype.hasobject:
        raise ValueError(f"{path.name} holds Python objects, which are never loaded")
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != held:
        raise ValueError(f"{path.name} declares {dtype} {shape}, and has {held:,} bytes of it")


def mapped(path: Path, dtype: DTypeLike, columns: int) -> NDArray[Any]:
    """The array of a file, (n, columns), read-only, mapped into memory where it is large.

    Raises ValueError where the file holds another kind of array, OSError where it cannot be read.
    """
    found = any_array(path)
    if found.dtype != np.dtype(dtype) or found.ndim != 2 or found.shape[1] != columns:
        wanted = f"{np.dtype(dtype)} (n, {columns})"
        raise ValueError(f"{path.name} is {found.dtype} {found.shape}, expected {wanted}")
    # Without memmap's own class, whose slices are slower.
    return np.asarray(found)


def overlapping(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """The rows of an array some at a time, each part with the row before it; none of an empty one.

    For checks of neighbours that must not double a large array.
    """
    for begin in range(0, len(array), _PART):
        yield array[max(0, begin - 1) : begin + _PART]


def is_rising(places: NDArray[Any]) -> bool:
    """Whether none of some numbers is less than the one before it, nor the first less than nothing.

    They are compared, not subtracted: a difference of 64 bits may overflow and look like a rise.
    """
    parts = overlapping(places)
    return not len(places) or (
        bool(places[0] >= 0) and all(bool((part[1:] >= part[:-1]).all()) for part in parts)
    )


def is_within(path: Path, array: NDArray[Any], most: float) -> bool:
    """Whether each number of a file, which `any_array` gave as `array`, is from -`most` to `most`.

    NaN is not. A large file is read part by part beside its mapping, so that looking does not make
    all of it resident. Raises OSError where it cannot be read.
    """
    if array.nbytes <= READ_WHOLE:
        return _within(array, most)
    with path.open("rb") as file:
        file.seek(-array.nbytes, os.SEEK_END)
        while len(part := np.fromfile(file, array.dtype, _PART)):
            if not _within(part, most):
                return False
    return True


def _within(array: NDArray[Any], most: float) -> bool:
    # Where one is NaN, so are the least and the most, and no comparison with NaN is true.
    return not array.size or bool(array.min() >= -most and array.max() <= most)


def map_bytes(path: Path) -> mmap.mmap | bytes:
    """A file's bytes, read-only, mapped into memory where they are many.

    Raises OSError where it cannot be read.
    """
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size <= READ_WHOLE:
            return file.read()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
