"""The whole, with real files: answers, refusals, notices, and generations that come and go."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from qa import live, looking
from qa.answer import Policy
from qa.assistant import MAX_QUESTION, Assistant
from qa.document import Document
from qa.embedding import Embedder
from qa.errors import MissingIndex, SettingsError
from qa.generation import load
from qa.index import build
from qa.notices import SafetyTexts
from qa.publishing import read_pointer
from qa.search import Parts
from qa.types import Answer, AnswerKind
from tests.conftest import MakeCorpus
from tests.hostile import HOSTILE, LONG_SENTENCE
from tests.little_work import least_seconds
from tests.word_hash import WordHashEmbedder

ALWAYS = Policy(threshold=0.0)
NEVER = Policy(threshold=1.0)
CORPUS = {
    "ketamine.md": "# Ketamine\n\nKetamine is an anesthetic. Nurses give it slowly.\n",
    "sub/driving.md": "# Driving\n\nDo not drive that day.\n",
    "sub/visits.md": "# Visits\n\nBring somebody along.\n",
    "other/visits.md": "# Other visits\n\nCome alone.\n",
}


@pytest.fixture
def corpus(corpus_folder: MakeCorpus) -> Path:
    return corpus_folder(CORPUS)


@pytest.fixture
def index(corpus: Path, tmp_path: Path) -> Path:
    build(corpus, tmp_path / "index", WordHashEmbedder())
    return tmp_path / "index"


@pytest.fixture
def assistant(index: Path, safety_texts: SafetyTexts) -> Assistant:
    return Assistant(index, WordHashEmbedder(), safety_texts, ALWAYS)


@pytest.fixture
def _always_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pointer is looked at for every question."""
    monkeypatch.setattr(live, "_CHECK_SECONDS", 0.0)


def check_slices(answer: Answer, assistant: Assistant) -> None:
    for quote in (*answer.quotes, *answer.held_back):
        document = assistant.document(quote.document_id)
        assert document
        assert document.text[quote.start : quote.end] == quote.text
        assert quote.sha256 == document.sha256


def test_a_question_is_answered_with_quotes(assistant: Assistant) -> None:
    answer = assistant.ask("Is ketamine an anesthetic?", qid="7")
    assert answer.kind is AnswerKind.ANSWER
    assert answer.quotes[0].text == "Ketamine is an anesthetic."
    assert answer.quotes[0].document_id == "ketamine.md"
    assert (answer.reason, answer.qid, answer.generation) == (None, "7", assistant.generation)
    assert [notice.kind for notice in answer.notices] == ["disclaimer", "crisis_line"]
    assert answer.notices == assistant.notices()
    assert answer.took_ms > 0
    assert answer.trace == ()
    check_slices(answer, assistant)


def test_a_refusal_holds_back_what_it_found(index: Path, safety_texts: SafetyTexts) -> None:
    assistant = Assistant(index, WordHashEmbedder(), safety_texts, NEVER)
    answer = assistant.ask("Is ketamine an anesthetic?")
    assert (answer.kind, answer.reason, answer.quotes) == (AnswerKind.REFUSAL, "not_answered", ())
    assert answer.held_back[0].text == "Ketamine is an anesthetic."
    assert assistant.ask("zebra crossing").reason == "off_corpus"
    check_slices(answer, assistant)


def test_what_is_on_the_topic_and_not_answered_gets_a_related_section(
    index: Path, safety_texts: SafetyTexts
) -> None:
    assistant = Assistant(index, WordHashEmbedder(), safety_texts, NEVER)
    [related] = assistant.ask("Is ketamine an anesthetic?").related
    assert (related.document_id, related.title) == ("ketamine.md", "Ketamine")
    assert (related.section, related.url) == ("", "/documents/ketamine.md")
    advice = assistant.ask("Should I take ketamine?")
    assert (advice.reason, advice.related) == ("advice", (related,))
    assert assistant.ask("zebra crossing").related == ()
    assert assistant.ask("").related == ()


