"""Findings as text for a terminal, and as JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from qa.doctor.finding import Area, Finding, Place, Severity

__all__ = ["findings_text", "record", "summary"]

_SHOWN = 8
"""Findings of one kind that are shown, unless all are to be."""
_WIDTH = 96
_NAMES = {
    Area.INSTALLATION: "Installation",
    Area.SETTINGS: "Settings",
    Area.DOCUMENTS: "Documents",
    Area.INDEX: "Index",
    Area.LINKS: "Links",
    Area.TEXT: "Text",
}


def findings_text(
    findings: Sequence[Finding], areas: Sequence[Area], *, everything: bool = False
) -> str:
    """The findings by area, and a line that sums them up; `areas` are those that were looked at.

    Of many of a kind the first are shown, unless `everything` is to be.
    """
    parts = []
    for area in areas:
        found = [one for one in findings if one.area is area]
        if not found:
            parts.append(f"{_NAMES[area]}: nothing to mend.")
            continue
        parts.append("\n".join([f"{_NAMES[area]}:", *_blocks(found, everything)]))
    return "\n\n".join([*parts, summary(findings)])


def summary(findings: Sequence[Finding]) -> str:
    """ "1 error, 2 warnings, 3 hints." """
    count = Counter(one.severity for one in findings)
    if not findings:
        return "All is well."
    parts = [
        f"{count[severity]} {severity.value}{'' if count[severity] == 1 else 's'}"
        for severity in Severity
    ]
    return f"{', '.join(parts)}."


def record(findings: Sequence[Finding], areas: Sequence[Area]) -> dict[str, Any]:
    """The same for a program; no key is ever left out."""
    return {
        "findings": [_facts(one) for one in findings],
        "summary": {
            "areas": [area.value for area in areas],
            **{
                f"{severity.value}s": sum(one.severity is severity for one in findings)
                for severity in Severity
            },
        },
    }


def _facts(finding: Finding) -> dict[str, Any]:
    facts = asdict(finding)
    return facts | {
        "severity": finding.severity.value,
        "area": finding.area.value,
        "where": [asdict(place) for place in finding.where],
    }


def _blocks(findings: Sequence[Finding], everything: bool) -> Iterator[str]:
    for _, group in groupby(findings, key=lambda one: (one.severity, one.code)):
        same = list(group)
        # With one more than that, a line to say so would be no shorter.
        shown = same if everything or len(same) <= _SHOWN + 1 else same[:_SHOWN]
        for finding in shown:
            yield _block(finding)
        if len(shown) < len(same):
            left = len(same) - len(shown)
            yield f"  … and {left} more like these (`{same[0].code}`): `qa doctor --all` shows them"


def _block(finding: Finding) -> str:
    places = [str(place) for place in finding.where]
    alone = len(finding.where) == 1
    # A message that begins with the file's own path has named it.
    told = (
        alone and bool(finding.where[0].file) and finding.message.startswith(finding.where[0].file)
    )
    named = f"{places[0]}: " if alone and places[0] and not told else ""
    lines = [f"  {finding.severity.value}: {named}{finding.message}"]
    for place, written in zip(finding.where, places, strict=True):
        if not alone or f"“{place.passage}”" not in finding.message:
            lines += _passage(place, "" if alone else written)
    lines.append(f"    → {finding.mend}")
    return "\n".join(part for line in lines for part in _wrapped(line))


def _passage(place: Place, named: str) -> list[str]:
    quoted = f"“{place.passage}”" if place.passage else ""
    text = ": ".join(part for part in (named, quoted) if part)
    return [f"    {text}"] if text else []


def _wrapped(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + (2 if line.lstrip().startswith("→") else 0))
    parts = line.split("\n")
    return [
        wrapped
        for part in parts
        for wrapped in textwrap.wrap(
            part, _WIDTH, subsequent_indent=indent or "  ", break_long_words=False,
            break_on_hyphens=False,
        )
    ]  # fmt: skip
