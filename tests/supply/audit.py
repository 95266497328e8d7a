"""Known vulnerabilities of all that requirements.lock pins: `python -m tests.supply.audit`.

pip-audit asks the package index's advisory service about each pin; nothing is installed, and no
package is fetched. Exit code 1 where a pin has a known vulnerability, or where some pins were
audited and others, without a reason in `NOT_AUDITED`, were not. Where the service cannot be reached
at all one line says so and the exit code is 0: a machine without it must still pass its other
checks. `--strict` makes that an error too, for the machine that is to do the audit.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.supply.installed import ROOT, normal

__all__ = ["NOT_AUDITED", "Audit", "judged", "main", "unreachable"]

NOT_AUDITED: dict[str, str] = {}
"""Pins that no advisory service knows: normal name → why that is no hole."""
_SECONDS = 15
"""That the service is waited for, for one pin."""
_LIMIT_S = 300
_NO_CONNECTION = ("ConnectionError", "ServiceError", "Connection refused", "Max retries exceeded")
"""Words of pip-audit's on standard error where the service does not answer at all."""
_NOT_REACHED = (
    "No advisory service can be reached from here: {}. Nothing was audited. Run `make audit` on a "
    "machine that reaches the package index."
)


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found."""

    lines: tuple[str, ...]
    """To be printed."""
    vulnerable: bool = False
    incomplete: bool = False
    """Some were audited and some, without a known reason, were not."""
    reached: bool = True
    """Whether the service told of anything."""

    def exit_code(self, strict: bool) -> int:
        """1 where something must be done, else 0; `strict` counts a service that is not reached."""
        return int(self.vulnerable or self.incomplete or (strict and not self.reached))


def judged(report: Mapping[str, Any], reasons: Mapping[str, str] = NOT_AUDITED) -> Audit:
    """An audit from pip-audit's JSON report: a list `dependencies`, of which each has a `name` and
    either `version` and `vulns` or `skip_reason`. Raises KeyError where it has another form."""
    dependencies: Sequence[Mapping[str, Any]] = report["dependencies"]
    skipped = [one for one in dependencies if "skip_reason" in one]
    audited = [one for one in dependencies if "skip_reason" not in one]
    if not audited:
        why = f"of {len(dependencies)} pins it knows none"
        return Audit((_NOT_REACHED.format(why),), reached=False)
    lines = [
        f"{one['name']} {one['version']}: {vulnerability['id']}, {_mended(vulnerability)}"
        for one in audited
        for vulnerability in one["vulns"]
    ]
    vulnerable = bool(lines)
    unexplained = [one for one in skipped if normal(one["name"]) not in reasons]
    lines += [f"{one['name']}: not audited: {one['skip_reason']}" for one in unexplained]
    if unexplained:
        lines.append("Say why in NOT_AUDITED (tests/supply/audit.py), or pin what can be audited.")
    if vulnerable:
        lines.append("Run `make lock`, `make test`, and publish what it pins.")
    told = f"Audited {len(audited)} of {len(dependencies)} pins"
    lines.append(f"{told}: {'see above' if lines else 'no known vulnerability'}.")
    return Audit(tuple(lines), vulnerable, bool(unexplained))


def _mended(vulnerability: Mapping[str, Any]) -> str:
    versions = vulnerability.get("fix_versions") or []
    return f"mended in {' or '.join(versions)}" if versions else "not mended yet"


def unreachable(errors: str) -> bool:
    """Whether pip-audit's standard error tells of a service that does not answer."""
    return any(words in errors for words in _NO_CONNECTION)


def _run(report: Path) -> str:
    """Has pip-audit write its report; gives its standard error."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / "requirements.lock")]
    command += ["--no-deps", "--disable-pip", "--progress-spinner", "off", "--desc", "off"]
    command += ["--timeout", str(_SECONDS), "--format", "json", "--output", str(report)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT_S, check=False)
    return done.stderr


def main(arguments: Sequence[str]) -> int:
    """Audits, prints what was found, and gives the exit code."""
    strict = "--strict" in arguments
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "audit.json"
        try:
            errors = _run(report)
        except subprocess.TimeoutExpired:
            errors = f"ConnectionError: no answer in {_LIMIT_S} s"
        if report.is_file() and report.stat().st_size:
            found = judged(json.loads(report.read_bytes()))
        elif unreachable(errors):
            found = Audit((_NOT_REACHED.format(errors.strip().splitlines()[-1]),), reached=False)
        else:
            print(f"pip-audit failed, and left no report:\n{errors}", file=sys.stderr)
            return 1
    print("\n".join(found.lines))
    return found.exit_code(strict)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
