"""Two texts of one document: whether a passage of the one stands at the same place in the other.

What is inserted before a passage moves its offsets and not its place. Where its words stand more
than once, the texts are aligned line by line to tell which of them is which.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate

from qa.document import Document
from qa.golden import fold
from qa.types import Quote

__all__ = ["Aligned", "Places"]


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text with each run of white space as one blank, and the lines it had."""

    text: str
    lines: tuple[str, ...]
    starts: tuple[int, ...]
    """Where each line begins in `text`."""

    @classmethod
    def of(cls, text: str) -> _Folded:
        lines = tuple(folded for line in text.splitlines() if (folded := fold(line)))
        starts = (0, *accumulate(len(line) + 1 for line in lines))[: len(lines)]
        return cls(" ".join(lines), lines, starts)

    def occurrences(self, words: str, start: int = 0, end: int | None = None) -> list[int]:
        """Where the words begin from `start` on and before `end`; they may overlap."""
        last = len(self.text) if end is None else end + len(words) - 1
        found, at = [], self.text.find(words, start, last)
        while at >= 0:
            found.append(at)
            at = self.text.find(words, at + 1, last)
        return found

    def line_at(self, offset: int) -> int:
        return max(0, bisect_right(self.starts, offset) - 1)

    def begin(self, line: int) -> int:
        """Where a line begins; the text's end for the one behind the last."""
        return self.starts[line] if line < len(self.starts) else len(self.text)


class Aligned:
    """An old and a new text of a document, aligned once they have to be."""

    def __init__(self, old: str, new: str) -> None:
        self._texts = old, new

    def same_place(self, old: tuple[int, int], new: tuple[int, int]) -> bool:
        """Whether spans (start, end; in code points) of the two hold the same words at one place.

        White space counts as one blank. Words that stand once in each text are at one place however
        it was rearranged; which of several is meant, the lines around them tell.
        """
        words, others = (
            fold(text[start:end])
            for text, (start, end) in zip(self._texts, (old, new), strict=True)
        )
        if words != others:
            return False
        if self._texts[0] == self._texts[1]:
            return old == new
        before, after = self._folded
        if len(before.occurrences(words)) == 1 == len(after.occurrences(words)):
            return True
        here = len(fold(self._texts[0][: old[0]] + "x")) - 1  # a blank before it counts as well
        there = len(fold(self._texts[1][: new[0]] + "x")) - 1
        return self._corresponds(words, here, there)

    @cached_property
    def _folded(self) -> tuple[_Folded, _Folded]:
        return _Folded.of(self._texts[0]), _Folded.of(self._texts[1])

    @cached_property
    def _matches(self) -> list[tuple[int, int, int]]:
        """Runs of equal lines as (old line, new line, how many); the last one is empty."""
        before, after = self._folded
        blocks = SequenceMatcher(None, before.lines, after.lines).get_matching_blocks()
        return [(one.a, one.b, one.size) for one in blocks]

    def _corresponds(self, words: str, here: int, there: int) -> bool:
        """Whether the words at an offset of the old folded text are those at one of the new."""
        before, after = self._folded
        line = before.line_at(here)
        past_old = past_new = 0
        for old, new, count in self._matches:
            if old <= line < old + count:  # an unchanged line: the same offset within it
                same = new + line - old
                return there - after.begin(same) == here - before.begin(line)
            if line < old:  # a changed stretch: the same occurrence of as many
                inside = before.occurrences(words, before.begin(past_old), before.begin(old))
                others = after.occurrences(words, after.begin(past_new), after.begin(new))
                found = here in inside and there in others and len(inside) == len(others)
                return found and inside.index(here) == others.index(there)
            past_old, past_new = old + count, new + count
        return False


class Places:
    """Tells whether quotes of two generations stand at one place; each document is aligned once."""

    def __init__(
        self, old: Callable[[str], Document | None], new: Callable[[str], Document | None]
    ) -> None:
        self._old, self._new = old, new
        self._aligned: dict[str, Aligned] = {}

    def same(self, old: Quote, new: Quote) -> bool:
        """Whether it is the same document, the same words and the same occurrence of them."""
        if old.document_id != new.document_id:
            return False
        if old.sha256 == new.sha256:
            return (old.start, old.end) == (new.start, new.end)
        name = old.document_id
        if name not in self._aligned:
            before, after = self._old(name), self._new(name)
            if before is None or after is None:
                return False
            self._aligned[name] = Aligned(before.text, after.text)
        return self._aligned[name].same_place((old.start, old.end), (new.start, new.end))
