"""How sure the answers are, at /staff/confidence: plots, the threshold's slider, and saving it."""

from __future__ import annotations

import math
import re
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from qa.staff.desk import Desk
from qa.staff.latest_run import Measured, measured
from qa.staff.plots import LOOKS, SIZES, reliability_plot, risk_plot, spread_plot
from qa.staff.run_book import RunBook
from qa.staff.threshold import LONGEST_REASON, history, save_threshold, standing
from qa.web.looks import looks_now
from qa.web.staff.confidence_view import effect_values, plot_values, summary, told
from qa.web.staff.forms import checked_form, need_maintainer
from qa.web.staff.guard import session_of
from qa.web.staff.pages import StaffPages, StaffProblem

__all__ = ["confidence_router"]

_HERE = "/staff/confidence"
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""For a plot that is opened by itself: matplotlib writes colours as styles within the SVG."""


def confidence_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """The page, its plots, what its script asks for, and saving a threshold."""
    router = APIRouter(include_in_schema=False)

    @router.get(_HERE)
    def show(request: Request) -> Response:
        found, stands = measured(desk), standing(desk)
        other = RunBook(desk.file).latest() if found is None else None
        asked = _share(request.query_params.get("threshold"))
        then = stands.now if asked is None else asked
        values: dict[str, Any] = {}
        if found and found.cases:
            values = effect_values(found, stands.now, then) | plot_values(found, stands.now)
            values |= {
                "summary": summary(found, stands.now, then),
                "changes": found.changes(desk),
                "pictures": _pictures(found, stands.now),
            }
        return pages.show(
            request,
            "confidence.html",
            scripted=True,
            found=found,
            other=other,
            stands=stands,
            in_use=told(stands.now),
            configured=told(stands.configured),
            written="" if stands.written is None else told(stands.written),
            chosen=told(then),
            may_save=session_of(request).member.may_publish,
            saved="saved" in request.query_params,
            history=history(desk),
            longest_reason=LONGEST_REASON,
            **values,
        )

    @router.get(f"{_HERE}/effect")
    def tell(request: Request) -> Response:
        found = _asked_for(desk, request)
        then = _share(request.query_params.get("threshold"))
        if found is None or then is None:
            return JSONResponse({"error": "There is no such run or threshold."}, 404)
        now = desk.assistant.policy_in_use().threshold
        answer = {
            "threshold": told(then),
            "summary": summary(found, now, then),
            "html": pages.fragment(
                "staff/confidence-effect.html", **effect_values(found, now, then)
            ),
        }
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    @router.get(f"{_HERE}/{{plot}}.svg")
    def picture(plot: str, request: Request) -> Response:
        found = _asked_for(desk, request)
        wanted = request.query_params
        theme, size, at = wanted.get("theme"), wanted.get("size"), _share(wanted.get("at"))
        if found is None or theme not in LOOKS or size not in SIZES or at is None:
            raise StaffProblem(404, "There is no such plot.")
        drawn = _drawn(plot, found, at, theme, size)
        headers = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": _PICTURE_POLICY,
        }
        return Response(drawn, media_type="image/svg+xml", headers=headers)

    @router.post(f"{_HERE}/threshold")
    async def save(request: Request) -> Response:
        form = await checked_form(request)
        need_maintainer(request)
        threshold = _share(form.get("threshold"))
        reason, stamp = str(form.get("reason", "")), str(form.get("stamp", ""))
        if threshold is None:
            raise StaffProblem(422, "A threshold lies between 0 and 1, in steps of 0.01.")
        who = session_of(request).member.name
        await run_in_threadpool(save_threshold, desk, who, threshold, reason, stamp)
        return RedirectResponse(looks_now().added_to(f"{_HERE}?saved=1"), 303)

    return router


def _asked_for(desk: Desk, request: Request) -> Measured | None:
    """The run that an address names."""
    number = request.query_params.get("run", "")
    return measured(desk, int(number)) if re.fullmatch("[0-9]{1,9}", number) else None


def _share(given: object) -> float | None:
    """A threshold from an address or a form; None where it is none."""
    try:
        share = float(given) if isinstance(given, str) else math.nan
    except ValueError:
        return None
    return share if 0.0 <= share <= 1.0 else None


def _drawn(plot: str, found: Measured, at: float, theme: str, size: str) -> bytes:
    if plot == "risk":
        return risk_plot(found.others, found.held, at, theme, size)
    if plot == "reliability":
        return reliability_plot(found.cases, theme, size)
    if plot == "spread":
        return spread_plot(found.cases, at, theme, size)
    raise StaffProblem(404, "There is no such plot.")


def _pictures(found: Measured, now: float) -> dict[str, list[dict[str, object]]]:
    """The variants of each plot, for `picture` elements: the last one is for whoever knows none.

    A theme that was chosen goes before the browser's own.
    """
    themes = (looks_now().theme,) if looks_now().theme else ("dark", "light")
    return {
        plot: [
            {
                "address": f"{_HERE}/{plot}.svg?"
                + urlencode({"run": found.run.id, "theme": theme, "size": size, "at": f"{now:g}"}),
                "media": _media(size, theme if len(themes) > 1 else ""),
                "width": SIZES[size][0],
                "height": SIZES[size][1],
            }
            for size in ("narrow", "wide")
            for theme in themes
        ]
        for plot in ("risk", "reliability", "spread")
    }


def _media(size: str, theme: str) -> str:
    wanted = ("(max-width: 760px)" if size == "narrow" else "", _DARK if theme == "dark" else "")
    return " and ".join(filter(None, wanted))


_DARK = "(prefers-color-scheme: dark)"
