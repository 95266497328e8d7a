"""A folder that is watched tells of what matters, once it has settled."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest

from qa.errors import CorpusError
from qa.watching import RETRY_S, changes, matters


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a.md", True),
        ("sub/a.pdf", True),
        ("catalogue.csv", True),
        ("sub", True),
        (".hidden.md", False),
        (".git/a.md", False),
        ("sub/.a.md.swp", False),
        ("a.md~", False),
        ("~$leaflet.docx", False),
        ("#a.md#", False),
        ("a.md.tmp", False),
        ("leaflet.pdf.crdownload", False),
        ("4913", False),
    ],
)
def test_what_matters(tmp_path: Path, name: str, wanted: bool) -> None:
    assert matters(tmp_path, tmp_path / name) is wanted
    assert not matters(tmp_path / "other", tmp_path / name)


def test_changes_are_told_of_when_they_have_settled(tmp_path: Path) -> None:
    followed = changes(tmp_path, settle_ms=200, look_ms=200)
    assert next(followed) is True  # for what was before
    (tmp_path / ".a.md").write_text("A")  # which is moved at once and whole: one change each
    edits = (
        lambda: (tmp_path / ".a.md").rename(tmp_path / "a.md"),
        lambda: (tmp_path / "a.md").rename(tmp_path / "b.md"),
        (tmp_path / "b.md").unlink,
    )
    for edit in edits:
        later = threading.Timer(0.1, edit)
        later.start()
        began = time.monotonic()
        assert next(followed) is True
        assert time.monotonic() - began < RETRY_S, "by the change, not by the clock"
        later.join()


def test_what_does_not_matter_is_not_told_of(tmp_path: Path) -> None:
    followed = changes(tmp_path, 0.5, settle_ms=200, look_ms=200)
    assert next(followed) is True
    (tmp_path / ".hidden.md").write_text("A")
    (tmp_path / "a.md~").write_text("A")
    assert next(followed) is False


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"none is not there.*qa build --watch"):
        next(changes(tmp_path / "none"))


def test_a_folder_that_goes(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    followed = changes(folder, look_ms=200)
    next(followed)
    shutil.rmtree(folder)
    with pytest.raises(CorpusError, match="corpus is not there"):
        for _ in followed:
            pass
