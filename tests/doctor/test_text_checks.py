"""The checks of one document's text: each with what sets it off and what does not."""

from __future__ import annotations

import pytest

from qa.doctor.abbreviations import is_explained, undefined_abbreviations
from qa.doctor.citations import citations
from qa.doctor.finding import Severity
from qa.doctor.reading_ease import reading_ease
from qa.doctor.standing_alone import sentences_out_of_context
from qa.doctor.structure import empty_headings, long_sentences
from qa.doctor.text import text_findings
from tests.conftest import ROOT
from tests.doctor.texts import codes, document_of

REFERENCES = "\n\n## References\n\n- R1: A paper.\n- R2: Another paper.\n"


def test_a_citation_without_a_reference_is_told_with_its_line() -> None:
    text = f"# Ketamine\n\nIt helps some people (R1, R3).\n\nTwo trials say so (R2).{REFERENCES}"
    [found] = citations(document_of(text))
    assert (found.severity, found.code) == (Severity.WARNING, "missing_reference")
    [place] = found.where
    assert (place.document, place.line, place.section) == ("leaflet.md", 3, "Ketamine")
    assert place.passage == "It helps some people (R1, R3)."


def test_a_reference_that_nothing_cites_is_a_hint() -> None:
    [found] = citations(document_of(f"# Ketamine\n\nIt helps (R1).{REFERENCES}"))
    assert (found.severity, found.code) == (Severity.HINT, "unused_reference")
    assert found.where[0].passage == "R2: Another paper."


@pytest.mark.parametrize(
    "text",
    [
        f"# Ketamine\n\nIt helps some people (R1-R2).{REFERENCES}",
        "# Drops\n\nTake vitamin B12 (B12) and rest in a room of 20 m\u00b2.",
        "# Ketamine\n\nIt helps\u00b9.\n\n## References\n\n1. A paper.",
        "# Ketamine\n\nIt helps [1, 2].\n\n## References\n\n[1] A paper.\n\n[2] Another.",
        "# Ketamine\n\nIt helps.\n\n## References\n\n1. For further reading.",
    ],
)
def test_citations_that_fit_are_let_be(text: str) -> None:
    assert codes(citations(document_of(text))) == []


def test_citations_without_any_list_are_told_once() -> None:
    found = list(citations(document_of("# Ketamine\n\nIt helps [1]. It is quick [2].")))
    assert codes(found) == ["no_references"]
    assert "\u201c1\u201d, \u201c2\u201d" in found[0].message


def test_a_pronoun_that_opens_a_section_is_told() -> None:
    text = "# Tablets\n\nTablets help.\n\n## Side effects\n\nThey can make you sick. Rest then.\n"
    [found] = sentences_out_of_context(document_of(text))
    assert (found.severity, found.code) == (Severity.WARNING, "out_of_context")
    assert found.where[0].passage == "They can make you sick."
    assert "\u201cSide effects\u201d" in found.message


def test_what_says_half_of_what_it_means_is_a_hint() -> None:
    text = "# Tablets\n\nTablets help.\n\n## Side effects\n\nThese tablets can make you sick.\n"
    [found] = sentences_out_of_context(document_of(text))
    assert found.severity is Severity.HINT


@pytest.mark.parametrize(
    "text",
    [
        "# Tablets\n\nTablets help. They can make you sick.",  # the sentence before is quoted too
        "# Tablets\n\nIt is important to drink water.",
        "# Tablets\n\nNo cure is known.",
        "# Tablets\n\nThis leaflet tells you about tablets.",
        "# Tablets\n\nTheirs\n\n## References\n\nThey wrote a paper.",
    ],
)
def test_sentences_that_stand_by_themselves_are_let_be(text: str) -> None:
    assert codes(sentences_out_of_context(document_of(text))) == []


def test_spanish_pronouns_are_told_since_nothing_is_quoted_with_them() -> None:
    front = "---\nlanguage: es\n---\n# Pastillas\n\nLas pastillas ayudan. "
    assert codes(sentences_out_of_context(document_of(f"{front}Esto tarda un d\u00eda."))) == [
        "out_of_context"
    ]
    assert codes(sentences_out_of_context(document_of(f"{front}Este mes llueve."))) == []


def test_an_abbreviation_that_is_never_spelt_out_is_told_once() -> None:
    text = "# Scan\n\nYou will have an MRI. The MRI is loud.\n"
    [found] = undefined_abbreviations(document_of(text))
    assert found.code == "undefined_abbreviation"
    assert "\u201cMRI\u201d is used 2 times" in found.message
    assert found.where[0].line == 3


