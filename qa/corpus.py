"""Reading: a folder of files becomes documents with one canonical text each."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa.catalogue import CATALOGUE_FILE, entry_key, read_catalogue, unmatched
from qa.chunking import is_quotable
from qa.document import Block, BlockKind, Document, Section
from qa.errors import CorpusError
from qa.metadata import described, front_matter_line
from qa.readers import READERS, Draft, WordBox
from qa.reading_apart import read_apart
from qa.standing import circle_in, unknown_predecessors
from qa.unicode_forms import normal_form

__all__ = [
    "NOT_DOCUMENTS",
    "Source",
    "SourceFile",
    "check_together",
    "corpus_remarks",
    "make_document",
    "make_source",
    "read_file",
    "read_here",
    "source_files",
]

NOT_DOCUMENTS = frozenset({"questions.csv", "synonyms.csv", CATALOGUE_FILE})
"""Files that are about the corpus, not documents of it."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that is to be a document, not read yet."""

    id: str
    path: Path
    entry: tuple[tuple[str, str], ...] = ()
    """What its line in the catalogue says of it, checked: names and values."""
    entry_line: int = field(default=0, compare=False)
    """Where that line stands, from 1; 0 where there is none."""


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
    Hidden files and folders, what Word leaves beside a document that is open, and files about the
    corpus, are neither. Symbolic links that lead
    out of the folder are passed over. Raises CorpusError where the folder is missing, nothing in
    it can be read, or its catalogue cannot be understood.
    """
    if not folder.is_dir():
        raise CorpusError(
            f"{folder} is not a folder. Make it and put documents into it ({_suffixes()}), "
            "or name another one with --corpus."
        )
    _require_readable(folder)
    found, passed_over = [], []
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        # Beside a file that is open in Word lies another one that is not a document.
        hidden = any(part.startswith((".", "~$")) for part in relative.parts)
        if not hidden and path.is_dir():
            _require_readable(path)
        if hidden or not path.is_file() or relative.as_posix() in NOT_DOCUMENTS:
            continue
        if not _is_unicode(relative.as_posix()):
            raise CorpusError(
                f"{str(path)!a}: the file's name is not Unicode, and answers name their "
                "document. Rename it."
            )
        if "\n" in relative.as_posix():
            raise CorpusError(
                f"{str(path)!a}: the file's name goes over two lines, and a link to it would lead "
                "nowhere. Rename it."
            )
        known = path.suffix.lower() in READERS and path.resolve().is_relative_to(root)
        if known:
            found.append(SourceFile(relative.as_posix(), path))
        else:
            passed_over.append(relative.as_posix())
    if not found:
        others = f" It holds only {', '.join(passed_over[:5])}." if passed_over else " It is empty."
        raise CorpusError(
            f"{folder} has no document that can be read ({_suffixes()}).{others} "
            "Put documents into it."
        )
    return _with_entries(sorted(found, key=lambda file: file.id), folder), passed_over


def _require_readable(folder: Path) -> None:
    """Raises CorpusError where a folder may not be looked into: its documents would be missing from
    the index without a word."""
    if not os.access(folder, os.R_OK | os.X_OK):
        raise CorpusError(
            f"{folder} cannot be looked into (permission denied). Give the user that runs this the "
            "right to read the folder, or take it out."
        )


def corpus_remarks(folder: Path, documents: Sequence[Document]) -> tuple[str, ...]:
    """What the maintainer of a corpus should know of it, beside what is wrong.

    That is: lines of the catalogue without a file and, of the `documents` that were read from it,
    what they supersede and is not there. Raises CorpusError as `source_files` does.
    """
    files, _ = source_files(folder)
    lost = unmatched(read_catalogue(folder), [file.id for file in files], folder)
    gone = (
        f"{one} supersedes {name}, which is not among the documents. If that one is there under "
        "another name, correct it: it may still be quoted."
        for one, name in unknown_predecessors(documents)
    )
    return (*lost, *gone)


def check_together(files: Sequence[SourceFile], documents: Sequence[Document]) -> None:
    """Checks what can be told only of all documents together.

    Raises CorpusError where one supersedes itself, straight or by way of others, or where nothing
    in any of them may be quoted.
    """
    if not any(
        block.kind is not BlockKind.HEADING and is_quotable(one, block.section)
        for one in documents
        for block in one.blocks
    ):
        raise CorpusError(
            "Nothing in any document may be quoted: all of it is marked `no_quote`, or stands "
            "under “References”. Take a mark away, or add a document."
        )
    circle = circle_in(documents)
    if not circle:
        return
    by_id = {file.id: file for file in files}
    places = [_place_of(by_id[one], "supersedes") for one in circle if one in by_id]
    if len(circle) == 1:
        what = f"{circle[0]} supersedes itself"
    else:
        what = f"documents supersede one another in a circle ({' → '.join([*circle, circle[0]])})"
    raise CorpusError(
        f"{'; '.join(places)}: {what}, so that none of them could be quoted. A document names "
        "only older ones that it replaces. Correct `supersedes`."
    )


def _place_of(file: SourceFile, field: str) -> str:
    """Where a file's field is said: a line of its front matter, or of the catalogue."""
    line = front_matter_line(file.path.read_bytes(), field)
    if line is None and field in dict(file.entry):
        return _listed_at(file)
    return f"{file.path}: line {line}" if line else str(file.path)


