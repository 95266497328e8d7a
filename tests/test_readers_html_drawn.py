"""The table of styles against Chromium: what it draws changes if letters of the word change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.seen_words import ROWS, WORD, Row, Seen, page_of
from tests.web.browser import chromium, launched

if TYPE_CHECKING:
    from playwright.sync_api import Page

_OTHER = "ZQX"
"""The same letters, so that what follows the word stands in the same place."""


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with launched(chromium()) as browser:
        yield browser.new_page(viewport={"width": 1000, "height": 700})


@pytest.mark.slow
@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.seen is not Seen.REFUSED], ids=lambda row: row.body
)
def test_chromium_draws_the_word_as_the_table_says(row: Row, tab: Page) -> None:
    pictures = []
    for word in (WORD, _OTHER):
        tab.set_content(page_of(row.body, word))
        pictures.append(tab.screenshot())
    drawn = pictures[0] != pictures[1]
    assert drawn is (row.seen in (Seen.YES, Seen.DROPPED))
