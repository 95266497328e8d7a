"""Removing generations: which go, which stay whatever happens, and what is recorded of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa.building import building
from qa.history import Signature, read_history
from qa.kept import what_became_of
from qa.pruning import Removed, prune, superfluous
from qa.publishing import CALIBRATIONS, generations, live_generation, publish
from qa.publishing_report import removed_text
from tests.test_publishing import make, stage


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """g1 to g4 were live one after the other, g5 and g6 are staged."""
    for name in ("g1", "g2", "g3", "g4"):
        make(tmp_path, name)
    stage(tmp_path, "g5")
    stage(tmp_path, "g6")
    return tmp_path


def pruned(index: Path, keep: int, **more: bool) -> list[Removed]:
    with building(index):
        return prune(index, keep, **more)


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        (0, ["g4"]),
        (1, ["g4", "g3"]),  # where going back leads is the first to stay
        (2, ["g6", "g4", "g3"]),
        (4, ["g6", "g5", "g4", "g3", "g2"]),
        (9, ["g6", "g5", "g4", "g3", "g2", "g1"]),
    ],
)
def test_what_stays(index: Path, keep: int, left: list[str]) -> None:
    gone = superfluous(index, keep)
    assert generations(index) == ["g6", "g5", "g4", "g3", "g2", "g1"], "nothing is removed yet"
    assert [one.generation for one in pruned(index, keep)] == gone
    assert generations(index) == left
    assert live_generation(index) == "g4"
    assert sorted([*left, *gone]) == ["g1", "g2", "g3", "g4", "g5", "g6"]


def test_what_became_of_a_generation_is_known_from_the_history(index: Path) -> None:
    with building(index):
        prune(index, 4, Signature("Ana", "too old"))
    removed = [one for one in read_history(index).events if one.action == "pruned"]
    told = f"It was removed on {removed[0].at[:10]} by Ana: too old. "
    assert what_became_of(index, "g1") == told
    assert what_became_of(index, "g2") == "", "it is kept, or somebody removed it by hand"
    assert "--index names another" in what_became_of(index, "g9")


def test_staged_ones_among_those_removed_are_told(index: Path) -> None:
    removed = pruned(index, 1)
    assert {one.generation for one in removed if one.staged} == {"g5", "g6"}
    lines = removed_text(removed).splitlines()
    assert lines[0].startswith("g6 (staged, never published)  ")
    assert [line[:4] for line in lines[2:4]] == ["g2  ", "g1  "]


def test_after_going_back_the_next_step_back_stays(index: Path) -> None:
    publish(index, "g2", Signature("Ana"), "rolled_back")
    pruned(index, 1)
    assert generations(index) == ["g2", "g1"]


def test_a_build_removes_none_that_waits_to_be_published(index: Path) -> None:
    pruned(index, 1, spare_staged=True)
    assert generations(index) == ["g6", "g5", "g4", "g3"]
    make(index, "g7")
    pruned(index, 1, spare_staged=True)
    assert generations(index) == ["g7", "g4"], "those before the live one are past waiting"


def test_the_live_one_stays_even_if_its_name_sorts_last(tmp_path: Path) -> None:
    """As after the clock was set back."""
    for name in ("g7", "g8", "g9", "a1"):
        make(tmp_path, name)
    pruned(tmp_path, 2)
    assert live_generation(tmp_path) == "a1"
    assert generations(tmp_path) == ["g9", "g8", "a1"]


def test_what_is_said_and_recorded_of_it(index: Path) -> None:
    [removed] = pruned(index, 4)
    assert removed == Removed("g1", removed.bytes)
    assert removed.bytes >= len(b"{}x")
    last = read_history(index).events[-1]
    assert (last.action, last.generation, last.by) == ("pruned", "g1", "qa build")
    assert pruned(index, 4) == []


def test_stated_error_rates_go_with_their_generations(index: Path) -> None:
    (index / CALIBRATIONS).mkdir()
    for name in ("g1", "g4"):
        (index / CALIBRATIONS / f"{name}.json").write_bytes(b"{}")
    pruned(index, 1)
    assert [path.name for path in (index / CALIBRATIONS).iterdir()] == ["g4.json"]


def test_one_that_is_in_use_stays_whole_and_the_others_go(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a folder with open files cannot be renamed."""
    real = os.rename

    def rename(old: Path, new: Path) -> None:
        if Path(old).name == "g2":
            raise PermissionError(13, "The process cannot access the file")
        real(old, new)

    monkeypatch.setattr(os, "rename", rename)
    found = {one.generation: one.problem for one in pruned(index, 1)}
    assert found.pop("g2").startswith("it is in use, or its folder cannot be written")
    assert found == {"g1": "", "g5": "", "g6": ""}
    assert generations(index) == ["g4", "g3", "g2"]
    assert (index / "generations" / "g2" / "bm25" / "x.npy").read_bytes() == b"x"
    assert "g2" not in [
        one.generation for one in read_history(index).events if one.action == "pruned"
    ]


def test_one_that_was_published_in_between_stays(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.pruning.superfluous", lambda *_: ["g1"])
    publish(index, "g1", Signature("Ana"), "rolled_back")
    assert pruned(index, 0) == []
    assert live_generation(index) == "g1"
