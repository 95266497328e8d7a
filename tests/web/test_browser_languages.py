"""The page in Spanish, and from right to left, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.settings import load_settings
from qa.web.application import create_app
from qa.web.origin import LOCAL_HOSTS
from qa.web.server import pages_of
from qa.web.types import Page
from qa.wording import Wording, load_wording
from tests.test_wording import arabic
from tests.web.browser import LAN_NAME, chromium, follow, launched, settle
from tests.web.serving import serving
from tests.web.spoken import Spoken
from tests.web.test_accessibility import AXE, SIDEWAYS, axe_source

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator
    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.slow

SETTINGS = load_settings(config=Path(__file__).parents[2] / "qa.toml")
WIDTHS = (390, pytest.param(1280, marks=pytest.mark.nightly))
ENGLISH, SPANISH = load_wording("en"), load_wording("es")
ARABIC_TEXTS = {
    "safety.call": "اتصل بالرقم {number}",
    "safety.text": "أرسل رسالة نصية إلى {number}",
    "safety.text_word": "أرسل {word} إلى {number}",
    "safety.or": "أو",
    "safety.emergency_name": "الطوارئ",
    "safety.poison_name": "خط السموم",
    "band.lead": "هل تحتاج إلى مساعدة الآن؟",
    "page.scope": "تجيب هذه الصفحة بمقاطع من وثائقنا كلمة بكلمة.",
    "answer.lead": "تقول وثائق العيادة كلمة بكلمة:",
    "chat.label": "سؤالك",
    "chat.ask": "اسأل",
    "safety.advice_phone": "لا تستطيع هذه الصفحة تقديم المشورة. اسأل طبيبك ({phone}).",
}


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:
    """Opened after the site is made, which cannot be done while Playwright runs its loop."""
    with launched(chromium()) as browser:
        yield browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The shipped pages, English and Spanish, and one in Arabic."""
    loaded = load_wording("ar", arabic(tmp_path_factory.mktemp("wording")))
    rtl = Wording("ar", {**loaded.texts, **ARABIC_TEXTS})
    pages = [
        *pages_of(SETTINGS, ("What is ketamine?",), "en"),
        Page(rtl, "/ar", title="اسأل وثائقنا"),
    ]
    lines = tuple(
        replace(line, call="13 11 14" if line.call == "988" else line.call)
        for line in SETTINGS.safety_texts().lines
    )
    texts = replace(SETTINGS.safety_texts(), clinic_phone="+1 (202) 224-3121", lines=lines)
    assistant = Spoken(texts, [page.wording for page in pages])
    hosts = (*LOCAL_HOSTS, LAN_NAME)
    with serving(create_app(assistant, pages=pages, allowed_hosts=hosts)) as address:
        yield address


def opened(browser: Browser, locale: str, width: int = 1280) -> Iterator[Tab]:
    context = browser.new_context(
        locale=locale, reduced_motion="reduce", viewport={"width": width, "height": 900}
    )
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def spanish_tab(browser: Browser, site: str) -> Iterator[Tab]:
    yield from opened(browser, "es-MX")


@pytest.fixture
def spanish(spanish_tab: Tab, site: str) -> Tab:
    spanish_tab.goto(site + "/")
    spanish_tab.get_by_label(SPANISH("chat.label")).wait_for()
    return spanish_tab


def ask(tab: Tab, question: str) -> Locator:
    replies = tab.locator("#log .reply")
    before = replies.count()
    box = tab.locator("textarea")
    box.fill(question)
    box.press("Enter")
    replies.nth(before).wait_for()
    return replies.nth(before)


def test_a_spanish_browser_is_led_to_spanish_and_back_by_choice(spanish: Tab, site: str) -> None:
    assert spanish.url == site + "/es/"
    assert spanish.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        "es",
        "ltr",
    ]
    spanish.get_by_role("link", name="English").click()
    spanish.get_by_label(ENGLISH("chat.label")).wait_for()
    assert spanish.url == site + "/"
    spanish.reload()
    spanish.get_by_label(ENGLISH("chat.label")).wait_for()
    assert spanish.url == site + "/"


def test_the_choice_holds_and_questions_are_answered_where_browsers_tell_less(
    browser: Browser, site: str
) -> None:
    """Without HTTPS, under a name, they send no Sec-Fetch-Site."""
    site = site.replace("127.0.0.1", LAN_NAME)
    for tab in opened(browser, "es-MX"):
        tab.goto(site + "/")
        tab.get_by_label(SPANISH("chat.label")).wait_for()
        assert tab.url == site + "/es/"
        tab.locator("#foot a[hreflang=en]:not([rel])").click()
        tab.get_by_label(ENGLISH("chat.label")).wait_for()
        assert tab.url == site + "/"
        tab.goto(site + "/es/plain")
        tab.locator("main textarea").fill("side effects")
        follow(tab.get_by_role("button", name=SPANISH("chat.ask")))
        tab.locator("#log .reply").wait_for()


def test_that_documents_are_in_english_is_said_before_the_input(spanish: Tab, site: str) -> None:
    for path in ("/es/", "/es/plain"):
        spanish.goto(site + path)
        box = spanish.get_by_label(SPANISH("chat.label"))
        said = spanish.get_by_text("Los documentos están en inglés.")
        box.wait_for()
        said.wait_for()
        settle(spanish)
        assert said.bounding_box()["y"] < box.bounding_box()["y"]  # type: ignore[index]


