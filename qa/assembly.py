"""Settings → the assistant and the staff's desk they describe, and what a stated error rate depends
on."""

from __future__ import annotations

import datetime
from dataclasses import replace

from qa.answer import Policy
from qa.assistant import Assistant
from qa.calibration import Fingerprint, fingerprint_of
from qa.embedding import Embedder, SentenceEmbedder, identify
from qa.generation import Generation
from qa.keeping import store_of
from qa.reading import reading
from qa.settings import Settings
from qa.staff.accounts import Accounts
from qa.staff.audit import AuditTrail
from qa.staff.desk import Desk
from qa.staff.file import StaffFile
from qa.staff.sessions import Sessions

__all__ = ["assistant_of", "desk_of", "present_fingerprint", "stated_numbers"]


def assistant_of(
    settings: Settings,
    policy: Policy | None = None,
    embedder: Embedder | None = None,
    generation: str = "",
) -> Assistant:
    """The assistant, calibrated; or with a `policy` for measuring, which nothing alters.

    `embedder` is one that is loaded already; `generation` names one that is to answer in place of
    the live one.

    Raises QuotewellError where notices, index or model are missing or unusable.
    """
    texts = settings.safety_texts()
    texts.validate()  # before the model is loaded: it is the quicker thing to mend
    embedder = embedder or SentenceEmbedder(settings.embedding.model, settings.embedding.backend)
    return Assistant(
        settings.index,
        embedder,
        texts,
        policy or settings.policy(),
        settings.clinic.name,
        reader=reading(settings.reading.model, embedding=settings.embedding.model),
        calibrated=policy is None,
        wordings=settings.page.wordings(),
        generation=generation,
    )


def stated_numbers(settings: Settings) -> str:
    """Which country's crisis numbers are shown, and when somebody rang them."""
    if settings.safety is None:
        return "none, so that nothing can be served"
    texts = settings.safety_texts()
    return f"{texts.country}, {texts.checked(datetime.date.today())}"


def desk_of(settings: Settings, assistant: Assistant, embedder: Embedder) -> Desk:
    """What the staff's pages work with; `assistant` is the one that answers patients."""
    file, staff = StaffFile(settings.staff.store), settings.staff

    def measuring(policy: Policy | None, generation: str) -> Assistant:
        made = assistant_of(settings, policy, embedder, generation)
        if policy is None:
            made.take(assistant.policy)  # it may be another than at the start
        return made

    return Desk(
        assistant=assistant,
        measuring=measuring,
        file=file,
        accounts=Accounts(file),
        sessions=Sessions(file, staff.idle_minutes * 60, staff.session_hours * 3600),
        audit=AuditTrail(file),
        corpus=settings.corpus,
        index=settings.index,
        config=settings.config,
        model=embedder.identity,
        options=settings.build_options(),
        records=store_of(settings),
        logs_questions=settings.privacy.log_questions,
    )


def present_fingerprint(settings: Settings, generation: Generation) -> Fingerprint:
    """What the answers of a generation depend on with these settings."""
    model = identify(settings.embedding.model, settings.embedding.backend)
    reader = reading(settings.reading.model, embedding=settings.embedding.model)
    by = reader.evidence_is_probability
    policy = replace(settings.policy(), evidence_is_probability=by)
    return fingerprint_of(generation, model, policy, str(reader))
