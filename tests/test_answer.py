"""Deciding from made-up evidence: what is quoted, in which order, and when nothing is."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from qa.answer import Decision, Policy, confidence_of, decide
from qa.chunking import chunk_document, split_sentences
from qa.corpus import make_document
from qa.document import Document, Sentence
from qa.types import Evidence, Passage
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
    far = replace(as_it_is, off_corpus=1.0)
    assert run(far, document, bravo=0.65).reason == "off_corpus"
    assert run(far, document, bravo=0.65).confidence < 0.6


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


def test_a_quote_that_says_nothing_new_leaves_its_place_to_another() -> None:
    first = make_document("a.md", b"# A\n\nAlpha is one tablet of 5 mg a day.\n")
    second = make_document("b.md", b"# B\n\nAlpha is one tablet of 5 mg in a day.\n")
    third = make_document("c.md", b"# C\n\nAlpha is one tablet of 10 mg a day.\n")
    fourth = make_document("d.md", b"# D\n\nAlpha is not one tablet of 5 mg a day.\n")
    decision = run(ALWAYS, first, second, third, fourth, alpha=0.9)
    assert [quote.document_id for quote in decision.quotes] == ["a.md", "c.md", "d.md"]


def warned(decision: Decision) -> list[str]:
    return [" ".join(quote.text.split()) for quote in decision.warnings]


WARNING = (
    "# Doses\n\nAlpha is one. Bravo is two.\n\n**Warning:** Hotel is bad. Do not drive.\n\n"
    "# Times\n\nEcho is five.\n"
)


def test_a_warning_of_the_section_is_carried_along() -> None:
    document = make_document("w.md", WARNING.encode())
    decision = run(ALWAYS, document, alpha=0.9)
    assert texts(decision) == ["Alpha is one."]
    assert warned(decision) == ["Warning: Hotel is bad. Do not drive."]
    [quote] = decision.warnings
    assert (quote.role, quote.score, quote.section) == ("warning", 0.0, "Doses")
    assert quote.text == document.text[quote.start : quote.end]
    assert [one.role for one in decision.quotes] == ["evidence"]


def test_a_warning_of_another_section_is_not() -> None:
    document = make_document("w.md", WARNING.encode())
    assert run(ALWAYS, document, echo=0.9).warnings == ()


def test_a_warning_that_is_quoted_already_is_not_carried() -> None:
    document = make_document("w.md", WARNING.encode())
    decision = run(ALWAYS, document, warning=0.9)
    assert texts(decision) == ["Warning: Hotel is bad. Do not drive."]
    assert decision.warnings == ()
    both = run(NO_MERGE, document, alpha=0.9, do=0.8)
    assert texts(both)[:2] == ["Alpha is one.", "Warning: Hotel is bad. Do not drive."]
    assert both.warnings == ()


def test_the_nearest_of_several_warnings_is_carried() -> None:
    text = "Caution: far away.\n\nAlpha is one.\n\nBravo is two.\n\nDanger: near by.\n"
    document = make_document("w.md", text.encode())
    assert warned(run(ALWAYS, document, bravo=0.9)) == ["Danger: near by."]
    assert warned(run(ALWAYS, document, alpha=0.9)) == ["Caution: far away."]
    apart = replace(ALWAYS, max_words=1)
    assert warned(run(apart, document, bravo=0.9, danger=0.8)) == ["Caution: far away."]


def test_two_warnings_at_most_and_each_text_once() -> None:
    documents = [
        make_document(f"{n}.md", f"# S\n\nAlpha is {n}.\n\nWarning: number {n % 3}.\n".encode())
        for n in (3, 6, 7, 8)
    ]
    policy = replace(ALWAYS, max_quotes=4)
    decision = run(policy, *documents, alpha=0.9)
    assert len(decision.quotes) == 4
    assert warned(decision) == ["Warning: number 0.", "Warning: number 1."]


def test_a_warning_as_a_list_item_has_its_lead_in() -> None:
    text = "Alpha is one.\n\nAt home:\n\n- rest\n- Important: no car\n"
    document = make_document("w.md", text.encode())
    assert warned(run(ALWAYS, document, alpha=0.9)) == [
        "At home: \u2022 rest \u2022 Important: no car"
    ]


def test_of_a_long_warning_what_has_room_is_carried() -> None:
    long = " ".join(f"Hotel number {n} is a bad thing to do." for n in range(20))
    text = f"Alpha is one.\n\nWarning: {long} Zulu is last. Do not wait.\n"
    document = make_document("w.md", text.encode())
    [carried] = warned(run(ALWAYS, document, alpha=0.9))
    assert carried.startswith("Warning: Hotel number 0 is")
    assert carried.endswith("to do.")
    assert 60 < len(carried.split()) <= 80
    decision = run(ALWAYS, document, zulu=0.9)
    assert (texts(decision), warned(decision)) == (["Zulu is last. Do not wait."], [carried])


def test_a_warning_is_carried_up_to_a_quote_that_holds_the_rest_of_it() -> None:
    limits = [f"Never do bad thing number {n} again." for n in range(20)]
    limits[4] = "Stop doing bad thing number 4 again."
    document = make_document("w.md", f"Warning: Hotel. {' '.join(limits)}\n".encode())
    decision = run(ALWAYS, document, stop=0.9)
    assert texts(decision) == [" ".join(limits[4:])]
    assert warned(decision) == [" ".join(["Warning: Hotel.", *limits[:4]])]


def test_warnings_change_neither_confidence_nor_order() -> None:
    plain = make_document("w.md", WARNING.replace("**Warning:** ", "").encode())
    marked = make_document("w.md", WARNING.encode())
    scores = {"bravo": 0.9, "echo": 0.8}
    one, two = (run(ALWAYS, document, **scores) for document in (plain, marked))
    assert texts(one) == texts(two)
    assert (one.confidence, one.reason) == (two.confidence, two.reason)
    assert (one.warnings, len(two.warnings)) == ((), 1)


NAMES = ["alpha", "bravo", "charlie", "it", "do", "warning", "however", "first"]


@pytest.mark.parametrize("seed", range(40))
def test_quotes_and_warnings_of_random_documents(seed: int) -> None:
    dice = random.Random(seed)
    parts = [
        dice.choice(["# {0}", "{0} is one. {1} is two.", "- {0} three\n- {1} four", "{0} is:"])
        .format(*(name.capitalize() for name in dice.choices(NAMES, k=2)))
        .replace("Warning is", "Warning: this is")
        for _ in range(14)
    ]
    document = make_document("x.md", "\n\n".join(["Alpha is none.", *parts]).encode())
    sentences = split_sentences(document)
    scores = {name: dice.random() for name in NAMES}
    decision = run(replace(NO_MERGE, max_words=dice.choice((1, 30, 60))), document, **scores)
    everything = [*decision.quotes, *decision.warnings]
    assert len(decision.quotes) <= 3
    assert len(decision.warnings) <= 2
    for quote in everything:
        assert quote.text == document.text[quote.start : quote.end]
        assert quote.end in {s.end for s in sentences}
        begins = {s.start for s in sentences}
        assert quote.start in begins or quote.text.startswith("\u2022 ")
        assert document.section_at(quote.start) == document.section_at(quote.end - 1)
    assert {quote.section for quote in decision.warnings} <= {q.section for q in decision.quotes}
    spans = sorted((quote.start, quote.end) for quote in everything)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
