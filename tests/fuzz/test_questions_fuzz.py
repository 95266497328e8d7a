"""Fuzz: whatever is typed is answered by quotes or refused, on the shipped document, by the model.

The parts that a question goes through on its way have properties of their own, at a higher rate.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from qa.assistant import Assistant
from qa.follow_up import completed
from qa.index import build
from qa.message_language import language_of_message
from qa.notices import Line, SafetyTexts
from qa.query import MAX_QUESTION
from qa.receipt import read_receipt
from qa.redaction import MAX_REDACTED, redact
from qa.replaying import replay
from qa.safety import Danger, assess, normalise
from qa.subject import foreign_subject, named_subjects
from qa.types import Answer, AnswerKind
from qa.web.surrounding import whole_sentences
from tests.bundled import bundled_embedder
from tests.conftest import ROOT
from tests.first_corpus import lasting_corpus
from tests.fuzz.altered import any_text
from tests.fuzz.budget import fuzzed
from tests.fuzz.pace import bounded

_HELD: list[Assistant] = []
_TEXTS = SafetyTexts(country="US", emergency="911", lines=(Line("988 Lifeline", "988"),))
ASKED_S = 3.0
"""Of process time for an answer, or two; one takes a tenth of a second."""
PART_S = 0.5
"""Of process time for one part; the slowest takes some hundredths."""


@pytest.fixture(autouse=True, scope="module")
def _held(first_document: Assistant) -> None:
    """Within pytest the assistant of the whole run is used, which other tests made already."""
    _HELD.append(first_document)


@lru_cache(maxsize=1)
def _built() -> Assistant:  # outside pytest
    with tempfile.TemporaryDirectory() as folder:
        embedder, index = bundled_embedder(), Path(folder) / "index"
        build(lasting_corpus(Path(folder) / "corpus"), index, embedder)
        # Such a small one is read whole, so that it answers when its folder is gone.
        [generation] = (index / "generations").iterdir()
        return Assistant(index, embedder, _TEXTS, generation=generation.name)


def _assistant() -> Assistant:
    return _HELD[-1] if _HELD else _built()


@lru_cache(maxsize=1)
def _pieces() -> list[str]:
    """Sentences of the document, messages of danger, and beginnings of questions."""
    text = _assistant().documents()[0].text
    sentences = [line for line in text.split("\n") if line.strip()][:300]
    return [*sentences, *_messages(), *_BEGINNINGS]


@lru_cache(maxsize=1)
def _messages() -> tuple[str, ...]:
    with (ROOT / "tests" / "data" / "danger.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["message"] for row in csv.DictReader(file))


@lru_cache(maxsize=1)
def _grave() -> tuple[str, ...]:
    """Messages in which the patterns alone find grave danger."""
    return tuple(one for one in _messages() if assess(one).danger.is_grave)


_BEGINNINGS = (
    "What is ", "Can I ", "Should I ", "how long does it last", "and why", "¿Qué es la ketamina? ",
    "side effects of ", "ketamine ", "ketamnie ", "metformin ", "PTSD ", "it ", "they ", "? ", ". ",
    "\n", "my name is John Smith ", "call 555-0100 ", "a@b.org ", "born 1/2/1980 ", "really ",
    "\u043a\u0435\u0442\u0430\u043c\u0438\u043d ", "\u30b1\u30bf\u30df\u30f3", "\u0643\u064a\u062a",
)  # fmt: skip
_words = st.deferred(lambda: st.sampled_from(_pieces()))
_parts = st.one_of(_words, _words, any_text(40), st.text(max_size=10))
_questions = st.one_of(
    st.lists(_parts, max_size=6).map("".join),
    st.lists(_parts, max_size=4).map(" ".join),
    st.builds(lambda part, times: (part * times)[:5_000], _parts, st.integers(1, 2_000)),
    any_text(400),
    st.text(st.characters(codec="utf-8"), max_size=300),
)


def _stripped(answer: Answer) -> Answer:
    return replace(answer, took_ms=0.0)


def _check(answer: Answer, question: str) -> None:
    """What holds for any answer."""
    library = _assistant()
    told = answer.to_dict(trace=True)
    written = json.dumps(told, ensure_ascii=False, allow_nan=False)
    assert json.loads(written.encode()) == told
    kinds = [notice.kind for notice in answer.notices]
    assert {"disclaimer", "crisis_line"} <= set(kinds)
    grave = answer.kind in (AnswerKind.CRISIS, AnswerKind.EMERGENCY)
    assert kinds[0] == answer.kind.value if grave else bool(answer.quotes) != bool(answer.reason)
    for quote in (*answer.quotes, *answer.held_back):
        document = library.document(quote.document_id)
        assert document
        stored = document.text[quote.start : quote.end]
        assert quote.text.encode() == stored.encode()
        assert whole_sentences(document, quote.start, quote.end)
    if len(question) > MAX_QUESTION:
        assert answer.reason == "too_long" or grave


@fuzzed(
    "questions/asked",
    daily=4,
    question=_questions,
    previous=st.one_of(st.just([]), st.just([]), st.lists(_questions, max_size=4)),
    documents=st.one_of(
        st.none(), st.none(), st.just(["ketamine-for-ptsd.md"]), st.lists(any_text(30), max_size=3)
    ),
    language=st.one_of(st.just(""), st.sampled_from(["en", "es", "xx"]), any_text(10)),
    trace=st.booleans(),
)
def test_any_question_is_answered_or_refused(
    question: str, previous: list[str], documents: list[str] | None, language: str, trace: bool
) -> None:
    ask: Callable[..., Answer] = _assistant().ask
    asked: dict[str, Any] = {
        "previous": previous, "documents": documents, "language": language, "trace": trace,
    }  # fmt: skip
    with bounded(2 * ASKED_S):
        answer = ask(question, **asked)
        again = ask(question, **asked)
    _check(answer, question)
    assert _stripped(again) == _stripped(answer)
    if answer.receipt:
        done = replay(read_receipt(answer.receipt), [answer.generation], lambda _: ask)
        assert done.identical, done.differs


@fuzzed(
    "questions/variants",
    daily=4,
    question=_words,
    change=st.sampled_from([str.upper, str.title, str.swapcase, str.strip, lambda t: f"  {t}\n\n",
                            lambda t: t.replace(" ", "\u00a0"), lambda t: t.replace(" ", "  "),
                            "\u200b".join, lambda t: t[::-1]]),
)  # fmt: skip
def test_variants_of_a_question(question: str, change: Callable[[str], str]) -> None:
    with bounded(ASKED_S):
        answer = _assistant().ask(change(question))
    _check(answer, change(question))


_HARMLESS = (" ", "  ", "\n", "\t", "\u00a0", "\u200b", "\u200d", "\ufeff", "\u2060", ".", "...",
             "!", " \U0001f642", "\U0001f622\U0001f622", "\U0001f494", "\u2764\ufe0f", "\r\n",
             " :(", "\u3000", "\u00ad", "\ufe0f", "?", "??", " ?", "?!")  # fmt: skip
_harmless = st.lists(st.sampled_from(_HARMLESS), max_size=12).map("".join)
_UNSEEN = "\u200b\u200d\u2060\u00ad\ufeff"
_in_danger = st.deferred(lambda: st.sampled_from(_grave()))


@fuzzed("questions/danger stays", daily=20, message=_in_danger, before=_harmless, after=_harmless)
def test_danger_stays_whatever_harmless_stands_around_it(
    message: str, before: str, after: str
) -> None:
    assert assess(f"{before}{message}{after}").danger.is_grave


@fuzzed(
    "questions/danger disguised",
    daily=20,
    message=_in_danger,
    places=st.lists(st.tuples(st.integers(0, 200), st.sampled_from(_UNSEEN)), max_size=6),
    change=st.sampled_from([str, str.upper, lambda t: t.replace(" ", "\u00a0"),
                            lambda t: t.replace(" ", "  "), lambda t: t.replace("'", "\u2019")]),
)  # fmt: skip
def test_danger_stays_whatever_unseen_stands_within_it(
    message: str, places: list[tuple[int, str]], change: Callable[[str], str]
) -> None:
    message = change(message)
    for place, unseen in places:
        at = place % (len(message) + 1)
        message = message[:at] + unseen + message[at:]
    assert assess(message).danger.is_grave, normalise(message)


@fuzzed("questions/danger asked", daily=4, message=_in_danger, before=_harmless, after=_harmless)
def test_help_comes_first_whatever_harmless_stands_around_it(
    message: str, before: str, after: str
) -> None:
    question = f"{before}{message}{after}"
    answer = _assistant().ask(question)
    assert answer.kind in (AnswerKind.CRISIS, AnswerKind.EMERGENCY)
    _check(answer, question)


@fuzzed("questions/danger of any text", daily=20, text=_questions)
def test_any_text_is_looked_through_for_danger(text: str) -> None:
    with bounded(4 * PART_S):
        found = assess(text)
    assert found.danger in tuple(Danger)
    assert language_of_message(text) in ("en", "es", "")


@fuzzed("questions/redacted", daily=20, text=_questions, put=st.sampled_from(
    ["anna.b@clinic.org", "+1 555 010 0199", "(555) 010-0199"]))  # fmt: skip
def test_what_is_personal_is_taken_out_of_any_text(text: str, put: str) -> None:
    is_common = _assistant().embedder.is_common
    with bounded(4 * PART_S):
        made = redact(f"{put} , {text}", is_common)
    assert put not in made
    assert len(made) <= 4 * MAX_REDACTED
    assert made.isprintable()


@fuzzed(
    "questions/understood",
    daily=25,
    question=_questions,
    previous=st.lists(_questions, max_size=3),
)
def test_any_question_is_spelt_completed_and_searched_for(
    question: str, previous: Sequence[str]
) -> None:
    generation, is_common = _assistant().live.current(), _assistant().embedder.is_common
    question = question.encode("utf-8", "replace").decode()[:MAX_QUESTION]
    previous = [one.encode("utf-8", "replace").decode()[:MAX_QUESTION] for one in previous]
    assume(question)
    with bounded(8 * PART_S):
        right = generation.speller.corrected(question, is_common)
        whole = completed(question, previous, generation.knows(), is_common)
        named = named_subjects(question, generation.knows(), is_common)
        foreign_subject(question, generation.knows(), is_common)
        hits = generation.lexical.search(generation.tokenizer(question), 10)
    assert right.question == question
    assert right.as_written(0, len(right.text)) == question
    assert whole == question or previous
    for one in named:
        assert question[one.start : one.start + len(one.text)] == one.text
    assert all(0 <= row < len(generation.chunks) and score > 0 for row, score in hits)
