"""Evaluation sets: a folder of documents and judged questions → documents and questions.

corpus.jsonl      {doc_id, title, text}, a whole document a line
questions.jsonl   {qid, question, answerable, doc_id, answer_texts, kind, split, alternatives?,
                  about_doc_id?, twin_of?, evidence_sets?, group?, paragraph_span?}

Either file may be packed with gzip (`.gz`). What else a line holds is passed over.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from qa.errors import CorpusError, QuestionError, QuotewellError

__all__ = [
    "EvaluationSet",
    "Gold",
    "GoldKind",
    "SetDocument",
    "SetQuestion",
    "every_nth",
    "part_of",
    "read_set",
    "write_documents",
]

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")


class GoldKind(StrEnum):
    """What the judged answers of a question are."""

    SECTION = "section"
    """A long stretch, of which a good quote is a part."""
    SENTENCES = "sentences"
    """The sentences that a careful person would quote."""
    SPAN = "span"
    """A few words that a good quote holds."""


@dataclass(frozen=True, slots=True)
class SetDocument:
    """A document of a set."""

    id: str
    title: str
    text: str

    @property
    def file_name(self) -> str:
        """The name of its file in a corpus folder, and so its id in an index."""
        return file_name(self.id)


@dataclass(frozen=True, slots=True)
class Gold:
    """Texts of one document, by its file name, any of which answers."""

    document: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetQuestion:
    """A question with its judgement."""

    qid: str
    text: str
    answerable: bool
    kind: str
    split: str
    gold_kind: GoldKind
    golds: tuple[Gold, ...]
    """The answering document first, then others that answer as well."""
    evidence_sets: tuple[tuple[str, ...], ...]
    """Alternative sets of sentences that answer in full; only where sentences are labelled."""
    within: str | None
    """File name of the one document it is asked of; None for all documents."""
    about: str
    """What it must not be parted from in cross-validation: group, document or itself."""
    leaflet: str
    """What the variants of its document share: the id without `~1`, `~2` and so on."""
    group: str | None
    twin_of: str | None
    """The same question asked where the answer is the other way about."""
    paragraph: tuple[int, int] | None = None
    """Where in its document's text the one paragraph stands that it was judged by, if it was."""


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """A set, named after its folder."""

    name: str
    documents: tuple[SetDocument, ...]
    questions: tuple[SetQuestion, ...]


def file_name(document_id: str) -> str:
    """The name of a document's file; what may not stand in a name becomes an underscore."""
    return _UNSAFE.sub("_", document_id) + ".txt"


def read_set(folder: Path) -> EvaluationSet:
    """Reads a set. Raises CorpusError or QuestionError naming the file and line that are wrong."""
    if not folder.is_dir():
        raise QuestionError(f"There is no folder {folder}. Name the folder of an evaluation set.")
    documents: dict[str, SetDocument] = {}
    for where, row in _rows(folder / "corpus.jsonl", CorpusError):
        document = SetDocument(*(_text(row, key, where, CorpusError) for key in _DOCUMENT))
        if documents.setdefault(document.file_name, document) is not document:
            raise CorpusError(f"{where}: {document.file_name} is the file of two documents.")
    questions: dict[str, SetQuestion] = {}
    for where, row in _rows(folder / "questions.jsonl", QuestionError):
        question = _question(row, where)
        if questions.setdefault(question.qid, question) is not question:
            raise QuestionError(f"{where}: the qid {question.qid!r} is another question's.")
        named = {gold.document for gold in question.golds} | {question.within} - {None}
        if missing := sorted(str(name) for name in named if name not in documents):
            raise QuestionError(f"{where}: {missing[0]} is no document of corpus.jsonl.")
    return EvaluationSet(folder.resolve().name, (*documents.values(),), (*questions.values(),))


_DOCUMENT = ("doc_id", "title", "text")
_MAY_BE_EMPTY = ("title", "text")


