"""How a visitor wants to see the pages, colours and text size: kept in addresses, stored nowhere.

A page reads the choice from its own address (`?theme=dark&size=large`) and hands it on in each link
and form that leads to another page of this site. On the chat's page `tools.js` does the same.
"""

from __future__ import annotations

import html
import re
from contextvars import ContextVar
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from markupsafe import Markup, escape
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["SIZES", "THEMES", "Looks", "ReadLooks", "looks_now"]

THEMES = ("light", "dark")
SIZES = ("normal", "large", "largest")
_FIELDS = 20
"""Fields of an address that are read at most."""
# Every text in a page is escaped by then, so that only a template can have written these.
_ADDRESS = re.compile(r'(?P<before>\s(?:href|action|content)="(?:0; url=)?)(?P<address>[^"]*)(?=")')
_NO_PAGE = ("//", "/page/", "/pages/", "/originals/", "/api/openapi.json")


@dataclass(frozen=True, slots=True)
class Looks:
    """A visitor's choice. Empty is none: then the browser's own preferences hold."""

    theme: str = ""
    size: str = ""
    rest: tuple[tuple[str, str], ...] = ()
    """What else the page's address asks for, as names and values."""
    posted: bool = False
    """Whether the page answers a form, so that its address alone does not bring it back."""

    @classmethod
    def read(cls, query: str, posted: bool = False) -> Looks:
        """The choice in an address' query; what is not on the lists is passed over."""
        try:
            fields = parse_qsl(query, max_num_fields=_FIELDS)
        except ValueError:
            return cls(posted=posted)
        chosen = dict(fields)
        theme, size = chosen.get("theme", ""), chosen.get("size", "")
        rest = tuple(pair for pair in fields if pair[0] not in ("theme", "size"))
        return cls(
            theme if theme in THEMES else "", size if size in SIZES[1:] else "", rest, posted
        )

    @property
    def attributes(self) -> Markup:
        """The choice as attributes of the page's `html` element."""
        given = (("theme", self.theme), ("size", self.size))
        return Markup("").join(Markup(' data-{}="{}"').format(*one) for one in given if one[1])

    def address(self, theme: str = "", size: str = "") -> str:
        """This page's address with another choice, as a relative one."""
        other = replace(self, theme=theme or self.theme, size=size or self.size)
        return "?" + urlencode([*self.rest, *other._fields()])

    def carried(self, page: str) -> str:
        """A page's HTML in which the choice is added to every address within this site."""
        return _ADDRESS.sub(self._carry, page) if self._fields() else page

    def added_to(self, address: str) -> str:
        """An address within this site with the choice in its query."""
        parts = urlsplit(address)
        query = "&".join(filter(None, [parts.query, urlencode(self._fields())]))
        return urlunsplit(parts._replace(query=query))

    def _fields(self) -> list[tuple[str, str]]:
        size = "" if self.size == SIZES[0] else self.size
        return [(name, value) for name, value in (("theme", self.theme), ("size", size)) if value]

    def _carry(self, found: re.Match[str]) -> str:
        address = html.unescape(found["address"])
        if not address.startswith("/") or address.startswith(_NO_PAGE):
            return found[0]
        return found["before"] + str(escape(self.added_to(address)))


_NO_CHOICE = Looks()
_LOOKS: ContextVar[Looks] = ContextVar("looks", default=_NO_CHOICE)


def looks_now() -> Looks:
    """The choice of the request that is being answered."""
    return _LOOKS.get()


class ReadLooks:
    """Reads the choice from each request's address, for whatever page answers it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on; `looks_now` tells what was read until the answer is given."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        query = scope["query_string"].decode("latin-1")
        token = _LOOKS.set(Looks.read(query, posted=scope["method"] == "POST"))
        try:
            return await self.app(scope, receive, send)
        finally:
            _LOOKS.reset(token)
