"""Who connects, and for whom: the connection's own address, and the one that a proxy names.

A web server in front says in X-Forwarded-For whose request it hands on. It is believed from
addresses that are listed, and from nobody else. Each proxy adds the address it was asked from at
the end, so that the last one which is no trusted proxy's is the client's; what stands before it,
the client may have written. `Forwarded` (RFC 7239) is not read. Where it matters that a request
came from that very server, as for a header that names a member of staff, only the connection
itself can tell.

This machine's own addresses are trusted unless others are listed, since a proxy mostly runs beside
the program. A local process can so pass for another client. It gains nothing that it would not have
without: what an address decides is how fast somebody may ask and try passwords, and such a process
could as well ask from many addresses of this machine.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from qa.errors import SettingsError

__all__ = [
    "Networks",
    "RememberPeer",
    "client_key",
    "forwarded",
    "is_direct",
    "names_nobody",
    "networks_of",
    "peer_of",
    "trusted_of",
]

LOCAL = ("127.0.0.1", "::1")
VARIABLE = "FORWARDED_ALLOW_IPS"
"""The variable by which uvicorn itself is told; it holds where the settings say nothing."""
_PEER = "quotewell.peer"
_DIRECT = "quotewell.direct"
_NAMES_NOBODY = "quotewell.names_nobody"
_HOPS = 16
"""Addresses of X-Forwarded-For that are looked at, from its end: no chain of proxies is longer."""
_SIGNS = frozenset(
    [b"forwarded", b"via", b"x-real-ip", b"x-client-ip", b"true-client-ip", b"cf-connecting-ip"]
)
_SIGNS_BEGIN = (b"x-forwarded-", b"x-original-")
"""Headers, and how others begin, by which a request is known to have come through a proxy."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Networks:
    """Addresses that are listed; `everybody` where "*" or a network of all addresses is."""

    listed: tuple[Network, ...] = ()
    everybody: bool = False

    def hold(self, address: str | None) -> bool:
        """Whether an address is among them; one that is none never is."""
        found = _address(address or "")
        return found is not None and any(found in network for network in self.listed)


def networks_of(listed: Sequence[str], where: str) -> Networks:
    """Networks from addresses ("10.0.0.5"), networks ("10.0.0.0/24") and "*".

    Raises SettingsError, which names the setting `where`, for what is neither.
    """
    found: list[Network] = []
    everybody = False
    for text in map(str.strip, listed):
        if text == "*":
            everybody = True
            continue
        try:
            network = ipaddress.ip_network(text)
        except ValueError as error:
            raise SettingsError(
                f"{where} holds {text!r}, which is no address and no network ({error}). Write "
                '"10.0.0.5" or "10.0.0.0/24".'
            ) from None
        everybody = everybody or network.prefixlen == 0
        if network.prefixlen:
            found.append(network)
    return Networks(tuple(found), everybody)


def trusted_of(
    setting: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ
) -> Networks:
    """The proxies that are believed: those of the `setting` `trusted_proxies`, else those of the
    variable FORWARDED_ALLOW_IPS, else this machine itself. Raises SettingsError."""
    if setting is not None:
        return networks_of(setting, "In qa.toml, table [serve]: `trusted_proxies`")
    named = environment.get(VARIABLE)
    if named is None:
        return networks_of(LOCAL, "")
    return networks_of([one for one in named.split(",") if one.strip()], f"The variable {VARIABLE}")


class RememberPeer:
    """Keeps the connection's address for `peer_of`. It stands outermost, before `forwarded`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        if scope["type"] == "http":
            client = scope.get("client")
            scope[_PEER] = client[0] if client else None
            names = {name for name, _ in scope["headers"]}
            scope[_DIRECT] = not (
                names & _SIGNS or any(one.startswith(_SIGNS_BEGIN) for one in names)
            )
        await self.app(scope, receive, send)


class forwarded:  # noqa: N801 - it is put around an application as a function would be
    """The application behind what reads X-Forwarded-For and -Proto of trusted senders."""

    def __init__(self, app: ASGIApp, trusted: Networks | None = None) -> None:
        """`trusted` are the proxies; those of the environment, or this machine, where not given."""
        self.app = app
        self._trusted = trusted_of() if trusted is None else trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gives the scope the client's address and the scheme that the client used."""
        peer = scope.get("client")
        trusted = self._trusted
        if scope["type"] == "http" and peer and (trusted.everybody or trusted.hold(peer[0])):
            values = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
            client = self._client(b",".join(values).decode("latin-1"))
            if client:
                scope["client"] = (client, 0)
            elif not values and not trusted.everybody:
                scope[_NAMES_NOBODY] = True
            _take_scheme(scope)
        await self.app(scope, receive, send)

    def _client(self, chain: str) -> str:
        """The client's address; empty where the chain names none that can be believed."""
        found = ""
        for written in reversed(chain.rsplit(",", _HOPS)[-_HOPS:]):
            address = _address(_without_port(written.strip()))
            if address is None:
                break  # whoever wrote this is no proxy, and nor is what stands before it
            found = str(address)
            if not self._trusted.hold(found):
                break
        return found


def _take_scheme(scope: Scope) -> None:
    values = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
    if values and values[-1].strip() in (b"http", b"https"):
        scope["scheme"] = values[-1].strip().decode("ascii")


def peer_of(scope: Scope) -> str | None:
    """The connection's address; None where nothing remembers it."""
    peer = scope.get(_PEER)
    return peer if isinstance(peer, str) else None


def is_direct(scope: Scope) -> bool:
    """Whether no proxy handed a request on, as far as headers tell."""
    return scope.get(_DIRECT) is True


def names_nobody(scope: Scope) -> bool:
    """Whether a trusted proxy, or somebody on this machine, sent a request for nobody it names: it
    may stand for every patient there is."""
    return scope.get(_NAMES_NOBODY) is True


def client_key(address: str) -> str:
    """By what a client is known: an IPv4 address, or the /64 network of an IPv6 one, within which
    whoever has one address has 2^64 (RFC 6177)."""
    found = _address(address)
    if isinstance(found, ipaddress.IPv6Address):
        return f"{int(found) >> 64:x}::/64"
    return str(found) if found else address[:64]


def _address(text: str) -> Address | None:
    """An address; one of IPv4 that is written as IPv6 (RFC 4291, section 2.5.5.2) is IPv4."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _without_port(text: str) -> str:
    """The address in "192.0.2.1:80" or "[2001:db8::1]:80"."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
