"""What a patient waits for: the real server, index and model, asked with a real Chromium.

    python tests/benchmarks/page.py     40 golden questions, and the page opened cold 10 times

An answer counts as painted two animation frames after its first quote stands in the page. The time
is this machine's; what else runs on it counts too.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from qa.golden import read_golden  # noqa: E402
from qa.index import build  # noqa: E402
from tests.bundled import bundled_embedder  # noqa: E402
from tests.web.browser import chromium, launched  # noqa: E402
from tests.web.real_server import RealServer, ask_chat  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTIONS = 40
CONVERSATION = 5
"""Questions on one page; those before travel along with each new one."""
VISITS = 10
QUOTE_TARGET_MS = 150
USABLE_TARGET_MS = 1_500
LOOK = """() => {
  window.times = {};
  const quotes = () => document.querySelectorAll("#log blockquote").length;
  const replies = () => document.querySelectorAll("#log .reply").length;
  document.addEventListener("keydown", event => {
    if (event.key !== "Enter") return;
    window.times = {pressed: performance.now(), before: replies(), quotes: quotes()};
  }, true);
  new MutationObserver(() => {
    const times = window.times;
    if (!times.pressed || times.there || replies() <= times.before) return;
    times.there = performance.now();
    times.quoted = quotes() > times.quotes;
    const painted = () => { times.painted = performance.now(); };
    requestAnimationFrame(() => requestAnimationFrame(painted));
  }).observe(document.getElementById("log"), {childList: true, subtree: true});
}"""
TOOK = """() => {
  const [last] = performance.getEntriesByType("resource")
    .filter(one => one.name.endsWith("/run/predict")).slice(-1);
  const {pressed, there, painted, quoted} = window.times;
  return {quoted, whole: painted - pressed, sending: last.requestStart - pressed,
    server: last.responseStart - last.requestStart,
    receiving: last.responseEnd - last.responseStart,
    drawing: there - last.responseEnd, painting: painted - there};
}"""
USABLE = """() => {
  const look = () => {
    const box = document.querySelector("#question textarea");
    if (box && !box.disabled && box.checkVisibility()) {
      const focused = document.activeElement;
      box.focus();
      if (document.activeElement === box) { window.usable = performance.now(); return; }
      if (focused) focused.focus();
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def main() -> None:
    """Builds, serves, asks, prints."""
    with tempfile.TemporaryDirectory() as folder:
        build(ROOT / "corpus", Path(folder) / "index", bundled_embedder())
        clinic = RealServer(Path(folder) / "clinic", Path(folder) / "index")
        with clinic as server, launched(chromium()) as browser:
            print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            _open_cold(browser, server.url)
            _ask(browser, server.url)


def _open_cold(browser: Browser, url: str) -> None:
    usable: list[float] = []
    for number in range(VISITS + 1):
        context = browser.new_context()
        page = context.new_page()
        page.add_init_script(f"({USABLE})()")
        sizes, requests = _weigh(page)
        page.goto(url, wait_until="networkidle")
        page.wait_for_function("() => window.usable > 0")
        if number:  # the first one finds the server's own caches cold, too
            usable.append(page.evaluate("window.usable"))
        context.close()
    print(f"page: {len(requests)} requests, {sum(sizes) / 1024:.0f} KiB")
    _row("page usable", usable, f"target {USABLE_TARGET_MS} ms")


def _weigh(page: Page) -> tuple[list[float], list[str]]:
    """Bytes over the network and addresses, filled while the page loads."""
    sizes: list[float] = []
    requests: list[str] = []
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    tools.on("Network.requestWillBeSent", lambda event: requests.append(event["request"]["url"]))
    return sizes, requests


def _ask(browser: Browser, url: str) -> None:
    golden = [one.question for one in read_golden(ROOT / "corpus" / "questions.csv")
              if one.expect == "quote"]  # fmt: skip
    page = browser.new_context().new_page()
    found: list[dict[str, Any]] = []
    asked: list[str] = []
    with httpx.Client(base_url=url, timeout=60) as client:
        ask_chat(client, golden[-1])  # the first question of all finds things cold
    for question in golden:
        if len(found) == QUESTIONS:
            break
        if len(asked) % CONVERSATION == 0:
            page.goto(url, wait_until="networkidle")
            page.evaluate(LOOK)
        page.fill("#question textarea", question)
        page.press("#question textarea", "Enter")
        page.wait_for_function("() => window.times.painted > 0")
        times = page.evaluate(TOOK)
        if times["quoted"]:
            found.append(times)
        asked.append(question)
    print(f"\n{len(found)} questions answered with quotes, of {len(asked)} asked")
    _row("Enter to quote painted", [one["whole"] for one in found], f"target {QUOTE_TARGET_MS} ms")
    for part, name in [
        ("sending", "  key press to request"),
        ("server", "  request to response"),
        ("receiving", "  response received"),
        ("drawing", "  quote in the page"),
        ("painting", "  quote painted"),
    ]:
        _row(name, [one[part] for one in found])
    _alone(url, asked)


def _alone(url: str, questions: list[str]) -> None:
    """The server without a browser: the engine's own account, and both routes from outside."""
    engine, api, chat = [], [], []
    with httpx.Client(base_url=url, timeout=60) as client:
        for question in questions[:QUESTIONS]:
            began = time.perf_counter()
            answer = client.post("/api/ask", json={"question": question}).json()
            api.append((time.perf_counter() - began) * 1000)
            engine.append(answer["took_ms"])
            response = ask_chat(client, question)
            chat.append(response.elapsed.total_seconds() * 1000)
    print("\nthe same questions without a browser")
    _row("  engine (took_ms)", engine)
    _row("  /api/ask", api)
    _row("  the chat's route", chat)


def _row(name: str, times: list[float], remark: str = "") -> None:
    """Median and 90th percentile in milliseconds."""
    ninth = statistics.quantiles(times, n=10)[8]
    middle = statistics.median(times)
    print(f"{name:<26}median {middle:7.1f} ms   p90 {ninth:7.1f} ms   {remark}".rstrip())


if __name__ == "__main__":
    main()
