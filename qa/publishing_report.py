"""Publishing as text for a terminal of 80 columns: what was checked, and which generations there
are."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from qa.gate import Verdict
from qa.history import Event
from qa.kept import LIVE, STAGED, KeptGeneration
from qa.pruning import Removed
from qa.report import aside_text

__all__ = ["generations_text", "listed", "megabytes", "removed_text", "signed_text", "verdict_text"]

_WIDTH = 80
_MISFITS = 10
"""Questions that are listed, of those that no longer fit."""


def verdict_text(verdict: Verdict) -> str:
    """What the checks of a generation found, a line each."""
    if verdict.damage:
        return "Files:      damaged\n" + listed(verdict.damage)
    lines = ["Files:      all as they were built"]
    lines.append("Chunks:     " + ("cut wrongly" if verdict.faults else "all cut at sentences"))
    lines += [listed(verdict.faults)] if verdict.faults else []
    measured = verdict.measured
    if measured is None:
        why = "not asked, as" if verdict.foreign else "none there (questions.csv), so"
        what = "they are of other documents" if verdict.foreign else "nothing was measured"
        lines.append(f"Questions:  {why} {what}")
        return "\n".join(lines)
    for number, rate in enumerate(one for one in measured.figures.all() if one.of):
        title = "" if number else "Questions:"
        lines.append(f"{title:<12}{rate.name}: {rate.count}/{rate.of}, {rate.share:.0%}")
    if measured.misfits:
        count = len(measured.misfits)
        which = "questions no longer fit their" if count > 1 else "question no longer fits its"
        lines.append(f"{count} {which} document, and counted as missed:")
        lines.append(listed(measured.misfits[:_MISFITS]))
        lines += [f"  and {count - _MISFITS} more"] if count > _MISFITS else []
        lines.append("`qa relocate` shows what is there in place of their words.")
    if measured.aside:
        head, *each = aside_text(measured.aside).splitlines()
        lines += [head, listed([one.strip() for one in each])]
    return "\n".join(lines)


def listed(texts: Sequence[str]) -> str:
    """Texts as items below each other."""
    return "\n".join(
        "\n".join(wrap(text, _WIDTH, initial_indent="  - ", subsequent_indent="    "))
        for text in texts
    )


def generations_text(kept: Sequence[KeptGeneration]) -> str:
    """Each generation in a few lines."""
    return "\n".join(line for one in kept for line in _described(one))


def _described(one: KeptGeneration) -> list[str]:
    state = one.state.upper() if one.state == LIVE else one.state
    lines = [f"{one.name}  {state}{'  DAMAGED' if one.problems else ''}"]
    if one.built_at:
        counts = f"{_many(one.documents, 'document')}, {_many(one.chunks, 'chunk')}"
        lines.append(f"    built {_moment(one.built_at)}, {counts}")
    for event in one.events:
        lines += _folded(signed_text(event, one.name))
    if one.state == STAGED:
        lines.append("    never published")
    lines += [line for problem in one.problems for line in _folded(problem)]
    return lines


def signed_text(event: Event, name: str) -> str:
    """Who brought, published, or went back from or to the generation `name`, when, and why."""
    verb = "brought from another machine" if event.action == "imported" else "published"
    if event.action == "rolled_back":
        verb = "gone back to" if event.generation == name else "gone back from"
    forced = ", FORCED" if event.forced else ""
    why = f": {event.why}" if event.why else ""
    return f"{verb} {_moment(event.at)} by {event.by}{forced}{why}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _folded(text: str) -> list[str]:
    return wrap(text, _WIDTH, initial_indent="    ", subsequent_indent="      ")


def _moment(iso: str) -> str:
    """2026-11-24T20:15:00+00:00 → 2026-11-24 20:15 UTC."""
    return f"{iso[:10]} {iso[11:16]} UTC"


def removed_text(removed: Sequence[Removed]) -> str:
    """Which generations were removed, and what that freed."""
    lines = []
    for one in removed:
        never = " (staged, never published)" if one.staged else ""
        what = f"STAYS: {one.problem}" if one.problem else megabytes(one.bytes)
        lines.append(f"{one.generation}{never}  {what}")
    gone = [one for one in removed if not one.problem]
    lines.append(f"Removed {len(gone)}, freed {megabytes(sum(one.bytes for one in gone))}.")
    return "\n".join(lines)


def megabytes(size: int) -> str:
    """A size in bytes, as people read it."""
    return f"{size / 1e6:.1f} MB"
