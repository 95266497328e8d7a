"""The numbers before list items and headings are those that Word shows."""

from __future__ import annotations

import pytest

from qa.readers.counting import counted
from qa.readers.docx import read_docx
from tests.word_files import STYLES, paragraph, run, styled, word

Level = tuple[str, str, str]


def level(at: int, style: str, pattern: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def pattern(key: int, *levels: str, more: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{key}">{more}{"".join(levels)}</w:abstractNum>'


def num(key: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def item(text: str, key: int = 1, at: int = 0, style: str = "Normal") -> str:
    numbering = f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{key}"/></w:numPr>'
    return styled(style, text, numbering)


def lines(body: str, numbering: str, styles: str = STYLES) -> list[str]:
    text = read_docx(word(body, numbering=numbering, styles=styles), "x.docx").text
    return [line for line in text.split("\n") if line]


NESTED = pattern(
    0,
    level(0, "decimal", "%1."),
    level(1, "lowerLetter", "(%2)"),
    level(2, "lowerRoman", "%3)"),
) + num(1, 0)


def test_levels_count_each_for_themselves_and_begin_anew() -> None:
    body = (
        item("a")
        + item("b", at=1)
        + item("c", at=1)
        + item("d", at=2)
        + item("e", at=2)
        + item("f")
        + item("g", at=1)
        + paragraph("Between.")
        + item("h", at=1)
        + item("i")
    )
    assert lines(body, NESTED) == [
        "1. a",
        "(a) b",
        "(b) c",
        "i) d",
        "ii) e",
        "2. f",
        "(a) g",
        "Between.",
        "(b) h",
        "3. i",
    ]


def test_items_leave_their_markers_outside_the_block() -> None:
    draft = read_docx(word(item("One.") + item("Two."), numbering=NESTED), "x.docx")
    assert [draft.text[block.start : block.end] for block in draft.blocks] == ["One.", "Two."]
    assert {block.kind.value for block in draft.blocks} == {"item"}


def test_legal_numbers_show_the_levels_above() -> None:
    numbering = pattern(
        0,
        level(0, "upperRoman", "Part %1"),
        level(1, "decimal", "%1.%2"),
        level(2, "decimal", "%1.%2.%3", "<w:isLgl/>"),
    ) + num(1, 0)
    body = item("a") + item("b", at=1) + item("c", at=2) + item("d", at=1) + item("e")
    assert lines(body, numbering) == ["Part I a", "I.1 b", "1.1.1 c", "I.2 d", "Part II e"]


def test_a_start_other_than_one_and_a_level_used_before_the_one_above() -> None:
    numbering = pattern(0, level(0, "decimal", "%1.", start=7), level(1, "decimal", "%1.%2"))
    assert lines(item("a") + item("b"), numbering + num(1, 0)) == ["7. a", "8. b"]
    assert lines(item("a", at=1), numbering + num(1, 0)) == ["7.1 a"]


def test_a_list_may_go_on_with_another_or_begin_anew() -> None:
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{}"/></w:lvlOverride>'
    numbering = (
        pattern(0, level(0, "decimal", "%1."))
        + num(1, 0)
        + num(2, 0)
        + num(3, 0, again.format(1))
        + num(4, 0, again.format(5))
    )
    body = "".join(item(f"{i}", key) for i, key in enumerate((1, 1, 2, 3, 3, 4, 4)))
    assert [line.split()[0] for line in lines(body, numbering)] == [
        "1.",
        "2.",
        "3.",
        "1.",
        "2.",
        "5.",
        "6.",
    ]


def test_levels_that_never_begin_anew_and_levels_of_a_list_s_own() -> None:
    never = pattern(
        0,
        level(0, "decimal", "%1."),
        level(1, "decimal", "%2)", '<w:lvlRestart w:val="0"/>'),
    )
    body = item("a") + item("b", at=1) + item("c") + item("d", at=1)
    assert lines(body, never + num(1, 0)) == ["1. a", "1) b", "2. c", "2) d"]
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "upperLetter", "%1:")}</w:lvlOverride>'
    assert lines(item("a") + item("b"), never + num(1, 0, own)) == ["A: a", "B: b"]


@pytest.mark.parametrize(
    ("sign", "font", "shown"),
    [
        ("\uf0b7", "Symbol", "\u2022"),
        ("o", "Courier New", "\u2022"),
        ("\uf0a7", "Wingdings", "\u2022"),
        ("\uf0fc", "Wingdings", "✓"),
        ("\uf0a8", "Wingdings", "☐"),
        ("☐", "MS Gothic", "☐"),
        ("\uf001", "Webdings", "\u2022"),
        ("\uf072", "Webdings", "✖"),
        ("\u00fb", "Wingdings", "✗"),
        ("-", "Arial", "\u2022"),
    ],
)
def test_bullets(sign: str, font: str, shown: str) -> None:
    look = f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr>'
    numbering = pattern(
        0,
        f'<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="{sign}"/>{look}</w:lvl>',
    )
    assert lines(item("text"), numbering + num(1, 0)) == [f"{shown} text"]


def test_lists_by_style_and_taken_out_of_them() -> None:
    styles = STYLES + (
        '<w:style w:type="paragraph" w:styleId="L"><w:name w:val="List Number"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="L2"><w:name w:val="Second"/>'
        '<w:basedOn w:val="L"/></w:style>'
    )
    numbering = pattern(
        0,
        level(0, "decimal", "%1.", '<w:pStyle w:val="L"/>'),
        level(1, "decimal", "%1.%2", '<w:pStyle w:val="L2"/>'),
    ) + num(1, 0)
    out = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = styled("L", "a") + styled("L2", "b") + styled("L", "c", out) + styled("L", "d")
    assert lines(body, numbering, styles) == ["1. a", "1.1 b", "c", "2. d"]


def test_numbered_headings_keep_their_number_before_them() -> None:
    numbering = pattern(
        0,
        level(0, "decimal", "%1", '<w:pStyle w:val="berschrift1"/>'),
        level(1, "decimal", "%1.%2", '<w:pStyle w:val="berschrift2"/>'),
    )
    body = item("What it is", style="berschrift1") + item("Uses", at=1, style="berschrift2")
    draft = read_docx(word(body + paragraph("T."), numbering=numbering + num(1, 0)), "x.docx")
    assert draft.text == "1 What it is\n\n1.1 Uses\n\nT."
    assert draft.title == "What it is"
    assert [draft.text[b.start : b.end] for b in draft.blocks] == ["What it is", "Uses", "T."]


def test_numbers_typed_before_headings() -> None:
    body = "".join(
        styled("berschrift1", text)
        for text in ("1.\tOne", "2. Two", "2.1\tThree", "24 hours later", "2.5 mg tablets", "3.")
    )
    draft = read_docx(word(body + paragraph("T.")), "x.docx")
    assert [draft.text[b.start : b.end] for b in draft.blocks] == [
        "One",
        "Two",
        "Three",
        "24 hours later",
        "2.5 mg tablets",
        "3.",
        "T.",
    ]
    assert draft.text.startswith("1. One\n\n2. Two\n\n2.1 Three\n\n24")


def test_bullets_and_numbers_typed_before_text() -> None:
    body = (
        "".join(
            paragraph(text)
            for text in ("\u2022 one", "\u00b7\ttwo", "-\tthree", "o\tfour", "1.\tfive", "a)\tsix")
        )
        + paragraph("5 mg\ta day")
        + paragraph("- a dash")
        + paragraph("Then:")
        + paragraph("1. a step")
        + paragraph("Or:")
        + paragraph("- this")
        + paragraph("- that")
    )
    draft = read_docx(word(body), "x.docx")
    assert draft.text == (
        "\u2022 one\n\u2022 two\n- three\n\u2022 four\n1. five\na) six\n\n"
        "5 mg a day\n\n- a dash\n\nThen:\n1. a step\n\nOr:\n- this\n- that"
    )
    kinds = "".join(block.kind.value[0] for block in draft.blocks)
    assert kinds == "iiiiii" + "ppp" + "ip" + "ii"


def test_deleted_items_are_not_counted() -> None:
    gone = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/>'
        f"</w:rPr></w:pPr><w:del>{run('gone')}</w:del></w:p>"
    )
    assert lines(item("a") + gone + item("b"), NESTED) == ["1. a", "2. b"]


