"""Questions as lines of JSON: `{"qid", "question", "documents"?, "previous"?}`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from qa.errors import QuestionError

__all__ = ["Asked", "open_asked", "read_asked"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question; `documents` are the file names to search within, None for all, and `previous`
    the earlier questions of the conversation, oldest first."""

    question: str
    qid: str | int | None
    documents: tuple[str, ...] | None
    previous: tuple[str, ...] = ()


@contextmanager
def open_asked(name: str) -> Iterator[BinaryIO]:
    """Opens a file of questions, `-` for standard input. Raises QuestionError if there is none."""
    if name == "-":
        yield sys.stdin.buffer
        return
    path = Path(name)
    if not path.is_file():
        raise QuestionError(f"There is no file {name}. Name one, or - for standard input.")
    with path.open("rb") as file:
        yield file


def read_asked(lines: Iterable[bytes], name: str) -> Iterator[Asked]:
    """The questions, one a line, read as they are needed; blank lines are passed over.

    `name` is what messages call the source. Raises QuestionError naming the line that is wrong.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _read_line(line, f"{name}: line {number}")


def _read_line(line: bytes, where: str) -> Asked:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise QuestionError(
            f"{where}: byte {error.start} of it is not UTF-8. Save it as UTF-8."
        ) from None
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"{where}: this is not JSON ({error}).") from None
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        raise QuestionError(f'{where}: a line looks like {{"qid": "1", "question": "..."}}.')
    documents, qid, previous = row.get("documents"), row.get("qid"), row.get("previous")
    if documents is not None and not _are_texts(documents):
        raise QuestionError(f'{where}: "documents" is a list of file names.')
    if previous is not None and not _are_texts(previous):
        raise QuestionError(f'{where}: "previous" is a list of questions, oldest first.')
    if qid is not None and not isinstance(qid, str | int):
        raise QuestionError(f'{where}: "qid" is a string or a number.')
    within = None if documents is None else tuple(documents)
    return Asked(row["question"], qid, within, tuple(previous or ()))


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