@pytest.mark.parametrize("policy", [ALWAYS, NEVER])
def test_another_drug_is_named_and_nothing_is_quoted(
    index: Path, safety_texts: SafetyTexts, policy: Policy
) -> None:
    assistant = Assistant(index, WordHashEmbedder(), safety_texts, policy)
    answer = assistant.ask("Is Metformin an anesthetic?", trace=True)
    assert (answer.kind, answer.reason) == (AnswerKind.REFUSAL, "wrong_subject")
    assert (answer.subject, answer.quotes, answer.related) == ("Metformin", (), ())
    assert answer.held_back[0].text == "Ketamine is an anesthetic."
    assert dict(answer.trace)["foreign_subject"] == "Metformin"
    both = assistant.ask("I take metformin. Is ketamine an anesthetic?")
    assert (both.reason == "wrong_subject", both.subject) == (False, "")
    together = assistant.ask("Can I have metformin with ketamine?")
    assert (together.reason, together.subject) == ("wrong_subject", "metformin")


def test_what_other_documents_speak_of_is_foreign_to_these(assistant: Assistant) -> None:
    answer = assistant.ask("May I drive after ketamine?", documents=["sub/driving.md"])
    assert (answer.reason, answer.subject) == ("wrong_subject", "ketamine")
    assert assistant.ask("May I drive after ketamine?").subject == ""


def test_in_danger_help_stands_alone(index: Path, safety_texts: SafetyTexts) -> None:
    for policy in (ALWAYS, NEVER):
        assistant = Assistant(index, WordHashEmbedder(), safety_texts, policy)
        for question in ("I want to die. Is metformin an anesthetic?", "I took 40 metformin pills"):
            answer = assistant.ask(question)
            assert answer.kind in (AnswerKind.CRISIS, AnswerKind.EMERGENCY)
            assert (answer.quotes, answer.subject, answer.related) == ((), "", ())
        assert assistant.ask("I want to die. Is ketamine an anesthetic?").related == ()


def test_a_trace_says_what_was_found(assistant: Assistant) -> None:
    trace = dict(assistant.ask("Is ketamine an anesthetic?", trace=True).trace)
    assert (trace["danger"], trace["threshold"]) == ("none", 0.0)
    best = trace["hits"][0]
    assert (best["document_id"], best["dense_rank"], best["lexical_rank"]) == ("ketamine.md", 1, 1)
    document = assistant.document("ketamine.md")
    assert document
    assert document.text[best["start"] : best["end"]].startswith("Ketamine is an anesthetic.")


def test_parts_can_be_taken_away(index: Path, safety_texts: SafetyTexts) -> None:
    def trace(parts: Parts) -> dict[str, Any]:
        made = Assistant(index, WordHashEmbedder(), safety_texts, ALWAYS, parts=parts)
        answer = made.ask("Is ketamine ur anesthetic?", trace=True)
        return {**dict(answer.trace), "searched_for": answer.searched_for}

    whole = trace(Parts())
    assert whole["searched_for"] == "Is ketamine your anesthetic?"
    assert len(whole["hits"]) == 4
    assert trace(Parts(added_words=False))["searched_for"] == ""
    assert [hit["dense_rank"] for hit in trace(Parts(vectors=False))["hits"]] == [None]
    assert {hit["lexical_rank"] for hit in trace(Parts(terms=False))["hits"]} == {None}


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", "empty"),
        (" \t\n", "empty"),
        ("?!...", "empty"),
        ("\x00\x07\u200b\u2028", "empty"),
        ("\U0001f600", "empty"),
        ("a" * (MAX_QUESTION + 1), "too_long"),
        ("ketamine " * 12_000, "too_long"),
        (" " * 100_000, "too_long"),
    ],
)
def test_what_is_no_question_is_refused_at_once(
    assistant: Assistant, question: str, reason: str
) -> None:
    assert least_seconds(lambda: assistant.ask(question), 0.5) < 0.5
    answer = assistant.ask(question)
    assert (answer.kind, answer.reason, answer.confidence) == (AnswerKind.REFUSAL, reason, 0.0)
    assert answer.question == question
    assert answer.notices == assistant.notices()


def test_the_longest_question_is_answered(assistant: Assistant) -> None:
    question = ("ketamine " * MAX_QUESTION)[:MAX_QUESTION]
    assert assistant.ask(question).quotes


