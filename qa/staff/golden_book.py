"""The file of golden questions, edited by many at once without losing a line.

Each edit is made under a lock, on the file as it is then, and replaces it all at once. It names
what its author saw of a line: where somebody changed that line meanwhile, it is refused. Somebody
with an editor knows of no lock; a file that is just being saved is waited for, and nothing is
written over a version that was not read. Only an editor that writes an old version over a new one
can lose lines, and editors ask before they do.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from filelock import FileLock, Timeout

from qa.errors import QuestionError
from qa.golden import fold
from qa.publishing import replace_file
from qa.staff.golden_text import NEW_FILE, GoldenText, Kept, Label, same_question

__all__ = ["Edit", "GoldenBook", "Kept", "Label", "same_question"]

_SETTLED_S = 0.2
"""Seconds for which a file was left alone before it counts as saved."""
_TRIES = 25
# What is written here gets a time of whole milliseconds, which other programs leave to chance: it
# was put in place as a whole, and need not be waited for.
_OWN_NS = 1_000_000


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a line that somebody saw."""

    digest: str
    """That of the line they saw."""
    question: str
    """What it asked, for the message that says it is another one now."""
    label: Label | None
    """What it is to say; None takes it out."""


class GoldenBook:
    """The golden questions of a corpus."""

    def __init__(self, path: Path, wait_s: float = 20.0) -> None:
        """Others who edit the file are waited for `wait_s` seconds. It need not be there yet."""
        self.path = path
        self._wait_s = wait_s

    def kept(self) -> tuple[Kept, ...]:
        """The questions in their order. Raises QuestionError where the file cannot be read."""
        return self._text(self._bytes()).kept

    def find(self, question: str) -> Kept | None:
        """The one that asks this, in whatever capitals and white space."""
        return next(
            (one for one in self.kept() if same_question(one.label.question, question)), None
        )

    def seen(self, digest: str) -> Kept | None:
        """The one whose line is as somebody saw it; None where it is not there any more."""
        return next((one for one in self.kept() if one.digest == digest), None)

    def add(self, label: Label, others: Mapping[str, str] | None = None) -> Kept:
        """Adds a question at the end, with `others` in columns that are not known here.

        Raises QuestionError where it is there already.
        """
        return self.revise((), [label], others)[0]

    def change(self, digest: str, question: str, label: Label) -> Kept:
        """Changes the line of that digest, which asked `question`.

        Raises QuestionError where it is another line by now, and then changes nothing.
        """
        return self.revise([Edit(digest, question, label)])[0]

    def delete(self, digest: str, question: str) -> None:
        """Takes the line of that digest out; raises as `change` does."""
        self.revise([Edit(digest, question, None)])

    def revise(
        self,
        edits: Sequence[Edit],
        added: Sequence[Label] = (),
        others: Mapping[str, str] | None = None,
    ) -> list[Kept]:
        """Makes all edits and additions, or none; gives what is kept of them, in their order.

        Raises QuestionError where one is not possible, or the file cannot be read or written.
        """
        path = self.path.resolve()
        lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=self._wait_s)
        try:
            with lock:
                return self._revise(path, edits, added, others)
        except Timeout:
            raise QuestionError(
                f"Somebody else has been writing {self.path} for {self._wait_s:g} seconds. "
                "Nothing was changed; try again."
            ) from None
        except OSError as error:
            raise QuestionError(
                f"{self.path} cannot be written ({error.strerror}). Nothing was changed. Check who "
                "owns the folder of documents, and whether the disk is full."
            ) from None

    def _revise(
        self,
        path: Path,
        edits: Sequence[Edit],
        added: Sequence[Label],
        others: Mapping[str, str] | None,
    ) -> list[Kept]:
        for _ in range(_TRIES):
            if not _is_settled(path):
                time.sleep(_SETTLED_S)
                continue
            data = self._bytes()
            text = self._text(data)
            numbers = _numbers_of(edits, text.kept)
            changes = {n: edit.label for n, edit in zip(numbers, edits, strict=True)}
            made = text.edited(changes, added, others)
            fresh = self._text(made).kept
            _check_single(text.kept, fresh, [one.label for one in edits if one.label] + list(added))
            if self._bytes() != data:
                continue  # somebody saved it in this moment: theirs is edited
            now = time.time_ns()
            try:
                replace_file(path, made, modified_ns=now - now % _OWN_NS)
            except OSError as error:
                raise QuestionError(
                    f"{self.path} cannot be written: {error.strerror}. Nothing was changed."
                ) from None
            removed = sorted(n for n, label in changes.items() if label is None)
            left = [
                fresh[n - 1 - sum(gone < n for gone in removed)]
                for n, edit in zip(numbers, edits, strict=True)
                if edit.label
            ]
            return left + list(fresh[len(fresh) - len(added) :] if added else [])
        raise QuestionError(
            f"Another program keeps writing {self.path}. Nothing was changed; try again."
        )

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return NEW_FILE
        except OSError as error:
            raise QuestionError(f"{self.path} cannot be read: {error.strerror}.") from None

    def _text(self, data: bytes) -> GoldenText:
        return GoldenText(data, self.path.name)


def _is_settled(path: Path) -> bool:
    """Whether nobody is in the middle of saving the file, as far as its time tells."""
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return True
    age = time.time_ns() - changed
    return changed % _OWN_NS == 0 or not 0 <= age < _SETTLED_S * 1e9


def _numbers_of(edits: Sequence[Edit], kept: Sequence[Kept]) -> list[int]:
    # Of equal lines the first; looked up, since an import may edit thousands at once.
    numbers = {one.digest: one.number for one in reversed(kept)}
    return [numbers.get(edit.digest) or _raise_changed(edit, kept) for edit in edits]


def _raise_changed(edit: Edit, kept: Sequence[Kept]) -> NoReturn:
    """Says what became of a line that is not as somebody saw it."""
    now = next((one for one in kept if same_question(one.label.question, edit.question)), None)
    if now is None:
        raise QuestionError(
            "Somebody changed this question meanwhile: it is not in the file any more. Nothing was "
            "changed."
        )
    label = now.label
    words = f", \u201c{label.quote[:120]}\u201d" if label.quote else ""
    raise QuestionError(
        f"Somebody changed this question meanwhile: golden question {now.number} says now "
        f"\u201c{label.expect}\u201d{words}. Nothing was changed; look at it again."
    )


def _check_single(before: Sequence[Kept], after: Sequence[Kept], written: Sequence[Label]) -> None:
    """Raises QuestionError where a question that was written is now there once more than before."""
    old, new = (Counter(_key(one.label) for one in kept) for kept in (before, after))
    for label in written:
        key = _key(label)
        if new[key] > max(1, old[key]):
            first = next(one for one in after if _key(one.label) == key)
            raise QuestionError(
                f"Golden question {first.number} asks this already: "
                f"\u201c{fold(label.question)[:120]}\u201d. Change that one; nothing was written."
            )


def _key(label: Label) -> str:
    return fold(label.question).casefold()