@pytest.mark.parametrize(
    ("short", "text"),
    [
        ("PTSD", "post-traumatic stress disorder (PTSD) is common"),
        ("FDA", "The US Food and Drug Administration (the FDA) decides"),
        ("MRI", "An MRI (magnetic resonance imaging) takes long"),
        ("PTSD", "PTSD stands for many things"),
        ("PE", "Prolonged exposure, or PE."),
        ("VA", "VA/DoD means the US Departments of Veterans Affairs and of Defense."),
        ("SSRI", "Two are SSRIs, a common type of antidepressant."),
        ("TEPT", "el trastorno por estr\u00e9s postraum\u00e1tico (TEPT) es frecuente"),
        ("TEPT", "TEPT significa trastorno"),
        ("CPAP", "continuous positive airway pressure, also called CPAP, helps"),
    ],
)
def test_ways_to_explain_an_abbreviation(short: str, text: str) -> None:
    assert is_explained(short, text)


@pytest.mark.parametrize(
    ("short", "text"),
    [("MRI", "You will have an MRI."), ("MRI", "A scan (MRI) is loud."), ("PE", "Do PE daily.")],
)
def test_a_word_in_brackets_explains_nothing_by_itself(short: str, text: str) -> None:
    assert not is_explained(short, text)


def test_capitals_that_are_no_abbreviation_are_let_be() -> None:
    text = (
        "# Care\n\nDO NOT DRIVE HOME.\n\nYou must NOT eat. Call 911 in the US. Schedule III drugs "
        "are kept locked. Write to INFO@clinic.org. The drug is KEPT cold; keep it kept.\n"
    )
    assert codes(undefined_abbreviations(document_of(text))) == []


def test_a_heading_without_text_is_told_unless_headings_follow_under_it() -> None:
    text = "# Care\n\n## Before\n\n### Food\n\nEat.\n\n## During\n\n## After\n\nRest.\n"
    [found] = empty_headings(document_of(text))
    assert (found.code, found.where[0].line) == ("empty_heading", 9)
    assert "\u201cDuring\u201d" in found.message


def test_a_heading_at_the_end_without_text_is_told() -> None:
    assert codes(empty_headings(document_of("# Care\n\nEat.\n\n## After\n"))) == ["empty_heading"]
    assert codes(empty_headings(document_of("# Care\n\nEat.\n\n## After\n\nRest.\n"))) == []


def test_a_title_with_headings_beside_it_is_let_be() -> None:
    assert codes(empty_headings(document_of("# Care\n\n# Before\n\nEat.\n"))) == []
    text = "---\ntitle: Care\n---\n## Clinic\n\n# CARE\n\n# Before\n\nEat.\n"
    assert codes(empty_headings(document_of(text))) == []
    assert codes(empty_headings(document_of("Eat.\n\n# Care\n"))) == ["empty_heading"]


def test_long_sentences_are_told() -> None:
    long = " ".join(["word"] * 61)
    assert codes(long_sentences(document_of(f"# A\n\n{long}.\n"))) == ["long_sentence"]
    assert codes(long_sentences(document_of(f"# A\n\n{long[5:]}.\n"))) == []


HARD = (
    "Pharmacological interventions necessitate multidisciplinary consideration of comorbidities. "
)
EASY = "Take the pill with food. Drink some water. Then rest for a day. "


def test_a_hard_document_is_told_with_its_hardest_paragraphs() -> None:
    [found] = reading_ease(document_of(f"# A\n\n{EASY * 4}\n\n{HARD * 14}\n"))
    assert found.code == "hard_to_read"
    assert [place.passage[:15] for place in found.where] == ["Pharmacological"]
    assert list(reading_ease(document_of(f"# A\n\n{EASY * 10}\n"))) == []


def test_spanish_is_measured_on_its_own_scale() -> None:
    hard = "Las intervenciones farmacol\u00f3gicas requieren consideraciones multidisciplinarias. "
    easy = "Tome la pastilla con agua. Luego descanse un d\u00eda en casa. "
    front = "---\nlanguage: es\n---\n# A\n\n"
    [found] = reading_ease(document_of(f"{front}{hard * 20}\n"))
    assert "INFLESZ" in found.message
    assert list(reading_ease(document_of(f"{front}{easy * 12}\n"))) == []


def test_the_shipped_document_is_calm() -> None:
    path = ROOT / "corpus" / "ketamine-for-ptsd.md"
    found = list(text_findings([document_of(path.read_text("utf-8"), path.name)]))
    assert codes(found) == ["undefined_abbreviation"]
    assert "\u201cNMDA\u201d" in found[0].message
