"""An event of Gradio's pages is made of texts: no file of this machine and no address gets in."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest
from gradio.utils import get_upload_folder
from starlette.testclient import TestClient

from qa.web.events import is_of_texts
from tests.web.stand_in import CRISIS_LINE

JSON = {"content-type": "application/json"}
_MESSAGE = {"role": "user", "metadata": None, "options": None}


def _file(path: str) -> dict[str, object]:
    return {"path": path, "meta": {"_type": "gradio.FileData"}}


def _log_of(part: dict[str, object]) -> list[object]:
    return [_MESSAGE | {"content": [part]}]


def test_a_conversation_of_texts_is_taken() -> None:
    log = _log_of({"type": "text", "text": '{"path": "/dev/zero"}'})
    assert is_of_texts(json.dumps({"data": ["a question", log, 1, None]}).encode())


@pytest.mark.parametrize(
    "data",
    [
        [_file("/dev/zero"), []],
        ["", [[[_file("/dev/zero")]]]],
        ["", _log_of({"type": "file", "file": _file("http://127.0.0.1/")})],
        ["", _log_of({"type": "component", "component": "image", "value": "/etc/hosts",
                      "constructor_args": {}, "props": {}})],
        ["", [_MESSAGE | {"content": "x", "metadata": _file("/dev/zero")}]],
    ],
)  # fmt: skip
def test_files_and_components_are_not(data: list[object]) -> None:
    assert not is_of_texts(json.dumps({"data": data}).encode())


@pytest.mark.parametrize("body", [b"", b"[]", b"x", b'{"data": ' + b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_event_is_refused(body: bytes) -> None:
    assert not is_of_texts(body)


def test_nobody_has_a_file_of_this_machine_copied(client: TestClient, tmp_path: Path) -> None:
    name = f"{uuid4()}.txt"
    secret = tmp_path / name
    secret.write_text("a secret", "utf-8")
    event = {"fn_index": 0, "data": [_file(str(secret)), []]}
    answer = client.post("/gradio_api/run/predict", json=event)
    assert answer.status_code == 422
    assert not list(Path(get_upload_folder()).rglob(name))


EVENT: dict[str, object] = {"fn_index": 0, "data": ["side effects", []], "session_hash": "a1"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"fn_index": 999},
        {"fn_index": "0"},
        {"fn_index": True},
        {"data": ["side effects"]},
        {"data": "side effects"},
        {"trigger_id": "x"},
        {"session_hash": "s" * 65},
        {"session_hash": ["s"]},
        {"request": {"username": "x"}},
        {"event_data": _file("/dev/zero")},
        {"event_data": {}},
        {"event_data": ""},
    ],
    ids=str,
)
def test_an_event_that_is_none_of_the_pages_is_refused(
    client: TestClient, wrong: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.post("/gradio_api/run/predict", json=EVENT | wrong)
    assert answer.status_code == 422
    assert answer.json() == {
        "error": "An event of this page is made of texts. Load the page again.",
        "help": CRISIS_LINE.text,
    }
    assert caplog.text == ""


def test_an_event_is_sent_as_json_only(client: TestClient) -> None:
    sent = json.dumps(EVENT)
    headers = {"Content-Type": "text/plain"}
    answer = client.post("/gradio_api/run/predict", content=sent, headers=headers)
    assert (answer.status_code, answer.json()["help"]) == (415, CRISIS_LINE.text)
    assert "side effects" not in answer.text


def test_what_an_event_says_of_itself_is_left_out_or_nothing(client: TestClient) -> None:
    path = "/gradio_api/run/predict"
    for more in ({}, {"event_data": None}):
        assert client.post(path, json=EVENT | more).status_code == 200


@pytest.mark.parametrize("depth", [400, 950, 20_000])
def test_deep_data_of_an_event_is_refused_here(client: TestClient, depth: int) -> None:
    for deep in (b'{"a":' * depth + b"1" + b"}" * depth, b"[" * depth + b"]" * depth):
        body = b'{"data":["side effects",[]],"fn_index":0,"event_data":' + deep + b"}"
        answer = client.post("/gradio_api/run/predict", content=body, headers=JSON)
        assert (answer.status_code, answer.json()["help"]) == (422, CRISIS_LINE.text)


@pytest.mark.parametrize(
    "body",
    [
        b'{"data":["I want to hurt myself",[]],"data":["hi",[]],"fn_index":0}',
        b'{"data":["hi",[]],"fn_index":0,"fn_index":0}',
        b'{"data":["hi",[{"role":"user","content":"a","content":"b"}]],"fn_index":0}',
    ],
)
def test_an_event_with_a_name_twice_is_refused(client: TestClient, body: bytes) -> None:
    """The last value would be asked, and the one before it may tell of danger."""
    answer = client.post("/gradio_api/run/predict", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["help"]) == (422, CRISIS_LINE.text)


def test_half_a_character_is_asked_as_a_question_mark(client: TestClient) -> None:
    body = b'{"fn_index": 0, "data": ["side effects \\uD83D", []]}'
    headers = {"Content-Type": "application/json"}
    answer = client.post("/gradio_api/run/predict", content=body, headers=headers)
    assert answer.status_code == 200
    assert "side effects &#63;" in answer.json()["data"][1][0]["content"][0]["text"]


@pytest.mark.parametrize(
    "change",
    [
        {"fn_index": 99}, {"fn_index": -1}, {"fn_index": True}, {"fn_index": None}, {"data": []},
        {"data": ["a", [], 1, 2, 3]}, {"data": ["a", [["a", "b"]]]},
        {"data": ["a", [{"role": "bad"}]]}, {"trigger_id": 10**30}, {"event_data": {"a": [1e400]}},
        {"event_data": float("nan")},
    ],
)  # fmt: skip
def test_an_event_that_the_page_has_not_is_refused(
    client: TestClient, change: dict[str, object]
) -> None:
    """Gradio answers these with 500, to anybody."""
    event = {"data": ["side effects", []], "fn_index": 0, "session_hash": "x"}
    path = "/gradio_api/run/predict"
    assert client.post(path, content=json.dumps(event), headers=JSON).status_code == 200
    refused = client.post(path, content=json.dumps(event | change), headers=JSON)
    assert (refused.status_code, list(refused.json())) == (422, ["error", "help"])
    text = client.post(path, content=json.dumps(event), headers={"content-type": "text/plain"})
    assert text.status_code == 415
