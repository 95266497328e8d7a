"""Paragraphs that stand in two documents."""

from __future__ import annotations

from qa.doctor.finding import Severity
from qa.doctor.repetition import repetitions
from tests.doctor.texts import codes, document_of

PARAGRAPH = (
    "Bring a list of all your medicines with you, and tell the nurse about any allergy that you "
    "have ever had before the treatment is started on the first day."
)


def test_the_same_paragraph_in_two_documents_is_a_hint_with_both_places() -> None:
    a = document_of(f"# A\n\n{PARAGRAPH}\n", "a.md")
    b = document_of(f"# B\n\nFirst this.\n\n{PARAGRAPH.upper()}\n", "b.md")
    [found] = repetitions([a, b])
    assert (found.severity, found.code) == (Severity.HINT, "repeated_text")
    assert [(place.document, place.line) for place in found.where] == [("a.md", 3), ("b.md", 5)]


def test_a_paragraph_in_other_words_is_a_warning() -> None:
    a = document_of(f"# A\n\n{PARAGRAPH}\n", "a.md")
    b = document_of(f"# B\n\n{PARAGRAPH.replace('nurse', 'doctor')}\n", "b.md")
    [found] = repetitions([a, b])
    assert (found.severity, found.code) == (Severity.WARNING, "nearly_repeated_text")


def test_several_paragraphs_of_the_same_documents_are_one_finding() -> None:
    other = PARAGRAPH.replace("medicines", "questions").replace("allergy", "illness")
    text = f"{PARAGRAPH}\n\n{other[::-1]}\n"
    [found] = repetitions([document_of(f"# {n}\n\n{text}", f"{n}.md") for n in "ab"])
    assert "2 paragraphs" in found.message


def test_what_stands_once_is_short_or_is_in_references_is_let_be() -> None:
    once = document_of(f"# A\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n", "a.md")
    short = document_of("# B\n\nAsk your nurse.\n", "b.md")
    again = document_of("# C\n\nAsk your nurse.\n", "c.md")
    listed = document_of(f"# D\n\nText.\n\n## References\n\n{PARAGRAPH}\n", "d.md")
    assert codes(repetitions([once, short, again, listed])) == []
