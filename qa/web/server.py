"""The server that runs the web application, and the one place where settings become a page."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any, cast

import uvicorn

from qa.assembly import assistant_of, at_once, desk_of, shared_embedder_of
from qa.errors import SettingsError, StoreError
from qa.golden import GOLDEN_FILE, check_golden, read_golden
from qa.keeping import keeping_of
from qa.message_language import language_of
from qa.settings import Settings
from qa.suggestions import suggested_questions
from qa.types import Answer
from qa.web.admission import Admission
from qa.web.origin import LOCAL_HOSTS
from qa.web.peer import RememberPeer, forwarded
from qa.web.renewing import Renewer
from qa.web.types import Assistant, Page

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = [
    "hosts_for",
    "logged",
    "pages_of",
    "run",
    "serve",
    "spoken_in",
    "suggestions_for",
]

log = logging.getLogger(__name__)

_ANY_ADDRESS = ("", "0.0.0.0", "::")  # noqa: S104 - compared with, not bound to

_SWITCH_SECONDS = 0.0005
"""After which a thread that answers lets others go on, where they wait; Python's own is ten times
as long, for which the thread that takes requests would stand still again and again. With four that
answer it waited 5.5 ms on average each time, and so 3.3, at the same cost."""


def _say_nothing(_: str) -> None: ...


def hosts_for(host: str, extra: Sequence[str] = ()) -> tuple[str, ...]:
    """The names a server at `host` is reached under: this machine's own, and those in `extra`."""
    own = socket.gethostname() if host in _ANY_ADDRESS else f"[{host}]" if ":" in host else host
    return tuple(dict.fromkeys((*LOCAL_HOSTS, own, *extra)))


def serve(
    app: FastAPI,
    host: str = "127.0.0.1",
    port: int = 7860,
    on_ready: Callable[[str], object] = _say_nothing,
) -> None:
    """Serves until stopped; `on_ready` gets the address once connections are taken.

    Raises SettingsError where the address cannot be listened at.
    """
    listening = _listen(host, port)
    sys.setswitchinterval(_SWITCH_SECONDS)
    at = f"[{host}]" if ":" in host else host
    url = f"http://{'127.0.0.1' if host in _ANY_ADDRESS else at}:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        RememberPeer(forwarded(app)),
        proxy_headers=False,  # `forwarded` does that, behind what remembers who really connects
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=15,
    )
    with listening:
        _Server(config, partial(on_ready, url)).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, opened here so that a taken port is told from other failures."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, since asyncio sends small answers at once only where it reads TCP here.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            # Else a server that was just stopped keeps its port for a minute.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"The server cannot listen at {host}, port {port}: {error.strerror or error}. "
            f"Choose another port with `qa serve --port {port + 1 if 0 < port < 65535 else 7861}`, "
            "or another address with `--host`."
        ) from None
    return listening


def suggestions_for(settings: Settings, assistant: Assistant) -> tuple[str, ...]:
    """Questions to suggest where the settings name none, each tried by asking it."""
    path = settings.corpus / GOLDEN_FILE
    golden = read_golden(path) if path.is_file() else []
    fitting = [one for one in golden if not check_golden([one], assistant.document)]
    return suggested_questions(assistant, assistant.documents(), fitting)


def spoken_in(assistant: Assistant) -> str:
    """The language of the documents; empty where there are several, or no documents."""
    spoken = {language_of(document) for document in assistant.documents()}
    return spoken.pop() if len(spoken) == 1 else ""


def pages_of(
    settings: Settings, suggestions: Sequence[str] = (), language: str = ""
) -> tuple[Page, ...]:
    """The patient's page in each language; the suggestions, in the documents' `language`, stand
    where it has no examples.

    Raises SettingsError for a language without wording.
    """
    made: list[Page] = []
    for wording in settings.page.wordings():
        texts = settings.page.texts_in(wording.language)
        root = f"/{wording.language}" if made else ""
        made.append(
            Page(
                wording,
                root,
                texts.title,
                texts.scope,
                texts.examples or tuple(suggestions),
                examples_language="" if texts.examples else language,
                logged_days=settings.privacy.keep_days if settings.privacy.log_questions else 0,
            )
        )
    return tuple(made)


def logged(assistant: Assistant, keep: Callable[[Answer], None]) -> Assistant:
    """The assistant, with `keep` given each of its answers. A failure to keep is logged only."""
    return cast("Assistant", _Logged(assistant, keep))


class _Logged:
    """Asks and keeps; all else is the assistant's own."""

    def __init__(self, assistant: Assistant, keep: Callable[[Answer], None]) -> None:
        self._assistant = assistant
        self._keep = keep

    def ask(self, question: str, **more: Any) -> Answer:
        answer = self._assistant.ask(question, **more)
        try:
            self._keep(answer)
        except StoreError as error:
            log.error("a question was not logged: %s", error)
        except Exception as error:  # its text may hold the question
            log.error("a question was not logged: %s", type(error).__name__)
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)


def run(settings: Settings, on_ready: Callable[[str], object] = _say_nothing) -> None:
    """Serves what the settings say, until stopped. Raises QuotewellError where that cannot be."""
    settings.safety_texts().validate()
    # Gradio takes as long to import as all else together, and loading models leaves it a processor.
    beside = Thread(target=import_module, args=("qa.web.application",), daemon=True)
    beside.start()
    embedder = shared_embedder_of(settings)
    assistant = assistant_of(settings, embedder=embedder)
    keeping = keeping_of(settings, assistant.documents, embedder.is_common, assistant.assess)
    pages = _pages(settings, assistant)
    beside.join()
    from qa.web.application import create_app  # noqa: PLC0415

    app = create_app(
        logged(assistant, keeping.question) if keeping.question else assistant,
        pages=pages,
        allowed_hosts=hosts_for(settings.serve.host, settings.serve.allowed_hosts),
        feedback=keeping.feedback,
        following=lambda: asdict(assistant.live.following()),
        desk=desk_of(settings, assistant, embedder),
        admission=Admission(at_once(settings), settings.serve.max_waiting),
        embed_from=settings.serve.embed_from,
    )
    with Renewer(lambda: app.state.renew(_pages(settings, assistant))) as renewer:
        assistant.live.follow(renewer.wake)
        try:
            serve(app, settings.serve.host, settings.serve.port, on_ready)
        finally:
            assistant.live.close()


def _pages(settings: Settings, assistant: Assistant) -> tuple[Page, ...]:
    """The pages with suggestions from the documents that are live now."""
    return pages_of(settings, suggestions_for(settings, assistant), spoken_in(assistant))
