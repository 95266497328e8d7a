"""The checks of generations as they are kept, so that nothing is measured twice, and what a check
would be made of now."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from qa.publishing import CALIBRATIONS, generations, live_generation, pointer_to
from qa.releasing import Findings
from qa.staff.desk import Desk
from qa.staff.release_check import Basis, Check, RateRow

__all__ = ["basis_of", "keep_check", "kept_check"]

_TABLES = (
    """CREATE TABLE IF NOT EXISTS release_checks (
        generation TEXT PRIMARY KEY, digest TEXT NOT NULL, kept TEXT NOT NULL)""",
)


def basis_of(desk: Desk, name: str) -> Basis:
    """What a check of the generation `name` would be made of now.

    Raises MissingIndex where there is no such generation, PublishError where the history cannot be
    read.
    """
    live = live_generation(desk.index)
    settings = hashlib.sha256(repr(desk.policy).encode())
    for one in (live, name):
        settings.update(_sha256_of(desk, f"{CALIBRATIONS}/{one}.json").encode())
    golden = desk.golden
    return Basis(
        name,
        _manifest_sha256(desk, name),
        live,
        _manifest_sha256(desk, live) if live else "",
        hashlib.sha256(golden.read_bytes()).hexdigest() if golden.is_file() else "",
        settings.hexdigest(),
        date.today().isoformat(),
    )


def _manifest_sha256(desk: Desk, name: str) -> str:
    pointer_to(desk.index, name)  # raises where there is none
    return _sha256_of(desk, f"generations/{name}/manifest.json")


def _sha256_of(desk: Desk, path: str) -> str:
    try:
        return hashlib.sha256((desk.index / path).read_bytes()).hexdigest()
    except OSError:
        return ""


def keep_check(desk: Desk, found: Check) -> Check:
    """Keeps the check in place of an earlier one of its generation; those of generations that are
    gone go."""
    values = asdict(found)
    del values["digest"]
    kept = json.dumps(values, ensure_ascii=False)
    digest = hashlib.sha256(kept.encode()).hexdigest()
    there = generations(desk.index)
    with desk.file.writing(_TABLES) as db:
        db.execute(
            "INSERT OR REPLACE INTO release_checks VALUES (?, ?, ?)",
            (found.basis.generation, digest, kept),
        )
        rows = db.execute("SELECT generation FROM release_checks").fetchall()
        gone = [(row["generation"],) for row in rows if row["generation"] not in there]
        db.executemany("DELETE FROM release_checks WHERE generation = ?", gone)
    return replace(found, digest=digest)


def kept_check(desk: Desk, name: str) -> Check | None:
    """The last check of a generation, up to date or not; None where there is none."""
    query = "SELECT digest, kept FROM release_checks WHERE generation = ?"
    with desk.file.reading(_TABLES) as db:
        row = db.execute(query, (name,)).fetchone()
    return _check(json.loads(row["kept"]), row["digest"]) if row else None


def _check(values: dict[str, Any], digest: str) -> Check:
    figures = {name: (n, of) for name, (n, of) in values["findings"]["figures"].items()}
    findings = Findings(
        tuple(values["findings"]["damage"]), tuple(values["findings"]["objections"]), figures
    )
    rows = tuple(
        RateRow(
            one["name"],
            (one["live"][0], one["live"][1]) if one["live"] else None,
            (one["new"][0], one["new"][1]),
            one["floor"],
        )
        for one in values["rows"]
    )
    lists = {name: tuple(values[name]) for name in ("misfits", "aside")}
    made = {"basis": Basis(**values["basis"]), "findings": findings, "rows": rows, **lists}
    return Check(**(values | made), digest=digest)
