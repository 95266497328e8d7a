"""Related sections: the best two that are near, linked, and never a list of references."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qa.corpus import make_document
from qa.document import Chunk, Document
from qa.related import related_sections
from qa.types import Evidence, Passage, Related

TEXT = """---
title: Dosing
---

Before any heading.

# Doses & times

Take it once.

## Caf\u00e9

Eat little.

## Quote

Wait an hour.

# References

Smith 2001.
"""
DOCUMENT = make_document("a b/doses.md", TEXT.encode())
NAMES = [section.heading for section in DOCUMENT.sections]


def passage(heading: str, document: Document = DOCUMENT) -> Passage:
    """A passage of the section of that heading."""
    at = next(i for i, section in enumerate(document.sections) if section.heading == heading)
    section, none = document.sections[at], np.zeros(1, np.float32)
    return Passage(document, Chunk(document.id, section.start, section.end, at, ()), none, none)


def related(*found: tuple[str, float, float]) -> list[str]:
    """URLs for passages of (heading, answerable, on_topic)."""
    passages = [passage(heading) for heading, _, _ in found]
    evidence = [Evidence((), answerable, topic) for _, answerable, topic in found]
    return [one.url for one in related_sections(passages, evidence, 0.3, 0.5)]


def test_the_document_is_as_these_tests_take_it() -> None:
    assert NAMES == ["", "Doses & times", "Caf\u00e9", "Quote", "References"]


def test_the_best_two_sections_each_once() -> None:
    doses, cafe, other = ("Doses & times", 0.5, 0.9), ("Caf\u00e9", 0.6, 0.9), ("", 0.4, 0.9)
    assert related(doses, cafe, ("Caf\u00e9", 0.55, 0.9), other) == [
        "/documents/a%20b/doses.md#caf%C3%A9",
        "/documents/a%20b/doses.md#doses-times",
    ]


def test_only_what_is_near_the_topic_and_not_far_behind() -> None:
    assert related(("Doses & times", 0.6, 0.2), ("Caf\u00e9", 0.2, 0.9)) == []
    assert len(related(("Doses & times", 0.6, 0.3), ("Caf\u00e9", 0.3, 0.9))) == 2
    assert len(related(("Doses & times", 0.6, 0.3), ("Caf\u00e9", 0.29, 0.9))) == 1
    assert related() == []


def test_references_are_never_related() -> None:
    assert related(("References", 0.9, 0.9), ("Caf\u00e9", 0.6, 0.9)) == [
        "/documents/a%20b/doses.md#caf%C3%A9"
    ]


def test_search_order_parts_equals() -> None:
    equal = [("Caf\u00e9", 0.5, 0.9), ("Doses & times", 0.5, 0.9)]
    assert related(*equal) == list(reversed(related(*reversed(equal))))


def test_without_a_heading_the_document_is_named() -> None:
    [made] = related_sections([passage("")], [Evidence((), 0.5, 0.5)], 0.3, 0.5)
    assert made == Related("a b/doses.md", "Dosing", "", "/documents/a%20b/doses.md")


def test_a_heading_that_is_the_title_again_is_not_said_twice() -> None:
    titled = make_document("t.md", b"# Only a title\n\nWords under it.\n")
    [made] = related_sections(
        [passage("Only a title", titled)], [Evidence((), 0.5, 0.5)], 0.3, 0.5
    )  # fmt: skip
    assert made == Related("t.md", "Only a title", "", "/documents/t.md")


def test_an_anchor_that_is_the_marks_own_name_is_left_out() -> None:
    assert related(("Quote", 0.5, 0.5)) == ["/documents/a%20b/doses.md"]


def test_each_passage_has_its_evidence() -> None:
    with pytest.raises(ValueError, match=r"shorter|longer"):
        related_sections([passage("Quote")], [], 0.3, 0.5)


def test_a_section_of_a_document_with_pages_is_linked_on_its_page() -> None:
    begins = (0, DOCUMENT.text.index("Eat"), DOCUMENT.text.index("Quote"))
    document = replace(DOCUMENT, pages=begins)
    found = related_sections(
        [passage("Caf\u00e9", document), passage("Quote", document)],
        [Evidence((), 0.6, 0.5), Evidence((), 0.5, 0.5)],
        0.3,
        0.5,
    )
    # The heading of the first stands at the foot of the page before its text.
    assert [one.url for one in found] == [
        "/documents/a%20b/doses.md?page=1#caf%C3%A9",
        "/documents/a%20b/doses.md?page=3",
    ]
