"""What is said of a document is written in one way, and never left open to doubt."""

from __future__ import annotations

import pytest

from qa.corpus import make_document
from qa.errors import CorpusError
from qa.metadata import described, field_name, front_matter_line, normalised

FRONT = b"---\nlanguage: en\nReviewed: 2026-01-02\n'version': 3\n---\nversion: no front matter\n"


@pytest.mark.parametrize(
    ("field", "written", "kept"),
    [
        ("title", "  Two\n lines ", "Two lines"),
        ("reviewed", " 2026-11-24 ", "2026-11-24"),
        ("review_by", "2028-02-29", "2028-02-29"),
        ("effective", "", ""),
        ("audience", "Patients", "patients"),
        ("audience", "Staff-only", "staff"),
        ("language", "es", "es"),
        ("language", "pt_BR", "pt-BR"),
        ("language", "zh-Hant-TW", "zh-Hant-TW"),
        ("language", "hmn", "hmn"),
        ("no_quote", "Doses;  For \n", "Doses; For"),
        ("no_quote", "Doses ; For  staff;", "Doses\nFor staff"),
        ("no_quote", "Doses; first\nStaff, and others", "Doses; first\nStaff, and others"),
        ("supersedes", "old/a.md", "old/a.md"),
    ],
)
def test_values_are_kept_in_one_way(field: str, written: str, kept: str) -> None:
    assert normalised(field, written) == kept
    assert normalised(field, kept) == kept or field == "no_quote"


@pytest.mark.parametrize(
    ("field", "written", "message"),
    [
        ("reviewed", "24/11/2026", "write the day as year-month-day, like 2026-11-24"),
        ("reviewed", "2026-W48-2", "year-month-day"),
        ("reviewed", "20261124", "year-month-day"),
        ("review_by", "2026-02-30", "there is no such day"),
        ("effective", "2026-13-01", "there is no such day"),
        ("effective", "soon", "year-month-day"),
        ("audience", "nurses", "write `patients` or `staff`"),
        ("language", "English", "write a language tag, like en, es or pt-BR"),
        ("language", "xx", "write a language tag"),
        ("language", "en, es", "write a language tag"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_write(field: str, written: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        normalised(field, written)
    assert str(caught.value).startswith(f"{field} is {written!r}: ")


def test_names_of_fields() -> None:
    assert field_name(" Review by ") == field_name("review-by") == "review_by"


def test_lines_of_front_matter() -> None:
    assert front_matter_line(FRONT, "language") == 2
    assert front_matter_line(FRONT, "Reviewed") == 3
    assert front_matter_line(FRONT, "version") == 4
    assert front_matter_line(FRONT, "title") is None
    assert front_matter_line(b"\xef\xbb\xbf" + FRONT.replace(b"\n", b"\r\n"), "language") == 2
    assert front_matter_line(FRONT.decode().encode("utf-16"), "language") == 2
    assert front_matter_line(b"language: en", "language") is None
    assert front_matter_line(b"", "language") is None


def describe(meta: dict[str, str], entry: dict[str, str], data: bytes = FRONT) -> dict[str, str]:
    return dict(described(tuple(meta.items()), entry, "a.md", data, "catalogue.csv: line 7"))


def test_file_and_catalogue_add_up() -> None:
    meta = {"language": "en", "Reviewed": "2026-01-02", "source": " as it is ", "owner": ""}
    entry = {"reviewed": "2026-01-02", "audience": "staff"}
    assert describe(meta, entry) == {
        "language": "en",
        "reviewed": "2026-01-02",
        "source": " as it is ",
        "audience": "staff",
    }
    assert list(describe(meta, entry)) == ["language", "reviewed", "source", "audience"]
    assert describe({}, {}) == {}


def test_front_matter_and_catalogue_may_not_disagree() -> None:
    with pytest.raises(CorpusError) as caught:
        describe({"Reviewed": "2026-01-02"}, {"reviewed": "2026-01-03"})
    assert str(caught.value) == (
        "a.md: line 3 and catalogue.csv: line 7 disagree on reviewed: '2026-01-02' and "
        "'2026-01-03'. Correct one of them, or delete it there."
    )


def test_what_a_program_wrote_into_a_file_gives_way_to_the_catalogue() -> None:
    meta = {"title": "Microsoft Word - draft7", "language": "Deutsch"}
    entry = {"title": "Pain", "language": "de"}
    assert describe(meta, entry, b"%PDF") == entry
    with pytest.raises(CorpusError, match=r"a\.md: the file's own language is 'Deutsch'.*catal"):
        describe(meta, {}, b"%PDF")


def test_all_wrong_values_of_a_document_are_named_at_once() -> None:
    with pytest.raises(CorpusError) as caught:
        describe({"language": "Klingon", "Reviewed": "31/12/2026"}, {})
    assert str(caught.value) == (
        "a.md: line 2: language is 'Klingon': write a language tag, like en, es or pt-BR. "
        "Also line 3: reviewed is '31/12/2026': write the day as year-month-day, like 2026-11-24."
    )


def test_a_wrong_value_is_named_with_its_line() -> None:
    with pytest.raises(CorpusError, match=r"^a\.md: line 2: language is 'Klingon': write"):
        describe({"language": "Klingon"}, {})


def test_a_document_that_could_never_be_quoted() -> None:
    entry = {"effective": "2027-01-01", "review_by": "2026-12-31"}
    with pytest.raises(CorpusError, match=r"a\.md: .*review_by 2026-12-31.*effective 2027-01-01"):
        describe({}, entry)
    assert describe({}, entry | {"review_by": "2027-01-01"})


def test_a_list_in_front_matter_keeps_what_its_members_hold() -> None:
    def headings(written: str) -> tuple[str, ...]:
        text = f"---\nno_quote: {written}\n---\n# Doses, prices\n\nA.\n\n# Staff; more\n\nB.\n"
        return make_document("a.md", text.encode()).listed("no_quote")

    assert headings("['Doses, prices', 'staff;  more']") == ("Doses, prices", "staff; more")
    assert headings("['Staff; more']") == ("Staff; more",)
    assert headings("Doses, prices") == ("Doses, prices",)
