"""Settings → the assistant and the staff's desk they describe, and what a stated error rate depends
on."""

from __future__ import annotations

import datetime
import os
from dataclasses import replace

from qa.answer import Policy
from qa.assistant import Assistant
from qa.calibration import Fingerprint, fingerprint_of
from qa.embedding import Embedder, identify
from qa.embedding_export import embedder_for
from qa.errors import SettingsError
from qa.generation import Generation
from qa.keeping import store_of
from qa.reading import Reading, reading
from qa.settings import Settings
from qa.staff.accounts import Accounts
from qa.staff.audit import AuditTrail
from qa.staff.desk import Desk
from qa.staff.file import StaffFile
from qa.staff.oidc import OidcRules, SignOn, secret_from, values_of
from qa.staff.proxy import ProxyRules, TrustedProxy
from qa.staff.sessions import Sessions

__all__ = [
    "assistant_of",
    "desk_of",
    "embedder_of",
    "present_fingerprint",
    "reading_of",
    "sign_on_rules",
    "stated_numbers",
    "trusted_proxy_rules",
]


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
    embedder = embedder or embedder_of(settings)
    return Assistant(
        settings.index,
        embedder,
        texts,
        policy or settings.policy(),
        settings.clinic.name,
        reader=reading_of(settings),
        calibrated=policy is None,
        wordings=settings.page.wordings(),
        generation=generation,
    )


def embedder_of(settings: Settings) -> Embedder:
    """The embedding model; exported beside the index if that is not done yet. Raises ModelError."""
    embedding = settings.embedding
    return embedder_for(embedding.model, embedding.backend, settings.models)


def reading_of(settings: Settings, *, download: bool = False) -> Reading:
    """What reads for evidence, by what runs the embedding model. Raises ModelError as `reading`
    does."""
    return reading(
        settings.reading.model,
        embedding=settings.embedding.model,
        models=settings.models if settings.embedding.backend == "onnx" else None,
        download=download,
    )


def stated_numbers(settings: Settings) -> str:
    """Which country's crisis numbers are shown, and when somebody rang them."""
    if settings.safety is None:
        return "none, so that nothing can be served"
    texts = settings.safety_texts()
    return f"{texts.country}, {texts.checked(datetime.date.today())}"


def desk_of(settings: Settings, assistant: Assistant, embedder: Embedder) -> Desk:
    """What the staff's pages work with; `assistant` is the one that answers patients.

    Raises SettingsError where it is unclear who may log in.
    """
    file, staff = StaffFile(settings.staff.store), settings.staff
    proxy, sign_on = trusted_proxy_rules(settings), sign_on_rules(settings)

    def measuring(policy: Policy | None, generation: str) -> Assistant:
        made = assistant_of(settings, policy, embedder, generation)
        if policy is None:
            made.take(assistant.policy)  # it may be another than at the start
        return made

    return Desk(
        assistant=assistant,
        measuring=measuring,
        file=file,
        accounts=Accounts(file, settings.clinic.name),
        sessions=Sessions(
            file,
            staff.idle_minutes * 60,
            staff.session_hours * 3600,
            issuer=sign_on.issuer if sign_on else "",
        ),
        audit=AuditTrail(file),
        corpus=settings.corpus,
        index=settings.index,
        config=settings.config,
        model=embedder.identity,
        options=settings.build_options(),
        records=store_of(settings),
        logs_questions=settings.privacy.log_questions,
        proxy=TrustedProxy(proxy, file) if proxy else None,
        sign_on=SignOn(sign_on, file) if sign_on else None,
    )


def trusted_proxy_rules(settings: Settings) -> ProxyRules | None:
    """Whom a web server in front may name, if it may. Raises SettingsError where that is unsafe."""
    staff = settings.staff
    if not staff.proxy_user_header:
        if staff.proxies or staff.proxy_role_header or staff.maintainers:
            raise SettingsError(
                "In qa.toml, table [staff]: `proxies`, `proxy_role_header` or `maintainers` is set "
                "without `proxy_user_header`. Set that one too, or take the others out."
            )
        return None
    if staff.oidc:
        raise SettingsError(
            "In qa.toml: [staff] has `proxy_user_header`, and there is a table [staff.oidc]. Keep "
            "one of the two: it must be clear who says who somebody is."
        )
    return ProxyRules.of(
        staff.proxy_user_header, staff.proxy_role_header, staff.maintainers, staff.proxies
    )


def sign_on_rules(settings: Settings) -> OidcRules | None:
    """How the clinic's sign-on is asked, if it is. Raises SettingsError for what is wrong."""
    oidc = settings.staff.oidc
    if oidc is None:
        return None
    return OidcRules(
        issuer=oidc.issuer,
        client_id=oidc.client_id,
        client_secret=secret_from(os.environ, oidc.client_secret_env),
        address=oidc.address,
        name_claim=oidc.name_claim,
        role_claim=oidc.role_claim,
        maintainer_values=values_of(oidc.maintainer_values),
        staff_values=values_of(oidc.staff_values),
    )


def present_fingerprint(settings: Settings, generation: Generation) -> Fingerprint:
    """What the answers of a generation depend on with these settings."""
    model = identify(settings.embedding.model, settings.embedding.backend)
    reader = reading_of(settings)
    by = reader.evidence_is_probability
    policy = replace(settings.policy(), evidence_is_probability=by)
    return fingerprint_of(generation, model, policy, str(reader))
