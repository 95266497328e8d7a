"""The commands that set one generation against another, or an answer against itself."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_options import Config, Corpus, Index, settings_of
from qa.cli_options import put as print  # noqa: A004 - nothing printed steers the terminal
from qa.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.difference import Change

__all__ = ["diff", "relocate", "replay"]

_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


def diff(
    old: Annotated[
        str, typer.Argument(help="A generation's name or its beginning; else the live one")
    ] = "",
    new: Annotated[str, typer.Argument(help="The one to set beside it; else the newest")] = "",
    questions: Annotated[
        Path | None, typer.Option(help="Golden questions; else questions.csv in the corpus")
    ] = None,
    logged: Annotated[
        bool, typer.Option(help="Ask the logged questions as well, where any are kept.")
    ] = True,
    as_json: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write all of it as JSON; - prints it."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page to read, print or send.")
    ] = None,
    fail_on: Annotated[
        str,
        typer.Option(
            metavar="LIST", help="Exit with code 1 where one of these is found: now_wrong,..."
        ),
    ] = "",
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Show what patients would be told otherwise by a new generation, before it is published.

    The golden questions, and the logged ones where logging is on, are asked of both.
    """
    from qa.assembly import assistant_of, embedder_of
    from qa.comparing import compare_all, which_two
    from qa.difference_page import difference_page
    from qa.difference_report import difference_text
    from qa.golden import GOLDEN_FILE, of_another_corpus, read_golden
    from qa.keeping import store_of
    from qa.progress import drawn_progress
    from qa.publishing import generations, read_pointer
    from qa.question_log import read_questions

    failing = _changes(fail_on)
    settings = settings_of(corpus, index, config)
    kept, live = generations(settings.index), read_pointer(settings.index).generation
    names = which_two(kept, live, old, new)
    path = questions or settings.corpus / GOLDEN_FILE
    golden, asked = read_golden(path) if questions or path.exists() else [], list[str]()
    if logged and settings.privacy.log_questions:
        asked = [one.question for one in read_questions(store_of(settings))]
    embedder = embedder_of(settings)
    first, second = (assistant_of(settings, embedder=embedder, generation=name) for name in names)
    foreign = of_another_corpus(golden, lambda n: second.document(n) or first.document(n), path)
    if foreign:
        print(foreign, file=sys.stderr, flush=True)
        golden = []
    with drawn_progress() as progress:
        found = replace(compare_all(first, second, golden, asked, progress), foreign=foreign)
    if html:
        _write(html, difference_page(found))
    if as_json:
        text = json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n"
        if str(as_json) == "-":
            print(text, end="")
        else:
            _write(as_json, text)
    if str(as_json) != "-":
        print(_harmless(difference_text(found, None if sys.stdout.isatty() else 120)))
        for path in filter(None, (html, as_json)):
            print(f"\nWritten: {path}")
    if found.any_of(failing):
        raise typer.Exit(1)


def _changes(listed: str) -> set[Change]:
    """The changes that an option lists. Raises QuestionError for one that there is not."""
    from qa.difference import Change

    names = [name.strip() for name in listed.split(",") if name.strip()]
    unknown = [name for name in names if name not in list(Change)]
    if unknown:
        raise QuestionError(f"--fail-on knows no {unknown[0]!r}, only {', '.join(Change)}.")
    return {Change(name) for name in names}


