"""Document formats: a table from a file's suffix to the one function that reads it.

A new format is one module with one function and one line in `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qa.readers.docx import read_docx
from qa.readers.draft import Draft, WordBox
from qa.readers.epub import read_epub
from qa.readers.html import read_html
from qa.readers.markdown import read_markdown
from qa.readers.odt import read_odt
from qa.readers.pairs import read_pairs
from qa.readers.pdf import read_pdf
from qa.readers.plain import read_plain

__all__ = ["READERS", "Draft", "WordBox"]

READERS: Mapping[str, Callable[[bytes, str], Draft]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_plain,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".odt": read_odt,
    ".csv": read_pairs,
    ".epub": read_epub,
    ".html": read_html,
    ".htm": read_html,
}
"""Suffix in lower case → function of the file's bytes and its name for error messages."""
