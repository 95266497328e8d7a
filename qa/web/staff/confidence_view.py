"""How sure the answers are, as the template shows it: counts and shares in words and in rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.bounds import fewest_shown
from qa.calibration import rounded_up
from qa.staff.latest_run import Measured
from qa.staff.risk import (
    GRID,
    Case,
    Effect,
    Group,
    calibration_error,
    changed,
    effect,
    proven_threshold,
    reliability,
    spread,
)

__all__ = ["Part", "Row", "effect_values", "plot_values", "summary", "told"]

_TARGETS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
_COLUMNS = ("Answered", "Wrong", "At most")
_WORDS = {
    Group.RIGHT: "Right",
    Group.WRONG: "Wrong quote",
    Group.UNANSWERABLE: "Should be refused",
}
_REFUSED = {
    Group.RIGHT: "Right quote lost",
    Group.WRONG: "Wrong quote gone",
    Group.UNANSWERABLE: "Rightly refused",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Questions that are counted together, at the threshold in use and at another."""

    name: str
    now: Effect
    then: Effect


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    name: str
    cells: tuple[str, ...]


def effect_values(found: Measured, now: float, then: float) -> dict[str, object]:
    """What a threshold would do beside the one in use, for `confidence-effect.html`."""
    parts = _parts(found, now, then)
    flips = changed(found.cases, now, then)
    come = [one for one in flips if one.shown(then)]
    gone = [one for one in flips if not one.shown(then)]
    return {
        "now": told(now),
        "then": told(then),
        "parts": parts,
        "rows": _effect_rows(parts),
        "lists": (
            (
                "Newly answered",
                _listed(come, _WORDS),
                "No question would be answered that is refused now.",
            ),
            (
                "Newly refused",
                _listed(gone, _REFUSED),
                "No question would be refused that is answered now.",
            ),
        ),
    }


def _parts(found: Measured, now: float, then: float) -> tuple[Part, ...]:
    named = (("Not held", found.others), ("Held", found.held))
    return tuple(
        Part(name, effect(cases, now), effect(cases, then)) for name, cases in named if cases
    )


def _effect_rows(parts: Sequence[Part]) -> list[Row]:
    """Counts now and then, each with what it is more or less."""
    counts = (
        ("Answerable questions answered", "answered", "answerable"),
        ("… with the right quote first", "right", "answerable"),
        ("… with a wrong quote first", "wrong_quotes", "answerable"),
        ("Refused, although answerable", "refused", "answerable"),
        ("Answered, although they should be refused", "unanswerable_shown", "unanswerable"),
    )
    rows = []
    for name, what, of in counts:
        cells: list[str] = []
        for part in parts:
            before, after = getattr(part.now, what), getattr(part.then, what)
            more = f" ({after - before:+d})".replace("-", "−") if after != before else ""
            cells += (f"{before} of {getattr(part.now, of)}", f"{after}{more}")
        rows.append(Row(name, tuple(cells)))
    both = [one for part in parts for one in (part.now, part.then)]
    rows.append(Row("Wrong among all answers shown", tuple(map(_wrong, both))))
    rows.append(Row("… with 95 % certainty at most", tuple(map(_bound, both))))
    return rows


def _listed(cases: Sequence[Case], words: Mapping[Group, str]) -> list[dict[str, str]]:
    return [
        {
            "word": words[one.group],
            "question": one.question,
            "confidence": f"{one.confidence:.3f}",
            "held": "held" if one.held else "",
        }
        for one in cases
    ]


def summary(found: Measured, now: float, then: float) -> str:
    """What a threshold would do, in a sentence or two, to be heard."""
    said = [f"Threshold {told(then)}."]
    for part in _parts(found, now, then):
        one = part.then
        said.append(
            f"{part.name}: {one.answered} of {one.answerable} answerable questions answered, "
            f"{one.wrong_quotes} with a wrong quote; {one.unanswerable_shown} of "
            f"{one.unanswerable} answered that should be refused; "
            f"at most {_bound(one)} of the answers wrong."
        )
    return " ".join(said)


