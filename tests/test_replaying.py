"""Every kind of answer is given again from its receipt, word for word, or the reason why not."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from qa.answer import Policy
from qa.assistant import Assistant
from qa.embedding import Embedder
from qa.errors import MissingIndex
from qa.index import build
from qa.notices import Line, SafetyTexts
from qa.publishing import generations
from qa.receipt import Receipt, read_receipt, written
from qa.replaying import Replay, built_when, replay
from qa.types import Answer
from tests.conftest import MakeCorpus
from tests.hostile_questions import HOSTILE_QUESTIONS
from tests.word_hash import WordHashEmbedder

CORPUS = {
    "ketamine.md": "# Ketamine\n\n## What it is\n\nKetamine is an anesthetic. Nurses give it "
    "slowly into a vein.\n\n## How long it lasts\n\nThe effect of ketamine lasts about an hour.\n\n"
    "## Side effects\n\nKetamine can make you dizzy or sick.\n",
    "driving.md": "# Driving\n\nDo not drive a car until the next day.\n",
}
ASKED: dict[str, dict[str, object]] = {
    "Is ketamine an anesthetic?": {"documents": ["ketamine.md", "driving.md"]},
    "When can I drive a car?": {},
    "And how long does it last?": {"previous": ["What is ketamine?"]},
    "How do I bake a sourdough loaf?": {},
    "What are the side effects of metformin?": {},
    "Should I stop taking ketamine?": {},
    "I want to die": {},
    "Quiero morirme, is ketamine an anesthetic?": {"language": "en"},
    "I took all my pills": {},
    "": {},
    "?!": {},
    "a" * 1_001: {},
    "Can I drive?": {"documents": ["none.md"]},
    "kan i drve a \ud83d car \x1b[2J": {},
}


@dataclass(frozen=True)
class Clinic:
    """An index of two generations, the older one with its own answers."""

    index: Path
    embedder: Embedder
    texts: SafetyTexts
    answers: dict[str, Answer]

    def open(self, name: str, **more: object) -> Assistant:
        given = {"embedder": self.embedder, "texts": self.texts} | more
        return Assistant(self.index, generation=name, **given)  # type: ignore[arg-type]

    def replay(self, receipt: str | Receipt, **more: object) -> Replay:
        read = read_receipt(receipt) if isinstance(receipt, str) else receipt
        kept = generations(self.index)
        return replay(read, kept, lambda name: self.open(name, **more).ask)


@pytest.fixture(scope="module")
def clinic(
    tmp_path_factory: pytest.TempPathFactory, bundled: Embedder, safety_texts: SafetyTexts
) -> Clinic:
    folder = tmp_path_factory.mktemp("clinic")
    corpus, index = folder / "corpus", folder / "index"
    corpus.mkdir()
    for name, text in CORPUS.items():
        (corpus / name).write_text(text, "utf-8")
    build(corpus, index, bundled)
    live = Assistant(index, bundled, safety_texts)
    answers = {one: live.ask(one, **how) for one, how in ASKED.items()}  # type: ignore[arg-type]
    (corpus / "driving.md").write_text("# Driving\n\nYou may never drive a car again.\n", "utf-8")
    build(corpus, index, bundled)
    return Clinic(index, bundled, safety_texts, answers)


def test_the_questions_have_every_kind_of_answer(clinic: Clinic) -> None:
    found = {(answer.kind.value, answer.reason) for answer in clinic.answers.values()}
    assert {kind for kind, _ in found} == {"answer", "refusal", "crisis", "emergency"}
    reasons = {"off_corpus", "wrong_subject", "advice", "empty", "too_long", "unknown_document"}
    assert reasons <= {reason for _, reason in found}


@pytest.mark.parametrize("question", ASKED, ids=lambda question: question[:30])
def test_an_answer_is_given_again_after_another_generation_was_published(
    clinic: Clinic, question: str
) -> None:
    answer = clinic.answers[question]
    made = clinic.replay(answer.receipt)
    assert (made.identical, made.differs, made.settings) == (True, (), ())
    assert made.answer
    assert made.answer.generation == answer.generation != generations(clinic.index)[0]
    same = {"took_ms": 0.0, "qid": None}
    assert made.answer.to_dict() | same == answer.to_dict() | same  # its receipt, too


def test_hostile_questions_are_answered_again(clinic: Clinic) -> None:
    assistant = clinic.open(generations(clinic.index)[0])
    chosen = random.Random(5).sample(sorted(HOSTILE_QUESTIONS.values()), 3)
    for before, question in zip(["", *chosen], chosen, strict=False):
        answer = assistant.ask(question, previous=[before] if before else [])
        receipt = read_receipt(answer.receipt)
        made = replay(receipt, [answer.generation], lambda _: assistant.ask)
        assert made.identical, question


def test_what_is_not_the_same_is_named(clinic: Clinic) -> None:
    receipt = clinic.answers["When can I drive a car?"].receipt
    other = clinic.replay(receipt, policy=Policy(threshold=1.0))
    assert not other.identical
    assert other.differs[0] == "it was answer, it is refusal (not_answered) now"
    assert other.differs[1] == "it quoted driving.md 9-47, it quotes nothing now"
    assert other.settings == ("the threshold was 0.44 and is 1",)

    texts = SafetyTexts("US", "112", (Line("988 Lifeline", "988"),))
    other = clinic.replay(receipt, texts=texts)
    assert other.differs == ("the notice crisis_line is worded otherwise",)


def test_settings_that_change_nothing_are_said_and_do_no_harm(clinic: Clinic) -> None:
    receipt = clinic.answers["When can I drive a car?"].receipt
    other = clinic.replay(receipt, policy=Policy(threshold=0.1, max_words=59))
    assert other.identical
    assert other.settings == (
        "the threshold was 0.44 and is 0.1",
        "the settings of answering ([answer] in qa.toml): another one",
    )
    assert other.to_dict()["settings_differ"] == list(other.settings)


def test_another_program_and_reader_are_named(clinic: Clinic) -> None:
    read = read_receipt(clinic.answers["When can I drive a car?"].receipt)
    basis = replace(read.basis, program="0.0.9", reader="abc", model="abc")
    assert clinic.replay(replace(read, basis=basis)).settings == (
        "the program was version 0.0.9 and is 0.1.0",
        "the embedding model: another one",
        "the reader ([reading] in qa.toml): another one",
    )


def test_a_forged_answer_is_not_believed(clinic: Clinic) -> None:
    read = read_receipt(clinic.answers["When can I drive a car?"].receipt)
    content = replace(read.content, quotes=(("driving.md", 0, 7, "ab", "evidence"),))
    made = clinic.replay(written(replace(read, content=content)))
    assert made.differs == ("it quoted driving.md 0-7, it quotes driving.md 9-47 now",)
    made = clinic.replay(replace(read, content=replace(read.content, sha256="ab")))
    assert "contradict each other" in made.differs[0]


def test_the_day_and_everything_else_are_passed_on(clinic: Clinic) -> None:
    day = datetime.date(2020, 2, 29)
    first = clinic.open(generations(clinic.index)[0])
    how = {"previous": ["What is ketamine?"], "documents": ["ketamine.md"], "language": "en"}
    answer = first.ask("Why?", today=day, **how)  # type: ignore[arg-type]
    read = read_receipt(answer.receipt)
    assert (read.day, read.language, read.documents) == (day, "en", ("ketamine.md",))
    made = clinic.replay(read)
    assert made.identical
    assert made.answer
    assert read_receipt(made.answer.receipt) == read
    assert made.to_dict()["day"] == "2020-02-29"


@pytest.mark.parametrize("audience", ["patients", "staff"])
def test_what_has_expired_since_is_quoted_as_on_its_day(
    clinic: Clinic, corpus_folder: MakeCorpus, tmp_path: Path, audience: str
) -> None:
    heads = {"old.md": "review_by: 2020-12-31", "staff.md": "audience: staff"}
    corpus = corpus_folder(
        {n: f"---\n{h}\n---\n# Rest\n\nRest in room {n[0]}.\n" for n, h in heads.items()}
    )
    build(corpus, tmp_path / "index", clinic.embedder)
    index = replace(clinic, index=tmp_path / "index")
    how = {"today": datetime.date(2020, 2, 29), "audience": audience}
    first = index.open(generations(index.index)[0], policy=Policy(threshold=0.0))
    answer = first.ask("Where do I rest in a room?", **how)  # type: ignore[arg-type]
    quoted = {one.document_id for one in answer.quotes}
    assert quoted == {"old.md"} | ({"staff.md"} if audience == "staff" else set())
    made = index.replay(answer.receipt, policy=Policy(threshold=0.0))
    assert (made.identical, made.settings) == (True, ())


def test_a_generation_that_is_gone(clinic: Clinic) -> None:
    read = read_receipt(clinic.answers["When can I drive a car?"].receipt)
    gone = replace(read, generation="20260102T030405000000Z-12345678")
    made = clinic.replay(gone)
    assert made.answer is None
    assert not made.identical
    [why] = made.differs
    assert "(built 2026-01-02 03:04 UTC) is not kept here any more" in why
    assert all(name in why for name in generations(clinic.index))
    assert made.to_dict()["answer"] is None
    assert "None is kept." in replay(gone, [], lambda _: pytest.fail("opened")).differs[0]
    assert built_when("first") == ""


def test_a_generation_that_is_damaged_or_of_another_model(clinic: Clinic) -> None:
    receipt = clinic.answers["When can I drive a car?"].receipt
    [why] = clinic.replay(receipt, embedder=WordHashEmbedder()).differs
    assert "built with another embedding model" in why
    name = read_receipt(receipt).generation
    path = clinic.index / "generations" / name / "texts.txt"
    sound = path.read_bytes()
    path.write_bytes(sound.replace(b"next day", b"next one"))
    [why] = clinic.replay(receipt).differs
    path.write_bytes(sound)
    assert "is damaged" in why
    assert "texts.txt was altered" in why
    assert clinic.replay(receipt).identical


def test_errors_of_this_machine_are_not_the_receipts(clinic: Clinic) -> None:
    with pytest.raises(MissingIndex):
        clinic.open("no-such-generation")
