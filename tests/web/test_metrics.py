"""/metrics: who may read it, what it counts, and that nobody is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from qa.web.application import create_app
from qa.web.counting import area_of
from qa.web.peer import Networks, RememberPeer, forwarded, networks_of
from qa.web.types import Page
from tests.web.stand_in import CARE_DOCUMENT, NoBook, StandIn

READER = networks_of(["10.0.0.9", "127.0.0.1"], "`metrics_from`")
ODD = "zebra Müller 555-0199 zebra@clinic.example <script>"


@pytest.fixture(scope="module")
def shown() -> FastAPI:
    return made()


def made(readers: Networks | None = READER, **more: object) -> FastAPI:
    pages = [Page.of(), Page.of("es", root="/es")]
    return create_app(
        StandIn(),
        pages=pages,
        feedback=NoBook(),
        metrics_from=readers,
        **more,  # type: ignore[arg-type]
    )


@contextmanager
def asking(app: FastAPI, address: str = "10.0.0.9") -> Iterator[TestClient]:
    with TestClient(RememberPeer(forwarded(app)), client=(address, 1)) as client:
        yield client


def figures(client: TestClient) -> dict[str, float]:
    """Each sample by its name and labels."""
    told = client.get("/metrics")
    assert told.status_code == 200
    found = {}
    for family in text_string_to_metric_families(told.text):
        for one in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(one.labels.items()))
            found[f"{one.name}{{{labels}}}"] = one.value
    return found


def test_nobody_reads_it_unless_the_settings_name_them(app: FastAPI, shown: FastAPI) -> None:
    with asking(app, "127.0.0.1") as client:
        assert client.get("/metrics").status_code == 404
    with asking(shown, "203.0.113.7") as stranger:
        told = stranger.get("/metrics")
        assert (told.status_code, told.json()) == (404, {"error": "There is nothing here."})
        forged = {"X-Forwarded-For": "10.0.0.9"}
        assert stranger.get("/metrics", headers=forged).status_code == 404
    with asking(shown) as reader:
        told = reader.get("/metrics")
        assert told.headers["Content-Type"].startswith("text/plain; version=")
        assert told.headers["Cache-Control"] == "no-store"
        assert reader.head("/metrics").status_code == 200
        assert reader.post("/metrics").status_code == 405
        assert reader.get("/es/metrics").status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {"X-Forwarded-For": "203.0.113.7"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=203.0.113.7"},
        {"Via": "1.1 proxy"},
        {"X-Real-IP": "203.0.113.7"},
        {"X-Forwarded-Host": "clinic.example"},
        {"X-Forwarded-Proto": "https"},
        {"CF-Connecting-IP": "203.0.113.7"},
    ],
)
def test_it_is_not_read_through_the_public_proxy(sent: dict[str, str], shown: FastAPI) -> None:
    with asking(shown, "127.0.0.1") as proxy:
        assert proxy.get("/metrics", headers=sent).status_code == 404
        assert proxy.get("/metrics").status_code == 200


def test_questions_are_counted_by_how_they_end(shown: FastAPI) -> None:
    with asking(shown) as client:
        before = figures(client)
        for question, times in {
            "side effects": 3, "metformin": 2, "hurt myself": 1, "chest pain": 1, "fail": 2,
        }.items():  # fmt: skip
            for _ in range(times):
                client.post("/api/ask", json={"question": question})
        client.post("/es/plain", data={"question": "side effects"})
        client.post("/api/ask", json={"question": "side effects", "language": "xx"})
        client.post("/api/ask", content=b"x" * 300_000)
        found = {name: value - before.get(name, 0) for name, value in figures(client).items()}

    def count(kind: str, reason: str = "", language: str = "en") -> float:
        return found[
            f"quotewell_questions_total{{kind={kind},language={language},reason={reason}}}"
        ]

    assert [count("answer"), count("answer", language="es")] == [3, 1]
    assert count("answer", language="other") == 1
    assert count("refusal", "wrong_subject") == 2
    assert [count("crisis"), count("emergency"), count("error")] == [1, 1, 2]
    assert found["quotewell_answer_seconds_count{}"] == 11
    assert found["quotewell_responses_total{area=ask,status=413}"] == 1
    assert found["quotewell_responses_total{area=ask,status=503}"] == 2
    assert before[f"quotewell_generation_info{{generation={StandIn.generation}}}"] == 1
    assert found["quotewell_questions_inside{}"] == found["quotewell_questions_waiting{}"] == 0
    assert found["quotewell_stale_seconds{}"] == 0


def test_what_is_turned_away_and_stale_is_counted() -> None:
    since = {"stale_since": "2026-11-26T08:00:00+00:00"}
    app = made(questions_per_minute=1, questions_burst=2, following=lambda: since)
    with asking(app) as client:
        for _ in range(5):
            client.post("/api/ask", json={"question": "side effects"})
        found = figures(client)
    assert found["quotewell_turned_away_total{why=rate}"] == 3
    assert found["quotewell_turned_away_total{why=full}"] == 0
    assert found["quotewell_responses_total{area=ask,status=429}"] == 3
    assert found["quotewell_stale_seconds{}"] != 0


def test_nothing_that_was_sent_is_in_it_and_its_size_is_bounded(shown: FastAPI) -> None:
    with asking(shown) as client:
        for number in range(100):
            body = {"question": f"{ODD} {number} side effects", "language": f"zebra{number}"}
            receipt = client.post("/api/ask", json=body | {"qid": "zebra"}).json()["receipt"]
            if number % 4:
                continue
            client.get(f"/documents/zebra-{number}", headers={"X-Zebra": "zebra"})
            client.get(f"/zebra/{number}?zebra={number}")
            client.get(f"/zebra{number}/health")
            client.request(f"ZEBRA{number % 7}", "/plain")
            client.post("/feedback", data={"note": ODD}, headers={"Sec-Fetch-Site": "same-origin"})
        client.get(f"/documents/{CARE_DOCUMENT.id}")
        told = client.get("/metrics").text
    words = (
        "zebra",
        "Müller",
        "555-0199",
        "10.0.0.9",
        "203.0.113",
        "Ketamine treatment",
        "leaflet",
    )
    assert [word for word in words if word.lower() in told.lower()] == []
    assert not receipt or receipt[:20] not in told
    labels = set(re.findall(r'(\w+)="', told))
    assert labels <= {"kind", "reason", "language", "why", "area", "status", "generation", "le"}
    assert len(told.splitlines()) < 150


def test_an_address_is_counted_as_one_of_a_few_words() -> None:
    roots = ("/es",)
    assert area_of("/", 200, roots) == area_of("/es/", 200, roots) == "page"
    assert area_of("/es/documents/x", 200, roots) == area_of("/documents", 200) == "document"
    assert area_of("/documentszebra", 404) == area_of("/zebra", 404) == "other"
    assert area_of("/staff/login", 401) == "login"
    assert area_of("/staff/zebra", 303) == "staff"
    assert area_of("/es/plain", 429, roots) == "plain"
