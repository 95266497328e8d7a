"""Markdown becomes the text that a reader of the rendered page sees, and nothing else."""

from __future__ import annotations

import pytest

from qa.document import BlockKind
from qa.errors import CorpusError
from qa.readers.draft import Draft
from qa.readers.markdown import MAX_MARKDOWN, read_markdown


def read(text: str) -> Draft:
    return read_markdown(text.encode(), "x.md")


def blocks(text: str) -> list[tuple[str, str]]:
    draft = read(text)
    return [(block.kind.value, draft.text[block.start : block.end]) for block in draft.blocks]


def test_too_much_for_one_document() -> None:
    with pytest.raises(CorpusError, match=r"x\.md has 4,194,305 bytes .* Split it"):
        read("[" * (MAX_MARKDOWN + 1))


def test_headings_paragraphs_and_levels() -> None:
    draft = read("# One #\n\nText\nwrapped.\n\n### Three\n\nTwo\n---\n\nMore.\n")
    assert draft.text == "One\n\nText wrapped.\n\nThree\n\nTwo\n\nMore."
    assert [(b.kind.value, b.level) for b in draft.blocks] == [
        ("heading", 1),
        ("paragraph", 0),
        ("heading", 3),
        ("heading", 2),
        ("paragraph", 0),
    ]
    assert draft.title == "One"


def test_marks_leave_no_trace() -> None:
    assert blocks(
        "A **bold**, *leaning*, `code`, [link](http://x.org 'title') and ![a picture](x.png) &amp; "
        "\\*star\\* &#169; <http://auto.org>"
    ) == [
        (
            "paragraph",
            "A bold, leaning, code, link and a picture & *star* \u00a9 http://auto.org",
        )
    ]


def test_struck_text_is_not_quotable() -> None:
    assert blocks("Take ~~two~~ one. ~~All of **this** is gone.~~") == [("paragraph", "Take one.")]


def test_line_breaks() -> None:
    assert blocks("soft\nbreak  \nhard\\\nother<br>tag<BR/>end") == [
        ("paragraph", "soft break\nhard\nother\ntag\nend")
    ]


def test_lists_with_their_marks_outside_the_blocks() -> None:
    draft = read("Do not:\n\n- drink\n- drive\n\n3. three\n4. four\n")
    assert draft.text == ("Do not:\n\u2022 drink\n\u2022 drive\n3. three\n4. four")
    assert blocks("- drink\n- drive\n\n3. three\n") == [
        ("item", "drink"),
        ("item", "drive"),
        ("item", "three"),
    ]


def test_nested_lists() -> None:
    assert blocks(
        "1. one\n   - inner\n     1. deep\n\n     A paragraph of inner.\n2. two\n\nAfter.\n"
    ) == [
        ("item", "one"),
        ("item", "inner"),
        ("item", "deep"),
        ("item", "A paragraph of inner."),
        ("item", "two"),
        ("paragraph", "After."),
    ]
    assert read("1. one\n   - inner\n2. two\n").text == "1. one\n  \u2022 inner\n2. two"


def test_tables() -> None:
    assert blocks(
        "| Drug | Dose |\n|---|:-:|\n| **A** | 1 mg. Or two. |\n| | no name |\n| B | |\n"
    ) == [
        ("table_head", "Drug | Dose"),
        ("table_row", "A | 1 mg. Or two."),
        ("table_row", "| no name"),
        ("table_row", "B |"),
    ]


