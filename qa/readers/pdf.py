"""PDF: what a reader of its pages sees, in the order in which it is read.

Letters come from PDFium with their places (`pdf_characters`). Those that nobody can see are left
out (`pdf_visibility`). The others make words and lines (`pdf_words`, `pdf_lines`), pages lose what
repeats at their edges (`pdf_furniture`), are put into reading order (`pdf_layout`) and joined to
paragraphs and tables over the ends of pages (`pdf_flow`), which are written down (`pdf_text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

import pypdfium2 as pdfium

from qa.document import BlockKind
from qa.errors import CorpusError
from qa.readers.draft import Draft, DraftBlock
from qa.readers.pdf_file import opened_pdf
from qa.readers.pdf_flow import document_flow
from qa.readers.pdf_fonts import MOST_CHECKED, Fonts, TooManyFontsError
from qa.readers.pdf_furniture import body_size, without_furniture, without_repeated_asides
from qa.readers.pdf_headings import heading_levels
from qa.readers.pdf_page import Page
from qa.readers.pdf_paragraphs import Paragraph
from qa.readers.pdf_text import vocabulary_of, write_text
from qa.readers.pdf_words import MOST_CHARACTERS, TooLongError, read_page
from qa.readers.pdfium import PDFIUM

__all__ = ["MOST_PAGES", "MOST_WORDS", "read_pdf"]

MOST_PAGES = 5_000
MOST_POINTS = 100_000
"""Wide or high, 35 m: seven times what a PDF program must take (ISO 32000-1, annex C). PDFium makes
room for a page by its size, 256 MB for the widest."""
MOST_WORDS = 1_500_000
"""In one document: as many as in twelve thick books; they take about a gigabyte."""
_NO_TITLE = re.compile(
    r"\.(?:docx?|odt|rtf|pdf|indd|qxd|pptx?|xlsx?|html?|tex|dvi|pub)\b|^microsoft \w+ -|"
    r"^\(?(?:untitled|unbenannt|unknown|document|title|anonymous|unspecified)\)?\s*\d*$|[/\\]",
    re.IGNORECASE,
)


def read_pdf(data: bytes, name: str) -> Draft:
    """Reads a PDF's text with its pages and the place of each word; `name` is for messages.

    Raises CorpusError where the file needs a password, is damaged or no PDF, is too long, or has
    no page with text, as scans have not.
    """
    with opened_pdf(data, name) as document:
        pages = _pages(document, name)
        with PDFIUM:
            metadata = _metadata_title(document)
    runs = without_furniture([page.runs for page in pages], [page.height for page in pages])
    flow = document_flow(without_repeated_asides(pages), runs, body_size(runs))
    if not flow:
        raise CorpusError(
            f"{name}: none of its {len(pages)} pages has text that can be searched: they are a "
            "scan or other pictures, or empty, or their font is neither in the file nor on this "
            "machine. Export the PDF again with its fonts; of a scan have the text recognised "
            "(OCR), check it, and put it in as a document of its own (.docx, .md or .txt)."
        )
    levels = heading_levels([part if isinstance(part, Paragraph) else None for part in flow])
    written = write_text(flow, levels, vocabulary_of(flow))
    blocks = tuple(written.builder.blocks)
    text = written.builder.text
    return Draft(
        title=metadata or _first_heading(text, blocks),
        text=text,
        blocks=blocks,
        pages=written.pages(len(pages)),
        unsearchable=tuple(page + 1 for page in range(len(pages)) if page not in written.first),
        boxes=tuple(written.boxes),
    )


def _pages(document: pdfium.PdfDocument, name: str) -> list[Page]:
    with PDFIUM:
        count = len(document)
    if count > MOST_PAGES:
        raise CorpusError(
            f"{name}: the PDF has {count:,} pages, and at most {MOST_PAGES:,} are read. "
            "Split it into several files."
        )
    if count == 0:
        raise CorpusError(
            f"{name}: the PDF has no pages: it is damaged, or was not copied to its end. "
            "Export or copy it again."
        )
    pages: list[Page] = []
    words = 0
    with _fonts(document) as fonts:
        for index in range(count):
            pages.append(_page(document, index, fonts, f"{name}: page {index + 1}"))
            words += sum(len(run.words) for run in pages[-1].runs)
            if words > MOST_WORDS:
                raise CorpusError(
                    f"{name}: page {index + 1}: the PDF has more than {MOST_WORDS:,} words up to "
                    "here, and no more are read. Split it into several files."
                )
    return pages


@contextmanager
def _fonts(document: pdfium.PdfDocument) -> Iterator[Fonts]:
    with PDFIUM:
        fonts = Fonts(document)
    try:
        yield fonts
    finally:
        with PDFIUM:
            fonts.close()


def _page(document: pdfium.PdfDocument, index: int, fonts: Fonts, where: str) -> Page:
    try:
        # The lock is let go between pages: threads that read in one process take turns.
        with PDFIUM, closing(document[index]) as page:
            _check_size(page, where)
            return read_page(page, partial(fonts.lies, index))
    except TooLongError:
        raise CorpusError(
            f"{where} has more than {MOST_CHARACTERS:,} characters, more "
            "than any page that is meant to be read. Export the PDF again, or take it out."
        ) from None
    except TooManyFontsError:
        raise CorpusError(
            f"{where}: the PDF has more than {MOST_CHECKED:,} fonts up to here whose letters "
            "would have to be compared with what they show. Split it into several files."
        ) from None
    except (pdfium.PdfiumError, MemoryError) as error:
        raise CorpusError(
            f"{where} of {len(document)} cannot be read ({error}): the PDF is "
            "damaged. Export or copy it again and see whether that page opens in a viewer."
        ) from None


def _check_size(page: pdfium.PdfPage, where: str) -> None:
    if max(page.get_size()) > MOST_POINTS:
        raise CorpusError(
            f"{where} is more than {MOST_POINTS:,} points (35 m) wide or high: the PDF is damaged. "
            "Export or copy it again and see whether that page opens in a viewer."
        )


def _metadata_title(document: pdfium.PdfDocument) -> str:
    """The title that the file gives itself, unless it is a file's name or a program's default."""
    title = " ".join(document.get_metadata_value("Title").replace("\x00", "").split())
    sensible = any(map(str.isalpha, title)) and len(title) <= 250
    return title if sensible and not _NO_TITLE.search(title) else ""


def _first_heading(text: str, blocks: tuple[DraftBlock, ...]) -> str:
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    if not headings:
        return ""
    first = min(headings, key=lambda block: block.level)
    return text[first.start : first.end]
