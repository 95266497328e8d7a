"""The routes of pictures and originals: only what belongs together is served."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import quote as percent_encode

import pytest
from starlette.testclient import TestClient

from qa.web.application import create_app
from qa.web.paging import page_key
from tests.pages import leaflet
from tests.web.paged import LEAFLET_ID, PagedStandIn
from tests.web.stand_in import span_of

NAME = percent_encode(LEAFLET_ID)


@pytest.fixture
def key(assistant: PagedStandIn) -> str:
    return page_key(assistant.leaflet)


def test_a_picture_is_a_png_that_may_be_kept(client: TestClient, key: str) -> None:
    response = client.get(f"/pages/{key}/1/{NAME}")
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/png"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "public, max-age=86400, immutable"
    assert response.content.startswith(b"\x89PNG")


def test_one_with_a_marked_passage_is_left_on_no_device(
    client: TestClient, assistant: PagedStandIn, key: str
) -> None:
    start, end = span_of(assistant.leaflet, "Do not drive until your sight is clear again.")
    marked = client.get(f"/pages/{key}/1/{NAME}?start={start}&end={end}")
    assert marked.headers["cache-control"] == "no-store"
    plain = client.get(f"/pages/{key}/1/{NAME}")
    assert marked.content != plain.content
    for broken in ("start=5&end=2", "start=x", "start=0&end=999999"):
        assert client.get(f"/pages/{key}/1/{NAME}?{broken}").content == plain.content


def test_what_does_not_belong_together_is_not_found(client: TestClient, key: str) -> None:
    other = hashlib.sha256(b"another file").hexdigest()[:32]
    for path in (
        f"/pages/{other}/1/{NAME}",
        f"/pages/{key}/0/{NAME}",
        f"/pages/{key}/4/{NAME}",
        f"/pages/{key}/99999999/{NAME}",
        f"/pages/{key}/x/{NAME}",
        f"/pages/{key[:16]}/1/{NAME}",
        f"/pages/{key}/1/none.pdf",
        f"/pages/{key}/1/hostile.md",
        f"/pages/{key}/1/../../qa.toml",
        f"/pages/{key}/1/%2e%2e/qa.toml",
        f"/pages/{key}/1/",
        "/pages/",
        "/originals/",
        "/originals/none.pdf",
        "/originals/hostile.md",
        "/originals/%2e%2e/%2e%2e/etc/passwd",
        "/originals//etc/passwd",
    ):
        response = client.get(path)
        assert response.status_code == 404, path
        assert "qa.toml" not in response.text
    assert client.post(f"/pages/{key}/1/{NAME}").status_code == 405


def test_the_original_is_the_file_as_it_was_read(client: TestClient) -> None:
    response = client.get(f"/originals/{NAME}")
    assert response.status_code == 200
    assert response.content == leaflet()
    headers = response.headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"] == "inline; filename*=utf-8''eye%20visit.pdf"
    assert headers["x-content-type-options"] == "nosniff"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "script" not in policy
    assert "frame-ancestors 'none'" in policy
    part = client.get(f"/originals/{NAME}", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"%PDF")


def test_files_that_are_gone_or_damaged_are_no_crash(tmp_path: Path) -> None:
    assistant = PagedStandIn(tmp_path, leaflet())
    key = page_key(assistant.leaflet)
    client = TestClient(create_app(assistant))
    file = assistant.paged(LEAFLET_ID)
    assert file
    file.path.write_bytes(b"no PDF")
    response = client.get(f"/pages/{key}/1/{NAME}")
    assert response.status_code == 503
    assert response.headers["cache-control"] == "no-store"
    assert str(tmp_path) not in response.text
    file.path.unlink()
    assert client.get(f"/pages/{key}/1/{NAME}").status_code == 503
    assert client.get(f"/originals/{NAME}").status_code == 404
