"""Progress is drawn on a terminal and nowhere else."""

from __future__ import annotations

import pytest

from qa.progress import drawn_progress


def test_nothing_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with drawn_progress() as show:
        show("Asking", 1, 2)
        show("Asking", 2, 2)
    assert capsys.readouterr() == ("", "")


def test_a_bar_for_each_stage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    with drawn_progress() as show:
        show("Reading", 2, 2)
        show("Asking", 1, 3)
    out, err = capsys.readouterr()
    assert out == ""
    assert "Reading" in err
    assert "1/3" in err
