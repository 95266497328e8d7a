"""The policy on licences, and how metadata are read."""

from __future__ import annotations

import sys

import pytest

from tests.supply.installed import belonging, locked, normal, requirements
from tests.supply.licences import KNOWN, LIBRARIES, WEAK, expression_of, libraries_of, problems_of


def row(name: str, expression: str = "", told: str = "", classifier: str = "") -> dict[str, str]:
    return {
        "Name": name,
        "License-Expression": expression or "UNKNOWN",
        "License-Metadata": told or "UNKNOWN",
        "License-Classifier": classifier or "UNKNOWN",
    }


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (row("a", "MIT AND (Apache-2.0 OR GPL-2.0-only)"), "MIT AND (Apache-2.0 OR GPL-2.0-only)"),
        (row("a", told="Apache 2.0 License"), "Apache-2.0"),
        (row("a", told="Copyright (c) 2001\nAll rights", classifier="BSD License"), "BSD-3-Clause"),
        (row("PyStemmer", told="MIT, BSD"), "MIT AND BSD-3-Clause"),
        (row("a", told="as you like"), ""),
        (row("a"), ""),
    ],
)
def test_licences_are_read_where_they_stand(told: dict[str, str], expected: str) -> None:
    assert expression_of(told) == expected


@pytest.mark.parametrize(
    "licence",
    [
        "MIT",
        "GPL-3.0-only OR MIT",
        "Apache-2.0 WITH LLVM-exception AND BSD-3-Clause",
    ],
)
def test_permissive_licences_pass(licence: str) -> None:
    assert problems_of("a", licence) == []


@pytest.mark.parametrize(
    "licence",
    ["GPL-3.0-only", "MIT AND LGPL-2.1-or-later", "AGPL-3.0-or-later", "MPL-2.0", "EUPL-1.2"],
)
def test_copyleft_fails_unless_it_is_named(licence: str) -> None:
    [problem] = problems_of("a", licence)
    assert "not permissive" in problem


def test_what_is_named_is_allowed_that_one_licence() -> None:
    assert problems_of("certifi", "MPL-2.0") == []
    assert problems_of("certifi", "GPL-3.0-only")


def test_an_unknown_licence_fails() -> None:
    [problem] = problems_of("a", "")
    assert "KNOWN" in problem


def test_every_exception_is_for_something_that_is_pinned() -> None:
    assert {*KNOWN, *WEAK} <= set(locked())


def test_shared_libraries_within_wheels_are_found() -> None:
    found = libraries_of(["numpy"])
    assert set(found) <= set(LIBRARIES)


def test_every_requirement_is_pinned_within_its_range_and_nothing_else_is() -> None:
    """What is installed leads to the same packages as the lock file names."""
    pins = locked()
    parts = [requirements(extra) for extra in ("", "dev", "milvus", "ray")]
    wanted = [one for part in parts for one in part]
    for one in wanted:
        assert one.specifier.contains(pins[normal(one.name)], prereleases=True), one
    needed = belonging(wanted)
    assert needed - set(pins) == set(), "run `make lock`"
    # The lock is made on Linux by Python 3.11: elsewhere less may be needed.
    if (sys.platform, sys.version_info[:2]) == ("linux", (3, 11)):
        assert set(pins) - needed == set(), "run `make lock`"
