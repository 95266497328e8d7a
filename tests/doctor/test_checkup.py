"""The whole check-up of a folder, in which what cannot be looked at never stops the rest."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qa.doctor.checkup import check_up, looked_at
from qa.doctor.finding import Area, Severity
from qa.doctor.report import findings_text
from tests.conftest import MakeCorpus
from tests.doctor.setups import setup_of
from tests.doctor.texts import codes

TODAY = date(2026, 11, 24)
SOUND = "---\nreviewed: 2026-01-31\nreview_by: 2027-11-24\n---\n# A\n\nTake a pill a day.\n"


def test_areas_that_are_looked_at(tmp_path: Path) -> None:
    setup = setup_of(tmp_path)
    assert looked_at([], setup) == list(Area)
    assert looked_at([Area.TEXT, Area.SETTINGS], setup) == [Area.SETTINGS, Area.TEXT]
    assert looked_at([], None) == [Area.INSTALLATION, Area.SETTINGS]


def test_documents_that_cannot_be_read_do_not_hide_the_others(
    tmp_path: Path, corpus_folder: MakeCorpus
) -> None:
    corpus_folder(
        {
            "a.md": SOUND,
            "b.md": "# Only a heading\n",
            "c.md": "",
            "d.txt": b"Text \x00 more.",
            "e.xyz": "unknown",
            "f.md": SOUND.replace("reviewed:", "reveiwed:"),
        }
    )
    found = check_up(setup_of(tmp_path), [Area.DOCUMENTS], TODAY)
    told = {(one.code, one.where[0].document) for one in found}
    assert told == {
        ("cannot_read", "b.md"),
        ("cannot_read", "c.md"),
        ("cannot_read", "d.txt"),
        ("passed_over", "e.xyz"),
        ("misspelt_name", "f.md"),
        ("not_stated", "f.md"),
    }
    assert [one.severity for one in found][:3] == [Severity.ERROR] * 3


def test_no_folder_of_documents_is_one_error(tmp_path: Path) -> None:
    assert codes(check_up(setup_of(tmp_path), [Area.DOCUMENTS], TODAY)) == ["cannot_read"]
    text = check_up(setup_of(tmp_path), [Area.TEXT, Area.LINKS], TODAY)
    assert codes(text) == []


def test_what_is_not_quoted_is_not_looked_at_for_its_text(
    tmp_path: Path, corpus_folder: MakeCorpus
) -> None:
    corpus_folder({"a.md": SOUND.replace("Take a pill", "They take an MRI")})
    setup = setup_of(tmp_path)
    assert codes(check_up(setup, [Area.TEXT], TODAY)) == [
        "out_of_context",
        "undefined_abbreviation",
    ]
    assert codes(check_up(setup, [Area.TEXT], date(2028, 1, 1))) == []


def test_a_catalogue_that_names_no_file_is_told(tmp_path: Path, corpus_folder: MakeCorpus) -> None:
    corpus_folder({"a.md": SOUND, "catalogue.csv": "file,title\ngone.pdf,Gone\n"})
    [found] = check_up(setup_of(tmp_path), [Area.DOCUMENTS], TODAY)
    assert found.code == "catalogue"
    assert "gone.pdf" in found.message


def test_what_cannot_be_read_is_told_in_whole_sentences_and_its_path_once(
    tmp_path: Path, corpus_folder: MakeCorpus
) -> None:
    corpus_folder({"a.md": SOUND, "bad.csv": "one,two\n1,2\n"})
    found = check_up(setup_of(tmp_path), [Area.DOCUMENTS], TODAY)
    [bad] = [one for one in found if one.code == "cannot_read"]
    assert (str(bad.where[0]), "bad.csv" in bad.message) == ("bad.csv:1", False)
    assert bad.message.startswith("A table must have the columns")
    assert bad.mend.startswith(
        "Name its columns so, or take the file out of the folder. (The files"
    )
    assert findings_text([bad], [Area.DOCUMENTS]).count("bad.csv") == 1


def test_two_mistakes_in_front_matter_are_both_in_the_message(
    tmp_path: Path, corpus_folder: MakeCorpus
) -> None:
    corpus_folder({"a.md": SOUND.replace("reviewed: 2026", "audience: nurses\nreviewed: 26")})
    [bad] = check_up(setup_of(tmp_path), [Area.DOCUMENTS], TODAY)
    assert "Audience is 'nurses'" in bad.message
    assert "Also line 3: reviewed is '26-01-31'" in bad.message
    assert bad.mend == "Correct it, and run `qa build`."


def test_each_mistake_of_the_catalogue_is_a_finding(
    tmp_path: Path, corpus_folder: MakeCorpus
) -> None:
    rows = "file,audience,effective\na.md,nurses,31/12/2026\n"
    folder = corpus_folder({"a.md": SOUND, "catalogue.csv": rows})
    found = check_up(setup_of(tmp_path), [Area.DOCUMENTS], TODAY)
    assert codes(found) == ["cannot_read", "cannot_read"]
    text = findings_text(found[:1], [Area.DOCUMENTS])
    assert text.count(str(folder)) == 1
    assert "line 2: audience is 'nurses'" in " ".join(text.split())


def test_nothing_is_written(tmp_path: Path, corpus_folder: MakeCorpus) -> None:
    corpus_folder({"a.md": SOUND})
    before = sorted(tmp_path.rglob("*"))
    check_up(setup_of(tmp_path), [], TODAY)
    assert sorted(tmp_path.rglob("*")) == before
