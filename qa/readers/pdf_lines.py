"""Words on a page put together to lines, and pieces of words to words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa.readers.pdf_characters import is_right_to_left, word_gap
from qa.readers.pdf_page import Line, Word
from qa.readers.symbols import lowered, raised

__all__ = ["RUN_GAP", "lines_of", "runs_of"]

RUN_GAP = 0.9
"""Room between two words, in heights of their type, that may be the room between two columns."""
_SAME_BASELINE = 0.12
"""Of the height of type: how far letters of one line may stand off its baseline."""
_SMALL = 0.85
"""Raised and lowered figures are mostly set in type that is clearly smaller."""
_CLEARLY_RAISED = 0.2
"""Of the height of type: figures that stand so much above their line are raised, however large."""
_NARROW_BLANK = 0.06
"""Of the height of type: a blank that the file has is one, if it takes as much room as this."""
_OVERLAP = -0.5
"""Of the height of type: words that lie farther on one another are two texts in one place."""
_FIGURES = re.compile("(?=.*[0-9])[0-9+=()\u2212\u2013.,*-]+")
_OPENING = str.maketrans(")]}\u00bb", "([{\u00ab")
_CLOSING = str.maketrans("([{\u00ab", ")]}\u00bb")
_UNIT = re.compile(
    r"(?:[mk\u00b5\u03bc]?[gl]|mcg|iu|[mck]?m|mmHg|mmol|min|h|kcal)(?:/\w+)?", re.IGNORECASE
)
_AMOUNT = re.compile(r"[<>~]?\d[\d.,/\-\u2013]*")
_LATIN = re.compile(r"[A-Za-z0-9\u00c0-\u024f]")


def runs_of(words: Iterable[Word]) -> list[Line]:
    """Words on one baseline without wide room between, from the top down, then to the right.

    Raised and lowered figures go with the run they stand at.
    """
    found: list[list[Word]] = []
    for row in _rows(words):
        row.sort(key=lambda word: word.left)
        run = [row[0]]
        reach = row[0].right
        for word in row[1:]:
            if word.left - reach > RUN_GAP * max(word.size, run[-1].size):
                found.append(run)
                run = []
            run.append(word)
            reach = max(reach, word.right) if len(run) > 1 else word.right
        found.append(run)
    return [Line(tuple(_glued(run))) for run in _with_small(found)]


def lines_of(runs: Iterable[Line]) -> list[Line]:
    """Whole lines out of the runs of one column, from the top down."""
    lines: list[list[Line]] = []
    for run in sorted(runs, key=lambda run: run.baseline):
        last = lines[-1] if lines else None
        if last and run.baseline - last[0].baseline < _may_be_off(run, last[0]):
            last.append(run)
        else:
            lines.append([run])
    return [
        line[0]
        if len(line) == 1
        else Line(tuple(_in_order([w for run in line for w in run.words])))
        for line in lines
    ]


def _may_be_off(run: Line, other: Line) -> float:
    """How far apart the baselines of two runs of a line may be, in points.

    Much larger type that stands a little off is a text of its own, set into another.
    """
    small, large = sorted((run.size, other.size))
    return _SAME_BASELINE * (2 * large if large <= 1.2 * small else small)


def _rows(words: Iterable[Word]) -> list[list[Word]]:
    """Words by their baselines, over the whole width of the page."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.baseline):
        last = rows[-1][-1] if rows else None
        if last is not None and word.baseline - last.baseline <= _SAME_BASELINE * min(
            word.size, last.size
        ):
            rows[-1].append(word)
        else:
            rows.append([word])
    return rows


def _with_small(runs: list[list[Word]]) -> list[list[Word]]:
    """Puts runs of small type that stand close to one of larger type into that one."""
    sizes = [max(word.size for word in run) for run in runs]
    kept: list[list[Word]] = []
    for index, run in enumerate(runs):
        near = range(max(0, index - 12), min(len(runs), index + 13))
        host = next(
            (i for i in near if i != index and _hangs_on(run, sizes[index], runs[i], sizes[i])),
            None,
        )
        if host is None:
            kept.append(run)
        else:
            runs[host].extend(run)
    for run in kept:
        run.sort(key=lambda word: word.left)
    return kept


