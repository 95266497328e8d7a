"""Word files (.docx): the text that Word's final view shows, and nothing else."""

from __future__ import annotations

from qa.document import BlockKind
from qa.errors import CorpusError
from qa.readers.docx_body import BodyReader
from qa.readers.docx_package import open_word
from qa.readers.draft import Draft
from qa.readers.flow import write_flow

__all__ = ["read_docx"]


def read_docx(data: bytes, name: str) -> Draft:
    """Reads a Word file's bytes; `name` is what messages call the file.

    Custom properties named as front matter, and the language of most of the text, go into `meta`.
    Raises CorpusError where it is no Word file, is protected with a password, damaged, or made to
    do harm, or where part of its text stands in another file.
    """
    file = open_word(data, name)
    body = BodyReader(file, name)
    try:
        builder = write_flow(body.items())
    except RecursionError:
        raise CorpusError(
            f"{name}: its tables or text boxes stand in each other too deeply to be read. "
            "Write them beside each other, or take the file out."
        ) from None
    meta = dict(file.meta)
    title = meta.get("title") or file.title
    heading = next((one for one in builder.blocks if one.kind is BlockKind.HEADING), None)
    if not title and heading and heading.level == 1:
        title = " ".join(builder.text[heading.start : heading.end].split())
    language = body.language()
    if language and "language" not in meta:
        meta["language"] = language
    return Draft(title, builder.text, tuple(builder.blocks), tuple(meta.items()))
