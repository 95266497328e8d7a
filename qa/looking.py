"""Looking a question up: danger, understanding, search, reading and deciding, and what each saw.

What was seen is kept by reference, so that a trace (`qa.tracing`) can be made of it afterwards and
costs nothing where none is wanted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from qa.answer import Decision, Policy, decide
from qa.composing import may_quote
from qa.detector import DangerDetector
from qa.embedding import Embedder
from qa.errors import VectorStoreDown
from qa.follow_up import completed
from qa.generation import Generation
from qa.message_language import language_of_message
from qa.query import MAX_QUESTION, Query, as_typed, cleaned, understood
from qa.read_back import read_back
from qa.reading import Reading
from qa.refusal import explain, named, nearly
from qa.safety import Assessment, assess, combine
from qa.search import CANDIDATES, Parts, search
from qa.subject import foreign_name, possible_name
from qa.types import Evidence, Hit, Passage, Vectors
from qa.view import View

__all__ = ["PASSAGES", "Looked", "Looking", "Stopwatch", "details_of"]

PASSAGES = 24
"""Passages read for evidence."""
_EVERY = 2 * CANDIDATES
"""Hits there are at most: those of both lists."""

Details = tuple[tuple[str, object], ...]

log = logging.getLogger(__name__)


class Stopwatch:
    """Milliseconds that each step took."""

    def __init__(self) -> None:
        self._at = time.perf_counter()
        self.steps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        """What passed since the last lap belongs to `step`."""
        now = time.perf_counter()
        self.steps[step] = self.steps.get(step, 0.0) + (now - self._at) * 1000
        self._at = now


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the documents decided, and what it saw on the way."""

    view: View
    danger: Assessment
    decision: Decision
    query: Query | None = None
    """None where nothing was searched for: there was no question, or search failed in danger."""
    vector: Vectors | None = None
    """Of the message as it was typed: what the learnt model against danger saw of it."""
    subject: str = ""
    """A name in the question that no document speaks of."""
    whole: bool = True
    """Whether evidence was read also where none could show a quote."""
    settled: bool = False
    """Whether no threshold would show quotes: off the corpus, or about another subject."""
    hits: Sequence[Hit] = ()
    """Best first; the first `PASSAGES` of them were read."""
    passages: Sequence[Passage] = ()
    evidence: Sequence[Evidence] = ()
    """One for each of `passages`."""
    policy: Policy | None = None
    """The thresholds in force; None where nothing was searched."""
    reader: Mapping[str, str] | None = None
    """The reader's name and the SHA-256 of its weights."""

    @property
    def searched_for(self) -> str:
        """As `Query.searched_for`; empty where nothing was searched for."""
        return self.query.searched_for if self.query else ""


