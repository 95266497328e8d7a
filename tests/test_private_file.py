"""Files that only their owner may read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa.private_file import make_private


@pytest.mark.skipif(os.name != "posix", reason="Rights are told by bits on Linux and macOS only.")
def test_others_may_not_read_it_and_what_it_holds_stays(tmp_path: Path) -> None:
    made, open_to_all = tmp_path / "made", tmp_path / "open"
    make_private(made)
    assert (made.read_bytes(), made.stat().st_mode & 0o777) == (b"", 0o600)
    open_to_all.write_bytes(b"kept")
    open_to_all.chmod(0o644)
    make_private(open_to_all)
    assert (open_to_all.read_bytes(), open_to_all.stat().st_mode & 0o777) == (b"kept", 0o600)


def test_a_folder_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        make_private(tmp_path / "none" / "file")
