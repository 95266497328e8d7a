"""What word processors' file properties say of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["as_front_matter", "own_title"]

_NO_TITLE = re.compile(
    r"(?:microsoft word\b.*|(?:word )?document ?\d*|dokument ?\d*|documento ?\d*|untitled.*|title"
    r"|.*\.(?:docx?|dotx?|docm|odt|rtf|pdf))",
    re.IGNORECASE,
)
"""Titles that programs write by themselves."""
_CUSTOM = frozenset(
    {
        "title",
        "version",
        "language",
        "reviewed",
        "review_by",
        "audience",
        "owner",
        "effective",
        "supersedes",
        "source",
    }
)
"""Custom properties that mean what front matter of that name means."""
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})T[\d:.]+Z?")


def own_title(title: str | None) -> str:
    """A file's title property, or "" where no person wrote it."""
    words = " ".join((title or "").split())
    return "" if _NO_TITLE.fullmatch(words) else words


def as_front_matter(properties: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Of (name, value) pairs those named as front matter ("Review by" is `review_by`), in order.

    Of points in time the day is kept.
    """
    found: dict[str, str] = {}
    for name, written in properties:
        key = "_".join(name.casefold().replace("-", " ").split())
        text = " ".join(written.split())
        if key in _CUSTOM and text:
            day = _TIME.fullmatch(text)
            found.setdefault(key, day.group(1) if day else text)
    return tuple(found.items())