def test_answer_refusal_and_crisis_are_in_spanish(spanish: Tab) -> None:
    answer = ask(spanish, "side effects")
    assert answer.locator(".lead").inner_text() == SPANISH("answer.lead")
    assert answer.locator("blockquote").first.get_attribute("lang") == "en"
    refusal = ask(spanish, "¿Dónde puedo estacionar?").inner_text()
    assert "Los documentos están en inglés" in refusal
    assert "pregunte a su equipo médico" in refusal
    alarm = ask(spanish, "I want to hurt myself").get_by_role("alert")
    assert "por favor hable ahora con una persona" in alarm.inner_text()
    veterans = alarm.get_by_role("link", name="Llame al 988 y oprima 1")
    assert {link.get_attribute("href") for link in veterans.all()} == {"tel:988"}
    word = alarm.get_by_role("link", name="Envíe AYUDA al 988")
    assert word.first.get_attribute("href") == "sms:988?body=AYUDA"
    assert "Lifeline" not in alarm.inner_text()


@pytest.mark.parametrize("path", ["/es/", pytest.param("/ar/", marks=pytest.mark.nightly)])
@pytest.mark.parametrize("width", WIDTHS)
def test_other_languages_are_in_nobodys_way_either(
    browser: Browser, site: str, path: str, width: int
) -> None:
    for tab in opened(browser, "es", width):
        tab.goto(site + path)
        tab.locator("#question textarea").wait_for()
        settle(tab)
        for question in ("side effects", "unknown", "I want to hurt myself"):
            ask(tab, question)
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        tab.evaluate(axe_source())
        assert tab.evaluate(AXE) == []
        assert tab.evaluate(SIDEWAYS) <= 0


def test_suggestions_are_named_in_the_documents_language(spanish: Tab) -> None:
    examples = spanish.locator("#examples")
    examples.get_by_role("button", name="What is ketamine?").wait_for()
    assert examples.get_attribute("lang") == "en"


VISIBLE = """() => {
  const foreign = element => element.closest("[lang]:not([lang=es]), .asked, script, style");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const said = [];
  while (walker.nextNode()) {
    const { parentElement: at, textContent: text } = walker.currentNode;
    if (text.trim() && !foreign(at) && at.checkVisibility()) said.push(text.trim());
  }
  for (const at of document.body.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
    if (foreign(at) || !at.checkVisibility()) continue;
    for (const name of ["aria-label", "placeholder", "title", "alt"]) {
      if (at.getAttribute(name)) said.push(at.getAttribute(name));
    }
  }
  return [...said, document.title];
}"""
ENGLISH_WORDS = re.compile(
    r"\b(the|this|that|and|or|of|is|are|to|you|your|please|call|text|with|not|loading|message|copy"
    r"|submit|clear|chatbot|user|error|page|document|documents|question|version|reviewed)\b",
    re.IGNORECASE,
)


def english_left(tab: Tab) -> list[str]:
    """What is shown or read aloud in English, but for documents and what the visitor typed."""
    said: list[str] = tab.evaluate(VISIBLE)
    assert len(said) > 10
    return [text for text in said if ENGLISH_WORDS.search(text)]


def test_no_english_is_left_but_that_of_documents(spanish: Tab, site: str) -> None:
    for question in (
        "side effects",
        "drive",
        "should I",
        "¿Y qué?",
        "hurt myself",
        "chest pain",
        " ",
    ):
        ask(spanish, question)
    ask(spanish, "fail")
    assert english_left(spanish) == []
    for path in ("/es/plain", "/es/documents", "/es/documents/hostile.md", "/es/documents/none"):
        spanish.goto(site + path)
        assert english_left(spanish) == [], path


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_from_right_to_left(browser: Browser, site: str, width: int) -> None:
    for tab in opened(browser, "ar-EG", width):
        tab.goto(site + "/")
        tab.locator("textarea").wait_for()
        assert tab.url == site + "/ar/"
        answer = ask(tab, "side effects")
        assert sideways(tab) <= 0
        bar = answer.locator("blockquote").first
        assert styles(bar, "borderRightWidth", "borderLeftWidth") == ["4px", "0px"]
        words = bar.locator(".words")
        assert styles(words, "direction", "textAlign") == ["ltr", "start"]
        alarm = ask(tab, "hurt myself").get_by_role("alert")
        assert sideways(tab) <= 0
        numbers = [
            *alarm.locator("bdi[dir=ltr]", has_text="13 11 14").all(),
            tab.locator(".phone bdi").first,
        ]
        assert all(in_order(number) for number in numbers)
        advice = ask(tab, "should I").locator(".advice bdi")
        assert in_order(advice)
        for path in ("plain", "documents", "documents/leaflets/ketamine care.md"):
            tab.goto(f"{site}/ar/{path}")
            settle(tab)
            assert sideways(tab) <= 0, path
            assert styles(tab.locator("html"), "direction") == ["rtl"]


def sideways(tab: Tab) -> int:
    """By how many pixels the page is too wide."""
    return int(tab.evaluate("document.documentElement.scrollWidth - innerWidth"))


def styles(at: Locator, *names: str) -> list[str]:
    found: list[str] = at.evaluate(
        "(at, names) => names.map(name => getComputedStyle(at)[name])", list(names)
    )
    return found


def in_order(at: Locator) -> bool:
    """Whether the first character stands left of the last one, on one line."""
    found: bool = at.evaluate(
        """at => {
          const text = document.createTreeWalker(at, NodeFilter.SHOW_TEXT).nextNode();
          const place = (start, end) => {
            const range = document.createRange();
            range.setStart(text, start);
            range.setEnd(text, end);
            return range.getBoundingClientRect();
          };
          const [first, last] = [place(0, 1), place(text.length - 1, text.length)];
          return text.length > 1 && (first.left < last.left || first.top < last.top);
        }"""
    )
    return found
