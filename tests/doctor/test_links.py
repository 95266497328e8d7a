"""Links in documents: those that lead nowhere, and those that are let be."""

from __future__ import annotations

import pytest

from qa.doctor.links import Link, dead_links, links_of
from tests.doctor.texts import codes, document_of

FILES = frozenset({"leaflet.md", "other.md", "sub/deep.md", "picture.png"})
OTHER = document_of("# Other\n\nText.\n\n## What it costs\n\nNothing.\n", "other.md")


def findings(link: str) -> list[str]:
    leaflet = document_of(f"# Leaflet\n\nText.\n\nSee [there]({link}).\n\n## My part\n\nText.\n")
    return codes(dead_links([leaflet, OTHER], FILES))


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("gone.md", "dead_link"),
        ("sub/gone.md", "dead_link"),
        ("../other.md", "dead_link"),
        ("//server/share/a.docx", "dead_link"),
        ("#no-such-part", "dead_anchor"),
        ("other.md#no-such-part", "dead_anchor"),
        ("https:/clinic.example", "malformed_link"),
        ("http://clinic", "malformed_link"),
        ("https://clinic.example:port/", "malformed_link"),
        ("https//clinic.example", "malformed_link"),
        ("mailto:nurse", "malformed_link"),
        ("tel:call-us", "malformed_link"),
        ("", "malformed_link"),
    ],
)
def test_links_that_lead_nowhere(link: str, code: str) -> None:
    assert findings(link) == [code]


@pytest.mark.parametrize(
    "link",
    [
        "other.md",
        "./other.md",
        "sub/deep.md",
        "sub/",
        "picture.png",
        "#my-part",
        "#top",
        "other.md#what-it-costs",
        "/documents/other.md",
        "https://nobody-ever-asks-whether-this-is-there.example/a?b=c#d",
        "https://xn--mnchen-3ya.example",
        "mailto:nurse@clinic.example",
        "tel:+1-800-222-1222",
    ],
)
def test_links_that_are_let_be(link: str) -> None:
    assert findings(link) == []


def test_a_dead_link_is_told_with_its_line_behind_front_matter() -> None:
    text = "---\ntitle: A\n---\n# A\n\nText and\nmore [there](gone.md).\n"
    [found] = dead_links([document_of(text)], FILES)
    assert (found.where[0].line, found.where[0].passage) == (7, "gone.md")


def test_bare_addresses_are_looked_at_for_their_form() -> None:
    assert codes(dead_links([document_of("# A\n\nSee https//clinic.example now.\n")], FILES)) == [
        "malformed_link"
    ]
    text = "A\n\nSee www.clinic.example/page, or https://clinic.example.\n"
    assert codes(dead_links([document_of(text, "a.txt")], FILES)) == []
    assert links_of(document_of(text, "a.txt")) == [
        Link("www.clinic.example/page", 3),
        Link("https://clinic.example", 3),
    ]


def test_links_of_web_pages_and_of_html_in_markdown() -> None:
    html = document_of(
        "<html><body><main>\n<h1 id='head'>A</h1>\n<p>See <a href='gone.md'>this</a>, "
        "<a href='#head'>that</a> and <a href='#nowhere'>more</a>.</p>\n</main></body></html>",
        "page.html",
    )
    found = list(dead_links([html], FILES | {"page.html"}))
    assert [(one.code, one.where[0].line) for one in found] == [
        ("dead_link", 3),
        ("dead_anchor", 3),
    ]
    mixed = document_of(
        '# A\n\nSee <a href="gone.md">this</a>.\n\n<p><a href="gone2.md">x</a></p>\n'
    )
    assert codes(dead_links([mixed], FILES)) == ["dead_link", "dead_link"]
