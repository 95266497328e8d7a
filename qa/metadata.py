"""What is said about a document: title, audience, dates and the like, checked and written one way.

It comes from front matter, from a file's own metadata, or from its line in the catalogue. Front
matter and catalogue are both written by the maintainer, so they may not disagree; what a program
put into a file (a PDF's title, a DOCX's language) gives way to the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from babel import Locale

from qa.errors import CorpusError

__all__ = [
    "DATES",
    "FIELDS",
    "described",
    "field_name",
    "front_matter_line",
    "normalised",
]

Pairs = tuple[tuple[str, str], ...]

FIELDS = (
    "title",
    "owner",
    "audience",
    "effective",
    "review_by",
    "reviewed",
    "version",
    "language",
    "supersedes",
    "no_quote",
)
"""What the program itself reads; front matter may say more, which is kept and not looked at."""
DATES = ("effective", "review_by", "reviewed")
_LISTS = ("supersedes", "no_quote")
_AUDIENCES = {
    "patients": "patients",
    "patient": "patients",
    "staff": "staff",
    "staff only": "staff",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
"""The form of a language tag (RFC 5646, section 2.1), as far as documents need it."""
_FENCE = "---"
_NO_TEXT = re.compile(r"[\0-\x08\x0e-\x1b\x7f\ud800-\udfff]")
"""Characters that are neither text nor white space; half a pair of surrogates fits in no file."""


def field_name(written: str) -> str:
    """A field's name however it was written: "Review by" is review_by."""
    return re.sub(r"[\s-]+", "_", written.strip().lower())


def normalised(field: str, value: str) -> str:
    """A field's value in the one way it is kept; empty where nothing was said.

    Days are written 2026-11-24, the audience is `patients` or `staff`, lists have a line for each
    member. Raises ValueError saying what is wrong and what to write instead.
    """
    if _NO_TEXT.search(value):
        raise ValueError(f"{field} is {value!a}: take the control character out, or type it anew")
    if field in _LISTS:
        cut = value.split("\n") if "\n" in value else value.split(";")
        return "\n".join(folded for part in cut if (folded := _fold(part)))
    value = _fold(value)
    if not value:
        return ""
    if field in DATES:
        return _day(field, value)
    if field == "audience":
        known = _AUDIENCES.get(value.casefold().replace("-", " "))
        if known is None:
            raise ValueError(f"audience is {value!r}: write `patients` or `staff`")
        return known
    return _language(value) if field == "language" else value


def described(
    meta: Pairs, entry: Mapping[str, str], name: str, data: bytes, listed_at: str
) -> Pairs:
    """What is said about a document: that of its file, in its order, then that of the catalogue.

    `meta` is what the file says, `entry` the checked fields of the file's line in the catalogue,
    which `listed_at` names; `data` are the file's bytes, in which lines are looked up.

    Raises CorpusError naming file and line of every value that is wrong, or in which front matter
    and catalogue disagree.
    """
    made: dict[str, str] = {}
    problems: list[str] = []
    for key, written in meta:
        field = field_name(key)
        if field not in FIELDS:
            made[key] = written
            continue
        line = front_matter_line(data, key)
        if line is None and field in entry:
            continue
        try:
            made[field] = value = _checked(field, written, line)
        except ValueError as error:
            problems.append(str(error))
            continue
        if value and entry.get(field, value) != value:
            problems.append(
                f"line {line} and {listed_at} disagree on {field}: {_shown(value)} and "
                f"{_shown(entry[field])}. Correct one of them, or delete it there."
            )
    if problems:
        raise CorpusError(f"{name}: {' Also '.join(problems)}")
    made = {field: value for field, value in made.items() if value or field not in FIELDS}
    made |= {field: entry[field] for field in FIELDS if field in entry and field not in made}
    begins, ends = made.get("effective", ""), made.get("review_by", "")
    if begins and ends and ends < begins:
        raise CorpusError(
            f"{name}: it would be reviewed (review_by {ends}) before it takes effect (effective "
            f"{begins}), so that it could never be quoted. Correct one of the two days."
        )
    return tuple(made.items())


def _checked(field: str, written: str, line: int | None) -> str:
    """The value in its one way. Raises ValueError saying where it is wrong and what to do."""
    try:
        return normalised(field, written)
    except ValueError as error:
        if line is not None:
            raise ValueError(f"line {line}: {error}.") from None
        raise ValueError(
            f"the file's own {error}. Where the file cannot be changed, say it in "
            f"catalogue.csv, column {field}: that goes before what the file says."
        ) from None


def front_matter_line(data: bytes, key: str) -> int | None:
    """The line (from 1) of a file's front matter that says `key`; None where none does."""
    utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    lines = data.decode("utf-16" if utf_16 else "utf-8-sig", "replace").splitlines()
    if not lines or lines[0].rstrip() != _FENCE:
        return None
    says = re.compile(rf"[\"']?{re.escape(key)}[\"']?\s*:")
    for number, line in enumerate(lines[1:], 2):
        if line.rstrip() == _FENCE:
            break
        if says.match(line):
            return number
    return None


def _day(field: str, value: str) -> str:
    wrong = f"{field} is {value!r}: write the day as year-month-day, like 2026-11-24"
    if not _DAY.fullmatch(value):
        raise ValueError(wrong)
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(f"{field} is {value!r}: there is no such day") from None


def _language(value: str) -> str:
    tag = value.replace("_", "-")
    if not _TAG.fullmatch(tag) or tag.partition("-")[0].lower() not in _known_languages():
        raise ValueError(f"language is {value!r}: write a language tag, like en, es or pt-BR")
    return tag


@cache
def _known_languages() -> frozenset[str]:
    """The language codes that Unicode's locale data has an English name for."""
    names: Iterable[str] = Locale("en").languages
    return frozenset(name for name in names if "_" not in name)


def _shown(value: str) -> str:
    return repr("; ".join(value.split("\n")))


def _fold(text: str) -> str:
    return " ".join(text.split())