@pytest.mark.parametrize(
    "question",
    [
        "Is\x00 ketamine\x07 an\r\n anesthetic\x1b[31m?",
        "Is \u200bketamine\u200b an\u2028 anesthetic\u202e?",
        "<script>alert(1)</script> ketamine <b>anesthetic</b> &amp; \"'",
        "# Is **ketamine** an [anesthetic](javascript:alert(1))? $x^2$ `code` {{7*7}}",
        "Is \uff4b\uff45\uff54\uff41\uff4d\uff49\uff4e\uff45 an anesthetic?",
        "Is ketamine an anesthetic? '; DROP TABLE x; -- ../../etc/passwd %00",
    ],
)
def test_odd_questions_are_answered_and_given_back_as_they_were(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert answer.question == question
    assert answer.quotes[0].text == "Ketamine is an anesthetic."


def test_half_a_character_does_no_harm(assistant: Assistant) -> None:
    answer = assistant.ask("Is ketamine \ud83d an anesthetic?")
    assert answer.quotes[0].text == "Ketamine is an anesthetic."
    assert answer.question.encode() == "Is ketamine \ufffd an anesthetic?".encode()


@pytest.mark.parametrize(
    ("documents", "found"),
    [
        (["ketamine.md"], {"ketamine.md"}),
        (["sub/driving.md"], {"sub/driving.md"}),
        (["driving.md"], {"sub/driving.md"}),
        (["driving.md", "ketamine.md"], {"sub/driving.md", "ketamine.md"}),
        (["none.md", "ketamine.md"], {"ketamine.md"}),
        (["sub/visits.md"], {"sub/visits.md"}),
    ],
)
def test_only_the_named_documents_are_quoted(
    index: Path, safety_texts: SafetyTexts, documents: list[str], found: set[str]
) -> None:
    policy = Policy(threshold=0, off_corpus=0, max_quotes=10, min_share=0)
    answer = Assistant(index, WordHashEmbedder(), safety_texts, policy).ask(
        "What about that day?", documents=documents
    )
    assert {quote.document_id for quote in answer.quotes} == found


@pytest.mark.parametrize(
    "documents", [[], ["none.md"], ["visits.md"], ["../ketamine.md"], ["KETAMINE.MD"], [""]]
)
def test_documents_that_are_not_there_or_not_one(
    assistant: Assistant, documents: list[str]
) -> None:
    answer = assistant.ask("What about ketamine?", documents=documents)
    assert (answer.reason, answer.held_back) == ("unknown_document", ())


def test_despair_that_asks_nothing_gets_help_alone(assistant: Assistant) -> None:
    answer = assistant.ask("I want to die. Ketamine is an anesthetic.", trace=True)
    assert (answer.kind, answer.quotes) == (AnswerKind.CRISIS, ())
    assert answer.notices[0].kind == "crisis"
    assert answer.held_back


def test_documents_are_given_by_id(assistant: Assistant) -> None:
    assert [document.id for document in assistant.documents()] == sorted(CORPUS)
    assert assistant.document("visits.md") is None
    document = assistant.document("sub/visits.md")
    assert document
    assert document.title == "Visits"


def test_a_follow_up_is_searched_for_as_it_is_completed(assistant: Assistant) -> None:
    def searched_for(question: str, *previous: str) -> str:
        answer = assistant.ask(question, previous=previous, trace=True)
        assert answer.question == question
        return str(dict(answer.trace)["completed"])

    assert searched_for("Is it an anesthetic?", "What is ketamine?") == "Is ketamine an anesthetic?"
    assert searched_for("Is it an anesthetic?") == "Is it an anesthetic?"
    assert searched_for("Bring somebody?", "What is ketamine?") == "Bring somebody?"
    assert searched_for("Is it safe?", "What\x00is \ud800ketamine?") == "Is ketamine safe?"
    foreign = assistant.ask("and metformin?", previous=["Is ketamine an anesthetic?"])
    assert (foreign.reason, foreign.subject) == ("wrong_subject", "metformin")


def test_danger_is_looked_for_in_what_was_typed(assistant: Assistant) -> None:
    earlier = ["I took 40 pills of ketamine"]
    assert assistant.ask("Is it an anesthetic?", previous=earlier).kind is AnswerKind.ANSWER
    assert assistant.ask("I took 40 pills", previous=["x"]).kind is AnswerKind.EMERGENCY


def test_danger_comes_first(assistant: Assistant) -> None:
    crisis = assistant.ask("I want to die. Is ketamine an anesthetic?")
    assert crisis.kind is AnswerKind.CRISIS
    assert crisis.notices[0].kind == "crisis"
    assert crisis.quotes
    assert crisis.reason is None
    emergency = assistant.ask("I took 40 pills of ketamine")
    assert emergency.kind is AnswerKind.EMERGENCY
    assert emergency.notices[0].kind == "emergency"
    assert emergency.quotes == ()
    check_slices(emergency, assistant)


def test_danger_is_noticed_in_what_is_too_long_or_names_nothing(assistant: Assistant) -> None:
    assert assistant.ask("I want to die. " + "a " * 5000).kind is AnswerKind.CRISIS
    assert assistant.ask("I want to die.", documents=["none.md"]).kind is AnswerKind.CRISIS


class Stumbles(WordHashEmbedder):
    """An embedder that fails on questions, as a broken model would."""

    def encode(self, texts: Sequence[str]) -> Any:
        if texts != ["ready?"]:
            raise RuntimeError("no vectors today")
        return super().encode(texts)


def test_a_danger_notice_does_not_fail_because_search_does(
    index: Path, safety_texts: SafetyTexts
) -> None:
    assistant = Assistant(index, Stumbles(), safety_texts, ALWAYS)
    answer = assistant.ask("I want to die")
    assert (answer.kind, answer.quotes, answer.notices[0].kind) == (AnswerKind.CRISIS, (), "crisis")
    assert assistant.ask("I took 40 pills").kind is AnswerKind.EMERGENCY
    with pytest.raises(RuntimeError, match="no vectors today"):
        assistant.ask("Is ketamine an anesthetic?")


def tamper(assistant: Assistant, **changes: str) -> None:
    """Alters a document in memory, as no code could by mistake: documents are frozen."""
    document = assistant.document("ketamine.md")
    assert isinstance(document, Document)
    for name, value in changes.items():
        object.__setattr__(document, name, value)


def test_a_quote_that_was_tampered_with_is_withheld(
    assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    document = assistant.document("ketamine.md")
    assert document
    tamper(assistant, text=document.text.replace("is an anesthetic", "is no anesthetic"))
    answer = assistant.ask("Is ketamine an anesthetic?")
    assert (answer.kind, answer.reason) == (AnswerKind.REFUSAL, "withheld")
    assert (answer.quotes, answer.held_back, answer.confidence) == ((), (), 0.0)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "an answer was withheld" in caplog.text
    assert "Is ketamine" not in caplog.text
    assert assistant.ask("drive that day").quotes[0].text == "Do not drive that day."


def test_a_document_with_another_hash_is_withheld(assistant: Assistant) -> None:
    tamper(assistant, sha256="0" * 64)
    assert assistant.ask("Is ketamine an anesthetic?").reason == "withheld"


def test_a_quote_changed_on_its_way_is_withheld(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = looking.decide

    def lying(*arguments: Any) -> Any:
        decision = real(*arguments)
        object.__setattr__(decision.quotes[0], "text", "Ketamine is harmless.")
        return decision

    monkeypatch.setattr(looking, "decide", lying)
    answer = assistant.ask("Is ketamine an anesthetic?")
    assert (answer.reason, answer.quotes) == ("withheld", ())
    crisis = assistant.ask("I want to die. Is ketamine an anesthetic?")
    assert (crisis.kind, crisis.quotes) == (AnswerKind.CRISIS, ())


WARNED = {
    "a.md": "# Ketamine\n\nKetamine is an anesthetic.\n\n**Warning:** Never take two doses.\n"
}


@pytest.fixture
def warned(corpus_folder: MakeCorpus, tmp_path: Path) -> Path:
    build(corpus_folder(WARNED, "warned"), tmp_path / "warned-index", WordHashEmbedder())
    return tmp_path / "warned-index"


def test_a_warning_is_carried_behind_the_quotes_of_an_answer(
    warned: Path, safety_texts: SafetyTexts
) -> None:
    assistant = Assistant(warned, WordHashEmbedder(), safety_texts, ALWAYS)
    for question in ("Is ketamine an anesthetic?", "I want to die. Is ketamine an anesthetic?"):
        answer = assistant.ask(question)
        assert [(quote.text, quote.role) for quote in answer.quotes] == [
            ("Ketamine is an anesthetic.", "evidence"),
            ("Warning: Never take two doses.", "warning"),
        ]
        check_slices(answer, assistant)


def test_a_refusal_holds_back_no_warning(warned: Path, safety_texts: SafetyTexts) -> None:
    answer = Assistant(warned, WordHashEmbedder(), safety_texts, NEVER).ask("Is ketamine a drug?")
    assert (answer.reason, answer.quotes) == ("not_answered", ())
    assert [quote.role for quote in answer.held_back] == ["evidence"]


def test_a_warning_changed_on_its_way_is_withheld(
    warned: Path, safety_texts: SafetyTexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = looking.decide

    def lying(*arguments: Any) -> Any:
        decision = real(*arguments)
        object.__setattr__(decision.warnings[0], "text", "Warning: nothing.")
        return decision

    monkeypatch.setattr(looking, "decide", lying)
    assistant = Assistant(warned, WordHashEmbedder(), safety_texts, ALWAYS)
    assert assistant.ask("Is ketamine an anesthetic?").reason == "withheld"


@pytest.mark.usefixtures("_always_look")
def test_a_new_generation_is_followed(assistant: Assistant, corpus: Path, index: Path) -> None:
    before = assistant.generation
    (corpus / "ketamine.md").write_text("# Ketamine\n\nKetamine is a medicine.\n", "utf-8")
    report = build(corpus, index, WordHashEmbedder())
    answer = assistant.ask("Is ketamine an anesthetic?")
    assert answer.quotes[0].text == "Ketamine is a medicine."
    assert before != answer.generation == assistant.generation == report.generation


def test_the_pointer_is_looked_at_but_now_and_then(
    assistant: Assistant, corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert live._CHECK_SECONDS <= 1
    monkeypatch.setattr(live, "_CHECK_SECONDS", 600.0)  # a build may take longer than a second
    before = assistant.generation
    assistant.ask("ketamine")
    build(corpus, index, WordHashEmbedder())
    assert assistant.ask("ketamine").generation == before
    assistant._live._checked -= 600
    assert assistant.ask("ketamine").generation != before


@pytest.mark.usefixtures("_always_look")
@pytest.mark.parametrize("damage", ["file", "pointer", "pointer gone", "all gone", "other model"])
def test_what_is_loaded_is_served_while_the_new_one_is_damaged(
    assistant: Assistant, corpus: Path, index: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = assistant.ask("Is ketamine an anesthetic?")
    name = "other" if damage == "other model" else "word-hash"
    build(corpus, index, WordHashEmbedder(name=name))
    if damage == "file":
        (read_pointer(index).folder / "chunks.npy").write_bytes(b"")
    elif damage == "pointer":
        (index / "CURRENT").write_bytes(b"nonsense")
    elif damage == "pointer gone":
        (index / "CURRENT").unlink()
    elif damage == "all gone":
        index.rename(index.parent / "gone")
    for _ in range(3):
        answer = assistant.ask("Is ketamine an anesthetic?")
        assert answer.to_dict() | {"took_ms": 0} == before.to_dict() | {"took_ms": 0}
    assert caplog.records
    if damage in ("file", "other model"):
        assert len(caplog.records) == 1, "one generation's damage is logged once"
    if damage == "all gone":
        (index.parent / "gone").rename(index)
    build(corpus, index, WordHashEmbedder())
    assert assistant.ask("Is ketamine an anesthetic?").generation == load(index).name


@pytest.mark.usefixtures("_always_look")
def test_no_request_is_dropped_while_generations_change(
    assistant: Assistant, corpus: Path, index: Path
) -> None:
    texts = {assistant.generation: {d.id: d.text for d in assistant.documents()}}
    answers: list[Answer] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def until_answered_by(generation: str) -> None:
        end = time.monotonic() + 90
        while not any(one.generation == generation for one in answers) and not failures:
            assert time.monotonic() < end, "nobody is answered by it"
            time.sleep(0.01)

    def keep_asking() -> None:
        try:
            while not done.is_set():
                answers.append(assistant.ask("Is ketamine an anesthetic?"))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=keep_asking) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        until_answered_by(assistant.generation)
        for number in range(5):
            (corpus / "ketamine.md").write_text(
                f"# Ketamine\n\nKetamine is an anesthetic of kind {number}.\n", "utf-8"
            )
            report = build(corpus, index, WordHashEmbedder())
            texts[report.generation] = {d.id: d.text for d in load(index).documents}
            until_answered_by(report.generation)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert not failures
    assert {answer.generation for answer in answers} == set(texts)
    for answer in answers:
        [*quotes] = answer.quotes
        assert quotes
        for quote in quotes:
            assert (
                texts[answer.generation][quote.document_id][quote.start : quote.end] == quote.text
            )


def test_what_an_assistant_cannot_begin_with(
    index: Path, safety_texts: SafetyTexts, tmp_path: Path
) -> None:
    with pytest.raises(MissingIndex, match="qa build"):
        Assistant(tmp_path / "none", WordHashEmbedder(), safety_texts)
    with pytest.raises(MissingIndex, match=r"another embedding model \(word-hash\)"):
        Assistant(index, WordHashEmbedder(name="other"), safety_texts)
    with pytest.raises(SettingsError, match="emergency"):
        Assistant(index, WordHashEmbedder(), replace(safety_texts, emergency=""))


def test_check_says_whether_it_can_answer(assistant: Assistant, index: Path) -> None:
    assistant.check()
    (index / "CURRENT").write_text("nonsense", "utf-8")
    assistant.live.follow()
    try:
        wait_until = time.monotonic() + 90
        while not assistant.live.following().stale_since and time.monotonic() < wait_until:
            time.sleep(0.05)
        found = assistant.live.following()
        assert (found.serving, found.published) == (assistant.generation, "")
        assert found.stale_since
        assistant.check()
        assert assistant.ask("Why?").generation == found.serving
    finally:
        assistant.live.close()


QUESTIONS = (
    "Is ketamine an anesthetic?",
    "condition 7 of the long list",
    "face emoji smile flags",
    "doses of drug A",
    "caf\u00e9 open",
    "a paragraph in an item",
    "text two files",
    "line goes on",
    "\u6b21\u306e\u6587",
)


def test_every_quote_of_every_answer_from_hostile_documents_is_its_slice(
    hostile_folder: Path, tmp_path: Path, safety_texts: SafetyTexts
) -> None:
    build(hostile_folder, tmp_path / "i", WordHashEmbedder())
    policy = Policy(threshold=0, off_corpus=0, max_quotes=10, min_share=0)
    assistant = Assistant(tmp_path / "i", WordHashEmbedder(), safety_texts, policy)
    quoted = set()
    for name in HOSTILE:
        for question in QUESTIONS:
            answer = assistant.ask(question, documents=[name])
            # Where a document does not speak of ketamine, the quotes are held back.
            assert bool(answer.quotes) == (answer.reason != "wrong_subject")
            quotes = answer.quotes or answer.held_back
            check_slices(answer, assistant)
            quoted |= {quote.document_id for quote in quotes}
            spans = sorted((quote.start, quote.end) for quote in quotes)
            assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert quoted == set(HOSTILE)


def test_the_real_model_finds_what_is_meant(
    hostile_folder: Path, tmp_path: Path, bundled: Embedder, safety_texts: SafetyTexts
) -> None:
    folder = hostile_folder
    for name in HOSTILE:
        if name not in ("long.md", "twin_a.md", "twin_b.md", "lists.md"):
            (folder / name).unlink()
    for name, text in CORPUS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    build(folder, tmp_path / "i", bundled)
    assistant = Assistant(tmp_path / "i", bundled, safety_texts)
    driving = assistant.ask("May I take the car afterwards?")
    found = [quote.text for quote in driving.quotes or driving.held_back]
    assert "Do not drive that day." in found
    long = assistant.ask("What conditions of the long list are looked at?", documents=["long.md"])
    assert (long.quotes or long.held_back)[0].text == LONG_SENTENCE
    off = assistant.ask("How do I bake a sourdough loaf?")
    assert (off.kind, off.quotes) == (AnswerKind.REFUSAL, ())
    for answer in (driving, long, off):
        check_slices(answer, assistant)


def test_danger_is_looked_for_in_what_was_typed_and_a_foreign_name_told_as_typed(
    corpus_folder: MakeCorpus, tmp_path: Path, bundled: Embedder, safety_texts: SafetyTexts
) -> None:
    corpus = corpus_folder({"a.md": "# Thyroid\n\nThe thyroid gland is small. Ketamine helps.\n"})
    build(corpus, tmp_path / "i", bundled)
    assistant = Assistant(tmp_path / "i", bundled, safety_texts, ALWAYS)
    answer = assistant.ask("Is thyriod cancer a risk for u?")
    assert answer.searched_for == "Is thyroid cancer a risk for you?"
    assert (answer.reason, answer.subject) == ("wrong_subject", "thyriod cancer")
    assert answer.question == "Is thyriod cancer a risk for u?"
    right = assistant.ask("does ketamin help")
    assert (right.searched_for, right.reason) == ("does ketamine help", None)
    crisis = assistant.ask("i want to kill myself with ketamin")
    assert (crisis.notices[0].kind, crisis.searched_for) == ("crisis", "")