def _rows(
    path: Path, error: Callable[[str], QuotewellError]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Where a line stands, for messages, and what it holds; blank lines are passed over."""
    packed = path.with_name(path.name + ".gz")
    try:
        if path.is_file():
            data = path.read_bytes()
        elif packed.is_file():
            path, data = packed, gzip.decompress(packed.read_bytes())
        else:
            raise error(f"There is no {path}, nor {packed.name}. See qa.evaluation_sets.")
    except (OSError, EOFError) as failed:  # what gzip raises of a damaged file is among these
        raise error(f"{path} cannot be read ({failed}).") from failed
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        where = f"{path}: line {number}"
        try:
            row = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError) as failed:
            raise error(f"{where}: this is not JSON in UTF-8 ({failed}).") from None
        if not isinstance(row, dict):
            raise error(f"{where}: a line is an object: {{...}}.")
        yield where, row


def _text(
    row: Mapping[str, Any], key: str, where: str, error: Callable[[str], QuotewellError]
) -> str:
    value = row.get(key)
    if not isinstance(value, str) or (not value and key not in _MAY_BE_EMPTY):
        raise error(f"{where}: {key!r} must be a text, and is {value!r}.")
    return value


def _question(row: Mapping[str, Any], where: str) -> SetQuestion:
    qid, text, kind, split = (
        _text(row, key, where, QuestionError) for key in ("qid", "question", "kind", "split")
    )
    answerable, labelled = row.get("answerable"), row.get("evidence_sets")
    if not isinstance(answerable, bool):
        raise QuestionError(f"{where}: 'answerable' must be true or false, and is {answerable!r}.")
    golds = [_gold(row, where)] if answerable else []
    golds += [_gold(one, where) for one in row.get("alternatives") or ()]
    about = row.get("about_doc_id") or row.get("doc_id")
    group = None if row.get("group") is None else str(row["group"])
    return SetQuestion(
        qid=qid,
        text=text,
        answerable=answerable,
        kind=kind,
        split=split,
        gold_kind=_gold_kind(kind, labelled),
        golds=tuple(golds),
        evidence_sets=tuple(_texts(one, "evidence_sets", where) for one in labelled or ()),
        # Only where sentences are labelled was a question judged by that one document alone.
        within=file_name(about) if labelled is not None and about else None,
        about=group or about or qid,
        leaflet=(about or qid).split("~")[0],
        group=group,
        twin_of=row.get("twin_of"),
        paragraph=_span(row.get("paragraph_span"), where),
    )


def _gold_kind(kind: str, labelled: object) -> GoldKind:
    if labelled is not None:
        return GoldKind.SENTENCES
    return GoldKind.SPAN if kind == "span" else GoldKind.SECTION


def _gold(row: Mapping[str, Any], where: str) -> Gold:
    texts = _texts(row.get("answer_texts"), "answer_texts", where)
    if not texts:
        raise QuestionError(f"{where}: an answerable question has 'answer_texts'.")
    return Gold(file_name(_text(row, "doc_id", where, QuestionError)), texts)


def _span(value: object, where: str) -> tuple[int, int] | None:
    match value:
        case None:
            return None
        case [int(start), int(end)] if 0 <= start < end:
            return start, end
    raise QuestionError(f"{where}: 'paragraph_span' must be [start, end], and is {value!r}.")


def _texts(value: object, key: str, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise QuestionError(f"{where}: {key!r} must be a list of texts.")
    return tuple(value)


def part_of(about: str, parts: int) -> int:
    """The part, of so many, that a question lies in, the same in every run.

    `about` is `SetQuestion.about`: what has it in common is never parted. A group's number decides
    where that is one (`patients`: a leaflet with its variants), else the CRC-32 of its name.
    """
    number = int(about) if about.isdecimal() else zlib.crc32(about.encode())
    return number % parts


def every_nth(questions: Sequence[SetQuestion], step: int) -> list[SetQuestion]:
    """Every `step`-th question that is no twin, with the twins of those; all where `step` is 1."""
    kept = {one.qid for one in [one for one in questions if not one.twin_of][::step]}
    return [one for one in questions if one.qid in kept or one.twin_of in kept]


def write_documents(documents: Sequence[SetDocument], folder: Path) -> None:
    """Writes each document as a .txt file (title, blank line, text); takes other .txt away."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {document.file_name for document in documents}
    for path in folder.glob("*.txt"):
        if path.name not in names:
            path.unlink()
    for document in documents:
        content = f"{document.title}\n\n{document.text}\n"
        (folder / document.file_name).write_text(content, encoding="utf-8", newline="\n")
