"""Fuzz: the JSON API against its own OpenAPI description, forms, events, addresses and the page.

No status of 500 or more but 503 where it is described, every reply in the shape that is described,
and nothing of what was typed becomes an element or attribute of a page.
"""

from __future__ import annotations

import json
import warnings
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote as percent_encode
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from hypothesis import assume
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

with warnings.catch_warnings():  # of its own dependencies
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.config import SchemathesisConfig
    from schemathesis.core.failures import FailureGroup
    from schemathesis.generation import GenerationMode

from qa.types import Answer
from qa.web.application import create_app
from qa.web.escape import attribute_text, screen_text
from qa.web.types import Page
from tests.fuzz.altered import Altered, altered, any_text
from tests.fuzz.budget import fuzzed
from tests.fuzz.replies import is_harmless, is_in_order
from tests.web.serving import serving
from tests.web.stand_in import CARE_DOCUMENT, NoBook, StandIn

_OWN = {"sec-fetch-site": "same-origin"}
_FORM = {**_OWN, "content-type": "application/x-www-form-urlencoded"}
_TOLD = ("fail", "hurt myself", "chest pain", "hostile", "should i", "side effect", "drive",
         "bring", "metformin", "related")  # fmt: skip
"""What the stand-in answers in ways of its own."""


class _Steady(StandIn):
    """The stand-in without the word at which it fails, which hypothesis finds in its source."""

    def ask(self, question: str, **more: Any) -> Answer:
        return replace(super().ask(question.replace("fail", "fa1l"), **more), question=question)


@lru_cache(maxsize=1)
def _app() -> FastAPI:
    return create_app(_Steady(), pages=[Page.of(), Page.of("es", root="/es")], feedback=NoBook())


def _client() -> TestClient:
    return TestClient(_app(), headers=_OWN, follow_redirects=False)


_REFUSED = ("400", "404", "405", "413", "415", "422")
"""Statuses for what is not as it is described."""


@lru_cache(maxsize=1)
def _operations() -> list[Any]:
    config = SchemathesisConfig.from_dict(
        {"checks": {"negative_data_rejection": {"expected-statuses": list(_REFUSED)}}}
    )
    described = schemathesis.openapi.from_asgi("/api/openapi.json", _app(), config=config)
    return [one.ok() for one in described.get_all_operations()]


def _cases(mode: GenerationMode) -> st.SearchStrategy[Any]:
    """Requests to any of the routes that are described, right or wrong as `mode` says."""

    def of(operation: Any) -> st.SearchStrategy[Any]:
        return operation.as_strategy(generation_mode=mode)

    def all_of() -> st.SearchStrategy[Any]:
        # Only /api/ask takes something that can be wrong.
        wanted = [one for one in _operations() if one.body or mode is GenerationMode.POSITIVE]
        return st.one_of([of(one) for one in wanted])

    return st.deferred(all_of)


def _conforms(case: Any, address: str | None = None) -> None:
    try:
        case.call_and_validate(base_url=address)
    except FailureGroup as error:
        raise AssertionError("\n".join(map(str, error.exceptions))) from None


@fuzzed("api/schema", daily=6, case=_cases(GenerationMode.POSITIVE))
def test_what_is_described_is_answered_as_described(case: Any) -> None:
    _conforms(case)


@fuzzed("api/schema broken", daily=6, case=_cases(GenerationMode.NEGATIVE))
def test_what_is_not_described_is_refused_as_described(case: Any) -> None:
    _conforms(case)


@pytest.mark.nightly
@pytest.mark.parametrize("mode", GenerationMode)
def test_the_same_behind_a_real_server(mode: GenerationMode) -> None:
    from hypothesis import HealthCheck, given, settings

    with serving(_app()) as address:

        @settings(max_examples=300, deadline=None, database=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=_cases(mode))
        def holds(case: Any) -> None:
            _conforms(case, address)

        holds()


