"""Web pages become what a visitor reads in them: the main part, in order, and nothing hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.corpus import make_document
from qa.errors import CorpusError
from qa.readers.draft import Draft
from qa.readers.html import read_html
from tests.drafts import sound
from tests.little_work import least_seconds

PAGES = Path(__file__).parent / "data" / "pages"


def read(source: str) -> Draft:
    return sound(read_html(source.encode(), "x.html"))


def blocks(source: str) -> list[str]:
    """The blocks, each with a mark: `#` for a heading and its level, `-`, `=`, `|`, or nothing."""
    draft = read(source)
    marks = {"heading": "#", "item": "- ", "paragraph": "", "table_head": "= ", "table_row": "| "}
    return [
        ("#" * b.level + " " if b.level else marks[b.kind.value]) + draft.text[b.start : b.end]
        for b in draft.blocks
    ]


def page(name: str) -> Draft:
    return read_html((PAGES / name).read_bytes(), name)


def test_a_hospitals_leaflet() -> None:
    draft = page("hospital.html")
    assert draft.title == "Ketamine infusion"
    assert draft.meta == (
        ("language", "en-GB"),
        ("reviewed", "2026-03-01"),
        ("version", "4"),
        ("owner", "Pain service"),
    )
    assert draft.text == (
        "Ketamine infusion\n\n"
        "This leaflet explains what happens when you come for a ketamine infusion.\n\n"
        "Before you come\n\n"
        "Do not eat for 6\u00a0hours before the infusion. You may drink water until 2\u00a0hours "
        "before.\n\n"
        "Tell us before you come if you:\n"
        "\u2022 are pregnant, or might be\n"
        "\u2022 have any of these:\n"
        "  \u2022 high blood pressure\n"
        "  \u2022 glaucoma\n"
        "\u2022 take a monoamine oxidase inhibitor\n\n"
        "Important\n\nYou must not drive for 24 hours after the infusion.\n\n"
        "Side effects\n\nHow often side effects happen\n\n"
        "Side effect | How often | What to do\n"
        "Nausea | More than 1 in 10 people | Eat small meals. Ask us for tablets.\n"
        "Blurred vision | Up to 1 in 10 people | Do not drive.\n"
        "Dizziness |  | Lie down until it passes.\n\n"
        "Questions patients ask\n\n"
        "How long does the infusion take?\n\n"
        "About 40 minutes. You stay with us for two hours.\n\n"
        "Can somebody come with me?\n\nYes, and somebody must take you home.\n\n"
        "Where do I park?\n\nCar park B is nearest.\n\n"
        "Contact us\n\nPain clinic, level 2\nTelephone: 01632 960123\n"
        "1. Pain service guideline, 2025."
    )


def test_a_wordpress_page() -> None:
    draft = page("wordpress.html")
    assert draft.title == "Esketamine nasal spray"
    assert "SECRET" not in draft.text
    for gone in ("Menu", "Treatments\n", "Share this", "Previous post", "Recent", "powered", "84"):
        assert gone not in draft.text
    for kept in (
        "twice a week for the first",
        "about two and a half hours",
        "56 mg",
        "10\u00b3",
        "Seen beside",
    ):
        assert kept in draft.text
    document = make_document("wordpress.html", (PAGES / "wordpress.html").read_bytes())
    assert document.section_at(document.text.index("Do not drive")).heading == "Can I drive home?"


def test_a_page_of_questions_in_spanish() -> None:
    draft = page("questions.html")
    assert draft.meta == (("language", "es"),)
    assert "SECRETO" not in draft.text
    assert "Contacto" not in draft.text
    assert "Aviso legal" not in draft.text
    assert "Ketamina\nUn anest\u00e9sico." in draft.text
    document = make_document("questions.html", (PAGES / "questions.html").read_bytes())
    assert document.section_at(document.text.index("No. No conduzca")).path == (
        "Preguntas frecuentes",
        "\u00bfPuedo conducir?",
    )


def test_a_page_that_word_saved() -> None:
    draft = page("word.htm")
    assert draft.meta == (("language", "EN-US"), ("encoding", "windows-1252 (as the page says)"))
    assert draft.title == "Going home after your infusion"
    assert draft.text == (
        "Going home after your infusion\n\nWhat to watch for\n\n"
        "Don\u2019t drive for 24\u00a0hours \u2013 not even a short way.\n"
        "\u2022 Drink water\n2. Eat something light\n\n"
        "Time | What to do\nFirst day | Rest. Sleep."
    )


HIDING = [
    "<script>SECRET</script>",
    '<script>x = "</p>SECRET"; if (a < b) {"<p>SECRET</p>"}</script>',
    "<script>'<!--<script>SECRET</scr' + 'ipt>'</script>",
    "<style>SECRET</style>",
    "<template><p>SECRET</p></template>",
    "<noscript>SECRET</noscript>",
    "<!-- SECRET --><!--[if IE]>SECRET<![endif]-->",
    "<p hidden>SECRET</p>",
    "<div hidden><p>SECRET</p><div><p>SECRET</div></div>",
    "<p style='DISPLAY : none !important'>SECRET</p>",
    "<p style='visibility:hidden'>SECRET</p>",
    "<p style='opacity:0.0'>SECRET</p>",
    "<p style='font-size:0px'>SECRET</p>",
    "<p style='position:absolute;clip:rect(1px, 1px, 1px, 1px)'>SECRET</p>",
    "<p style='clip-path: inset(50%)'>SECRET</p>",
    "<p style='position:absolute;left:-9999px'>SECRET</p>",
    "<p style='text-indent:-999em'>SECRET</p>",
    "<p style='width:1px;height:1px;overflow:hidden'>SECRET</p>",
    "<p style='max-height:5em;height:0;overflow:hidden'>SECRET</p>",
    "<p style='text-decoration:line-through'>SECRET</p>",
    "<span class='sr-only'>SECRET</span>",
    "<del>SECRET</del><s>SECRET</s><strike>SECRET</strike>",
    "<dialog>SECRET</dialog>",
    "<div popover>SECRET</div>",
    "<img alt=SECRET title=SECRET src=x><input value=SECRET placeholder=SECRET>",
    "<select><option>SECRET</select><textarea>SECRET</textarea>",
    "<iframe>SECRET</iframe><object>SECRET</object><video>SECRET</video><canvas>SECRET</canvas>",
    "<svg><title>SECRET</title><text>SECRET</text></svg>",
    "<ruby>\u6f22<rp>SECRET</rp><rt>SECRET</rt></ruby>",
    "<style>.x{display:none}</style><p class='y x'>SECRET</p>",
    "<style>@media screen { #x, p:foo {visibility:hidden} }</style><p id=x>SECRET</p>",
    "<style>div > .x:not(:focus){position:fixed;clip:rect(0 0 0 0)}</style><div><p class=x>SECRET",
    "<style>.x{display:none}.x{color:red}p{display:block}</style><p class=x>SECRET</p>",
    "<style>/* } */ a[title='}']{} .x{display:none}</style><p class=x>SECRET</p>",
    "<style>@supports (x:y){@layer z{.x{display:none!important}}}</style>"
    "<p class=x style='display:block'>SECRET</p>",
]


@pytest.mark.parametrize("source", HIDING)
@pytest.mark.parametrize("frame", ["<h1>T</h1><p>Seen.</p>{}<p>Seen too.</p>", "<main><p>Seen.{}"])
def test_hidden_text_is_nowhere(source: str, frame: str) -> None:
    text = read(frame.format(source)).text
    assert "SECRET" not in text
    assert "Seen." in text


@pytest.mark.parametrize(
    "source",
    [
        "<style>@media print{p{display:none}}</style><p>Seen.</p>",
        "<style media=print>p{display:none}</style><p>Seen.</p>",
        "<style>@media (max-width:9em){p{display:none}}</style><p>Seen.</p>",
        "<style>p::before{display:none}p:hover{display:none}</style><p>Seen.</p>",
        "<style>.x{display:none}p.x{display:block}</style><p class=x>Seen.</p>",
        "<style>body{visibility:hidden}[data-aos]{opacity:0}</style><p data-aos>Seen.</p>",
        "<p hidden=until-found>Seen.</p>",
        "<p aria-hidden=' TRUE '>Seen.</p>",
        "<button aria-expanded=false aria-controls=x>Open</button><p id=x hidden>Seen.</p>",
        "<details><summary>Open</summary>Seen.</details>",
        "<dialog open>Seen.</dialog>",
        "<ins>Seen.</ins>",
        "<form><p>Seen.</p><input></form>",
        "<div id=consent><p>Seen.</p></div>",
        "<div class=menu><p>Seen.</p><p>A diet <a href=x>menu</a> for after treatment.</p></div>",
        "<main></main><p>Seen.</p>",
        "<div><div><div><div class=header>Seen.</div><p>More text than that stands here.",
        "<h2 id=comments>Comments and complaints</h2><section id=comments><p>Seen.</section>",
        "<h2 id=share class=share><button>Seen.</button></h2><p>More text than that.",
        "<div class=menu><button aria-expanded=false aria-controls=x>Why?</button>"
        "<p id=x hidden>Seen.</div><p>More text than stands in it.",
        "<article>Teaser</article><p>Seen. The page's own text is not in an article.</p>",
        "<header><h1>T</h1><p>Seen.</p></header><p>Short.</p>",
        "<main><aside>Seen.</aside><footer>Reviewed in May.</footer></main>",
        "<p>See<wbr>n.",
        "<p>S&shy;een&period;",
        "<b><p>Seen.</b></p></div></table>",
        "<table><p>Seen.</p><tr><td>x",
        "<p>Seen.<p",
    ],
)
def test_real_content_is_kept(source: str) -> None:
    assert "Seen." in read(source).text


def test_lists() -> None:
    assert (
        read(
            "<ol start=3 type=a><li>one<ul><li>in<li>ner</ul><li>two</ol><ol reversed><li>x"
            "<li value=7>y<li>z</ol><ol type=I><li value=4>four</ol>"
        ).text
        == "c. one\n  \u2022 in\n  \u2022 ner\nd. two\n3. x\n7. y\n6. z\nIV. four"
    )


def test_terms_and_what_they_mean() -> None:
    assert blocks(
        "<dl><dt>Nausea<dd>Eat small meals. Or less.<dd>Rest.<dt>A<dt>B<dd><ul><li>c</ul><dt>Why?"
        "<dd>So.</dl>"
    ) == ["- Nausea\nEat small meals. Or less.", "Rest.", "- A\nB", "- c", "## Why?", "So."]


def test_tables() -> None:
    assert blocks(
        "<table><caption>Doses</caption><tr><th>A<th>B<th>C<tr><td rowspan=2>x<td>1<td>2<tr>"
        "<td colspan=2>3<tr><td>p<table><tr><td>n<td>m<tr><td>k<td>l</table><td>q<br>r<td>"
        "<tr><td colspan=3>whole</table>"
    ) == ["Doses", "= A | B | C", "| x | 1 | 2", "| x | 3", "| p | q\nr |", "| n | m", "| k | l",
          "| whole"]  # fmt: skip
    assert blocks("<table><tr><td><h2>Left</h2><p>One.</p><td>Two.</table>") == [
        "## Left",
        "One.",
        "Two.",
    ]


def test_a_summary_followed_by_other_text_is_no_heading() -> None:
    assert blocks("<details><summary>Q</summary>In.</details><p>Out.</p>") == ["Q", "In.", "Out."]
    assert blocks("<details><summary>Q</summary>In.</details><h2>H</h2>x") == [
        "## Q",
        "In.",
        "## H",
        "x",
    ]


def test_lines_and_marks() -> None:
    assert blocks(
        "<div>One <b>two</b>\n three<br>four<br><br>five<blockquote>six</blockquote></div>"
        "<pre>\n  a\n    b\n</pre><p>10<sup>5</sup> cells,<sup><a href='#n'>[1]</a></sup> see"
        " <a href='#n'>[2]</a>and 1<sup>st</sup> <abbr title=no>NHS</abbr>"
    ) == ["One two three\nfour", "five", "six", "a\n    b", "10\u2075 cells, see and 1st NHS"]


def test_text_from_right_to_left_stays_in_logical_order() -> None:
    draft = read(
        "<html lang=he dir=rtl><h1>\u05e9\u05dc\u05d5\u05dd</h1>"
        "<p>\u05d0\u05d1 <bdi>12 mg</bdi> \u05d2"
    )
    assert draft.text == "\u05e9\u05dc\u05d5\u05dd\n\n\u05d0\u05d1 12 mg \u05d2"
    assert draft.meta == (("language", "he"),)


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("<title>Page | Site</title><h1>Head <b>line</b></h1><p>x", "Head line"),
        ("<title>Page | Site</title><header><h1>Page</h1></header><main>x</main>", "Page"),
        ("<title>Page - Site</title><p>x", "Page - Site"),
        ("<p>x", ""),
    ],
)
def test_titles(source: str, title: str) -> None:
    assert read(source).title == title


def test_meta_is_taken_by_exact_names_only() -> None:
    assert read(
        "<meta name=reviewed content=2026-01-02><meta name=Reviewed content=no><meta name=author"
        " content=no><meta name=DCTERMS.modified content=2026-02-03><meta name=version content=''>x"
    ).meta == (("reviewed", "2026-01-02"), ("modified", "2026-02-03"))


HOSTILE = {
    "nested divs": "<div>x" * 1_700_000,
    "nested tables": "<table><tr><td>x" * 600_000,
    "nested lists": "<ul><li>x" * 1_100_000,
    "a tag of attributes": "<div " + " ".join(f"a{i}" for i in range(1_000_000)) + ">x",
    "breaks": "<br>" * 2_500_000,
    "cells": "<table>" + "<tr><td>1<td>2" * 700_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_ten_megabytes_of_nonsense_are_refused_soon(name: str) -> None:
    def refused() -> None:
        with pytest.raises(CorpusError, match=r"x\.html: .*(nested too deeply|attributes|tags)"):
            read(HOSTILE[name])

    assert least_seconds(refused, 20) < 20


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 1_900 + "deep",
        "<table><tr><td>" * 700 + "deep",
        "<ul><li>" * 900 + "deep",
        "<details><summary>q</summary>" * 500 + "deep",
        "<b>" * 1_500 + "<p>deep" * 200,
        "<style>" + "@media screen{" * 100_000 + "</style>deep",
        "<select>" + "<option>x" * 20_000 + "</select>deep",
        "<table><tr>" + "<th colspan=1000 rowspan=65534>x" * 500 + "</table>deep",
        "<" * 300_000 + " deep",
        "deep<!--" + "-" * 300_000,
    ],
    ids=range(10),
)
def test_depth_is_no_trouble(source: str) -> None:
    assert "deep" in read(source).text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("10<sup>&ndash;3</sup> cells", "10\u207b\u00b3 cells"),
        ("10<sup><span lang=en>3</span></sup> cells", "10\u00b3 cells"),
        ("10<sup><i hidden>9</i>3</sup> cells", "10\u00b3 cells"),
        ("10<span style='vertical-align: super'>4</span> cells", "10\u2074 cells"),
        ("in 1 of 5<sup>1,2</sup> cases", "in 1 of 5\u00b9,\u00b2 cases"),
        ("the 5<sup>th</sup> day", "the 5th day"),
        ("20<sup><a href='#n2'>2</a></sup> mg", "20 mg"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> tablet", "1/2 tablet"),
        (
            "<math><msup><mn>10</mn><mrow><mo>-</mo><mn>3</mn></mrow></msup></math>",
            "10\u207b\u00b3",
        ),
        (
            "<math><semantics><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac>"
            "<annotation>hidden</annotation></semantics></math>",
            "(a + 1)/2",
        ),
        ("<math><msqrt><mn>2</mn></msqrt><mphantom><mn>9</mn></mphantom></math>", "\u221a2"),
        (
            "<math><mtext>if <b>x</b> is 10<sup>3</sup> or<br>CO<sub>2</sub></mtext></math>",
            "if x is 10\u00b3 or CO\u2082",
        ),
        ("<math><mi>x</mi> is not <mn>2</mn></math> mg", "x is not 2 mg"),
        ("<math><mfrac><mn>1</mn>a half<mn>2</mn><mi>g</mi></mfrac></math>", "a half 1/2 g"),
        ("<math><mtext><script>bad()</script>x<b hidden>y</b></mtext></math>", "x"),
        ("<math><mtext><b hidden>y</b></mtext></math> of <math><!--z--></math>x", "of x"),
        ("x<span style='transform:scale(0);float:left'>secret</span>", "x"),
        ("x<span style='transform:scale(0)'>y</span>", "xy"),
        ("x<span style='filter: opacity(0%)'>secret</span>", "x"),
    ],
)
def test_figures_keep_their_value(source: str, text: str) -> None:
    assert blocks(f"<main><p>{source}</p></main>") == [text]


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("<p>Take <math><mtext>one", ["Take one", "Then rest."]),
        ("<p>Take <math><mi>x</p>", ["Take x", "Then rest."]),
        ("<p>Take <math><mrow><ms>one<h2>Doses</h2>", ["Take one", "## Doses", "Then rest."]),
        ("<p>Take <math><mtext>one<table><tr><td>a<td>b", ["Take one", "a", "b", "Then rest."]),
        (
            "<p>Take <math><mtext><table><tr><th>a<th>b<tr><td>c<td>d</table>",
            ["Take", "= a | b", "| c | d", "Then rest."],
        ),
        (
            "<p>Take <math><mtext>one<div>and</div></mtext><mi>x</mi></math>",
            ["Take one", "and", "x", "Then rest."],
        ),
        (
            "<p><math><mfrac><mn>1</mn><mn>2</mn></mfrac><mtext> <math><mn>3</mn></math>",
            ["1/2 3", "Then rest."],
        ),
        ("<p>Take <math><mfrac><mn>1</mn><mtext>2", ["Take 1\ufffd2", "Then rest."]),
        (
            "<p>Take <math><msup><mtext>10<p>and</p></mtext><mn>3</mn>",
            ["Take 10", "and", "\ufffd3", "Then rest."],
        ),
        ("<p>Take <math><msqrt><mn>1</mn><mn>2</mn><mtext>", ["Take \u221a12", "Then rest."]),
        ("<p>Take <math><mtext><b hidden>one", ["Take"]),
        ("<p>Take <math><mphantom><mtext>one", ["Take"]),
    ],
)
def test_what_follows_a_formula_that_does_not_end_is_read(source: str, texts: list[str]) -> None:
    assert blocks(f"<main>{source}<p>Then rest.</p></main>") == texts


def test_formulas_within_formulas_take_little_time() -> None:
    deep = "<math><mtext>" * 400 + "<p>x</p>" + "<b>y</b>" * 10_000
    many = "<p>x <math><mtext>y<p>z</p></mtext></math></p>" * 5_000

    def read_both() -> None:
        assert blocks(f"<main><p>x {deep}</main>")[:2] == ["x", "x"]
        assert len(blocks(f"<main>{many}</main>")) == 10_000

    assert least_seconds(read_both, 5) < 5


def test_formulas_nested_beyond_reason_end() -> None:
    deep = "<mrow>" * 1_500 + "<mn>1</mn>" + "</mrow>" * 1_500
    assert blocks(f"<main><p>x <math>{deep}</math></p></main>") == ["x \ufffd"]
