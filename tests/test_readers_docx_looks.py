"""Text that a Word document's defaults or a table's style hide is no text, and none else is."""

from __future__ import annotations

import pytest

from qa.readers.docx import read_docx
from tests.drafts import sound
from tests.word_files import STYLES, paragraph, run, styled, table, word

HIDE = "<w:rPr><w:vanish/></w:rPr>"
SHOWN = '<w:vanish w:val="0"/>'
SHOW = f"<w:rPr>{SHOWN}</w:rPr>"
LETTERS = ["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]


def read(body: str, styles: str = STYLES, notes: str = "") -> str:
    return sound(read_docx(word(body, styles=styles, footnotes=notes), "x.docx")).text


def table_style(name: str, inner: str, based_on: str = "", default: bool = False) -> str:
    mark = ' w:default="1"' if default else ""
    based = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return f'<w:style w:type="table"{mark} w:styleId="{name}">{based}{inner}</w:style>'


def part(name: str, inner: str = HIDE) -> str:
    return f'<w:tblStylePr w:type="{name}">{inner}</w:tblStylePr>'


def used(look: str = "", style: str = "T") -> str:
    return f'<w:tblStyle w:val="{style}"/>' + (f"<w:tblLook {look}/>" if look else "")


@pytest.mark.parametrize("inner", ["<w:vanish/>", "<w:strike/>", "<w:webHidden/>"])
def test_text_that_the_defaults_hide_or_strike_is_shown_where_something_nearer_shows_it(
    inner: str,
) -> None:
    name = inner.strip("</>").split()[0]
    shown = f'<{name} w:val="0"/>'
    styles = f"<w:docDefaults><w:rPrDefault><w:rPr>{inner}</w:rPr></w:rPrDefault></w:docDefaults>"
    styles += f'<w:style w:type="paragraph" w:styleId="P"><w:rPr>{shown}</w:rPr></w:style>'
    styles += f'<w:style w:type="character" w:styleId="C"><w:rPr>{shown}</w:rPr></w:style>'
    styles += table_style("T", f"<w:rPr>{shown}</w:rPr>")
    body = paragraph(
        run("No text. ") + run("By itself. ", shown) + run("By its style.", '<w:rStyle w:val="C"/>')
    )
    body += styled("P", "By the paragraph's style.")
    body += table(["By the", "table's"], properties=used()) + table(["no", "text"])
    assert read(body, styles).replace("\n\n", "\n").split("\n") == [
        "By itself. By its style.",
        "By the paragraph's style.",
        "By the | table's",
    ]


def test_text_that_a_tables_style_hides_is_shown_where_something_nearer_shows_it() -> None:
    styles = STYLES + table_style("T", HIDE) + table_style("U", "", based_on="T")
    styles += table_style("S", SHOW, based_on="T")
    styles += f'<w:style w:type="paragraph" w:styleId="P">{SHOW}</w:style>'
    mixed = [paragraph(run("no") + run("own", SHOWN)), styled("P", "paragraph's"), "no"]
    for style in ("T", "U"):
        assert read(table(mixed, properties=used(style=style))) == read(
            table(["noown", "paragraph's", "no"])
        )
        found = read(table(mixed, properties=used(style=style)), styles)
        assert found == "own | paragraph's | "[: len(found)]
    assert read(table(["a", "b"], properties=used(style="S")), styles) == "a | b"
    assert read(table(["a", "b"], properties=used()) + paragraph("Behind."), styles) == "Behind."


def test_the_default_style_of_tables_is_that_of_each_that_names_none() -> None:
    styles = STYLES + table_style("D", HIDE, default=True) + table_style("T", "")
    body = table(["a", "b"]) + table(["c", "d"], properties=used(style="none such"))
    assert read(body + table(["e", "f"], properties=used()), styles) == "e | f"


def test_a_tables_style_is_not_that_of_tables_boxes_and_notes_within_it() -> None:
    styles = STYLES + table_style("T", HIDE)
    inner = table(["inner", "cells"])
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('Box.')}</w:txbxContent></w:pict></w:r>"
    note = f'<w:footnote w:id="2">{paragraph("A note.")}</w:footnote>'
    shown = run("Text.", SHOWN) + f'<w:r>{SHOW}<w:footnoteReference w:id="2"/></w:r>'
    shown += box.replace("<w:r>", f"<w:r>{SHOW}")
    body = table([f"{inner}{paragraph('no')}", paragraph(shown)], properties=used())
    found = read(body, styles, note)
    assert "no" not in found.split()
    for text in ("inner | cells", "Text.[1]", "Box.", "[1] A note."):
        assert text in found


