"""What another site has a browser send: forms, events, log-ins, and addresses that lead away."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from tests.attacks.attack import MARK, Attack, get
from tests.attacks.clinic import PASSWORD
from tests.attacks.wire import Request

__all__ = ["ATTACKS", "FOREIGN"]

FOREIGN: tuple[tuple[tuple[str, str], ...], ...] = (
    (("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")),
    (("Sec-Fetch-Site", "same-site"), ("Origin", "http://sub.127.0.0.1")),
    (("Origin", "null"),),
    (("Origin", "http://127.0.0.1.evil.example"),),
)
"""What browsers say of a page elsewhere; old ones do not say all of it."""
_FORM = urlencode({"question": MARK, "verdict": "helped", "note": MARK}).encode()
_PARTS = (
    f'--x\r\nContent-Disposition: form-data; name="question"\r\n\r\n{MARK}\r\n--x--\r\n'.encode()
)
_ASKED = json.dumps({"question": MARK}).encode()
_EVENT = json.dumps({"fn_index": 0, "data": [MARK, []]}).encode()
_SENT = (
    ("application/x-www-form-urlencoded", _FORM),
    ("multipart/form-data; boundary=x", _PARTS),
    ("text/plain", _ASKED),
)
"""The kinds that a page may send elsewhere without leave."""
_LOG_IN = urlencode({"name": "Nurse Nora", "password": PASSWORD}).encode()
_ONWARD = (
    *("https://evil.test/", "//evil.test", "/staff\\evil.test", "/\\evil.test"),
    *("%0d%0aSet-Cookie:%20a=b", "javascript:alert(1)", "/staff/%0d%0aX-Evil:%20y"),
)


def _sent(name: str, path: str, status: int, kind: str, body: bytes, number: int) -> Attack:
    headers = (("Content-Type", kind), *FOREIGN[number])
    return Attack(f"{name} {kind} at {path}, site {number}",
                  Request("POST", path, headers, body), (status,))  # fmt: skip


ATTACKS = (
    *(_sent("form", f"{root}{path}", 403, kind, body, number)
      for root in ("", "/es") for path in ("/plain", "/answer", "/feedback")
      for kind, body in _SENT for number in range(len(FOREIGN))),
    *(_sent("question", "/api/ask", 415, kind, body, number)
      for kind, body in _SENT for number in range(len(FOREIGN))),
    *(_sent("event", f"{root}/gradio_api/run/predict", 415, kind, _EVENT, number)
      for root in ("", "/es") for kind, _ in _SENT for number in range(len(FOREIGN))),
    *(_sent("log-in", "/staff/login", 403, _SENT[0][0], _LOG_IN, number)
      for number in range(len(FOREIGN))),
    Attack("log-in from nowhere", Request("POST", "/staff/login", (("Content-Type", _SENT[0][0]),),
                                          _LOG_IN), (403,)),
    *(get(f"log-in leads to {onward}", f"/staff/login?next={onward}", 200, Accept="text/html")
      for onward in _ONWARD),
    *(get(f"log-in start leads to {onward}", f"/staff/login/start?next={onward}", 303)
      for onward in _ONWARD),
    *(get(f"redirect of {path!r}", path, status, Accept_Language="es\t, evil;q=9")
      for path, status in (("/es?next=%0d%0aX-Evil:y", 307), ("/es?//evil.test", 307),
                           ("//evil.test", 404), ("//evil.test/%2e%2e", 404),
                           ("/es//evil.test", 404),
                           ("/\\evil.test", 404), ("/%5cevil.test", 404), ("/%0d%0aX-Evil:y", 404),
                           ("/.evil.test", 404), ("/staff", 303), ("/staff//evil.test", 303),
                           ("/staff/%0d%0aX-Evil:y", 303), ("/staff/?x=%0d%0aX-Evil:y", 303))),
    *(get(f"language {value[:20]!r} ({len(value)})", "/", status, Accept_Language=value)
      for value, status in (("es", 307), ("es;q=nan", 200), ("es;q=1e999", 307), ("../es", 200),
                            ("es," * 5_000, 307), ("es," * 20_000, 431), ("%0d%0aX-Evil: y", 200))),
)  # fmt: skip
