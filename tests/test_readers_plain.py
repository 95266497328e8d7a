"""Plain text in the shapes people give it: what is a heading, an item, a paragraph."""

from __future__ import annotations

import pytest

from qa.errors import CorpusError
from qa.readers.draft import Draft
from qa.readers.plain import read_plain

H1, H2, P, I = "# ", "## ", "", "- "  # noqa: E741


def read(text: str) -> Draft:
    return read_plain(text.encode(), "x.txt")


def shape(text: str) -> list[str]:
    """The blocks, each with a mark for its kind: `# ` to `###### `, `- `, or nothing."""
    draft = read(text)
    marks = {"heading": "#", "item": "- ", "paragraph": ""}
    return [
        ("#" * block.level + " " if block.level else marks[block.kind.value])
        + draft.text[block.start : block.end]
        for block in draft.blocks
    ]


def test_the_text_is_the_files_own() -> None:
    text = "\n  Title\n\n   Indented.\t\n\n---\n* item\n"
    assert read(text).text == text


def test_title_headings_and_paragraphs_parted_by_blank_lines() -> None:
    assert shape(
        "Ketamine for PTSD\n\nIt is a medicine.\n\nSide effects\n\nIt can make you dizzy. Rest.\n"
    ) == [
        "# Ketamine for PTSD",
        "It is a medicine.",
        "## Side effects",
        "It can make you dizzy. Rest.",
    ]


def test_headings_right_above_their_paragraphs() -> None:
    assert shape(
        "Ketamine for PTSD\nIt is a medicine.\n\nSide effects\nIt can make you dizzy. Rest.\n"
    ) == [
        "# Ketamine for PTSD",
        "It is a medicine.",
        "## Side effects",
        "It can make you dizzy. Rest.",
    ]


def test_no_blank_lines_at_all() -> None:
    long = "Ketamine is a medicine that is given under supervision, and it has been for years."
    assert shape(f"About it\n{long}\n{long}\nSide effects\n{long}\n") == [
        "# About it",
        long,
        long,
        "## Side effects",
        long,
    ]


def test_a_paragraph_a_line() -> None:
    first = "Ketamine is an anesthetic. " * 6
    second = "It is given by a nurse in a clinic, slowly, over forty minutes or so. " * 3
    assert shape(f"{first}\n{second}\n") == [first.strip(), second.strip()]


WRAPPED = """Ketamine is an anesthetic that has been in use since the 1960s and it
is given in much lower doses for mental health than for an operation.
Nobody should take it without supervision. Ask your clinician about it
before you decide.
"""


def test_wrapped_paragraphs() -> None:
    assert shape(f"{WRAPPED}\n{WRAPPED}") == [WRAPPED.strip(), WRAPPED.strip()]


def test_wrapped_paragraphs_with_headings() -> None:
    assert shape(
        f"About ketamine\n\n{WRAPPED}\nSide effects\n{WRAPPED}\nThe next day\n\n{WRAPPED}"
    ) == [
        "# About ketamine",
        WRAPPED.strip(),
        "## Side effects",
        WRAPPED.strip(),
        "## The next day",
        WRAPPED.strip(),
    ]


@pytest.mark.parametrize("bullet", ["-", "*", "+", "\u2022", "\u00b7", "\u2013"])
def test_bulleted_lists(bullet: str) -> None:
    assert shape(
        f"Title\n\nDo not take it if you:\n{bullet} are pregnant\n  {bullet} drink\n\nEnd it.\n"
    ) == [
        "# Title",
        "Do not take it if you:",
        "- are pregnant",
        "- drink",
        "End it.",
    ]


@pytest.mark.parametrize(
    ("one", "two"), [("1.", "2."), ("1)", "2)"), ("(1)", "(2)"), ("a)", "b)"), ("(a)", "(b)")]
)
def test_numbered_lists(one: str, two: str) -> None:
    assert shape(f"Title\n\nDo this:\n\n{one} Sit down.\n{two} Wait for the nurse.\n") == [
        "# Title",
        "Do this:",
        "- Sit down.",
        "- Wait for the nurse.",
    ]


def test_a_list_without_bullets_behind_a_colon() -> None:
    assert shape(
        "Title\n\nCommon side effects are:\n\nDizziness\nNausea\nHeadache\n\nMost pass soon.\n"
    ) == [
        "# Title",
        "Common side effects are:",
        "- Dizziness",
        "- Nausea",
        "- Headache",
        "Most pass soon.",
    ]


