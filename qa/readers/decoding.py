"""Bytes to text, strictly: a character that was guessed would be quoted as if it were written.

In this order: a byte order mark, UTF-8, the encoding that a page declares, and last a guess, which
is taken only where it is as good as certain (`_guess`).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from qa.errors import CorpusError
from qa.readers.languages_written import fits

__all__ = ["CERTAINTY", "Decoded", "decode", "decode_or_guess"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
"""The longer of two marks that begin alike stands first."""
CERTAINTY = 0.98
"""Lower bound, with 95 % confidence, of the share of accepted guesses that are right to the
character: all were, of those on held texts (`python tests/benchmarks/encodings.py`)."""
_MIN_LENGTH = 200
"""Characters that a text has at least if its encoding is guessed."""
_MIN_BEYOND = 10
"""Characters beyond ASCII that it has at least: only they tell encodings apart."""
_MAX_CHAOS = 0.02
"""What charset-normalizer calls chaos: its share of implausible neighbours among characters."""
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BEYOND = re.compile(rb"[\x80-\xff]")
_MAX_UTF8 = 0.1
"""Share of bytes beyond ASCII that form UTF-8 characters: above it, two encodings are mixed."""
_CANDIDATES = {
    "cp1252": "windows-1252",
    "iso8859_15": "ISO-8859-15",
    "cp1250": "windows-1250",
    "iso8859_2": "ISO-8859-2",
    "cp1251": "windows-1251",
    "koi8_r": "KOI8-R",
    "koi8_u": "KOI8-U",
    "iso8859_5": "ISO-8859-5",
    "cp866": "IBM866",
    "mac_cyrillic": "x-mac-cyrillic",
    "cp1253": "windows-1253",
    "iso8859_7": "ISO-8859-7",
    "cp1254": "windows-1254",
    "cp1255": "windows-1255",
    "iso8859_8": "ISO-8859-8",
    "cp1256": "windows-1256",
    "iso8859_6": "ISO-8859-6",
    "cp1257": "windows-1257",
    "iso8859_10": "ISO-8859-10",
    "cp850": "IBM850",
    "cp852": "IBM852",
    "cp865": "IBM865",
    "cp857": "IBM857",
    "mac_roman": "macintosh",
    "mac_latin2": "x-mac-ce",
    "mac_turkish": "x-mac-turkish",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
}
"""Encodings that files of clinics come in, by Python's name, with the name that a person knows."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, without byte order mark and with LF line ends."""

    text: str
    meta: tuple[tuple[str, str], ...] = ()
    """What is to be told of it: empty, or its `encoding` where that was not certain from the
    bytes alone."""


def decode(data: bytes, name: str) -> str:
    """The text of a UTF-8 file, or of one with a byte order mark, with LF line ends.

    Raises CorpusError naming the file and the offset, in bytes from 0, of the first byte that is
    not UTF-8, or of a NUL byte, which no text holds.
    """
    return _certain(data, name, "")


def decode_or_guess(data: bytes, name: str, declared: str = "") -> Decoded:
    """The text of a file in whatever encoding, as far as that can be told.

    `declared` is the encoding that the file itself names, or empty. Raises CorpusError as `decode`
    does, saying also what the encoding may be, where that is not certain enough.
    """
    marked = any(data.startswith(mark) for mark, _, _ in _MARKS)
    if marked or b"\0" in data or _is_utf8(data):
        return Decoded(_certain(data, name, ""))
    if declared and (text := _strictly(data, declared)) is not None:
        known = _CANDIDATES.get(declared, declared)
        return Decoded(_line_ends(text), (("encoding", f"{known} (as the page says)"),))
    guess, hint = _guess(data)
    if guess is None:
        raise CorpusError(_not_utf8(data, name, hint))
    text, encoding = guess
    told = f"{encoding} (guessed, certainty {CERTAINTY})"
    return Decoded(_line_ends(text), (("encoding", told),))


def _certain(data: bytes, name: str, hint: str) -> str:
    mark, encoding, known = next(
        (row for row in _MARKS if data.startswith(row[0])), (b"", "utf-8", "UTF-8")
    )
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + len(mark)
        if encoding == "utf-8":
            raise CorpusError(_not_utf8(data, name, hint, at)) from None
        raise CorpusError(
            f"{name}: byte {at} (0x{data[at]:02x}) is not {known}, which the file's first bytes "
            "say it is. Save the file as UTF-8 and build again."
        ) from None
    if "\x00" in text:
        at = len(mark) + len(text[: text.index("\x00")].encode(encoding))
        raise CorpusError(
            f"{name}: byte {at} is NUL, so this is not a text file. "
            "Take it out of the corpus folder or save it as text."
        )
    return _line_ends(text)


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _not_utf8(data: bytes, name: str, hint: str, at: int | None = None) -> str:
    if at is None:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            at = error.start
    at = at or 0
    return (
        f"{name}: byte {at} (0x{data[at]:02x}, line {data[:at].count(10) + 1}) is not UTF-8. "
        f"{hint}Save the file as UTF-8 and build again."
    )


def _strictly(data: bytes, encoding: str) -> str | None:
    """The text in an encoding; None where a byte has no meaning in it, or that of a control."""
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    controls = any("\x7f" <= letter <= "\x9f" for letter in text)
    return None if controls or any(c < " " and c not in "\t\n\r\f\v" for c in text) else text


def _guess(data: bytes) -> tuple[tuple[str, str] | None, str]:
    """The text and its encoding's name where they are as good as certain, else what to say.

    All of the following must hold:
    - the text has `_MIN_LENGTH` characters, `_MIN_BEYOND` of them beyond ASCII;
    - hardly any of its bytes form characters of UTF-8 (`_MAX_UTF8`; Japanese ones do by chance);
    - of all encodings of `_CANDIDATES` in which the bytes can be read, only one text is written as
      some language is (`fits`): with no letter that is foreign to it, and with its common words;
    - charset-normalizer finds that same text plausible, with a chaos of at most `_MAX_CHAOS`.

    `python tests/benchmarks/encodings.py` measures how often this is right.
    """
    texts: dict[str, str] = {}
    for encoding, known in _CANDIDATES.items():
        text = _strictly(data, encoding)
        if text is not None and text not in texts and fits(text):
            texts[text] = known
    if not texts:
        return None, "Its encoding cannot be told. "
    if _share_of_utf8(data) > _MAX_UTF8 and "Japanese" not in map(fits, texts):
        return None, "Other parts of it are UTF-8, so two encodings are mixed in it. "
    [(text, known), *others] = texts.items()
    names = " or ".join([known, *(other for _, other in others)])
    looks = f"It looks like {names}, but that is not certain: "
    beyond = sum(not letter.isascii() for letter in text)
    if others:
        return None, f"{looks}each gives another text. "
    if len(text) < _MIN_LENGTH or beyond < _MIN_BEYOND:
        return None, (
            f"{looks}only {beyond} of its {len(text)} characters are beyond plain ASCII "
            f"({_MIN_BEYOND} of {_MIN_LENGTH} are needed to tell). "
        )
    matches = from_bytes(data, steps=20, chunk_size=2048, threshold=0.2)
    chaos = min((match.chaos for match in matches if str(match) == text), default=1.0)
    if chaos > _MAX_CHAOS:
        return None, f"{looks}some of its characters stand in odd places. "
    return (text, known), ""


def _share_of_utf8(data: bytes) -> float:
    beyond = len(_BEYOND.findall(data))
    return sum(map(len, _UTF8.findall(data))) / beyond if beyond else 0.0
