"""The page in a real browser: what is shown, what is sent where, and what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.web.browser import Visit, expect, follow, settle
from tests.web.stand_in import CARE, CARE_DOCUMENT, HOSTILE_TEXTS, quote_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE_QUESTION = (
    "hostile <b>bold</b> **stars** https://evil.example [a](b) $x$ 1. one &amp; `c`\n  two blanks"
)


def test_a_quote_leads_to_its_place_in_the_document(talk: Visit) -> None:
    reply = talk.ask("What to bring?")
    quote = reply.locator("blockquote")
    start = CARE_DOCUMENT.text.index("Bring a list")
    assert quote.inner_text() == CARE_DOCUMENT.text[start : start + len(quote.inner_text())]
    with talk.page.context.expect_page() as opened:
        reply.get_by_role("link", name="Read it in the document").click()
    document = opened.value
    settle(document)
    assert document.locator("mark").all_inner_texts() == [CARE[4][2], CARE[5][2]]
    mark, band = document.locator("#quote"), document.locator("#band")
    assert document.evaluate("opener") is None
    below_band = mark.bounding_box()["y"] >= band.bounding_box()["height"]  # type: ignore[index]
    assert below_band
    assert mark.bounding_box()["y"] < document.viewport_size["height"]  # type: ignore[index]


def test_every_quote_is_on_the_screen_word_for_word(talk: Visit) -> None:
    reply = talk.ask(HOSTILE_QUESTION)
    assert reply.locator("blockquote").all_inner_texts() == list(HOSTILE_TEXTS)
    assert talk.page.locator("#log .asked .text").inner_text() == HOSTILE_QUESTION
    made_of_text = "script, img, iframe, form, table, code, pre, em, strong, h1, h2, li, details"
    assert reply.locator("blockquote").locator(made_of_text).count() == 0
    hrefs = reply.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert all(href.startswith(("/documents/", "tel:", "sms:")) for href in hrefs)


def test_the_passage_around_a_quote_opens_by_mouse_and_keyboard(talk: Visit) -> None:
    talk.ask("What to bring?")
    talk.page.evaluate("scrollTo(0, 0)")
    for plain in (False, True):
        if plain:
            talk.ask_plainly("What to bring?")
        summary = talk.page.locator(".around summary")
        passage = talk.page.locator(".passage")
        assert not passage.is_visible()
        summary.click()
        assert passage.locator("mark").all_inner_texts() == [CARE[4][2], CARE[5][2]]
        assert passage.locator(".marker").all_inner_texts() == ["1.", "2.", "3."]
        assert passage.locator(".heading").inner_text() == "Before you come"
        assert passage.locator("li .text").last.inner_text() == CARE[6][2]
        summary.press("Enter")
        assert not passage.is_visible()
        summary.press("Space")
        assert passage.is_visible()


def test_what_stands_around_is_on_the_screen_word_for_word(talk: Visit) -> None:
    reply = talk.ask("hostile")
    passages = reply.locator(".passage")
    assert passages.count() == len(HOSTILE_TEXTS)
    for number, text in enumerate(HOSTILE_TEXTS):
        reply.locator("summary").nth(number).click()
        passage = passages.nth(number)
        assert passage.locator("mark").all_inner_texts() == [text]
        shown = passage.locator("p.text").all_inner_texts()
        at = [place for place in range(10) if list(HOSTILE_TEXTS[place:][: len(shown)]) == shown]
        assert len(at) == 1
        made_of_text = "script, img, iframe, form, code, pre, em, strong, h1, h2, details, a"
        assert passage.locator(made_of_text).count() == 0


def opened_to_print(visit: Visit) -> Any:
    with visit.page.context.expect_page() as opened:
        visit.page.get_by_role("button", name="Print or save this answer").last.click()
    settle(opened.value)
    return opened.value


def test_an_answer_is_printed_word_for_word_black_on_white_and_without_buttons(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(color_scheme="dark")
    visit = Visit(context.new_page(), site)
    for plain in (False, True):
        if plain:
            visit.ask_plainly(HOSTILE_QUESTION)
        else:
            visit.ask(HOSTILE_QUESTION)
        printed = opened_to_print(visit)
        assert printed.url == f"{site}/answer"
        assert printed.evaluate("opener") is None
        assert printed.locator("blockquote").all_inner_texts() == list(HOSTILE_TEXTS)
        assert printed.locator("dd.text").inner_text() == HOSTILE_QUESTION
        assert "hostile" not in printed.title()
        button = printed.get_by_role("button", name="Print this page")
        printed.evaluate("window.print = () => { window.asked = true }")
        button.click()
        assert printed.evaluate("window.asked")
        printed.emulate_media(media="print")
        assert not button.is_visible()
        assert not printed.locator(".how").is_visible()
        look = "element => [getComputedStyle(element).position, getComputedStyle(element).color]"
        assert printed.locator("#band").evaluate(look) == ["static", "rgb(0, 0, 0)"]
        assert printed.locator("blockquote").first.evaluate(look)[1] == "rgb(0, 0, 0)"
        background = "getComputedStyle(document.body).backgroundColor"
        assert printed.evaluate(background) == "rgb(255, 255, 255)"
        assert visit.complaints == []
        printed.close()
    context.close()


def test_without_scripts_the_printed_page_says_how_to_print(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/plain")
    page.get_by_label("Your question").fill("side effects")
    follow(page.get_by_role("button", name="Ask"))
    with context.expect_page() as opened:
        page.get_by_role("button", name="Print or save this answer").click()
    printed = opened.value
    settle(printed)
    assert "choose Print in your browser" in printed.locator(".how").inner_text()
    assert not printed.locator(".controls button").is_visible()
    assert printed.locator("blockquote").first.inner_text() == CARE[8][2]
    context.close()


def test_every_quote_is_in_the_viewer_and_on_the_plain_page_word_for_word(anywhere: Visit) -> None:
    anywhere.page.goto(anywhere.site + "/documents/hostile.md")
    assert anywhere.page.locator("article p.text").all_inner_texts() == list(HOSTILE_TEXTS)
    anywhere.ask_plainly(HOSTILE_QUESTION)
    assert anywhere.page.locator("blockquote").all_inner_texts() == list(HOSTILE_TEXTS)
    assert anywhere.page.get_by_label("Your question").input_value() == HOSTILE_QUESTION


def _is_part_of_the_page(url: str) -> bool:
    return url.startswith("data:") or any(
        part in url for part in ("/assets/", "/static/", "/page/")
    )


def test_one_request_a_question_and_the_conversation_stays(talk: Visit) -> None:
    for number, question in enumerate(("side effects", "unknown", "hostile", "hurt myself"), 1):
        before = len(talk.requests)
        talk.ask(question)
        # A font or script of the page may still be on its way; what is counted is what is asked.
        asked = [url for url in talk.requests[before:] if not _is_part_of_the_page(url)]
        assert [url.rpartition("/gradio_api")[2] for url in asked] == ["/run/predict"]
        assert talk.replies.count() == number
    assert talk.page.locator("#log blockquote").nth(0).inner_text() == CARE[8][2]
    texts = talk.replies.nth(2).locator("blockquote").all_inner_texts()
    assert texts == list(HOSTILE_TEXTS)


def test_focus_stays_and_keys_do_what_the_page_says(talk: Visit) -> None:
    talk.box.fill("side")
    talk.box.press("Shift+Enter")
    assert talk.box.input_value() == "side\n"
    assert talk.replies.count() == 0
    talk.ask("side effects")
    assert talk.box.evaluate("box => box === document.activeElement")
    expect(talk.box).to_have_value("")
    assert talk.box.get_attribute("autocomplete") == "off"


def test_examples_ask_and_clear_forgets(talk: Visit) -> None:
    talk.page.get_by_role("button", name="What side effects can it have?").click()
    talk.replies.first.wait_for()
    assert "Most people feel dizzy" in talk.replies.first.inner_text()
    talk.page.get_by_role("button", name="Clear conversation").click()
    expect(talk.page.locator("#log .message-row")).to_have_count(0)


def test_a_new_answer_is_read_from_its_beginning(talk: Visit) -> None:
    talk.ask("hostile")
    talk.ask("side effects")
    # The page is scrolled after the answer is drawn. All of it is measured in one moment.
    talk.page.wait_for_function(
        """() => {
          const asked = [...document.querySelectorAll("#log .user-row")].at(-1);
          const band = document.querySelector("#band").getBoundingClientRect();
          const { y } = asked.getBoundingClientRect();
          return band.y === 0 && band.height <= y && y < band.height + 60;
        }"""
    )


def test_a_crisis_is_announced_and_dials(talk: Visit) -> None:
    alarm = talk.ask("I want to hurt myself").get_by_role("alert")
    assert "please talk to a person" in alarm.inner_text()
    assert alarm.get_by_role("link", name="Text 838255").get_attribute("href") == "sms:838255"
    assert talk.page.get_by_role("log").get_attribute("aria-live") == "polite"


def test_screen_readers_are_not_given_the_messages_source(talk: Visit) -> None:
    talk.ask("side effects")
    labels = talk.page.locator("#log [aria-label]").evaluate_all(
        "found => found.map(element => element.getAttribute('aria-label'))"
    )
    assert not [label for label in labels if "<" in label or "&#" in label]


def test_what_it_is_and_whom_to_call_stand_there_before_the_first_message(visit: Visit) -> None:
    for part in ("automated system", "not medical advice", "no one is watching", "dates of birth"):
        expect(visit.page.locator("body")).to_contain_text(part, use_inner_text=True)
    for path in ("/", "/documents", "/plain"):
        visit.go(path)
        call = visit.page.locator("#band").get_by_role("link", name="Call 911")
        assert call.get_attribute("href") == "tel:911"
        assert call.bounding_box()["y"] < 40  # type: ignore[index]
        assert visit.page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize("width", [320, 390])
def test_narrow_screens_need_no_sideways_scrolling(talk: Visit, width: int) -> None:
    talk.page.set_viewport_size({"width": width, "height": 700})
    talk.ask("hostile")
    talk.ask("I want to hurt myself")
    for path in ("", "/documents", quote_of(CARE_DOCUMENT, CARE[10][2]).url, "/plain", "/api/docs"):
        if path:
            talk.go(path)
        sideways = "document.documentElement.scrollWidth - innerWidth"
        assert talk.page.evaluate(sideways) <= 0, path


def test_without_scripts_the_plain_page_takes_over(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/")
    page.wait_for_url("**/plain")
    page.get_by_label("Your question").fill("side effects")
    follow(page.get_by_role("button", name="Ask"))
    assert page.locator("blockquote").first.inner_text() == CARE[8][2]
    context.close()


@pytest.mark.parametrize("address", ["/", "/plain"])
def test_a_long_text_is_not_cut_but_refused_in_words(anywhere: Visit, address: str) -> None:
    anywhere.page.goto(anywhere.site + address)
    letter = "side effects of it. " * 80
    anywhere.box.fill(letter)
    assert anywhere.box.input_value() == letter
    anywhere.page.get_by_role("button", name="Ask").click()
    expect(anywhere.replies.last).to_contain_text("too long to search for")
