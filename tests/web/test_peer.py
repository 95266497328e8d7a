"""The connection's own address, and the client's that a trusted proxy names."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from qa.errors import SettingsError
from qa.web.peer import (
    RememberPeer,
    forwarded,
    is_direct,
    names_nobody,
    networks_of,
    peer_of,
    trusted_of,
)

TWO = ("10.0.0.5", "10.1.0.0/24", "2001:db8:5::/48")


async def _tell(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    seen = request.client.host if request.client else None
    await PlainTextResponse(f"{peer_of(scope)} {seen} {request.url.scheme}")(scope, receive, send)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("127.0.0.1", "127.0.0.1 10.0.0.5 https"),
        ("::1", "::1 10.0.0.5 https"),
        ("203.0.113.7", "203.0.113.7 203.0.113.7 http"),
    ],
)
def test_a_header_changes_the_client_and_not_the_peer(address: str, told: str) -> None:
    client = TestClient(RememberPeer(forwarded(_tell)), client=(address, 1))
    sent = {"X-Forwarded-For": "10.0.0.5", "X-Forwarded-Proto": "https"}
    assert client.get("/", headers=sent).text == told


def test_where_nothing_remembers_it_nothing_is_known() -> None:
    assert TestClient(_tell, client=("10.0.0.5", 1)).get("/").text.startswith("None ")


def seen(peer: str, *values: str, trusted: tuple[str, ...] = TWO, **more: str) -> str:
    """The client's address where a connection from `peer` sends these X-Forwarded-For lines."""
    app = forwarded(_tell, networks_of(trusted, "`trusted_proxies`"))
    client = TestClient(app, client=(peer, 1))
    sent = [("X-Forwarded-For", value) for value in values] + list(more.items())
    return client.get("/", headers=sent).text.split()[1]


@pytest.mark.parametrize(
    ("values", "client"),
    [
        (("203.0.113.7",), "203.0.113.7"),
        (("1.2.3.4, 203.0.113.7",), "203.0.113.7"),  # the first was sent by the client itself
        (("127.0.0.1, 10.0.0.5, 203.0.113.7",), "203.0.113.7"),
        (("203.0.113.7, 10.1.0.9",), "203.0.113.7"),  # two proxies
        (("1.2.3.4", "203.0.113.7, 10.1.0.9"), "203.0.113.7"),  # two lines are one
        (("203.0.113.7", "10.1.0.9"), "203.0.113.7"),
        (("10.1.0.3, 10.1.0.9",), "10.1.0.3"),  # all are proxies: the outermost
        (("2001:db8::7",), "2001:db8::7"),
        (("[2001:db8::7]:4711",), "2001:db8::7"),
        (("203.0.113.7:4711",), "203.0.113.7"),
        (("203.0.113.7, ::ffff:10.1.0.9",), "203.0.113.7"),  # IPv4 written as IPv6
        (("203.0.113.7, 2001:db8:5::1",), "203.0.113.7"),
        (("  203.0.113.7  ",), "203.0.113.7"),
        (("203.0.113.7, garbage",), "10.0.0.5"),  # what stands before it, anybody wrote
        (("203.0.113.7, unknown, 10.1.0.9",), "10.1.0.9"),
        (("",), "10.0.0.5"),
        (("<script>", "'; --"), "10.0.0.5"),
        (("999.1.1.1",), "10.0.0.5"),
        ((",".join(["10.1.0.9"] * 3_000),), "10.1.0.9"),
        ((), "10.0.0.5"),
    ],
)
def test_the_last_address_that_is_no_proxys_is_the_clients(
    values: tuple[str, ...], client: str
) -> None:
    assert seen("10.0.0.5", *values) == client


@pytest.mark.parametrize("peer", ["203.0.113.7", "10.0.0.6", "127.0.0.1", "2001:db8::5"])
def test_a_header_of_an_untrusted_peer_changes_nothing(peer: str) -> None:
    assert seen(peer, "1.2.3.4") == peer
    assert seen(peer, "1.2.3.4", Forwarded="for=1.2.3.4", **{"X-Real-IP": "1.2.3.4"}) == peer


def test_other_headers_change_nothing_even_from_a_proxy() -> None:
    given = {"Forwarded": "for=1.2.3.4", "X-Real-IP": "1.2.3.4", "X-Client-IP": "1.2.3.4"}
    assert seen("10.0.0.5", **given) == "10.0.0.5"
    assert seen("10.0.0.5", "203.0.113.7", **given) == "203.0.113.7"


def test_with_a_star_only_the_last_hop_is_believed() -> None:
    assert seen("198.51.100.1", "1.2.3.4, 203.0.113.7", trusted=("*",)) == "203.0.113.7"
    assert seen("198.51.100.1", "1.2.3.4, 203.0.113.7", trusted=("0.0.0.0/0",)) == "203.0.113.7"


@pytest.mark.parametrize("value", ["ftp", "https, http", "", "HTTPS\x00", "javascript"])
def test_a_scheme_that_is_none_is_not_taken(value: str) -> None:
    client = TestClient(forwarded(_tell), client=("127.0.0.1", 1))
    assert client.get("/", headers={"X-Forwarded-Proto": value}).text.endswith(" http")


def test_the_setting_goes_before_the_variable_and_that_before_this_machine() -> None:
    variable = {"FORWARDED_ALLOW_IPS": "10.0.0.5, 10.1.0.0/24"}
    assert trusted_of(("192.0.2.1",), variable).hold("192.0.2.1")
    assert not trusted_of(("192.0.2.1",), variable).hold("10.0.0.5")
    assert not trusted_of((), variable).hold("10.0.0.5"), "an empty list trusts nobody"
    assert trusted_of(None, variable).hold("10.1.0.77")
    assert not trusted_of(None, variable).hold("127.0.0.1")
    assert trusted_of(None, {}).hold("127.0.0.1")
    assert trusted_of(None, {}).hold("::ffff:127.0.0.1")
    assert not trusted_of(None, {}).hold("10.0.0.5")
    assert not trusted_of(None, {"FORWARDED_ALLOW_IPS": ""}).hold("127.0.0.1")


def test_what_is_no_address_is_named() -> None:
    with pytest.raises(SettingsError, match=r"\[serve\]: `trusted_proxies` holds 'proxy'"):
        trusted_of(["proxy"])
    with pytest.raises(SettingsError, match=r"FORWARDED_ALLOW_IPS holds '10\.0\.0\.1/8'"):
        trusted_of(None, {"FORWARDED_ALLOW_IPS": "10.0.0.1/8"})


def test_what_a_proxy_handed_on_is_told_from_what_came_straight() -> None:
    scopes: list[Scope] = []

    async def keep(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)
        await _tell(scope, receive, send)

    client = TestClient(RememberPeer(forwarded(keep)), client=("127.0.0.1", 1))
    for sent in ({}, {"X-Forwarded-For": "203.0.113.7"}, {"Via": "1.1 proxy"}, {"Forwarded": "x"}):
        client.get("/", headers=sent)
    assert [is_direct(scope) for scope in scopes] == [True, False, False, False]
    assert [names_nobody(scope) for scope in scopes] == [True, False, True, True]
