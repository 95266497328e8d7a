"""Plots as SVG: sound, the same each time, in the colours of both themes, asking for nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest

from qa.staff.plots import LOOKS, SIZES, reliability_plot, risk_plot, spread_plot
from qa.staff.risk import Case, Group
from qa.web.pages import STATIC

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent
GROUPS = tuple(Group)
OTHERS = tuple(
    Case(f"q{i}", GROUPS[i % 7 % 3], i / 60, settled=i % 9 == 0, held=False) for i in range(60)
)
HELD = tuple(Case(f"h{i}", GROUPS[i % 3], i / 20, settled=False, held=True) for i in range(20))

PLOTS: dict[str, Callable[[str, str], bytes]] = {
    "risk": lambda theme, size: risk_plot(OTHERS, HELD, 0.44, theme, size),
    "reliability": lambda theme, size: reliability_plot(OTHERS + HELD, theme, size),
    "spread": lambda theme, size: spread_plot(OTHERS + HELD, 0.44, theme, size),
}
TEXTS = {
    "risk": (
        "Share of questions answered",
        "Wrong, not held",
        "At most (95 %), held",
        "At 0.44 now",
    ),
    "reliability": ("Confidence", "As sure as it is right", "Right first quote, 95 % interval"),
    "spread": ("Right quote first", "Another quote first", "Should be refused", "threshold 0.44"),
}


@pytest.mark.parametrize(("size", "theme"), [("wide", "light"), ("narrow", "dark")])
@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_is_sound_svg_that_asks_for_nothing(plot: str, size: str, theme: str) -> None:
    drawn = PLOTS[plot](theme, size)
    text = drawn.decode("utf-8")
    root = ElementTree.fromstring(drawn)
    width, height = (float(one) for one in root.attrib["viewBox"].split()[2:])
    assert (width / 72 * 96, height / 72 * 96) == pytest.approx(SIZES[size])
    # matplotlib notes beside each text, drawn as outlines, what it says.
    said = " ".join(re.findall(r"<!-- (.*?) -->", text))
    assert all(one in said for one in TEXTS[plot])
    links = [
        value
        for one in root.iter()
        for name, value in one.attrib.items()
        if name.endswith(("href", "src"))
    ]
    assert all(one.startswith("#") for one in links)
    assert not re.search(r"<(script|text|image|metadata)\b|url\((?!#)|@import", text)
    assert str(Path.home()) not in text
    assert not re.search(r"\b20\d\d-\d\d", text)
    assert LOOKS[theme].paper in text


def test_the_same_numbers_give_the_same_bytes_in_any_thread() -> None:
    before = {name: draw("dark", "narrow") for name, draw in PLOTS.items()}
    for one in (risk_plot, reliability_plot, spread_plot):
        one.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        drawn = pool.map(lambda draw: draw("dark", "narrow"), PLOTS.values())
        after = dict(zip(PLOTS, drawn, strict=True))
    assert after == before


def test_a_plot_of_nothing_is_drawn_too() -> None:
    cases = (Case("q", Group.RIGHT, 0.9, settled=True, held=False),)
    assert ElementTree.fromstring(risk_plot(cases, (), 0.44, "light", "wide")) is not None
    assert ElementTree.fromstring(reliability_plot(cases, "light", "wide")) is not None
    assert ElementTree.fromstring(spread_plot((), 0.44, "light", "wide")) is not None


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", LOOKS)
def test_letters_and_lines_stand_out_from_the_paper(theme: str) -> None:
    look = LOOKS[theme]
    assert contrast(look.ink, look.paper) >= 7
    assert contrast(look.soft, look.paper) >= 4.5
    assert all(contrast(one, look.paper) >= 4.5 for one in look.series)


def test_the_colours_are_those_of_the_page() -> None:
    style = (STATIC / "style.css").read_text("utf-8")
    for name, value in (("ink", "ink"), ("soft-ink", "soft"), ("paper", "paper"), ("line", "line")):
        light, dark = (getattr(LOOKS[theme], value) for theme in ("light", "dark"))
        assert f"--{name}: var(--in-light, {light}) var(--in-dark, {dark});" in style


def test_plots_are_drawn_without_a_home_and_loaded_no_sooner(tmp_path: Path) -> None:
    program = """
import os, sys
import qa.staff.plots
assert "matplotlib" not in sys.modules
from qa.staff.plots import reliability_plot
assert reliability_plot((), "light", "wide").startswith(b"<?xml")
assert "matplotlib.pyplot" not in sys.modules
print(os.environ["MPLCONFIGDIR"])
"""
    environment = {name: value for name, value in os.environ.items() if name != "MPLCONFIGDIR"}
    environment |= {"HOME": str(tmp_path / "none"), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()).parent == tmp_path
