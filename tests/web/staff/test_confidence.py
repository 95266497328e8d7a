"""The page on how sure the answers are, through the whole application."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from html import unescape

import pytest

from qa.answer import Policy
from qa.evaluation import judge
from qa.feedback import Place
from qa.golden import read_golden
from qa.staff.desk import Desk
from qa.staff.judgement import Judgement, Result, judgement_of
from qa.staff.run_book import Run, RunBook
from qa.staff.running import parts_of
from tests.web.staff.conftest import KEEPER, NURSE, Visitor, form_token_of

HERE = "/staff/confidence"


def judgement(question: str, rank: int | None, confidence: float, *tags: str) -> Judgement:
    return Judgement(
        question=question,
        expect="quote" if rank else "refuse",
        tags=tags,
        document="",
        result=Result.RIGHT_FIRST,
        confidence=confidence,
        rank=rank,
        shown=confidence >= 0.44,
        settled=False,
        reason="",
        places=(Place("leaflet.md", 0, 9),),
    )


@pytest.fixture
def run(desk: Desk) -> int:
    """The number of a run with one question of each kind around the threshold in use."""
    judgements = (
        judgement("does <b>it</b> hurt", 1, 0.9),
        judgement("can i drive", 1, 0.5),
        judgement("who pays", 2, 0.4),
        judgement("is it raining", None, 0.6, "held"),
        judgement("can i fly", 1, 0.7, "held"),
    )
    golden = hashlib.sha256(desk.golden.read_bytes()).hexdigest()
    made = ("2026-11-26T10:15:00Z", 8.5, "Nora", desk.assistant.generation, "s")
    return RunBook(desk.file).keep(Run(*made, 0.44, golden, True, judgements))


def test_without_a_run_the_page_says_where_to_begin(visitor: Visitor) -> None:
    answer = visitor(NURSE).get(HERE)
    assert answer.status_code == 200
    assert '<a href="/staff/runs">Run them first.</a>' in answer.text
    assert "<img" not in answer.text


def test_the_page_shows_what_a_threshold_would_do(visitor: Visitor, run: int) -> None:
    client = visitor(NURSE)
    page = client.get(HERE, params={"threshold": "0.55"})
    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    text = unescape(page.text)
    assert "<b>" not in client.get(HERE, params={"threshold": "0.95"}).text
    assert "does <b>it</b> hurt" in unescape(client.get(f"{HERE}?threshold=0.95").text)
    assert "Right quote lost" in text
    assert "<td>2 of 3</td><td>1 (−1)</td>" in text
    assert "Only a maintainer can save" in text
    assert "Run the questions again" not in text
    told = client.get(f"{HERE}/effect", params={"run": run, "threshold": "0.3"}).json()
    assert told["threshold"] == "0.30"
    assert "Not held: 3 of 3 answerable questions answered, 1 with a wrong quote" in told["summary"]
    assert "who pays" in told["html"]
    assert "can i drive" not in told["html"]


@pytest.mark.parametrize(
    "query",
    ["run=77&threshold=0.5", "run=x&threshold=0.5", f"run={'9' * 30}&threshold=0.5", "threshold=1"],
)
def test_there_is_no_effect_of_what_is_not_there(visitor: Visitor, run: int, query: str) -> None:
    assert visitor(NURSE).get(f"{HERE}/effect?{query}").status_code == 404
    assert visitor(NURSE).get(f"{HERE}/effect?run={run}&threshold=nan").status_code == 404


@pytest.mark.slow
def test_plots_follow_the_browsers_theme_or_the_chosen_one(visitor: Visitor, run: int) -> None:
    client = visitor(NURSE)
    free = unescape(client.get(HERE).text)
    assert free.count("<picture>") == 3
    assert 'media="(max-width: 760px) and (prefers-color-scheme: dark)"' in free
    chosen = client.get(HERE, params={"theme": "dark"}).text
    addresses = re.findall(r'(?:src|srcset)="(/staff/confidence/[^"]+)"', unescape(chosen))
    assert len(addresses) == 6
    assert all("theme=dark" in one for one in addresses)
    assert "prefers-color-scheme" not in chosen
    for address in addresses:
        picture = client.get(address)
        assert picture.status_code == 200
        assert picture.headers["content-type"] == "image/svg+xml"
        assert picture.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in picture.headers["content-security-policy"]
    assert visitor(None).get(addresses[0]).status_code == 303
    for odd in ("none.svg?", "risk.svg?theme=pink&", "risk.svg?size=huge&", "risk.svg?at=x&"):
        good = "theme=dark&size=wide&at=0.44"
        address = f"{HERE}/{odd}run={run}&{good}"
        name, _, query = address.partition("?")
        fields = dict(pair.split("=") for pair in reversed(query.split("&")) if pair)
        answer = client.get(name, params=fields)
        assert answer.status_code == 404, odd


def test_saving_changes_what_patients_are_answered(visitor: Visitor, desk: Desk, run: int) -> None:
    question = "can i drive home after the infusion"
    assert desk.assistant.ask(question).quotes
    client = visitor(KEEPER)
    page = client.get(f"{HERE}?threshold=0.99").text
    [stamp] = re.findall(r'name="stamp" value="(\w+)"', page)
    form = {
        "form_token": form_token_of(client, desk),
        "stamp": stamp,
        "threshold": "0.99",
        "reason": "a trial",
    }
    answer = client.post(f"{HERE}/threshold?theme=dark", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}?saved=1&theme=dark")
    assert not desk.assistant.ask(question).quotes
    assert desk.policy.threshold == 0.99
    assert desk.measuring(None, "").policy_in_use().threshold == 0.99
    page = unescape(client.get(answer.headers["location"]).text)
    assert "The threshold in use is 0.99" in page
    assert "<td>0.44 → 0.99</td>" in page
    assert desk.config
    assert ": a trial\nthreshold = 0.99\n" in desk.config.read_text("utf-8")
    # The same form again is from before.
    again = client.post(f"{HERE}/threshold", data=form | {"threshold": "0.5"})
    assert again.status_code == 409
    assert "not as it was when this page was opened" in again.text
    [stamp] = re.findall(r'name="stamp" value="(\w+)"', page)
    back = form | {"stamp": stamp, "threshold": "0.44"}
    assert client.post(f"{HERE}/threshold", data=back).status_code == 303
    assert desk.assistant.ask(question).quotes


def test_staff_and_strangers_save_nothing(visitor: Visitor, desk: Desk, run: int) -> None:
    client = visitor(NURSE)
    form = {"form_token": form_token_of(client, desk), "threshold": "0.5", "reason": "x"}
    assert client.post(f"{HERE}/threshold", data=form).status_code == 403
    keeper = visitor(KEEPER)
    assert keeper.post(f"{HERE}/threshold", data=form).status_code == 403
    odd = form | {"form_token": form_token_of(keeper, desk), "threshold": "high"}
    assert keeper.post(f"{HERE}/threshold", data=odd).status_code == 422
    assert visitor(None).post(f"{HERE}/threshold", data=form).status_code == 401
    assert desk.policy.threshold == 0.44


@pytest.mark.slow
def test_what_is_never_shown_is_told_from_what_a_lower_threshold_shows(desk: Desk) -> None:
    """A judgement foretells what another threshold shows, as asking by that one does."""
    golden = [one for one in read_golden(desk.golden) if one.expect in ("quote", "refuse")]
    loose = desk.measuring(Policy(threshold=0.0), "")
    # Both ask for advice; only the first would ever be answered.
    asked = (
        "should i quit my sertraline now that im starting this",
        "how much should i take if i weigh 210",
    )
    advice = [replace(golden[0], question=question) for question in asked]
    for one in (*golden[::16], *advice):
        judged, answer = judgement_of(judge(one, desk.assistant)), loose.ask(one.question)
        assert (not judged.settled and bool(judged.places)) == bool(answer.quotes), one.question


def test_a_run_by_other_settings_or_of_other_documents_is_told(
    visitor: Visitor, desk: Desk
) -> None:
    book, live = RunBook(desk.file), desk.assistant.generation
    golden = hashlib.sha256(desk.golden.read_bytes()).hexdigest()
    parts = parts_of(desk, desk.assistant, desk.assistant.reader)
    judged = (judgement("can i drive", 1, 0.5),)
    run = Run("2026-11-26T10:15:00Z", 8.5, "Nora", live, "s", 0.44, golden, True, judged)
    kept = [book.keep(replace(run, parts=parts))]
    try:
        assert "Changed since these questions" not in visitor(NURSE).get(HERE).text
        kept.append(book.keep(replace(run, parts=parts | {"settings": "other"})))
        told = unescape(visitor(NURSE).get(HERE).text)
        assert "Changed since these questions were asked: the settings." in told
    finally:
        for number in kept:
            book.remove(number)
