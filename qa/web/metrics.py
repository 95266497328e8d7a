"""GET /metrics: figures of a running server in Prometheus' text form, without anybody in them.

No label holds a question, an address, a title, a receipt or anything else that somebody sent: each
is one of a list that stands in this program or in its settings, but for the name of the generation
that answers, of which there is one at a time. Names and units follow Prometheus' own advice
(https://prometheus.io/docs/practices/naming/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from qa.web.admission import Admission
from qa.web.peer import Networks, is_direct, peer_of

__all__ = ["Metrics", "metrics_router"]

# They would tell when the first message of danger came.
disable_created_metrics()  # type: ignore[no-untyped-call]
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds of the times that answers take."""


class Metrics:
    """All figures, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.questions = Counter(
            "quotewell_questions",
            "Questions that were answered, refused or failed.",
            ["kind", "reason", "language"],
            registry=registry,
        )
        self.seconds = Histogram(
            "quotewell_answer_seconds",
            "Seconds from a question's turn to its answer.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.turned_away = Counter(
            "quotewell_turned_away",
            "Requests turned away: of one client too fast (rate), or too many in all (full).",
            ["why"],
            registry=registry,
        )
        self.responses = Counter(
            "quotewell_responses",
            "Responses by what was asked for and by status; 413 and 408 are refused bodies.",
            ["area", "status"],
            registry=registry,
        )
        self.connections_ended = Counter(
            "quotewell_connections_ended",
            "Connections ended because they were slow, or too many.",
            ["why"],
            registry=registry,
        )
        for why in ("rate", "full"):
            self.turned_away.labels(why)
        for why in ("slow", "too_many"):
            self.connections_ended.labels(why)
        # Memory, processor time and open files, from a few files of /proc; nothing without them.
        ProcessCollector(registry=registry)

    def watch(
        self,
        admission: Admission,
        generation: Callable[[], str],
        following: Callable[[], Mapping[str, str]],
    ) -> None:
        """Adds what is looked up when somebody reads the figures."""
        self.registry.register(_Now(admission, generation, following))

    def text(self) -> bytes:
        """The figures as they are now."""
        return generate_latest(self.registry)


class _Now(Collector):
    """What is so at the moment."""

    def __init__(
        self,
        admission: Admission,
        generation: Callable[[], str],
        following: Callable[[], Mapping[str, str]],
    ) -> None:
        self._admission = admission
        self._generation = generation
        self._following = following

    def describe(self) -> Iterator[Metric]:
        """Nothing is looked up when this is registered."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Each figure with its value."""
        yield GaugeMetricFamily(
            "quotewell_questions_inside", "Questions being answered.", self._admission.answering
        )
        yield GaugeMetricFamily(
            "quotewell_questions_waiting", "Questions waiting their turn.", self._admission.waiting
        )
        info = GaugeMetricFamily(
            "quotewell_generation_info", "The generation that answers.", labels=["generation"]
        )
        info.add_metric([self._generation()], 1)
        yield info
        yield GaugeMetricFamily(
            "quotewell_stale_seconds",
            "Seconds for which what is published could not be served; 0 where it is.",
            _seconds_since(self._following().get("stale_since", "")),
        )


def metrics_router(metrics: Metrics, readers: Networks | None) -> APIRouter:
    """GET /metrics for `readers`: nobody where it is None.

    A request is answered only if it came from their address itself. One that a proxy handed on is
    not, so that a proxy on the same machine does not open the figures to everybody.
    """
    router = APIRouter(include_in_schema=False)

    def show(request: Request) -> Response:
        direct = is_direct(request.scope)
        if readers is None or not direct or not _may_read(readers, peer_of(request.scope)):
            return Response(
                '{"error":"There is nothing here."}', 404, media_type="application/json"
            )
        headers = {"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE_LATEST}
        return Response(metrics.text(), headers=headers)

    router.add_api_route("/metrics", show, methods=["GET"], response_model=None)
    return router


def _may_read(readers: Networks, peer: str | None) -> bool:
    return readers.everybody or readers.hold(peer)


def _seconds_since(moment: str) -> float:
    """Seconds since a moment as `Following` has it; 0 where there is none."""
    if not moment:
        return 0.0
    return max(0.0, (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds())
