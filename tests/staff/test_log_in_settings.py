"""`[staff]` of qa.toml: what is unclear about who may log in stops the start, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.assembly import sign_on_rules, trusted_proxy_rules
from qa.errors import SettingsError
from qa.settings import Settings, load_settings

OIDC = """
[staff.oidc]
issuer = "https://id.clinic.example"
client_id = "quotewell"
client_secret_env = "QW_TEST_SECRET"
address = "https://ask.clinic.example"
maintainer_values = ["keepers"]
"""
PROXY = '[staff]\nproxy_user_header = "X-Remote-User"\nproxies = ["10.0.0.5"]\n'


def settings_of(folder: Path, text: str) -> Settings:
    path = folder / "qa.toml"
    path.write_text(text, "utf-8")
    return load_settings(config=path)


def test_without_any_there_are_passwords_only(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "")
    assert trusted_proxy_rules(settings) is None
    assert sign_on_rules(settings) is None


def test_a_proxy(tmp_path: Path) -> None:
    rules = trusted_proxy_rules(settings_of(tmp_path, PROXY))
    assert rules
    assert rules.headers == {"x-remote-user"}
    assert rules.trusts("10.0.0.5")


def test_a_sign_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(tmp_path, OIDC)
    with pytest.raises(SettingsError, match="QW_TEST_SECRET, which is not set"):
        sign_on_rules(settings)
    monkeypatch.setenv("QW_TEST_SECRET", "s")
    rules = sign_on_rules(settings)
    assert rules
    assert (rules.client_secret, rules.role_claim) == ("s", "groups")
    assert rules.returns_to == "https://ask.clinic.example/staff/login/return"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[staff]\nproxies = ["10.0.0.5"]\n', "without `proxy_user_header`"),
        ('[staff]\nmaintainers = ["Kim"]\n', "without `proxy_user_header`"),
        ('[staff]\nproxy_user_header = "X-Remote-User"\n', "`proxies` is not"),
        (PROXY + OIDC, "Keep one of the two"),
    ],
)
def test_what_is_unclear_stops_the_start(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        trusted_proxy_rules(settings_of(tmp_path, text))


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="proxy_user"):
        settings_of(tmp_path, '[staff]\nproxy_user = "X-Remote-User"\n')
