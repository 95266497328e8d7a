"""The passage around a quote: its section, whole sentences, and the quote marked as it is."""

from __future__ import annotations

import pytest

from qa.document import BlockKind, Document
from qa.web.surrounding import Surroundings, surroundings, whole_sentences
from tests.web.stand_in import (
    CARE,
    CARE_DOCUMENT,
    HOSTILE_DOCUMENT,
    HOSTILE_TEXTS,
    make_document,
    span_of,
)


def texts(found: Surroundings | None, *, marked: bool = False) -> list[str]:
    """The texts of all cells, whole or only what is marked in them."""
    assert found
    return [
        "".join(piece.text for piece in cell if piece.marked or not marked)
        for part in found.parts
        for item in part.items
        for cell in item.cells
    ]


def around(document: Document, text: str, words: int = 120) -> Surroundings | None:
    return surroundings(document, span_of(document, text), words)


def test_a_short_section_is_shown_whole_and_nothing_of_its_neighbours() -> None:
    found = around(CARE_DOCUMENT, "Wear loose sleeves.")
    assert texts(found) == [CARE[i][2] for i in range(2, 7)]
    assert [text for text in texts(found, marked=True) if text] == ["Wear loose sleeves."]
    assert found
    assert not found.cut_before
    assert not found.cut_after
    assert [part.kind for part in found.parts] == ["h2", "p", "ul"]
    assert [item.marker for item in found.parts[2].items] == ["1.", "2.", "3."]


def test_a_tables_row_is_shown_in_its_table() -> None:
    found = around(CARE_DOCUMENT, CARE[10][2])
    assert found
    table = found.parts[-1]
    assert (table.kind, [item.heads for item in table.items]) == ("table", [True, False, False])
    assert [text for text in texts(found, marked=True) if text] == CARE[10][2].split(" | ")


def test_whole_blocks_are_taken_while_there_is_room() -> None:
    found = around(CARE_DOCUMENT, "Bring somebody who can take you home.", 8)
    assert texts(found) == [CARE[i][2] for i in (4, 5, 6)]
    assert found
    assert found.cut_before
    assert not found.cut_after


SENTENCES = [f"Sentence number {number} speaks of sleep." for number in range(60)]
LONG = make_document(
    "long.md",
    "Long",
    [
        (BlockKind.HEADING, "", "Sleep"),
        (BlockKind.PARAGRAPH, "", " ".join(SENTENCES)),
        (BlockKind.HEADING, "", "Other"),
        (BlockKind.PARAGRAPH, "", "Alone."),
    ],
)


@pytest.mark.parametrize("at", [0, 1, 30, 58, 59])
def test_a_long_paragraph_is_cut_between_sentences(at: int) -> None:
    found = around(LONG, SENTENCES[at], 20)
    first, last = max(0, at - 3), min(60, at + 4)
    assert [text for text in texts(found) if text != "Sleep"] == [" ".join(SENTENCES[first:last])]
    assert [text for text in texts(found, marked=True) if text] == [SENTENCES[at]]
    assert found
    assert found.cut_before is (at > 2)
    assert found.cut_after is (at < 56)


def test_where_nothing_but_a_heading_is_around_there_is_nothing_to_show() -> None:
    assert around(LONG, "Alone.") is None
    assert around(LONG, SENTENCES[30], 2) is None
    assert surroundings(LONG, (len("Sleep"), len("Sleep") + 2)) is None


def test_a_hostile_text_is_marked_to_the_code_point() -> None:
    for text in HOSTILE_TEXTS:
        found = around(HOSTILE_DOCUMENT, text)
        assert [one for one in texts(found, marked=True) if one] == [text]
        assert set(texts(found)) <= set(HOSTILE_TEXTS)


def test_a_span_of_whole_sentences_is_told_from_a_part_of_one() -> None:
    def whole(text: str, document: Document = LONG) -> bool:
        return whole_sentences(document, *span_of(document, text))

    assert whole(SENTENCES[7])
    assert whole(" ".join(SENTENCES[7:9]))
    assert not whole(SENTENCES[7][:-1])
    assert not whole(SENTENCES[7][1:])
    assert not whole("number 7 speaks")
    assert all(whole(text, HOSTILE_DOCUMENT) for text in HOSTILE_TEXTS)
    assert whole(CARE[10][2], CARE_DOCUMENT)
    assert not whole("Nausea", CARE_DOCUMENT)
    assert not whole("Sleep")
