"""Progress: bars on a terminal, plain lines in a log, and what they say of time."""

from __future__ import annotations

import pytest

from qa.progress import Pace, drawn_progress, progress_line, spoken_time


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_is_quick_leaves_nothing_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    with drawn_progress() as show:
        show("Asking", 1, 2)
        show("Asking", 2, 2)
    assert capsys.readouterr() == ("", "")


def test_a_line_every_ten_seconds_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with drawn_progress(clock) as show:
        for done in range(0, 5401, 180):
            show("Embedding", done, 5400)
            clock.now += 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "Embedding: 1,800 of 5,400, 180 a second, about 20 s left",
        "Embedding: 3,600 of 5,400, 180 a second, about 10 s left",
        "Embedding: 5,400 of 5,400, 180 a second",
    ]


def test_what_was_there_before_counts_for_no_rate() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.step(4000, 5000)
    assert (pace.rate, pace.seconds_left) == (None, None)
    assert progress_line("Embedding", pace) == "Embedding: 4,000 of 5,000"
    clock.now += 4
    pace.step(4010, 5000)
    assert pace.rate == pytest.approx(2.5)
    assert progress_line("Embedding", pace) == (
        "Embedding: 4,010 of 5,000, 2.5 a second, about 7 min left"
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (23.4, "23 s"), (99, "99 s"), (240, "4 min"), (3900, "1 h 05 min")],
)
def test_time_in_words(seconds: float, words: str) -> None:
    assert spoken_time(seconds) == words


def test_a_bar_for_each_stage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "90")
    clock = Clock()
    with drawn_progress(clock) as show:
        show("Reading", 2, 2)
        show("Asking", 0, 3000)
        clock.now += 10
        show("Asking", 1000, 3000)
    out, err = capsys.readouterr()
    assert out == ""
    assert "Reading" in err
    assert "1,000/3,000  100/s  20 s left" in err
