"""Deciding from made-up evidence: what is quoted, in which order, and when nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from qa.answer import Decision, Policy, confidence_of, decide
from qa.chunking import chunk_document, split_sentences
from qa.corpus import make_document
from qa.types import Document, Evidence, Passage, Sentence
from tests.word_hash import WordHashEmbedder

TEXT = (
    "# Doses\n\nAlpha is one. Bravo is two. Charlie is three. Delta is four.\n\n"
    "# Times\n\nEcho is five.\n\n# Lists\n\nWatch for:\n\n- foxtrot\n- golf\n"
)
ALWAYS = Policy(threshold=0.0, max_quotes=3, max_words=60, min_share=0.8)
NO_MERGE = Policy(threshold=0.0, max_quotes=3, max_words=1, min_share=0.0)


def passages(document: Document) -> list[Passage]:
    none = np.zeros((1, 1), dtype=np.float32)
    chunks = chunk_document(document, WordHashEmbedder().count_tokens)
    return [Passage(document, chunk, none[0], none) for chunk in chunks]


def evidence(document: Document, **scores: float) -> list[Evidence]:
    """Each sentence's score by its first word; 0 for the others."""
    return [
        Evidence(
            found := tuple(
                scores.get(document.text[s.start : s.end].split()[0].strip(".:").lower(), 0.0)
                for s in passage.chunk.sentences
            ),
            max(found),
            max(found),
        )
        for passage in passages(document)
    ]


def run(policy: Policy, *documents: Document, **scores: float) -> Decision:
    found = {document.id: split_sentences(document) for document in documents}

    def sentences_of(name: str) -> Sequence[Sentence]:
        return found[name]

    return decide(
        [passage for one in documents for passage in passages(one)],
        [read for one in documents for read in evidence(one, **scores)],
        sentences_of,
        policy,
    )


def texts(decision: Decision) -> list[str]:
    return [" ".join(quote.text.split()) for quote in decision.quotes]


@pytest.fixture
def document() -> Document:
    return make_document("x.md", TEXT.encode())


def test_the_best_sentence_is_quoted(document: Document) -> None:
    decision = run(ALWAYS, document, bravo=0.9, echo=0.5)
    assert texts(decision) == ["Bravo is two."]
    assert decision.reason is None
    [quote] = decision.quotes
    assert document.text[quote.start : quote.end] == quote.text
    assert (quote.section, quote.score) == ("Doses", 0.9)


def test_further_quotes_need_a_share_of_the_best_ones_evidence(document: Document) -> None:
    assert texts(run(ALWAYS, document, bravo=0.9, echo=0.73)) == ["Bravo is two.", "Echo is five."]
    assert texts(run(ALWAYS, document, bravo=0.9, echo=0.71)) == ["Bravo is two."]


def test_items_quoted_together_keep_their_numbers() -> None:
    numbered = make_document("n.md", b"# Care\n\n1. Shower today.\n2. Swim later.\n")
    assert texts(run(NO_MERGE, numbered, swim=0.9)) == ["1. Shower today. 2. Swim later."]


def test_no_more_quotes_than_allowed(document: Document) -> None:
    scores = {"alpha": 0.9, "charlie": 0.8, "echo": 0.7, "delta": 0.1}
    assert texts(run(NO_MERGE, document, **scores)) == [
        "Alpha is one.",
        "Charlie is three.",
        "Echo is five.",
    ]
    one = replace(NO_MERGE, max_quotes=1)
    assert texts(run(one, document, **scores)) == ["Alpha is one."]


def test_neighbours_are_merged_up_to_a_length(document: Document) -> None:
    assert texts(run(ALWAYS, document, alpha=0.9, bravo=0.85)) == ["Alpha is one. Bravo is two."]
    short = Policy(threshold=0, max_words=5, min_share=0.8)
    assert texts(run(short, document, alpha=0.9, bravo=0.85)) == ["Alpha is one.", "Bravo is two."]
    assert texts(run(ALWAYS, document, alpha=0.9, charlie=0.85)) == [
        "Alpha is one.",
        "Charlie is three.",
    ]


def test_a_merged_quote_keeps_its_best_score_and_place(document: Document) -> None:
    decision = run(ALWAYS, document, echo=0.95, bravo=0.9, alpha=0.85)
    assert texts(decision) == ["Echo is five.", "Alpha is one. Bravo is two."]
    assert [quote.score for quote in decision.quotes] == [0.95, 0.9]