_ASKED = json.dumps(
    {"question": "side effects", "previous": ["a", "b"], "documents": ["x.md"], "qid": "q",
     "language": "es", "trace": True}
).encode()  # fmt: skip
_TYPES = ("application/json", "application/json; charset=utf-16", "application/json;;;",
          "application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "\u00e9", "",
          "multipart/form-data; boundary=x", "application/problem+json")  # fmt: skip
_types = st.sampled_from(_TYPES)
_DEEP = (b'{"question":' * 2_000, b"[" * 50_000, b'"\\ud800"', b"9" * 5_000, b"1e999", b"NaN")


@fuzzed("api/bodies", daily=10, body=altered([_ASKED], _DEEP), kind=st.one_of(
    st.just(_TYPES[0]), _types))  # fmt: skip
def test_any_body_to_the_api(body: Altered, kind: str) -> None:
    headers = {"content-type": kind.encode("utf-8")}
    is_in_order(_client().post("/api/ask", content=body.data, headers=headers))  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def _event() -> bytes:
    config = _client().get("/config").json()
    names = {one["id"]: one["props"].get("elem_id") for one in config["components"]}
    one = next(
        one for one in config["dependencies"]
        if any(names.get(at) == "question" and event == "submit" for at, event in one["targets"])
    )  # fmt: skip
    given_: dict[str | None, Any] = {"question": "side effects", "log": []}
    data = [given_.get(names[component]) for component in one["inputs"]]
    return json.dumps({"data": data, "fn_index": one["id"], "session_hash": "x"}).encode()


_pieces = (b"[]", b"{}", b"null", b'{"path":"/etc/passwd"}', b'{"role":"user","content":"x"}',
           b"-1", b"1e400", *_DEEP)  # fmt: skip


@fuzzed("api/events", daily=8, place=st.integers(0, 3), body=st.deferred(
    lambda: altered([_event()], _pieces)))  # fmt: skip
def test_any_body_to_an_event_of_the_page(place: int, body: Altered) -> None:
    headers = {"content-type": _TYPES[place % 2]}
    response = _client().post("/gradio_api/run/predict", content=body.data, headers=headers)
    is_in_order(response)


_NAMES = ("question", "previous", "verdict", "reason", "note", "kind", "refusal", "generation",
          "span", "role", "advice", "answered_at", "searched_for", "x")  # fmt: skip
_SHA = CARE_DOCUMENT.sha256[:16]
_FIELDS = (
    "good", "bad", "answer", "crisis", "yes", "no", "2026-11-26T10:00Z", "0000-00-00T00:00Z",
    f"{CARE_DOCUMENT.id}:0:34:{_SHA}", f"{CARE_DOCUMENT.id}:5:9", f"x:{'9' * 5_000}:1:{_SHA}",
    "evidence", "warning", "20261124-test", "not_answered", "side effects",
)  # fmt: skip
_values = st.one_of(st.sampled_from(_FIELDS), any_text())
_fields = st.lists(st.tuples(st.sampled_from(_NAMES), _values), max_size=14)


def _encoded(fields: list[tuple[str, str]]) -> bytes:
    return urlencode(fields, errors="surrogatepass").encode()


@fuzzed(
    "api/forms",
    daily=10,
    path=st.sampled_from(["/plain", "/answer", "/feedback", "/es/plain", "/es/answer"]),
    body=st.one_of(
        _fields.map(_encoded),
        altered([_encoded([(name, "x") for name in _NAMES])], [b"&", b"%", b"%ff", b";", b"="]),
    ),
    kind=st.one_of(st.just(_FORM["content-type"]), _types),
    accept=st.sampled_from(["text/html", "application/json", "*/*", ""]),
)
def test_any_form(path: str, body: bytes | Altered, kind: str, accept: str) -> None:
    headers = {"content-type": kind.encode("utf-8"), "accept": accept.encode()}
    content = body.data if isinstance(body, Altered) else body
    response = _client().post(path, content=content, headers=headers)  # type: ignore[arg-type]
    is_in_order(response)
    is_harmless(response.text)


