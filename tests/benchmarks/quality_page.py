"""Figures → `docs/quality.md`: what each means, how it is made again, and tables with intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from qa.comparison import PROGRAM, Comparison, Figures
from qa.measures import Figure

__all__ = ["page"]

_HEAD = Path(__file__).with_name("quality_head.md")
_ABLATION = (
    "hit@1",
    "hit@3",
    "recall@5",
    "auroc_answerable",
    "auroc_right_vs_rest",
    "twin_order",
    "twin_auroc",
    "word_f1",
)
_ABLATION_NOTE = """### {name}: each part taken away

All rows are of the same questions, so that they may differ by more than chance though their
intervals overlap. What is taken from the reader is shared out among what is left of it.
"""


def page(
    compared: Sequence[Comparison],
    ablated: Mapping[str, Mapping[str, Figures]],
    command: str,
    reader: str,
    day: date,
) -> str:
    """The whole page, of answers read with `reader`.

    `ablated` has for a set the figures of the program without some part.
    """
    head = _HEAD.read_text(encoding="utf-8")
    parts = [head.format(command=command, reader=reader, day=day.isoformat())]
    for one in compared:
        parts += [_heading(one), _systems(one)]
        without = ablated.get(one.name)
        if without:
            parts += [_ABLATION_NOTE.format(name=one.name), _variants(one, without)]
    return "\n".join(parts)


def _heading(one: Comparison) -> str:
    return (
        f"## {one.name}\n\n"
        f"{one.documents:,} documents, {one.chunks:,} chunks, {one.sentences:,} sentences; "
        f"{one.answerable:,} answerable and {one.unanswerable:,} unanswerable questions.\n"
    )


def _systems(one: Comparison) -> str:
    names = dict.fromkeys(name for figures in one.systems.values() for name in figures)
    rows = ((f"`{name}`", *(f.get(name) for f in one.systems.values())) for name in names)
    return _table(("", *one.systems), rows)


def _variants(one: Comparison, without: Mapping[str, Figures]) -> str:
    all_rows = {"nothing": one.systems[PROGRAM]} | dict(without)
    names = [name for name in _ABLATION if name in one.systems[PROGRAM]]
    rows = ((label, *(f.get(name) for name in names)) for label, f in all_rows.items())
    return _table(("taken away", *(f"`{name}`" for name in names)), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str | Figure | None]]) -> str:
    lines = [head, ["---"] * len(head), *([_cell(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(cell: str | Figure | None) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    digits = 0 if cell.value > 1 else 2  # words are counted, the rest are shares
    if math.isnan(cell.low):
        return f"{cell.value:.{digits}f}"
    return f"{cell.value:.{digits}f} ({cell.low:.{digits}f}-{cell.high:.{digits}f})"
