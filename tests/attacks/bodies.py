"""Bodies that are no question, no form, no event, or far too much of one."""

from __future__ import annotations

import gzip
import json

from tests.attacks.attack import MARK, Attack, post

__all__ = ["ATTACKS"]

_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_OWN = "http://127.0.0.1"
_FILE = {"path": "/etc/passwd", "url": "http://evil.example/", "meta": {"_type": "gradio.FileData"}}

_QUESTIONS: dict[str, tuple[bytes, int]] = {
    "deep list": (b"[" * 100_000, 400),
    "deep object": (b'{"a":' * 40_000, 400),
    "deep question": (b'{"question":' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400),
    "number of 200,000 digits": (b'{"question":' + b"9" * 200_000 + b"}", 400),
    "infinite number": (b'{"question":1e999999}', 422),
    "NaN": (b'{"question":NaN}', 422),
    "not UTF-8": (b'{"question":"\xe9"}', 400),
    "gzip": (gzip.compress(b'{"question":"a"}'), 400),
    "nothing": (b" ", 422),
    "null": (b"null", 422),
    "text": (f'"{MARK}"'.encode(), 422),
    "more behind it": (b'{"question":"a"} x', 422),
    "unknown field": (b'{"question":"a","unknown":1}', 422),
    "boolean": (b'{"question":true}', 422),
    "half a character as a name": (b'{"question":"a","qid":"\\ud800"}', 422),
    "half a character before": (b'{"question":"and it?","previous":["\\udfff"]}', 422),
    "21 earlier questions": (json.dumps({"question": "a", "previous": ["b"] * 21}).encode(), 422),
    "1,001 documents": (json.dumps({"question": "a", "documents": ["b"] * 1_001}).encode(), 422),
    "name of 201 letters": (json.dumps({"question": "a", "qid": MARK * 23}).encode(), 422),
    "300 kB": (json.dumps({"question": MARK * 33_000}).encode(), 413),
    "half a character": (b'{"question":"\\ud800 x"}', 200),
    "NUL": (b'{"question":"a\\u0000b"}', 200),
    "same field twice": (b'{"question":"a","question":"b"}', 422),
    "UTF-16": ('{"question":"side effects"}'.encode("utf-16"), 200),
    "paths as documents": (
        b'{"question":"a","documents":["../../etc/passwd","/x","a\\u0000"]}',
        200,
    ),
    "a path as language": (b'{"question":"a","language":"../../../etc"}', 200),
    "a template": (b'{"question":"{{7*7}} ${7*7} <script>alert(1)</script>"}', 200),
}
_KINDS = (
    *("text/plain", _FORM, "multipart/form-data; boundary=x", "application/jsonx", "a" * 9_000),
    *("application/json, text/plain", "application/ld+json", "text/json", ""),
)
_EVENTS: dict[str, object] = {
    "file": {"fn_index": 0, "data": ["x", _FILE]},
    "file deep within": {"fn_index": 0, "data": ["x", [[{"content": [_FILE]}]]]},
    "no such event": {"fn_index": 999, "data": [MARK, []]},
    "negative event": {"fn_index": -1, "data": [MARK, []]},
    "event of no number": {"fn_index": "0", "data": [MARK, []]},
    "event of a fraction": {"fn_index": 0.5, "data": [MARK, []]},
    "event that is true": {"fn_index": False, "data": [MARK, []]},
    "event by name": {"api_name": "/predict", "data": [MARK, []]},
    "too few values": {"fn_index": 0, "data": [MARK]},
    "too many values": {"fn_index": 0, "data": [MARK, [], [], []]},
    "data of text": {"fn_index": 0, "data": MARK},
    "session of a list": {"fn_index": 0, "data": [MARK, []], "session_hash": [MARK]},
    "session of a path": {"fn_index": 0, "data": [MARK, []], "session_hash": "../../x"},
    "session of 100 kB": {"fn_index": 0, "data": ["a", []], "session_hash": MARK * 11_000},
    "trigger of text": {"fn_index": 0, "data": [MARK, []], "trigger_id": MARK},
    "request of its own": {"fn_index": 0, "data": [MARK, []], "request": {"username": "x"}},
    "a token": {"fn_index": 0, "data": [MARK, []], "oauth_token": MARK},
    "file as event data": {"fn_index": 0, "data": [MARK, []], "event_data": _FILE},
    "nothing": {},
    "list": [],
    "null": None,
}
_RAW_EVENTS = {
    "event of 4,000 digits": b'{"fn_index":' + b"9" * 4_000 + b',"data":["a",[]]}',
    "infinite event": b'{"fn_index":1e400,"data":["a",[]]}',
    "deep event data": b'{"fn_index":0,"data":["a",[]],"event_data":'
    + b"[" * 950
    + b"]" * 950
    + b"}",
    "data twice": b'{"fn_index":0,"data":["a",[]],"data":["b",[]]}',
    "deep data": b'{"fn_index":0,"data":' + b"[" * 900 + b"]" * 900 + b"}",
    "endless data": b'{"fn_index":0,"data":' + b"[" * 100_000,
    "gzip event": gzip.compress(b'{"fn_index":0,"data":["a",[]]}'),
}
_FORMS: dict[str, bytes] = {
    "NUL": b"question=%00",
    "not UTF-8": b"question=%ff%fe",
    "half a character": b"question=%ED%A0%80",
    "65 fields": b"&".join([b"verdict=helped"] * 65),
    "5,000 fields": b"&".join([b"a=b"] * 5_000),
    "JSON": b'{"question":"a"}',
    "brackets": b"question[a][b]=1",
}
_ROUTES = {"/plain": 200, "/es/plain": 200, "/answer": 400, "/es/answer": 400, "/feedback": 422}


def _event(name: str, body: bytes, root: str = "") -> Attack:
    return post(f"event: {name} {root}", f"{root}/gradio_api/run/predict", body, 422,
                Content_Type=_JSON, Origin=_OWN)  # fmt: skip


ATTACKS = (
    *(post(f"question: {name}", "/api/ask", body, status, Content_Type=_JSON)
      for name, (body, status) in _QUESTIONS.items()),
    post("question: Content-Encoding", "/api/ask", _QUESTIONS["gzip"][0], 400,
         Content_Type=_JSON, Content_Encoding="gzip"),
    *(post(f"question as {kind[:40]!r}", "/api/ask", b'{"question":"a"}', 415, Content_Type=kind)
      for kind in _KINDS),
    *(_event(name, json.dumps(event).encode(), root)
      for root in ("", "/es") for name, event in _EVENTS.items()),
    *(_event(name, body) for name, body in _RAW_EVENTS.items()),
    post("event: half a character", "/gradio_api/run/predict",
         b'{"fn_index":0,"data":["\\ud800",[]]}', 200, Content_Type=_JSON),
    *(post(f"form: {name} at {path}", path, body, status, Content_Type=_FORM, Origin=_OWN)
      for path, status in _ROUTES.items() for name, body in _FORMS.items()),
    *(post(f"form: 300 kB at {path}", path, b"question=" + b"a" * 300_000, 413,
           Content_Type=_FORM, Origin=_OWN) for path in _ROUTES),
    post("feedback as a file", "/feedback", b"--x\r\nContent-Disposition: form-data; name=note; "
         b'filename="../../x"\r\n\r\na\r\n--x--\r\n', 415,
         Content_Type="multipart/form-data; boundary=x", Origin=_OWN),
)  # fmt: skip
