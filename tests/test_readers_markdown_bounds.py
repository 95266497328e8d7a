"""Markdown that would take hours or gigabytes is refused; what people write is not."""

from __future__ import annotations

import pytest

from qa.errors import CorpusError
from qa.readers.markdown import read_markdown


def test_a_long_table_and_many_links_are_read() -> None:
    rows = "".join(f"| a{i} | b | c |\n" for i in range(1_000))
    links = "".join(f"[link {i}](x) " for i in range(500))
    draft = read_markdown(f"| a | b | c |\n|---|---|---|\n{rows}\n{links}\n".encode(), "x.md")
    assert len(draft.blocks) == 1_002
    assert draft.text.endswith("link 499")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n" * 200_000, r"x\.md: the file has 200,001 lines, and at most 200,000 are read"),
        (
            "---\ntitle: T\n---\nText.\n\n"
            + "|a" * 1_000
            + "\n"
            + "|-" * 1_000
            + "\n"
            + "|\n" * 300,
            r"x\.md: line 6: up to this table the file has more than 300,000 cells",
        ),
        ("[" * 30_000, r"x\.md: the paragraph with 30,000 opening brackets \(\[\)"),
    ],
    ids=["lines", "cells", "brackets"],
)
def test_what_would_not_end_is_refused(text: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        read_markdown(text.encode(), "x.md")
