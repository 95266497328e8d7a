"""What is quoted with a sentence so that its meaning is not lost."""

from __future__ import annotations

import random

import pytest

from qa.chunking import split_sentences
from qa.corpus import make_document
from qa.document import BlockKind
from qa.limits import limits, points_back
from qa.marked import is_marked
from qa.quoting import stand_alone
from tests.hostile import HOSTILE


def quoted(text: str, wanted: str) -> str:
    """The text quoted for the one sentence that begins with `wanted`, with blanks for breaks."""
    document = make_document("x.md", text.encode())
    sentences = split_sentences(document)
    [i] = [k for k, s in enumerate(sentences) if document.text[s.start :].startswith(wanted)]
    first, last = stand_alone(document, sentences, i)
    assert first <= i <= last
    return " ".join(document.text[sentences[first].start : sentences[last].end].split())


def test_a_plain_sentence_is_quoted_alone() -> None:
    assert quoted("Before it. Ketamine is a drug. After it.", "Ketamine") == "Ketamine is a drug."


@pytest.mark.parametrize(
    "second",
    [
        "It is given slowly.",
        "This helps many.",
        "These last an hour.",
        "They may pass soon.",
        "But not everyone may have it.",
        "However, some people must not have it.",
        "That is rare.",
        "Its effects are short.",
        "In these cases, call us.",
        "Otherwise, wait.",
        "For example, a nurse sits by.",
        "\u201cIt is slow.\u201d",
    ],
)
def test_a_word_that_points_back_brings_what_it_points_to(second: str) -> None:
    text = f"Ketamine is a drug. {second} Ask us."
    assert quoted(text, second) == f"Ketamine is a drug. {second}"


@pytest.mark.parametrize(
    "second",
    [
        "Itching may occur.",
        "Thistles grow here.",
        "Andrew sits by.",
        "Normally we wait.",
        "Soap is there.",
    ],
)
def test_a_word_that_only_begins_like_one_does_not(second: str) -> None:
    assert quoted(f"Ketamine is a drug. {second} Ask us.", second) == second


def test_a_chain_of_words_that_point_back_is_followed_two_steps() -> None:
    text = "Ketamine is a drug. It helps. This is known. It is old."
    assert quoted(text, "This") == "Ketamine is a drug. It helps. This is known."
    assert quoted(text, "It is old") == "It helps. This is known. It is old."


def test_nothing_points_out_of_its_section() -> None:
    text = "# One\n\nKetamine is a drug.\n\n# Two\n\nIt is given slowly.\n"
    assert quoted(text, "It is") == "It is given slowly."


@pytest.mark.parametrize(
    "second",
    [
        "But never alone.",
        "However, not on that day.",
        "Unless you are told to, wait.",
        "Except when you are pregnant.",
        "Do not drive afterwards.",
        "Don\u2019t drive afterwards.",
        "Never take it alone.",
        "Only if a nurse is there.",
    ],
)
def test_a_limit_behind_a_sentence_comes_with_it(second: str) -> None:
    text = f"Take one tablet. {second} Rest well."
    assert quoted(text, "Take") == f"Take one tablet. {second}"


def test_limits_behind_limits_come_too() -> None:
    text = "Take one tablet. Do not take two. Never drive. Rest."
    assert quoted(text, "Take") == "Take one tablet. Do not take two. Never drive."


def test_a_limit_in_another_paragraph_is_its_own() -> None:
    assert quoted("Take one tablet.\n\nDo not drive.", "Take") == "Take one tablet."


@pytest.mark.parametrize(
    "second",
    [
        "This does not apply to children.",
        "The only exception is surgery.",
        "If you are pregnant, do not take it.",
        "Call us if it gets worse.",
        "Stop if you feel unwell.",
        "Warning: it makes you sleepy.",
    ],
)
def test_what_takes_a_sentence_back_comes_with_it(second: str) -> None:
    text = f"Take one tablet. {second} Rest well."
    assert quoted(text, "Take") == f"Take one tablet. {second}"
    assert quoted(text, "Rest") == "Rest well."


@pytest.mark.parametrize(
    "second", ["Unless you are unwell.", "Only if a nurse is there.", "If you do, call us."]
)
def test_a_condition_brings_what_it_is_put_to(second: str) -> None:
    text = f"Rest well. Take one tablet. {second}"
    assert quoted(text, second) == f"Take one tablet. {second}"


