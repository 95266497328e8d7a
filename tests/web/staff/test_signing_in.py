"""Logging in and out of the staff's pages, through the whole application."""

from __future__ import annotations

from qa.staff.desk import Desk
from qa.web.staff.guard import COOKIE
from tests.web.staff.conftest import NURSE, PASSWORD, Visitor, form_token_of


def test_nobody_sees_a_page_without_logging_in(visitor: Visitor) -> None:
    client = visitor(None)
    answer = client.get("/staff/runs?which=2")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/staff/login?next=%2Fstaff%2Fruns%3Fwhich%3D2",
    )
    assert client.post("/staff/gradio_api/run/predict", json={}).status_code == 401


def test_somebody_logs_in_and_out(visitor: Visitor, desk: Desk) -> None:
    client = visitor(None)
    form = {"name": NURSE.name, "password": PASSWORD, "next": "/staff/runs"}
    answer = client.post("/staff/login", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/runs")
    cookie = answer.headers["set-cookie"]
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert NURSE.name in client.get("/staff/runs").text
    token = form_token_of(client, desk)
    assert client.post("/staff/logout", data={"form_token": "another"}).status_code == 403
    assert client.post("/staff/logout", data={"form_token": token}).status_code == 303
    assert not client.cookies.get(COOKIE)
    assert client.get("/staff/runs").status_code == 303
    done = [(one.who, one.what) for one in desk.audit.entries()]
    assert done == [(NURSE.name, "logged out"), (NURSE.name, "logged in")]
