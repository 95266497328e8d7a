"""Members whom the clinic's own sign-on knows, by OpenID Connect (authorization code with PKCE).

What is checked of an identity token is checked by Authlib and joserfc: signature, issuer, audience,
times and nonce (OpenID Connect Core 1.0, 3.1.3.7). The one outside host is the issuer's, and it is
asked only when somebody logs in.
"""

from __future__ import annotations

import hmac
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from qa.errors import AccountError, SettingsError
from qa.staff.file import StaffFile
from qa.staff.member import Member, Role, checked_name
from qa.staff.pending import Pending, PendingLogins

__all__ = ["RETURN", "OidcRules", "SignOn", "Start", "secret_from", "values_of"]

RETURN = "/staff/login/return"
"""Where the sign-on sends browsers back to."""
_SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""With a key that only the issuer has; never `none`, nor a secret that both know."""
_TIMEOUT_S = 10.0
_KNOWN_FOR_S = 600.0
_LEEWAY_S = 60
"""Seconds that two clocks may differ by."""
_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class OidcRules:
    """The issuer, what this program is to it, and who may come in."""

    issuer: str
    client_id: str
    client_secret: str
    address: str
    """The page's own, as browsers know it, without a path."""
    name_claim: str
    role_claim: str
    maintainer_values: frozenset[str]
    staff_values: frozenset[str]

    def __post_init__(self) -> None:
        """Raises SettingsError where something is missing, or would travel unencrypted."""
        for name in ("issuer", "address"):
            parts = urlsplit(getattr(self, name))
            plain = parts.scheme == "http" and parts.hostname in _OWN_MACHINE
            if not parts.hostname or not (parts.scheme == "https" or plain):
                raise _wrong(f'`{name}` is no address that begins with "https://".')
        if urlsplit(self.address).path.strip("/"):
            raise _wrong('`address` has a path. Write it as in "https://ask.clinic.example".')
        if not self.client_id:
            raise _wrong("`client_id` is empty. The issuer gave one to this page.")
        if not self.maintainer_values | self.staff_values:
            raise _wrong(
                "neither `staff_values` nor `maintainer_values` is set, so that nobody could come "
                f"in. List which values of the claim {self.role_claim!r} let somebody in."
            )

    @property
    def returns_to(self) -> str:
        """The address for the issuer's list of redirect addresses."""
        return self.address.rstrip("/") + RETURN

    def member_of(self, claims: Mapping[str, Any]) -> Member:
        """Whom the claims of a checked token name. Raises AccountError for somebody who has no
        listed role."""
        name, roles = claims.get(self.name_claim), claims.get(self.role_claim)
        if not isinstance(name, str):
            raise AccountError(
                f"The sign-on did not say who you are: the claim {self.name_claim!r} is missing. "
                "Tell your maintainer."
            )
        listed = [roles] if isinstance(roles, str) else roles if isinstance(roles, list) else []
        held = {one for one in listed if isinstance(one, str)}
        if held & self.maintainer_values:
            return Member(checked_name(name), Role.MAINTAINER)
        if held & self.staff_values:
            return Member(checked_name(name), Role.STAFF)
        raise AccountError(
            "The sign-on knows you, but these pages are not for you yet. Ask your maintainer."
        )


@dataclass(frozen=True, slots=True)
class Start:
    """A log-in that has begun."""

    address: str
    """Where the browser goes: the sign-on's page."""
    browser: str
    """A secret for the browser, which must hold it when it comes back."""


