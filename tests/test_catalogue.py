"""The catalogue is read strictly: a misread line would quote what should not be."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.catalogue import entry_key, read_catalogue, unmatched
from qa.corpus import corpus_remarks, read_file, source_files
from qa.document import Document
from qa.errors import CatalogueError, CorpusError
from qa.metadata import FIELDS
from tests.conftest import ROOT, MakeCorpus

LEAFLET = "# Pain\n\nTake it easy.\n"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "catalogue.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def test_lines_and_their_fields(tmp_path: Path) -> None:
    write(
        tmp_path,
        "\ufefffile,Title,Review by,audience,no_quote\r\n"
        '"a, b.pdf","Pain, and\r\nmore",2027-01-02,Staff,Doses; For staff\r\n'
        "\r\n,,,,\r\n"
        "sub\\b.pdf,,,,\r\n",
    )
    first, second = read_catalogue(tmp_path).values()
    assert (first.file, first.line) == ("a, b.pdf", 2)
    assert dict(first.fields) == {
        "title": "Pain, and more",
        "audience": "staff",
        "review_by": "2027-01-02",
        "no_quote": "Doses\nFor staff",
    }
    assert (second.file, second.line, second.fields) == ("sub\\b.pdf", 6, ())
    assert list(read_catalogue(tmp_path)) == ["a, b.pdf", "sub/b.pdf"]


def test_semicolons_part_as_well(tmp_path: Path) -> None:
    write(tmp_path, 'file;title;no_quote;;\na.pdf;Pain, and more;"Doses; Prices";;\n')
    [entry] = read_catalogue(tmp_path).values()
    assert dict(entry.fields) == {"title": "Pain, and more", "no_quote": "Doses\nPrices"}


def test_no_catalogue_and_an_empty_one(tmp_path: Path) -> None:
    assert read_catalogue(tmp_path) == {}
    write(tmp_path, "file\n")
    assert read_catalogue(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"line 1: the column `file` is missing. The columns are file, title, owner"),
        ("title\nx\n", r"line 1: the column `file` is missing"),
        ("file,reviewd\n", r"line 1: 'reviewd' is no column of a catalogue. The columns are file,"),
        ("file,owner,Owner\n", r"line 1: the column 'owner' is there twice"),
        ("file,title\na.md,x\n,y\n", r"line 3: the file is not named"),
        ("file,title\na.md,x\na.md,y\n", r"lines 2 and 3 are both about a\.md\. Make one line"),
        ("file,title\na.md,x\n./a.md,y\n", r"lines 2 and 3 are both about"),
        ("file,title\na.md,x,y\n", r"line 2: 'y' stands under no column"),
        ("file,title\n\na.md,Pain, and more\n", r"line 3: 'and more' stands under no column"),
        ("file,reviewed\na.md,24.11.2026\n", r"line 2: reviewed is '24\.11\.2026': write the day"),
        ("file,reviewed\na.md,2026-02-30\n", r"line 2: reviewed is '2026-02-30': there is no such"),
        ("file,audience\na.md,all\n", r"line 2: audience is 'all': write `patients` or `staff`"),
        ("file,language\na.md,Spanish\n", r"line 2: language is 'Spanish': write a language tag"),
        ('file,title\na.md,"x\n', r"line 2: .*Look for a quotation mark that is not closed"),
        (b"file,title\na.md,caf\xe9\n", r"byte 19 is not UTF-8\. Save it as UTF-8"),
    ],
)
def test_what_cannot_be_understood_is_named(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    write(tmp_path, text)
    with pytest.raises(CorpusError, match=message) as caught:
        read_catalogue(tmp_path)
    assert str(caught.value).startswith(str(tmp_path / "catalogue.csv"))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        "file,audience,effective,reviewd\na.md,nurses,31/12/2026,x\nb.md,staff,2026-02-30,\n"
        'a.md,,,,more\n,patients,,\nc.md,"x\n',
    )
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(tmp_path)
    path = tmp_path / "catalogue.csv"
    told = [one.removeprefix(f"{path}: ") for one in caught.value.problems]
    beginnings = [
        "line 1: 'reviewd' is no column",
        "line 2: audience is 'nurses': write `patients` or `staff`.",
        "line 2: effective is '31/12/2026': write the day as year-month-day",
        "line 3: effective is '2026-02-30': there is no such day.",
        "line 4: 'more' stands under no column",
        "lines 2 and 4 are both about a.md",
        "line 5: the file is not named",
        "line 6: ",
    ]
    assert len(told) == len(beginnings)
    assert all(one.startswith(how) for one, how in zip(told, beginnings, strict=True)), told
    assert str(caught.value).startswith(f"{path} has 8 mistakes:\n  - {path}: line 1: ")


def read(folder: Path) -> dict[str, Document]:
    files, _ = source_files(folder)
    return {file.id: read_file(file).document for file in files}


def test_a_document_is_what_its_line_says(corpus_folder: MakeCorpus) -> None:
    folder = corpus_folder({"sub/pain.md": LEAFLET, "cafe\u0301.txt": "Coffee\n\nDrink it.\n"})
    write(
        folder,
        "file,title,reviewed,audience\nsub/pain.md,Your pain,2026-01-02,staff\n"
        "caf\u00e9.txt,Caf\u00e9,,\n",
    )
    files, passed_over = source_files(folder)
    assert passed_over == []  # a catalogue is no document
    by_id = {file.id: file for file in files}
    assert by_id["sub/pain.md"].entry == (
        ("title", "Your pain"),
        ("audience", "staff"),
        ("reviewed", "2026-01-02"),
    )
    found = read(folder)
    assert found["sub/pain.md"].title == "Your pain"
    assert found["sub/pain.md"].metadata("audience") == "staff"
    assert (
        found["sub/pain.md"].text == read(corpus_folder({"pain.md": LEAFLET}, "b"))["pain.md"].text
    )
    assert [one.title for one in found.values()] == ["Caf\u00e9", "Your pain"]


def test_a_line_further_down_changes_no_other_file(corpus_folder: MakeCorpus) -> None:
    folder = corpus_folder({"a.md": LEAFLET, "b.md": LEAFLET})
    write(folder, "file,owner\nb.md,Ann\n")
    before, _ = source_files(folder)
    write(folder, "file,owner\na.md,Bob\nb.md,Ann\n")
    after, _ = source_files(folder)
    assert (before[1], before[1].entry_line, after[1].entry_line) == (after[1], 2, 3)
    assert before[0] != after[0]


def test_front_matter_and_catalogue_that_disagree(corpus_folder: MakeCorpus) -> None:
    folder = corpus_folder({"a.md": f"---\naudience: patients\ntitle: Pain\n---\n{LEAFLET}"})
    write(folder, "file,audience,title\na.md,Patients,Pain\n")
    assert read(folder)["a.md"].title == "Pain"
    write(folder, "file,audience\n\na.md,staff\n")
    with pytest.raises(CorpusError) as caught:
        read(folder)
    assert str(caught.value) == (
        f"{folder / 'a.md'}: line 2 and {folder / 'catalogue.csv'}: line 3 disagree on audience: "
        "'patients' and 'staff'. Correct one of them, or delete it there."
    )


def test_a_line_without_a_file_is_told(corpus_folder: MakeCorpus) -> None:
    folder = corpus_folder({"a.md": LEAFLET, "b.md": LEAFLET})
    write(folder, "file,owner\nGone.md,Ann\na.md,Bob\n")
    [told] = corpus_remarks(folder, ())
    assert told.startswith(f"{folder / 'catalogue.csv'}: line 2: there is no document Gone.md.")
    write(folder, "file,owner\na.md,Ann\n")
    assert corpus_remarks(folder, ()) == ()


@pytest.mark.parametrize(
    "held", ["audience\n{},staff", "no_quote\n{},Pain", "review_by\n{},2027-01-01"]
)
def test_a_line_that_holds_back_must_not_miss_its_file_by_a_letter(
    corpus_folder: MakeCorpus, held: str
) -> None:
    folder = corpus_folder({"staff-doses.md": LEAFLET, "b.md": LEAFLET})
    write(folder, "file," + held.format("Staff-dose.md"))
    with pytest.raises(CorpusError, match=r"line 2: there is no Staff-dose\.md, but staff-doses"):
        source_files(folder)
    # A file that is only gone is told of, and so is one whose like has a line of its own.
    write(folder, "file," + held.format("other-thing.md"))
    assert len(source_files(folder)[0]) == 2
    write(folder, "file," + held.format("Staff-dose.md") + "\nstaff-doses.md,\n")
    assert len(corpus_remarks(folder, ())) == 1


def test_how_a_file_is_looked_up() -> None:
    assert entry_key(" ./sub\\cafe\u0301.pdf ") == "sub/caf\u00e9.pdf"
    assert unmatched({}, ["a.md"], Path()) == ()


@pytest.mark.parametrize("name", ["Catalogue.csv", "CATALOG.CSV", "catalogue.xlsx"])
def test_a_catalogue_under_another_name_is_not_passed_over(
    corpus_folder: MakeCorpus, name: str
) -> None:
    folder = corpus_folder({"a.md": LEAFLET, name: "file,audience\na.md,staff\n"})
    with pytest.raises(CorpusError, match=rf"{name} is not read as the catalogue.*catalogue\.csv"):
        source_files(folder)


def test_the_documentations_example_is_a_catalogue(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "lifecycle.md").read_text("utf-8")
    [example] = [part for part in page.split("```") if part.strip().startswith("file,")]
    write(tmp_path, example.strip())
    entries = read_catalogue(tmp_path)
    assert [entry.file for entry in entries.values()] == [
        "leaflets/pain.pdf",
        "leaflets/pain-2024.pdf",
        "staff/doses.docx",
        "leaflets/parking.pdf",
    ]
    assert dict(entries["leaflets/pain.pdf"].fields)["no_quote"] == "Prices\nFor our staff"
    assert all(f"| `{field}` |" in page for field in FIELDS)
