"""The command line. The only part that prints, and that draws progress.

Heavy modules are imported inside the commands, so that `qa --help` answers at once.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated, BinaryIO, cast

import typer

from qa import __version__
from qa.cli_build import build
from qa.cli_diff import diff, relocate, replay
from qa.cli_doctor import doctor
from qa.cli_faults import machine_fault
from qa.cli_measure import calibrate, evaluate, test
from qa.cli_options import Config, Corpus, Index, settings_of, tell, with_folders
from qa.cli_options import put as print  # noqa: A004 - nothing printed steers the terminal
from qa.cli_publish import (
    generations,
    prune,
    publish,
    publishing_rows,
    rollback,
    told_way_back,
    warn_if_stale,
)
from qa.cli_records import feedback, purge, questions, status_rows
from qa.cli_streams import with_streams
from qa.cli_transfer import export, import_
from qa.cli_users import staff_row, user
from qa.cli_verify import verify
from qa.errors import QuestionError, QuotewellError, VectorStoreError

if TYPE_CHECKING:
    from io import TextIOWrapper

    from qa.types import Answer

__all__ = ["app", "main"]


class _Audience(StrEnum):
    """Whom an answer is for."""

    patients = "patients"
    staff = "staff"


app = typer.Typer(
    name="qa",
    help="Answers questions with word-for-word quotes from your documents, or says plainly that "
    "they do not answer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Runs the command line; errors that somebody can mend are shown without a traceback."""
    with_streams()
    for stream in (sys.stdout, sys.stderr):
        # Quotes hold characters of any script, which a terminal's own encoding may lack.
        cast("TextIOWrapper", stream).reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except QuotewellError as error:
        print(f"qa: {with_folders(str(error), sys.argv)}", file=sys.stderr)
        sys.exit(2)
    except (BrokenPipeError, SystemExit) as end:
        # Whoever read our output has gone, which is no error: `qa ask --jsonl ... | head`.
        if not any(isinstance(one, BrokenPipeError) for one in (end, end.__context__)):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # for what is written out at exit
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        told = machine_fault(error)
        if told is None:
            raise
        with suppress(OSError):  # the disk that is full may be the one of the log
            print(f"qa: {told}", file=sys.stderr)
            sys.stderr.flush()
        os._exit(2)  # not by way of what is still to be written out, which would fail again


