"""Runs beside each other: the grid, what changed between two, and one question in all of them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from qa.staff.run_changes import changes_between, what_changed
from qa.staff.run_figures import compared
from qa.staff.run_grid import OUTCOMES, Wanted, columns_of, documents_of, grid_of, tags_of
from qa.staff.run_texts import quote_at
from qa.staff.running import generation_words
from qa.web.staff.pages import StaffProblem
from qa.web.staff.run_pages import RunPages
from qa.web.staff.run_view import EXPECTED, refusal_words

__all__ = ["add_comparing"]

_COLUMNS = (10, 20, 50)
"""Runs that the grid may show."""


def add_comparing(router: APIRouter, site: RunPages) -> None:
    """Adds these pages; none of them changes anything."""
    desk, book = site.desk, site.book

    @router.get("/staff/runs/grid")
    def grid(request: Request) -> Response:
        asked = request.query_params
        most = next((one for one in _COLUMNS if asked.get("runs") == str(one)), _COLUMNS[0])
        runs = book.runs(most, asked.get("generation", ""))
        golden, problem = site.golden()
        wanted = _wanted(asked)
        return site.show(
            request,
            "runs_grid.html",
            "grid",
            columns=columns_of(runs),
            rows=grid_of(golden, runs, wanted),
            every=len(grid_of(golden, runs, Wanted())),
            wanted=wanted,
            most=most,
            sizes=_COLUMNS,
            generation=asked.get("generation", ""),
            generations=[(name, generation_words(name)) for name in book.generations()],
            outcomes=[(name, words) for name, (words, _) in OUTCOMES.items()],
            tags=[(tag, tag) for tag in tags_of(runs)],
            documents=[(name, name) for name in documents_of(runs)],
            problem=problem,
        )

    @router.get("/staff/runs/changes")
    def changes(request: Request) -> Response:
        asked = request.query_params
        newer, older = (_number(asked.get(name, "")) for name in ("after", "before"))
        after = site.found(newer) if newer else book.latest() or book.latest(whole=False)
        before = site.found(older) if older else after and book.latest(before=after.id)
        values: dict[str, object] = {"changes": None, "changed": "", "figures": []}
        if before and after:
            values = {
                "changes": changes_between(before, after),
                "changed": what_changed(before, after),
                "figures": compared(after, before),
            }
        listed = book.listed()
        values |= {"listed": listed, "before": before, "after": after}
        return site.show(request, "runs_changes.html", "changes", **values)  # type: ignore[arg-type]

    @router.get("/staff/runs/{number:run}/question")
    def question(request: Request, number: int) -> Response:
        run, text = site.found(number), request.query_params.get("question", "")
        judged = next((one for one in run.judgements if one.question == text), None)
        if judged is None:
            raise StaffProblem(404, "That question was not asked in this run.")
        golden, problem = site.golden()
        others = (
            (other, then)
            for other in book.runs(_COLUMNS[0])
            for then in other.judgements
            if then.question == text
        )
        ids = {place.document_id for place in judged.places}
        return site.show(
            request,
            "run_question.html",
            run=run,
            one=judged,
            quotes=[(place, quote_at(desk, run, place)) for place in judged.places],
            readable={name for name in ids if desk.assistant.document(name)},
            expected=EXPECTED[judged.expect],
            refusal=refusal_words(judged),
            golden=next((one for one in golden if one.question == text), None),
            problem=problem,
            history=list(others),
            live=desk.assistant.generation,
        )


def _wanted(asked: QueryParams) -> Wanted:
    return Wanted(
        outcome=asked.get("outcome", ""),
        tag=asked.get("tag", ""),
        document=asked.get("document", ""),
        text=asked.get("text", "").strip(),
        changed=asked.get("changed", "") == "1",
    )


def _number(text: str) -> int:
    """An id that was asked for; 0 where none was."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
