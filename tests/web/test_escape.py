"""Text is shown as text: nothing of it may mean anything to HTML or Markdown."""

from __future__ import annotations

import html
import re

import pytest

from qa.web.dialling import dial_groups, with_dial_links
from qa.web.escape import attribute_text, screen_text, title_text
from tests.web.stand_in import CRISIS_LINE, DIALS, HOSTILE_TEXTS


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_escaped_text_is_the_same_text(text: str) -> None:
    shown = re.sub(r"</?span[^>]*>", "", str(screen_text(text)))
    # html.unescape drops control characters written as entities, which browsers keep.
    assert html.unescape(shown) == text.replace("\x07", "")


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_only_letters_digits_and_blanks_stay_as_they_are(text: str) -> None:
    shown = re.sub(r'<span class="unseen" title="U\+\w{4}">|</span>', "", str(screen_text(text)))
    plain = re.sub(r"&#\d+;", "x", shown)
    assert not re.search(r"[^A-Za-z0-9 \u00a0-\U0010ffff]|^ | {2}| $", plain)


def test_line_ends_and_leading_blanks_are_entities() -> None:
    assert screen_text("  1. a\nb  c") == "&#32;&#32;1&#46; a&#10;b&#32;&#32;c"


@pytest.mark.parametrize("character", ["\u202e", "\x07", "\x85", "\u2028", "\x7f"])
def test_unseen_characters_are_kept_and_named(character: str) -> None:
    shown = str(screen_text(f"a{character}b"))
    assert f'title="U+{ord(character):04X}"' in shown
    assert character in shown or f"&#{ord(character)};" in shown


@pytest.mark.parametrize("text", [*HOSTILE_TEXTS, 'a" onclick="x', "\u202e\x85\u2028 b  c\n"])
def test_an_attribute_holds_the_text_and_no_element(text: str) -> None:
    value = str(attribute_text(text))
    assert not set("<>\"'=`\n*") & set(value)
    assert html.unescape(value) == text.replace("\x07", "")


@pytest.mark.parametrize("text", [*HOSTILE_TEXTS, "</title><script>x</script>\u2028\x85"])
def test_a_title_holds_no_element_and_nothing_unseen(text: str) -> None:
    value = html.unescape(str(title_text(text)))
    assert "<" not in str(title_text(text))
    assert value == re.sub(
        "[\x07\x85\u2028\u202c\u202e]", lambda one: f"[U+{ord(one[0]):04X}]", text
    )


def test_numbers_in_a_notice_dial() -> None:
    shown = str(with_dial_links(CRISIS_LINE.text, DIALS))
    assert 'call&#32;<bdi dir="ltr">988</bdi>&#44; then press 1</a>' in shown
    assert '<a href="sms:838255" dir="auto">text&#32;<bdi dir="ltr">838255</bdi></a>' in shown
    assert '<a href="tel:911" dir="auto">call&#32;<bdi dir="ltr">911</bdi></a>&#46;' in shown
    assert shown.count("<a ") == 5


def test_links_are_grouped_by_line() -> None:
    groups = dial_groups(DIALS)
    assert [name.striptags() for name, _ in groups] == [
        "Emergency",
        "988 Suicide & Crisis Lifeline",
        "Veterans Crisis Line",
        "Poison line",
    ]
    assert [(doing.striptags(), href) for doing, href in groups[1][1]] == [
        ("Call 988", "tel:988"),
        ("Text 988", "sms:988"),
    ]
