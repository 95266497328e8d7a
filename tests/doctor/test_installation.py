"""The installation's checks: real folders and files, and versions that are not there."""

from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path

import pytest

from qa.doctor.finding import Severity
from qa.doctor.installation import folders, models, packages, python, room
from qa.embedding import bundled_folder
from qa.errors import ModelError
from tests.conftest import MakeCorpus
from tests.doctor.texts import codes


def test_python() -> None:
    assert codes(python()) == []
    [found] = python((3, 10, 4))
    assert found.severity is Severity.ERROR
    assert "3.10.4" in found.message


def test_packages_that_are_there_are_let_be() -> None:
    version = metadata.version("rapidfuzz")
    lock = f"rapidfuzz=={version} \\\n    --hash=sha256:abc\nabsent-for-developers==1.0\n"
    requirements = ["rapidfuzz>=3", "nowhere>1; python_version < '3'", "x>1; extra == 'dev'"]
    assert codes(packages(requirements, lock)) == []


def test_packages_that_are_missing_or_others() -> None:
    found = list(packages(["quite-absent>=1", "rapidfuzz>=999"], "rapidfuzz==0.1\n"))
    assert codes(found) == ["package_missing", "package_version", "not_as_locked"]
    assert "quite-absent" in found[0].message
    assert "tried: 0.1" in found[2].message


def test_packages_that_are_dispensable_may_be_missing() -> None:
    assert codes(packages(["quite-absent>=1"], "", dispensable={"quite-absent"})) == []


def test_a_model_that_is_altered_is_an_error(tmp_path: Path) -> None:
    def altered() -> None:
        raise ModelError("The weights were altered. Install the program anew.")

    found = list(models([("embedding.model", altered), ("reading.model", bundled_folder)]))
    assert codes(found) == ["model"]
    assert found[0].where[0].setting == "embedding.model"
    assert (found[0].message, found[0].mend) == (
        "The weights were altered.",
        "Install the program anew.",
    )


@pytest.mark.parametrize(
    ("free", "severity"),
    [(99, Severity.ERROR), (150, Severity.WARNING), (200, None)],
)
def test_room_on_the_disk(tmp_path: Path, free: int, severity: Severity | None) -> None:
    found = list(room(tmp_path / "not" / "there", 100, free))
    assert [one.severity for one in found] == ([severity] if severity else [])


def test_room_is_looked_up_and_told_in_numbers(tmp_path: Path) -> None:
    assert list(room(tmp_path, 1)) == []
    [found] = room(tmp_path, 10**18)
    assert "1,000,000,000,000 MB" in found.message


def test_folders_in_order_are_let_be(tmp_path: Path, corpus_folder: MakeCorpus) -> None:
    corpus = corpus_folder({"a.md": "# A\n\nText."})
    store = tmp_path / "records.sqlite3"
    assert list(folders(corpus, tmp_path / "index", store)) == []
    store.touch(0o600)
    assert list(folders(corpus, tmp_path / "index", store)) == []


def test_records_that_others_may_read_are_an_error(
    tmp_path: Path, corpus_folder: MakeCorpus
) -> None:
    corpus, store = corpus_folder({"a.md": "# A\n\nText."}), tmp_path / "records.sqlite3"
    store.touch()
    store.chmod(0o644)
    [found] = folders(corpus, tmp_path / "index", store)
    assert (found.severity, found.code) == (Severity.ERROR, "records_open")
    assert f"chmod 600 {store}" in found.mend


def test_what_may_not_be_read_or_written(tmp_path: Path, corpus_folder: MakeCorpus) -> None:
    corpus = corpus_folder({"a.md": "# A\n\nText.", "b.md": "# B\n\nText."})
    index = tmp_path / "index"
    index.write_text("a file")
    denied = {corpus / "b.md"}  # whoever runs the tests may be root, who may do anything

    def may(path: Path, mode: int) -> bool:
        return path not in denied and os.access(path, mode)

    found = list(folders(corpus, index, tmp_path / "none", may))
    assert codes(found) == ["unreadable", "index_not_writable"]
    assert found[0].where[0].file.endswith("b.md")
