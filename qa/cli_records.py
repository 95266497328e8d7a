"""The commands for what is kept: `qa purge`, `qa feedback` and `qa questions`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_options import Config, settings_of
from qa.cli_options import put as print  # noqa: A004 - nothing printed steers the terminal

if TYPE_CHECKING:
    from qa.store import Store

__all__ = ["feedback", "purge", "questions", "status_rows"]

_WAIT_S = 5.0
"""Seconds that a lock of the server's is waited for; it holds one for milliseconds."""

CsvFile = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", help="Write all rows there, for a spreadsheet."),
]


def purge(
    everything: Annotated[
        bool, typer.Option("--all", help="Delete all questions and all feedback, of any age.")
    ] = False,
    with_feedback: Annotated[
        bool, typer.Option("--feedback", help="Delete feedback of that age as well.")
    ] = False,
    config: Config = None,
) -> None:
    """Delete logged questions older than `keep_days` for good."""
    from qa.keeping import store_of

    settings = settings_of(config=config)
    store = store_of(settings, _WAIT_S)
    if not store.path.exists():
        print(f"Nothing is kept: there is no {store.path}.")
        return
    done = store.purge(feedback=with_feedback, everything=everything)
    print(f"Deleted {done['questions']} questions and {done['feedback']} rows of feedback.")
    left = {table: store.count(table)[0] for table in done}
    print(f"Left in {store.path}: {left['questions']} and {left['feedback']}.")


def feedback(
    csv: CsvFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print totals and rows as JSON.")] = False,
    config: Config = None,
) -> None:
    """Show what patients said of answers."""
    from qa.feedback import feedback_row, read_feedback, totals
    from qa.keeping import store_of
    from qa.records_report import feedback_table, totals_text
    from qa.spreadsheet import write_csv

    found = read_feedback(store_of(settings_of(config=config), _WAIT_S))
    rows = [feedback_row(one) for one in found]
    if csv:
        names = list(rows[0]) if rows else ["verdict", "reason", "note", "day"]
        write_csv(csv, names, ([row[name] for name in names] for row in rows))
    if as_json:
        places = [{"places": json.loads(row["places"])} for row in rows]
        shown = [row | more for row, more in zip(rows, places, strict=True)]
        made = {"totals": totals(found), "feedback": shown}
        print(json.dumps(made, ensure_ascii=False, indent=2))
        return
    print(totals_text(totals(found)))
    if csv:
        print(f"{len(rows)} rows are in {csv}.")
    elif found:
        print(feedback_table(found, None if sys.stdout.isatty() else 140))


def questions(csv: CsvFile = None, config: Config = None) -> None:
    """Show the questions that were logged."""
    from qa.keeping import store_of
    from qa.question_log import question_row, read_questions
    from qa.records_report import questions_table
    from qa.spreadsheet import write_csv

    settings = settings_of(config=config)
    privacy = settings.privacy
    found = read_questions(store_of(settings, _WAIT_S))
    print(f"{_logging_text(privacy.log_questions, privacy.keep_days)} Kept now: {len(found)}.")
    if csv:
        rows = [question_row(one) for one in found]
        names = ["day", "question", "kind", "reason", "places", "generation"]
        write_csv(csv, names, ([row[name] for name in names] for row in rows))
        print(f"{len(rows)} rows are in {csv}.")
    elif found:
        print(questions_table(found, None if sys.stdout.isatty() else 140))


def status_rows(store: Store, log_questions: bool, feedback: bool) -> dict[str, str]:
    """What is kept, how much of it and since when, for `qa status`; the flags say what is on."""
    from qa.errors import StoreError

    on = {"questions": log_questions, "feedback": feedback}
    names = {"questions": "Questions logged", "feedback": "Feedback taken"}
    rows = {}
    for table, name in names.items():
        try:
            count, since = store.count(table)
            kept = f"{count} kept since {since}" if count else "none kept"
        except StoreError as error:
            kept = str(error)
        limit = f" (for {store.keep_days} days)" if table == "questions" and on[table] else ""
        rows[name] = f"{'yes' if on[table] else 'no'}{limit}, {kept}"
    return rows


def _logging_text(on: bool, days: int) -> str:
    if on:
        return f"Questions are logged and kept for {days} days."
    return "Questions are not logged (`log_questions` under [privacy] in qa.toml)."