def test_lists_that_do_not_exist() -> None:
    assert lines(item("a", key=9) + item("b", at=7), NESTED) == ["a", "b"]
    assert lines(item("a"), num(1, 5)) == ["a"]
    loop = '<w:numStyleLink w:val="Loop"/>'
    styles = STYLES + (
        '<w:style w:type="numbering" w:styleId="Loop"><w:pPr><w:numPr><w:numId w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
    )
    assert lines(item("a"), pattern(0, more=loop) + num(1, 0), styles) == ["a"]


def test_a_list_by_way_of_a_numbering_style() -> None:
    styles = STYLES + (
        '<w:style w:type="numbering" w:styleId="S"><w:name w:val="S"/><w:pPr><w:numPr>'
        '<w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    )
    numbering = (
        pattern(0, more='<w:numStyleLink w:val="S"/>')
        + pattern(1, level(0, "upperLetter", "%1)"))
        + num(1, 0)
        + num(2, 1)
    )
    assert lines(item("a") + item("b"), numbering, styles) == ["A) a", "B) b"]


@pytest.mark.parametrize(
    ("number", "style", "shown"),
    [
        (1, "decimal", "1"),
        (7, "decimalZero", "07"),
        (26, "lowerLetter", "z"),
        (27, "lowerLetter", "aa"),
        (54, "upperLetter", "BBB"),
        (4, "lowerRoman", "iv"),
        (1994, "upperRoman", "MCMXCIV"),
        (0, "lowerRoman", "0"),
        (0, "lowerLetter", "0"),
        (5000, "upperRoman", "5000"),
        (1, "ordinal", "1st"),
        (12, "ordinal", "12th"),
        (23, "ordinal", "23rd"),
        (3, "chicago", "3"),
    ],
)
def test_counting(number: int, style: str, shown: str) -> None:
    assert counted(number, style) == shown
