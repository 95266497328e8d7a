"""What repeats at the edge of pages, and what only looks like it."""

from __future__ import annotations

import pytest

from tests import pdfs
from tests.test_readers_pdf import PROSE, read


def pages(
    heads: list[str], feet: list[str], *, gap: float = 40, size: float = 9, y: float = 40
) -> str:
    """The text that is read of pages with those heads and feet around a page of prose each."""
    sheet = pdfs.Sheet()
    for number, (head, foot) in enumerate(zip(heads, feet, strict=True)):
        if number:
            sheet.turn_page()
        sheet.use(size=size).put(72, y, head)
        sheet.use(size=9).put(280, 815, foot)
        sheet.use().text(72, y + gap, 450, f"Page number {number} of the text. {PROSE}")
    return read(sheet.bytes()).text


def body(count: int) -> str:
    return "\n\n".join(f"Page number {number} of the text. {PROSE}" for number in range(count))


@pytest.mark.parametrize(
    "feet",
    [
        ["1", "2", "3", "4", "5"],
        ["7", "8", "9", "10", "11"],
        ["i", "ii", "iii", "iv", "v"],
        ["ii", "iii", "1", "2", "3"],
        ["- 1 -", "- 2 -", "- 3 -", "- 4 -", "- 5 -"],
        [f"Page {n} of 5" for n in range(1, 6)],
        [f"P\u00e1gina {n} de 5" for n in range(1, 6)],
        [f"SOP 12, version 3, {n}/5" for n in range(1, 6)],
    ],
)
def test_page_numbers(feet: list[str]) -> None:
    assert pages(["Ketamine at our clinic"] * 5, feet) == body(5)


def test_heads_that_change_from_chapter_to_chapter() -> None:
    heads = ["Introduction"] * 3 + ["Risks"] * 2 + ["Costs"]
    assert pages(heads, [str(n) for n in range(6)]) == body(6)


def test_two_pages_are_enough_in_a_short_document() -> None:
    assert pages(["Our clinic"] * 2, ["1", "2"]) == body(2)


def test_a_head_that_stands_as_close_as_a_line_of_the_text_stays() -> None:
    found = pages(["Our clinic"] * 5, [""] * 5, gap=13, size=11, y=72)
    assert found.count("Our clinic") == 5


def test_a_title_in_large_type_that_repeats_stays() -> None:
    found = pages(["Side effects"] * 5, [str(n) for n in range(5)], size=20)
    assert found.count("Side effects") == 5


def test_what_repeats_in_the_middle_of_pages_stays() -> None:
    found = pages(["Call us."] * 5, [str(n) for n in range(5)], y=300)
    assert found.count("Call us.") == 5


def test_a_page_with_nothing_but_its_number_is_not_searchable() -> None:
    sheet = pdfs.Sheet()
    for number in range(1, 6):
        sheet.use(size=9).put(280, 815, str(number))
        if number != 3:
            sheet.use().text(72, 100, 450, f"Page {number}. {PROSE}")
        sheet.turn_page()
    sheet.use(size=9).put(280, 815, "6").use().text(72, 100, 450, PROSE)
    assert read(sheet.bytes()).unsearchable == (3,)
