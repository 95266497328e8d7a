"""Books are read chapter by chapter, in their order and without their table of contents."""

from __future__ import annotations

import io
import zipfile

import pytest

from qa.corpus import make_document
from qa.errors import CorpusError
from qa.readers.draft import Draft
from qa.readers.epub import read_epub
from tests.word_files import zipped

CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OPS/book.opf" '
    'media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Sleeping
 well</dc:title><dc:language>en-GB</dc:language></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="two" href="text/ch%202.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/ch1.xhtml" media-type="application/xhtml+xml"/>
<item id="css" href="book.css" media-type="text/css"/>
<item id="art" href="art.svg" media-type="image/svg+xml"/></manifest>
<spine><itemref idref="nav"/><itemref idref="art"/><itemref idref="one"/><itemref idref="two"/>
<itemref idref="one"/><itemref idref="none"/></spine></package>"""
XHTML = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'  # noqa: E501
MEMBERS = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OPS/book.opf": PACKAGE,
    "OPS/nav.xhtml": f"{XHTML}<body><nav epub:type='toc'><h1>SECRET</h1></nav></body></html>",
    "OPS/text/ch1.xhtml": f"{XHTML}<head><title/><script src='x.js'/>"
    '<link rel="stylesheet" href="../book.css"/></head><body><a id="top"/><h1>Falling asleep</h1>'
    '<p>Go to bed at the same hour.<a epub:type="noteref" href="#n">SECRET</a></p>'
    '<span epub:type="pagebreak" title="2">SECRET 2</span><div class="gone">SECRET</div>'
    '<ul><li>No coffee<br/>after noon</li></ul><aside epub:type="footnote" id="n">A note.</aside>'
    "</body></html>",
    "OPS/text/ch 2.xhtml": f"{XHTML}<body><section><h1>Waking</h1><p>Get up at seven.</p>"
    "</section></body></html>",
    "OPS/book.css": ".gone { display: none } p { color: black } </style>",
    "OPS/art.svg": "<svg/>",
}


def epub(**changes: str | None) -> bytes:
    """A book of these members; None leaves one out."""
    members = MEMBERS | changes  # type: ignore[operator]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in members.items():
            if text is not None:
                made.writestr(name, text)
    return file.getvalue()


def read(data: bytes) -> Draft:
    return read_epub(data, "x.epub")


def test_chapters_in_order_without_what_is_no_text() -> None:
    draft = read(epub())
    assert draft.title == "Sleeping well"
    assert draft.meta == (("language", "en-GB"),)
    assert [(b.kind.value, b.level, draft.text[b.start : b.end]) for b in draft.blocks] == [
        ("heading", 1, "Falling asleep"),
        ("paragraph", 0, "Go to bed at the same hour."),
        ("item", 0, "No coffee\nafter noon"),
        ("paragraph", 0, "A note."),
        ("heading", 1, "Waking"),
        ("paragraph", 0, "Get up at seven."),
    ]
    assert "SECRET" not in draft.text


def test_a_quote_opens_at_its_chapter() -> None:
    document = make_document("x.epub", epub())
    assert document.section_at(document.text.index("seven")).anchor == "waking"


def test_disguised_fonts_are_no_protection() -> None:
    method = '<e><EncryptionMethod Algorithm="{}"/></e>'
    fonts = epub(**{"META-INF/encryption.xml": method.format("http://www.idpf.org/2008/embedding")})
    assert "seven" in read(fonts).text
    aes = method.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    with pytest.raises(CorpusError, match=r"x\.epub: the book is protected"):
        read(epub(**{"META-INF/encryption.xml": aes}))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04 nothing", r"x\.epub: the file is damaged"),
        (epub(**{"META-INF/container.xml": None}), r"x\.epub: META-INF/container\.xml is missing"),
        (epub(**{"META-INF/container.xml": "<a/>"}), r"x\.epub: .* names no book"),
        (epub(**{"OPS/book.opf": "<a>"}), r"x\.epub: OPS/book\.opf is not valid XML"),
        (epub(**{"OPS/text/ch1.xhtml": None}), r"x\.epub: OPS/text/ch1\.xhtml is missing"),
        (epub(**{"OPS/text/ch1.xhtml": "<div>" * 9_000}), r"x\.epub: OPS/text/ch1.* too deeply"),
        (
            epub(**{"OPS/text/ch1.xhtml": "x" * 9_000_000}),
            r"x\.epub: OPS/text/ch1\.xhtml in it unpacks to more than 200 times",
        ),
    ],
    ids=range(7),
)
def test_what_cannot_be_read_is_named(data: bytes, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        read(data)


def test_text_in_cdata_is_text_and_a_wrong_kind_loses_no_chapter() -> None:
    package = PACKAGE.replace(
        'href="text/ch1.xhtml" media-type="application/xhtml+xml"',
        'href="text/ch1.xhtml" media-type="application/html"',
    )
    chapter = f"{XHTML}<body><p>Keep <![CDATA[5 < 6 & 7]]> tablets.</p></body></html>"
    draft = read_epub(
        zipped(MEMBERS | {"OPS/book.opf": package, "OPS/text/ch1.xhtml": chapter}), "x.epub"
    )
    assert draft.text.startswith("Keep 5 < 6 & 7 tablets.")
    assert "Get up at seven." in draft.text
