"""The kind of processor that a build runs on, as far as the last bits of a vector depend on it.

Libraries choose their inner loops by what the processor can do, and a loop that adds eight numbers
at a time rounds otherwise than one that adds sixteen. Two machines of which this module says the
same run the same loops.
"""

from __future__ import annotations

import platform
from functools import cache

import numpy as np

__all__ = ["processor"]


@cache
def processor() -> str:
    """Operating system, architecture and vector instructions, as `Linux x86_64 X86_V3 X86_V4`.

    The instructions are those that NumPy found (`numpy.show_config`), by NumPy's names for them.
    """
    found = np.show_config(mode="dicts") or {}
    simd = found.get("SIMD Extensions", {})
    names = [*simd.get("baseline", ()), *simd.get("found", ())]
    return " ".join([platform.system(), platform.machine(), *dict.fromkeys(names)])
