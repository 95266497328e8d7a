"""Addresses that lead out of where they begin, and numbers that are none."""

from __future__ import annotations

from tests.attacks.attack import Attack, get
from tests.attacks.clinic import PDF, STAFF_ONLY

__all__ = ["ATTACKS"]

_OUT = (
    *("../qa.toml", "%2e%2e/qa.toml", "..%2fqa.toml", "%252e%252e%252fqa.toml", "%2e%2e%5cqa.toml"),
    *(
        "..\\qa.toml",
        "%c0%ae%c0%ae/qa.toml",
        "..%c0%afqa.toml",
        "..%ef%bc%8fqa.toml",
        "./../qa.toml",
    ),
    *("/etc/passwd", "%2fetc%2fpasswd", "//etc/passwd", "C:%5cwindows%5cwin.ini", "C:/qa.toml"),
    *("file:///etc/passwd", "%00", "x%00.md", "..%00/qa.toml", "....//qa.toml", "..;/qa.toml"),
    *("a%0d%0aX-Evil:%20y", "a%0aSet-Cookie:%20a=b", "%ff%fe", "%ED%A0%80", "~root", "%2e", "%"),
    *("%u002e%u002e/qa.toml", "A" * 300, "A" * 5_000, "a/" * 2_000, "%0a", "%1b[31m", "%e2%80%ae"),
)
_UNDER = (
    *("/documents/", "/api/documents/", "/originals/", "/es/documents/", "/page/", "/assets/"),
    *("/static/", "/svelte/", "/gradio_api/file="),
    f"/pages/{'0' * 32}/1/",
)
_STATIC = ("/page/", "/assets/", "/static/", "/svelte/", "/es/assets/")
_HIDDEN = (STAFF_ONLY, "link.md", "outside.md", "questions.csv", "synonyms.csv", "catalogue.csv")
_SHOWN = ("/documents/", "/api/documents/", "/originals/", "/es/documents/", "/es/originals/")
_NUMBERS = (
    *("-1", "1e3", "0x1", "%D9%A1", "%00", "%20", "", "1.5", "NaN", "+1", "9" * 20),
    *("9" * 10_000, "1%0d%0aX-Evil:%20y", "%ff", "'1'", "<b>", "{{7*7}}", "${7*7}"),
)
_DOCUMENT = "/documents/ketamine-for-ptsd.md"

ATTACKS: tuple[Attack, ...] = (
    *(get(f"{under}{out[:30]} ({len(out)})", f"{under}{out}") for under in _UNDER for out in _OUT),
    *(get(f"{under}{name}", f"{under}{name}") for under in _SHOWN for name in _HIDDEN),
    *(get(f"{under} alone", under) for under in _STATIC),
    get("a Markdown file as it is", "/originals/ketamine-for-ptsd.md"),
    *(get(f"{path}?{name}={number[:20]} ({len(number)})", f"{path}?{name}={number}", 200)
      for number in _NUMBERS
      for path, name in ((_DOCUMENT, "start"), (_DOCUMENT, "end"), (f"/documents/{PDF}", "page"),
                         (f"/api{_DOCUMENT}", "start"))),
    get("offset of 15,000 digits", f"{_DOCUMENT}?start={'9' * 7_500}&end={'9' * 7_500}", 200),
    get("offset of 60,000 digits", f"{_DOCUMENT}?start={'9' * 30_000}&end={'9' * 30_000}", 431),
    get("the end before the start", f"{_DOCUMENT}?start=9&end=3", 200),
    get("hash of 9,999 letters", f"{_DOCUMENT}?start=1&end=9&sha256={'a' * 9_999}", 200),
    *(get(f"page {number} of no document", f"/pages/{'0' * 32}/{number}/{PDF}")
      for number in ("0", "1", "-1", "9999999", "99999999", "x", "%D9%A1")),
)  # fmt: skip
