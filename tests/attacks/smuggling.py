"""Where a request ends: smuggling, folded and odd lines, other protocols, what is far too long.

Behind each lies a good request that ends the connection. So one reply more than that means that a
part of the attack was taken for a request of its own.
"""

from __future__ import annotations

import json

from tests.attacks.attack import Attack
from tests.attacks.clinic import GOOD

__all__ = ["ATTACKS"]

_LAST = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
_HIDDEN = b"GET /api/documents HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_BODY = json.dumps({"question": GOOD}).encode()
_CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(_BODY), _BODY)
_READ, _ANSWERED, _SHUT = (404, 200), (200, 200), (400,)


def _ask(name: str, statuses: tuple[int, ...], head: str, body: bytes = b"") -> Attack:
    """A question with further lines of its head, and what lies behind."""
    begin = "POST /api/ask HTTP/1.1\nHost: 127.0.0.1\nContent-Type: application/json\n"
    sent = (begin + head + "\n").replace("\n", "\r\n").encode("latin-1") + body + _LAST
    return Attack(name, sent, statuses)


def _get(
    name: str, statuses: tuple[int, ...], line: str, head: str = "Host: 127.0.0.1\n"
) -> Attack:
    sent = f"{line}\n{head}\n".replace("\n", "\r\n").encode("latin-1")
    return Attack(name, sent + _LAST, statuses)


_CL, _TE = f"Content-Length: {len(_BODY)}\n", "Transfer-Encoding: chunked\n"
_SMUGGLED = (
    _ask("CL and TE that agree", _SHUT, f"Content-Length: {len(_CHUNKED)}\n{_TE}", _CHUNKED),
    _ask("CL shorter than TE", _SHUT, f"Content-Length: 6\n{_TE}", b"0\r\n\r\nG"),
    _ask("CL hides a request behind TE", _SHUT,
         f"Content-Length: {5 + len(_HIDDEN)}\n{_TE}", b"0\r\n\r\n" + _HIDDEN),
    _ask("TE before CL", _SHUT, f"{_TE}Content-Length: 5\n", b"0\r\n\r\n" + _HIDDEN),
    _ask("two different CL", _SHUT, f"{_CL}Content-Length: 0\n", _BODY),
    _ask("a list of CL", _SHUT, f"Content-Length: {len(_BODY)}, 0\n", _BODY),
    _ask("the same CL twice", _ANSWERED, _CL + _CL, _BODY),
    _ask("two TE", _SHUT, f"{_TE}Transfer-Encoding: identity\n", _CHUNKED),
    _ask("chunked twice", _SHUT, "Transfer-Encoding: chunked, chunked\n", _CHUNKED),
    _ask("TE identity", _SHUT, "Transfer-Encoding: identity\n", _CHUNKED),
    _ask("TE xchunked", _SHUT, "Transfer-Encoding: xchunked\n", _CHUNKED),
    _ask("TE gzip, chunked", _SHUT, "Transfer-Encoding: gzip, chunked\n", _CHUNKED),
    _ask("TE vertical tab", _SHUT, "Transfer-Encoding: \x0bchunked\n", _CHUNKED),
    _ask("TE space before colon", _SHUT, "Transfer-Encoding : chunked\n", _CHUNKED),
    *(_ask(f"CL {value!r}", _SHUT, f"Content-Length: {value}\n", b"12345")
      for value in ("+5", "-1", "5 5", "0x5", "5;", "1e1", "9" * 30, "", "\xb2")),
    _ask("chunk of no size", _SHUT, _TE, b"zz\r\n" + _BODY + b"\r\n0\r\n\r\n"),
    _ask("chunk of negative size", _SHUT, _TE, b"-1\r\n" + _BODY + b"\r\n0\r\n\r\n"),
    _ask("chunk longer than it says", _SHUT, _TE, b"5\r\n" + _BODY + b"\r\n0\r\n\r\n"),
    _ask("chunk with bare LF", _SHUT, _TE, b"%x\n%s\n0\n\n" % (len(_BODY), _BODY)),
    _ask("chunk extension", _ANSWERED, _TE, b"%x;a=b\r\n%s\r\n0\r\n\r\n" % (len(_BODY), _BODY)),
    _ask("trailer that names a host", _ANSWERED, _TE,
         _CHUNKED[:-2] + b"Host: evil.example\r\n\r\n"),
    _ask("over the limit in chunks", (413, 200), _TE,
         b"1000\r\n%s\r\n" % (b" " * 4_096) * 80 + b"0\r\n\r\n"),
    Attack("bare LF", (b"GET /health HTTP/1.1\nHost: 127.0.0.1\n\n" + _LAST), (200, 200)),
    Attack("bare CR", (b"GET /health HTTP/1.1\rHost: 127.0.0.1\r\r" + _LAST), _SHUT),
    *(Attack(f"request in the body of {line}",
             f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(_HIDDEN)}\r\n"
             "\r\n".encode() + _HIDDEN + _LAST, (status, 200))
      for line, status in (("GET /health", 200), ("POST /nothing", 404), ("PUT /api/ask", 405))),
)  # fmt: skip

