"""The encoding that a page says it is written in."""

from __future__ import annotations

import codecs
import re

__all__ = ["declared_encoding"]

_HEAD = 4_096
"""Bytes in which it must stand; browsers look at 1,024."""
_DECLARED = (
    re.compile(rb"<\?xml[^>]*\sencoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE),
    re.compile(rb"<meta\s[^>]*?charset\s*=\s*+(?:[\"']\s*+)?([\w.:-]+)", re.IGNORECASE),
)
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
}
"""What browsers take in place of an encoding that pages name (https://encoding.spec.whatwg.org)."""
_TEXTS = re.compile(r"cp\d+|iso8859-\d+|koi8-[ru]|mac-(?:roman|cyrillic)|big5\w*|gb\d+|euc_\w+")


def declared_encoding(data: bytes) -> str:
    """Python's name of the encoding that a page's bytes declare, or empty where they declare none
    that is known, or UTF-8."""
    for declared in _DECLARED:
        found = declared.search(data[:_HEAD])
        if not found:
            continue
        try:
            known = codecs.lookup(found.group(1).decode("ascii")).name
        except LookupError:
            return ""
        meant = _MEANT.get(known, known)
        return meant if _TEXTS.fullmatch(meant) else ""
    return ""
