"""Plots of how sure the answers are, as SVG in the page's colours, for wide and for narrow screens.

The one module that knows matplotlib, which is loaded with the first plot: that takes about a
second. Only `Figure` is used, nothing of pyplot, and one plot is drawn at a time, since matplotlib
does not promise to draw in several threads. The same numbers give the same bytes. Letters are drawn
as outlines, so that no font is asked of whoever looks.
"""

from __future__ import annotations

import io
import os
import tempfile
import threading
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from qa.staff.risk import Case, Group, Spread, coverage_curve, effect, reliability, spread

__all__ = ["LOOKS", "SIZES", "Look", "reliability_plot", "risk_plot", "spread_plot"]


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of a theme, those of `style.css` and three that are told apart by everybody.

    The three follow Okabe and Ito ("Color Universal Design", 2008): a blue, an orange and a purple,
    darker or lighter so that each has a contrast of 3 to 1 against the paper.
    """

    paper: str
    ink: str
    soft: str
    line: str
    series: tuple[str, str, str]


LOOKS = {
    "light": Look("#ffffff", "#1e293b", "#475569", "#cbd5e1", ("#0b5cad", "#b84300", "#7a3e9d")),
    "dark": Look("#18222d", "#e8edf2", "#b6c2cf", "#425264", ("#6cb6ff", "#ffa657", "#d2a8ff")),
}
SIZES = {"wide": (660, 420), "narrow": (330, 400)}
"""Width and height in CSS pixels, of which 96 are an inch."""
_POINTS = 9.5
"""Size of the letters: 13 CSS pixels."""
_DRAWING = threading.Lock()


@lru_cache(maxsize=48)
def risk_plot(
    others: tuple[Case, ...], held: tuple[Case, ...], threshold: float, theme: str, size: str
) -> bytes:
    """Share of wrong answers over the share of questions answered, with the bound of the held ones.

    `threshold` is the one in use, `theme` and `size` name one of `LOOKS` and `SIZES`.
    """
    look = LOOKS[theme]
    with _DRAWING:
        figure = _figure(look, size)
        axes = figure.subplots()
        top = 0.3
        parts = ((others, "-", "o", "not held"), (held, "--", "D", "held"))
        stated = held or others
        for colour, (cases, style, mark, name) in zip(look.series, parts, strict=False):
            curve = coverage_curve(cases)
            if not curve:
                continue
            x, y = [one.coverage for one in curve], [one.risk for one in curve]
            axes.plot(x, y, style, color=colour, lw=2, label=f"Wrong, {name}")
            top = max(top, *y[len(y) // 4 :])
            if cases is stated:
                upper = [one.upper for one in curve]
                axes.plot(x, upper, ":", color=colour, lw=1.6, label=f"At most (95 %), {name}")
                axes.fill_between(x, y, upper, color=colour, alpha=0.13, lw=0)
                top = max(top, *upper[len(upper) // 3 :])
            now = effect(cases, threshold)
            if now.shown:
                point = {"ms": 9, "mec": look.paper, "mew": 1.2, "color": colour, "ls": "none"}
                told = f"At {threshold:g} now, {name}"
                axes.plot([now.coverage], [now.share], mark, label=told, zorder=5, **point)
        _frame(axes, look, "Share of questions answered", "Share of wrong answers")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, min(1.0, top * 1.08))
        _shares(axes, "x", "y")
        _legend(figure, axes, look, size)
        return _svg(figure)


@lru_cache(maxsize=24)
def reliability_plot(cases: tuple[Case, ...], theme: str, size: str) -> bytes:
    """Share of right answers over the confidence, in groups, with 95 % intervals.

    `theme` and `size` as in `risk_plot`.
    """
    look = LOOKS[theme]
    bins = reliability(cases)
    with _DRAWING:
        figure = _figure(look, size)
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], "--", color=look.soft, lw=1.4, label="As sure as it is right")
        if bins:
            x, y = [one.confidence for one in bins], [one.share for one in bins]
            below = [max(0.0, one.share - one.interval[0]) for one in bins]
            above = [max(0.0, one.interval[1] - one.share) for one in bins]
            # The groups' widths beside the intervals of their shares.
            left = [one.confidence - one.lowest for one in bins]
            right = [one.highest - one.confidence for one in bins]
            colour = look.series[0]
            axes.errorbar(x, y, xerr=[left, right], fmt="none", ecolor=look.soft, elinewidth=1)
            axes.errorbar(
                *(x, y),
                yerr=[below, above],
                fmt="o-",
                color=colour,
                ms=7,
                lw=1.6,
                elinewidth=1.6,
                capsize=4,
                label="Right first quote, 95 % interval",
            )
        _frame(axes, look, "Confidence", "Share with the right quote first")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1.02)
        _shares(axes, "y")
        _legend(figure, axes, look, size)
        return _svg(figure)


@lru_cache(maxsize=48)
def spread_plot(cases: tuple[Case, ...], threshold: float, theme: str, size: str) -> bytes:
    """How many questions of each group have which confidence, one group below the other.

    Parameters as in `risk_plot`.
    """
    look = LOOKS[theme]
    found = spread(cases)
    with _DRAWING:
        figure = _figure(look, size)
        rows = figure.subplots(len(found), 1, sharex=True, sharey=True)
        hatches = ("", "///", "xxx")
        for axes, one, colour, hatch in zip(rows, found, look.series, hatches, strict=True):
            _bars(axes, one, colour, hatch, look)
            axes.axvline(threshold, color=look.ink, lw=1.6, ls=(0, (4, 2)))
            _frame(axes, look, "", "")
            short = one.group is Group.UNANSWERABLE and size == "narrow"
            more = f" (and {one.settled} never shown)" if one.settled else ""
            told = "Should be refused" if short else _TITLES[one.group]
            axes.set_title(told + more, loc="left", fontsize=_POINTS, color=look.ink, pad=4)
            axes.yaxis.get_major_locator().set_params(integer=True, nbins=3)
        rows[0].set_xlim(0, 1)
        rows[-1].set_xlabel(f"Confidence (line: threshold {threshold:g})", color=look.ink)
        rows[len(rows) // 2].set_ylabel("Questions", color=look.ink)
        return _svg(figure)


_TITLES = {
    Group.RIGHT: "Right quote first",
    Group.WRONG: "Another quote first",
    Group.UNANSWERABLE: "Should be refused: nothing answers it",
}


def _bars(axes: Any, found: Spread, colour: str, hatch: str, look: Look) -> None:
    width = 1 / len(found.counts)
    starts = [i * width for i in range(len(found.counts))]
    # What is hatched is drawn in outline, so that the groups differ in more than colour.
    fill = look.paper if hatch else colour
    axes.bar(
        *(starts, found.counts),
        width=width * 0.9,
        align="edge",
        color=fill,
        edgecolor=colour,
        hatch=hatch,
        lw=1.1,
    )


def _frame(axes: Any, look: Look, x: str, y: str) -> None:
    """Axes in the page's colours."""
    axes.set_facecolor(look.paper)
    axes.set_axisbelow(True)
    axes.grid(True, color=look.line, lw=0.7)
    axes.tick_params(colors=look.soft, labelcolor=look.ink)
    for name, side in axes.spines.items():
        side.set_visible(name in ("left", "bottom"))
        side.set_color(look.soft)
    axes.set_xlabel(x, color=look.ink)
    axes.set_ylabel(y, color=look.ink)


