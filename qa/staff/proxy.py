"""Members whom a web server in front has logged in, and names in a header of each request.

Whoever reaches this program past that server could write the header too. So it is believed only
where the connection itself comes from an address that is listed, and nobody is let in where
anything about it is unclear.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.errors import AccountError, SettingsError
from qa.staff.file import StaffFile
from qa.staff.member import Member, Role, checked_name, name_key
from qa.staff.sessions import Session

__all__ = ["ProxyRules", "TrustedProxy"]

_HEADER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TAKEN = frozenset(
    [
        "accept",
        "accept-encoding",
        "accept-language",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "forwarded",
        "host",
        "origin",
        "referer",
        "transfer-encoding",
        "user-agent",
        "via",
    ]
)
_TABLES = (
    "CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)  # fmt: skip
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class ProxyRules:
    """Which header names whom, and from where it is believed."""

    user_header: str
    """In small letters, as `role_header`."""
    role_header: str
    """Its value is `staff` or `maintainer`; empty where there is no such header."""
    maintainers: frozenset[str]
    """Keys of names; the others are staff. Only without `role_header`."""
    networks: tuple[_Network, ...]

    @classmethod
    def of(
        cls,
        user_header: str,
        role_header: str = "",
        maintainers: Iterable[str] = (),
        proxies: Iterable[str] = (),
    ) -> ProxyRules:
        """The rules as they are set. Raises SettingsError where they would let a stranger in."""
        headers = [_checked_header("proxy_user_header", user_header)]
        if role_header:
            headers.append(_checked_header("proxy_role_header", role_header))
        names = frozenset(map(name_key, maintainers))
        if role_header and names:
            raise _wrong("`proxy_role_header` and `maintainers` are both set. Keep one of them.")
        if len(set(headers)) < len(headers):
            raise _wrong("`proxy_user_header` and `proxy_role_header` are the same header.")
        networks = tuple(map(_checked_network, proxies))
        if not networks:
            raise _wrong(
                "`proxy_user_header` is set and `proxies` is not. List the addresses of the web "
                'server in front, as in `proxies = ["10.0.0.5"]`: anybody else could write the '
                "header too."
            )
        return cls(headers[0], headers[1] if role_header else "", names, networks)

    @property
    def headers(self) -> frozenset[str]:
        """The headers that only the proxy may send."""
        return frozenset(filter(None, (self.user_header, self.role_header)))

    def trusts(self, address: str | None) -> bool:
        """Whether a connection from an address is the proxy's."""
        try:
            found = ipaddress.ip_address(address or "")
        except ValueError:
            return False
        plain = getattr(found, "ipv4_mapped", None) or found
        return any(plain in network for network in self.networks)

    def member_of(self, address: str | None, values: Sequence[tuple[str, str]]) -> Member | None:
        """Whom a request's headers name; None where the connection is not the proxy's, or a header
        is missing, stands there twice or says what it cannot say."""
        if not self.trusts(address):
            return None
        users = [value for name, value in values if name.lower() == self.user_header]
        roles = [value for name, value in values if name.lower() == self.role_header]
        if len(users) != 1 or len(roles) != bool(self.role_header):
            return None
        try:
            name = checked_name(_text(users[0]))
            role = Role(roles[0].strip()) if roles else self._role_of(name)
        except (AccountError, ValueError):
            return None
        return Member(name, role)

    def _role_of(self, name: str) -> Role:
        return Role.MAINTAINER if name_key(name) in self.maintainers else Role.STAFF


class TrustedProxy:
    """The proxy's word as a session that lasts for one request."""

    def __init__(self, rules: ProxyRules, file: StaffFile) -> None:
        """`file` keeps the key that form tokens are made with."""
        self.rules = rules
        self._file = file
        self._key = b""

    def session(self, address: str | None, headers: Sequence[tuple[str, str]]) -> Session | None:
        """The session of a request that came from an address (that of the connection, whatever a
        header says of it); None where nobody is known."""
        member = self.rules.member_of(address, headers)
        if member is None:
            return None
        signed = f"form:{member.role.value}:{name_key(member.name)}".encode()
        token = hmac.new(self._form_key(), signed, hashlib.sha256).hexdigest()
        return Session(member, token, ends_here=False)

    def _form_key(self) -> bytes:
        if not self._key:
            with self._file.writing(_TABLES) as db:
                made = secrets.token_hex(32)
                db.execute("INSERT OR IGNORE INTO keys VALUES ('forms', ?)", (made,))
                [value] = db.execute("SELECT value FROM keys WHERE name = 'forms'").fetchone()
            self._key = bytes.fromhex(value)
        return self._key


def _text(value: str) -> str:
    """A header's value, which arrives with each byte as a letter, as the UTF-8 it mostly is."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _checked_header(setting: str, value: str) -> str:
    name = value.strip().lower()
    if not _HEADER.fullmatch(name) or name in _TAKEN or name.startswith(("x-forwarded-", "sec-")):
        raise _wrong(
            f"`{setting}` is {value!r}. Take a header of its own, such as X-Remote-User, which the "
            "web server in front sets anew in every request. Headers that begin with X-Forwarded- "
            "are dropped before anything reads them."
        )
    return name


def _checked_network(text: str) -> _Network:
    try:
        network = ipaddress.ip_network(text.strip())
    except ValueError as error:
        raise _wrong(
            f"`proxies` holds {text!r}, which is no address and no network ({error}). Write "
            '"10.0.0.5" or "10.0.0.0/29".'
        ) from None
    if network.prefixlen == 0:
        raise _wrong(
            f"`proxies` holds {text!r}, which is everybody. List the web server's address."
        )
    return network


def _wrong(what: str) -> SettingsError:
    return SettingsError(f"In qa.toml, table [staff]: {what}")