_TE_FOLDED = "Transfer-Encoding:\n chunked\n"
_UNREAD = (422, 200)  # a body that is no question, read to its end
_NO_END = (422, 400)  # a question without a body; what stands behind it is no request
_OTHER = (400, 200)  # a host that is not this one
_FOLDED = (
    _ask("TE folded, beside CL", _SHUT, f"{_TE_FOLDED}{_CL}", _BODY),
    _ask("TE folded behind CL", _SHUT, f"{_CL}{_TE_FOLDED}", _BODY),
    _ask("TE folded at a tab, beside CL", _SHUT, f"Transfer-Encoding:\n\tchunked\n{_CL}", _BODY),
    _ask("TE folded twice, beside CL", _SHUT, f"Transfer-Encoding:\n \n chunked\n{_CL}", _BODY),
    _ask("TE folded, CL hides a request", _SHUT,
         f"{_TE_FOLDED}Content-Length: {5 + len(_HIDDEN)}\n", b"0\r\n\r\n" + _HIDDEN),
    _ask("TE and CL folded", _SHUT, f"Content-Length:\n {5 + len(_HIDDEN)}\n{_TE_FOLDED}",
         b"0\r\n\r\n" + _HIDDEN),
    _ask("TE folded, alone", _ANSWERED, _TE_FOLDED, _CHUNKED),
    _ask("TE with an empty fold, alone", _ANSWERED, f"{_TE} \n", _CHUNKED),
    _ask("TE chunked, identity in a fold", _SHUT, f"{_TE} , identity\n", _CHUNKED),
    _ask("TE chunked, identity in a fold, beside CL", _SHUT, f"{_TE} , identity\n{_CL}", _BODY),
    _ask("TE identity, chunked in a fold", _SHUT, "Transfer-Encoding: identity,\n chunked\n",
         _CHUNKED),
    _ask("TE folded within its word", _SHUT, f"Transfer-Encoding: chun\n ked\n{_CL}", _BODY),
    _ask("TE folded within its name", _SHUT, f"Transfer-\n Encoding: chunked\n{_CL}", _BODY),
    _ask("TE folded before its colon", _SHUT, f"Transfer-Encoding\n : chunked\n{_CL}", _BODY),
    _ask("TE in a fold of CL", _SHUT, f"{_CL} {_TE}", _BODY),
    _ask("CL in a fold of TE", _SHUT, f"{_TE} {_CL}", _CHUNKED),
    _ask("TE in a fold of another, beside CL", _ANSWERED, f"X-A: b\n {_TE}{_CL}", _BODY),
    _ask("TE in a fold of another, CL hides a request", _UNREAD,
         f"X-A: b\n {_TE}Content-Length: {5 + len(_HIDDEN)}\n", b"0\r\n\r\n" + _HIDDEN),
    _ask("TE in a fold of another, alone", _NO_END, f"X-A: b\n {_TE}", _CHUNKED),
    _ask("CL folded", _ANSWERED, f"Content-Length:\n {len(_BODY)}\n", _BODY),
    _ask("CL folded, beside TE", _SHUT, f"Content-Length:\n {len(_CHUNKED)}\n{_TE}", _CHUNKED),
    _ask("CL folded between its digits", _SHUT, "Content-Length: 6\n 1\n", _BODY),
    _ask("another CL in a fold", _SHUT, f"{_CL} , 0\n", _BODY),
    _ask("the same CL in a fold", _ANSWERED, f"{_CL} , {len(_BODY)}\n", _BODY),
    _ask("CL in a fold of another, beside CL", _ANSWERED, f"X-A: b\n Content-Length: 0\n{_CL}",
         _BODY),
    _ask("CL in a fold of another, alone", _NO_END, f"X-A: b\n {_CL}", _BODY),
    _ask("a fold of blanks is no end", _ANSWERED, f"X-A: b\n \n{_CL}", _BODY),
    _ask("a fold of blanks hides no TE", _SHUT, f"{_CL} \n{_TE}", _BODY),
    *(_get(f"host {name}", statuses, "GET /health HTTP/1.1", head) for name, statuses, head in (
        ("folded", (200, 200), "Host:\n 127.0.0.1\n"),
        ("folded, and another one's", _OTHER, "Host:\n evil.example\n"),
        ("with another in a fold", _OTHER, "Host: 127.0.0.1\n evil.example\n"),
        ("with a name before it in a fold", _OTHER, "Host: 127.0.0.1:80\n @evil.example\n"),
        ("folded within its name", _OTHER, "Host: 127.0\n .0.1\n"),
        ("in a fold of another, alone", _SHUT, "X-A: b\n Host: 127.0.0.1\n"),
        ("in a fold of another, beside host", (200, 200),
         "Host: 127.0.0.1\nX-A: b\n Host: evil.example\n"))),
)  # fmt: skip
"""Lines that begin with a blank, and so go on with the header before them (obs-fold, RFC 9112,
section 5.2). A proxy may take them for headers of their own, or leave them out."""

