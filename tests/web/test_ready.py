"""/ready and /health: what a proxy and whoever restarts a server are told."""

from __future__ import annotations

from fastapi import FastAPI
from httpx import Response
from starlette.testclient import TestClient

from qa.errors import QuotewellError, VectorStoreDown
from qa.web.readiness import ready_router
from qa.web.schemas import Ready
from tests.web.stand_in import StandIn


def asked(
    assistant: StandIn, following: dict[str, str] | None = None, stopping: bool = False
) -> Response:
    """What /ready says where all else of the application is left out."""
    app = FastAPI()
    app.include_router(ready_router(assistant, lambda: following or {}, lambda: stopping))
    return TestClient(app).get("/ready")


GOOD = {"index": "ok", "model": "ok", "search": "ok", "server": "ok"}


class Failing(StandIn):
    """One whose check raises."""

    def __init__(self, error: QuotewellError) -> None:
        super().__init__()
        self._error = error

    def check(self) -> None:
        raise self._error


class Unloaded(StandIn):
    @property
    def generation(self) -> str:  # type: ignore[override]
        raise QuotewellError("No index was built yet.")


def test_a_server_that_answers_is_ready_and_names_its_generation(client: TestClient) -> None:
    told = client.get("/ready")
    assert (told.status_code, told.headers["Cache-Control"]) == (200, "no-store")
    assert told.json() == {"status": "ready", "generation": StandIn.generation, "checks": GOOD}
    Ready.model_validate(told.json())


def test_head_is_answered_by_both(client: TestClient) -> None:
    for path in ("/ready", "/health"):
        assert client.head(path).status_code == 200
        assert client.post(path).status_code == 405
        assert client.get(f"/es{path}").status_code == 404


def test_a_server_without_a_model_or_a_generation_is_not_ready() -> None:
    secret = "/srv/clinic/models is damaged"
    told = asked(Failing(QuotewellError(secret)))
    assert (told.status_code, told.json()["checks"]["model"]) == (503, "failed")
    assert secret not in told.text
    told = asked(Unloaded())
    assert (told.status_code, told.json()["generation"]) == (503, "")
    assert told.json()["checks"]["index"] == "failed"


def test_where_the_vector_store_is_down_help_is_still_to_be_had_here() -> None:
    told = asked(Failing(VectorStoreDown("Milvus is down")))
    assert (told.status_code, told.json()["checks"]["search"]) == (200, "down")


def test_a_stale_server_is_ready_and_says_so() -> None:
    told = asked(StandIn(), {"stale_since": "2026-11-26T08:00:00+00:00"})
    assert (told.status_code, told.json()["checks"]["index"]) == (200, "stale")


def test_a_server_that_stops_is_not_ready() -> None:
    told = asked(StandIn(), stopping=True)
    assert (told.status_code, told.json()["status"]) == (503, "not_ready")
    assert told.json()["checks"]["server"] == "stopping"