def _write(path: Path, text: str) -> None:
    """Writes a file that only its owner may read: it may hold patients' questions."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            if os.name == "posix" and stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.fchmod(descriptor, 0o600)  # the mode above is for a new file only
            file.write(text)
    except OSError as error:
        raise QuestionError(f"{path} cannot be written: {error.strerror}. Take another.") from None


def relocate(
    write: Annotated[
        bool, typer.Option("--write", help="Keep the places that are certain in the file.")
    ] = False,
    generation: Annotated[
        str,
        typer.Option(
            help="The generation to look in; by default the newest staged one, else the live one."
        ),
    ] = "",
    questions: Annotated[
        Path | None, typer.Option(help="Golden questions; else questions.csv in the corpus")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Find where golden labels stand after documents changed; exit code 1 where one needs you.

    Words that are found as they were are certain. What is only like them is shown, never taken.
    """
    from qa.comparing import one_of
    from qa.generation import load, open_generation
    from qa.golden import GOLDEN_FILE, read_golden
    from qa.publishing import generations, live_generation, staged, waiting
    from qa.relocating import cells, relocation_text
    from qa.relocating import relocate as relocated

    settings = settings_of(corpus, index, config)
    path = questions or settings.corpus / GOLDEN_FILE
    golden = read_golden(path)
    to_publish = waiting(settings.index)[:1]  # which `qa publish` and `qa diff` speak of
    if generation or to_publish:
        name = one_of(generations(settings.index), generation or to_publish[0])
        found_in = open_generation(settings.index / "generations" / name, name, None)
    else:
        found_in = load(settings.index)
    never_live = found_in.name in staged(settings.index)
    is_live = found_in.name == live_generation(settings.index)
    state = "live" if is_live else "staged" if never_live else "past"
    found = relocated(golden, found_in.documents, found_in.sentences_of)
    written = None
    if write:
        made = cells(golden, found, found_in.documents)
        _write_column(path, made)
        written = sum(one is not None for one in made)
    if as_json:
        rows = [one.to_dict() for places in found for one in places]
        searched = {"generation": found_in.name, "state": state}
        made_json = {**searched, "written": written, "labels": rows}
        print(json.dumps(made_json, ensure_ascii=False, indent=2))
    else:
        print(f"Looked in generation {found_in.name} ({state}).")
        print(relocation_text(found, written))
    if any(one.status.needs_a_person for places in found for one in places):
        raise typer.Exit(1)


def _write_column(path: Path, values: Sequence[str | None]) -> None:
    """Writes the places into a file of golden questions, all of them or nothing."""
    from qa.golden import SPANS
    from qa.golden_cells import with_column
    from qa.publishing import replace_file

    if not any(values):
        return
    path = path.resolve()  # a link stays one
    try:
        data, mode = path.read_bytes(), stat.S_IMODE(path.stat().st_mode)
        made = with_column(data, SPANS, values, str(path))
        if made != data:
            replace_file(path, made)
            path.chmod(mode)
    except OSError as error:
        raise QuestionError(
            f"{path} cannot be written ({error.strerror}). Make it and its folder writable."
        ) from error


def replay(
    receipt: Annotated[
        str,
        typer.Argument(
            metavar="RECEIPT|FILE|-",
            help="The `receipt` of an answer, or a file that holds it or the answer as JSON; - is "
            "standard input.",
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Give an answer again from its receipt, or say why not; exit code 1 where it is not the same.

    The answer comes from the generation that gave it, as on the day it was given.
    """
    from qa.assembly import assistant_of
    from qa.kept import what_became_of
    from qa.publishing import generations
    from qa.receipt import read_receipt
    from qa.replaying import replay as replayed
    from qa.report import answer_text

    read = read_receipt(_receipt_in(receipt))
    settings = settings_of(corpus, index, config)
    kept = generations(settings.index)
    told = "" if read.generation in kept else what_became_of(settings.index, read.generation)
    made = replayed(read, kept, lambda name: assistant_of(settings, generation=name).ask, told)
    if as_json:
        print(json.dumps(made.to_dict(), ensure_ascii=False, indent=2))
    else:
        if made.answer:
            print(_harmless(answer_text(made.answer)) + "\n")
        what = "Identical to" if made.identical else "Not identical to"
        print(f"{what} the answer of {read.day} from generation {read.generation}.")
        for line in (*made.differs, *(f"since then: {one}" for one in made.settings)):
            print(f"- {_harmless(line)}")
    if not made.identical:
        raise typer.Exit(1)


def _receipt_in(given: str) -> str:
    """The receipt that an argument is, or names. Raises QuestionError where there is none."""
    from qa.receipt import BEGINNING, MOST_CHARACTERS

    if given.startswith(BEGINNING):
        return given
    try:
        if given == "-":
            data = sys.stdin.buffer.read(MOST_CHARACTERS + 1)
        else:
            with Path(given).open("rb") as file:
                data = file.read(MOST_CHARACTERS + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise QuestionError(
            f"{given[:80]!r} is no receipt (one begins with {BEGINNING!r}) and no file that can be "
            f"read ({why}). Copy the `receipt` of an answer: qa ask --json."
        ) from None
    text = data.decode("utf-8-sig", "replace").strip()
    if not text.startswith("{"):
        return text
    try:
        found = json.loads(text)["receipt"]
    except (ValueError, KeyError, RecursionError):
        found = None
    if not isinstance(found, str) or not found:
        raise QuestionError(
            "This JSON has no receipt. Give one answer as `qa ask --json` prints it, or the "
            "receipt itself."
        )
    return found


def _harmless(text: str) -> str:
    """Without characters that steer a terminal or turn its lines round: a receipt's question may
    hold some."""
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)
