"""Documents for the check-up's tests, read as the program reads them."""

from __future__ import annotations

from collections.abc import Iterable

from qa.corpus import make_document
from qa.doctor.examined import Examined, examine
from qa.doctor.finding import Finding

__all__ = ["codes", "document_of"]


def document_of(text: str, name: str = "leaflet.md") -> Examined:
    """A document of that text, ready for the checks."""
    data = text.encode()
    return examine(make_document(name, data), data)


def codes(findings: Iterable[Finding]) -> list[str]:
    """The findings' kinds, in order."""
    return [one.code for one in findings]
