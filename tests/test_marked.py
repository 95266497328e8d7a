"""What counts as the mark of a warning, and what only speaks of one."""

from __future__ import annotations

import pytest

from qa.corpus import make_document
from qa.marked import is_bare_mark, is_marked


@pytest.mark.parametrize(
    "text",
    [
        "Warning: do not drive.",
        "WARNING - do not drive.",
        "Warning \u2014 do not drive.",
        "Warning! Do not drive.",
        "Warning\nDo not drive.",
        "Caution: it is hot.",
        "Important: bring your medicines.",
        "Important safety information: read it.",
        "Danger: high voltage.",
        "Attention: call first.",
        "Attention",
        "Boxed warning: breathing may slow down.",
        "Black box warning: breathing may slow down.",
        "\u26a0 Hot.",
        "\u26a0\ufe0f Warning: hot.",
        "\u26d4 No food.",
        "[!WARNING] Do not drive.",
        "!!! danger Do not drive.",
        "Note: do not drive.",
        "Please note: never drive.",
        "Note that you must not drive.",
        "(Warning: do not drive.)",
        "Warning Do not drive.",
    ],
)
def test_a_mark(text: str) -> None:
    assert is_marked(text)


@pytest.mark.parametrize(
    "text",
    [
        "Warning signs are these.",
        "Warnings of storms are common.",
        "Important things come first.",
        "Important Days are listed.",
        "Attention deficit is a disorder.",
        "Attention-deficit is a disorder.",
        "Danger is everywhere.",
        "Note: the clinic is closed on Monday.",
        "Notes: do not drive.",
        "Cautionary tales: one and two.",
        "Do not drive. Warning: never.",
        "",
    ],
)
def test_no_mark(text: str) -> None:
    assert not is_marked(text)


def test_a_mark_that_says_nothing_itself() -> None:
    assert all(map(is_bare_mark, ["Warning", "Warning:", "\u26a0", "\u26a0\ufe0f Caution!"]))
    assert not any(map(is_bare_mark, ["Warning: hot.", "Hot.", "Warnings vary", "", "..."]))


@pytest.mark.parametrize(
    "markdown",
    [
        "**Warning:** Do not drive.",
        "**Warning**: Do not drive.",
        "**Warning** Do not drive.",
        "**Warning**\nDo not drive.",
        "**Warning**  \nDo not drive.",
        "> **Warning**\n> Do not drive.",
        "> [!WARNING]\n> Do not drive.",
        "- **Caution:** do not drive.",
        "| Caution: do not drive. |\n|---|",
    ],
)
def test_marks_as_markdown_is_read(markdown: str) -> None:
    document = make_document("x.md", f"# Driving\n\n{markdown}\n".encode())
    block = document.blocks[1]
    assert is_marked(document.text[block.start : block.end])