def test_a_heading_after_a_list_without_bullets() -> None:
    assert shape(
        "Title\n\nSide effects are:\nDizziness\nNausea\n\nDriving\nDo not drive that day.\n"
    ) == [
        "# Title",
        "Side effects are:",
        "- Dizziness",
        "- Nausea",
        "## Driving",
        "Do not drive that day.",
    ]


def test_wrapped_list_items() -> None:
    assert shape(
        "Title\n\nTell us if you have any of these:\n"
        "- high blood pressure that is not under control in spite of\n"
        "  medicines for it\n"
        "- psychosis\n"
    ) == [
        "# Title",
        "Tell us if you have any of these:",
        "- high blood pressure that is not under control in spite of\n  medicines for it",
        "- psychosis",
    ]


def test_questions_are_headings() -> None:
    question = (
        "Can I drive a car home by myself after a treatment with ketamine, or should I bring "
        "somebody along who can take me home that day?"
    )
    assert shape(f"Questions\n\nWill it hurt?\nNo.\n\n{question}\nDo not drive that day.\n") == [
        "# Questions",
        "## Will it hurt?",
        "No.",
        f"## {question}",
        "Do not drive that day.",
    ]


def test_questions_above_paragraphs_without_blank_lines() -> None:
    assert shape("Will it hurt?\nNo, it does not.\nCan I eat?\nDo not eat for six hours.\n") == [
        "# Will it hurt?",
        "No, it does not.",
        "## Can I eat?",
        "Do not eat for six hours.",
    ]


def test_numbered_headings_and_hashes() -> None:
    assert shape(
        "Title\n\n1. Side effects\n\nIt can make you dizzy.\n\n2. Driving\n\nDo not drive.\n"
    ) == [
        "# Title",
        "## 1. Side effects",
        "It can make you dizzy.",
        "## 2. Driving",
        "Do not drive.",
    ]
    assert shape("# Title\nText is here.\n### Deep\nMore of it.\n") == [
        "# Title",
        "Text is here.",
        "### Deep",
        "More of it.",
    ]


def test_ruled_lines_are_nothing() -> None:
    assert shape(
        "Title\n=====\n\nText is here.\n\n-----\n* * *\n\nDriving\n_______\nDo not.\n"
    ) == [
        "# Title",
        "Text is here.",
        "## Driving",
        "Do not.",
    ]


def test_sentences_are_no_headings() -> None:
    assert shape("Take it once.\n\nDo not drive.\n\nWait\n") == [
        "Take it once.",
        "Do not drive.",
        "Wait",
    ]
    assert shape("One line and no more\n") == ["One line and no more"]


def test_a_long_title_set_apart() -> None:
    title = (
        "What patients and the people close to them should know about ketamine as it is used in "
        "our clinic for post-traumatic stress disorder"
    )
    assert shape(f"{title}\n\nIt is a medicine.\n") == [f"# {title}", "It is a medicine."]


def test_titles() -> None:
    assert read("Side effects\n\nIt can make you dizzy.\n").title == "Side effects"
    assert read("# Side effects\n\nIt can make you dizzy.\n").title == "Side effects"
    assert read("It can make you dizzy.\n\nRest.\n").title == ""
    assert (
        read("---\ntitle: From the front\n---\nSide effects\n\nRest.\n").title == "From the front"
    )


def test_front_matter_is_no_text() -> None:
    draft = read("---\nversion: 2\nempty:\n---\nTitle\n\nRest.\n")
    assert draft.meta == (("version", "2"), ("empty", ""))
    assert draft.text == "Title\n\nRest.\n"


def test_broken_front_matter() -> None:
    with pytest.raises(CorpusError, match=r"x\.txt: line 2: the front matter is not valid YAML"):
        read("---\ntitle: a: b\n---\nText.\n")


@pytest.mark.parametrize("text", ["---\nText.\n", "---\nJust prose.\n---\nMore of it.\n"])
def test_a_ruled_line_on_top_is_no_front_matter(text: str) -> None:
    draft = read(text)
    assert draft.meta == ()
    assert draft.text == text


def test_nothing_but_marks() -> None:
    assert read("---\n\n* * *\n\n...\n").blocks == ()
    assert read("").blocks == ()


def test_a_dose_over_a_line_end_stays_whole() -> None:
    assert shape("A title\n\nStart with a dose of 10-\n20 mg and wait.\n")[-1].endswith(
        "dose of 10-\n20 mg and wait."
    )
