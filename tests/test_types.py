"""Quotes are slices, answers do not contradict themselves, nothing can be changed afterwards."""

from __future__ import annotations

import dataclasses
import inspect
import math
import pickle
from typing import Any

import pytest

from qa.corpus import make_document
from qa.document import Document
from qa.errors import QuoteError
from qa.types import Answer, AnswerKind, Notice, Quote, Related

TEXT = "# Doses\n\nTake caf\u00e9 \U0001f600 once. Do not take more.\n\n## Later\n\nWait.\n"
DISCLAIMER = Notice("disclaimer", "No advice.")


@pytest.fixture
def document() -> Document:
    return make_document("a b/d\u00f6se #1?.md", TEXT.encode())


@pytest.fixture
def quote(document: Document) -> Quote:
    start = document.text.index("Take")
    return Quote.cut(document, start, start + 17, score=0.87654321)


def test_a_quote_is_the_slice_of_its_document(document: Document, quote: Quote) -> None:
    assert quote.text == "Take caf\u00e9 \U0001f600 once."[:17]
    assert quote.text == document.text[quote.start : quote.end]
    assert quote.sha256 == document.sha256
    assert quote.section == "Doses"
    assert quote.title == "Doses"
    assert quote.page is None


def test_a_quotes_url_names_any_document_and_place(quote: Quote) -> None:
    assert quote.url == (
        f"/documents/a%20b/d%C3%B6se%20%231%3F.md?start={quote.start}&end={quote.end}#quote"
    )


def test_cut_takes_no_text() -> None:
    assert list(inspect.signature(Quote.cut).parameters) == [
        "document", "start", "end", "score", "role",
    ]  # fmt: skip


def test_cut_is_the_only_way_to_make_a_quote(quote: Quote) -> None:
    with pytest.raises(TypeError):
        Quote()
    with pytest.raises(TypeError):
        Quote("id", "title", "", None, 0, 5, "words", "/", 1.0, "")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        dataclasses.replace(quote, text="other words")


def test_a_quote_cannot_be_changed(quote: Quote) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        quote.text = "other words"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(quote)) == quote


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (6, 5), (0, 10_000), (7, 9)])
def test_cut_refuses_what_is_no_stretch_of_text(document: Document, start: int, end: int) -> None:
    assert document.text[5:7].isspace()
    start, end = (5, 7) if (start, end) == (7, 9) else (start, end)
    with pytest.raises(QuoteError, match=rf"{start}:{end} is not a stretch .*qa build --force"):
        Quote.cut(document, start, end)


def test_a_quote_in_the_answer_format(quote: Quote) -> None:
    assert quote.to_dict() == {
        "text": quote.text,
        "document_id": "a b/d\u00f6se #1?.md",
        "title": "Doses",
        "section": "Doses",
        "page": None,
        "reviewed": "",
        "start": quote.start,
        "end": quote.end,
        "url": quote.url,
        "score": 0.8765,
        "role": "evidence",
    }


def test_section_and_page_of_an_offset(document: Document) -> None:
    later = document.text.index("Wait")
    assert document.section_at(later).path == ("Doses", "Later")
    assert document.section_at(0).heading == "Doses"
    paged = dataclasses.replace(document, pages=(0, 10, 20))
    assert [paged.page_at(at) for at in (0, 9, 10, 25)] == [1, 1, 2, 3]


def test_metadata(document: Document) -> None:
    dated = dataclasses.replace(document, meta=(("version", "2"),))
    assert (dated.metadata("version"), dated.metadata("language")) == ("2", "")


def answer(kind: AnswerKind, **parts: Any) -> Answer:
    return Answer("Why?", kind, **({"notices": (DISCLAIMER,)} | parts))


CRISIS = Notice("crisis", "Call 988.")
EMERGENCY = Notice("emergency", "Call 911.")
RELATED = Related("a.md", "Doses", "Later", "/documents/a.md#later")