class SignOn:
    """The clinic's sign-on."""

    def __init__(
        self, rules: OidcRules, file: StaffFile, now: Callable[[], float] = time.time
    ) -> None:
        """Nothing is asked of the issuer yet. `now` gives seconds since 1970."""
        self.rules = rules
        self._now = now
        self._pending = PendingLogins(file, now)
        # The machine's own list of authorities, in which a clinic's may stand.
        self._tls = ssl.create_default_context()
        self._metadata: dict[str, Any] = {}
        self._known_at = 0.0

    def start(self, onward: str) -> Start:
        """Begins a log-in that leads to `onward`. Raises AccountError where the issuer is away."""
        endpoint = self._described("authorization_endpoint")
        pending, state, browser = self._pending.begin(onward)
        with self._client() as client:
            address, _ = client.create_authorization_url(
                endpoint, state=state, nonce=pending.nonce, code_verifier=pending.verifier
            )
        return Start(address, browser)

    def finish(self, query: Mapping[str, str], browser: str) -> tuple[Member, str]:
        """Who came back from the sign-on, and where they wanted to go.

        `query` is the return address'. Each state is good for one return, right or wrong. Raises
        AccountError, in words for whoever logs in.
        """
        pending = self._pending.take(query.get("state", ""), browser)
        if pending is None:
            raise AccountError(
                "That log-in took more than ten minutes, was finished already, or began in another "
                "browser. Begin again."
            )
        if not hmac.compare_digest(
            query.get("iss", self.rules.issuer).encode(), self.rules.issuer.encode()
        ):  # RFC 9207
            raise AccountError("That answer came from another sign-on. Begin again.")
        if "error" in query or not query.get("code"):
            raise AccountError("The sign-on did not log you in. Begin again, or ask who runs it.")
        try:
            claims = self._claims(query["code"], pending)
        except AccountError:
            raise
        except Exception as error:  # of three libraries; their texts are not for whoever logs in
            raise AccountError(
                "What the sign-on said of you could not be checked, so you are not logged in "
                f"({type(error).__name__}). Begin again; if it stays so, tell your maintainer."
            ) from error
        return self.rules.member_of(claims), pending.onward

    def _claims(self, code: str, pending: Pending) -> Mapping[str, Any]:
        """The claims of the identity token for a code, checked."""
        # Here and below: few clinics have a sign-on, and every start would wait for the libraries.
        from authlib.oidc.core import CodeIDToken  # noqa: PLC0415
        from joserfc import jwt  # noqa: PLC0415
        from joserfc.jwk import KeySet  # noqa: PLC0415
        from joserfc.jws import JWSRegistry  # noqa: PLC0415

        with self._client() as client:
            token = client.fetch_token(
                self._described("token_endpoint"),
                grant_type="authorization_code",
                code=code,
                code_verifier=pending.verifier,
            )
            keys = _fetched(client, self._described("jwks_uri"))
        told = self._metadata.get("id_token_signing_alg_values_supported") or _SIGNED_BY
        registry = JWSRegistry(
            algorithms=[one for one in _SIGNED_BY if one in told], strict_check_header=False
        )
        key_set = KeySet.import_key_set(keys)  # type: ignore[arg-type] # it looks for itself
        decoded = jwt.decode(str(token["id_token"]), key_set, registry=registry)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": self.rules.issuer},
                "aud": {"essential": True, "value": self.rules.client_id},
            },
            params={
                "nonce": pending.nonce,
                "client_id": self.rules.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(self._now()), leeway=_LEEWAY_S)
        return dict(claims)

    def _described(self, name: str) -> str:
        """An address from the issuer's description of itself (OpenID Connect Discovery 1.0)."""
        if not self._metadata or self._now() - self._known_at > _KNOWN_FOR_S:
            where = self.rules.issuer.rstrip("/") + "/.well-known/openid-configuration"
            try:
                with self._client() as client:
                    found = _fetched(client, where)
            except Exception as error:
                raise AccountError(
                    f"The sign-on at {self.rules.issuer} does not answer "
                    f"({type(error).__name__}). Try again, or tell your maintainer."
                ) from error
            if found.get("issuer") != self.rules.issuer:
                raise AccountError(
                    f"The sign-on calls itself {found.get('issuer')!r}, and `issuer` under "
                    f"[staff.oidc] in qa.toml is {self.rules.issuer!r}. Tell your maintainer."
                )
            self._metadata, self._known_at = found, self._now()
        address = str(self._metadata.get(name, ""))
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in _OWN_MACHINE:
            raise AccountError(f"The sign-on has no safe {name}. Tell your maintainer.")
        return address

    def _client(self) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client  # noqa: PLC0415

        return OAuth2Client(
            self.rules.client_id,
            self.rules.client_secret or None,
            scope="openid profile email",
            redirect_uri=self.rules.returns_to,
            code_challenge_method="S256",
            timeout=_TIMEOUT_S,
            verify=self._tls,
        )


def _fetched(client: Any, address: str) -> dict[str, Any]:
    answer = client.request("GET", address, withhold_token=True)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError(f"{address} is no JSON object")
    return found


def secret_from(environment: Mapping[str, str], name: str) -> str:
    """The client's secret from the environment variable of a name; an empty name is for none.

    Raises SettingsError where there is no such variable.
    """
    if name and not environment.get(name):
        raise _wrong(
            f"`client_secret_env` names the environment variable {name}, which is not set. Set it "
            "to the secret that the issuer gave to this page."
        )
    return environment.get(name, "") if name else ""


def values_of(values: Iterable[str]) -> frozenset[str]:
    """Values of the role's claim without empty ones, which everybody might have."""
    return frozenset(one.strip() for one in values if one.strip())


def _wrong(what: str) -> SettingsError:
    return SettingsError(f"In qa.toml, table [staff.oidc]: {what}")
