"""What is live, what is staged and what was live before, as a maintainer asks about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qa.build_plan import is_current, matches, withdrawn
from qa.corpus import source_files
from qa.errors import QuotewellError
from qa.history import HISTORY, Event, read_history
from qa.kept import LIVE, KeptGeneration, kept_generations
from qa.publishing import going_back_to, live_generation, waiting
from qa.publishing_report import signed_text
from qa.reuse import manifest_of
from qa.staff.desk import Desk

__all__ = ["Overview", "Release", "moment", "overview_of"]


@dataclass(frozen=True, slots=True)
class Release:
    """A kept generation, in words."""

    name: str
    state: str
    """live, staged or past, as in `qa.kept`."""
    made: str
    """When it was built, and by whom or what."""
    documents: int
    chunks: int
    history: tuple[str, ...]
    """Who published it, went back to it or from it, when and why; oldest first."""
    problems: tuple[str, ...]
    """Files that are not as they were recorded; empty where it can be served."""
    changes: str = ""
    """How its documents differ from the live ones; of one that is not live."""
    waits: bool = False
    """Whether it is staged to be published."""
    before: bool = False
    """Whether going back leads to it."""


@dataclass(frozen=True, slots=True)
class Overview:
    """All that is kept, newest first."""

    releases: tuple[Release, ...]
    serving: str
    """The generation that this server answers from."""
    published: str
    """The one that is published; empty where that cannot be told."""
    stale_since: str
    """Since when the server could not take what is published; empty where it can."""
    back_to: str
    """Where going back leads; empty where nowhere."""
    warnings: tuple[str, ...]

    @property
    def live(self) -> Release | None:
        """The live one."""
        return next((one for one in self.releases if one.state == LIVE), None)

    @property
    def waiting(self) -> tuple[Release, ...]:
        """Those that are staged to be published, newest first."""
        return tuple(one for one in self.releases if one.waits)

    def named(self, name: str) -> Release | None:
        """The one of that name; None where it is not kept."""
        return next((one for one in self.releases if one.name == name), None)


def overview_of(desk: Desk) -> Overview:
    """What there is, each file's hash computed again.

    Raises PublishError where the history cannot be read.
    """
    index, serving = desk.index, desk.assistant.generation
    following = desk.assistant.live.following()
    waits, back = waiting(index), going_back_to(index)
    history = read_history(index)
    live = _documents(desk, live_generation(index))
    releases = tuple(
        _described(desk, one, history.events, live, one.name in waits, one.name in back)
        for one in kept_generations(index)
    )
    unreadable = tuple(
        f"Line {number} of {index / HISTORY} cannot be read and is passed over."
        for number in history.unreadable
    )
    return Overview(
        releases,
        serving=serving,
        published=following.published,
        stale_since=following.stale_since,
        back_to=back[0] if back else "",
        warnings=(*_stale(desk, waits[:1]), *unreadable),
    )


def _described(
    desk: Desk,
    one: KeptGeneration,
    events: tuple[Event, ...],
    live: Mapping[str, Any],
    waits: bool,
    before: bool,
) -> Release:
    made = [e for e in events if e.generation == one.name and e.action in ("built", "imported")]
    by = f" by {made[0].by}" if made else ""
    is_live = one.state == LIVE
    return Release(
        one.name,
        one.state,
        f"{moment(one.built_at)}{by}" if one.built_at else "nobody can tell when",
        one.documents,
        one.chunks,
        tuple(signed_text(event, one.name) for event in one.events),
        one.problems,
        "" if is_live or not live else _changes(live, _documents(desk, one.name)),
        waits,
        before,
    )


def moment(iso: str) -> str:
    """A moment in UTC as people read it: 2026-11-24T20:15:00+00:00 → 2026-11-24 20:15 UTC."""
    return f"{iso[:10]} {iso[11:16]} UTC"


def _documents(desk: Desk, name: str) -> Mapping[str, Any]:
    """What a generation's manifest tells of each document, by id; empty where it cannot be read."""
    found = manifest_of(desk.index / "generations" / name) if name else {}
    return dict(found.get("documents", {}))


def _changes(live: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """How many documents `other` has that `live` has not or has otherwise, and the other way."""
    counts = {
        "added": len(other.keys() - live.keys()),
        "removed": len(live.keys() - other.keys()),
        "changed": sum(live[one] != other[one] for one in live.keys() & other.keys()),
    }
    told = [f"{count} {what}" for what, count in counts.items() if count]
    return ", ".join(told) if told else "the same documents"


def _stale(desk: Desk, staged: list[str]) -> tuple[str, ...]:
    """Whether the documents in the folder are newer than what is live and what is staged."""
    corpus, index, model = desk.corpus, desk.index, dict(desk.model)
    try:
        if gone_back := withdrawn(corpus, index, model, desk.options):
            return (gone_back,)
        if is_current(corpus, index, model, desk.options):
            return ()
        files, _ = source_files(corpus)
        for name in staged:
            manifest = manifest_of(index / "generations" / name)
            if manifest and matches(manifest, corpus, files, model, desk.options):
                return ()
    except QuotewellError as error:
        return (f"Whether the documents are newer cannot be told: {error}",)
    what = "the staged generation" if staged else "what is live"
    return (
        f"The documents in {corpus}, or the settings, were changed after {what} was built. "
        "Patients get none of that until it is built and published: `qa build --stage`.",
    )
