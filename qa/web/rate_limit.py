"""How fast one client may ask: what costs is counted, and whoever goes too fast is told.

A token bucket a client: each request takes a token, tokens come back at a steady pace, and a full
bucket holds as many as may be asked at once. It is written out here since it is a few lines, and
since the known libraries keep every client they saw until its time is over: here their number is
bounded, so that many addresses cannot fill the memory.

The limit keeps one program that asks without end from taking everybody's turn; `Admission` bounds
what all of them take together. So it is generous: somebody who reads answers asks one or two a
minute, and thirty people of a ward behind one address no more than sixty; thirty may ask at the
same moment, as where a class is shown the page. A whole hospital behind one address needs more.
Each server counts for itself.

A message that tells of danger gets help whatever the count: the middleware only notes how long to
wait, and the routes that take what people post look for danger first (`help_first`) and say no in
the page's own words.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.web.origin import LOCAL_HOSTS
from qa.web.peer import client_key, is_direct, names_nobody

__all__ = ["BURST", "PER_MINUTE", "RateGuard", "RateLimit", "seconds_to_wait"]

log = logging.getLogger(__name__)

PER_MINUTE = 60
BURST = 30
CLIENTS = 10_000
"""Clients that are known at a time, the longest unseen forgotten: a megabyte or two. One that is
forgotten has a full bucket again, for which it takes ten thousand others within its minute."""
_LOOKING = 4
"""How many times as often documents, pictures and files may be asked for as questions: a leaf of a
document is up to three pictures. A document of a million letters takes as long as a question."""
_WAIT = "quotewell.wait_s"
_TAKE = "quotewell.take"
_PIECE, _MOST_PIECES = 1_000, 20
"""Characters for which a long message takes a token, and tokens that it takes at most. It is looked
through for danger piece by piece, each of which takes the model as long as a question does."""
_NOBODY_NAMED = (
    "a trusted proxy hands on requests without X-Forwarded-For, so that nobody is held to a rate: "
    "have it send that header with the client's address"
)

_POSTED = ("/plain", "/answer", "/feedback", "/gradio_api/run/predict")
_LOOKED_AT = ("/pages/", "/originals/", "/api/documents")


class RateLimit:
    """Token buckets, one a client. Threads may share it."""

    def __init__(
        self,
        per_minute: float = PER_MINUTE,
        burst: int = BURST,
        clients: int = CLIENTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`burst` requests at once, and `per_minute` on; `clients` are known at most."""
        self._per_second = per_minute / 60
        self._burst = float(burst)
        self._clients = clients
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, tokens: int = 1) -> int:
        """0 where the client may go on, else the whole seconds after which it may.

        `tokens` is what it asks for, no more than a full bucket holds.
        """
        now = self._clock()
        with self._lock:
            left, at = self._buckets.pop(client, (self._burst, now))
            left = min(self._burst, left + (now - at) * self._per_second)
            wait = 0 if left >= tokens else math.ceil((tokens - left) / self._per_second)
            self._buckets[client] = (left if wait else left - tokens, now)
            if len(self._buckets) > self._clients:
                self._buckets.popitem(last=False)
        return wait

    @property
    def known(self) -> int:
        """How many clients are known."""
        return len(self._buckets)


class RateGuard:
    """429 for documents, pictures and files; what is posted learns from its scope how long it must
    wait."""

    def __init__(
        self,
        app: ASGIApp,
        per_minute: int = PER_MINUTE,
        burst: int = BURST,
        roots: Sequence[str] = ("",),
        on_refusal: Callable[[], object] = lambda: None,
        pages: Mapping[str, Callable[[], Response]] | None = None,
    ) -> None:
        """`per_minute` and `burst` are of questions; `roots` are where the page in each language
        begins; `on_refusal` is called for each request that came too fast. `pages` make, by how
        its path begins, what a browser shows that asked for a document."""
        self.app = app
        self._posted = {"/api/ask", *(f"{root}{end}" for root in roots for end in _POSTED)}
        self._looked_at = (*_LOOKED_AT, *(f"{root}/documents/" for root in roots))
        self._asking = RateLimit(per_minute, burst)
        self._most_more = min(_MOST_PIECES, burst) - 1
        self._token_s = math.ceil(60 / per_minute)
        self._looking = RateLimit(per_minute * _LOOKING, burst * _LOOKING)
        self._on_refusal = on_refusal
        self._pages = dict(pages or {})
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Counts what costs, unless it comes from a proxy that names nobody."""
        if scope["type"] != "http" or names_nobody(scope):
            self._warn_once(scope)
            return await self.app(scope, receive, send)
        path = scope["path"]
        is_posted = scope["method"] == "POST" and path in self._posted
        limit = self._looking if path.startswith(self._looked_at) else None
        if is_posted:
            limit = self._asking
        client = scope.get("client")
        key = client_key(client[0] if client else "")
        wait = limit.take(key) if limit else 0
        if wait:
            self._on_refusal()
        if wait and not is_posted:
            return await self._told(wait, scope)(scope, receive, send)
        scope[_WAIT] = wait
        if is_posted:
            scope[_TAKE] = partial(self._take_more, key)
        return await self.app(scope, receive, send)

    def _take_more(self, key: str, tokens: int) -> int:
        """As `RateLimit.take`, for what a message costs beyond its first token."""
        wait = self._asking.take(key, min(tokens, self._most_more))
        if not wait:
            return 0
        self._on_refusal()
        return wait + self._token_s  # then its first token is wanted again

    def _warn_once(self, scope: Scope) -> None:
        """Says that clients are not told apart, where a request that names nobody is a proxy's or
        comes under the name that patients use; a health check of this machine is neither."""
        if self._warned or scope["type"] != "http":
            return
        host = Headers(scope=scope).get("host", "").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if not is_direct(scope) or name not in LOCAL_HOSTS:
            self._warned = True
            log.warning(_NOBODY_NAMED)

    def _told(self, wait: int, scope: Scope) -> Response:
        headers = {"Retry-After": str(wait), "Cache-Control": "no-store"}
        page = next((one for at, one in self._pages.items() if scope["path"].startswith(at)), None)
        if page and "text/html" in Headers(scope=scope).get("accept", ""):
            told = page()
            told.headers.update(headers)
            return told
        text = f"Too many requests from one address. Try again in {wait} seconds."
        return JSONResponse({"error": text}, 429, headers)


def seconds_to_wait(scope: Scope, text: str = "") -> int:
    """The seconds after which a message may be sent again that came too fast; 0 for any other.

    To be asked once for each request: a long `text` takes more tokens than the one that every
    request takes.
    """
    wait = scope.get(_WAIT)
    if isinstance(wait, int) and wait:
        return wait
    more = math.ceil(len(text) / _PIECE) - 1
    take: Callable[[int], int] | None = scope.get(_TAKE)
    return take(more) if take and more > 0 else 0
