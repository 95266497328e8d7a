"""Words become boxes of lines, as a reader would draw them with a pen."""

from __future__ import annotations

import pytest
from PIL import Image

from qa.page_marks import OUTLINE, Box, line_boxes, mark

FIRST = [Box(100, 100, 150, 112), Box(154, 100, 200, 112), Box(204, 103, 240, 115)]


def test_the_words_of_a_line_are_one_box() -> None:
    assert line_boxes(FIRST) == [Box(100, 100, 240, 115)]
    assert line_boxes(reversed(FIRST)) == [Box(100, 100, 240, 115)]  # from right to left
    assert line_boxes([]) == []


def test_a_raised_number_belongs_to_its_line() -> None:
    assert line_boxes([*FIRST, Box(241, 98, 245, 105)]) == [Box(100, 98, 245, 115)]


def test_lines_below_one_another_have_no_gap() -> None:
    lines = line_boxes([Box(100, 100, 150, 112), Box(80, 118, 190, 130), Box(80, 136, 90, 148)])
    assert [(line.top, line.bottom) for line in lines] == [(100, 115), (115, 133), (133, 148)]
    assert [(line.left, line.right) for line in lines] == [(100, 150), (80, 190), (80, 90)]


@pytest.mark.parametrize(
    "far",
    [
        Box(300, 100, 350, 112),  # another cell of the row
        Box(300, 40, 350, 52),  # the top of the next column
        Box(100, 160, 150, 172),  # another paragraph
    ],
)
def test_what_lies_further_off_is_a_box_of_its_own(far: Box) -> None:
    assert line_boxes([*FIRST, far]) == [Box(100, 100, 240, 115), far]


def test_what_has_no_size_is_no_box() -> None:
    assert line_boxes([Box(5, 5, 5, 9), Box(5, 9, 9, 9), Box(9, 5, 7, 9)]) == []


def test_all_but_the_boxes_and_their_outline_stays() -> None:
    picture = Image.new("RGB", (200, 100), "white")
    mark(picture, [Box(50, 40, 120, 56)])
    inside = picture.getpixel((80, 48))
    assert inside == (255, 236, 139)
    changed = [
        (x, y) for x in range(200) for y in range(100) if picture.getpixel((x, y)) != (255,) * 3
    ]
    left, right = min(x for x, _ in changed), max(x for x, _ in changed)
    top, bottom = min(y for _, y in changed), max(y for _, y in changed)
    # A sixth of the height is added at the sides, a sixteenth above and below.
    assert (left, right) == (50 - 2 - OUTLINE, 119 + 2 + OUTLINE)
    assert (top, bottom) == (40 - 1 - OUTLINE, 55 + 1 + OUTLINE)
    assert len(changed) == (right - left + 1) * (bottom - top + 1)


def test_marks_at_the_edge_and_beyond_are_cut() -> None:
    picture = Image.new("RGB", (60, 60), "white")
    mark(picture, [Box(-20, -20, 20, 10), Box(100, 100, 120, 120)])
    assert picture.size == (60, 60)
    assert picture.getpixel((0, 0)) == (255, 236, 139)
    assert picture.getpixel((40, 40)) == (255, 255, 255)
