"""The conversation on the screen: it travels with each question, so that no server keeps it.

What comes back from a browser comes from outside: only texts are taken from it, and an earlier
question read out of it is a query like any other.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

from qa.query import MAX_QUESTION

__all__ = [
    "EARLIER",
    "Messages",
    "earlier_questions",
    "has_alarm",
    "message",
    "newest",
    "received",
]

MESSAGES = 40
KEPT_BYTES = 216_000
"""What stays on the screen at most, as it is sent: with each question it travels to the server and
back, and must stay under the limit for bodies. An answer of three quotes and what stands around
them takes 9,600 bytes (median; at most 14,200 on the golden questions), one with two warnings
behind it about 20,000: ten of those stay, and a shorter one behind them."""
EARLIER = 10
"""Questions that a follow-up may lean on."""
_ENVELOPE = 120
"""Bytes at most that Gradio puts around a message."""
_BEFORE, _AFTER = '<span class="text" dir="auto">', "</span></div>"
"""What stands around a question in `templates/asked.html`."""
_MOST_SHOWN = 64 * MAX_QUESTION + 1_000
"""Characters of a shown question at most; one of its own may be shown by an element of 56."""
# What `escape.py` makes of a character: its code point has at most four digits (U+202E is 8238).
_TAG = re.compile(r'<span class="unseen" title="U\+[0-9A-F]{4}">|</span>')
_ENTITY = re.compile(r"&#([0-9]{1,4});")
_ALARM = 'class="alarm"'

Messages = list[dict[str, Any]]


def message(role: str, text: str) -> dict[str, Any]:
    """A message as Gradio's chat takes it; `role` is "user" or "assistant"."""
    return {"role": role, "content": text}


def received(shown: object) -> Messages:
    """The conversation as the browser sent it, texts only."""
    kept: Messages = []
    for entry in shown if isinstance(shown, list) else []:
        role, content = entry.get("role"), entry.get("content")
        if isinstance(content, list):
            content = "".join(str(part.get("text", "")) for part in content)
        if role in ("user", "assistant") and isinstance(content, str):
            kept.append(message(role, content))
    return kept


def newest(messages: Messages) -> Messages:
    """The last messages that have room, beginning with a question."""
    kept = messages[-MESSAGES:]
    while kept and sum(_size(one["content"]) for one in kept) > KEPT_BYTES:
        kept = kept[1:]
    while kept and kept[0]["role"] != "user":
        kept = kept[1:]
    return kept


def earlier_questions(messages: Messages) -> tuple[str, ...]:
    """The last questions on the screen, oldest first, as they were typed.

    One that was answered with help for somebody in danger is left out: nothing of it is searched
    for again, or said again.
    """
    found = []
    for asked, reply in pairwise(messages):
        if (asked["role"], reply["role"]) == ("user", "assistant"):
            typed = _typed(asked["content"])
            if typed and not has_alarm(reply["content"]):
                found.append(typed)
    return tuple(found[-EARLIER:])


def has_alarm(reply: str) -> bool:
    """Whether a message of the assistant begins with help for somebody in danger."""
    return _ALARM in reply


def _typed(shown: str) -> str:
    """The question that `templates/asked.html` shows, as it was typed; empty where there is none.

    Every step takes time in proportion to the length, whatever a browser sends.
    """
    if len(shown) > _MOST_SHOWN:
        return ""
    begin = shown.find(_BEFORE)
    end = shown.find(_AFTER, begin)
    if begin < 0 or end < 0:
        return ""
    escaped = _TAG.sub("", shown[begin + len(_BEFORE) : end])
    typed = _ENTITY.sub(lambda found: chr(int(found[1])), escaped)
    return typed if len(typed) <= MAX_QUESTION else ""


def _size(content: str) -> int:
    """Bytes of a message as JSON."""
    return len(json.dumps(content, ensure_ascii=False).encode()) + _ENVELOPE
