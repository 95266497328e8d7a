"""A view of a generation: what of it one audience may be quoted on one day.

Nothing of the other documents reaches an answer: they are not searched, their words correct no
question, and no name is known because they speak of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from qa.document import Document
from qa.generation import Generation
from qa.message_language import language_of
from qa.spelling import Speller
from qa.standing import Audience, Standing, standing_of

__all__ = ["View", "Views"]

_KEPT = 2
"""Views kept: patients' and staff's, of one day."""

log = logging.getLogger(__name__)


class View:
    """A generation as far as it is quoted to an audience on a day."""

    def __init__(self, generation: Generation, audience: Audience, today: date) -> None:
        self.generation = generation
        self.standings: Mapping[str, Standing] = standing_of(generation.documents, today)
        """How every document of the generation stands, quoted or not."""
        self.documents = tuple(
            one for one in generation.documents if self.standings[one.id].quotable_to(audience)
        )
        self._by_id = {one.id: one for one in self.documents}
        whole = len(self.documents) == len(generation.documents)
        # Where all is quoted nothing need be told apart, and search is as quick as it can be.
        self.within: tuple[str, ...] | None = None if whole else tuple(self._by_id)

    @property
    def speller(self) -> Speller:
        """Knows the words of these documents."""
        return self.generation.speller_of(self.within)

    @cached_property
    def languages(self) -> frozenset[str]:
        """What these documents are written in; see `qa.message_language.language_of`."""
        return frozenset(map(language_of, self.documents))

    @cached_property
    def _knows(self) -> Callable[[str], bool]:
        return self.generation.knows(self.within, self.within)

    @cached_property
    def _holds(self) -> Callable[[str], bool]:
        return self.generation.holds(self.within)

    def document(self, document_id: str) -> Document | None:
        """The document of that id, if it is quoted."""
        return self._by_id.get(document_id)

    def readable(self, document_id: str) -> Document | None:
        """The document that patients may read under an old link: one that is or was quoted.

        None for one for staff only or not yet effective, as for one that is not there.
        """
        standing = self.standings.get(document_id)
        return self.generation.document(document_id) if standing and standing.readable else None

    def standing(self, document_id: str) -> Standing | None:
        """How a readable document stands; it names a successor only where that one is quoted."""
        found = self.standings.get(document_id)
        if found is None or not found.readable:
            return None
        by = self.standings.get(found.by)
        return found if by is None or by.quotable else replace(found, by="")

    def knows(self, within: Iterable[str] | None) -> Callable[[str], bool]:
        """Tells of a name whether the documents of these ids, or all of them, speak of it."""
        if within is None or within is self.within:
            return self._knows
        return self.generation.knows(within, self.within)

    def holds(self, within: Iterable[str] | None) -> Callable[[str], bool]:
        """Tells of a phrase whether the documents of these ids, or all of them, have its words."""
        if within is None or within is self.within:
            return self._holds
        return self.generation.holds(within)

    def named(self, names: Sequence[str]) -> list[str]:
        """Ids of the documents named by id, or by a file name that one of them alone has."""
        by_name: dict[str, list[str]] = {}
        for one in self._by_id:
            by_name.setdefault(one.rpartition("/")[2], []).append(one)
        found = []
        for name in names:
            same = by_name.get(name, [])
            found += [name] if name in self._by_id else same if len(same) == 1 else []
        return found


class Views:
    """Makes views, and keeps those of the day for the generation that answers."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, Audience, date], View] = {}

    def of(self, generation: Generation, audience: Audience, today: date) -> View:
        """The view of a generation for an audience on a day."""
        key = (generation.name, audience, today)
        found = self._made.get(key)
        if found is None or found.generation is not generation:
            found = View(generation, audience, today)
            if not found.documents:
                log.warning("No document is quoted to %s today: %s", audience, _why(found))
            # A new dict for each change, since several threads read it.
            kept = [pair for pair in self._made.items() if pair[0] != key][1 - _KEPT :]
            self._made = dict([*kept, (key, found)])
        return found


def _why(view: View) -> str:
    told = [f"{name} is {standing}" for name, standing in view.standings.items()]
    more = f" and {len(told) - 5} more" if len(told) > 5 else ""
    return f"{'; '.join(told[:5])}{more}. `qa status` lists them."
