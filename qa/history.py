"""The history of an index: who built, published, took back and removed which generation, and why.

index/history.jsonl holds a line an event, oldest first. Lines are only ever added; each is on disk
before what it tells of is done, so that nobody's name is ever missing. What was told of but never
came, since the machine went down between, is seen from `previous` of the event after it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path

from qa.errors import PublishError
from qa.strict_json import read_json

__all__ = [
    "BUILD",
    "HISTORY",
    "LONGEST_REASON",
    "Counts",
    "Event",
    "History",
    "Signature",
    "append",
    "read_history",
    "succession",
    "took_effect",
]

HISTORY = "history.jsonl"
LONGEST_NAME = 100
"""Characters of a name."""
LONGEST_REASON = 500
"""Characters of a reason."""
_MADE_LIVE = ("published", "rolled_back")

Counts = Mapping[str, tuple[int, int]]
"""A rate's name → how many of how many."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who does something, and why. Raises PublishError where that is not to be read by people."""

    by: str
    why: str = ""
    forced: bool = False
    figures: Counts = field(default_factory=dict)
    """The golden questions' rates, where they were asked."""

    def __post_init__(self) -> None:
        if not self.by.strip():
            raise PublishError("A name is needed: add --by and who you are.")
        for option, text, most in (
            ("--by", self.by, LONGEST_NAME),
            ("--why", self.why, LONGEST_REASON),
        ):
            if not text.isprintable() or len(text) > most:
                raise PublishError(
                    f"{option} takes one line of at most {most} characters that can be printed."
                )


BUILD = Signature("qa build")


@dataclass(frozen=True, slots=True)
class Event:
    """Something done to a generation."""

    action: str
    """built, published, rolled_back, pruned or imported."""
    generation: str
    at: str
    """When, in UTC to the second."""
    by: str
    why: str = ""
    forced: bool = False
    """Whether it was done against what the checks said."""
    previous: str = ""
    """Which generation was live before; empty where none was, or nothing was made live."""
    manifest_sha256: str = ""
    """SHA-256 of the generation's manifest, in hex, as it was when the generation was kept."""
    figures: Counts = field(default_factory=dict)

    @classmethod
    def now(
        cls,
        action: str,
        generation: str,
        signature: Signature,
        previous: str = "",
        manifest_sha256: str = "",
    ) -> Event:
        """An event of this second."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        by, why, forced = signature.by.strip(), signature.why.strip(), signature.forced
        return cls(
            action, generation, at, by, why, forced, previous, manifest_sha256, signature.figures
        )


@dataclass(frozen=True, slots=True)
class History:
    """The events, oldest first, and the numbers of lines that are none."""

    events: tuple[Event, ...]
    unreadable: tuple[int, ...] = ()

    def manifest_sha256(self, generation: str) -> str:
        """The SHA-256 that was recorded of a generation's manifest; empty where none was."""
        known = [one.manifest_sha256 for one in self.events if one.generation == generation]
        return next((sha256 for sha256 in known if sha256), "")


def read_history(index: Path) -> History:
    """All events that were recorded. A last line that a kill cut off is passed over in silence.

    Raises PublishError where the file cannot be read.
    """
    try:
        data = (index / HISTORY).read_bytes()
    except FileNotFoundError:
        return History(())
    except OSError as error:
        raise PublishError(f"{index / HISTORY} cannot be read ({error.strerror}).") from error
    *lines, last = data.split(b"\n")
    found = [_event(line) for line in lines]
    cut_off = _event(last)
    events = [one for one in (*found, cut_off) if one]
    return History(tuple(events), tuple(n for n, one in enumerate(found, 1) if one is None))


def _event(line: bytes) -> Event | None:
    """The event of a line, None where it is no event's."""
    try:
        values = read_json(line)
        known = {one.name: values[one.name] for one in fields(Event) if one.name in values}
        figures = {name: (int(n), int(of)) for name, (n, of) in known.get("figures", {}).items()}
        made = Event(**known | {"figures": figures})
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None
    texts = (getattr(made, one.name) for one in fields(Event) if one.type == "str")
    return made if all(isinstance(text, str) for text in texts) else None


def append(index: Path, event: Event) -> None:
    """Adds an event, on disk before it returns. Only one may add at a time.

    What a kill left of a last line is taken off first. Raises OSError where it cannot be written.
    """
    path = index / HISTORY
    is_new = not path.exists()
    values = {name: value for name, value in asdict(event).items() if value}
    line = json.dumps(values, ensure_ascii=False).encode() + b"\n"
    with path.open("ab") as file:
        before = path.read_bytes()
        torn = before[before.rfind(b"\n") + 1 :]
        if torn and _event(torn):
            line = b"\n" + line  # only its line end was lost
        elif torn:
            file.truncate(len(before) - len(torn))
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    if is_new and os.name != "nt":
        folder = os.open(index, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def succession(events: Sequence[Event], live: str) -> list[str]:
    """The generations in the order in which going back meets them: the last is `live`.

    Going back takes off all that came after the generation that is gone back to, so that going
    back again leads further back, and never forth.
    """
    line: list[str] = []
    for event in took_effect(events, live):
        if event.action == "rolled_back":
            _go_back(line, event.generation)
        elif line[-1:] != [event.generation]:
            line.append(event.generation)
    if live:
        _go_back(line, live)
    return line


def _go_back(line: list[str], generation: str) -> None:
    if generation in line:
        last = len(line) - line[::-1].index(generation)
        del line[last:]
    else:
        line.append(generation)


def took_effect(events: Sequence[Event], live: str) -> list[Event]:
    """Those events that made a generation live: one may be told of that the machine never got to.

    `live` is the generation that is live now, empty where that is not known: whoever damaged the
    pointer did not undo what was done.
    """
    telling = [one for one in events if one.action in _MADE_LIVE]
    then = [*(one.previous for one in telling[1:]), live]
    pairs = zip(telling, then, strict=False)
    return [one for one, found in pairs if found in ("", one.generation)]
