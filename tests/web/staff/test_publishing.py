"""The page that publishes: who may, what it shows, and that nothing changes without a signature."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from qa.embedding import Embedder
from qa.history import Signature, read_history
from qa.notices import SafetyTexts
from qa.publishing import live_generation, publish
from qa.staff.desk import Desk
from qa.web.staff.pages import StaffPages
from qa.web.staff.publishing import publishing_router
from qa.web.types import Page
from tests.tiny_desk import DRIVING, LATER, QUESTION, stage, tiny_desk, write_golden
from tests.web.staff.conftest import KEEPER, NURSE, PASSWORD, Visitor, form_token_of

Get = Callable[[str], str]
Post = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, bundled: Embedder, safety_texts: SafetyTexts
) -> Iterator[Desk]:
    desk = tiny_desk(tmp_path_factory.mktemp("tiny"), bundled, safety_texts)
    for member in (NURSE, KEEPER):
        desk.accounts.add(member.name, member.role, PASSWORD)
    desk.assistant.live.follow()  # as the server does
    yield desk
    desk.assistant.live.close()


@pytest.fixture(scope="module")
def staged(desk: Desk, bundled: Embedder) -> str:
    return stage(desk, bundled, LATER)


@pytest.fixture(scope="module")
def keeper(visitor: Visitor) -> TestClient:
    return visitor(KEEPER)


@pytest.fixture(scope="module")
def get(keeper: TestClient) -> Get:
    """What a page of the maintainer's says, its characters as they are read."""
    return lambda path: unescape(keeper.get(f"/staff/publishing{path}").text)


@pytest.fixture(scope="module")
def post(keeper: TestClient, desk: Desk) -> Post:
    """Sends a form of the maintainer's: the status, and where it leads or what it says."""

    def send(path: str, **fields: str) -> tuple[int, str]:
        form = {"form_token": form_token_of(keeper, desk)} | fields
        answer = keeper.post(f"/staff/publishing/{path}", data=form)
        return answer.status_code, answer.headers.get("location") or unescape(answer.text)

    return send


def report_of(page: str) -> str:
    """The digest that the form of a report carries."""
    found = re.search(r'name="report" value="(\w{64})"', page)
    assert found
    return found[1]


def test_nobody_but_maintainers_gets_anything(visitor: Visitor, desk: Desk, staged: str) -> None:
    routes = [
        (method, route.path.replace("{name}", staged))
        for route in publishing_router(desk, StaffPages(desk.assistant, Page.of())).routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    ]
    assert len(routes) == 6
    before, nurse, nobody = live_generation(desk.index), visitor(NURSE), visitor(None)
    form = {"form_token": form_token_of(nurse, desk), "generation": staged, "why": "I will"}
    for method, path in routes:
        sent = nurse.request(method, path, data=form if method == "POST" else None)
        assert sent.status_code == 403, path
        assert "Only maintainers may do this" in sent.text
        assert nobody.request(method, path).status_code in (303, 401)
    assert "/staff/publishing" not in nurse.get("/staff/runs").text, "no tab either"
    assert (live_generation(desk.index), desk.jobs.state()) == (before, None)


def test_nothing_is_done_without_the_forms_token(
    keeper: TestClient, desk: Desk, staged: str
) -> None:
    before = live_generation(desk.index)
    for path in ("check", "publish", "back"):
        form = {"form_token": "another", "generation": staged, "why": "I will", "live": before}
        sent = keeper.post(f"/staff/publishing/{path}", data=form)
        assert sent.status_code == 403
    assert (live_generation(desk.index), desk.jobs.state()) == (before, None)
    assert keeper.get("/staff/publishing/generations/none").status_code == 404
    assert keeper.get("/staff/publishing/back/none").status_code == 409


