"""Files that wait for an import do not fill the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import QuestionError
from qa.staff.file import StaffFile
from qa.staff.pending_imports import PendingImports


def test_of_each_member_the_newest_are_kept(tmp_path: Path) -> None:
    waiting = PendingImports(StaffFile(tmp_path / "staff.sqlite3"))
    other = waiting.keep("Kim", "kims.csv", b"kim")
    keys = [waiting.keep("Nora", f"{n}.csv", b"nora") for n in range(5)]
    assert [waiting.find("Nora", key)[0] for key in keys[2:]] == ["2.csv", "3.csv", "4.csv"]
    with pytest.raises(QuestionError, match="not kept any more"):
        waiting.find("Nora", keys[1])
    assert waiting.find("Kim", other) == ("kims.csv", b"kim")