def test_answers_that_hold_together(quote: Quote) -> None:
    assert answer(AnswerKind.ANSWER, quotes=(quote,)).reason is None
    assert answer(AnswerKind.REFUSAL, reason="off_corpus", held_back=(quote,)).quotes == ()
    assert answer(AnswerKind.CRISIS, notices=(CRISIS, DISCLAIMER), quotes=(quote,)).quotes
    assert answer(AnswerKind.CRISIS, notices=(CRISIS,), held_back=(quote,)).held_back
    assert answer(AnswerKind.EMERGENCY, notices=(EMERGENCY,), held_back=(quote,)).held_back
    assert answer(AnswerKind.REFUSAL, reason="not_answered", related=(RELATED,)).related
    assert answer(AnswerKind.REFUSAL, reason="wrong_subject", subject="gout").subject == "gout"


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        (AnswerKind.ANSWER, {}),
        (AnswerKind.ANSWER, {"quotes": True, "reason": "off_corpus"}),
        (AnswerKind.ANSWER, {"quotes": True, "held_back": True}),
        (AnswerKind.ANSWER, {"quotes": True, "notices": ()}),
        (AnswerKind.ANSWER, {"quotes": True, "confidence": 1.01}),
        (AnswerKind.ANSWER, {"quotes": True, "confidence": -0.01}),
        (AnswerKind.ANSWER, {"quotes": True, "confidence": math.nan}),
        (AnswerKind.REFUSAL, {}),
        (AnswerKind.REFUSAL, {"reason": ""}),
        (AnswerKind.REFUSAL, {"reason": "off_corpus", "quotes": True}),
        (AnswerKind.CRISIS, {}),
        (AnswerKind.CRISIS, {"notices": ()}),
        (AnswerKind.CRISIS, {"notices": (DISCLAIMER, CRISIS)}),
        (AnswerKind.CRISIS, {"notices": (EMERGENCY, CRISIS)}),
        (AnswerKind.CRISIS, {"notices": (CRISIS,), "quotes": True, "reason": "off_corpus"}),
        (AnswerKind.CRISIS, {"notices": (CRISIS,), "quotes": True, "held_back": True}),
        (AnswerKind.ANSWER, {"quotes": True, "related": (RELATED,)}),
        (AnswerKind.ANSWER, {"quotes": True, "subject": "gout"}),
        (AnswerKind.REFUSAL, {"reason": "wrong_subject"}),
        (AnswerKind.REFUSAL, {"reason": "not_answered", "subject": "gout"}),
        (AnswerKind.CRISIS, {"notices": (CRISIS,), "related": (RELATED,)}),
        (AnswerKind.CRISIS, {"notices": (CRISIS,), "subject": "gout"}),
        (AnswerKind.CRISIS, {"notices": (CRISIS,), "searched_for": "gout"}),
        (AnswerKind.EMERGENCY, {"notices": (EMERGENCY,), "related": (RELATED,)}),
        (AnswerKind.EMERGENCY, {"notices": (CRISIS,)}),
        (AnswerKind.EMERGENCY, {"notices": (EMERGENCY,), "quotes": True}),
    ],
)
def test_an_answer_refuses_contradictions(
    quote: Quote, kind: AnswerKind, parts: dict[str, Any]
) -> None:
    made = {name: (quote,) if value is True else value for name, value in parts.items()}
    with pytest.raises(ValueError, match=r"answer|refusal|beside quotes|quoted|notice|confidence"):
        answer(kind, **made)


def test_the_answer_format(quote: Quote) -> None:
    refusal = answer(
        AnswerKind.REFUSAL,
        reason="not_answered",
        related=(RELATED,),
        held_back=(quote,),
        searched_for="Why so?",
        confidence=0.123456,
        generation="g1",
        receipt="qw1.abc",
        took_ms=12.345,
        qid="7",
        trace=(("rule", "x"),),
    )
    assert refusal.to_dict() == {
        "qid": "7",
        "question": "Why?",
        "searched_for": "Why so?",
        "kind": "refusal",
        "quotes": [],
        "reason": "not_answered",
        "subject": "",
        "related": [
            {
                "document_id": "a.md",
                "title": "Doses",
                "section": "Later",
                "url": "/documents/a.md#later",
            }
        ],
        "confidence": 0.1235,
        "notices": [{"kind": "disclaimer", "text": "No advice."}],
        "generation": "g1",
        "receipt": "qw1.abc",
        "took_ms": 12.3,
    }
    traced = refusal.to_dict(trace=True)
    assert traced["held_back"] == [quote.to_dict()]
    assert traced["trace"] == {"rule": "x"}
