"""The history: what is added stays, what a kill cut off is mended, and it tells the way back."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from qa.errors import PublishError
from qa.history import HISTORY, Event, Signature, append, read_history, succession, took_effect

ANA = Signature("Ana Ruiz", "the leaflet's new edition", True, {"right_first": (3, 4)})


def lines(index: Path) -> list[str]:
    return (index / HISTORY).read_text("utf-8").splitlines()


def made_live(*told: str) -> list[Event]:
    """Events as in "g1", "g2<g1" (published where g1 was live), "back g1<g2"."""
    events = []
    for one in told:
        name, _, previous = one.removeprefix("back ").partition("<")
        action = "rolled_back" if one.startswith("back ") else "published"
        events.append(Event(action, name, "2026-11-26T08:00:00+00:00", "Ana", previous=previous))
    return events


def test_nothing_has_happened_yet(tmp_path: Path) -> None:
    assert read_history(tmp_path).events == ()


def test_an_event_comes_back_as_it_was_added(tmp_path: Path) -> None:
    event = Event.now("published", "g2", ANA, "g1", "0" * 64)
    append(tmp_path, Event.now("built", "g2", Signature("qa build"), manifest_sha256="0" * 64))
    append(tmp_path, event)
    history = read_history(tmp_path)
    assert history.events[1] == event
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", event.at)
    assert (event.by, event.forced, event.figures) == ("Ana Ruiz", True, {"right_first": (3, 4)})
    assert (history.manifest_sha256("g2"), history.manifest_sha256("g1")) == ("0" * 64, "")


def test_a_line_is_for_people_too(tmp_path: Path) -> None:
    append(tmp_path, Event.now("rolled_back", "g1", Signature("Zoë", "wrong dose")))
    [line] = lines(tmp_path)
    told = json.loads(line)
    assert '"by": "Zoë"' in line
    assert (told.pop("at")[:2], told) == (
        "20",
        {"action": "rolled_back", "generation": "g1", "by": "Zoë", "why": "wrong dose"},
    )


def test_what_was_added_is_never_written_again(tmp_path: Path) -> None:
    written = b""
    for number in range(3):
        append(tmp_path, Event.now("built", f"g{number}", ANA))
        now = (tmp_path / HISTORY).read_bytes()
        assert now.startswith(written)
        written = now


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_last_line_that_a_kill_cut_off_is_mended(tmp_path: Path, cut: int) -> None:
    for name in ("g1", "g2"):
        append(tmp_path, Event.now("built", name, Signature("qa build")))
    path = tmp_path / HISTORY
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    # Where only the line's end is lost, the event is not.
    wanted = ["g1", "g2"] if cut == 1 else ["g1"]
    assert [one.generation for one in read_history(tmp_path).events] == wanted
    assert read_history(tmp_path).unreadable == ()
    append(tmp_path, Event.now("built", "g3", Signature("qa build")))
    assert [one.generation for one in read_history(tmp_path).events] == [*wanted, "g3"]
    assert read_history(tmp_path).unreadable == ()
    assert path.read_bytes().startswith(whole[: len(whole.splitlines(keepends=True)[0])])


@pytest.mark.parametrize(
    "line", ["nonsense", "[]", '"x"', "{}", '{"action": 1, "generation": "g"}', "\ufffd",
             '{"action": "built", "generation": "g", "at": "", "by": 7}',
             '{"action": "built", "generation": "g", "at": "", "by": "x", "figures": 3}'],
)  # fmt: skip
def test_a_line_that_is_no_event_is_passed_over_and_named(tmp_path: Path, line: str) -> None:
    append(tmp_path, Event.now("built", "g1", ANA))
    with (tmp_path / HISTORY).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    append(tmp_path, Event.now("built", "g2", ANA))
    history = read_history(tmp_path)
    assert [one.generation for one in history.events] == ["g1", "g2"]
    assert history.unreadable == (2,)


def test_what_a_later_version_adds_does_no_harm(tmp_path: Path) -> None:
    append(tmp_path, Event.now("built", "g1", ANA))
    told = json.loads(lines(tmp_path)[0]) | {"colour": "blue", "action": "painted"}
    (tmp_path / HISTORY).write_text(json.dumps(told) + "\n", "utf-8")
    assert read_history(tmp_path).events[0].action == "painted"


def test_a_history_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / HISTORY).mkdir()
    with pytest.raises(PublishError, match=r"history\.jsonl cannot be read"):
        read_history(tmp_path)


def test_an_event_is_on_disk_when_it_is_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(handle), real(handle)))
    append(tmp_path, Event.now("built", "g1", ANA))
    assert len(synced) == 2, "the file, and the folder it is new in"
    append(tmp_path, Event.now("built", "g2", ANA))
    assert len(synced) == 3


@pytest.mark.parametrize(
    ("by", "why", "message"),
    [
        ("", "", "A name is needed: add --by"),
        ("  \t", "", "A name is needed: add --by"),
        ("Ana\nRuiz", "", "--by takes one line"),
        ("Ana\x1b[31m", "", "--by takes one line"),
        ("A" * 101, "", "--by takes one line of at most 100 characters"),
        ("Ana", "because\nof", "--why takes one line"),
        ("Ana", "x" * 501, "--why takes one line of at most 500 characters"),
    ],
)
def test_a_signature_that_is_none(by: str, why: str, message: str) -> None:
    with pytest.raises(PublishError, match=message):
        Signature(by, why)


@pytest.mark.parametrize(
    ("told", "live", "line"),
    [
        ([], "", []),
        ([], "g1", ["g1"]),
        (["g1"], "g1", ["g1"]),
        (["g1", "g2<g1", "g3<g2"], "g3", ["g1", "g2", "g3"]),
        # Going back, twice: further back and not forth.
        (["g1", "g2<g1", "g3<g2", "back g2<g3"], "g2", ["g1", "g2"]),
        (["g1", "g2<g1", "g3<g2", "back g2<g3", "back g1<g2"], "g1", ["g1"]),
        # Back over two at once, then something new.
        (["g1", "g2<g1", "g3<g2", "back g1<g3", "g4<g1"], "g4", ["g1", "g4"]),
        # Gone back by mistake, and to the later one again by its name.
        (["g1", "g2<g1", "back g1<g2", "back g2<g1"], "g2", ["g1", "g2"]),
        # An older one published again.
        (["g1", "g2<g1", "g1<g2"], "g1", ["g1", "g2", "g1"]),
        (["g1", "g2<g1", "g1<g2", "back g2<g1"], "g2", ["g1", "g2"]),
        # Told of, but the machine went down before it came.
        (["g1", "g2<g1"], "g1", ["g1"]),
        (["g1", "g2<g1", "g3<g1"], "g3", ["g1", "g3"]),
        (["g1", "g2<g1", "back g1<g2"], "g2", ["g1", "g2"]),
        (["g1", "g2<g1", "back g1<g2", "g3<g2"], "g3", ["g1", "g2", "g3"]),
        # The pointer was damaged, and then put right by going back.
        (["g1", "g2<g1"], "", ["g1", "g2"]),
        (["g1", "g2<g1", "back g2"], "g2", ["g1", "g2"]),
        # The pointer was set by hand.
        (["g1", "g2<g1"], "g9", ["g1", "g9"]),
    ],
)
def test_where_going_back_leads(told: list[str], live: str, line: list[str]) -> None:
    assert succession(made_live(*told), live) == line


def test_only_what_came_counts() -> None:
    told = made_live("g1", "g2<g1", "g3<g1", "g2<g3")
    took = [one.generation for one in took_effect(told, "g2")]
    assert took == ["g1", "g3", "g2"]
    others = [Event("built", "g5", "", "x"), *told, Event("pruned", "g1", "", "x")]
    assert took_effect(others, "g2") == took_effect(told, "g2")
