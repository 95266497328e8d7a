"""Receipts: all that is needed to give an answer again, in one line, and to tell if it is the same.

`qw1.` and base64url of a checksum and compressed JSON. A receipt holds the question, so it is as
private as the question; nothing of it is kept here. The checksum tells damage, not forgery: who
knows the format can write any receipt, but what is shown of one is what the generation answers.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from qa import __version__
from qa.answer import Policy
from qa.errors import QuestionError
from qa.types import Answer, AnswerKind

__all__ = [
    "BEGINNING",
    "MOST_CHARACTERS",
    "Basis",
    "Content",
    "Receipt",
    "basis_of",
    "content_of",
    "read_receipt",
    "receipt_of",
    "written",
]

BEGINNING = "qw1."
"""What a receipt of this version begins with."""
_ANY_VERSION = re.compile(r"qw\d+\.")
_MOST_BYTES = 256 * 1024
"""Of a receipt's JSON. A question of more is refused as too long, and has no receipt."""
MOST_CHARACTERS = 512 * 1024
"""Of a receipt, blanks and line ends included."""
_CHECKSUM = 8
"""Bytes of a SHA-256: one damaged receipt of 2**64 would pass."""
_SHORT = 8
"""Hex digits of the digests that only tell what changed; the whole answer has all 64."""
_NAME = re.compile(r"[A-Za-z0-9-]{1,100}")
_WORD = re.compile(r"[a-z_]{1,40}")
_AUDIENCE = re.compile(r"patients|staff")
_VERSION = re.compile(r"[\w.+-]{1,40}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{1,64}")


@dataclass(frozen=True, slots=True)
class Basis:
    """What decides besides generation, question and day: names of versions, digests, a threshold.

    Digests, since a model's name may be a path of the machine that answered.
    """

    program: str
    model: str
    reader: str
    policy: str
    """Of the settings of answering but the threshold."""
    threshold: float


@dataclass(frozen=True, slots=True)
class Content:
    """What was answered: enough to tell whether another answer is the same, and what is not."""

    kind: str
    reason: str | None
    quotes: tuple[tuple[str, int, int, str, str], ...]
    """Document, start and end in code points, digits of its text's SHA-256, role."""
    notices: tuple[tuple[str, str], ...]
    """Kind, and a digest of the wording."""
    rest: str
    """Digest of what was searched for, the foreign subject and what is related."""
    sha256: str
    """Of all of it in full. Times, scores and confidence are not part of it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was asked, of which generation, on which day, by what it was decided, and the answer."""

    generation: str
    question: str
    previous: tuple[str, ...]
    documents: tuple[str, ...] | None
    language: str
    day: datetime.date
    basis: Basis
    content: Content
    audience: str = "patients"
    """Whom it was for: `patients` or `staff`, who are quoted more."""


def basis_of(model: Mapping[str, str], reader: str, policy: Policy) -> Basis:
    """What decides, of the embedder's identity, the reader's identity and the policy in force."""
    return _basis_of(tuple(model.items()), reader, policy)


@lru_cache(maxsize=8)
def _basis_of(model: tuple[tuple[str, str], ...], reader: str, policy: Policy) -> Basis:
    rest = {name: value for name, value in asdict(policy).items() if name != "threshold"}
    digests = [_digest(one)[:_SHORT] for one in (dict(model), reader, rest)]
    return Basis(__version__, digests[0], digests[1], digests[2], policy.threshold)


def content_of(answer: Answer) -> Content:
    """What is compared of an answer."""
    quotes = [(q.document_id, q.start, q.end, q.sha256, q.role) for q in answer.quotes]
    notices = [(notice.kind, notice.text) for notice in answer.notices]
    related = [asdict(one) for one in answer.related]
    rest = [answer.searched_for, answer.subject, related]
    return Content(
        kind=answer.kind.value,
        reason=answer.reason,
        quotes=tuple((*q[:3], q[3][:_SHORT], q[4]) for q in quotes),
        notices=tuple((kind, _digest_of_notice(text)) for kind, text in notices),
        rest=_digest(rest)[:_SHORT],
        sha256=_digest([answer.kind.value, answer.reason, quotes, notices, rest]),
    )


@lru_cache(maxsize=64)
def _digest_of_notice(text: str) -> str:
    """Kept, since the same few stand under every answer."""
    return _digest(text)[:_SHORT]


def receipt_of(
    answer: Answer,
    basis: Basis,
    previous: Sequence[str],
    documents: Sequence[str] | None,
    language: str,
    day: datetime.date,
    audience: str = "patients",
) -> str:
    """The receipt of an answer to its question, asked as given; empty where that is too long."""
    return written(
        Receipt(
            generation=answer.generation,
            question=answer.question,
            previous=tuple(previous),
            documents=None if documents is None else tuple(documents),
            language=language,
            day=day,
            basis=basis,
            content=content_of(answer),
            audience=audience,
        )
    )


