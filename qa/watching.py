"""Following a folder of documents: tells when something in it has changed. Imports watchfiles."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from watchfiles import watch

from qa.errors import CorpusError

__all__ = ["changes", "matters"]

SETTLE_MS = 800
"""Changes within this time are taken together: a save, a copy of many files."""
LOOK_MS = 2000
"""How often it is looked whether the folder itself is still there."""
RETRY_S = 30.0
"""How often whoever watches may try again what failed for another reason than a document."""
_EDITORS = re.compile(
    r"~$|^~\$|^#.*#$|\.(?:sw[a-z]|tmp|bak|part|crdownload)$|^4913$", re.IGNORECASE
)
"""Names of what editors, office programs and browsers keep beside a file while it is open."""


def matters(folder: Path, path: Path) -> bool:
    """Whether a change of this path may change the index: not hidden, and no editor's own file."""
    try:
        parts = path.relative_to(folder).parts
    except ValueError:
        return False
    return not any(part.startswith(".") for part in parts) and not (
        parts and _EDITORS.search(parts[-1])
    )


def changes(
    folder: Path, retry_s: float = RETRY_S, settle_ms: int = SETTLE_MS, look_ms: int = LOOK_MS
) -> Iterator[bool]:
    """Yields True each time something has changed and settled, and False when `retry_s` seconds
    have passed without.

    The first True comes as soon as changes are followed, for what changed before that. What changes
    while whoever iterates is busy is told of afterwards. Raises CorpusError where the
    folder is not there or is taken away, KeyboardInterrupt on Ctrl-C.
    """
    root = folder.resolve()
    told = None
    try:
        for found in watch(
            root,
            watch_filter=lambda _kind, name: matters(root, Path(name)),
            debounce=settle_ms,
            rust_timeout=look_ms,
            yield_on_timeout=True,
        ):
            if not root.is_dir():
                raise FileNotFoundError
            if found or told is None or time.monotonic() - told >= retry_s:
                first, told = told is None, time.monotonic()
                yield bool(found) or first
    except FileNotFoundError:
        raise CorpusError(
            f"{folder} is not there, so it cannot be watched. Make the folder, then run "
            "`qa build --watch` again."
        ) from None
