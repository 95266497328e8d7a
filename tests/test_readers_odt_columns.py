"""Tables, rows, columns and text that an OpenDocument file does not show are not read."""

from __future__ import annotations

import pytest

from qa.readers.odt import read_odt
from qa.readers.odt_columns import Columns
from qa.readers.xml import parse_xml
from tests.drafts import sound
from tests.word_files import odt

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
UNSEEN = 'table:visibility="collapse"'
BEHIND = "<text:p>Behind.</text:p>"


def read(body: str, automatic: str = "", styles: str = "") -> str:
    return sound(read_odt(odt(body, automatic=automatic, styles=styles), "x.odt")).text


def column(more: str = "", count: int = 1) -> str:
    return f'<table:table-column {more} table:number-columns-repeated="{count}"/>'


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def covered(count: int = 1) -> str:
    return f'<table:covered-table-cell table:number-columns-repeated="{count}"/>'


def row(cells: str, more: str = "") -> str:
    inner = cells if cells.startswith("<") else "".join(map(cell, cells))
    return f"<table:table-row {more}>{inner}</table:table-row>"


def table(*rows: str, columns: str = "", style: str = "") -> str:
    named = f'table:style-name="{style}"' if style else ""
    return f"<table:table {named}>{columns}{''.join(rows)}</table:table>"


@pytest.mark.parametrize("way", ["collapse", "filter"])
def test_a_hidden_column_is_left_out_of_each_row(way: str) -> None:
    hidden = f'table:visibility="{way}"'
    body = table(row("abc"), row("def"), columns=column() + column(hidden) + column())
    assert read(body) == "a | c\nd | f"
    visible = body.replace(way, "visible")
    assert read(visible) == "a | b | c\nd | e | f"


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (column(UNSEEN, 2) + column(count=9), "c | d | e"),
        (column() + column(UNSEEN, 3), "a | e"),
        (column(UNSEEN) + column() + column(UNSEEN) + column(), "b | d | e"),
        (column(UNSEEN) + column(UNSEEN), "c | d | e"),
        (column(UNSEEN, 999_999) + column(), ""),
        (column(UNSEEN, -4), "b | c | d | e"),
        (f"<table:table-columns>{column(UNSEEN)}</table:table-columns>", "b | c | d | e"),
        (
            f"<table:table-header-columns>{column()}</table:table-header-columns>"
            f'<table:table-column-group table:display="false">{column(count=2)}'
            f"</table:table-column-group>{column()}",
            "a | d | e",
        ),
        (f"<table:table-column-group>{column()}</table:table-column-group>", "a | b | c | d | e"),
    ],
)
def test_columns_that_are_declared_together(columns: str, shown: str) -> None:
    assert read(table(row("abcde"), columns=columns) + BEHIND).split("\n\n") == [
        *([shown] if shown else []),
        "Behind.",
    ]


def test_merged_cells_over_hidden_columns() -> None:
    columns = column() + column(UNSEEN) + column(count=2)
    wide = cell("wide", 'table:number-columns-spanned="3"')
    rows = (row("abcd"), row(wide + covered(2) + cell("e")), row(cell("f") + wide + covered(2)))
    assert read(table(*rows, columns=columns)) == "a | c | d\nwide |  | e\nf | wide"
    only = cell("g") + cell("gone", 'table:number-columns-repeated="1"') + cell("hi")
    assert read(table(row("abcd"), row(only), columns=columns)).endswith("g | hi")
    tall = cell("tall", 'table:number-rows-spanned="2"')
    rows = (row(cell("a") + tall + cell("c")), row(cell("d") + covered() + cell("f")))
    assert read(table(*rows, columns=columns)) == "a | c\nd | f"
    rows = (row(tall + cell("b") + cell("c")), row(covered() + cell("e") + cell("f")))
    assert read(table(*rows, columns=columns)) == "tall | c\ntall | f"


