"""Bytes to text, strictly: a character that was guessed would be quoted as if it were written."""

from __future__ import annotations

import codecs

from qa.errors import CorpusError

__all__ = ["decode"]

_OTHER_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def decode(data: bytes, name: str) -> str:
    """The text of a UTF-8 file, without byte order mark and with LF line ends.

    Raises CorpusError naming the file and the offset, in bytes from 0, of the first byte that is
    not UTF-8, or of a NUL byte, which no text holds.
    """
    for mark, encoding in _OTHER_MARKS.items():
        if data.startswith(mark):
            raise CorpusError(
                f"{name}: byte 0: the file is {encoding}, and only UTF-8 is read. "
                "Save it as UTF-8 and build again."
            )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Offsets of "utf-8-sig" count from behind the mark.
        at = error.start + (3 if data.startswith(codecs.BOM_UTF8) else 0)
        raise CorpusError(
            f"{name}: byte {at} (0x{data[at]:02x}, line {data[:at].count(10) + 1}) is not UTF-8. "
            "Save the file as UTF-8 and build again."
        ) from None
    if "\x00" in text:
        at = data.index(0)
        raise CorpusError(
            f"{name}: byte {at} is NUL, so this is not a text file. "
            "Take it out of the corpus folder or save it as text."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")
