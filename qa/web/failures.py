"""What no part of the application caught, logged without its message, in which a question may be.

The libraries' own way is to print the whole exception: pydantic's messages hold what was sent.
"""

from __future__ import annotations

import logging
import sys
import traceback
from types import SimpleNamespace

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.errors import VectorStoreDown

__all__ = ["QUIET_TRACEBACK", "FailureGuard", "log_failure"]

log = logging.getLogger(__name__)


def log_failure(error: Exception, what: str = "a request could not be answered") -> None:
    """Logs `what` failed, where the error arose and its type, but not its message.

    A message may hold the question. A vector store that does not answer is logged by the store,
    once and not for each question.
    """
    if isinstance(error, VectorStoreDown):
        return
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s: %s\n%s", what, type(error).__name__, where)


class FailureGuard:
    """500 for an exception that reaches it; the server behind it would log all of it."""

    def __init__(self, app: ASGIApp, help_line: str = "") -> None:
        """`help_line` is told with it: whoever asked may be in danger."""
        self.app = app
        self._help = {"help": help_line} if help_line else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes requests on; the server's start-up may fail as it would without this."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception as error:
            log_failure(error)
            if not begun:
                content = {"error": "Something went wrong here. Try again in a few minutes."}
                await JSONResponse(content | self._help, 500)(scope, receive, send)


def _log_current() -> None:
    error = sys.exc_info()[1]
    if isinstance(error, Exception):
        log_failure(error)


QUIET_TRACEBACK = SimpleNamespace(print_exc=_log_current)
"""Stands in for the module `traceback` where a library prints the exception it caught."""