@dataclass(frozen=True, slots=True)
class Looking:
    """Looks questions up in views of generations."""

    embedder: Embedder
    reading: Reading
    parts: Parts
    policy_for: Callable[[Generation], Policy]
    detector: DangerDetector

    def unsearched(self, view: View, question: str, reason: str, watch: Stopwatch) -> Looked:
        """What is said of a message that is not searched for, for that reason."""
        found = self.detector.assess(question)
        watch.lap("danger")
        return Looked(view, found, Decision((), 0.0, reason))

    def look(
        self,
        view: View,
        question: str,
        previous: Sequence[str],
        within: Sequence[str] | None,
        watch: Stopwatch,
        every: bool = False,
        whole: bool = True,
    ) -> Looked:
        """What danger the question tells of, as it was typed, and what the documents say.

        `previous` are earlier questions, oldest first, `within` the ids of the documents to search
        (all of the view if None). With `every` the hits hold all candidates, not just those read.
        Unless the `whole` of it is wanted, nothing is read where no evidence could show a quote.

        A danger notice must not fail because a search does.
        """
        found = assess(question)
        watch.lap("danger")
        try:
            asked = [cleaned(one[:MAX_QUESTION]) for one in (*_harmless(previous), question)]
            query = self._understood(view, asked, within)
            watch.lap("understanding")
            vectors = self.embedder.encode(query.texts)
            watch.lap("encoding")
            found = self.detector.with_vector(question, vectors[0], found)
            if query.asked != query.typed:
                found = combine(found, assess(query.asked))
            watch.lap("danger")
            nothing = Decision((), 0.0, "off_corpus")
            seen = Looked(view, found, nothing, query, vectors[0], whole=whole)
            may = may_quote(question, found)
            seen = self._search(
                view, seen, query, vectors[query.leading :], within, watch, every, may
            )
            decision = read_back(seen.decision, view.document)
            watch.lap("reading back")
            return replace(seen, decision=decision)
        except Exception as error:
            if not found.danger.is_grave:
                raise
            if not isinstance(error, VectorStoreDown):  # which is logged once, where it arises
                log.error("no quotes beside a danger notice: %s", type(error).__name__)
            return Looked(view, found, Decision((), 0.0, "not_answered"))

    def _query(self, view: View, asked: Sequence[str], within: Sequence[str] | None) -> Query:
        """The last question as it is searched for."""
        if not self.parts.added_words or _is_foreign(asked[-1], view.languages):
            return as_typed(asked[-1])
        knows, holds = view.knows(within), view.holds(within)
        is_common = self.embedder.is_common
        full = completed(asked[-1], asked[:-1], knows, is_common)
        speller, synonyms = view.speller, view.generation.synonyms
        return understood(full, speller, synonyms, holds, is_common, typed=asked[-1])

    def _understood(self, view: View, asked: Sequence[str], within: Sequence[str] | None) -> Query:
        """The query; the question as typed where it cannot be made anything of."""
        try:
            return self._query(view, asked, within)
        except Exception as error:  # its text may hold the question
            log.error("a question was searched for as typed: %s", type(error).__name__)
            return as_typed(asked[-1])

    def _search(
        self,
        view: View,
        seen: Looked,
        query: Query,
        vectors: Vectors,
        within: Sequence[str] | None,
        watch: Stopwatch,
        every: bool,
        may_quote: bool,
    ) -> Looked:
        """Searches with the mean of the vectors; evidence's terms are those of the question."""
        if not view.documents:
            return seen
        generation = view.generation
        vector = vectors.sum(axis=0)
        vector = vector / np.linalg.norm(vector)
        words = f"{query.text} {query.added}"
        count = _EVERY if every else PASSAGES
        hits = search(generation, words, vector, count, within, self.parts)
        passages = [generation.passage(hit.row) for hit in hits[:PASSAGES]]
        watch.lap("searching")
        policy = self.policy_for(generation)
        name = foreign_name(query.text, view.knows(within), self.embedder.is_common)
        seen = replace(
            seen,
            hits=hits,
            policy=policy,
            reader=self.reading.identity,
            subject=query.as_written(name.text, name.start) if name else "",
        )
        if seen.whole or (may_quote and not seen.subject):
            reader = self.reading.make(generation.tokenizer)
            near = 0.0 if seen.whole else nearly(policy)
            evidence = reader.read(query.text, vector, passages, query.added, near)
            seen = replace(seen, passages=passages, evidence=evidence)
        watch.lap("reading")
        seen = self._decided(seen, query, within)
        watch.lap("deciding")
        return seen

    def _decided(self, seen: Looked, query: Query, within: Sequence[str] | None) -> Looked:
        """What was seen, with what is decided on it."""
        view, policy = seen.view, seen.policy or Policy()
        passages, evidence = seen.passages, seen.evidence
        subject = seen.subject
        if seen.whole or max((one.on_topic for one in evidence), default=0.0) >= nearly(policy):
            decision = decide(passages, evidence, view.generation.sentences_of, policy)
        else:  # nothing was read
            decision = Decision((), 0.0, "off_corpus")
        decision = explain(decision, subject, passages, evidence, policy)
        # Before a probable name is given as the reason for what the threshold alone refuses.
        settled = decision.reason in ("off_corpus", "wrong_subject")
        if not subject and not _is_foreign(query.typed, view.languages):
            guess = possible_name(query.text, view.knows(within), self.embedder.is_common)
            decision = named(decision, query.as_written(guess.text, guess.start) if guess else "")
        return replace(seen, decision=decision, settled=settled)


def details_of(seen: Looked) -> Details:
    """What `qa ask --trace` and the API tell of a look."""
    told: Details = (("danger", seen.danger.danger.value), ("rule", seen.danger.rule))
    if seen.query is None:
        return told
    told = (*told, ("completed", seen.query.asked), ("added", seen.query.added))
    if seen.policy is None:
        return told
    evidence = seen.evidence
    return (
        *told,
        ("reader", seen.reader),
        ("foreign_subject", seen.subject),
        ("on_topic", round(max((one.on_topic for one in evidence), default=0.0), 4)),
        ("evidence", round(max((one.answerable for one in evidence), default=0.0), 4)),
        ("threshold", seen.policy.threshold),
        ("settled", seen.settled),
        ("hits", [_hit_details(hit) for hit in seen.hits[:PASSAGES]]),
    )


def _hit_details(hit: Hit) -> dict[str, object]:
    made = asdict(hit)
    chunk = made.pop("chunk")
    return {
        "document_id": chunk["document_id"],
        "start": chunk["start"],
        "end": chunk["end"],
        **made,
    }


def _is_foreign(question: str, languages: frozenset[str]) -> bool:
    """Whether a question is in a language of no document, whose words are not slips of theirs."""
    return language_of_message(question) not in ("", *languages)


def _harmless(previous: Sequence[str]) -> list[str]:
    """Earlier questions without those that call for help: nothing of them is searched for again."""
    return [one for one in previous if not assess(one[:MAX_QUESTION]).danger.is_grave]
