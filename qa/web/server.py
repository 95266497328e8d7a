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
from qa.web.broken_off import BrokenOffGuard
from qa.web.connections import AT_A_TIME, Connections
from qa.web.log_limit import limit_logs
from qa.web.metrics import Metrics
from qa.web.open_files import raise_limit, room_for_files
from qa.web.origin import LOCAL_HOSTS
from qa.web.peer import Networks, RememberPeer, forwarded, networks_of, trusted_of
from qa.web.renewing import Renewer
from qa.web.request_limits import HEAD_BYTES
from qa.web.rest_of_body import RestOfBody
from qa.web.stopping import CUT_S, QUEUE, Server, Stopping
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
    connections: Connections | None = None,
    trusted: Networks | None = None,
) -> None:
    """Serves until stopped; `on_ready` gets the address once connections are taken.

    `connections` says what is allowed to them, and `trusted` are the proxies that are believed,
    those of the environment or this machine where it is None.

    Raises SettingsError where the address cannot be listened at.
    """
    limit_logs()
    listening = _listen(host, port)
    sys.setswitchinterval(_SWITCH_SECONDS)
    at = f"[{host}]" if ":" in host else host
    url = f"http://{'127.0.0.1' if host in _ANY_ADDRESS else at}:{listening.getsockname()[1]}"
    trusted = trusted_of() if trusted is None else trusted
    if connections is None:
        connections = Connections(most=room_for_files(1_000), trusted=trusted)
    config = uvicorn.Config(
        BrokenOffGuard(RestOfBody(RememberPeer(forwarded(app, trusted)))),
        http=connections.protocol(),  # h11's, whatever is installed: our tests attack it
        ws="none",
        h11_max_incomplete_event_size=HEAD_BYTES,
        backlog=AT_A_TIME,
        proxy_headers=False,  # `forwarded` does that, behind what remembers who really connects
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=CUT_S,
        timeout_keep_alive=15,
    )
    with listening:
        stopping = getattr(app.state, "stopping", None) or Stopping()
        Server(config, stopping, partial(on_ready, url)).run(sockets=[listening])


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
        listening.listen(QUEUE)
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
    raise_limit()
    settings.safety_texts().validate()
    limits, metrics = settings.serve, Metrics()
    trusted, readers = trusted_of(limits.trusted_proxies), _readers(settings)
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
        admission=Admission(at_once(settings), limits.max_waiting),
        body_limit=limits.body_bytes,
        questions_per_minute=limits.questions_per_minute,
        questions_burst=limits.questions_burst,
        request_seconds=limits.request_seconds,
        metrics=metrics,
        metrics_from=readers,
        embed_from=limits.embed_from,
    )
    connections = Connections(
        limits.request_seconds,
        room_for_files(limits.connections),
        limits.connections_per_client,
        trusted,
        lambda why: metrics.connections_ended.labels(why).inc(),
    )
    with Renewer(lambda: app.state.renew(_pages(settings, assistant))) as renewer:
        assistant.live.follow(renewer.wake)
        try:
            serve(app, limits.host, limits.port, on_ready, connections, trusted)
        finally:
            assistant.live.close()


def _readers(settings: Settings) -> Networks | None:
    """Who may read /metrics; None where nobody may. Raises SettingsError."""
    listed = settings.serve.metrics_from
    return networks_of(listed, "In qa.toml, table [serve]: `metrics_from`") if listed else None


def _pages(settings: Settings, assistant: Assistant) -> tuple[Page, ...]:
    """The pages with suggestions from the documents that are live now."""
    return pages_of(settings, suggestions_for(settings, assistant), spoken_in(assistant))
