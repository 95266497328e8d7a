"""A clinic that is attacked: `qa serve` with staff who may log in, and documents of all kinds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qa.embedding import Embedder
from qa.index import build
from qa.staff.accounts import Accounts
from qa.staff.audit import AuditTrail
from qa.staff.file import StaffFile
from qa.staff.member import Member, Role
from qa.staff.sessions import Sessions
from qa.web.staff.guard import COOKIE
from tests.attacks.wire import LONGEST_S, Exchange, Request, exchange
from tests.conftest import ROOT
from tests.first_corpus import lasting_corpus
from tests.pages import leaflet
from tests.staff.quick import quick_passwords
from tests.web.real_server import RealServer

__all__ = ["GOOD", "PASSWORD", "PDF", "SECRET", "STAFF_ONLY", "Clinic", "attacked"]

PASSWORD = "plain words in a row"
SECRET = "Swordfishcake"
"""Stands in a file outside the corpus, and in a document that is for staff only."""
PDF, STAFF_ONLY = "leaflet.pdf", "staff-only.md"
GOOD = "Can I drive home after a treatment?"
_MEMBERS = {
    "staff": Member("Nurse Nora", Role.STAFF),
    "maintainer": Member("Keeper Kim", Role.MAINTAINER),
}
_TELL_ROUTES = """
import json, pathlib
import qa.web.server as server
serve = server.serve
def told(app, *rest):
    from tests.web.routes import routes_of
    found = sorted((path, sorted(getattr(one, "methods", None) or ()))
                   for path, one in routes_of(app))
    pathlib.Path("routes.json").write_text(json.dumps(found))
    return serve(app, *rest)
server.serve = told
"""
"""Has the server write down the routes of the very application that it runs."""


class Clinic:
    """The running server, and who is logged in."""

    def __init__(self, server: RealServer) -> None:
        self.server = server
        self.url = server.url
        self.file = StaffFile(server.folder / "staff.sqlite3")
        self.audit = AuditTrail(self.file)
        self.accounts = Accounts(self.file, passwords=quick_passwords())
        self.sessions = Sessions(self.file)
        self.tokens: dict[str, str] = {}
        for who, member in _MEMBERS.items():
            self.accounts.add(member.name, member.role, PASSWORD)
            self.tokens[who] = self.sessions.begin(member)

    @property
    def cookies(self) -> dict[str, str]:
        """The Cookie header of each who."""
        return {who: f"{COOKIE}={token}" for who, token in self.tokens.items()}

    def form_token(self, who: str) -> str:
        """What each form of theirs must carry."""
        session = self.sessions.find(self.tokens[who])
        assert session
        return session.form_token

    def send(self, sent: bytes | Request, longest_s: float = LONGEST_S) -> Exchange:
        """What comes back for it."""
        wire = sent.wire(self.cookies) if isinstance(sent, Request) else sent
        return exchange(self.url, wire, longest_s)

    def answer(self, question: str = GOOD) -> dict[str, Any]:
        """The answer to a question by the API."""
        body = json.dumps({"question": question}).encode()
        kind = (("Content-Type", "application/json"),)
        [reply] = self.send(Request("POST", "/api/ask", kind, body)).replies
        assert reply.status == 200, reply
        found: dict[str, Any] = json.loads(reply.body)
        return found

    def routes(self) -> list[tuple[str, list[str]]]:
        """Every route of the running application, mounted ones too, with its methods."""
        found: list[tuple[str, list[str]]] = json.loads(
            (self.server.folder / "routes.json").read_text("utf-8")
        )
        return found


@contextmanager
def attacked(folder: Path, index: Path, embedder: Embedder) -> Iterator[Clinic]:
    """Serves from `folder` while a `with` lasts; `index` is one of the shipped documents."""
    (folder / "outside.md").write_text(f"# Outside\n\n{SECRET} stands outside.\n", "utf-8")
    corpus = lasting_corpus(folder / "corpus")
    (corpus / PDF).write_bytes(leaflet())
    (corpus / STAFF_ONLY).write_text(
        f"---\ntitle: For staff\naudience: staff\n---\n\n# For staff\n\nThe code is {SECRET}.\n",
        "utf-8",
    )
    (corpus / "link.md").symlink_to(folder / "outside.md")
    shutil.copytree(index, folder / "index")
    build(corpus, folder / "index", embedder)
    (folder / "sitecustomize.py").write_text(_TELL_ROUTES, "utf-8")
    server = RealServer(folder / "clinic", folder / "index")
    shutil.copytree(corpus, server.folder / "corpus", dirs_exist_ok=True, symlinks=True)
    server.environment["PYTHONPATH"] = f"{folder}:{ROOT}"
    with server:
        yield Clinic(server)