def test_quotes_never_overlap(document: Document) -> None:
    decision = run(ALWAYS, document, alpha=0.9, charlie=0.88, bravo=0.86, delta=0.85)
    assert texts(decision) == ["Alpha is one. Bravo is two. Charlie is three. Delta is four."]
    short = Policy(threshold=0, max_words=6, min_share=0.8)
    decision = run(short, document, foxtrot=0.9, golf=0.85)
    assert texts(decision) == ["Watch for: \u2022 foxtrot \u2022 golf"]


def test_overlapping_quotes_become_one_even_if_it_is_long() -> None:
    # "It ..." brings the sentence before, which is quoted already.
    document = make_document("x.md", b"Alpha is one. It is two. Bravo is three.")
    short = Policy(threshold=0, max_words=1, min_share=0.8)
    assert texts(run(short, document, alpha=0.9, it=0.85)) == ["Alpha is one. It is two."]
    spans = [(q.start, q.end) for q in run(short, document, alpha=0.9, it=0.85, bravo=0.8).quotes]
    assert all(a[1] <= b[0] or b[1] <= a[0] for a in spans for b in spans if a is not b)


def test_two_quotes_joined_by_a_third_do_not_overlap() -> None:
    document = make_document("x.md", b"Alpha is one. Bravo is two. It is three. But four too.")
    policy = Policy(threshold=0, max_words=6, min_share=0.5)
    decision = run(policy, document, alpha=0.9, but=0.88, bravo=0.87, it=0.86)
    spans = sorted((quote.start, quote.end) for quote in decision.quotes)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))


def test_equal_sentences_are_quoted_once() -> None:
    first = make_document("a.md", b"# A\n\nAlpha is one.\n")
    second = make_document("b.md", b"# B\n\nAlpha  is ONE.\n")
    decision = run(ALWAYS, first, second, alpha=0.9)
    assert [quote.document_id for quote in decision.quotes] == ["a.md"]


def test_search_order_parts_equal_evidence() -> None:
    first = make_document("z.md", b"Alpha is one.")
    second = make_document("a.md", b"Alpha is two.")
    decision = run(ALWAYS, first, second, alpha=0.9)
    assert [quote.document_id for quote in decision.quotes] == ["z.md", "a.md"]


def test_quotes_of_two_documents_are_never_merged() -> None:
    first = make_document("a.md", b"Alpha is one.")
    second = make_document("b.md", b"Bravo is two.")
    assert len(run(ALWAYS, first, second, alpha=0.9, bravo=0.9).quotes) == 2


def test_when_is_refused(document: Document) -> None:
    at = confidence_of(0.6)
    scores = {"bravo": 0.6}
    shown = run(Policy(threshold=at), document, **scores)
    held = run(Policy(threshold=at + 1e-9), document, **scores)
    assert (shown.reason, shown.confidence) == (None, at)
    assert held.reason == "not_answered"
    assert held.quotes == shown.quotes
    off = run(Policy(threshold=at + 1e-9, off_corpus=0.61), document, **scores)
    assert off.reason == "off_corpus"


def test_a_probability_is_the_confidence_as_it_is(document: Document) -> None:
    as_it_is = Policy(threshold=0.6, evidence_is_probability=True)
    shown = run(as_it_is, document, bravo=0.6)
    assert (shown.reason, shown.confidence) == (None, 0.6)
    held = run(as_it_is, document, bravo=0.59)
    assert (held.reason, held.confidence) == ("not_answered", 0.59)
    assert run(replace(as_it_is, off_corpus=0.7), document, bravo=0.6).reason == "off_corpus"


def test_nothing_found_is_off_the_corpus() -> None:
    assert decide([], [], lambda _: (), Policy()) == Decision((), 0.0, "off_corpus")


def test_confidence_only_grows_with_evidence() -> None:
    values = [confidence_of(step / 100) for step in range(101)]
    assert values == sorted(values)
    assert 0 < values[0] < 0.5 < values[-1] < 1


def test_evidence_that_is_too_short_is_an_error(document: Document) -> None:
    with pytest.raises(ValueError, match="shorter"):
        decide(passages(document), [], lambda _: (), Policy())


def test_no_evidence_at_all_quotes_nothing_wrong(document: Document) -> None:
    decision = run(Policy(), document)
    assert decision.reason == "off_corpus"
    assert decision.confidence < 0.05
