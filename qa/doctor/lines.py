"""Lines: in which line of its file a stretch of a document's text stands.

The canonical text has no markup, so its lines are not the file's. The passage's first words are
looked for in the file, with whatever markup may stand between them.
"""

from __future__ import annotations

import re

__all__ = ["line_of"]

_WORDS = 6
_BETWEEN = r"[\W_]+"
"""White space, and the signs of Markdown or of the text itself that part two words."""
_WORD = re.compile(r"[^\W_]+")


def line_of(text: str, start: int, end: int, source: str) -> int | None:
    """The line, from 1, of `source` in which text[start:end] begins; None where it is not found.

    Where the same words stand there several times, they are counted in both.
    """
    words = [found[0] for found in _WORD.finditer(text, start, end)][:_WORDS]
    if not words:
        return None
    looked_for = re.compile(_BETWEEN.join(re.escape(word) for word in words))
    spoken = [found.start() for found in looked_for.finditer(text)]
    written = [found.start() for found in looked_for.finditer(source)]
    before = sum(at < start for at in spoken)
    # Front matter and link targets may hold the words as well: count from the end.
    place = len(written) - (len(spoken) - before)
    if not written or not 0 <= place < len(written):
        return None
    return source.count("\n", 0, written[place]) + 1
