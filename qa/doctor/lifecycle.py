"""What documents say about themselves: their dates, audience, language and encoding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath

from rapidfuzz import fuzz, process

from qa.doctor.examined import Examined
from qa.doctor.finding import Area, Finding, Place, Severity
from qa.document import Document
from qa.message_language import language_of, language_of_message
from qa.metadata import FIELDS, field_name, front_matter_line
from qa.standing import Reason, Standing

__all__ = ["described_findings", "standing_findings"]

_FURTHER_LISTED = """source author authors date created modified description keywords subject tags
url encoding producer creator category categories publisher licence license lang id status type
layout slug draft toc weight summary"""
_FURTHER = frozenset(_FURTHER_LISTED.split())
"""Names that front matter often has, which are nothing misspelt."""
_ALIKE = 80.0
"""Similarity in percent from which an unknown name is taken for a slip in a known one."""
_ENOUGH_WORDS = 40
"""Words from which the language of a text can be told by its small words."""
_CATALOGUE = "corpus/catalogue.csv"
_OWN_PLACES = {
    **dict.fromkeys((".md", ".markdown", ".txt"), "the front matter"),
    **dict.fromkeys((".docx", ".odt"), "the file's own properties"),
    **dict.fromkeys((".html", ".htm"), "`meta` elements of its head"),
}
"""Suffix → where a file says things about itself; the other kinds of file have no such place."""


def _where(document_id: str) -> str:
    """Where things can be said about a document, behind "in" or "into"."""
    own = _OWN_PLACES.get(PurePosixPath(document_id).suffix.lower())
    return f"{own}, or in {_CATALOGUE}" if own else _CATALOGUE


def standing_findings(
    documents: Sequence[Document], standings: Mapping[str, Standing]
) -> Iterator[Finding]:
    """Documents that are not quoted or soon will not be; an error where none is quoted."""
    if documents and not any(one.quotable for one in standings.values()):
        yield Finding(
            Severity.ERROR,
            Area.DOCUMENTS,
            "nothing_quoted",
            (),
            f"None of the {len(documents)} documents is quoted to patients today, so that every "
            "question is refused.",
            "See below why each is not, and correct what it, or catalogue.csv, says of it.",
        )
    for document in documents:
        standing = standings[document.id]
        place = (Place(document=document.id),)
        match standing.reason:
            case Reason.EXPIRED:
                yield Finding(
                    Severity.WARNING,
                    Area.DOCUMENTS,
                    "expired",
                    place,
                    f"It was to be reviewed by {standing.day}, and is not quoted any more.",
                    f"Review it, and write the new days into `reviewed` and `review_by` in "
                    f"{_where(document.id)}; then run `qa build`.",
                )
            case Reason.NOT_YET_EFFECTIVE:
                yield _hint("not_yet_effective", place, f"It is quoted from {standing.day} on.")
            case Reason.SUPERSEDED:
                what = f"It is not quoted, since {standing.by} supersedes it."
                mend = "Nothing, or take the old file out."
                yield Finding(Severity.HINT, Area.DOCUMENTS, "superseded", place, what, mend)
            case None if standing.staff_only:
                yield _hint(
                    "staff_only", place, "It is for staff only, and not quoted to patients."
                )
            case None if standing.expires_soon:
                left = f"in {standing.days_left} days" if standing.days_left else "today"
                yield Finding(
                    Severity.WARNING,
                    Area.DOCUMENTS,
                    "expires_soon",
                    place,
                    f"It expires {left} (review_by), and is not quoted from then on.",
                    "Review it in time, and write the new day into `review_by` in "
                    f"{_where(document.id)}.",
                )
            case _:
                pass


def _hint(code: str, where: tuple[Place, ...], message: str) -> Finding:
    mend = "Nothing, if that is meant."
    return Finding(Severity.HINT, Area.DOCUMENTS, code, where, message, mend)


def described_findings(examined: Examined, today: date) -> Iterator[Finding]:
    """What a document says about itself that is missing, misspelt or not so."""
    yield from _missing(examined.document)
    yield from _reviewed_in_future(examined.document, today)
    yield from _misspelt(examined)
    yield from _other_language(examined.document)
    yield from _hard_to_read_file(examined.document)


def _missing(document: Document) -> Iterator[Finding]:
    lacking = [name for name in ("reviewed", "review_by") if not document.metadata(name)]
    if not document.metadata("title") and document.title == PurePosixPath(document.id).stem:
        lacking.insert(0, "title")
    if lacking:
        said = ", ".join(f"`{name}`" for name in lacking)
        why = {
            "title": "patients see the file's name in place of a title",
            "reviewed": "patients do not see when it was last checked",
            "review_by": "it never expires",
        }
        yield Finding(
            Severity.HINT,
            Area.DOCUMENTS,
            "not_stated",
            (Place(document=document.id),),
            f"It does not state {said}: {'; '.join(why[name] for name in lacking)}.",
            f"Write {said} into {_where(document.id)}.",
        )


def _reviewed_in_future(document: Document, today: date) -> Iterator[Finding]:
    if document.metadata("reviewed") > today.isoformat():
        yield Finding(
            Severity.WARNING,
            Area.DOCUMENTS,
            "reviewed_in_future",
            (Place(document=document.id),),
            f"It says that it was reviewed on {document.metadata('reviewed')}, a day to come.",
            f"Correct `reviewed` in {_where(document.id)}; or set this machine's clock.",
        )


def _misspelt(examined: Examined) -> Iterator[Finding]:
    """Names in front matter that look like known ones, and so say nothing."""
    for written, _ in examined.document.meta:
        name = field_name(written)
        if name in FIELDS or name in _FURTHER:
            continue
        near = process.extractOne(name, FIELDS, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if near:
            line = front_matter_line(examined.data, written)
            yield Finding(
                Severity.WARNING,
                Area.DOCUMENTS,
                "misspelt_name",
                (Place(document=examined.document.id, line=line),),
                f"“{written}” says nothing to the program; “{near[0]}” would.",
                f"Write `{near[0]}` in place of `{written}`, if that is meant.",
            )


def _other_language(document: Document) -> Iterator[Finding]:
    """Documents that read like English or Spanish and say, or are taken for, something else."""
    stated = language_of(document)
    if len(document.text.split()) < _ENOUGH_WORDS:
        return
    found = language_of_message(document.text)
    if found and found != stated:
        names = {"en": "English", "es": "Spanish"}
        says = "says" if document.metadata("language") else "says nothing, so it is taken for"
        yield Finding(
            Severity.WARNING,
            Area.DOCUMENTS,
            "other_language",
            (Place(document=document.id),),
            f"It reads like {names[found]}, and its `language` {says} {stated!r}.",
            f"Write the `language` {found} into {_where(document.id)}, if that is right.",
        )


def _hard_to_read_file(document: Document) -> Iterator[Finding]:
    """Pages without text, and a guessed encoding."""
    if document.unsearchable:
        pages = ", ".join(map(str, document.unsearchable[:20]))
        more = len(document.unsearchable) - 20
        pages += f" and {more} more" if more > 0 else ""
        yield Finding(
            Severity.WARNING,
            Area.DOCUMENTS,
            "not_searchable",
            (Place(document=document.id, page=document.unsearchable[0]),),
            f"These pages have no text, as if they were scanned, and are never found: {pages}.",
            "Ask whoever made it for a file with text. Or have the text recognised (OCR), check it "
            "against the pages, and put it in as a document of its own (.docx, .md or .txt).",
        )
    encoding = document.metadata("encoding")
    if "guess" in encoding:
        yield Finding(
            Severity.WARNING,
            Area.DOCUMENTS,
            "guessed_encoding",
            (Place(document=document.id),),
            f"The file does not say how its letters are encoded; taken was {encoding}.",
            "Look whether letters with accents are right in the document's page, and save the "
            "file as UTF-8.",
        )
