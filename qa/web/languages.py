"""Which language a visitor reads: asked of the browser once, at the door, and kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.web.origin import was_linked_here
from qa.web.types import Page

__all__ = ["LanguageDoor", "preferred"]

_VARY = "Accept-Language, Sec-Fetch-Site, Referer"


def preferred(header: str, pages: Sequence[Page]) -> Page:
    """The page for an Accept-Language header (RFC 9110, section 12.5.4); the first where none fits.

    What cannot be read in the header is passed over.
    """
    wanted: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        wanted.append((quality, tag.strip().casefold()))
    by_language = {page.wording.language.partition("-")[0]: page for page in reversed(pages)}
    for quality, tag in sorted(wanted, key=lambda pair: -pair[0]):
        page = by_language.get(tag.partition("-")[0])
        if page and quality > 0:
            return page
    return pages[0]


class LanguageDoor:
    """Leads visitors who come to `/` from elsewhere to the page in their browser's language.

    Whoever follows a link of the page itself has chosen; a cookie is not needed to remember it.
    """

    def __init__(self, app: ASGIApp, pages: Sequence[Page]) -> None:
        self.app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on all but GET / without a query, from outside, in another language."""
        if scope["type"] == "http" and scope["path"] == "/" and not scope["query_string"]:
            headers = Headers(scope=scope)
            page = preferred(headers.get("accept-language", ""), self._pages)
            outside = not was_linked_here(headers)
            if page.root and outside and scope["method"] in ("GET", "HEAD"):
                response = RedirectResponse(page.root + "/", 307, {"Vary": _VARY})
                return await response(scope, receive, send)
        return await self.app(scope, receive, send)
