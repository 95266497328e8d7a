"""The documents of a generation in files: what is said of each is held, its text read when needed.

documents.jsonl   a line for each: id, title, hashes, metadata, pages, and its sizes below
texts.txt         the canonical texts one behind the other, in UTF-8
sections.jsonl    a line for each: its headings and their spans
blocks.npy        int32 (blocks of all, 4): kind, start, end, section

Texts, sections and blocks are mapped into memory, so that processes share them. What was read of
late is kept as Python has it, up to a bound.
"""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, overload

import numpy as np
from numpy.typing import NDArray

from qa.array_file import ArrayWriter, map_bytes, mapped
from qa.document import Block, BlockKind, Document, Section
from qa.errors import DamagedIndex
from qa.recent import Recent
from qa.records import (
    Header,
    block_rows,
    header_record,
    json_line,
    read_blocks,
    read_header,
    read_sections,
    section_records,
)
from qa.strict_json import read_json

__all__ = ["DOCUMENT_FILES", "DocumentTable", "DocumentWriter", "StoredDocument"]

_HEADERS, _TEXTS, _SECTIONS, _BLOCKS = DOCUMENT_FILES = (
    "documents.jsonl",
    "texts.txt",
    "sections.jsonl",
    "blocks.npy",
)
_COLUMNS = 4
_KEPT_CHARACTERS = 16_000_000
"""Of texts that were read of late and are kept: about 30 MB with their blocks."""
_CHECKED_ROWS = 1 << 16
"""Rows that are checked at once: a few megabytes."""
_LATE = ("text", "sections", "blocks")


class StoredDocument(Document):
    """A document whose text, sections and blocks are read from files when they are asked for.

    For whoever uses it, it is the document that was written, and equal to it.
    """

    __slots__ = ("_body",)
    _body: Callable[[], _Body]

    @classmethod
    def of(cls, header: Header, body: Callable[[], _Body]) -> StoredDocument:
        """The document of a header; `body` gives what else there is of it."""
        made = object.__new__(cls)
        for name in ("id", "title", "sha256", "source_sha256", "meta", "pages", "unsearchable"):
            object.__setattr__(made, name, getattr(header, name))
        object.__setattr__(made, "_body", body)
        return made

    def __getattr__(self, name: str) -> Any:
        """Of the three that are not set. Raises DamagedIndex where the files changed meanwhile."""
        if name in _LATE:
            return getattr(self._body(), name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def whole(self) -> Document:
        """The same with all of it in memory, for whoever looks at it many times in a moment.

        Raises DamagedIndex where the files changed meanwhile.
        """
        return self._body().whole

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Document):
            return NotImplemented
        names = Document.__dataclass_fields__
        return all(getattr(self, name) == getattr(other, name) for name in names)

    __hash__ = Document.__hash__


class DocumentWriter:
    """Writes documents into a folder, one after the other. Used within `with`."""

    def __init__(self, folder: Path) -> None:
        """Begins the files. Raises OSError where they cannot be written."""
        self._open = ExitStack()
        headers, texts, sections = (
            self._open.enter_context((folder / name).open("wb"))
            for name in (_HEADERS, _TEXTS, _SECTIONS)
        )
        self._headers: IO[bytes] = headers
        self._texts: IO[bytes] = texts
        self._sections: IO[bytes] = sections
        self._blocks = self._open.enter_context(ArrayWriter(folder / _BLOCKS, np.int32, _COLUMNS))

    def append(self, document: Document) -> None:
        """Adds a document. Raises OSError where the disk is full."""
        text = document.text.encode()
        sections = json_line(section_records(document))
        self._texts.write(text)
        self._sections.write(sections)
        self._blocks.append(block_rows(document.blocks))
        self._headers.write(json_line(header_record(document, len(text), len(sections))))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)


class DocumentTable(Sequence[StoredDocument]):
    """The documents that a `DocumentWriter` wrote, in their order."""

    def __init__(self, folder: Path) -> None:
        """Reads the headers, and maps the rest.

        Raises ValueError, KeyError, TypeError or OSError where the files do not fit together.
        """
        with (folder / _HEADERS).open("rb") as lines:
            headers = [read_header(read_json(line)) for line in lines]
        if len({one.id for one in headers}) != len(headers):
            raise ValueError(f"{_HEADERS} has two documents of the same id")
        self.characters = _numbers(headers, "characters")
        """Length of each text, int64 (documents,)."""
        self.sections = _numbers(headers, "sections")
        """How many sections each has, int64 (documents,)."""
        self.blocks = _numbers(headers, "blocks")
        """How many blocks each has, int64 (documents,)."""
        # Held by the documents, not by the table: nothing here refers to itself, so that the files
        # are let go of as soon as nobody uses them.
        bodies = _Bodies(folder, headers)
        bodies.check(self.characters, self.sections)
        self._documents = [
            StoredDocument.of(header, partial(bodies.of, number))
            for number, header in enumerate(headers)
        ]

    def __len__(self) -> int:
        return len(self._documents)

    @overload
    def __getitem__(self, number: int) -> StoredDocument: ...

    @overload
    def __getitem__(self, number: slice) -> list[StoredDocument]: ...

    def __getitem__(self, number: int | slice) -> StoredDocument | list[StoredDocument]:
        return self._documents[number]

    def __iter__(self) -> Iterator[StoredDocument]:
        return iter(self._documents)


