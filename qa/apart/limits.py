"""How much memory and time a file may take, by its size."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

__all__ = ["Limits", "limits_of"]

_MEMORY = (512 << 20, 1_000)
"""Bytes: these, and so many for each byte of the file. 300 pages of text that repeats itself,
packed to 262 kB, took 266 MB, as much for each byte as nothing else that was measured; Markdown
took 80 bytes. The rest is for pictures that are large once unpacked: a scanned A3 page at 600 dots
per inch has 210 MB in colour."""
_MOST_MEMORY = 4 << 30
"""Bytes; the longest PDF that is read, of 1,500,000 words, takes between one and two gigabytes."""
_SECONDS = (60.0, 300e-6)
"""Of a processor: these, and so many for each byte. The same pages took 83 microseconds a byte, and
nothing else that was measured more than 12; a slower machine is to read them too."""
_CLOCK = 10
"""Seconds on the clock for each of a processor: a busy machine gives a process a tenth of one."""
_MOST_UNPACKED = 256 << 20
"""Bytes; what claims to unpack to more is refused (`qa.readers.archive`)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What work on one file may take."""

    memory: int
    """Bytes, beyond what the process has before."""
    seconds: float
    """Of a processor."""
    clock: float
    """Seconds that may go by, whatever the process waits for."""


def limits_of(data: bytes) -> Limits:
    """What reading a file's bytes may take, by their number; of a zip file, once unpacked."""
    size = max(len(data), min(_unpacked(data), _MOST_UNPACKED))
    memory = min(_MEMORY[0] + _MEMORY[1] * size, _MOST_MEMORY)
    seconds = _SECONDS[0] + _SECONDS[1] * size
    return Limits(memory, seconds, clock=_CLOCK * seconds)


def _unpacked(data: bytes) -> int:
    """The bytes that a zip file claims to hold; 0 where it is none that can be looked into."""
    if not data.startswith(b"PK"):
        return 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return sum(one.file_size for one in opened.infolist())
    except Exception:  # whatever is wrong with it, its reader says so
        return 0
