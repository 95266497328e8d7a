"""The whole page by keyboard only, and what people hear who listen to it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.browser import Visit, expect, settle
from tests.web.stand_in import CARE

pytestmark = pytest.mark.slow

FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body || one === document.documentElement) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const band = document.getElementById("band");
  const inside = part => one.closest(part) !== null;
  // Only what is higher than the screen may begin under the band.
  const under = band.getBoundingClientRect().bottom;
  const ground = getComputedStyle(document.body).backgroundColor;
  return {
    part: [
      "#band", "#intro", "#examples", "#log", "#question", "#actions", "#foot", ".foot", "main",
    ].find(inside) || "elsewhere",
    name: (one.getAttribute("aria-label")
      || [...(one.labels || [])].map(label => label.textContent).join() || one.textContent).trim(),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      && style.outlineColor !== ground,
    on_screen: box.bottom > 0 && box.top < innerHeight,
    free: inside("#band") || getComputedStyle(band).position !== "sticky"
      || box.top >= under - 1 || (box.height > innerHeight - under && box.bottom > under + 24),
  };
}"""
PAGED = "/documents/leaflets/eye%20visit.pdf?page=2"
PARTS = ["#band", "#intro", "#examples", "#log", "#question", "#actions", "#foot"]
"""In the order in which the Tab key reaches them; each may hold several stops."""
MOST_STOPS = 120
WATCH = """() => {
  window.heard = [];
  const log = document.querySelector("#log [role=log]");
  new MutationObserver(changes => {
    for (const change of changes)
      for (const added of change.addedNodes)
        if (added.nodeType === 1)
          for (const reply of [added, ...added.querySelectorAll("*")])
            if (reply.matches(".reply")) window.heard.push(reply.textContent);
  }).observe(log, {childList: true, subtree: true});
}"""
SOURCE_LABELS = """() => {
  window.sources = [];
  const look = () => {
    for (const one of document.querySelectorAll("[aria-label]")) {
      const label = one.getAttribute("aria-label");
      if (label.includes("<") || label.includes("&#")) window.sources.push(label);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
MOVING = """() => {
  const still = time => time.split(",").every(part => parseFloat(part) <= 0.001);
  // One of a thousandth of a second runs until the next frame is drawn, whenever that is.
  const lasts = one => one.effect.getComputedTiming().endTime > 1;
  const found = document.getAnimations().filter(one => one.playState === "running" && lasts(one))
    .map(one => "runs: " + (one.animationName || one.transitionProperty));
  for (const one of document.querySelectorAll("*")) {
    const style = getComputedStyle(one);
    const name = one.tagName + "#" + one.id + "." + one.className;
    if (style.scrollBehavior === "smooth") found.push("scrolls smoothly: " + name);
    if (!still(style.transitionDuration)) found.push("transition: " + name);
    if (style.animationName !== "none" && !still(style.animationDuration))
      found.push("animation: " + name);
  }
  return [...new Set(found)];
}"""


def stops(visit: Visit, key: str = "Tab") -> list[dict[str, Any]]:
    """What the key reaches from the page's beginning (or end) until it leaves the page."""
    found: list[dict[str, Any]] = []
    for _ in range(MOST_STOPS):
        visit.page.keyboard.press(key)
        focused = visit.page.evaluate(FOCUSED)
        if focused is None:
            return found
        found.append(focused)
    pytest.fail(f"{key} never leaves the page: {found[-3:]}")


def to(visit: Visit, part: str, name: str = "") -> None:
    """Presses Tab until something of that part and name is focused."""
    for _ in range(MOST_STOPS):
        visit.page.keyboard.press("Tab")
        focused = visit.page.evaluate(FOCUSED)
        if focused and focused["part"] == part and name in focused["name"]:
            return
    pytest.fail(f"Tab does not reach {name!r} in {part}")


def in_order(found: list[dict[str, Any]]) -> list[str]:
    """The parts as they follow one another."""
    parts = [stop["part"] for stop in found]
    return [part for i, part in enumerate(parts) if i == 0 or part != parts[i - 1]]