_PLACES = ("/documents", "/documents/", f"/documents/{percent_encode(CARE_DOCUMENT.id)}",
           "/api/documents/", "/originals/", "/pages/" + "0" * 32 + "/1/", "/page/", "/plain",
           "/answer", "/feedback/thanks", "/es/documents/", "/health", "/config")  # fmt: skip


@fuzzed(
    "api/addresses",
    daily=10,
    place=st.sampled_from(_PLACES),
    more=st.one_of(st.just(""), any_text(60)),
    query=st.dictionaries(
        st.sampled_from(["start", "end", "sha256", "page", "size", "theme", "lang", "x"]),
        st.one_of(any_text(40), st.integers().map(str)), max_size=4),
    method=st.sampled_from(["GET", "GET", "HEAD", "OPTIONS", "PUT", "TRACE"]),
)  # fmt: skip
def test_any_address(place: str, more: str, query: dict[str, str], method: str) -> None:
    written = percent_encode(more.encode("utf-8", "surrogatepass"))[:1_500]
    path = f"{place}{written}" if place.endswith("/") or not more else place
    encoded = urlencode(query, errors="surrogatepass")[:4_000]
    response = _client().request(method, f"{path}?{encoded}")
    is_in_order(response)
    if response.status_code == 405:
        assert response.headers["allow"]
    if "html" in response.headers.get("content-type", "") and place != "/config":
        is_harmless(response.text)


def _elements(page: str) -> Counter[tuple[object, ...]]:
    """The elements of a page with the names of their attributes; not those by which unseen
    characters are shown."""
    found: Counter[tuple[object, ...]] = Counter()
    for node in LexborHTMLParser(page).css("*"):
        names = tuple(sorted(node.attributes))
        shown = node.attributes.get("class") == "unseen"
        if not (node.tag == "span" and names == ("class", "title") and shown):
            found[node.tag, names] += 1
    return found


@lru_cache(maxsize=4)
def _page_of(path: str, question: str) -> Counter[tuple[object, ...]]:
    body = urlencode({"question": question}).encode()
    return _elements(_client().post(path, content=body, headers=_FORM).text)


_MARKS = ("<script>", "</p>", "<img src=x onerror=y>", "&lt;", "&#60;", "**x**", "[a](b)", "`",
          "$x$", "www.x.y", "https://x.y", "a@b.c", "\n\n# x", "\n- x", "|a|b|\n|-|-|", "\0",
          "\u202e", '"', "'", ">", "]]>", "<!--", "{{7}}", "</textarea>", "</title>")  # fmt: skip
_typed = st.one_of(any_text(), st.lists(st.sampled_from(_MARKS), max_size=8).map("".join))


@fuzzed("api/page", daily=6, text=_typed, path=st.sampled_from(["/plain", "/es/plain"]))
def test_no_text_becomes_a_part_of_the_page(text: str, path: str) -> None:
    assume(not any(one in text.lower() for one in _TOLD))
    text = text.encode("utf-8", "replace").decode()  # as a form sends it
    body = urlencode({"question": text}).encode()
    response = _client().post(path, content=body, headers=_FORM)
    is_in_order(response)
    is_harmless(response.text)
    text = text.replace("\r\n", "\n")
    like = "x" * 1_001 if len(text) > 1_000 else "zebra" if text.strip() else ""
    assert _elements(response.text) == _page_of(path, like)


_markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@fuzzed("api/escape", daily=60, text=_typed)
def test_escaped_text_is_read_back_and_nothing_in_it_is_interpreted(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    made = str(screen_text(text))
    tree = LexborHTMLParser(f"<body><div>{made}</div>")
    [shown] = tree.css("body *:not(.unseen)")
    assert shown.text() == text.replace("\0", "\ufffd")
    assert all(one.tag == "span" for one in tree.css(".unseen"))
    assert {one.tag for one in LexborHTMLParser(_markdown.render(made)).css("body *")} <= {
        "p",
        "span",
    }
    field = LexborHTMLParser(f'<input value="{attribute_text(text)}">').css_first("input")
    assert field.attributes["value"] == text.replace("\0", "\ufffd")
    assert list(field.attributes) == ["value"]
