"""Answers and figures as text for a terminal."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from qa.publishing import built_at
from qa.types import Answer

if TYPE_CHECKING:  # an answer is shown without them
    from qa.comparison import Comparison
    from qa.evaluation import Figures, Outcome, Rate
    from qa.generation import Generation
    from qa.golden import Golden
    from qa.measures import Figure
    from qa.standing import Standing

__all__ = [
    "answer_text",
    "aside_text",
    "comparison_table",
    "figures_table",
    "generation_facts",
    "miss_text",
    "sweep_table",
]

_FIRST = ("emergency", "poison", "crisis", "advice")
"""Notices that go before the quotes; the others stand under them."""
_RELATED = "This may be related, but it is not an answer. The documents say this about:"


def answer_text(answer: Answer) -> str:
    """An answer as somebody at a terminal reads it."""
    parts = [notice.text for notice in answer.notices if notice.kind in _FIRST]
    if answer.searched_for:
        parts.append(f"Searched for: {answer.searched_for}")
    for quote in answer.quotes:
        place = f"{quote.title} - {quote.section}" if quote.section else quote.title
        place += f" - page {quote.page}" if quote.page else ""
        place += f" (reviewed {quote.reviewed})" if quote.reviewed else ""
        lead = "A warning from the same section:\n" if quote.role == "warning" else ""
        parts.append(f"{lead}\u201c{quote.text}\u201d\n    {place}\n    {quote.url}")
    if answer.subject:
        parts.append(f"The documents do not speak of {answer.subject} ({answer.reason}).")
    elif answer.reason:
        parts.append(f"The documents do not answer this ({answer.reason}).")
    if answer.related:
        places = [f"{one.section or one.title}\n    {one.url}" for one in answer.related]
        parts.append("\n  ".join([_RELATED, *places]))
    parts += [notice.text for notice in answer.notices if notice.kind not in _FIRST]
    return "\n\n".join(parts)


def figures_table(rates: Mapping[str, Figures], width: int | None) -> str:
    """The figures of several groups of questions side by side; `width` None is the terminal's."""
    return rates_table("Golden questions", {name: one.all() for name, one in rates.items()}, width)


def rates_table(what: str, rates: Mapping[str, Sequence[Rate]], width: int | None) -> str:
    """The same rates of several groups side by side; `width` None is the terminal's."""
    table = Table("", *rates, title=f"{what}: share (count), 95 % interval")
    for cells in zip(*rates.values(), strict=True):
        table.add_row(cells[0].name, *(_rate_text(rate) for rate in cells))
    return _drawn(table, width)


def _drawn(table: Table, width: int | None) -> str:
    console = Console(width=width, file=io.StringIO(), record=True)
    console.print(table)
    return console.export_text().rstrip()


def _rate_text(rate: Rate) -> str:
    low, high = rate.interval
    shown = f"{rate.share:.0%} ({rate.count}/{rate.of}), {low:.0%}-{high:.0%}"
    return shown if rate.of else "-"


def comparison_table(comparison: Comparison, width: int | None) -> str:
    """All systems on one evaluation set side by side; `width` None is the terminal's."""
    table = Table(
        "",
        *comparison.systems,
        title=f"{comparison.name}: {comparison.documents} documents, {comparison.answerable} + "
        f"{comparison.unanswerable} unanswerable questions; 95 % intervals",
    )
    names = dict.fromkeys(name for found in comparison.systems.values() for name in found)
    for name in names:
        table.add_row(name, *(_figure_text(f.get(name)) for f in comparison.systems.values()))
    return _drawn(table, width)


def _figure_text(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    digits = 0 if figure.value > 1 else 2  # words are counted, the rest are shares
    return f"{figure.value:.{digits}f} ({figure.low:.{digits}f}-{figure.high:.{digits}f})"


def sweep_table(outcomes: Sequence[Outcome]) -> str:
    """What other thresholds would do to these questions."""
    from qa.evaluation import sweep_threshold  # noqa: PLC0415 - an answer is shown without it

    lines = ["threshold  right first or second  off topic refused  on topic refused"]
    lines += [
        f"{row.threshold:9.2f}  {row.right_in_two:21.0%}  {row.off_topic_refused:17.0%}"
        f"  {row.on_topic_refused:16.0%}"
        for row in sweep_threshold(outcomes)
    ]
    return "\n".join(lines)


def aside_text(aside: Sequence[tuple[Golden, Standing]]) -> str:
    """Golden questions that were not asked, since their document is not quoted now."""
    lines = [f"Not asked, since their document is not quoted now: {len(aside)} questions."]
    lines += [f"  line {one.line}: {one.document} is {standing}" for one, standing in aside]
    return "\n".join(lines)


def miss_text(outcome: Outcome) -> str:
    """A golden question that went wrong, with what was found instead."""
    golden, answer = outcome.golden, outcome.answer
    ranked = answer.quotes or answer.held_back
    lines = [
        f"line {golden.line}: {golden.question}",
        f"    expected {golden.expect} {' || '.join(golden.quotes)}",
        f"    got {answer.kind} ({answer.reason}), confidence {answer.confidence:.2f}",
    ]
    lines += [f"      {q.score:.2f} {' '.join(q.text.split())[:160]}" for q in ranked[:3]]
    return "\n".join(lines)


def generation_facts(generation: Generation) -> dict[str, object]:
    """A generation's name, when and with which model it was built, and how much it holds."""
    manifest = generation.manifest
    skipped = ", ".join(manifest.get("skipped", {}))
    left_out = {"Not read": f"{skipped} (`qa build` says why)"} if skipped else {}
    return {
        "Generation": generation.name,
        "Built": built_at(generation.name) or "nobody can tell when",
        "Model": f"{manifest['model']['model']} ({manifest['model']['backend']})",
        "Documents": manifest["counts"]["documents"],
        "Chunks": manifest["counts"]["chunks"],
        "Sentences": manifest["counts"]["sentences"],
        **left_out,
    }
