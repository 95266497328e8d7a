"""The clinic's sign-on, against a real one on this machine that can be told to lie."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from qa.errors import AccountError, SettingsError
from qa.staff.file import StaffFile
from qa.staff.member import Member, Role
from qa.staff.oidc import OidcRules, SignOn, secret_from, values_of
from tests.staff.provider import CLIENT, SECRET, Provider
from tests.staff.test_sessions import Clock
from tests.web.serving import serving


def rules_of(issuer: str, **other: Any) -> OidcRules:
    given: dict[str, Any] = {
        "issuer": issuer,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "address": "https://ask.clinic.example",
        "name_claim": "preferred_username",
        "role_claim": "groups",
        "maintainer_values": frozenset({"answers-maintainers"}),
        "staff_values": frozenset({"answers-staff"}),
    }
    return OidcRules(**given | other)


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    provider = Provider()
    with serving(provider.app) as address:  # type: ignore[arg-type] # any application will do
        provider.issuer = address
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.lie()
    return running


@pytest.fixture
def clock() -> Clock:
    return Clock(time.time())


@pytest.fixture
def sign_on(provider: Provider, tmp_path: Path, clock: Clock) -> SignOn:
    return SignOn(rules_of(provider.issuer), StaffFile(tmp_path / "staff.sqlite3"), clock)


def returned(address: str) -> dict[str, str]:
    """What the provider sends a browser back with."""
    back = httpx.get(address, follow_redirects=False).headers["location"]
    assert back.startswith("https://ask.clinic.example/staff/login/return?")
    return dict(parse_qsl(urlsplit(back).query))


def at_present(claims: dict[str, Any]) -> dict[str, Any]:
    """The claims with times, which are given as seconds from now, as a token has them."""
    return {
        name: int(time.time()) + value if name in ("exp", "iat") else value
        for name, value in claims.items()
    }


def test_somebody_with_a_role_comes_in(sign_on: SignOn, provider: Provider) -> None:
    start = sign_on.start("/staff/runs")
    asked = dict(parse_qsl(urlsplit(start.address).query))
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code"
    assert "openid" in asked["scope"].split()
    query = returned(start.address)
    nora = Member("nora", Role.STAFF)
    assert sign_on.finish(query, start.browser) == (nora, "/staff/runs")
    with pytest.raises(AccountError, match="finished already"):  # a replay
        sign_on.finish(query, start.browser)


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"groups": "answers-staff"}, Role.STAFF),
        ({"groups": ["answers-staff", "answers-maintainers"]}, Role.MAINTAINER),
        ({"aud": [CLIENT]}, Role.STAFF),
        ({"exp": -30}, Role.STAFF),  # two clocks may differ by a minute
    ],
)
def test_roles_as_providers_say_them(
    sign_on: SignOn, provider: Provider, claims: dict[str, Any], role: Role
) -> None:
    provider.lie(**at_present(claims))
    start = sign_on.start("")
    assert sign_on.finish(returned(start.address), start.browser)[0] == Member("nora", role)


def test_a_key_on_a_curve_will_do(sign_on: SignOn, provider: Provider) -> None:
    provider.algorithm = "ES256"
    start = sign_on.start("")
    assert sign_on.finish(returned(start.address), start.browser)[0].name == "nora"


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"nonce": "another"}, "could not be checked"),
        ({"nonce": None}, "could not be checked"),
        ({"aud": "another"}, "could not be checked"),
        ({"aud": ["another", CLIENT]}, "could not be checked"),  # and no azp says for whom
        ({"iss": "https://evil.example"}, "could not be checked"),
        ({"exp": -300}, "could not be checked"),
        ({"iat": 3600}, "could not be checked"),
        ({"groups": ["ward 3"]}, "not for you yet"),
        ({"groups": None}, "not for you yet"),
        ({"groups": ["ANSWERS-STAFF"]}, "not for you yet"),
        ({"groups": {"answers-staff": True}}, "not for you yet"),
        ({"preferred_username": None}, "did not say who you are"),
        ({"preferred_username": "\u202e"}, "A name has"),
    ],
)
def test_a_token_that_says_anything_else_lets_nobody_in(
    sign_on: SignOn, provider: Provider, claims: dict[str, Any], says: str
) -> None:
    provider.lie(**at_present(claims))
    start = sign_on.start("")
    with pytest.raises(AccountError, match=says):
        sign_on.finish(returned(start.address), start.browser)


@pytest.mark.parametrize("signed", ["stranger", "HS256", "none"])
def test_a_signature_that_is_not_the_issuers(
    sign_on: SignOn, provider: Provider, signed: str
) -> None:
    provider.stranger = signed == "stranger"
    provider.algorithm = "RS256" if provider.stranger else signed
    start = sign_on.start("")
    with pytest.raises(AccountError, match="could not be checked"):
        sign_on.finish(returned(start.address), start.browser)


def test_another_browser_another_state_or_too_late(sign_on: SignOn, clock: Clock) -> None:
    start = sign_on.start("")
    query = returned(start.address)
    for wrong, browser in (
        (query | {"state": "guessed"}, start.browser),
        ({}, start.browser),
        (query, "another"),  # somebody was sent a link that logs them in as another
        (query, start.browser),  # and now it is used up
    ):
        with pytest.raises(AccountError, match="Begin again"):
            sign_on.finish(wrong, browser)
    start = sign_on.start("")
    query = returned(start.address)
    clock.now += 600
    with pytest.raises(AccountError, match="more than ten minutes"):
        sign_on.finish(query, start.browser)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"iss": "https://evil.example"}, "another sign-on"),
        ({"error": "access_denied"}, "did not log you in"),
        ({"code": ""}, "did not log you in"),
        ({"code": "guessed"}, "could not be checked"),
    ],
)
def test_what_else_a_return_may_say(sign_on: SignOn, change: dict[str, str], says: str) -> None:
    start = sign_on.start("")
    with pytest.raises(AccountError, match=says):
        sign_on.finish(returned(start.address) | change, start.browser)


def test_nothing_is_asked_before_somebody_logs_in(
    provider: Provider, tmp_path: Path, clock: Clock
) -> None:
    before = len(provider.asked)
    made = SignOn(rules_of(provider.issuer), StaffFile(tmp_path / "s.sqlite3"), clock)
    assert len(provider.asked) == before
    made.start("")
    made.start("")
    assert len(provider.asked) == before + 1


def test_an_issuer_that_is_away_or_is_another(provider: Provider, tmp_path: Path) -> None:
    file = StaffFile(tmp_path / "s.sqlite3")
    with pytest.raises(AccountError, match="does not answer"):
        SignOn(rules_of("http://127.0.0.1:9"), file).start("")
    with pytest.raises(AccountError, match="calls itself"):
        SignOn(rules_of(provider.issuer.replace("127.0.0.1", "localhost")), file).start("")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"issuer": "http://id.clinic.example"}, "`issuer` is no address"),
        ({"issuer": ""}, "`issuer` is no address"),
        ({"address": "ask.clinic.example"}, "`address` is no address"),
        ({"address": "https://ask.clinic.example/staff"}, "has a path"),
        ({"client_id": ""}, "`client_id` is empty"),
        ({"maintainer_values": frozenset(), "staff_values": values_of([" "])}, "nobody could"),
    ],
)
def test_settings_that_will_not_do(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says) as told:
        rules_of(**{"issuer": "https://id.clinic.example"} | wrong)
    assert "[staff.oidc]" in str(told.value)


def test_the_secret_stands_in_the_environment() -> None:
    assert secret_from({"QW": "s"}, "QW") == "s"
    assert secret_from({}, "") == ""
    with pytest.raises(SettingsError, match="variable QW, which is not set"):
        secret_from({"QW": ""}, "QW")
