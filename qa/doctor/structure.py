"""What is wrong with a document's build: headings without text, and sentences too long to quote."""

from __future__ import annotations

from collections.abc import Iterator

from qa.doctor.examined import Examined
from qa.doctor.finding import Area, Finding, Severity
from qa.document import BlockKind

__all__ = ["LONGEST_SENTENCE", "empty_headings", "long_sentences"]

LONGEST_SENTENCE = 60
"""Words of a sentence beyond which it is told: a quote has about that many (`max_words`), and a
sentence is never cut, so that it would be the whole answer."""


def empty_headings(examined: Examined) -> Iterator[Finding]:
    """Headings with nothing under them, neither text nor headings of a lower level.

    The document's title is let be where another heading follows, of whatever level.
    """
    document = examined.document
    first = next((i for i, one in enumerate(document.sections) if one.level), None)
    title = " ".join(document.title.split()).casefold()
    # Plain text has headings of one level: a chapter's looks like one that is empty.
    flat = document.id.lower().endswith(".txt")
    filled = {one.section for one in document.blocks if one.kind is not BlockKind.HEADING}
    for i, section in enumerate(document.sections):
        if i in filled or not section.level:
            continue
        after = document.sections[i + 1] if i + 1 < len(document.sections) else None
        is_title = i == first or section.heading.casefold() == title
        if after and (flat or is_title or after.level > section.level):
            continue
        heading = next(
            one for one in document.blocks if one.section == i and one.kind is BlockKind.HEADING
        )
        yield Finding(
            Severity.WARNING,
            Area.TEXT,
            "empty_heading",
            (examined.place(heading.start, heading.end),),
            f"Nothing stands under the heading “{section.heading}”.",
            "Write the text that belongs there, or delete the heading.",
        )


def long_sentences(examined: Examined) -> Iterator[Finding]:
    """Sentences and list items of more than `LONGEST_SENTENCE` words; table rows are left out."""
    for sentence in examined.sentences:
        if sentence.kind in (BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW):
            continue
        count = len(examined.text(sentence).split())
        if count > LONGEST_SENTENCE:
            yield Finding(
                Severity.HINT,
                Area.TEXT,
                "long_sentence",
                (examined.place_of(sentence),),
                f"The sentence has {count} words. A quote is never cut within a sentence, so "
                "patients get it whole.",
                "Make two or three sentences of it, or a list.",
            )
