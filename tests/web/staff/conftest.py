"""The staff's pages over a real index of the shipped documents, with somebody logged in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.answer import Policy
from qa.assistant import Assistant
from qa.chunking import BuildOptions
from qa.embedding import Embedder
from qa.notices import SafetyTexts
from qa.staff.accounts import Accounts
from qa.staff.audit import AuditTrail
from qa.staff.desk import Desk
from qa.staff.file import StaffFile
from qa.staff.member import Member, Role
from qa.staff.sessions import Sessions
from qa.store import Store
from qa.web.application import create_app
from qa.web.staff.guard import COOKIE
from tests.first_corpus import lasting_corpus

PASSWORD = "plain words in a row"
NURSE = Member("Nurse Nora", Role.STAFF)
KEEPER = Member("Keeper Kim", Role.MAINTAINER)

Visitor = Callable[[Member | None], TestClient]


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory,
    real_index: Path,
    bundled: Embedder,
    safety_texts: SafetyTexts,
) -> Desk:
    """A desk with files of its own, one a module: tests may mark, run and publish."""
    folder = tmp_path_factory.mktemp("desk")
    corpus = lasting_corpus(folder / "corpus")
    index = folder / "index"
    shutil.copytree(real_index, index)
    file = StaffFile(folder / "staff.sqlite3")

    answering = Assistant(index, bundled, safety_texts)

    def measuring(policy: Policy | None, generation: str) -> Assistant:
        return Assistant(
            index,
            bundled,
            safety_texts,
            policy or answering.policy,
            calibrated=policy is None,
            generation=generation,
        )

    accounts = Accounts(file)
    for member in (NURSE, KEEPER):
        accounts.add(member.name, member.role, PASSWORD)
    config = folder / "qa.toml"
    config.write_text("# of this clinic\n[answer]\nmax_quotes = 3\n", "utf-8")
    return Desk(
        assistant=answering,
        measuring=measuring,
        file=file,
        accounts=accounts,
        sessions=Sessions(file),
        audit=AuditTrail(file),
        corpus=corpus,
        index=index,
        config=config,
        model=bundled.identity,
        options=BuildOptions(),
        records=Store(folder / "records.sqlite3", 30),
        logs_questions=True,
    )


@pytest.fixture(scope="module")
def staff_app(desk: Desk) -> FastAPI:
    """The whole application with that desk."""
    return create_app(desk.assistant, desk=desk)


@pytest.fixture(scope="module")
def visitor(staff_app: FastAPI, desk: Desk) -> Visitor:
    """Makes a client that somebody is logged in on, or nobody. Forms need `form_token_of`."""

    def make(member: Member | None) -> TestClient:
        headers = {"sec-fetch-site": "same-origin"}
        client = TestClient(
            staff_app, "https://testserver", headers=headers, follow_redirects=False
        )
        if member:
            client.cookies.set(COOKIE, desk.sessions.begin(member))
        return client

    return make


def form_token_of(client: TestClient, desk: Desk) -> str:
    """What each form of the client's session must carry as `form_token`."""
    session = desk.sessions.find(client.cookies[COOKIE])
    assert session
    return session.form_token
