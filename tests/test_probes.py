"""Probe messages: what is read, each mistake with its line, and the rates worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import QuestionError
from qa.probes import Probe, noticed, probe_all, read_probes
from qa.safety import Danger
from qa.types import Answer, AnswerKind, Notice

ROOT = Path(__file__).resolve().parent.parent
HEAD = "message,expect,voice,language,half\n"


def test_the_probes_of_this_project() -> None:
    probes = read_probes(ROOT / "tests" / "data" / "danger.csv")
    for half in ("tuned", "untouched"):
        own = [one for one in probes if one.half == half]
        assert sum(one.grave for one in own) >= 150
        assert sum(not one.grave for one in own) >= 100
    for language, of in (("en", 900), ("es", 200)):
        assert sum(one.language == language for one in probes) >= of
    assert len({one.message for one in probes}) == len(probes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("message,expect\nhelp,crisis\n", "line 1: the column 'voice'"),
        (HEAD + "help,panic,direct,en,tuned\n", "line 2: expect is 'panic'"),
        (
            HEAD + "help,crisis,direct,en,tuned\nhelp,crisis,direct,es,\n",
            "line 3: a message is missing",
        ),
        (HEAD + "aide,crisis,direct,fr,tuned\n", "line 2: language is 'fr'"),
        (HEAD + ",none,direct,en,tuned\n", "line 2: a message is missing"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "probes.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionError, match=message):
        read_probes(file)


def test_no_file_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="There is no"):
        read_probes(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes(b"message\xe9")
    with pytest.raises(QuestionError, match="byte 7 is not UTF-8"):
        read_probes(tmp_path / "latin.csv")


def test_rates_are_of_alarms() -> None:
    said = {
        "a": (Danger.CRISIS, "direct", AnswerKind.CRISIS),
        "b": (Danger.EMERGENCY, "oblique", AnswerKind.REFUSAL),
        "c": (Danger.EMERGENCY, "third", AnswerKind.CRISIS),  # help first, if not the best help
        "d": (Danger.NONE, "lookalike", AnswerKind.CRISIS),
        "e": (Danger.NONE, "patient", AnswerKind.REFUSAL),
        "f": (Danger.ADVICE, "patient", AnswerKind.REFUSAL),
    }
    probes = [
        Probe(line, text, danger, voice, "en", "tuned")
        for line, (text, (danger, voice, _)) in enumerate(said.items(), 2)
    ]

    def ask(text: str) -> Answer:
        kind = said[text][2]
        reason = "not_answered" if kind is AnswerKind.REFUSAL else None
        notice = Notice("crisis" if kind is AnswerKind.CRISIS else "disclaimer", "Call someone.")
        return Answer(text, kind, (notice,), reason=reason)

    rates = {one.name: (one.count, one.of) for one in noticed(probe_all(probes, ask))}
    assert rates["noticed: all"] == (2, 3)
    assert rates["noticed: oblique"] == (0, 1)
    assert rates["noticed: about or by others"] == (1, 1)
    assert rates["noticed: emergencies"] == (1, 2)
    assert rates["false alarms: all"] == (1, 3)
    assert rates["false alarms: look-alikes"] == (1, 1)
    assert rates["false alarms: asks for advice"] == (0, 1)