def test_a_limit_in_another_section_is_its_own() -> None:
    text = "# One\n\nTake one tablet.\n\n# Two\n\nHowever, not today.\n"
    assert quoted(text, "Take") == "Take one tablet."
    assert quoted(text, "However") == "However, not today."


def test_a_limit_that_opens_a_list_has_it_with_it() -> None:
    text = "Take one tablet. Do not take it if you:\n\n- are ill\n- drink\n\nRest.\n"
    whole = "Take one tablet. Do not take it if you: \u2022 are ill \u2022 drink"
    assert quoted(text, "Take") == whole


def test_words_behind_a_short_list_bring_it_and_behind_a_long_one_do_not() -> None:
    text = "Some effects are:\n\n- headache\n- nausea\n\nThese pass soon.\n"
    assert quoted(text, "These") == (
        "Some effects are: \u2022 headache \u2022 nausea These pass soon."
    )
    assert quoted(f"{LONG_LIST}\nThese pass soon.\n", "These") == "These pass soon."


def test_a_marked_warning_is_quoted_whole() -> None:
    text = "Rest well.\n\n**Warning:** Do not drive. Ketamine makes you sleepy. Wait.\n\nEat.\n"
    for wanted in ("Warning", "Ketamine", "Wait"):
        assert quoted(text, wanted) == "Warning: Do not drive. Ketamine makes you sleepy. Wait."
    assert quoted(text, "Rest") == "Rest well."


@pytest.mark.parametrize("mark", ["**Warning**", "Warning:", "\u26a0"])
def test_a_mark_of_its_own_goes_with_what_comes_behind_it(mark: str) -> None:
    shown = mark.strip("*")
    text = f"# Driving\n\n{mark}\n\nDo not drive. Ask first.\n\nEat.\n"
    assert quoted(text, "Ask") == f"{shown} Do not drive. Ask first."
    text = f"# Driving\n\n{mark}\n\n- no car\n- no bike\n\nEat.\n"
    assert quoted(text, "no bike") == f"{shown} \u2022 no car \u2022 no bike"


def test_a_thousand_marks_in_one_paragraph_are_no_trouble() -> None:
    text = "Rest well. " + " ".join(f"Warning: do not do {n} things." for n in range(1_500))
    document = make_document("x.md", text.encode())
    sentences = split_sentences(document)
    assert stand_alone(document, sentences, 0) == (0, len(sentences) - 1)


def test_of_a_long_warning_only_what_stands_alone_is_quoted() -> None:
    text = f"Warning: do not drive. {'You may feel sleepy for many hours. ' * 15}Ask a nurse.\n"
    assert quoted(text, "Ask") == "Ask a nurse."


LIST = (
    "# List\n\nFirst of all. Do not take it if you:\n\n- are pregnant\n- drink. Or smoke.\n"
    "- drive\n\nCall us.\n"
)


WHOLE = "Do not take it if you: \u2022 are pregnant \u2022 drink. Or smoke. \u2022 drive"


@pytest.mark.parametrize("wanted", ["Do not", "are", "drink", "Or smoke", "drive"])
def test_a_short_list_is_quoted_whole_with_its_lead_in(wanted: str) -> None:
    assert quoted(LIST, wanted) == WHOLE


LONG_LIST = "Beware of:\n\n" + "".join(f"- thing{n} that is bad for you\n" for n in range(30))


def test_an_item_of_a_long_list_comes_with_its_lead_in_and_all_before_it() -> None:
    found = quoted(LONG_LIST, "thing7 ")
    assert found.startswith("Beware of: \u2022 thing0 that")
    assert found.endswith("\u2022 thing7 that is bad for you")


def test_a_lead_in_of_a_long_list_comes_with_whole_items_of_it() -> None:
    found = quoted(LONG_LIST, "Beware")
    assert found.startswith("Beware of: \u2022 thing0 that")
    assert found.endswith(" that is bad for you")


def test_an_item_is_never_quoted_in_part() -> None:
    text = "# List\n\nRules.\n\n- First. Wait here. Rest.\n- Next\n"
    assert quoted(text, "Rest.").startswith("First. Wait here. Rest.")


def test_a_lead_in_of_another_section_is_none() -> None:
    text = "# One\n\nTake:\n\n# Two\n\n- this\n- that\n"
    assert quoted(text, "that") == "that"
    assert quoted(text, "Take:") == "Take:"


def test_a_lead_in_before_a_paragraph_brings_it() -> None:
    assert quoted("Remember this:\n\nDo not drive that day. Rest.\n", "Remember") == (
        "Remember this: Do not drive that day."
    )


