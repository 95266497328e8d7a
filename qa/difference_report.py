"""What two generations tell otherwise, as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from qa.difference import WORST_FIRST, Change, Changed, Difference, Documents
from qa.document import Document
from qa.report import figures_table
from qa.types import Answer, Quote

__all__ = [
    "LABELS",
    "LOGGED",
    "MEANINGS",
    "REFUSED",
    "counts_of",
    "difference_text",
    "gone_of",
    "place_of",
    "publishing_of",
    "shortened",
]

LABELS = {
    Change.DANGER_CHANGED: "danger notice changed",
    Change.NOW_WRONG: "now wrong",
    Change.NEWLY_REFUSED: "newly refused",
    Change.REWORDED: "reworded",
    Change.NEWLY_ANSWERED: "newly answered",
    Change.NOW_RIGHT: "now right",
    Change.ELSEWHERE: "same words elsewhere",
    Change.SAME: "same",
}
MEANINGS = {
    Change.DANGER_CHANGED: "help in a crisis or emergency is shown by one and not by the other",
    Change.NOW_WRONG: "a golden question that was answered rightly, and is not any more",
    Change.NEWLY_REFUSED: "answered before, refused now",
    Change.REWORDED: "answered by both, in other words or in another order",
    Change.NEWLY_ANSWERED: "refused before, answered now",
    Change.NOW_RIGHT: "a golden question that was not answered rightly, and is now",
    Change.ELSEWHERE: "the same words, quoted from another place or document",
    Change.SAME: "the same words at the same places, or refused by both",
}
REFUSED = "nothing is quoted"
LOGGED = (
    "Logged questions are redacted: names and the like were taken out, so that they are not "
    "quite what was asked."
)
_SHORT = 160
"""Characters of a quote in a terminal."""
_BEFORE = 5
"""Words shown before the first that differs, where that stands late."""
_LISTED = 20
"""Documents listed of each kind in a terminal."""


def difference_text(difference: Difference, width: int | None) -> str:
    """Counts first, then what changed, worst first; `width` in characters, None the terminal's."""
    parts = [
        f"Old: {difference.old}\nNew: {difference.new}",
        _documents_text(difference.documents),
        *_publishing_text(difference),
        counts_of(difference) + "\n" + _counts_text(difference),
    ]
    if difference.figures:
        both = dict(zip(("old", "new"), difference.figures, strict=True))
        parts.append(figures_table(both, width))
    unjudged = difference.unjudged
    if unjudged:
        parts.append(
            f"Not judged: {len(unjudged)} golden questions whose expected words the old one does "
            "not hold, or one of them does not quote now; it is said beside each below that "
            "changed."
        )
    for change in WORST_FIRST[:-1]:
        found = [one for one in difference.questions if one.change is change]
        if found:
            title = f"{LABELS[change]} ({len(found)})".capitalize()
            parts.append("\n".join([title, *map(_changed_text, found)]))
    return "\n\n".join(parts)


def gone_of(difference: Difference) -> str:
    """How many labels' words are gone, and what comes of it; empty where none are."""
    count = len(difference.gone)
    if not count:
        return ""
    return (
        f"Labels whose words are gone from the new generation: {count}. `qa publish` counts them "
        f"as missed; `qa relocate --generation {difference.new}` lists them."
    )


def publishing_of(difference: Difference) -> str:
    """What `qa publish` would make of the new generation; empty where no golden question tells."""
    if difference.objections is None:
        return ""
    if difference.objections:
        return "By the golden questions `qa publish` would refuse the new generation:"
    return "By the golden questions `qa publish` would not refuse the new generation."


def _publishing_text(difference: Difference) -> list[str]:
    parts = []
    if told := gone_of(difference):
        gone = difference.gone
        more = len(gone) - _LISTED
        parts.append(
            "\n".join(
                [
                    told,
                    *(
                        f"  line {one.line}: {' '.join(one.question.split())}"
                        for one in gone[:_LISTED]
                    ),
                    *([f"  {more} more"] if more > 0 else []),
                ]
            )
        )
    if told := publishing_of(difference):
        parts.append("\n".join([told, *(f"  - {one}" for one in difference.objections or ())]))
    return parts


