"""By the clinic's sign-on, through the whole application and a real provider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from qa.staff.accounts import Accounts
from qa.staff.audit import AuditTrail
from qa.staff.desk import Desk
from qa.staff.file import StaffFile
from qa.staff.oidc import SignOn
from qa.staff.sessions import Sessions
from qa.web.application import create_app
from qa.web.staff.guard import COOKIE
from tests.staff.provider import Provider
from tests.staff.test_oidc import rules_of
from tests.web.serving import serving


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    provider = Provider()
    with serving(provider.app) as address:  # type: ignore[arg-type] # any application will do
        provider.issuer = address
        yield provider


@pytest.fixture(scope="module")
def signing_desk(desk: Desk, provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk without accounts, whose members the provider knows."""
    file = StaffFile(Path(tmp_path_factory.mktemp("sign-on")) / "staff.sqlite3")
    return replace(
        desk,
        file=file,
        accounts=Accounts(file),
        sessions=Sessions(file, issuer=provider.issuer),
        audit=AuditTrail(file),
        sign_on=SignOn(rules_of(provider.issuer, address="https://testserver"), file),
    )


@pytest.fixture
def client(signing_desk: Desk) -> TestClient:
    app = create_app(signing_desk.assistant, desk=signing_desk)
    return TestClient(app, "https://testserver", follow_redirects=False)


def there(address: str) -> str:
    """To the sign-on; where on this site it sends the browser back to."""
    back = urlsplit(httpx.get(address).headers["location"])
    assert (back.scheme, back.netloc) == ("https", "testserver")
    return f"{back.path}?{back.query}"


def test_there_and_back(client: TestClient, provider: Provider, signing_desk: Desk) -> None:
    provider.lie()
    page = unescape(client.get("/staff/login?next=/staff/runs").text)
    assert 'href="/staff/login/start?next=/staff/runs"' in page
    begun = client.get("/staff/login/start?next=/staff/runs")
    assert begun.status_code == 303
    assert begun.headers["location"].startswith(f"{provider.issuer}/authorize?")
    assert "__Host-quotewell-sign-on=" in begun.headers["set-cookie"]
    back = there(begun.headers["location"])
    done = client.get(back)
    assert (done.status_code, done.headers["location"]) == (303, "/staff/runs")
    assert "nora (staff)" in unescape(client.get("/staff/runs").text)
    [entry] = signing_desk.audit.entries()
    assert (entry.who, entry.what, entry.why) == (
        "nora",
        "logged in",
        f"known to {provider.issuer}",
    )
    assert client.get(back).status_code == 403  # once is enough

    client.cookies.delete(COOKIE)  # somebody without a role
    provider.lie(groups=["ward 3"])
    back = there(client.get("/staff/login/start").headers["location"])
    refused = client.get(back)
    assert refused.status_code == 403
    assert "not for you yet" in unescape(refused.text)
    assert COOKIE not in client.cookies

    provider.lie()  # a return that another browser began
    back = there(client.get("/staff/login/start").headers["location"])
    client.cookies.clear()
    assert client.get(back).status_code == 403
    assert COOKIE not in client.cookies


def test_without_a_sign_on_its_addresses_lead_to_the_login_page(visitor) -> None:  # type: ignore[no-untyped-def]
    for path in ("/staff/login/start", "/staff/login/return?code=x&state=y"):
        assert visitor(None).get(path).headers["location"] == "/staff/login"