def _shares(axes: Any, *names: str) -> None:
    """Axes that show percentages."""
    for name in names:
        axis = getattr(axes, f"{name}axis")
        axis.set_major_formatter(lambda share, _: f"{share * 100:.0f} %")


def _legend(figure: Any, axes: Any, look: Look, size: str) -> None:
    figure.legend(
        *axes.get_legend_handles_labels(),
        loc="outside lower left",
        ncols=2 if size == "wide" else 1,
        frameon=False,
        labelcolor=look.ink,
        fontsize=_POINTS,
        handlelength=2.6,
    )


def _figure(look: Look, size: str) -> Any:
    _set_up()
    from matplotlib.figure import Figure  # noqa: PLC0415 - loaded with the first plot

    width, height = SIZES[size]
    return Figure(figsize=(width / 96, height / 96), facecolor=look.paper, layout="constrained")


def _svg(figure: Any) -> bytes:
    """The figure as SVG that tells nothing of when, where or with what it was made."""
    made = io.BytesIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(made, format="svg", facecolor=figure.get_facecolor(), metadata=nothing)
    return made.getvalue()


@cache
def _set_up() -> None:
    """Loads matplotlib and makes its settings ours, whatever a file on this machine says."""
    if "MPLCONFIGDIR" not in os.environ and not _has_home():
        # It keeps a list of the fonts it found; a server's user often has no folder for that.
        os.environ["MPLCONFIGDIR"] = tempfile.mkdtemp(prefix="quotewell-fonts-")
    import matplotlib  # noqa: PLC0415 - loaded with the first plot

    matplotlib.rcdefaults()
    matplotlib.rcParams.update(
        {
            "font.family": ["DejaVu Sans"],  # comes with matplotlib
            "font.size": _POINTS,
            "axes.labelsize": _POINTS,
            "svg.fonttype": "path",
            "svg.hashsalt": "quotewell",
            "hatch.linewidth": 1.1,
        }
    )


def _has_home() -> bool:
    """Whether there is a home folder that can be written to."""
    try:
        return os.access(Path.home(), os.W_OK)
    except RuntimeError:  # nobody knows where it would be
        return False