_LONG = "A" * 10_000
_PROTOCOLS = (
    _get("two hosts", _SHUT, "GET /health HTTP/1.1", "Host: 127.0.0.1\nHost: evil.example\n"),
    _get("one host twice", _SHUT, "GET /health HTTP/1.1", "Host: 127.0.0.1\nHost: 127.0.0.1\n"),
    _get("no host", _SHUT, "GET /health HTTP/1.1", ""),
    _get("HTTP/1.0 without host", _SHUT, "GET /health HTTP/1.0", ""),
    _get("absolute target of another host", _READ, "GET http://evil.example/health HTTP/1.1"),
    _get("absolute target of this host", _READ, "GET http://127.0.0.1/health HTTP/1.1"),
    _get("CONNECT", _READ, "CONNECT evil.example:443 HTTP/1.1"),
    _get("OPTIONS *", _READ, "OPTIONS * HTTP/1.1"),
    _get("TRACE", (405, 200), "TRACE / HTTP/1.1", "Host: 127.0.0.1\nX-Secret: Xyzzymark\n"),
    _get("method of 10 kB", (405, 200), f"{_LONG} / HTTP/1.1"),
    _get("method in small letters", (405, 200), "get /health HTTP/1.1"),
    _get("1,000 headers", (200, 200), "GET /health HTTP/1.1",
         "Host: 127.0.0.1\n" + "".join(f"X-{number}: a\n" for number in range(1_000))),
    _get("header of 1 MB", _SHUT, "GET /health HTTP/1.1",
         f"Host: 127.0.0.1\nX-A: {_LONG * 100}\n"),
    _get("target of 60 kB", (431,), f"GET /{_LONG * 6} HTTP/1.1"),
    _get("NUL in the target", _SHUT, "GET /a\x00b HTTP/1.1"),
    _get("blank in the target", _SHUT, "GET /a b HTTP/1.1"),
    _get("letter beyond ASCII in the target", _SHUT, "GET /\xe9 HTTP/1.1"),
    _get("blank before the first header", _SHUT, "GET /health HTTP/1.1", " Host: 127.0.0.1\n"),
    _get("NUL in a header", _SHUT, "GET /health HTTP/1.1", "Host: 127.0.0.1\nX-A: a\x00b\n"),
    _get("bare CR in a header", _SHUT, "GET /health HTTP/1.1", "Host: 127.0.0.1\nX-A: a\rX-B: b\n"),
    _get("blank in a header's name", _SHUT, "GET /health HTTP/1.1", "Host: 127.0.0.1\nX A: b\n"),
    Attack("HTTP/0.9", b"GET /health\r\n\r\n", _SHUT),
    Attack("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 9, (400, 400)),
    Attack("TLS hello", b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"a" * 160, _SHUT),
    Attack("no head within 70 kB", b"x" * 70_000, _SHUT),
    *(_get(f"websocket at {path}", (status, 200), f"GET {path} HTTP/1.1",
           "Host: 127.0.0.1\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n")
      for path, status in (("/health", 200), ("/gradio_api/queue/join", 404), ("/staff/", 303))),
    _get("HTTP/2 by upgrade", (200, 200), "GET /health HTTP/1.1", "Host: 127.0.0.1\n"
         "Connection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: AAMAAABk\n"),
)  # fmt: skip

ATTACKS = (*_SMUGGLED, *_FOLDED, *_PROTOCOLS)
