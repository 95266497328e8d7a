"""The whole: a question goes through danger, search, reading and deciding, to an answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import numpy as np

from qa.answer import Decision, Policy, decide
from qa.calibration import CalibratedPolicy, Calibration
from qa.composing import composed, shown_of
from qa.detector import DangerDetector
from qa.document import Document
from qa.embedding import Embedder
from qa.errors import QuotewellError
from qa.follow_up import completed
from qa.generation import Generation
from qa.live import LiveIndex, PinnedIndex
from qa.message_language import language_of, language_of_message
from qa.noticeboard import Noticeboard
from qa.notices import Dial, SafetyTexts
from qa.page_image import PagedFile
from qa.query import MAX_QUESTION, Query, as_typed, cleaned, understood, whole_characters
from qa.read_back import read_back
from qa.reading import Reading, reading
from qa.receipt import basis_of, receipt_of
from qa.refusal import explain, named
from qa.safety import Assessment, assess, combine
from qa.search import ALL_PARTS, Parts, search
from qa.standing import Audience, Standing
from qa.subject import foreign_name, possible_name
from qa.types import Answer, Hit, Notice, Vectors
from qa.view import View, Views
from qa.wording import Wording

__all__ = ["MAX_QUESTION", "PASSAGES", "Assistant"]

PASSAGES = 24
"""Passages read for evidence."""

Trace = tuple[tuple[str, object], ...]

log = logging.getLogger(__name__)


class Assistant:
    """Answers questions from the live generation of an index."""

    def __init__(
        self,
        index: Path,
        embedder: Embedder,
        texts: SafetyTexts,
        policy: Policy | None = None,
        clinic_name: str = "",
        reader: Reading | None = None,
        calibrated: bool = True,
        parts: Parts = ALL_PARTS,
        wordings: Sequence[Wording] = (),
        generation: str = "",
        today: Callable[[], date] = date.today,
    ) -> None:
        """Loads index and reader (the bundled one unless another is given), checks the notices.

        `wordings` are the languages that notices are given in, the first one unless a question asks
        for another; English where none is given.

        A threshold that `qa calibrate` chose goes before that of `policy` while its calibration
        holds, unless `calibrated` is false, as it is for calibrating itself. `parts` of the search
        can be left out for measuring. With the name of a `generation` that one answers, published
        or not, and not the live one. `today` gives the clinic's day, on which documents expire.

        Raises SettingsError where notices are missing, MissingIndex or DamagedIndex for the index,
        QuotewellError where it was built with another model, and ModelError for the reader.
        """
        self._index = index
        self._embedder = embedder
        self._board = Noticeboard(texts, wordings)
        self.clinic_name = clinic_name
        self._reading = reader or reading(embedding=embedder.identity.get("model", ""))
        self._calibrated, self._parts = calibrated, parts
        self.take(policy or Policy())
        model = embedder.identity
        self._live = (
            PinnedIndex(index, model, generation) if generation else LiveIndex(index, model)
        )
        self._detector = DangerDetector(embedder)
        # So that the first patient does not wait for loading.
        embedder.encode(["ready?"])
        self._reading.make(self._live.current().tokenizer)
        self._today = today
        self._views = Views()
        self._view().speller.meant("")

    @property
    def generation(self) -> str:
        """The name of the generation that answers."""
        return self._live.current().name

    @property
    def live(self) -> LiveIndex | PinnedIndex:
        """What gives that generation, for a server that follows it."""
        return self._live

    def take(self, policy: Policy) -> None:
        """Answers by another policy of the settings from the next question on."""
        by = self._reading.evidence_is_probability
        self._policy = replace(policy, evidence_is_probability=by)
        model, reader = self._embedder.identity, str(self._reading)
        self._calibrated_policy = CalibratedPolicy(self._index, self._policy, model, reader)

    @property
    def policy(self) -> Policy:
        """That of the settings, without what `qa calibrate` chose."""
        return self._policy

    def policy_in_use(self) -> Policy:
        """That by which the live generation answers."""
        return self._policy_for(self._live.current())

    def statement(self) -> Calibration | None:
        """The stated error rate of the live generation, while it holds."""
        return self._calibrated_policy.statement(self._live.current())

    @property
    def clinic_phone(self) -> str:
        """Where to call when the documents do not answer; empty where none was set."""
        return self._board.texts.clinic_phone

    def notices(self, language: str = "") -> tuple[Notice, ...]:
        """The notices that every answer carries."""
        return self._board.standing(language)

    def dials(self, language: str = "") -> tuple[Dial, ...]:
        """The numbers to tap: the emergency number and the crisis lines."""
        return self._board.dials(language)

    def documents(self) -> tuple[Document, ...]:
        """The documents that are quoted to patients today."""
        return self._view().documents

    def document(self, document_id: str) -> Document | None:
        """The document that patients may read under a link: one that is quoted, or once was."""
        return self._view().readable(document_id)

    def standing(self, document_id: str) -> Standing | None:
        """How a document that patients may read stands today; None for any other."""
        return self._view().standing(document_id)

    def standings(self) -> Mapping[str, Standing]:
        """How every document stands today, by id. For staff: patients see `documents`."""
        return self._view().standings

    def stored(self, document_id: str) -> Document | None:
        """The document of that id, whoever it is for. For staff, as `standings` is."""
        return self._live.current().document(document_id)

    @property
    def embedder(self) -> Embedder:
        """The model that is loaded, for whoever sets other texts beside one another."""
        return self._embedder

    def paged(self, document_id: str) -> PagedFile | None:
        """A document that has pages, to draw them from; None for any other."""
        generation = self._live.current()
        document = self.document(document_id)
        path = generation.page_file(document) if document else None
        return PagedFile(document, path, generation.folder) if document and path else None

    def _view(self, audience: Audience = "patients", today: date | None = None) -> View:
        return self._views.of(self._live.current(), audience, today or self._today())

    def check(self) -> None:
        """Raises QuotewellError where the model is unusable.

        An index folder that cannot be read any more is no reason: what is loaded goes on to answer,
        and `live.following()` tells of it.
        """
        if self._embedder.encode(["ready?"]).shape != (1, self._embedder.dimension):
            raise QuotewellError("The embedding model gives no vectors. Run `make setup`.")

    def ask(
        self,
        question: str,
        *,
        previous: Sequence[str] = (),
        documents: Sequence[str] | None = None,
        qid: str | int | None = None,
        trace: bool = False,
        language: str = "",
        audience: Audience = "patients",
        today: date | None = None,
    ) -> Answer:
        """Answers a question, from the named documents only if any are named.

        Only what the `audience` is quoted on the day `today` is known to the answer; see
        `qa.standing`. The audience is `staff` at the command line alone.

        `previous` are the earlier questions on the screen, oldest first, without those that got a
        danger notice: `qa.follow_up` completes from them what is searched for.
        `documents` are ids, or file names that only one document has. Bad questions get a refusal
        with its reason; with `trace` the answer says what was found and why. Notices are in
        `language`, where it is one of the page's. `today` is the day as on which it is answered.
        """
        began = time.perf_counter()
        question = whole_characters(question)
        day = today or self._today()
        view = self._view(audience, day)
        reason, within = _unaskable(question), view.within
        if not reason and documents is not None:
            within = tuple(view.named(documents))
            reason = None if within else "unknown_document"
        decision, searched_for = Decision((), 0.0, reason), ""
        steps: Trace = ()
        if reason:
            found = self.assess(question)
        else:
            looked = self._look(view, question, _harmless(previous), within)
            found, decision, searched_for, steps = looked
        quoted = shown_of(question, found, decision)
        notices = self._board.notices(found, question, language, quoted=bool(quoted))
        answer = composed(question, found, decision, notices, view.generation.name, searched_for)
        took = (time.perf_counter() - began) * 1000
        details = (("danger", found.danger.value), ("rule", found.rule), *steps) if trace else ()
        answer = replace(answer, qid=qid, took_ms=took, trace=details)
        policy = self._policy_for(view.generation)
        basis = basis_of(self._embedder.identity, str(self._reading), policy)
        receipt = receipt_of(answer, basis, previous, documents, language, day, audience)
        return replace(answer, receipt=receipt)

    def _policy_for(self, generation: Generation) -> Policy:
        return self._calibrated_policy(generation) if self._calibrated else self._policy

    def assess(self, text: str) -> Assessment:
        """What danger a text of any length speaks of."""
        return self._detector.assess(text)

    def _query(self, view: View, asked: Sequence[str], within: Sequence[str] | None) -> Query:
        """The last question as it is searched for."""
        if not self._parts.added_words or _is_foreign(asked[-1], view.documents):
            return as_typed(asked[-1])
        knows, holds = view.knows(within), view.holds(within)
        is_common = self._embedder.is_common
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

    def _look(
        self,
        view: View,
        question: str,
        previous: Sequence[str],
        within: Sequence[str] | None,
    ) -> tuple[Assessment, Decision, str, Trace]:
        """What danger the question tells of, as it was typed, and what the documents say, with what
        they were searched for.

        A danger notice must not fail because a search does.
        """
        found = assess(question)
        try:
            asked = [cleaned(one[:MAX_QUESTION]) for one in (*previous, question)]
            query = self._understood(view, asked, within)
            vectors = self._embedder.encode(query.texts)
            found = self._detector.with_vector(question, vectors[0], found)
            if query.asked != query.typed:
                found = combine(found, assess(query.asked))
            decision, steps = self._search(view, query, vectors[query.leading :], within)
            steps = (("completed", query.asked), ("added", query.added), *steps)
            decision = read_back(decision, view.document)
            return found, decision, query.searched_for, steps
        except Exception as error:
            if not found.danger.is_grave:
                raise
            log.error("no quotes beside a danger notice: %s", type(error).__name__)
            return found, Decision((), 0.0, "not_answered"), "", ()

    def _search(
        self,
        view: View,
        query: Query,
        vectors: Vectors,
        within: Sequence[str] | None,
    ) -> tuple[Decision, Trace]:
        """Searches with the mean of the vectors; evidence's terms are those of the question."""
        if not view.documents:
            return Decision((), 0.0, "off_corpus"), ()
        generation = view.generation
        vector = vectors.sum(axis=0)
        vector = vector / np.linalg.norm(vector)
        words = f"{query.text} {query.added}"
        hits = search(generation, words, vector, PASSAGES, within, self._parts)
        passages = [generation.passage(hit.row) for hit in hits]
        reader = self._reading.make(generation.tokenizer)
        evidence = reader.read(query.text, vector, passages, query.added)
        policy = self._policy_for(generation)
        decision = decide(passages, evidence, generation.sentences_of, policy)
        name = foreign_name(query.text, view.knows(within), self._embedder.is_common)
        subject = query.as_written(name.text, name.start) if name else ""
        decision = explain(decision, subject, passages, evidence, policy)
        settled = decision.reason in ("off_corpus", "wrong_subject")
        if not subject and not _is_foreign(query.typed, view.documents):
            guess = possible_name(query.text, view.knows(within), self._embedder.is_common)
            decision = named(decision, query.as_written(guess.text, guess.start) if guess else "")
        return decision, (
            ("reader", self._reading.identity),
            ("foreign_subject", subject),
            ("on_topic", round(max((one.on_topic for one in evidence), default=0.0), 4)),
            ("evidence", round(max((one.answerable for one in evidence), default=0.0), 4)),
            ("threshold", policy.threshold),
            ("settled", settled),
            ("hits", [_hit_trace(hit) for hit in hits]),
        )


def _is_foreign(question: str, documents: Sequence[Document]) -> bool:
    """Whether a question is in a language of no document, whose words are not slips of theirs."""
    spoken = {language_of(document) for document in documents}
    return language_of_message(question) not in ("", *spoken)


def _harmless(previous: Sequence[str]) -> list[str]:
    """Earlier questions without those that call for help: nothing of them is searched for again."""
    return [one for one in previous if not assess(one[:MAX_QUESTION]).danger.is_grave]


def _unaskable(question: str) -> str | None:
    """Why a question cannot be searched for, if it cannot."""
    if len(question) > MAX_QUESTION:
        return "too_long"
    return None if any(letter.isalnum() for letter in question) else "empty"


def _hit_trace(hit: Hit) -> dict[str, object]:
    made = asdict(hit)
    chunk = made.pop("chunk")
    return {
        "document_id": chunk["document_id"],
        "start": chunk["start"],
        "end": chunk["end"],
        **made,
    }
