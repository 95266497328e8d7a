"""The commands that set one generation against another, or an answer against itself."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from qa.cli_options import Config, Corpus, Index, settings_of
from qa.errors import QuestionError

__all__ = ["replay"]

_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


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
    from qa.publishing import generations
    from qa.receipt import read_receipt
    from qa.replaying import replay as replayed
    from qa.report import answer_text

    read = read_receipt(_receipt_in(receipt))
    settings = settings_of(corpus, index, config)
    kept = generations(settings.index)
    made = replayed(read, kept, lambda name: assistant_of(settings, generation=name))
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
