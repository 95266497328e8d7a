"""The whole: a question goes through danger, search, reading and deciding, to an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from qa.answer import Policy
from qa.brief_detector import BriefDetector
from qa.calibration import CalibratedPolicy, Calibration
from qa.composing import composed, shown_of
from qa.detector import DangerDetector
from qa.document import Document
from qa.embedding import Embedder
from qa.errors import QuotewellError, VectorStoreDown
from qa.generation import Generation
from qa.live import LiveIndex, PinnedIndex
from qa.looking import PASSAGES, Looked, Looking, Stopwatch, details_of
from qa.noticeboard import Noticeboard
from qa.notices import Dial, SafetyTexts
from qa.page_image import PagedFile
from qa.query import MAX_QUESTION, whole_characters
from qa.reading import Reading, reading_beside
from qa.receipt import basis_of, receipt_of
from qa.safety import Assessment, looked_at
from qa.search import ALL_PARTS, Parts
from qa.standing import Audience, Standing
from qa.tracing import Trace, trace_of
from qa.types import Answer, Notice
from qa.vector_store import IN_GENERATION, Engine
from qa.view import View, Views
from qa.wording import Wording

__all__ = ["MAX_QUESTION", "PASSAGES", "Assistant"]


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
        engine: Engine = IN_GENERATION,
    ) -> None:
        """Loads index and reader (the bundled one unless another is given), checks the notices.

        `wordings` are the languages that notices are given in, the first one unless a question asks
        for another; English where none is given.

        A threshold that `qa calibrate` chose goes before that of `policy` while its calibration
        holds, unless `calibrated` is false, as it is for calibrating itself. `parts` of the search
        can be left out for measuring. With the name of a `generation` that one answers, published
        or not, and not the live one. `today` gives the clinic's day, on which documents expire.
        `engine` searches the vectors.

        Raises SettingsError where notices are missing, MissingIndex or DamagedIndex for the index,
        QuotewellError where it was built with another model, VectorStoreError where the engine does
        not have it, and ModelError for the reader.
        """
        self._index = index
        self._embedder = embedder
        self._board = Noticeboard(texts, wordings)
        self.clinic_name = clinic_name
        self._reading = reader or reading_beside(embedder)
        self._calibrated = calibrated
        self.take(policy or Policy())
        model = embedder.identity
        self._live = (
            PinnedIndex(index, model, generation, engine)
            if generation
            else LiveIndex(index, model, engine)
        )
        detector = DangerDetector(embedder)
        self._brief = BriefDetector(detector)
        self._looking = Looking(embedder, self._reading, parts, self._policy_for, detector)
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

    def first_notices(self, question: str, language: str = "") -> tuple[Notice, ...]:
        """The notices for a message that cannot be looked up now, such as where too many ask: help
        first where patterns find danger in it, or the learnt model if it is free. Never takes more
        than a second or two."""
        found = self._brief.assess(question)
        return self._board.notices(found, looked_at(question), language, quoted=False)

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

    @property
    def reader(self) -> Mapping[str, str]:
        """The name of what reads passages for evidence, and the SHA-256 of its weights."""
        return self._reading.identity

    def paged(self, document_id: str) -> PagedFile | None:
        """A document that has pages, to draw them from; None for any other."""
        generation = self._live.current()
        document = self.document(document_id)
        path = generation.page_file(document) if document else None
        return PagedFile(document, path, generation.folder) if document and path else None

    def _view(self, audience: Audience = "patients", today: date | None = None) -> View:
        return self._views.of(self._live.current(), audience, today or self._today())

    def check(self) -> None:
        """Raises QuotewellError where the model is unusable, and VectorStoreDown where vectors
        cannot be searched at the moment: messages of danger are answered then all the same.

        An index folder that cannot be read any more is no reason: what is loaded goes on to answer,
        and `live.following()` tells of it.
        """
        if self._embedder.encode(["ready?"]).shape != (1, self._embedder.dimension):
            raise QuotewellError("The embedding model gives no vectors. Run `make setup`.")
        try:
            self._live.check()
        except VectorStoreDown:  # whose text has an address, which is not for everybody
            raise VectorStoreDown(
                "The vector store, Milvus, does not answer. Questions are refused until it does; "
                "`qa status` and the log say why."
            ) from None

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
        `qa.standing`. The audience is `staff` at the command line and in `examine` alone.

        `previous` are the earlier questions on the screen, oldest first, without those that got a
        danger notice: `qa.follow_up` completes from them what is searched for.
        `documents` are ids, or file names that only one document has. Bad questions get a refusal
        with its reason; with `trace` the answer says what was found and why. Without it nothing is
        read where no evidence could show a quote; such an answer's confidence is 0. Notices are in
        `language`, where it is one of the page's. `today` is the day as on which it is answered.
        """
        answer, seen, _ = self._asked(
            question, previous, documents, language, audience, today, every=False, whole=trace
        )
        details = details_of(seen) if trace else ()
        return replace(answer, qid=qid, trace=details)

    def examine(
        self,
        question: str,
        *,
        previous: Sequence[str] = (),
        documents: Sequence[str] | None = None,
        language: str = "",
        audience: Audience = "patients",
        today: date | None = None,
    ) -> tuple[Answer, Trace]:
        """The answer that `ask` gives, and all that led to it (`qa.tracing`). For staff alone."""
        answer, seen, watch = self._asked(
            question, previous, documents, language, audience, today, every=True, whole=True
        )
        vector = seen.vector
        leads = () if vector is None else self._looking.detector.leads(answer.question, vector)
        calibrated = seen.policy is not None and seen.policy is not self._policy
        return answer, trace_of(
            answer,
            seen,
            leads,
            watch.steps,
            audience=audience,
            threshold_from="calibrated" if calibrated else "settings",
        )

    def _asked(
        self,
        question: str,
        previous: Sequence[str],
        documents: Sequence[str] | None,
        language: str,
        audience: Audience,
        today: date | None,
        every: bool,
        whole: bool,
    ) -> tuple[Answer, Looked, Stopwatch]:
        """The answer, and what was seen on the way to it."""
        watch = Stopwatch()
        question = whole_characters(question)
        day = today or self._today()
        view = self._view(audience, day)
        reason, within = _unaskable(question), view.within
        if not reason and documents is not None:
            within = tuple(view.named(documents))
            reason = None if within else "unknown_document"
        if reason:
            seen = self._looking.unsearched(view, question, reason, watch)
        else:
            seen = self._looking.look(view, question, previous, within, watch, every, whole)
        found, decision = seen.danger, seen.decision
        quoted = shown_of(question, found, decision)
        notices = self._board.notices(found, question, language, quoted=bool(quoted))
        name, searched_for = view.generation.name, seen.searched_for
        answer = composed(question, found, decision, notices, name, searched_for)
        watch.lap("composing")
        # By what was decided, even where a member saves another threshold in this moment.
        policy = seen.policy or self._policy_for(view.generation)
        basis = basis_of(self._embedder.identity, str(self._reading), policy)
        receipt = receipt_of(answer, basis, previous, documents, language, day, audience)
        took = sum(watch.steps.values())
        return replace(answer, took_ms=took, receipt=receipt), seen, watch

    def _policy_for(self, generation: Generation) -> Policy:
        return self._calibrated_policy(generation) if self._calibrated else self._policy

    def assess(self, text: str) -> Assessment:
        """What danger a text of any length speaks of."""
        return self._looking.detector.assess(text)


def _unaskable(question: str) -> str | None:
    """Why a question cannot be searched for, if it cannot."""
    if len(question) > MAX_QUESTION:
        return "too_long"
    return None if any(letter.isalnum() for letter in question) else "empty"
