"""Text size, colours, reading aloud and sending feedback, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from tests.web.browser import Visit, follow, settle
from tests.web.stand_in import CARE, CARE_DOCUMENT, CRISIS

sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route

pytestmark = pytest.mark.slow

DARK, LIGHT = "rgb(16, 23, 31)", "rgb(246, 248, 249)"
"""The ground of a page."""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
# Headless Chromium has no voices: these stand in for them, and note what they are given to say.
VOICES = """
    window.said = [];
    window.cancelled = 0;
    window.voices = %s;
    speechSynthesis.getVoices = () => window.voices;
    speechSynthesis.speak = (utterance) => window.said.push(utterance);
    speechSynthesis.cancel = () => { window.cancelled += 1; };
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
NEAR = '{name: "near", lang: "en_US", localService: true}'
BRITISH = '{name: "british", lang: "en-GB", localService: true, default: true}'
FAR = '{name: "far", lang: "en-US", localService: false, default: true}'
FRENCH = '{name: "french", lang: "fr-FR", localService: true}'


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(reduced_motion="reduce")
    yield context
    context.close()


def with_voices(context: BrowserContext, site: str, *voices: str) -> Visit:
    context.add_init_script(VOICES % f"[{', '.join(voices)}]")
    return Visit(context.new_page(), site)


@pytest.fixture(scope="module")
def _speaking_tab(browser: Browser, site: str) -> Iterator[Visit]:
    context = browser.new_context(reduced_motion="reduce")
    yield with_voices(context, site, NEAR)
    context.close()


@pytest.fixture
def speaking(_speaking_tab: Visit) -> Visit:
    """The page of a browser that has a voice, and has said nothing of this conversation yet."""
    _speaking_tab.clear()
    _speaking_tab.page.evaluate("window.said = []")
    set_voices(_speaking_tab.page, NEAR)
    return _speaking_tab


def set_voices(page: Page, *voices: str) -> None:
    page.evaluate(
        f"window.voices = [{', '.join(voices)}];"
        "speechSynthesis.dispatchEvent(new Event('voiceschanged'))"
    )


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def tool(page: Page, name: str) -> Locator:
    return page.locator(".tools").get_by_role("button", name=name, exact=True)


def test_the_browsers_preference_decides_until_something_is_chosen(visit: Visit) -> None:
    page = visit.page
    for scheme, colour, pressed in (("dark", DARK, "Dark"), ("light", LIGHT, "Light")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert ground(page) == colour
        sync_api.expect(tool(page, pressed)).to_have_attribute("aria-pressed", "true")
    tool(page, "Dark").click()
    assert ground(page) == DARK
    page.emulate_media(color_scheme="light")
    page.wait_for_timeout(100)
    assert ground(page) == DARK
    assert "dark" in (page.locator("body").get_attribute("class") or "")
    sync_api.expect(tool(page, "Light")).to_have_attribute("aria-pressed", "false")
    # What Gradio draws itself is dark too, and it stays so when Gradio changes its mind.
    page.evaluate("document.body.classList.remove('dark')")
    page.wait_for_function("document.body.classList.contains('dark')")
    assert visit.complaints == []


@pytest.mark.parametrize(
    ("theme", "colour"),
    [("dark", DARK), pytest.param("light", LIGHT, marks=pytest.mark.nightly)],
)
def test_a_chosen_theme_is_there_before_any_script_of_gradios(
    browser: Browser, site: str, theme: str, colour: str
) -> None:
    other = "light" if theme == "dark" else "dark"
    context = browser.new_context(color_scheme=other)  # type: ignore[arg-type]
    page = context.new_page()
    page.route(re.compile(r"/assets/.*\.js"), lambda route: route.abort())
    page.goto(f"{site}/?theme={theme}")
    assert ground(page) == colour
    page.unroute_all()
    page.goto(f"{site}/?theme={theme}")
    page.get_by_label("Your question").wait_for()
    assert ground(page) == colour
    assert ("dark" in (page.locator("body").get_attribute("class") or "")) == (theme == "dark")
    context.close()


def test_text_grows_by_the_keyboard_and_the_focus_stays(visit: Visit) -> None:
    page = visit.page
    visit.ask("side effects")
    places = [visit.box, visit.replies.locator("blockquote").first, page.locator("#foot a").first,
              page.locator("#intro .what"), page.locator("#band a").first]  # fmt: skip
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    before = [place.evaluate(size) for place in places]
    page.keyboard.press("Tab")
    for _ in range(30):
        if page.evaluate("document.activeElement.value") == "largest":
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    largest = tool(page, "Very large text")
    assert largest.evaluate("button => button === document.activeElement")
    assert largest.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    assert [place.evaluate(size) for place in places] == pytest.approx(
        [1.5 * one for one in before]
    )
    pressed = page.locator(".tools button[name=size]").evaluate_all(
        "buttons => buttons.map(button => button.getAttribute('aria-pressed'))"
    )
    assert pressed == ["false", "false", "true"]
    tool(page, "Normal text").click()
    assert [place.evaluate(size) for place in places] == pytest.approx(before)
    assert visit.complaints == []


def test_tools_are_large_enough_to_touch(speaking: Visit) -> None:
    page = speaking.page
    page.get_by_label("Your question").fill("side effects")
    page.get_by_label("Your question").press("Enter")
    page.get_by_role("button", name="Read aloud").wait_for()
    for path in ("", "/plain"):
        if path:
            speaking.go(path)
        boxes = page.locator(".tool").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])"
        )
        assert len(boxes) >= 5
        assert min(min(box) for box in boxes) >= 44


