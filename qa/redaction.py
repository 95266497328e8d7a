"""Takes personal things out of a text before it is kept.

Phone numbers, e-mail and web addresses, full dates, ages over 89, long numbers, street addresses,
post codes and names, as they are written in English and Spanish, become `[phone]`, `[e-mail]`,
`[address]`, `[date]`, `[number]` and `[name]`.
These are those identifiers of the "safe harbor" list (45 CFR 164.514(b)(2)) that a typed question
may hold and that can be told by their shape, their place or a list.

It cannot promise that nothing personal is left: a name that is an everyday word, a place, a rare
illness, a job or a story can tell who somebody is. A redacted text is still to be kept as health
information. Where it is in doubt whether something is personal, it goes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from qa.names import name_spans
from qa.redaction_patterns import (
    ADDRESS,
    DATE,
    E_MAIL,
    NAME,
    NUMBER,
    ONLINE_SHAPES,
    PHONE,
    SHAPES,
)
from qa.redaction_patterns_es import SPANISH_SHAPES
from qa.unicode_forms import normal_form

__all__ = ["MAX_REDACTED", "redact"]

MAX_REDACTED = 1_000
"""Characters of a text; what is behind them is left out, so that no text costs much time."""

_SHOWN = str.maketrans(
    {
        PHONE: "[phone]",
        E_MAIL: "[e-mail]",
        DATE: "[date]",
        NUMBER: "[number]",
        NAME: "[name]",
        ADDRESS: "[address]",
    }
)


def redact(text: str, is_known: Callable[[str], bool]) -> str:
    """A text of one line without what is personal in it, as far as that can be told.

    `is_known` tells of a word whether it is everyday, a medical term or one of the documents':
    a capital within a sentence makes a name of any other.
    """
    text = _plain(text)[:MAX_REDACTED]
    for rule in (*ONLINE_SHAPES, *SPANISH_SHAPES, *SHAPES):
        text = rule(text)
    for start, end in reversed(name_spans(text, is_known)):
        text = text[:start] + NAME + text[end:]
    return text.translate(_SHOWN)


def _plain(text: str) -> str:
    """Letters and digits as they are usually written, nothing unseen, single blanks.

    A soft hyphen or a zero-width joiner within a name would hide it from every rule.
    """
    text = normal_form("NFKC", text[: 2 * MAX_REDACTED]).replace("\u2019", "'")
    kept = (
        "" if unicodedata.category(c) == "Cf" else " " if unicodedata.category(c)[0] == "C" else c
        for c in text
    )
    return " ".join("".join(kept).split())
