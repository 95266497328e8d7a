"""The page of who did what: filtered, paged, and as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

from qa.staff.desk import Desk
from tests.web.staff.conftest import KEEPER, NURSE, Visitor


def test_the_page_is_filtered_and_paged(visitor: Visitor, desk: Desk) -> None:
    for number in range(60):
        desk.audit.note(NURSE.name, "marked", f"question {number}")
    desk.audit.note(KEEPER.name, "published", "<b>20261126</b>", "new & better")
    nurse = visitor(NURSE)
    page = nurse.get("/staff/audit").text
    assert "&#60;b&#62;20261126" in page or "&lt;b&gt;20261126" in page
    assert page.count("<time") == 50
    times = r'<time datetime="[-\d]{10}T[:\d]{8}Z">\d+ \w{3} \d{4}, \d\d:\d\d</time>'
    assert re.search(times, unescape(page))
    older = re.search(r'href="(/staff/audit\?[^"]*before=\d+)"', page)
    assert older
    page = nurse.get(unescape(older[1])).text
    assert page.count("<time") == 11
    assert "question 11<" not in page
    assert "Newest" in page
    page = nurse.get("/staff/audit", params={"who": KEEPER.name, "what": "published"}).text
    assert page.count("<time") == 1
    assert "Older" not in page
    page = nurse.get("/staff/audit", params={"who": '"><script>'}).text
    assert "Nothing of that kind was done." in unescape(page)
    assert "<script" not in page
    for odd in ("-1", "x", str(2**70)):
        assert nurse.get("/staff/audit", params={"before": odd}).status_code == 422


def test_the_table_is_harmless_in_a_spreadsheet(visitor: Visitor, desk: Desk) -> None:
    desk.audit.note("=cmd()", "marked", "@SUM(A1)", "+1")
    answer = visitor(NURSE).get("/staff/audit/table.csv", params={"who": "=cmd()"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="who-did-what-')
    assert answer.content.startswith(b"\xef\xbb\xbf")
    [names, row] = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert names == ["when (UTC)", "who", "what", "about", "why"]
    assert row[1:] == ["'=cmd()", "marked", "'@SUM(A1)", "'+1"]