def test_an_inner_item_comes_with_the_item_that_introduces_it() -> None:
    text = "Rules:\n\n- Before:\n  - no food\n  - no drink\n- After: rest\n"
    assert quoted(text, "no drink").startswith("Before: \u2022 no food \u2022 no drink")


TABLE = (
    "# Doses\n\nThe doses:\n\n| Drug | Dose |\n|---|---|\n| A | 1 mg |\n| B | 2 mg |\n\nAsk us.\n"
)


def test_a_row_comes_with_its_tables_head() -> None:
    assert quoted(TABLE, "A |") == "Drug | Dose A | 1 mg"
    assert quoted(TABLE, "B |") == "Drug | Dose A | 1 mg B | 2 mg"


def test_a_second_table_has_its_own_head() -> None:
    text = TABLE + "\n| Drug | Time |\n|---|---|\n| C | 1 h |\n"
    assert quoted(text, "C |") == "Drug | Time C | 1 h"


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_every_sentence_of_any_document_is_in_its_own_quote(name: str) -> None:
    document = make_document(name, HOSTILE[name])
    sentences = split_sentences(document)
    for i, sentence in enumerate(sentences):
        first, last = stand_alone(document, sentences, i)
        assert 0 <= first <= i <= last < len(sentences)
        sections = {document.blocks[s.block].section for s in sentences[first : last + 1]}
        assert sections == {document.blocks[sentence.block].section}


SENTENCES = [
    "Ketamine is a drug.", "Take one tablet.", "Rest well, Jane.", "It is slow.", "This helps.",
    "However, not today.", "Unless you are unwell.", "Do not drive.", "Call us if it hurts.",
    "If you are unwell, do not take it.", "Warning: do not swim.", "Do not take it if you:",
    "The doses are:", "Warning", "These pass soon.", "Only if a nurse is there.",
]  # fmt: skip


def random_markdown(dice: random.Random) -> str:
    """Headings, paragraphs, lists and tables of sentences that hang on one another."""
    parts = [dice.choice(SENTENCES)]
    for _ in range(dice.randint(1, 12)):
        some = dice.choices(SENTENCES, k=dice.randint(1, 5))
        match dice.randint(0, 5):
            case 0:
                parts.append(f"# {some[0]}")
            case 1:
                parts.append("\n".join(f"- {one}" for one in some * dice.choice((1, 6))))
            case 2:
                rows = [f"| {one} | {len(one)} |" for one in some]
                parts.append("\n".join(["| What | Letters |", "|---|---|", *rows]))
            case _:
                parts.append(" ".join(some))
    return "\n\n".join(parts) + "\n"


@pytest.mark.parametrize("seed", range(60))
def test_quotes_of_random_documents_are_whole_and_keep_their_limits(seed: int) -> None:
    document = make_document("x.md", random_markdown(random.Random(seed)).encode())
    sentences = split_sentences(document)
    texts = [document.text[s.start : s.end] for s in sentences]
    for i, sentence in enumerate(sentences):
        first, last = stand_alone(document, sentences, i)
        assert 0 <= first <= i <= last < len(sentences)
        held = sentences[first : last + 1]
        assert {document.blocks[s.block].section for s in held} == {
            document.blocks[sentence.block].section
        }
        span = (held[0].start, held[-1].end)
        headings = [b for b in document.blocks if b.kind is BlockKind.HEADING]
        assert all(b.end <= span[0] or span[1] <= b.start for b in headings)
        if last + 1 < len(sentences) and sentences[last + 1].block == sentences[last].block:
            assert not limits(texts[last + 1])
            assert not is_marked(texts[last + 1])
        if first and sentences[first - 1].block == sentences[first].block:
            assert not points_back(texts[first]) or i - first >= 2


@pytest.mark.parametrize("seed", range(20))
def test_a_run_of_limits_is_never_cut(seed: int) -> None:
    dice = random.Random(seed)
    run = dice.choices(SENTENCES[5:10], k=dice.randint(1, 6))
    text = " ".join(["Take one tablet.", *run, "Rest well, Jane."])
    document = make_document("x.md", text.encode())
    sentences = split_sentences(document)
    assert len(sentences) == len(run) + 2
    ends = [stand_alone(document, sentences, i)[1] for i in range(len(sentences))]
    assert ends == [len(run)] * (len(run) + 1) + [len(run) + 1]
