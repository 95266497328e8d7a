"""Values and tokens of CSS as text, whatever stands in them."""

from __future__ import annotations

import pytest

from qa.readers.css_syntax import block_of, parted, sheet_of, text_of, value_of
from qa.readers.style_values import declarations


@pytest.mark.parametrize(
    ("css", "value"),
    [
        ("RGBA( 0 , 0,0 / 0 )", "rgba(0,0,0/0)"),
        ("a /* b */ c", "a c"),
        ("a/**/b", "a b"),
        (r"n\6f ne", "none"),
        (r"rect\(0", "rect_0"),
        ("'a;b' url(c;d) url('e')", '"" url() url("")'),
        ("calc(-9999px)", "-9999px"),
        ("1.50E3Px 5%", "1.50e3px 5%"),
        ("a ] b", "a ! b"),
        ("'a", '""'),
        ("f(g[h{i", "f(g[h{i}])"),
    ],
)
def test_a_value_is_told_in_small_letters_without_what_is_no_code(css: str, value: str) -> None:
    (declaration,) = block_of(f"x:{css}")
    assert value_of(declaration.value) == value


def test_no_depth_of_brackets_and_no_length_of_a_number_is_too_much() -> None:
    depth = 100_000
    (declaration,) = block_of("x:" + "(" * depth + "9" * depth)
    assert value_of(declaration.value) == "(" * depth + "9" * 4_000 + ")" * depth
    (rule,) = sheet_of("[" * depth + "]" * depth + "{")
    assert text_of(rule.prelude).count("]") == depth


def test_commas_in_brackets_and_strings_part_nothing() -> None:
    (rule,) = sheet_of("a,:is(b,c),[d=',']{}")
    assert [text_of(one) for one in parted(rule.prelude, ",")] == ["a", ":is(b,c)", '[d=","]']


def test_the_last_important_declaration_counts_and_a_broken_one_does_not() -> None:
    style = "display:block!important;display:none;*float:left;position:fixed;position:x;all:y"
    assert declarations(style) == {"display": "block", "position": "fixed"}
