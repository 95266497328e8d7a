"""Where names stand."""

from __future__ import annotations

import pytest

from qa.names import bundled_names, name_spans, read_names
from qa.spelling import words_of

NAMES = read_names(["# a remark", "sarah jones sarah  # more", "~grace young sarah"])
WORDS = words_of("i saw the clinic on and she said nurse disease is here asked")


def found(text: str) -> list[str]:
    return [text[a:b] for a, b in name_spans(text, lambda w: w.casefold() in WORDS, NAMES)]


def test_a_name_that_is_doubtful_anywhere_is_doubtful() -> None:
    assert NAMES.plain == {"jones"}
    assert NAMES.doubtful == {"grace", "young", "sarah"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("i saw jones", ["jones"]),
        ("i saw grace", []),
        ("i saw Grace Young", ["Grace Young"]),
        ("i am Grace", ["Grace"]),
        ("Grace is here", []),
        ("my name is grace", ["grace"]),
        ("my name is not here", []),
        ("I saw Quibble and J. Jones", ["Quibble", "J. Jones"]),
        ("Quibble Zob said", ["Quibble Zob"]),
        ("she said: Quibble. Zob", []),
        ("Jones disease", []),
        ("Jones's disease", []),
        ("I asked. Dr.Zob said", ["Zob"]),
        ("DR ZOB SAID JONES", ["ZOB", "JONES"]),
        ("PTSD and MRI", []),
        ("my nurse zob said", ["zob"]),
        ("my nurse said", []),
    ],
)
def test_names_in_a_text(text: str, names: list[str]) -> None:
    assert found(text) == names


def test_spans_are_in_order_and_do_not_overlap() -> None:
    text = "I saw A. B. C. Zob Jones Zob Quibble Zob Jones, Dr Jones Zob and J. K. Jones"
    spans = name_spans(text, lambda w: w.casefold() in WORDS, NAMES)
    ends = [at for span in spans for at in span]
    assert ends == sorted(ends)
    assert "Zob" not in "".join(text[a:b] for a, b in zip([0, *ends[1::2]], [*ends[::2], None]))  # noqa: B905


def test_the_bundled_list_holds_names_and_no_everyday_words() -> None:
    names = bundled_names()
    assert len(names.plain) > 600
    assert {"sarah", "nguyen", "mohammed"} <= names.plain
    assert {"will", "may", "molly", "mark", "rose"} <= names.doubtful
    assert not names.plain & {"ketamine", "doctor", "pain", "help", "ever"}
