"""The files that fuzzing begins with: small ones of every kind, most of other tests' making."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from reportlab import rl_config

from tests import pdfs, word_files
from tests.fuzz.strategies import packed
from tests.hostile import HOSTILE

__all__ = ["BOOK", "TABLES", "books", "markdowns", "pages", "pdf_files", "pdf_of", "texts"]

_ROOT = Path(__file__).resolve().parents[2]
_CHAPTER = (
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body><h1>Sleep</h1>'
    '<p>Do not nap.<a epub:type="noteref" href="#n">1</a></p><ul><li>Get up<br/>at 7</li></ul>'
    '<aside epub:type="footnote" id="n">A note.</aside></body></html>'
)
BOOK = {
    "mimetype": b"application/epub+zip",
    "META-INF/container.xml": b'<container><rootfiles><rootfile full-path="O/b.opf"/></rootfiles>'
    b"</container>",
    "O/b.opf": b'<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc='
    b'"http://purl.org/dc/elements/1.1/"><dc:title>Sleep</dc:title><dc:language>en</dc:language>'
    b'</metadata><manifest><item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>'
    b'<item id="two" href="t%20o.xhtml" media-type="application/xhtml+xml"/></manifest>'
    b'<spine><itemref idref="one"/><itemref idref="two"/></spine></package>',
    "O/one.xhtml": _CHAPTER.encode(),
    "O/t o.xhtml": _CHAPTER.replace("Sleep", "Waking").encode(),
}
"""The members of a book of two chapters."""
TABLES = (
    b'question,answer\nMay I drive?,No.\nMay I eat?,"Yes, but:\n- not much\n- slowly"\n',
    b"sep=;\nsection;q;a\nBefore;Eat?;No.\nAfter;Eat?;Yes.\n",
    b'\xef\xbb\xbf"Question"\t"Answer"\nOne?\t1. Two\n',
    b"a,b\n1,2\n",
)


@cache
def markdowns() -> Sequence[bytes]:
    """The shipped article's parts and the hostile documents."""
    article = (_ROOT / "corpus/ketamine-for-ptsd.md").read_bytes()
    parts = [article[at : at + 2_500] for at in range(0, len(article), 2_500)]
    return [*(data for name, data in HOSTILE.items() if name.lower().endswith(".md")), *parts]


@cache
def texts() -> Sequence[bytes]:
    """Plain texts, some in other encodings than UTF-8."""
    spanish = (
        "No conduzca hasta mañana. ¿Está mareado? Descanse más, señor, y no beba. " * 8
    ).encode
    return [
        *(data for name, data in HOSTILE.items() if name.endswith(".txt")),
        markdowns()[-1],
        spanish("cp1252"),
        spanish("utf-16"),
        spanish("utf-32"),
    ]


@cache
def pages() -> Sequence[bytes]:
    """Web pages as they are found."""
    folder = _ROOT / "tests/data/pages"
    return [one.read_bytes() for one in sorted(folder.iterdir())] + [_CHAPTER.encode()]


@cache
def books() -> Sequence[bytes]:
    """Books."""
    return [packed(BOOK)]


@cache
def word_documents() -> Sequence[bytes]:
    """Word files: as Word writes them, and of bare XML."""
    body = (
        word_files.styled("Titel", "A title")
        + word_files.styled("berschrift1", "A heading")
        + word_files.paragraph(word_files.run("Not ") + word_files.run("hidden.", "<w:vanish/>"))
        + word_files.paragraph(
            "<w:ins><w:r><w:t>In.</w:t></w:r></w:ins><w:r><w:sym w:font="
            '"Wingdings" w:char="F0FE"/><w:footnoteReference w:id="2"/></w:r>'
        )
        + word_files.table(["Week", "Dose"], ["1", "28 mg"], head=True)
    )
    notes = (
        '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/><w:t>A note.</w:t></w:r></w:p></w:footnote>'
    )
    return [word_files.leaflet_docx(), word_files.word(body, footnotes=notes)]


@cache
def open_documents() -> Sequence[bytes]:
    """OpenDocument texts."""
    return [word_files.leaflet_odt()]


@cache
def pdf_files() -> Sequence[bytes]:
    """PDFs of every kind that tests make, not compressed so that their pages can be altered."""
    before, rl_config.pageCompression = rl_config.pageCompression, 0
    try:
        return [
            pdfs.simple_pdf(["Do not drive. Rest until the next day."], title="A title"),
            pdfs.simple_pdf([pdfs.PROSE, "", "The end."], rotate=90),
            pdfs.two_columns(),
            pdfs.table_over_pages(ruled=True),
            pdfs.table_over_pages(ruled=False),
            pdfs.footnotes(),
            pdfs.running_heads(3),
            pdfs.scan(1, recognised="Recognised words."),
            pdfs.encrypted(user=""),
            pdfs.hidden_text("clipped"),
            pdfs.hidden_text("covered_and_written_over"),
            pdfs.layer_that_is_off(),
            pdfs.cropped(270),
            pdfs.with_javascript(),
        ]
    finally:
        rl_config.pageCompression = before


def pdf_of(content: bytes, page: bytes = b"") -> bytes:
    """A PDF of one page with these drawing operators, and more entries of the page's dictionary."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 "
        b"R/F2 6 0 R>>/XObject<</X 7 0 R>>/ExtGState<</G<</ca 0>>>>>>" + page + b">>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier-Bold/Encoding/WinAnsiEncoding>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</Font<</F1 5 0 R>>>>/Length 40>>"
        b"stream\nBT /F1 12 Tf 9 9 Td (In a form.) Tj ET   \nendstream",
    )
    return pdf_from(objects)


def pdf_from(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    made, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(made))
    )