def written(receipt: Receipt) -> str:
    """The receipt as one line; empty where its JSON would have more than 256 KiB."""
    record = asdict(receipt) | {"day": receipt.day.isoformat()}
    data = json.dumps(record, separators=(",", ":")).encode()  # half characters stay escaped
    if len(data) > _MOST_BYTES:
        return ""
    packed = zlib.compress(data, 9)
    line = base64.urlsafe_b64encode(_checksum(packed) + packed).decode()
    return BEGINNING + line.rstrip("=")


def read_receipt(line: str) -> Receipt:
    """The receipt that a line holds; blanks and line ends in it, as mail makes them, do no harm.

    Raises QuestionError where it is none, or damaged, or of another version.
    """
    if len(line) > MOST_CHARACTERS:
        raise QuestionError(
            f"This is no receipt: it has more than {MOST_CHARACTERS:,} characters. Give the "
            "`receipt` of one answer."
        )
    line = "".join(line.split())
    if not line.startswith(BEGINNING):
        if _ANY_VERSION.match(line):
            raise QuestionError(
                "This receipt is of another version of the program. Replay it with that one."
            )
        raise QuestionError(
            f"This is no receipt: one begins with {BEGINNING!r}. Copy the `receipt` of an answer."
        )
    try:
        return _receipt(json.loads(_unpacked(line.removeprefix(BEGINNING))))
    except (ValueError, TypeError, KeyError, RecursionError, zlib.error) as error:
        # What is wrong in it is not told: it may hold the question.
        raise QuestionError(
            "This receipt is damaged or is not one that this program wrote. Copy it again, from "
            f"{BEGINNING!r} to its end."
        ) from error


def _unpacked(line: str) -> bytes:
    padded = line + "=" * (-len(line) % 4)
    try:
        data = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
    packed = data[_CHECKSUM:]
    if data[:_CHECKSUM] != _checksum(packed):
        raise ValueError("the checksum")
    inflating = zlib.decompressobj()
    made = inflating.decompress(packed, _MOST_BYTES + 1)  # a small file may unpack to gigabytes
    if len(made) > _MOST_BYTES or not inflating.eof or inflating.unused_data:
        raise ValueError("the length")
    return made


def _checksum(packed: bytes) -> bytes:
    return hashlib.sha256(packed).digest()[:_CHECKSUM]


def _digest(value: Any) -> str:
    """SHA-256 in hex of a value's JSON, the same for equal values."""
    packed = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()


def _receipt(made: Any) -> Receipt:
    """Reads the record, every value of it checked. Raises ValueError, TypeError or KeyError."""
    documents = made["documents"]
    return Receipt(
        generation=_like(_NAME, made["generation"]),
        question=_text(made["question"]),
        previous=tuple(map(_text, _list(made["previous"]))),
        documents=None if documents is None else tuple(map(_text, _list(documents))),
        language=_text(made["language"]),
        day=datetime.date.fromisoformat(made["day"]),
        basis=_basis(made["basis"]),
        content=_content(made["content"]),
        audience=_like(_AUDIENCE, made["audience"]),
    )


def _basis(made: Any) -> Basis:
    threshold = made["threshold"]
    if type(threshold) not in (int, float) or not 0 <= threshold <= 1:
        raise TypeError("a threshold lies between 0 and 1")
    return Basis(
        program=_like(_VERSION, made["program"]),
        model=_like(_HEX, made["model"]),
        reader=_like(_HEX, made["reader"]),
        policy=_like(_HEX, made["policy"]),
        threshold=float(threshold),
    )


def _content(made: Any) -> Content:
    reason = made["reason"]
    return Content(
        kind=AnswerKind(made["kind"]).value,
        reason=None if reason is None else _like(_WORD, reason),
        quotes=tuple(_place(*_list(one)) for one in _list(made["quotes"])),
        notices=tuple(
            (_like(_WORD, kind), _like(_HEX, digest)) for kind, digest in _list(made["notices"])
        ),
        rest=_like(_HEX, made["rest"]),
        sha256=_like(_HEX, made["sha256"]),
    )


def _place(document: Any, start: Any, end: Any, sha256: Any, role: Any) -> Any:
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise TypeError("a place is two numbers")
    return _text(document), start, end, _like(_HEX, sha256), _like(_WORD, role)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text")
    return value


def _like(pattern: re.Pattern[str], value: Any) -> str:
    if not pattern.fullmatch(_text(value)):
        raise ValueError("a name or digest")
    return str(value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("a list")
    return value