@pytest.mark.parametrize(
    ("width", "theme"),
    [
        (1280, "light"),
        (390, "dark"),
        pytest.param(1280, "dark", marks=pytest.mark.nightly),
        pytest.param(390, "light", marks=pytest.mark.nightly),
    ],
)
def test_tab_goes_through_the_page_in_order_and_every_focus_is_seen(
    newcomer: Visit, width: int, theme: Any
) -> None:
    newcomer.page.emulate_media(color_scheme=theme)
    newcomer.page.set_viewport_size({"width": width, "height": 844})
    for question in ("side effects", "something related", "I want to hurt myself"):
        newcomer.ask(question)
    newcomer.page.reload()  # the conversation is gone, and with it where the focus was
    newcomer.box.wait_for()
    settle(newcomer.page)
    assert in_order(stops(newcomer)) == [part for part in PARTS if part != "#log"]
    for question in ("side effects", "something related", "I want to hurt myself"):
        newcomer.ask(question)
    to_the_end = stops(newcomer)
    whole = stops(newcomer)
    assert in_order(whole) == PARTS
    assert len(whole) > len(to_the_end)
    for stop in [*to_the_end, *whole]:
        assert stop["name"], stop
        assert stop["outlined"], stop
        assert stop["on_screen"], stop
        assert stop["free"], stop
    backwards = stops(newcomer, "Shift+Tab")
    assert [stop["name"] for stop in backwards] == [stop["name"] for stop in whole][::-1]
    assert [stop for stop in backwards if not (stop["free"] and stop["on_screen"])] == []


@pytest.mark.parametrize(
    "path",
    ["/plain", "/documents", "/documents/hostile.md", PAGED, "/api/docs"],
)
def test_tab_goes_through_every_other_page(anywhere: Visit, path: str) -> None:
    anywhere.page.set_viewport_size({"width": 390, "height": 844})
    anywhere.go(path)
    found = stops(anywhere)
    assert in_order(found)[0] == "#band"
    assert in_order(found)[-1] == ".foot"
    for stop in found:
        assert stop["outlined"], stop
        assert stop["free"], stop


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_an_example_is_asked_with_a_key(visit: Visit, key: str) -> None:
    to(visit, "#examples")
    visit.page.keyboard.press(key)
    expect(visit.replies.first).to_contain_text(CARE[8][2])


def test_a_question_is_typed_sent_read_and_cleared_without_a_mouse(talk: Visit) -> None:
    keyboard = talk.page.keyboard
    to(talk, "#question")
    keyboard.type("side")
    keyboard.press("Shift+Enter")
    keyboard.type("effects side effect")
    assert talk.box.input_value() == "side\neffects side effect"
    assert talk.replies.count() == 0
    keyboard.press("Enter")
    talk.replies.first.wait_for()
    assert talk.box.evaluate("box => box === document.activeElement")
    to(talk, "#log", "Read it in the document")
    with talk.page.context.expect_page() as opened:
        keyboard.press("Enter")
    settle(opened.value)
    assert opened.value.locator("mark").first.inner_text() == CARE[8][2]
    opened.value.close()
    to(talk, "#actions", talk.page.locator("#clear").inner_text())
    keyboard.press("Enter")
    expect(talk.page.locator("#log .message-row")).to_have_count(0)
    assert talk.page.evaluate("document.activeElement.id") == "clear"
    to(talk, "#question")
    keyboard.type("drive")
    to(talk, "#actions", talk.page.locator("#ask").inner_text())
    keyboard.press("Space")
    talk.replies.first.wait_for()
    assert talk.page.evaluate("document.activeElement.id") == "ask"


def test_a_new_answer_is_announced_once_and_a_crisis_at_once(talk: Visit) -> None:
    log = talk.page.locator("#log [role=log]")
    assert log.count() == 1
    assert log.get_attribute("aria-live") == "polite"
    talk.ask("drive")
    talk.page.evaluate(WATCH)
    for number, question in enumerate(("side effects", "something unknown", "hurt myself"), 1):
        talk.ask(question)
        talk.page.wait_for_timeout(200)  # for what would be announced a second time
        heard = talk.page.evaluate("window.heard")
        assert len(heard) == number, "each answer is added once, and none before it anew"
        assert talk.box.evaluate("box => box === document.activeElement")
    alerts = talk.page.get_by_role("alert")
    assert alerts.count() == 1
    assert talk.page.locator("#log .reply").last.get_by_role("alert").count() == 1
    # A live region within another is read twice; an alert is one on purpose, and only in a crisis.
    nested = "#log [role=log] :is([aria-live], [role=status], [role=log])"
    assert talk.page.locator(nested).count() == 0
    around = "xpath=//*[@id='log']//*[@role='log']/ancestor::*[@aria-live or @role='status']"
    assert talk.page.locator(around).count() == 0


def test_no_label_is_a_messages_source_at_any_moment(talk: Visit) -> None:
    talk.page.evaluate(SOURCE_LABELS)
    for question in ("side effects", "hostile <b>&#60;</b>", "I want to hurt myself"):
        talk.ask(question)
    talk.page.wait_for_timeout(200)
    assert talk.page.evaluate("window.sources") == []


def test_nothing_moves_for_those_who_asked_for_less_motion(talk: Visit) -> None:
    assert talk.page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    for question in ("side effects", "I want to hurt myself"):
        talk.ask(question)
    assert talk.page.evaluate(MOVING) == []
    for path in ("/plain", "/documents", "/api/docs"):
        talk.go(path)
        assert talk.page.evaluate(MOVING) == []