def test_from_a_staged_generation_to_patients_and_back(
    keeper: TestClient, get: Get, post: Post, desk: Desk, staged: str
) -> None:
    """In one piece, since each step is the next one's beginning."""
    first = live_generation(desk.index)
    policy = keeper.get("/staff/publishing").headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "Not checked yet." in get("")
    page = f"/generations/{staged}"
    assert "It was not checked yet" in get(page)
    assert 'id="sign"' not in get(page)

    assert post("check", generation=staged) == (303, f"/staff/publishing{page}")
    assert post("check", generation="none")[0] == 404
    state = desk.jobs.wait()
    assert state
    assert (state.by, state.message) == (KEEPER.name, f"{staged} was checked.")
    told = get(page)
    assert "2 of the checks speak against publishing it" in told
    assert "100% (2 of 2), 34% to 100%" in told
    assert "50% (1 of 2), 9% to 91% <strong" in told
    assert "<del>on the day of</del>" in told
    assert "The checks speak against it." in get("")

    signed = {"generation": staged, "report": report_of(told)}
    for lacking in ({}, {"although": "yes"}, {"although": "yes", "why": " "}, {"why": "I must"}):
        status, text = post("publish", **signed, **lacking)
        assert (status, live_generation(desk.index)) == (409, first)
        assert "Nothing was changed." in text
    signed |= {"although": "yes", "why": "the new leaflet"}
    assert post("publish", **signed) == (303, "/staff/publishing?done=published")
    assert post("publish", **signed) == (303, "/staff/publishing?done=already")
    assert live_generation(desk.index) == staged
    event = read_history(desk.index).events[-1]
    assert (event.by, event.why, event.forced) == (KEEPER.name, "the new leaflet", True)
    shown = get("?done=published")
    assert f"This server answers from <code>{staged}</code> from now on" in shown
    assert "by Keeper Kim, FORCED: the new leaflet" in shown
    assert "Nothing is staged." in shown
    assert desk.assistant.ask(QUESTION).quotes[0].text == LATER

    page = f"/back/{first}"
    assert "Show what would change" in get(page)
    assert post("check", generation=first, **{"for": "back"}) == (303, f"/staff/publishing{page}")
    desk.jobs.wait()
    assert "<ins>on the day of</ins>" in get(page)
    assert post("back", generation=first, live=staged)[0] == 409
    assert live_generation(desk.index) == staged
    back = {"generation": first, "live": staged, "why": "wrong dose"}
    assert post("back", **back) == (303, "/staff/publishing?done=back")
    assert post("back", **back) == (303, "/staff/publishing?done=already")
    assert desk.assistant.ask(QUESTION).quotes[0].text == DRIVING
    what = [(one.who, one.what) for one in desk.audit.entries()]
    assert what == [(KEEPER.name, "went back"), (KEEPER.name, "published against the checks")]
    assert "from which Keeper Kim went back" in get("")


def test_what_somebody_published_meanwhile_is_not_undone(
    get: Get, post: Post, desk: Desk, bundled: Embedder
) -> None:
    write_golden(desk.corpus, LATER)
    mine, other = (stage(desk, bundled, f"{LATER} {more}") for more in ("Ask.", "Ask us."))
    post("check", generation=mine)
    desk.jobs.wait()
    page = get(f"/generations/{mine}")
    assert "Nothing speaks against publishing it." in page
    publish(desk.index, other, Signature("Bo", "by the command line"))
    status, text = post("publish", generation=mine, report=report_of(page))
    assert (status, live_generation(desk.index)) == (409, other)
    assert f"Meanwhile {other} is live" in text
    page = get(f"/generations/{mine}")
    assert "This report is out of date." in page
    assert 'id="sign"' not in page
    before = [one.name for one in desk.index.joinpath("generations").iterdir()]
    back = {"generation": min(before), "live": mine, "why": "I thought it was mine"}
    assert post("back", **back)[0] == 409
    assert live_generation(desk.index) == other


def test_what_is_damaged_has_no_button(get: Get, post: Post, desk: Desk, bundled: Embedder) -> None:
    name = stage(desk, bundled, f"{LATER} Ask the nurse.")
    generations = desk.index / "generations"
    path = generations / name / "chunks.npy"
    path.write_bytes(b"")
    post("check", generation=name)
    desk.jobs.wait()
    page = get(f"/generations/{name}")
    assert "Its files are damaged." in page
    assert "build it anew with <code>qa build --stage</code>" in page
    assert "/staff/publishing/publish" not in page
    assert "it cannot be published" in get("")

    live = live_generation(desk.index)
    until = time.monotonic() + 30
    while desk.assistant.generation != live and time.monotonic() < until:
        time.sleep(0.1)  # it looks once in a while
    assert desk.assistant.generation == live
    publish(desk.index, name, Signature("Bo"))
    target = generations / live / "chunks.npy"
    data = target.read_bytes()
    target.write_bytes(b"")
    page = get(f"/back/{live}")
    assert "It cannot be served:" in page
    assert "Go back to <code>" in page, "to another one"
    assert '/staff/publishing/back"' not in page
    target.write_bytes(data)
    until = time.monotonic() + 30
    while "cannot take" not in (shown := get("")) and time.monotonic() < until:
        time.sleep(0.1)
    assert "This server cannot take what is published" in shown
    assert f"It answers from <code>{live}</code>" in shown
