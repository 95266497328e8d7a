"""Names of hosts, in every header that could name one."""

from __future__ import annotations

from tests.attacks.attack import Attack, get
from tests.attacks.wire import Request

__all__ = ["ATTACKS"]

_WRONG = (
    *("evil.example", "evil@127.0.0.1", "127.0.0.1@evil.example", "127.0.0.1.evil.example", ""),
    *("127.0.0.1:evil", "127.0.0.1:80:80", "127.0.0.1:99999", "127.0.0.1/evil.example"),
    *("127.0.0.1 evil.example", "127.0.0.1,evil.example", "127.0.0.1%00.evil", "127.0.0.1."),
    *("127.0.0.1%0d%0aX-A: b", "[::1].evil.example", "[::1%25evil]", "2130706433", "0x7f.1"),
    *(
        "evil.example:7860",
        "127。0。0。1",
        "127.0.0.1\tevil.example",
        "[127.0.0.1",
        "http://127.0.0.1",
    ),
)
_RIGHT = ("localhost:7860", "LOCALHOST", "127.0.0.1:65535", "127.0.0.1:", "[::1]:80")
_NAMING = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-Prefix": "/evil.example",
    "X-Forwarded-Proto": "javascript",
    "X-Forwarded-Port": "evil.example",
    "X-Forwarded-Path": "/evil.example",
    "X-Forwarded-For": "evil.example, 1.1.1.1",
    "Forwarded": "host=evil.example;proto=https",
    "X-Gradio-Server": "http://evil.example",
    "X-Direct-Url": "http://evil.example",
    "X-Original-URL": "/staff/config",
    "X-Rewrite-URL": "/staff/config",
    "X-HTTP-Method-Override": "DELETE",
    "Referer": "http://evil.example/",
    "Origin": "http://evil.example",
}
_PAGES = (("/", 200), ("/config", 200), ("/es", 307), ("/staff/login", 200), ("/staff/runs", 303))
_ORIGINS = (
    *("https://evil.example", "null", "http://127.0.0.1.evil.example", "http://evil127.0.0.1"),
    *("http://127.0.0.1@evil.example", "file://", "http://sub.127.0.0.1", "http://127.0.0.1:1"),
)

ATTACKS = (
    *(Attack(f"host {host!r}", Request("GET", "/health", host=host), (400,)) for host in _WRONG),
    *(Attack(f"host {host!r}", Request("GET", "/config", host=host), (200,)) for host in _RIGHT),
    *(
        Attack(f"{name} at {path}", Request("GET", path, ((name, value),)), (status,),
               never=("Only maintainers", "Nurse Nora"))
        for name, value in _NAMING.items() for path, status in _PAGES
    ),
    *(get(f"CORS {origin!r} at {path}", path, 200, Origin=origin, Cookie="a=b")
      for origin in _ORIGINS for path in ("/config", "/api/documents")),
    *(Attack(f"CORS preflight {origin!r} at {path}",
             Request("OPTIONS", path, (("Origin", origin), ("Cookie", "a=b"),
                                       ("Access-Control-Request-Method", "POST"),
                                       ("Access-Control-Request-Headers", "content-type"))), (400,))
      for origin in _ORIGINS for path in ("/api/ask", "/gradio_api/run/predict")),
)  # fmt: skip
