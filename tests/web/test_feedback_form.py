"""The form below an answer: who is asked, what it hands on, and what becomes of it in a browser."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from qa.feedback import REASONS, Place, Verdict, read_feedback
from qa.store import Store
from qa.web.application import create_app
from qa.web.pages import Pages
from qa.web.render import render_answer
from qa.web.types import Page
from tests.web.browser import Visit, chromium, follow, launched
from tests.web.serving import serving
from tests.web.stand_in import CARE_DOCUMENT, CRISIS, StandIn, book_of, span_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

ASSISTANT = StandIn()


def shown(question: str, **page: object) -> str:
    pages = Pages(ASSISTANT, Page.of(**{"feedback": True, **page}))
    return html.unescape(render_answer(ASSISTANT.ask(question), ASSISTANT, pages))


@pytest.mark.parametrize("question", ["side effects", "drive?", "unknown", "should I take it"])
def test_whoever_got_an_answer_or_a_refusal_is_asked(question: str) -> None:
    assert '<form class="feedback" method="post" action="/feedback">' in shown(question)
    assert "feedback" not in shown(question, feedback=False)


@pytest.mark.parametrize("question", ["I want to hurt myself", "chest pain", "", "x" * 1_001])
def test_whoever_is_in_danger_or_asked_nothing_is_not_asked(question: str) -> None:
    assert "feedback" not in shown(question)


def test_the_question_goes_along_only_where_questions_are_kept() -> None:
    field = '<input type="hidden" name="question" value="side effects">'
    told, silent = shown("side effects", logged_days=30), shown("side effects")
    assert field in told
    assert "and your question." in told
    assert field not in silent.split('class="feedback"')[1]
    assert "Your question is not." in silent


def test_every_reason_has_its_words() -> None:
    told = shown("side effects")
    for reason in REASONS:
        assert f'<option value="{reason}">' in told


def test_patients_are_told_where_questions_are_kept() -> None:
    def intro(days: int) -> str:
        pages = Pages(ASSISTANT, Page.of(logged_days=days))
        return html.unescape(pages.fragment("intro.html"))

    assert "This clinic keeps questions for 14 days" in intro(14)
    assert "keeps questions" not in intro(0)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("kept") / "records.sqlite3", keep_days=30)


@pytest.fixture(scope="module")
def site(store: Store) -> Iterator[str]:
    with serving(create_app(StandIn(), feedback=book_of(store, str.upper))) as address:
        yield address


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:
    with launched(chromium()) as browser:
        yield browser


def filled(visit: Visit, verdict: str, note: str = "from 2019, zebra") -> None:
    """Opens the last answer's form, fills it in and sends it."""
    box = visit.page.locator("#log details.told").last
    box.locator("summary").click()
    box.get_by_label(verdict).check()
    box.get_by_label("Why?").select_option(label="It is out of date")
    box.get_by_label("In your own words").fill(note)
    box.get_by_role("button", name="Send").click()


def test_feedback_is_kept_and_thanked_for_in_the_conversation(visit: Visit, store: Store) -> None:
    store.purge(everything=True)
    visit.ask("side effects")
    visit.ask("drive?")
    filled(visit, "It was wrong")
    visit.page.get_by_role("status").filter(has_text="Thank you").wait_for()
    assert visit.replies.count() == 2
    assert visit.page.locator("#log form.feedback").count() == 1
    [kept] = read_feedback(store)
    assert (kept.verdict, kept.reason, kept.note) == (
        Verdict.WAS_WRONG,
        "out_of_date",
        "FROM 2019, ZEBRA",
    )
    assert (kept.question, kept.kind, kept.refusal) == ("", "answer", "")
    assert kept.generation == StandIn.generation
    assert kept.places[0] == Place(
        CARE_DOCUMENT.id, *span_of(CARE_DOCUMENT, "Somebody must take you home.")
    )
    visit.ask("side effects again")
    assert visit.replies.count() == 3


def test_help_goes_before_the_thanks_in_the_conversation(visit: Visit, store: Store) -> None:
    store.purge(everything=True)
    visit.ask("side effects")
    filled(visit, "It was wrong", "I will hurt myself")
    visit.page.get_by_role("status").filter(has_text="Thank you").wait_for()
    alarm = visit.page.locator("#log").get_by_role("alert")
    first, *_, last = CRISIS.text.split("\n")
    assert alarm.locator(".text").first.inner_text() == first
    assert alarm.inner_text().endswith(last)
    assert "Lifeline: call 988 or text 988\nIf there is danger" in alarm.inner_text()
    links = alarm.get_by_role("link").evaluate_all("all => all.map(one => one.href)")
    assert links == ["tel:911", "tel:988", "sms:988", "tel:988", "sms:838255", "tel:18002221222"]
    assert alarm.evaluate("alarm => alarm === document.activeElement")
    place = "alarm => alarm.compareDocumentPosition(document.querySelector('#log .feedback-said'))"
    assert alarm.evaluate(place) == 4  # the thanks follow it
    [kept] = read_feedback(store)
    assert kept.note == ""


def test_what_is_refused_is_complained_of_with_help_only_where_danger_is(
    visit: Visit, store: Store
) -> None:
    store.purge(everything=True)
    visit.ask("side effects")
    spoil = "document.querySelector('#log form.feedback [name=generation]').value = '\u00fc'"
    visit.page.evaluate(spoil)
    filled(visit, "It was wrong")
    said = visit.page.locator("#log .feedback-said")
    said.wait_for()
    assert visit.page.locator("#log .alarm").count() == 0
    box = visit.page.locator("#log details.told")
    box.get_by_label("In your own words").fill("I will hurt myself")
    box.get_by_role("button", name="Send").click()
    alarm = visit.page.locator("#log .alarm")
    alarm.wait_for()
    assert alarm.get_by_role("link", name="Call 911").first.is_visible()
    assert said.count() == 1
    assert read_feedback(store) == []
    visit.wait_for_complaints(2)
    assert len(visit.complaints) == 2  # of the browser itself: both were answered with 422
    assert all("422" in one for one in visit.complaints)
    visit.complaints.clear()


def test_without_scripts_the_page_shows_help_before_it_thanks(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    visit = context.new_page()
    visit.goto(site + "/plain")
    visit.locator("main textarea").fill("unknown")
    follow(visit.get_by_role("button", name="Ask"))
    visit.locator("details.told summary").click()
    visit.get_by_label("No, it did not help").check()
    visit.get_by_label("In your own words").fill("I will hurt myself")
    follow(visit.get_by_role("button", name="Send"))
    alarm = visit.get_by_role("alert")
    thanks = visit.get_by_role("heading", name="Thank you")
    assert alarm.get_by_role("link", name="Call 911").first.is_visible()
    assert alarm.bounding_box()["y"] < thanks.bounding_box()["y"]  # type: ignore[index]
    context.close()


def test_without_scripts_a_page_thanks(browser: Browser, site: str, store: Store) -> None:
    store.purge(everything=True)
    context = browser.new_context(java_script_enabled=False)
    visit = context.new_page()
    visit.goto(site + "/plain")
    visit.locator("main textarea").fill("unknown")
    follow(visit.get_by_role("button", name="Ask"))
    visit.locator("details.told summary").click()
    visit.get_by_label("No, it did not help").check()
    visit.get_by_role("button", name="Send").click()
    visit.wait_for_url("**/feedback/thanks*")
    assert visit.get_by_role("heading", name="Thank you").is_visible()
    [kept] = read_feedback(store)
    assert (kept.verdict, kept.refusal) == (Verdict.DID_NOT_HELP, "not_answered")
    context.close()
