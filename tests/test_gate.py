"""What is checked before a generation is published, and what may be forced."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qa.answer import Policy
from qa.assistant import Assistant
from qa.building import building
from qa.evaluation import FLOOR
from qa.gate import Measured, Verdict, damage_of, measured, verdict_of
from qa.generation import Inspection, file_sha256, inspect, verify
from qa.golden import Golden
from qa.index import build
from qa.kept import kept_generations
from qa.notices import SafetyTexts
from qa.publishing import keep, publish, read_pointer
from qa.publishing_report import generations_text, verdict_text
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder

MODEL = WordHashEmbedder().identity
LINES = (
    "# Ketamine\n\nKetamine is an anesthetic. Nurses give it slowly.\n\n"
    "## Driving\n\nDo not drive that day.\n"
)


def golden(line: int, question: str, quote: str = "", tags: str = "") -> Golden:
    expect = "quote" if quote else "refuse"
    document = "ketamine.md" if quote else ""
    return Golden(
        line, question, expect, (quote,) if quote else (), document, frozenset(tags.split()), ""
    )


QUESTIONS = [
    golden(2, "Is ketamine an anesthetic?", "Ketamine is an anesthetic."),
    golden(3, "May I drive that day?", "Do not drive that day."),
    golden(4, "zebra crossing", tags="off_topic"),
]


@pytest.fixture
def index(corpus_folder: MakeCorpus, tmp_path: Path) -> Path:
    """A live generation and a staged one of the same documents."""
    corpus = corpus_folder({"ketamine.md": LINES})
    for stage in (False, True):
        build(corpus, tmp_path / "index", WordHashEmbedder(), stage=stage)
    return tmp_path / "index"


def the_staged(index: Path) -> str:
    [name] = [one.name for one in kept_generations(index) if one.state == "staged"]
    return name


def keep_forged(index: Path, name: str) -> None:
    """A generation whose files are as recorded, but one chunk does not lie in its section: as only
    a faulty build could make it."""
    with building(index) as folder:
        shutil.copytree(read_pointer(index).folder, folder, dirs_exist_ok=True)
        path = folder / "chunks.jsonl"
        chunks = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        chunks[1][3] = 0
        path.write_text("".join(json.dumps(one) + "\n" for one in chunks), "utf-8")
        manifest = json.loads((folder / "manifest.json").read_bytes())
        manifest["files"]["chunks.jsonl"] = file_sha256(path)
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        keep(index, folder, name)


def test_nothing_speaks_against_a_sound_generation(index: Path) -> None:
    verdict = verdict_of(index, the_staged(index), MODEL)
    assert (verdict, verdict.objections) == (Verdict(()), ())
    assert inspect(index) == inspect(index, the_staged(index)) == Inspection()
    assert "questions.csv" in verdict_text(verdict)


def test_a_damaged_file_is_damage_in_that_generation_alone(index: Path) -> None:
    name = the_staged(index)
    (index / "generations" / name / "vectors.npy").write_bytes(b"x")
    verdict = verdict_of(index, name, MODEL)
    assert verdict.damage == damage_of(index, name, MODEL)
    assert "vectors.npy was altered" in verdict.damage[0]
    assert verdict.objections == (), "nothing that a reason would get past"
    assert verify(index) == []
    assert "vectors.npy was altered" in verdict_text(verdict)
    [staged] = [one for one in kept_generations(index) if one.name == name]
    assert staged.problems == verdict.damage
    assert f"{name}  staged  DAMAGED\n" in generations_text([staged])


def test_what_a_faulty_build_cut_wrongly_is_an_objection(index: Path) -> None:
    keep_forged(index, "forged")
    verdict = verdict_of(index, "forged", MODEL)
    assert verdict.damage == ()
    assert len(verdict.objections) == 1
    assert "the chunk is not within its section" in verdict.objections[0]
    assert verify(index, "forged") == list(verdict.faults)
    publish(index, "forged")
    assert verify(index) == list(verdict.faults)


def test_another_model_is_damage_since_a_server_would_refuse_it(index: Path) -> None:
    other = WordHashEmbedder(name="other").identity
    for problems in (damage_of(index, the_staged(index), other),
                     verdict_of(index, the_staged(index), other).damage):  # fmt: skip
        assert problems == ("it was built with another embedding model (word-hash)",)


def asked(index: Path, texts: SafetyTexts, questions: list[Golden], **policy: Any) -> Measured:
    assistant = Assistant(
        index, WordHashEmbedder(), texts, Policy(**policy), generation=the_staged(index)
    )
    steps: list[int] = []
    found = measured(questions, assistant, lambda _, done, of: steps.append(of - done))
    assert steps == list(range(len(questions)))[::-1]
    return found


def test_the_golden_questions_are_held_to_the_floor(index: Path, safety_texts: SafetyTexts) -> None:
    good = asked(index, safety_texts, QUESTIONS, threshold=0.0)
    assert (good.below, good.misfits) == ((), ())
    assert (good.counts["right_in_two"], good.counts["off_topic_refused"]) == ((2, 2), (1, 1))
    assert "danger_noticed" not in good.counts, "nothing was asked for it"
    bad = asked(index, safety_texts, QUESTIONS, threshold=1.0)
    wanted = "Answerable: right quote first or second: 0/2, 0%, floor 70%"
    assert (bad.below, FLOOR.right_in_two) == ((wanted,), 0.7)
    assert Verdict((), ("a fault",), bad).objections == ("a fault", wanted)
    assert "right quote first or second: 0/2, 0%" in verdict_text(Verdict((), (), bad))


def test_a_question_that_no_longer_fits_counts_as_missed(
    index: Path, safety_texts: SafetyTexts
) -> None:
    """Else a document that was taken out would take its questions along, and the floor be met."""
    gone = [golden(9, "Is it given slowly?", "Nurses gave it slowly."), *QUESTIONS]
    found = asked(index, safety_texts, gone, threshold=0.0)
    assert found.misfits == ("line 9: ketamine.md does not hold 'Nurses gave it slowly.'",)
    assert found.counts["right_in_two"] == (2, 3)
    assert len(found.below) == 2
    text = verdict_text(Verdict((), (), found))
    assert "1 question no longer fits its document" in text
    assert "line 9" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("everything", [False, True])
def test_questions_whose_document_is_not_quoted_now_are_set_aside(
    corpus_folder: MakeCorpus, tmp_path: Path, safety_texts: SafetyTexts, everything: bool
) -> None:
    """As in `qa test`: a document that expires must not keep the next one from being published.
    But where none is left to ask, that is an objection."""
    expired = "---\nreview_by: 2020-01-01\n---\n"
    corpus = corpus_folder(
        {"ketamine.md": expired * everything + LINES, "old.md": f"{expired}# Old\n\nOld words.\n"}
    )
    build(corpus, tmp_path / "index", WordHashEmbedder())
    old = replace(golden(9, "Old words?", "Old words."), document="old.md")
    questions = [old, *(QUESTIONS[:2] if everything else QUESTIONS)]
    assistant = Assistant(
        tmp_path / "index", WordHashEmbedder(), safety_texts, Policy(threshold=0.0)
    )
    found = measured(questions, assistant)
    assert [one.line for one, _ in found.aside] == ([9, 2, 3] if everything else [9])
    assert found.misfits == ()
    text = verdict_text(Verdict((), (), found))
    assert "line 9: old.md is not quoted: expired" in text
    if everything:
        assert found.below == (
            "no golden question could be asked: none of their documents is quoted now",
        )
    else:
        assert (found.below, found.counts["right_in_two"]) == ((), (2, 2))
    assert max(map(len, text.splitlines())) <= 80