def test_nothing_is_stored_and_the_choice_goes_along(visit: Visit) -> None:
    page = visit.page
    visit.ask("side effects, I am zebra")
    tool(page, "Large text").click()
    tool(page, "Dark").click()
    kept = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert kept == [0, 0, ""]
    sync_api.expect(page).to_have_url(f"{visit.site}/?size=large&theme=dark")
    visit.ask("side effects")
    hrefs = page.locator("a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(hrefs) >= 5
    assert all("theme=dark" in href and "size=large" in href for href in hrefs)
    with page.context.expect_page() as opened:
        visit.replies.first.locator(".source").first.click()
    document = opened.value
    settle(document)
    assert document.locator("mark").first.inner_text() == CARE[8][2]
    assert ground(document) == DARK
    assert document.evaluate("document.documentElement.dataset.size") == "large"
    page.reload()
    visit.box.wait_for()
    assert ground(page) == DARK
    tool(page, "Normal text").click()
    sync_api.expect(page).to_have_url(f"{visit.site}/?theme=dark")
    assert "size=" not in (page.locator("#foot a").first.get_attribute("href") or "")
    assert "zebra" not in " ".join(visit.requests)


def test_the_tools_work_without_scripts(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme="light")
    page = context.new_page()
    page.goto(f"{site}/plain")
    assert page.get_by_role("button", name="Read aloud").count() == 0
    follow(page.get_by_role("link", name="Dark", exact=True))
    follow(page.get_by_role("link", name="Very large text"))
    page.get_by_label("Your question").fill("side effects")
    follow(page.get_by_role("button", name="Ask"))
    assert page.locator("blockquote").first.inner_text() == CARE[8][2]
    assert page.locator("html").get_attribute("data-theme") == "dark"
    follow(page.get_by_role("button", name="Light", exact=True))
    assert page.locator("blockquote").first.inner_text() == CARE[8][2]
    assert page.locator("html").get_attribute("data-theme") == "light"
    # The page that runs scripts leads back here where none run, with the choice.
    page.get_by_role("link", name="Ask a question").click()
    page.wait_for_url(re.compile("/plain"))
    assert page.locator("html").get_attribute("data-size") == "largest"
    context.close()


@pytest.mark.parametrize("width", [320, 390])
def test_very_large_text_needs_no_sideways_scrolling(speaking: Visit, width: int) -> None:
    page = speaking.page
    page.set_viewport_size({"width": width, "height": 700})
    tool(page, "Very large text").click()
    for question in ("hostile", "I want to hurt myself", "nothing of that"):
        speaking.ask(question)
    assert page.evaluate(SIDEWAYS) <= 0
    for path in ("/documents", "/documents/hostile.md", "/plain", "/api/docs"):
        speaking.go(f"{path}?size=largest")
        assert page.evaluate(SIDEWAYS) <= 0, path


def test_what_is_printed_is_light_and_without_tools(speaking: Visit) -> None:
    reply = speaking.ask("side effects")
    reply.get_by_role("button", name="Read aloud").wait_for()
    tool(speaking.page, "Dark").click()
    speaking.page.emulate_media(media="print")
    assert speaking.page.locator(".tool:visible").count() == 0
    ink = reply.locator("blockquote").first.evaluate("quote => getComputedStyle(quote).color")
    assert ink == "rgb(30, 41, 59)"


def said(page: Page) -> list[tuple[str, str]]:
    found: list[list[str]] = page.evaluate("said.map(one => [one.text, one.voice.name])")
    return [(text, voice) for text, voice in found]


def test_an_answers_quotes_are_read_with_their_titles(speaking: Visit) -> None:
    set_voices(speaking.page, FAR, NEAR, BRITISH)
    reply = speaking.ask("side effects")
    button = reply.get_by_role("button", name="Read aloud")
    button.click()
    assert said(speaking.page) == [
        (f"From {CARE_DOCUMENT.title}:", "british"),
        (CARE[8][2], "british"),
        ("Nausea, 1 in 4 people, Medicine for it is offered", "british"),
    ]
    assert speaking.page.evaluate("said[1].lang") == "en-GB"
    stop = reply.get_by_role("button", name="Stop")
    assert stop.evaluate("button => button === document.activeElement")
    before = speaking.page.evaluate("cancelled")
    stop.click()
    assert speaking.page.evaluate("cancelled") == before + 1
    assert button.count() == 1
    # To the end.
    button.click()
    speaking.page.evaluate("said.at(-2).onend()")
    assert stop.count() == 1
    speaking.page.evaluate("said.at(-1).onend()")
    assert button.count() == 1


def test_a_crisis_is_read_in_short_before_the_quotes(speaking: Visit) -> None:
    speaking.ask("I want to hurt myself").get_by_role("button", name="Read aloud").click()
    assert [text for text, _ in said(speaking.page)] == [
        CRISIS.text.partition("\n")[0],
        f"From {CARE_DOCUMENT.title}:",
        "Wear loose sleeves.",
    ]


def test_a_refusal_and_what_limits_an_answer_are_read(speaking: Visit) -> None:
    speaking.ask("nothing of that").get_by_role("button", name="Read aloud").click()
    speaking.ask("should I take it").get_by_role("button", name="Read aloud").click()
    speaking.ask("Can I drive?").get_by_role("button", name="Read aloud").click()
    texts = [text for text, _ in said(speaking.page)]
    assert texts[0] == "The clinic’s documents do not answer this question."
    assert any(text.startswith("This page cannot advise") for text in texts)
    assert texts[-2:] == [
        "A warning from the same section:",
        "Do not drive until the day after.",
    ]


NO_VOICE = ((), (FAR,), (FRENCH,))


@pytest.mark.parametrize(
    "voices",
    [pytest.param(one, marks=pytest.mark.nightly if one else ()) for one in NO_VOICE],
    ids=["none", "remote", "foreign"],
)
def test_without_a_voice_of_its_own_there_is_no_button(
    context: BrowserContext, site: str, voices: tuple[str, ...]
) -> None:
    visit = with_voices(context, site, *voices)
    visit.ask("side effects")
    visit.page.wait_for_timeout(200)
    assert visit.page.get_by_role("button", name="Read aloud").count() == 0
    # Voices are told of late.
    set_voices(visit.page, NEAR)
    assert visit.page.get_by_role("button", name="Read aloud").count() == 1
    set_voices(visit.page, FAR)
    assert visit.page.get_by_role("button", name="Read aloud").count() == 0


@pytest.mark.parametrize("voices", NO_VOICE, ids=["none", "remote", "foreign"])
def test_a_button_goes_with_the_voice_and_comes_with_it(
    speaking: Visit, voices: tuple[str, ...]
) -> None:
    set_voices(speaking.page, *voices)
    speaking.ask("side effects")
    speaking.page.wait_for_timeout(100)
    button = speaking.page.get_by_role("button", name="Read aloud")
    assert button.count() == 0
    set_voices(speaking.page, NEAR)
    assert button.count() == 1
    set_voices(speaking.page, *voices)
    assert button.count() == 0


def test_a_browser_without_speech_complains_of_nothing(context: BrowserContext, site: str) -> None:
    context.add_init_script("delete window.speechSynthesis; delete window.SpeechSynthesisUtterance")
    visit = Visit(context.new_page(), site)
    visit.ask("side effects")
    assert visit.page.get_by_role("button", name="Read aloud").count() == 0
    assert visit.complaints == []


def test_one_button_an_answer_and_a_new_question_ends_the_reading(speaking: Visit) -> None:
    first = speaking.ask("side effects")
    first.get_by_role("button", name="Read aloud").evaluate("button => { button.mine = true; }")
    for question in ("hurt myself", "unknown", "chest pain"):
        first.get_by_role("button", name="Read aloud").click()
        before = speaking.page.evaluate("cancelled")
        speaking.ask(question)
        assert speaking.page.evaluate("cancelled") > before
        assert speaking.page.get_by_role("button", name="Stop").count() == 0
    assert speaking.page.get_by_role("button", name="Read aloud").count() == 4
    assert first.get_by_role("button", name="Read aloud").evaluate("button => button.mine")
    first.get_by_role("button", name="Read aloud").click()
    before = speaking.page.evaluate("cancelled")
    with speaking.page.expect_response("**/run/predict*"):  # else it empties the next test's log
        speaking.page.get_by_role("button", name="Clear conversation").click()
        assert speaking.page.evaluate("cancelled") > before
    sync_api.expect(speaking.replies).to_have_count(0)
    assert speaking.complaints == []


def test_leaving_ends_the_reading(speaking: Visit) -> None:
    speaking.ask("side effects").get_by_role("button", name="Read aloud").click()
    before = speaking.page.evaluate("cancelled")
    speaking.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert speaking.page.evaluate("cancelled") > before


# What a screen reader is given by the log: texts that are added to it, but for those in a live
# region of their own that is off.
ANNOUNCED = """
    window.announced = new Set();
    const note = (node) => {
        const around = node.nodeType === 1 ? node : node.parentElement;
        const live = around && around.closest("[aria-live]");
        if (!live || live.getAttribute("aria-live") === "off") return;
        if (node.nodeType === 3) window.announced.add(node);
        node.childNodes.forEach(note);
    };
    new MutationObserver((records) => {
        for (const record of records) {
            if (record.target.closest && record.target.closest("[role=log]")) {
                record.addedNodes.forEach(note);
            }
        }
    }).observe(document, { subtree: true, childList: true });
"""


def test_the_log_announces_answers_and_not_their_tools(speaking: Visit) -> None:
    speaking.page.evaluate(ANNOUNCED)
    # What is folded away is not announced.
    shown = "[...announced].filter(node => node.parentElement.checkVisibility())"
    heard = f"{shown}.map(node => node.textContent).join(' ')"
    reply = speaking.ask("side effects")
    reply.get_by_role("button", name="Read aloud").click()
    reply.get_by_role("button", name="Stop").click()
    text = speaking.page.evaluate(heard)
    assert text.count("Most people feel dizzy") == 1
    assert "Read aloud" not in text
    assert "Stop" not in text
    speaking.ask("hurt myself")
    text = speaking.page.evaluate(heard)
    assert text.count("Most people feel dizzy") == 1
    assert text.count("Wear loose sleeves.") == 1


FORM = """<!doctype html><html lang="en"><main id="log">
<form class="feedback" method="post" action="/feedback">
<label><input type="radio" name="verdict" value="wrong"> It was wrong</label>
<label>Note <input name="note"></label>
<button type="submit" name="reason" value="not mine">Send</button></form></main>
<script src="/page/feedback.js" data-thanks="Thank you." data-failed="Not sent."></script></html>"""


@pytest.fixture
def form(context: BrowserContext, site: str) -> Page:
    page = context.new_page()
    page.route("**/own", lambda route: route.fulfill(body=FORM, content_type="text/html"))
    page.goto(site + "/own")
    page.get_by_label("It was wrong").check()
    page.get_by_label("Note").fill("naïve & late\u2019")
    return page


def test_feedback_is_sent_in_the_background_and_thanked_for(form: Page) -> None:
    asked: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route)
        route.fulfill(status=200, json={})

    form.route("**/feedback", answer)
    form.get_by_role("button", name="Send").click()
    thanks = form.get_by_role("status")
    sync_api.expect(thanks).to_have_text("Thank you.")
    assert thanks.evaluate("thanks => thanks === document.activeElement")
    assert form.locator("form").count() == 0
    [route] = asked
    request = route.request
    assert request.method == "POST"
    assert request.headers["accept"] == "application/json"
    assert request.headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert parse_qs(request.post_data or "") == {
        "verdict": ["wrong"],
        "note": ["naïve & late\u2019"],
        "reason": ["not mine"],
    }
    assert form.url.endswith("/own")


@pytest.mark.parametrize("status", [500, 303, 0])
def test_feedback_that_fails_keeps_what_was_typed_and_can_be_sent_again(
    form: Page, status: int
) -> None:
    replies = [status, status, 200]

    def answer(route: Route) -> None:
        now = replies.pop(0)
        if now:
            route.fulfill(status=now, body="", headers={"Location": "/elsewhere"})
        else:
            route.abort()

    form.route("**/feedback", answer)
    for left in (2, 1):
        form.get_by_role("button", name="Send").click()
        sync_api.expect(form.get_by_role("alert")).to_have_text("Not sent.")
        form.wait_for_timeout(100)
        assert len(replies) == left
        assert form.get_by_role("alert").count() == 1
        assert form.get_by_label("Note").input_value() == "naïve & late\u2019"
        assert form.get_by_label("It was wrong").is_checked()
    form.get_by_role("button", name="Send").click()
    sync_api.expect(form.get_by_role("status")).to_have_text("Thank you.")