def _listed_at(file: SourceFile) -> str:
    root = file.path.parents[file.id.count("/")]
    return f"{root / CATALOGUE_FILE}: line {file.entry_line}"


def _with_entries(files: list[SourceFile], folder: Path) -> list[SourceFile]:
    """The files, each with its line of the catalogue."""
    entries = read_catalogue(folder)
    unmatched(entries, [file.id for file in files], folder)
    return [
        SourceFile(file.id, file.path, entry.fields, entry.line)
        if (entry := entries.get(entry_key(file.id)))
        else file
        for file in files
    ]


def read_file(file: SourceFile) -> Source:
    """Reads one file, in a process of its own (`qa.reading_apart`).

    Raises CorpusError, naming file and place, where that is impossible or takes too much or too
    long, and OSError or MemoryError where no process can be started.
    """
    try:
        data = file.path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{file.path}: {error.strerror or error}. Make the file readable, or take it out."
        ) from error
    listed_at = _listed_at(file) if file.entry else CATALOGUE_FILE
    return make_source(file.id, data, str(file.path), file.entry, listed_at, read_apart)


def read_here(suffix: str, data: bytes, name: str) -> Draft:
    """Reads bytes in this process, however long it takes; see `qa.readers.READERS`."""
    return READERS[suffix](data, name)


def make_document(document_id: str, data: bytes, name: str | None = None) -> Document:
    """The document of a file's bytes; see `make_source`."""
    return make_source(document_id, data, name).document


def make_source(
    document_id: str,
    data: bytes,
    name: str | None = None,
    entry: tuple[tuple[str, str], ...] = (),
    listed_at: str = CATALOGUE_FILE,
    read: Callable[[str, bytes, str], Draft] = read_here,
) -> Source:
    """Reads a file's bytes; `name` is what messages call the file.

    `entry` is what the catalogue says of it, and `listed_at` where. `read` is given suffix, bytes
    and name: by it a file that nobody vouches for is read with an end in time and memory.

    Raises CorpusError where the bytes cannot be read, hold nothing to quote, or where what is said
    of the document is wrong.
    """
    name = name or document_id
    suffix = Path(document_id).suffix.lower()
    if suffix not in READERS:
        raise CorpusError(
            f"{name}: no reader for {suffix or 'files without suffix'}: {_suffixes()}."
        )
    draft = read(suffix, data, name)
    if all(block.kind is BlockKind.HEADING for block in draft.blocks):
        what = "only headings" if draft.blocks else "no text"
        raise CorpusError(
            f"{name}: the file has {what}, so nothing in it could be quoted. "
            "Write text into it, or take it out of the folder."
        )
    sections, blocks = _sections(draft)
    listed = dict(entry)
    meta = described(draft.meta, listed, name, data, listed_at)
    document = Document(
        id=document_id,
        title=listed.get("title") or " ".join(draft.title.split()) or Path(document_id).stem,
        text=draft.text,
        sha256=hashlib.sha256(draft.text.encode()).hexdigest(),
        sections=sections,
        blocks=blocks,
        source_sha256=hashlib.sha256(data).hexdigest(),
        meta=meta,
        pages=draft.pages,
        unsearchable=draft.unsearchable,
    )
    _check_no_quote(document, name)
    return Source(document, data, draft.boxes)


def _check_no_quote(document: Document, name: str) -> None:
    """A misspelt heading would leave its section quotable."""
    headings = {one.heading.casefold(): one.heading for one in document.sections if one.heading}
    for wanted in document.listed("no_quote"):
        if wanted.casefold() not in (*headings, "all"):
            known = "; ".join(headings.values()) or "none"
            raise CorpusError(
                f"{name}: no_quote names the heading {wanted!r}, which is not there. "
                f"The headings are: {known}. Write one of them, or `all`."
            )


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
    taken = {"top": 2}
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


def _anchor(heading: str, taken: dict[str, int]) -> str:
    """A name for the heading that is unique in its document and safe in a link.

    `taken` holds the names there are, each with the number that the next of its like may have.
    """
    folded = normal_form("NFKC", heading).casefold()
    base = re.sub(r"[^\w]+", "-", folded).strip("-")[:60] or "section"
    anchor, count = base, taken.get(base, 2)
    while anchor in taken:
        anchor, count = f"{base}-{count}", count + 1
    taken[base] = count
    taken.setdefault(anchor, 2)
    return anchor
