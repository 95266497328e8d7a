"""What the readers of HTML take for seen: a table of styles, and pages made to take long."""

from __future__ import annotations

import re

import pytest

from qa.errors import CorpusError
from qa.readers.html import read_html
from tests.little_work import least_seconds
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


_DEEP = "<div>" * 300 + "<q>x</q>" + "</div>" * 300
_LONG = "<div class=a><p>x <b>y</b></p></div>" * 3_000
HOSTILE = [
    ("p div div div q{display:none}", _DEEP),
    ("p " + "div " * 200 + "q{display:none}", _DEEP),
    ("i ~ b ~ b ~ b ~ q{display:none}", "<p>" + "<b>a</b>" * 3_000 + "<q>x</q></p>"),
    (".a ~ " + "div ~ " * 300 + "div{display:none}", _LONG),
    (":has(:has(:has(q))){display:none}", _DEEP),
    ("div:has(div div div q){display:none}", _DEEP),
    ("b:nth-last-child(2n+1){display:none}", "<p>" + "<b>a</b><br>" * 20_000),
    ("*{display:none;left:0}" * 9_000, _LONG),
    ("".join(f"div:not(.x{i}) p{{display:none}}" for i in range(9_000)), _LONG),
    ("".join(f"[a='{i}']{{display:none}}" for i in range(20_000)), _LONG),
    (".a{" * 3_000 + "display:none" + "}" * 3_000, "<p class=a>x"),
    (".a{" + "& & &{" * 30 + "display:none", "<p class=a>x"),
    (":is(" * 3_000 + ".a" + ")" * 3_000 + "{display:none}", "<p class=a>x"),
    ("@layer a{" * 30_000 + ".a{display:none}", "<p class=a>x"),
    ("@scope (.a){" * 3_000 + ".a{display:none}", "<p class=a>x"),
    (
        "".join(
            f".q{{--a{i}:var(--a{i + 1}) {j} var(--a{i + 1})}}" for i in range(12) for j in "abc"
        )
        + "p{display:var(--a0)}",
        "<p class=a>x",
    ),
    (".x{color:rgba(" + " " * 300_000 + "}", "<p class=x>x"),
    ("@media " + " " * 300_000 + "x and{.x{display:none}}", "<p class=x>x"),
    ('"' * 300_000 + "\\" * 300_000 + "/*" * 300_000 + "{" * 300_000, "<p>x"),
    (".a{" + "(" * 100_000, "<p class=a>x"),
    ("{" * 100_000, "<p>x"),
    ("@media " + "[" * 100_000 + "{.a{display:none}", "<p class=a>x"),
    (".a{width:" + "calc(" * 100_000, "<p class=a>x"),
    (".a:is(" + "(" * 100_000, "<p class=a>x"),
    (".a{& & &{" * 5_000 + "display:none", "<p class=a>x"),
    ("@scope (.a) to (.b){" * 5_000 + ".a{display:none}", "<p class=a>x"),
    (".a " * 100_000 + "{display:none}" + ".a" * 100_000 + "{display:none}", "<p class=a>x"),
    (f".a{{width:{'9' * 100_000}px}}:nth-child({'9' * 100_000}n){{display:none}}", "<p class=a>x"),
    (":nth-child(+),:nth-child(n+),:nth-child(){display:none}", "<p class=a>x"),
    (r".\d800,.\0,.\110000{display:none}", "<p class=a>x"),
]


_SLOW = (7, 8, 18)
"""Those that take the most bytes, and seconds."""


@pytest.mark.parametrize(
    ("css", "body"),
    [
        pytest.param(*one, marks=[pytest.mark.slow] if number in _SLOW else [])
        for number, one in enumerate(HOSTILE)
    ],
    ids=range(len(HOSTILE)),
)
def test_no_style_sheet_keeps_the_reader_busy(css: str, body: str) -> None:
    page = f"<!doctype html><style>.a{{display:none}}{css}</style><p>Take one tablet.</p>{body}"
    told = ""

    def read() -> None:
        nonlocal told
        try:
            told = read_html(page.encode(), "x.html").text
        except CorpusError as error:
            told = str(error)

    assert least_seconds(read, 10) < 10
    assert re.search(r"Take one tablet\.|x\.html: (what .* rule for “|it cannot be told )", told)