def counts_of(difference: Difference) -> str:
    """How many questions were asked, and of what kind."""
    asked, logged = len(difference.questions), difference.logged
    if not asked and difference.foreign:
        return "No question was asked."
    if not asked:
        return "No question was asked: there are no golden ones, and none was logged."
    told = f"Questions asked of both: {asked - logged} golden, {logged} logged."
    return f"{told} {LOGGED}" if logged else told


def _counts_text(difference: Difference) -> str:
    return "\n".join(
        f"{count:6}  {LABELS[change]}: {MEANINGS[change]}"
        for change, count in difference.counts.items()
    )


def _documents_text(documents: Documents) -> str:
    groups = {
        "added": documents.added,
        "removed": documents.removed,
        "changed": documents.changed,
        "described otherwise": documents.described,
    }
    counts = [f"{len(group)} {name}" for name, group in groups.items()]
    lines = [
        f"Documents that patients are quoted: {', '.join(counts)}, {documents.unchanged} unchanged."
    ]
    for name, group in groups.items():
        lines += _listed(name, group)
    return "\n".join(lines)


def _listed(name: str, group: Sequence[Document]) -> list[str]:
    lines = [f"  {name}: {one.id} ({one.title})" for one in group[:_LISTED]]
    more = len(group) - _LISTED
    return [*lines, f"  {name}: {more} more"] if more > 0 else lines


def _changed_text(one: Changed) -> str:
    where = f"line {one.line}" if one.line else "logged"
    also = [LABELS[change] for change in one.changes[1:]]
    notes = [*([f"also: {', '.join(also)}"] if also else []), *filter(None, [one.unjudged])]
    lines = [f"  {where}: {' '.join(one.question.split())}"]
    lines += [f"      ({note})" for note in notes]
    at = _first_unlike(one.old.answer.quotes, one.new.answer.quotes)
    lines += [f"    old: {_answer_text(one.old.answer, one.new.answer, at)}"]
    lines += [f"    new: {_answer_text(one.new.answer, one.old.answer, at)}"]
    return "\n".join(lines)


def _first_unlike(old: Sequence[Quote], new: Sequence[Quote]) -> int:
    """The first place at which the quotes are not the same words; 0 where all are."""
    pairs = zip(old, new, strict=False)
    equal = [one.text.split() == other.text.split() for one, other in pairs]
    return equal.index(False) if False in equal else 0


def _answer_text(answer: Answer, other: Answer, at: int) -> str:
    """An answer's quote at a place, from where it differs from the other's."""
    if not answer.quotes:
        return f"{answer.kind.value}, {REFUSED}" + (f" ({answer.reason})" if answer.reason else "")
    quote, more = answer.quotes[at], len(answer.quotes) - 1
    beside = other.quotes[at].text if at < len(other.quotes) else ""
    kind = "" if answer.kind.value == "answer" else f"{answer.kind.value}: "
    which = f"quote {at + 1}: " if at else ""
    text = _from_difference(quote.text, beside)
    shown = f"{kind}{which}\u201c{text}\u201d [{place_of(quote)}]"
    return f"{shown} and {more} more" if more else shown


def _from_difference(text: str, beside: str) -> str:
    """A shortened text that shows where it is not like another, however late that is."""
    words, others = text.split(), beside.split()
    pairs = zip(words, others, strict=False)
    alike = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(words), len(others)))
    if words == others or len(" ".join(words[:alike])) < _SHORT // 2:
        return shortened(text)
    return "\u2026 " + shortened(" ".join(words[max(0, alike - _BEFORE) :]))


def shortened(text: str, most: int = _SHORT) -> str:
    """The text on one line, cut at a word's end where it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " \u2026"


def place_of(quote: Quote) -> str:
    """Where a quote stands, in words."""
    page = f", page {quote.page}" if quote.page else ""
    section = f", {quote.section}" if quote.section else ""
    return f"{quote.document_id}{section}{page}, {quote.start}-{quote.end}"
