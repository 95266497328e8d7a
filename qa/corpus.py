"""Reading: a folder of files becomes documents with one canonical text each."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from qa.document import Block, BlockKind, Document, Section
from qa.errors import CorpusError
from qa.readers import READERS, Draft, WordBox

__all__ = [
    "NOT_DOCUMENTS",
    "Source",
    "SourceFile",
    "make_document",
    "make_source",
    "read_file",
    "source_files",
]

NOT_DOCUMENTS = frozenset({"questions.csv", "synonyms.csv", "catalogue.csv"})
"""Files that are about the corpus, not documents of it."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that is to be a document, not read yet."""

    id: str
    path: Path
    entry: tuple[tuple[str, str], ...] = ()
    """What corpus/catalogue.csv says of the file: (name, value) pairs as its columns go."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read: its document, and what showing its pages needs."""

    document: Document
    data: bytes
    """The file's bytes."""
    boxes: tuple[WordBox, ...] = ()
    """Where each word stands on its page; empty for formats without pages."""


def source_files(folder: Path) -> tuple[list[SourceFile], list[str]]:
    """The files of a corpus folder and its subfolders that can be read, in order of their ids.

    Also gives the ids of files that were passed over because no reader knows their suffix.
    Hidden files and folders, and files about the corpus, are neither. Symbolic links that lead
    out of the folder are passed over. Raises CorpusError where the folder is missing or nothing
    in it can be read.
    """
    if not folder.is_dir():
        raise CorpusError(
            f"{folder} is not a folder. Make it and put documents into it ({_suffixes()}), "
            "or name another one with --corpus."
        )
    found, passed_over = [], []
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if hidden or not path.is_file() or relative.as_posix() in NOT_DOCUMENTS:
            continue
        if not _is_unicode(relative.as_posix()):
            raise CorpusError(
                f"{str(path)!a}: the file's name is not Unicode, and answers name their "
                "document. Rename it."
            )
        known = path.suffix.lower() in READERS and path.resolve().is_relative_to(root)
        if known:
            found.append(SourceFile(relative.as_posix(), path))
        else:
            passed_over.append(relative.as_posix())
    if not found:
        others = f" It holds only {', '.join(passed_over[:5])}." if passed_over else " It is empty."
        raise CorpusError(f"{folder} has no document that can be read ({_suffixes()}).{others}")
    return sorted(found, key=lambda file: file.id), passed_over


def read_file(file: SourceFile) -> Source:
    """Reads one file. Raises CorpusError, naming file and place, where that is impossible."""
    try:
        data = file.path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{file.path}: {error.strerror or error}. Make the file readable, or take it out."
        ) from error
    return make_source(file.id, data, str(file.path))


def make_document(document_id: str, data: bytes, name: str | None = None) -> Document:
    """The document of a file's bytes; see `make_source`."""
    return make_source(document_id, data, name).document


def make_source(document_id: str, data: bytes, name: str | None = None) -> Source:
    """Reads a file's bytes; `name` is what messages call the file.

    Raises CorpusError where the bytes cannot be read or hold nothing to quote.
    """
    name = name or document_id
    suffix = Path(document_id).suffix.lower()
    if suffix not in READERS:
        raise CorpusError(
            f"{name}: no reader for {suffix or 'files without suffix'}: {_suffixes()}."
        )
    draft = READERS[suffix](data, name)
    if all(block.kind is BlockKind.HEADING for block in draft.blocks):
        what = "only headings" if draft.blocks else "no text"
        raise CorpusError(
            f"{name}: the file has {what}, so nothing in it could be quoted. "
            "Write text into it, or take it out of the folder."
        )
    sections, blocks = _sections(draft)
    document = Document(
        id=document_id,
        title=" ".join(draft.title.split()) or Path(document_id).stem,
        text=draft.text,
        sha256=hashlib.sha256(draft.text.encode()).hexdigest(),
        sections=sections,
        blocks=blocks,
        source_sha256=hashlib.sha256(data).hexdigest(),
        meta=draft.meta,
        pages=draft.pages,
        unsearchable=draft.unsearchable,
    )
    return Source(document, data, draft.boxes)


def _is_unicode(name: str) -> bool:
    """Whether a file's name could be decoded: bytes that could not are lone surrogates."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def _suffixes() -> str:
    return ", ".join(sorted(READERS))


def _sections(draft: Draft) -> tuple[tuple[Section, ...], tuple[Block, ...]]:
    """Sections from the headings, and the blocks with the section each stands in."""
    sections = [Section("", 0, 0, len(draft.text), "top")]
    blocks: list[Block] = []
    outer: list[tuple[int, str]] = []
    taken = {"top"}
    for block in draft.blocks:
        if block.kind is BlockKind.HEADING:
            heading = " ".join(draft.text[block.start : block.end].split())
            outer = [pair for pair in outer if pair[0] < block.level] + [(block.level, heading)]
            path = tuple(text for _, text in outer)
            last = sections[-1]
            sections[-1] = Section(
                last.heading, last.level, last.start, block.start, last.anchor, last.path
            )
            anchor = _anchor(heading, taken)
            sections.append(
                Section(heading, block.level, block.start, len(draft.text), anchor, path)
            )
        blocks.append(Block(block.kind, block.start, block.end, len(sections) - 1))
    return tuple(sections), tuple(blocks)


def _anchor(heading: str, taken: set[str]) -> str:
    """A name for the heading that is unique in its document and safe in a link."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    base = re.sub(r"[^\w]+", "-", folded).strip("-")[:60] or "section"
    anchor, count = base, 2
    while anchor in taken:
        anchor, count = f"{base}-{count}", count + 1
    taken.add(anchor)
    return anchor
