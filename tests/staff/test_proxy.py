"""A header names a member only where the proxy itself sends it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qa.errors import SettingsError
from qa.staff.file import StaffFile
from qa.staff.member import Member, Role
from qa.staff.proxy import ProxyRules, TrustedProxy

BY_NAME = ProxyRules.of("X-Remote-User", maintainers=["Kim"], proxies=["10.0.0.5", "fd00::/64"])
BY_ROLE = ProxyRules.of("X-Remote-User", "X-Remote-Role", proxies=["127.0.0.1"])
USER, ROLE = "x-remote-user", "X-Remote-Role"


@pytest.mark.parametrize("address", ["10.0.0.5", "::ffff:10.0.0.5", "fd00::1"])
def test_the_proxy_is_believed(address: str) -> None:
    assert BY_NAME.member_of(address, [(USER, "Nora")]) == Member("Nora", Role.STAFF)
    assert BY_NAME.member_of(address, [(USER, " KIM ")]) == Member("KIM", Role.MAINTAINER)
    assert BY_NAME.member_of(address, [(USER, "Zoë".encode().decode("latin-1"))]) == Member(
        "Zoë", Role.STAFF
    )


@pytest.mark.parametrize("address", ["10.0.0.6", "127.0.0.1", "fd00:0:0:1::1", "", "unix:", None])
def test_nobody_else_is(address: str | None) -> None:
    assert BY_NAME.member_of(address, [(USER, "Kim")]) is None


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(USER, "")],
        [(USER, "  ")],
        [(USER, "Nora"), (USER, "Kim")],  # the proxy added its own to what a stranger sent
        [("x_remote_user", "Kim")],
        [(USER, "x" * 101)],
    ],
)
def test_what_is_unclear_names_nobody(headers: list[tuple[str, str]]) -> None:
    assert BY_NAME.member_of("10.0.0.5", headers) is None


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        (["staff"], Role.STAFF),
        (["maintainer"], Role.MAINTAINER),
        ([], None),
        (["admin"], None),
        (["staff, maintainer"], None),
        (["staff", "maintainer"], None),
    ],
)
def test_a_role_is_said_once_and_exactly(roles: list[str], role: Role | None) -> None:
    headers = [(USER, "Nora"), *((ROLE, one) for one in roles)]
    expected = Member("Nora", role) if role else None
    assert BY_ROLE.member_of("127.0.0.1", headers) == expected


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"proxies": []}, "`proxies` is not"),
        ({"proxies": ["0.0.0.0/0"]}, "which is everybody"),
        ({"proxies": ["proxy.clinic.example"]}, "no address and no network"),
        ({"proxies": ["10.0.0.5/24"]}, "no address and no network"),
        ({"user_header": "X-Forwarded-User"}, "X-Forwarded- are dropped"),
        ({"user_header": "Cookie"}, "a header of its own"),
        ({"user_header": "X Remote"}, "a header of its own"),
        ({"role_header": "Host"}, "`proxy_role_header` is 'Host'"),
        ({"role_header": "x-remote-user"}, "the same header"),
        ({"role_header": "X-Role", "maintainers": ["Kim"]}, "both set"),
    ],
)
def test_rules_that_would_let_a_stranger_in_are_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says) as told:
        ProxyRules.of(**{"user_header": "X-Remote-User", "proxies": ["10.0.0.5"]} | wrong)
    assert str(told.value).startswith("In qa.toml, table [staff]: ")


def test_a_form_token_is_one_members_and_outlives_a_restart(tmp_path: Path) -> None:
    file = StaffFile(tmp_path / "staff.sqlite3")
    proxy = TrustedProxy(BY_NAME, file)
    nora = proxy.session("10.0.0.5", [(USER, "Nora")])
    kim = proxy.session("10.0.0.5", [(USER, "Kim")])
    assert nora
    assert kim
    assert not nora.ends_here
    assert nora.form_token != kim.form_token
    again = TrustedProxy(BY_NAME, StaffFile(file.path)).session("10.0.0.5", [(USER, "nora")])
    assert again
    assert again.sent(nora.form_token)
    other = TrustedProxy(BY_NAME, StaffFile(tmp_path / "other.sqlite3"))
    strange = other.session("10.0.0.5", [(USER, "Nora")])
    assert strange
    assert not strange.sent(nora.form_token)
    assert proxy.session("10.0.0.6", [(USER, "Nora")]) is None