@pytest.mark.parametrize(
    ("parts", "look", "shown"),
    [
        ("firstRow", 'w:firstRow="1"', "defghi"),
        ("firstRow", 'w:val="0020"', "defghi"),
        ("firstRow", 'w:val="0020" w:firstRow="0"', "abcdefghi"),
        ("firstRow", 'w:val="05C0"', "abcdefghi"),
        ("firstRow", "", "abcdefghi"),
        ("lastRow", 'w:lastRow="true"', "abcdef"),
        ("lastRow", 'w:val="0040"', "abcdef"),
        ("firstCol", 'w:firstColumn="on"', "bcefhi"),
        ("firstCol", 'w:val="0080"', "bcefhi"),
        ("lastCol", 'w:lastColumn="1"', "abdegh"),
        ("lastCol", 'w:val="0100"', "abdegh"),
        ("firstRow lastCol", 'w:val="0120"', "degh"),
        ("nwCell", 'w:val="00A0"', "bcdefghi"),
        ("neCell", 'w:val="0120"', "abdefghi"),
        ("swCell", 'w:val="00C0"', "abcdefhi"),
        ("seCell", 'w:val="0140"', "abcdefgh"),
        ("seCell", 'w:val="0040"', "abcdefghi"),
    ],
)
def test_parts_that_the_style_hides_where_the_look_sets_them_apart(
    parts: str, look: str, shown: str
) -> None:
    styles = STYLES + table_style("T", "".join(map(part, parts.split())))
    found = read(table(*LETTERS, properties=used(look)), styles)
    assert "".join(letter for letter in found if letter.isalpha()) == shown


def test_of_two_parts_the_nearer_one_has_the_last_word() -> None:
    """A corner over a column, a column over a row, a part over the whole."""
    inner = HIDE + part("firstRow", SHOW) + part("firstCol") + part("nwCell", SHOW)
    styles = STYLES + table_style("T", inner)
    found = read(table(*LETTERS, properties=used('w:val="00A0"')), styles)
    assert found == "a | b | c"
    based = styles + table_style("U", part("firstRow"), based_on="T")
    found = read(table(*LETTERS, properties=used('w:val="0020"', "U")), based)
    assert found == ""


def test_a_row_that_begins_further_in_has_no_cell_in_the_first_column() -> None:
    styles = STYLES + table_style("T", part("firstCol") + part("lastCol"))
    body = table(*LETTERS, properties=used('w:val="0180"'))
    short = '<w:trPr><w:gridBefore w:val="1"/><w:gridAfter w:val="1"/></w:trPr><w:tc>'
    body = short.join(body.split("<w:tc>", 1)) if body.count("<w:tr>") == 3 else ""
    found = read(body, styles)
    assert [letter for letter in found if letter.isalpha()] == ["a", "b", "c", "e", "h"]


def test_rows_that_are_deleted_are_none_and_hidden_ones_are() -> None:
    styles = STYLES + table_style("T", part("firstRow"))
    first = "<w:tr><w:trPr>{}</w:trPr><w:tc><w:p/></w:tc></w:tr><w:tr>"
    body = table(*LETTERS, properties=used('w:val="0020"'))
    for mark, shown in (('<w:del w:id="1"/>', "defghi"), ("<w:hidden/>", "abcdefghi")):
        found = read(first.format(mark).join(body.split("<w:tr>", 1)), styles)
        assert "".join(letter for letter in found if letter.isalpha()) == shown


def test_hidden_formulas_are_no_text() -> None:
    def formula(properties: str = "") -> str:
        return f"<m:oMath><m:r><w:rPr>{properties}</w:rPr><m:t>x=2</m:t></m:r></m:oMath>"

    assert read(paragraph(formula() + run(" is seen."))) == "x=2 is seen."
    assert read(paragraph(formula("<w:vanish/>") + run("Is seen."))) == "Is seen."
    assert read(styled("Secret", formula() + run("Is seen.", SHOWN))) == "Is seen."
    styles = STYLES + table_style("T", HIDE)
    body = table([paragraph(formula()), "b"], properties=used()) + paragraph("Behind.")
    assert read(body, styles) == "Behind."
