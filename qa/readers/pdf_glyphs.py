"""Letters of a PDF that do not say what is drawn lose their meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, pairwise

from qa.readers.pdf_characters import Piece
from qa.readers.pdf_meanings import can_be_one_glyph, seen_letters
from qa.readers.symbols import UNKNOWN

__all__ = ["pieces_as_drawn"]


def pieces_as_drawn(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces, with `UNKNOWN` for each glyph that cannot show what the file says of it.

    That is where its font is known to draw something else, and where one glyph stands for several
    letters that are never drawn as one.
    """
    for piece in pieces:
        places = list(zip(piece.areas, piece.spans, strict=True))
        if piece.style.lies or any(one == next_one for one, next_one in pairwise(places)):
            yield _as_drawn(piece)
        else:
            yield piece


def _as_drawn(piece: Piece) -> Piece:
    """What stands in one place to the hair is what one glyph is said to mean."""
    letters: list[str] = []
    kept: list[int] = []
    places = list(zip(piece.areas, piece.spans, strict=True))
    for _, members in groupby(range(len(places)), key=places.__getitem__):
        glyph = list(members)
        said = "".join(piece.letters[index] for index in glyph)
        if seen_letters(said) in piece.style.lies or (
            len(glyph) > 1 and not can_be_one_glyph(said)
        ):
            letters.append(UNKNOWN)
            kept.append(glyph[0])
        else:
            letters += (piece.letters[index] for index in glyph)
            kept += glyph
    return replace(
        piece,
        letters=letters,
        areas=[piece.areas[index] for index in kept],
        spans=[piece.spans[index] for index in kept],
    )
