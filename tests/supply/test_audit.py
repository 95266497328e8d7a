"""What is made of pip-audit's reports, as it writes them."""

from __future__ import annotations

from typing import Any

from tests.supply.audit import judged, unreachable

CLEAN: dict[str, Any] = {"name": "idna", "version": "3.20", "vulns": []}
BAD: dict[str, Any] = {
    "name": "jinja2",
    "version": "2.4.1",
    "vulns": [
        {
            "id": "PYSEC-2014-8",
            "fix_versions": ["2.7.2"],
            "aliases": ["CVE-2014-1402"],
            "description": "Temporary files can be foretold.",
        },
        {"id": "PYSEC-0000-0", "fix_versions": [], "aliases": []},
    ],
}
UNKNOWN: dict[str, Any] = {
    "name": "Local_Thing",
    "skip_reason": "Dependency not found on PyPI and could not be audited: Local_Thing (1.0)",
}


def report(*dependencies: dict[str, Any]) -> dict[str, Any]:
    return {"dependencies": list(dependencies), "fixes": []}


def test_nothing_known_passes() -> None:
    found = judged(report(CLEAN))
    assert found.exit_code(strict=True) == 0
    assert found.lines == ("Audited 1 of 1 pins: no known vulnerability.",)


def test_a_known_vulnerability_fails_and_tells_what_mends_it() -> None:
    found = judged(report(CLEAN, BAD))
    assert found.exit_code(strict=False) == 1
    assert "jinja2 2.4.1: PYSEC-2014-8, mended in 2.7.2" in found.lines
    assert "jinja2 2.4.1: PYSEC-0000-0, not mended yet" in found.lines


def test_where_only_some_are_audited_a_reason_is_asked_for() -> None:
    found = judged(report(CLEAN, UNKNOWN))
    assert found.exit_code(strict=False) == 1
    assert "NOT_AUDITED" in found.lines[1]
    with_reason = judged(report(CLEAN, UNKNOWN), {"local-thing": "the clinic's own"})
    assert with_reason.exit_code(strict=True) == 0
    assert judged(report(BAD, UNKNOWN), {"local-thing": "own"}).exit_code(strict=False) == 1


def test_an_index_without_advisories_is_told_of_in_one_line() -> None:
    found = judged(report(UNKNOWN, UNKNOWN))
    assert (found.exit_code(strict=False), found.exit_code(strict=True)) == (0, 1)
    [line] = found.lines
    assert line.startswith("No advisory service can be reached from here: of 2 pins it knows none.")


def test_a_service_that_does_not_answer_is_known_by_its_error() -> None:
    assert unreachable("ERROR:pip_audit._cli:requests.exceptions.ConnectionError: refused")
    assert not unreachable("ERROR:pip_audit._cli:requirements file is not valid")
