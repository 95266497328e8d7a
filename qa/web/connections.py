"""Connections that cost the server without asking anything: slow, idle, or far too many.

uvicorn ends a connection that is idle between two requests, and no other: half a head, a body that
trickles in behind its answer, or an answer that is not read would hold it for ever. Its protocol is
taken further here, with four times in seconds: for a head, for what is left of a request that is
answered already, for an answer that is not read, and for closing. A body that is waited for has its
time in `BodyLimit`, which can still answer.

`Connections` bounds how many there are. Whoever has too many loses its own idle one for the new
one; where all together are too many, the one that is idle longest goes. So sockets that do nothing
lock nobody out.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.web.peer import Networks, client_key

__all__ = ["AT_A_TIME", "REST_S", "Connections"]

AT_A_TIME = 16
"""Connections that are taken before those before them are looked at. asyncio takes as many in one
go as its backlog is long, and where files run out it fails, and logs, for each of the rest. It may
do so a few times before any is looked at, which the files that are kept free must hold
(`qa.web.open_files`)."""
REST_S = 5.0
"""For the rest of a request that was answered before it was whole, as one that is too long."""
_UNREAD_S = 60.0
"""While nothing of an answer is read; the system takes some 64 KiB at a time."""
_CLOSE_S = 10.0
"""For what was written to go out once a connection is closed."""
_GRACE_S = 0.25
"""What has arrived when the server stops is read first."""
_UPLOAD_S = 2.0
"""For a request that is not whole when the server stops."""


class Connections:
    """All connections of a server, and what is allowed to them."""

    def __init__(
        self,
        head_s: float = 20.0,
        most: int = 1_000,
        most_of_one: int = 100,
        trusted: Networks | None = None,
        on_refusal: Callable[[str], object] = lambda _: None,
    ) -> None:
        """`head_s` are the seconds for a request's head. `most_of_one` does not bind proxies that
        are `trusted`, any of which stands for many. `on_refusal` is told why a connection was
        ended: "slow" or "too_many"."""
        self.head_s = head_s
        self.on_refusal = on_refusal
        self._most = most
        self._most_of_one = most_of_one
        self._trusted = trusted or Networks()
        self._of_one: Counter[str] = Counter()
        self._idle: dict[_Guarded, None] = {}
        self._open: dict[_Guarded, str] = {}

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._open)

    def protocol(self) -> type[asyncio.Protocol]:
        """What `uvicorn.Config` takes as `http`."""
        return cast("type[asyncio.Protocol]", partial(_Guarded, connections=self))

    def add(self, one: _Guarded, address: str) -> bool:
        """Whether there is room for a connection; an idle one may have to go for it."""
        trusted = self._trusted.everybody or self._trusted.hold(address)
        key = "" if trusted else client_key(address)
        if key and self._of_one[key] >= self._most_of_one and not self._end_idle_of(key):
            return False
        if len(self._open) >= self._most and not self._end_idle_of(""):
            return False
        self._open[one] = key
        self._of_one[key] += 1
        return True

    def remove(self, one: _Guarded) -> None:
        """It is closed, or has to be."""
        self._idle.pop(one, None)
        key = self._open.pop(one, None)
        if key is not None:
            self._of_one[key] -= 1
            if not self._of_one[key]:
                del self._of_one[key]

    def is_idle(self, one: _Guarded, idle: bool) -> None:
        """Notes whether a connection waits for a request; the longest idle stands first."""
        if not idle:
            self._idle.pop(one, None)
        elif one in self._open:
            self._idle.setdefault(one)

    def _end_idle_of(self, key: str) -> bool:
        for one in self._idle:
            if not key or self._open[one] == key:
                self.on_refusal("too_many")
                self.remove(one)
                one.transport.abort()
                return True
        return False


class _Guarded(H11Protocol):
    """uvicorn's protocol, with an end to everything that could go on for ever."""

    def __init__(self, *given: Any, connections: Connections, **named: Any) -> None:
        super().__init__(*given, **named)
        self._all = connections
        self._head: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._ending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self._all.add(self, self.client[0] if self.client else ""):
            self._all.is_idle(self, True)
            self._wait_for_head()
        else:
            self._all.on_refusal("too_many")
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._all.remove(self)
        for timer in (self._head, self._unread, self._ending):
            if timer:
                timer.cancel()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def _look(self) -> None:
        """Sets the clock that goes with what is waited for now."""
        if self.transport.is_closing():
            self._end_in(_CLOSE_S)
            return
        waits = self.conn.their_state is h11.IDLE
        self._all.is_idle(self, waits)
        if waits:
            self._unset_ending()
            if self.timeout_keep_alive_task is None:  # the next head has begun
                self._wait_for_head()
            return
        self._unset_head()
        answered = self.cycle is not None and self.cycle.response_complete
        if answered and self.conn.their_state is h11.SEND_BODY:
            self._end_in(REST_S)

    def _wait_for_head(self) -> None:
        if self._head is None:  # more bytes give no more time
            self._head = self.loop.call_later(self._all.head_s, self._give_up, "slow")

    def _give_up(self, why: str) -> None:
        self._all.on_refusal(why)
        self._all.remove(self)
        if self.conn.trailing_data[0] and not self.transport.is_closing():
            # A browser that opened a connection in advance is told nothing.
            self.transport.write(
                b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            )
        self.transport.close()
        self._end_in(_CLOSE_S)

    def _unset_head(self) -> None:
        if self._head:
            self._head.cancel()
            self._head = None

    def _unset_ending(self) -> None:
        if self._ending:
            self._ending.cancel()
            self._ending = None

    def _end_in(self, seconds: float) -> None:
        if self._ending is None:
            self._ending = self.loop.call_later(seconds, self.transport.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(_UNREAD_S, self._give_up_writing)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread:
            self._unread.cancel()
            self._unread = None

    def _give_up_writing(self) -> None:
        self._all.on_refusal("slow")
        self.transport.abort()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._end_in(_CLOSE_S)

    def shutdown(self) -> None:
        # What a browser sent just before is answered, and a request that never ends is not waited
        # for.
        self.loop.call_later(_GRACE_S, self._shut)

    def _shut(self) -> None:
        if not self.transport.is_closing():
            super().shutdown()
            if self.conn.their_state is h11.SEND_BODY:
                self.loop.call_later(_UPLOAD_S, self.transport.close)

    def _should_upgrade(self) -> bool:
        return False  # there are no websockets: an upgrade is not made, and the request answered