def test_code_is_text() -> None:
    assert blocks("```sh\ntake <one>\n```\n\n    and two\n") == [
        ("paragraph", "take <one>"),
        ("paragraph", "and two"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "<!-- secret -->",
        "<!-- secret\n\nover lines -->",
        "Seen. <!-- secret --> More.",
        "<!-- secret, never closed",
        "<script>secret()</script>",
        "<div>\n<script>secret()</script>\n</div>",
        "<style>.secret {}</style>",
        "<div><style>.secret {}</style></div>",
        "<template><p>secret</p></template>",
        "<iframe>secret</iframe>",
        '<div title="secret"></div>',
        '<a href="secret">x</a>',
        "[x](secret)",
        "[x]\n\n[x]: http://secret.org 'secret'",
        "<?php secret ?>",
        "<!DOCTYPE secret>",
        "<p hidden>secret</p>",
        '<p style="display: none">secret</p>',
        "Seen. <script>secret()</script> More.",
        "Seen. <span hidden>secret</span> More.",
        "<div hidden>\n\nsecret\n\n- secret\n\n## Secret secret\n\n</div>",
        '<section style="display:none">\n\n<div>\n\nsecret\n\n</div>\n\nsecret\n\n</section>',
        "<div>\n\n<!-- \n\nsecret\n\n-->\n\n</div>",
        "<del>\n\nsecret\n\n</del>",
        "<template>\n\nsecret\n\n</template>",
        "- item\n\n  <p style=visibility:hidden>secret</p>",
        "<table><tr hidden><td>\n\nsecret\n\n</td></tr></table>",
    ],
)
def test_what_a_reader_does_not_see_is_not_quotable(source: str) -> None:
    assert "secret" not in read(f"# Title\n\nBefore.\n\n{source}\n\nAfter.\n").text
    assert "Before." in read(f"# Title\n\nBefore.\n\n{source}\n\nAfter.\n").text


def test_text_of_html_is_text() -> None:
    assert blocks(
        "<div>One. <b>Bold</b>\n<p>Two &amp; three.</p>\n<ul><li>Four</li></ul></div>"
    ) == [
        ("paragraph", "One. Bold"),
        ("paragraph", "Two & three."),
        ("item", "Four"),
    ]
    assert blocks("An <b>inline</b> <i>tag</i>.") == [("paragraph", "An inline tag.")]


def test_a_quotation_is_a_paragraph() -> None:
    assert blocks("> Said\n> so.\n>\n> - and this\n") == [
        ("paragraph", "Said so."),
        ("item", "and this"),
    ]


def test_front_matter() -> None:
    draft = read('---\ntitle: "A: b"\ntags: [x, y]\nreviewed: 2026-01-31\n---\n# Other\n\nText.\n')
    assert draft.title == "A: b"
    assert draft.meta == (("title", "A: b"), ("tags", "x, y"), ("reviewed", "2026-01-31"))
    assert draft.text == "Other\n\nText."


@pytest.mark.parametrize(
    "front", ["---\na: [1\n---\n", "---\n\tx: 1\n---\n", "---\na: 1\na\n---\n"]
)
def test_broken_front_matter(front: str) -> None:
    with pytest.raises(CorpusError, match=r"x\.md: line \d+: the front matter is not valid YAML"):
        read(front + "Text.\n")


def test_front_matter_is_data_and_never_code() -> None:
    with pytest.raises(CorpusError, match="front matter"):
        read("---\na: !!python/object/apply:os.getcwd []\n---\nText.\n")


def test_images_without_words_make_no_block() -> None:
    assert read("![](x.png)\n\n***\n\n#\n").blocks == ()


def test_a_file_that_never_ends_its_nesting() -> None:
    draft = read("> " * 30 + "deep. " + "[" * 500 + "\n\n" + "- " * 12 + "list\n\n" + "*" * 999)
    assert all(block.kind is not BlockKind.HEADING for block in draft.blocks)
    assert "deep" in draft.text
    assert "list" in draft.text


def test_a_folded_text_is_text() -> None:
    assert blocks(
        "# T\n\n<details>\n<summary>May I drive?</summary>\n\nNo, *not* on\nthat day.\n\n"
        "</details>\n"
    ) == [("heading", "T"), ("heading", "May I drive?"), ("paragraph", "No, not on that day.")]


def test_figures_set_high_stay_apart_from_the_number_before() -> None:
    assert blocks("10<sup>5</sup> and H<sub>2</sub>O and 1<sup>st</sup>") == [
        ("paragraph", "10\u2075 and H₂O and 1st")
    ]


@pytest.mark.parametrize("text", ["*a" * 20_001, "a\n" * 20_002], ids=["marks", "lines"])
def test_a_paragraph_that_would_take_long_is_refused(text: str) -> None:
    with pytest.raises(CorpusError, match=r"a\.md: the paragraph that begins with .*Part it"):
        read_markdown(f"# A\n\n{text}\n".encode(), "a.md")
    assert read_markdown(f"# A\n\n{text[:2_000]}\n".encode(), "a.md").text
