"""Work on files that may be hostile, in a process of its own that has an end in memory and time.

The caller asks an `Apart`; its process runs `serve` with the functions that do the work. Imported
here is only what the caller needs.
"""

from __future__ import annotations

from qa.apart.limits import Limits, limits_of
from qa.apart.process import Apart, Broken, Busy, Ended, Refused

__all__ = ["Apart", "Broken", "Busy", "Ended", "Limits", "Refused", "limits_of"]