class _Bodies:
    """Text, sections and blocks of each document by its number."""

    def __init__(self, folder: Path, headers: Sequence[Header]) -> None:
        self._folder = folder
        self._headers = headers
        self._texts, self._sections = map_bytes(folder / _TEXTS), map_bytes(folder / _SECTIONS)
        self._blocks = mapped(folder / _BLOCKS, np.int32, _COLUMNS)
        sizes = ("text_bytes", "section_bytes", "blocks")
        # Zeros first: document n begins where row n says, and ends where the next one does.
        self._bounds = np.zeros((len(headers) + 1, 3), dtype=np.int64)
        for column, name in enumerate(sizes):
            np.cumsum(_numbers(headers, name), out=self._bounds[1:, column])
        self._recent: Recent[int, _Body] = Recent(_KEPT_CHARACTERS)

    def of(self, number: int) -> _Body:
        """What there is of a document."""
        return self._recent.get(number, self._read, self._headers[number].characters)

    def _read(self, number: int) -> _Body:
        bounds = zip(*self._bounds[number : number + 2].tolist(), strict=True)
        text, sections, blocks = (slice(begin, end) for begin, end in bounds)
        return _Body(
            self._folder,
            self._headers[number],
            partial(_part, self._texts, text),
            partial(_part, self._sections, sections),
            self._blocks[blocks],
        )

    def check(self, characters: NDArray[np.int64], sections: NDArray[np.int64]) -> None:
        """Raises ValueError where a file is not as long as the headers say, or a block does not fit
        the length and the number of sections of its document."""
        found = (len(self._texts), len(self._sections), len(self._blocks))
        whole = self._bounds[-1].tolist()
        for name, is_, wanted in zip((_TEXTS, _SECTIONS, _BLOCKS), found, whole, strict=True):
            if is_ != wanted:
                raise ValueError(f"{name} has {is_:,} bytes or rows, expected {wanted:,}")
        for begin in range(0, len(self._blocks), _CHECKED_ROWS):
            rows = self._blocks[begin : begin + _CHECKED_ROWS]
            at = np.arange(begin, begin + len(rows))
            of = np.searchsorted(self._bounds[1:, 2], at, side="right")
            kind, start, end, section = rows.T
            fits = (kind >= 0) & (kind < len(BlockKind))
            fits &= (start >= 0) & (start <= end) & (end <= characters[of])
            fits &= (section >= 0) & (section < sections[of])
            if not fits.all():
                wrong = int(np.argmin(fits))
                raise ValueError(
                    f"a block at {start[wrong]}:{end[wrong]} does not fit "
                    f"{self._headers[of[wrong]].id!r}"
                )


class _Body:
    """Text, sections and blocks of one document; each made when it is first asked for."""

    def __init__(
        self,
        folder: Path,
        header: Header,
        text: Callable[[], bytes],
        sections: Callable[[], bytes],
        blocks: NDArray[np.int32],
    ) -> None:
        self._folder = folder
        self._header = header
        self._text, self._sections, self._blocks = text, sections, blocks

    @cached_property
    def text(self) -> str:
        """The text, if it is the one that the document's SHA-256 was taken of."""
        data = self._text()
        if hashlib.sha256(data).hexdigest() != self._header.sha256:
            raise self._damaged(_TEXTS, "is not the one its SHA-256 was taken of")
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise self._damaged(_TEXTS, f"is no UTF-8 at byte {error.start}") from None
        if len(text) != self._header.characters:
            raise self._damaged(_TEXTS, f"has {len(text)} characters")
        return text

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        try:
            return read_sections(read_json(self._sections()), self._header)
        except (ValueError, TypeError) as error:
            raise self._damaged(_SECTIONS, f"has sections that cannot be read: {error}") from error

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return read_blocks(self._blocks.tolist())

    @cached_property
    def whole(self) -> Document:
        """The document itself."""
        header = self._header
        return Document(
            id=header.id,
            title=header.title,
            text=self.text,
            sha256=header.sha256,
            sections=self.sections,
            blocks=self.blocks,
            source_sha256=header.source_sha256,
            meta=header.meta,
            pages=header.pages,
            unsearchable=header.unsearchable,
        )

    def _damaged(self, name: str, what: str) -> DamagedIndex:
        problem = f"{name}: the text of {self._header.id!r} {what}"
        return DamagedIndex(str(self._folder), [problem])


def _numbers(headers: Sequence[Header], name: str) -> NDArray[np.int64]:
    return np.array([getattr(one, name) for one in headers], dtype=np.int64)


def _part(data: mmap.mmap | bytes, which: slice) -> bytes:
    return data[which]
