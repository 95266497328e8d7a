"""What the readers of HTML take for seen: a table of styles, and pages made to take long."""

from __future__ import annotations

import pytest

from qa.errors import CorpusError
from qa.readers.html import read_html
from tests.seen_words import ROWS, WORD, Row, Seen


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.body)
def test_a_word_is_quoted_where_it_is_seen_and_a_doubtful_one_refused(row: Row) -> None:
    if row.seen is Seen.REFUSED:
        with pytest.raises(CorpusError, match=rf"x\.html: it cannot be told .*{WORD}.*PDF"):
            read_html(row.page.encode(), "x.html")
    else:
        text = read_html(row.page.encode(), "x.html").text
        assert (WORD in text) is (row.seen in (Seen.YES, Seen.KEPT)), text
        assert "Take one tablet each day." in text
        assert "Rest at home." in text