def plot_values(found: Measured, now: float) -> dict[str, object]:
    """The numbers of the plots: what their alternative texts and tables say."""
    parts = _parts(found, now, now)
    bins = reliability(found.cases)
    spreads = spread(found.cases)
    return {
        "at_now": [
            {
                "name": part.name.lower(),
                "asked": part.now.answerable + part.now.unanswerable,
                "shown": part.now.shown,
                "coverage": _percent(part.now.coverage),
                "wrong": part.now.wrong,
                "share": _percent(part.now.share),
                "bound": _bound(part.now),
            }
            for part in parts
        ],
        "risk_rows": _risk_rows(found, now),
        "risk_heads": [
            "Threshold",
            *(f"{what}, {part.name.lower()}" for part in parts for what in _COLUMNS),
        ],
        "bins": [
            Row(
                f"{one.lowest:.2f} to {one.highest:.2f}",
                (
                    f"{one.confidence:.2f}",
                    f"{one.right} of {one.of}",
                    _percent(one.share),
                    " to ".join(map(_percent, one.interval)),
                ),
            )
            for one in bins
        ],
        "fewest": min((one.of for one in bins), default=0),
        "most": max((one.of for one in bins), default=0),
        "error": f"{calibration_error(bins):.2f}",
        "group_names": [_WORDS[one.group] for one in spreads],
        "spread_rows": _spread_rows(found.cases),
        "settled": [one.settled for one in spreads],
        "groups": [
            {
                "word": _WORDS[one.group].lower(),
                "shown": sum(case.group is one.group and case.shown(now) for case in found.cases),
                "of": sum(one.counts) + one.settled,
            }
            for one in spreads
        ],
        "targets": [_target_row(found.others, at_most) for at_most in _TARGETS],
    }


def _risk_rows(found: Measured, now: float) -> list[Row]:
    """The curve at thresholds in steps of 0.05, and at the one in use."""
    rows = []
    for at in sorted({*GRID[::5], now}):
        cells: list[str] = []
        for part in _parts(found, now, at):
            one = part.then
            asked = one.answerable + one.unanswerable
            cells += (
                f"{one.shown} of {asked} ({_percent(one.coverage)})",
                _wrong(one),
                _bound(one),
            )
        rows.append(Row(told(at) + (" (in use)" if at == now else ""), tuple(cells)))
    return rows


def _spread_rows(cases: Sequence[Case]) -> list[Row]:
    spreads = spread(cases)
    parts = len(spreads[0].counts)
    rows = [
        Row(
            f"{i / parts:.2f} to {(i + 1) / parts:.2f}",
            tuple(str(one.counts[i]) for one in spreads),
        )
        for i in range(parts)
    ]
    return [*rows, Row("Never shown", tuple(str(one.settled) for one in spreads))]


def _target_row(cases: Sequence[Case], at_most: float) -> dict[str, str]:
    """What `qa calibrate` would choose for a share, or how far that is off."""
    chosen = proven_threshold(cases, at_most)
    counts = effect(cases, chosen) if chosen is not None else None
    return {
        "at_most": f"{at_most:.0%}".replace("%", " %"),
        "threshold": told(chosen) if chosen is not None else "",
        "told": f"{counts.wrong} wrong of {counts.shown} shown"
        if counts
        else "too many of them are wrong, or too few are shown "
        f"(it takes at least {fewest_shown(at_most)})",
    }


def told(threshold: float) -> str:
    """A threshold in hundredths, or as it is where it lies between them."""
    return f"{threshold:.2f}" if threshold == round(threshold, 2) else f"{threshold:g}"


def _wrong(one: Effect) -> str:
    return f"{one.wrong} of {one.shown} ({_percent(one.share)})" if one.shown else "none shown"


def _bound(one: Effect) -> str:
    return rounded_up(one.upper) if one.shown else "100 %"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