def _hangs_on(small: list[Word], size: float, run: list[Word], of_run: float) -> bool:
    if len(small) > 3:
        return False
    main = next(word for word in run if word.size >= _SMALL * of_run)
    if abs(small[0].baseline - main.baseline) > 0.6 * of_run:
        return False
    left, right = min(w.left for w in small), max(w.right for w in small)
    if size > _SMALL * of_run:
        raised = all(_is_raised(word, main) for word in small)
        return raised and any(-0.1 <= (left - word.right) / of_run <= 0.15 for word in run)
    return any(
        -0.2 * of_run <= left - word.right <= 0.3 * of_run
        or -0.2 * of_run <= word.left - right <= 0.6 * of_run
        for word in run
        if word.size >= _SMALL * of_run
    )


def _glued(run: Sequence[Word]) -> list[Word]:
    """Joins pieces of words that touch, and puts the words into the order they are read in."""
    words: list[Word] = []
    largest = max(run, key=lambda word: word.size)
    for part in run:
        alone = part.size <= _SMALL * largest.size or _is_raised(part, largest)
        piece = replace(part, text=_shifted(part, largest)) if alone else part
        last = words[-1] if words else None
        size = max(piece.size, last.size) if last else piece.size
        room = piece.left - last.right if last else 0.0
        text = (last.text if last else "") + piece.text
        spaced = piece.spaced and piece.text != "." and not is_right_to_left(text)
        gap = _NARROW_BLANK if spaced else word_gap(text)
        touch = _OVERLAP * size < room < gap * size
        if last is not None and touch and last.struck == piece.struck:
            words[-1] = _joined(last, piece)
        else:
            words.append(piece)
    return _in_order(words)


def _is_raised(word: Word, main: Word) -> bool:
    """Whether a word is figures that stand clearly above the line of a word as large or larger."""
    off = main.baseline - word.baseline
    figures = bool(_FIGURES.fullmatch(word.text)) and word.size <= main.size
    return figures and off >= _CLEARLY_RAISED * main.size


def _joined(left: Word, right: Word) -> Word:
    one, other = left.text, right.text
    if is_right_to_left(one + other):
        return left.joined(right, _bracketed(other + one))
    return left.joined(right, one + other)


def _bracketed(word: str) -> str:
    """A word from right to left, its outer brackets opening before it and closing behind it.

    PDFium mirrors some of them and leaves others as they are drawn.
    """
    letters = [at for at, letter in enumerate(word) if letter.isalnum()]
    if not letters:
        return word
    first, last = letters[0], letters[-1] + 1
    return word[:first].translate(_OPENING) + word[first:last] + word[last:].translate(_CLOSING)


def _shifted(small: Word, large: Word) -> str:
    """Figures that are raised or lowered, as such: a quoted 10³ must not become 103."""
    off = large.baseline - small.baseline
    if not _FIGURES.fullmatch(small.text) or abs(off) < 0.08 * large.size:
        return small.text
    return raised(small.text) if off > 0 else lowered(small.text)


def _is_measure(unit: str, number: str) -> bool:
    return bool(_UNIT.fullmatch(unit) and _AMOUNT.fullmatch(number))


def _in_order(words: Sequence[Word]) -> list[Word]:
    """Words of a line as they are read: from the right where most of its letters are such.

    Runs of Latin words and numbers in such a line, and of words from right to left in any other,
    keep their own order (the heart of Unicode's rule for text in both directions, UAX #9).
    """
    ordered = [
        replace(word, text=_bracketed(word.text)) if is_right_to_left(word.text) else word
        for word in sorted(words, key=lambda word: word.left)
    ]
    right = [is_right_to_left(word.text) for word in ordered]
    if not any(right):
        return ordered
    of_right = sum(len(w.text) for w, is_right in zip(ordered, right, strict=True) if is_right)
    of_left = sum(
        len(w.text) for w in ordered if not is_right_to_left(w.text) and _LATIN.search(w.text)
    )
    from_right = of_right >= of_left
    runs: list[list[Word]] = []
    was_other = False
    for word, is_right in zip(ordered, right, strict=True):
        other = (bool(_LATIN.search(word.text)) and not is_right) if from_right else is_right
        # "mg 12.5" is what is drawn of a "12.5 mg" in a line from right to left.
        measure = from_right and bool(runs) and _is_measure(runs[-1][-1].text, word.text)
        if was_other and other and not measure:
            runs[-1].append(word)
        else:
            runs.append([word])
        was_other = other
    if from_right:
        return [word for run in reversed(runs) for word in run]
    return [word for run in runs for word in reversed(run)]
