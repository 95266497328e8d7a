"""What documents say of themselves: dates, audience, names and language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qa.doctor.finding import Severity
from qa.doctor.lifecycle import described_findings, standing_findings
from qa.standing import standing_of
from tests.doctor.texts import codes, document_of

TODAY = date(2026, 11, 24)
WHOLE = "reviewed: 2026-01-31\nreview_by: 2027-11-24\n"
TEXT = "# Leaflet\n\nText.\n"


def standing(*front: str) -> list[str]:
    documents = [
        document_of(f"---\n{one}\n---\n{TEXT}", f"{n}.md").document for n, one in enumerate(front)
    ]
    return codes(standing_findings(documents, standing_of(documents, TODAY)))


@pytest.mark.parametrize(
    ("front", "code"),
    [
        ("review_by: 2026-11-23", "expired"),
        ("review_by: 2026-11-24", "expires_soon"),
        ("review_by: 2026-12-24", "expires_soon"),
        ("effective: 2026-11-25", "not_yet_effective"),
        ("audience: staff", "staff_only"),
    ],
)
def test_a_document_that_is_not_quoted_or_soon_will_not_be(front: str, code: str) -> None:
    assert standing(front, WHOLE) == [code]


def test_a_superseded_document_is_a_hint() -> None:
    assert standing(WHOLE, f"{WHOLE}supersedes: 0.md") == ["superseded"]


def test_documents_in_order_are_let_be() -> None:
    assert standing(WHOLE, "review_by: 2027-01-01\neffective: 2026-11-24\naudience: patients") == []


def test_that_nothing_is_quoted_is_an_error() -> None:
    document = document_of(f"---\nreview_by: 2020-01-01\n---\n{TEXT}").document
    first, _ = standing_findings([document], standing_of([document], TODAY))
    assert (first.severity, first.code) == (Severity.ERROR, "nothing_quoted")


def described(front: str, text: str = TEXT) -> list[str]:
    return codes(described_findings(document_of(f"---\n{front}---\n{text}"), TODAY))


@pytest.mark.parametrize(
    ("front", "code"),
    [
        ("reviewed: 2026-01-31\n", "not_stated"),
        (f"{WHOLE}reveiwed: 2026-01-31\n", "misspelt_name"),
        (f"{WHOLE}langauge: en\n", "misspelt_name"),
        ("reviewed: 2026-11-25\nreview_by: 2027-01-01\n", "reviewed_in_future"),
    ],
)
def test_what_is_missing_or_wrong(front: str, code: str) -> None:
    assert described(front) == [code]


def test_what_is_in_order_is_let_be() -> None:
    assert described(f"{WHOLE}source: ours\ndate: 2026-01-31\nphone: 1\n") == []


def test_a_misspelt_name_is_told_with_its_line() -> None:
    examined = document_of(f"---\n{WHOLE}reveiwed: 2026-01-31\n---\n{TEXT}")
    [found] = described_findings(examined, TODAY)
    assert found.where[0].line == 4
    assert "`reviewed`" in found.mend


SPANISH = (
    "# Hoja\n\n" + "Si no puede venir a la cita llame a la cl\u00ednica por la ma\u00f1ana. " * 5
)


def test_a_language_that_is_not_the_texts_is_told() -> None:
    assert described(WHOLE, SPANISH) == ["other_language"]
    assert described(f"{WHOLE}language: en\n", SPANISH) == ["other_language"]
    assert described(f"{WHOLE}language: es\n", SPANISH) == []


def test_a_document_that_has_no_title_is_told() -> None:
    [found] = described_findings(document_of(f"---\n{WHOLE}---\nText only.\n"), TODAY)
    assert "`title`" in found.message


def test_pages_without_text_and_a_guessed_encoding_are_told() -> None:
    examined = document_of(f"---\n{WHOLE}---\n{TEXT}")
    document = replace(
        examined.document,
        unsearchable=(2, 3),
        meta=(*examined.document.meta, ("encoding", "windows-1252 (guessed, certainty 1.0)")),
    )
    found = list(described_findings(replace(examined, document=document), TODAY))
    assert codes(found) == ["not_searchable", "guessed_encoding"]
    assert found[0].where[0].page == 2
    assert "2, 3" in found[0].message
    assert "put it in as a document of its own (.docx, .md or .txt)" in found[0].mend


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("a.md", "the front matter, or in corpus/catalogue.csv"),
        ("a.docx", "the file's own properties, or in corpus/catalogue.csv"),
        ("a.html", "`meta` elements of its head, or in corpus/catalogue.csv"),
        ("a.pdf", "corpus/catalogue.csv"),
        ("a.csv", "corpus/catalogue.csv"),
    ],
)
def test_what_is_missing_goes_where_the_kind_of_file_can_say_it(name: str, where: str) -> None:
    examined = document_of(TEXT)
    examined = replace(examined, document=replace(examined.document, id=name))
    [found] = described_findings(examined, TODAY)
    assert found.mend == f"Write `reviewed`, `review_by` into {where}."