def test_cells_that_are_there_several_times_keep_their_columns() -> None:
    again = cell("no", 'table:number-columns-repeated="2"')
    columns = column(count=2) + column(UNSEEN) + column()
    assert read(table(row("abcd"), row(again + cell("e") + cell("f")), columns=columns)) == (
        "a | b | d\nno |  | f"
    )
    both = column(UNSEEN, 2) + column(count=2)
    assert read(table(row("abcd"), row(again + cell("e") + cell("f")), columns=both)) == (
        "c | d\ne | f"
    )


def test_rows_and_groups_of_rows_that_are_not_shown() -> None:
    for way in ('table:visibility="collapse"', 'table:visibility="filter"'):
        assert read(table(row("ab"), row("cd", way), row("ef"))) == "a | b\ne | f"
    group = f'<table:table-row-group table:display="false">{row("cd")}</table:table-row-group>'
    assert read(table(row("ab"), group, row("ef"))) == "a | b\ne | f"
    assert read(table(row("ab"), group.replace("false", "true"))) == "a | b\nc | d"


def test_a_table_that_its_style_does_not_show() -> None:
    def style(name: str, display: str, parent: str = "") -> str:
        more = f'style:parent-style-name="{parent}"' if parent else ""
        said = f'<style:table-properties table:display="{display}"/>' if display else ""
        return f'<style:style style:family="table" style:name="{name}" {more}>{said}</style:style>'

    automatic = style("T", "false") + style("U", "", "T") + style("V", "true", "T")
    for name, shown in (("T", False), ("U", False), ("V", True), ("none such", True), ("", True)):
        found = read(table(row("ab"), style=name) + BEHIND, automatic)
        assert found == ("a | b\n\nBehind." if shown else "Behind.")
    inner = f"<table:table-cell>{table(row('ab'), style='T')}</table:table-cell>"
    assert read(table(row(inner + cell("c"))), automatic) == "– | c"
    defaults = style("D", "false").replace("style:style", "style:default-style")
    assert read(table(row("ab")) + table(row("cd"), style="V"), automatic, defaults) == "c | d"


def test_text_that_the_defaults_hide_or_strike_is_shown_where_a_nearer_style_shows_it() -> None:
    def style(kind: str, family: str, name: str, said: str) -> str:
        inner = f"<style:text-properties {said}/>"
        named = f'style:family="{family}" style:name="{name}"'
        return f"<style:{kind} {named}>{inner}</style:{kind}>"

    for hides, shows in (
        ('text:display="none"', 'text:display="true"'),
        ('style:text-line-through-style="solid"', 'style:text-line-through-style="none"'),
    ):
        automatic = style("style", "paragraph", "P", shows) + style("style", "text", "S", shows)
        body = '<text:p>No <text:span text:style-name="S">but this.</text:span></text:p>'
        body += '<text:p text:style-name="P">And this.</text:p><text:p>No.</text:p>'
        defaults = style("default-style", "paragraph", "", hides)
        assert read(body, automatic, defaults) == "but this.\n\nAnd this."
        automatic += style("style", "paragraph", "Q", hides)
        body = body.replace("<text:p>", '<text:p text:style-name="Q">')
        assert read(body, automatic) == "but this.\n\nAnd this."


def test_many_stretches_of_hidden_columns() -> None:
    inner = '<table-column visibility="collapse" number-columns-repeated="2"/><table-column/>'
    inner = inner.replace(" visibility", " t:visibility").replace(" number", " t:number")
    inner = inner.replace("<table", "<t:table")
    root = parse_xml(f'<t:table xmlns:t="{TABLE}">{inner * 5_000}</t:table>'.encode(), "x")
    columns = Columns(root)
    assert columns.shown(0, 15_000) == 5_000
    assert [columns.shown(place, 1) for place in range(14_994, 15_003)] == [
        0,
        0,
        1,
        0,
        0,
        1,
        1,
        1,
        1,
    ]
    assert columns.shown(14_998, 4) == 3
