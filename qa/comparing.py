"""Two generations are asked the same questions, and their answers and documents compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Protocol

from qa.alignment import Places
from qa.difference import WORST_FIRST, Changed, Difference, Documents, Side, compare
from qa.document import Document
from qa.errors import QuestionError
from qa.evaluation import Outcome, figures, judge
from qa.golden import Golden, fold, parted
from qa.standing import Standing
from qa.types import Answer

__all__ = ["compare_all", "documents_changed", "one_of", "which_two"]


class Asks(Protocol):
    """The part of an assistant that comparing needs."""

    @property
    def generation(self) -> str: ...
    def ask(self, question: str, /, *, trace: bool = ...) -> Answer: ...
    def document(self, document_id: str, /) -> Document | None: ...
    def documents(self) -> tuple[Document, ...]: ...
    def standings(self) -> Mapping[str, Standing]: ...


def compare_all(
    old: Asks,
    new: Asks,
    golden: Sequence[Golden],
    logged: Iterable[str],
    progress: Callable[[str, int, int], object] = lambda _what, _done, _total: None,
) -> Difference:
    """Asks two generations all questions, the golden ones first.

    `logged` are questions as they were kept; those asked already are left out.
    """
    places = Places(old.document, new.document)
    known = {one.question for one in golden}
    others = [one for one in dict.fromkeys(logged) if one and one not in known]
    found: list[Changed] = []
    outcomes: list[tuple[Outcome, Outcome]] = []
    gated: list[Outcome] = []
    now = new.standings()
    total = len(golden) + len(others)
    unfit = _unfit(old), _unfit(new)
    for one in golden:
        pair = judge(one, old), judge(one, new)
        unjudged = "; ".join(
            f"the {side} generation {why}"
            for side, reason in zip(("old", "new"), unfit, strict=True)
            if (why := reason(one))
        )
        if not unjudged:
            outcomes.append(pair)
        quoted = not parted([one], now)[1]
        if quoted:  # as `qa publish` counts them
            gated.append(pair[1])
        gone = quoted and bool(unfit[1](one))
        sides = [Side(o.answer, None if unjudged else o.passed) for o in pair]
        changes = compare(sides[0], sides[1], places)
        found.append(Changed(one.question, sides[0], sides[1], changes, one.line, unjudged, gone))
        progress("Asking both generations", len(found), total)
    for question in others:
        first, second = Side(old.ask(question)), Side(new.ask(question))
        found.append(Changed(question, first, second, compare(first, second, places)))
        progress("Asking both generations", len(found), total)
    both = None
    if outcomes:
        both = (
            figures([pair[0] for pair in outcomes], old.document),
            figures([pair[1] for pair in outcomes], new.document),
        )
    return Difference(
        old.generation,
        new.generation,
        documents_changed(old.documents(), new.documents()),
        tuple(sorted(found, key=lambda one: WORST_FIRST.index(one.change))),
        both,
        figures(gated, new.document) if gated else None,
    )


def _unfit(side: Asks) -> Callable[[Golden], str]:
    """Tells why a golden question cannot be judged: its label does not fit the documents, or its
    document is not quoted now. Empty where it can.

    Such a question would be judged wrong whatever is answered.
    """
    standings = side.standings()

    @cache
    def folded(name: str) -> str | None:
        found = side.document(name)
        return None if found is None else fold(found.text)

    def why(golden: Golden) -> str:
        if aside := parted([golden], standings)[1]:
            return f"does not quote {golden.document} now ({_reason(aside[0][1])})"
        if not golden.document or not golden.quotes:
            return ""
        text = folded(golden.document)
        if text is None:
            return f"has no document {golden.document}"
        if any(fold(quote) in text for quote in golden.quotes):
            return ""
        return f"does not hold the expected words in {golden.document}"

    return why


def _reason(standing: Standing) -> str:
    return str(standing).removeprefix("not quoted: ")


def documents_changed(old: Iterable[Document], new: Iterable[Document]) -> Documents:
    """Sets the documents of two generations against each other, by id."""
    before, after = {one.id: one for one in old}, {one.id: one for one in new}
    both = [(before[name], after[name]) for name in after if name in before]
    changed = tuple(now for was, now in both if was.sha256 != now.sha256)
    described = tuple(
        now
        for was, now in both
        if was.sha256 == now.sha256 and (was.title, was.meta) != (now.title, now.meta)
    )
    return Documents(
        added=tuple(one for name, one in after.items() if name not in before),
        removed=tuple(one for name, one in before.items() if name not in after),
        changed=changed,
        described=described,
        unchanged=len(both) - len(changed) - len(described),
    )


def which_two(kept: Sequence[str], live: str, old: str = "", new: str = "") -> tuple[str, str]:
    """The names of the generations to compare, of names or their beginnings; empty is the default.

    `kept` are those that there are. By default the live one is the old one, and the new one is the
    newest of those that are newer than the old one.

    Raises QuestionError where a name is none or not the only one, or there is nothing to compare.
    """
    first = one_of(kept, old) if old else live
    if new:
        second = one_of(kept, new)
        if second == first:
            raise QuestionError(f"{first} was named twice. Name two: kept are {', '.join(kept)}.")
        return first, second
    newer = [name for name in kept if name > first]
    if newer:
        return first, max(newer)
    others = [name for name in kept if name != first]
    hint = f" Or name two of those that are kept: {', '.join(kept)}." if others else ""
    raise QuestionError(
        f"There is no newer generation than {first} to compare. Make one beside it after changing "
        f"the documents: `qa build --stage`.{hint}"
    )


def one_of(kept: Sequence[str], beginning: str) -> str:
    """The name of a kept generation, of its beginning. Raises QuestionError where it is not one."""
    found = [name for name in kept if name.startswith(beginning)]
    if beginning in found:
        return beginning
    if len(found) != 1:
        what = "is the beginning of several" if found else "is not kept"
        raise QuestionError(f"Generation {beginning!r} {what}. Kept are: {', '.join(kept)}.")
    return found[0]