def _version(wanted: bool) -> None:
    if wanted:
        print(f"quotewell {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    jsonl: Annotated[
        str | None,
        typer.Option(
            "--jsonl",
            metavar="FILE",
            help='Answer lines {"qid", "question", "documents"?} of FILE (- is standard input).',
        ),
    ] = None,
    trace: Annotated[
        bool, typer.Option(help="Add what was held back, and why, to JSON answers.")
    ] = False,
    document: Annotated[
        list[str] | None, typer.Option(help="Search only this document; may be repeated.")
    ] = None,
    language: Annotated[
        str, typer.Option(help="Language of the notices, one of the page's; else its first.")
    ] = "",
    audience: Annotated[
        _Audience, typer.Option(help="With `staff` documents for staff only are quoted as well.")
    ] = _Audience.patients,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Ask a question, or a file of questions."""
    if (question is None) == (jsonl is None):
        raise QuestionError('Give either a question or --jsonl FILE: qa ask "Is it safe?"')
    from qa.asked import open_asked
    from qa.assembly import assistant_of
    from qa.report import answer_text

    settings = settings_of(corpus, index, config)
    settings.page.require(language)
    if jsonl is not None:
        with open_asked(jsonl) as lines:
            ask_one = partial(
                assistant_of(settings).ask, trace=trace, language=language, audience=audience.value
            )
            _answer_lines(ask_one, lines, jsonl, document, trace)
        return
    with told_way_back(settings.index):
        answer = assistant_of(settings).ask(
            question or "",
            documents=document,
            trace=trace,
            language=language,
            audience=audience.value,
        )
    if as_json or trace:
        print(json.dumps(answer.to_dict(trace=trace), ensure_ascii=False, indent=2))
    else:
        print(answer_text(answer))


def _answer_lines(
    ask_one: Callable[..., Answer],
    lines: BinaryIO,
    name: str,
    document: list[str] | None,
    trace: bool,
) -> None:
    from qa.asked import read_asked

    for asked in read_asked(lines, name):
        documents = document if asked.documents is None else asked.documents
        answer = ask_one(
            asked.question, previous=asked.previous, documents=documents, qid=asked.qid
        )
        print(json.dumps(answer.to_dict(trace=trace), ensure_ascii=False), flush=True)


def serve(
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
    host: Annotated[str | None, typer.Option(help="Address to listen at.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at; 0 takes a free one.")] = None,
) -> None:
    """Serve the patient's page, the documents and the JSON API."""
    settings = settings_of(corpus, index, config, host=host, port=port)
    settings.safety_texts().validate()
    from qa.assembly import stated_numbers
    from qa.embedding import identify
    from qa.web.server import run

    model = identify(settings.embedding.model, settings.embedding.backend)
    warn_if_stale(settings.corpus, settings.index, model, settings.build_options())

    def say_ready(url: str) -> None:
        print(f"Crisis numbers: {stated_numbers(settings)}", file=sys.stderr)
        print(f"Quotewell is ready at {url}", flush=True)

    logging.getLogger("qa").setLevel(logging.INFO)
    with told_way_back(settings.index):
        run(settings, on_ready=say_ready)


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print it all as JSON.")] = False,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Show what is served, whether it is up to date, and which documents are not quoted and why.

    Exit code 1 if the vectors cannot be searched, so that questions get no answer.
    """
    from qa.assembly import engine_of, present_fingerprint, reading_of, stated_numbers
    from qa.build_plan import is_current, made_otherwise, withdrawn
    from qa.calibration import stated
    from qa.corpus import corpus_remarks
    from qa.embedding import identify
    from qa.generation import load
    from qa.keeping import store_of
    from qa.publishing import generations as kept_names
    from qa.report import generation_facts
    from qa.standing import standing_of
    from qa.standing_report import document_facts, document_lines, quoted_of

    settings = settings_of(corpus, index, config)
    asked, told = settings.privacy.log_questions, settings.privacy.feedback
    with told_way_back(settings.index):
        generation = load(settings.index)
    model = identify(settings.embedding.model, settings.embedding.backend)
    built_of = settings.corpus, settings.index, model, settings.build_options()
    current, gone_back = is_current(*built_of), withdrawn(*built_of)
    engine, unsearchable = engine_of(settings), ""
    try:
        engine.open(generation.name, generation.folder, generation.vectors)
    except VectorStoreError as error:
        unsearchable = f"cannot be searched: {error}"
    up_to_date = "yes" if current else "no: " + (gone_back or "run `qa build`")
    standings = standing_of(generation.documents, date.today())
    remarks = list(corpus_remarks(settings.corpus, generation.documents))
    if current and (otherwise := made_otherwise(generation.manifest, model, built_of[3])):
        remarks.append(otherwise)
    rows = {
        "Settings": settings.config or "none found",
        "Corpus": settings.corpus,
        "Index": settings.index,
        **generation_facts(generation),
        "Vectors": unsearchable or engine.facts(generation.name, generation.folder),
        "Quoted": quoted_of(standings),
        "Reader": reading_of(settings),
        **publishing_rows(settings.index),
        "Kept generations": len(kept_names(settings.index)),
        "Up to date": up_to_date + ("; its vectors cannot be searched" if unsearchable else ""),
        "Crisis numbers": stated_numbers(settings),
        "Error rate": stated(settings.index, present_fingerprint(settings, generation)),
        **status_rows(store_of(settings), asked, told),
        "Staff's pages": staff_row(settings.staff),
    }
    if as_json:
        facts = [document_facts(one, standings[one.id]) for one in generation.documents]
        told_of = {name: str(value) for name, value in rows.items()}
        made = {"facts": told_of, "documents": facts, "remarks": remarks}
        print(json.dumps(made, ensure_ascii=False, indent=2))
    else:
        for name, value in rows.items():
            tell(f"{name + ':':<18}{value}")
        for remark in remarks:
            print(f"Note: {remark}")
        for document in generation.documents:
            lines = document_lines(document, standings[document.id])
            print("\n".join(f"  {line}" for line in lines))
    if unsearchable:
        print(f"qa: The vectors {unsearchable}", file=sys.stderr)
        raise typer.Exit(1)


_COMMANDS: dict[str, dict[str, Callable[..., None]]] = {
    "Answers": {"serve": serve, "ask": ask, "status": status},
    "Documents": {"doctor": doctor, "build": build, "verify": verify},
    "Publishing": {
        "diff": diff,
        "publish": publish,
        "rollback": rollback,
        "generations": generations,
        "prune": prune,
        "replay": replay,
        "export": export,
        "import": import_,
    },
    "Measuring": {"test": test, "calibrate": calibrate, "relocate": relocate, "eval": evaluate},
    "What is kept of patients": {"feedback": feedback, "questions": questions, "purge": purge},
}
"""Under which heading of `qa --help` each command stands."""
for _panel, _commands in _COMMANDS.items():
    for _name, _command in _commands.items():
        app.command(_name, rich_help_panel=_panel)(_command)
app.add_typer(user, name="user", rich_help_panel="Staff")


if __name__ == "__main__":
    main()
