"""What each of the staff's pages lets a browser load, by its header."""

from __future__ import annotations

import re

import pytest

from qa.web.security import PAGE_POLICY
from qa.web.staff.pages import SCRIPT_POLICY
from tests.web.staff.conftest import KEEPER, Visitor

PLAIN = (
    *("questions", "questions/import", "mark?question=May+I+drive", "runs/grid", "runs/changes"),
    *("runs/history", "coverage/topics", "coverage/document?id=ketamine-for-ptsd.md"),
    *("documents", "documents/ketamine-for-ptsd.md", "audit", "login", "runs/9999"),
)
SCRIPTED = ("runs", "confidence", "coverage", "coverage/flips", "publishing")


@pytest.mark.parametrize(("paths", "policy"), [(PLAIN, PAGE_POLICY), (SCRIPTED, SCRIPT_POLICY)])
def test_each_page_lets_in_what_it_needs(
    visitor: Visitor, paths: tuple[str, ...], policy: str
) -> None:
    client = visitor(KEEPER)
    for path in paths:
        page = client.get(f"/staff/{path}")
        assert page.headers["content-type"].startswith("text/html"), path
        assert page.headers["content-security-policy"] == policy, path
        assert ("<script" in page.text) == (policy == SCRIPT_POLICY), path


def test_the_page_for_asking_has_the_policy_of_the_patients_chat(visitor: Visitor) -> None:
    client = visitor(KEEPER)
    told = (client.get(path).headers["content-security-policy"] for path in ("/staff/", "/"))
    staff, patients = (re.sub(r"'nonce-[\w-]+'", "'nonce'", one) for one in told)
    assert staff == patients
    assert "'nonce'" in staff
