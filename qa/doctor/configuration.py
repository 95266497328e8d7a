"""The settings: numbers nobody rang, texts of another clinic's, values that hinder one another."""

from __future__ import annotations

import datetime
import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from qa.doctor.finding import Area, Finding, Place, Severity
from qa.doctor.setup import Setup
from qa.document import Document
from qa.errors import QuotewellError
from qa.message_language import language_of
from qa.notices import LOCAL, SafetyTexts
from qa.synonyms import formal_phrases

__all__ = ["contradicting", "exposure", "network", "numbers", "own_texts", "settings_findings"]

_A_YEAR = 366
_SHIPPED_SUBJECT = re.compile(r"\b(?:k|esk)etamin[ea]\b|\bPTSD\b|\bTEPT\b", re.IGNORECASE)
"""What the texts in the shipped qa.toml speak of."""


def settings_findings(
    setup: Setup,
    documents: Sequence[Document],
    synonyms: Mapping[str, str],
    today: datetime.date,
) -> Iterator[Finding]:
    """All that is wrong with settings which could be read."""
    yield from numbers(setup, today)
    yield from network(setup.host, setup.allowed_hosts)
    yield from exposure(setup.trusted_proxies, setup.metrics_from, setup.questions_per_minute)
    yield from contradicting(setup)
    yield from own_texts(setup, documents, synonyms)


def numbers(setup: Setup, today: datetime.date) -> Iterator[Finding]:
    """Emergency number and crisis lines: none, or none that somebody rang within a year."""
    try:
        texts = setup.texts()
        texts.validate()
    except QuotewellError as error:
        yield _found(
            Severity.ERROR,
            "no_numbers",
            "safety",
            str(error),
            "Write the numbers into the table [safety] of qa.toml, and ring them.",
        )
        return
    yield from _checked(texts, today)
    if texts.emergency.strip().casefold() == LOCAL:
        yield _found(
            Severity.HINT,
            "no_country",
            "safety.country",
            "The page says “your local emergency number” in place of a number.",
            "Choose your country, or write `emergency` and `lines`, if all your patients are in "
            "one country.",
        )
    if not texts.clinic_phone:
        yield _found(
            Severity.HINT,
            "no_phone",
            "clinic.phone",
            "Where the documents do not answer, patients are given no number to ring.",
            "Write the clinic's number into `phone` under [clinic].",
        )


def _checked(texts: SafetyTexts, today: datetime.date) -> Iterator[Finding]:
    mend = "Ring each number, then write the day into `verified_on` of your country in qa.toml."
    where = "safety.verified_on"
    if not texts.verified_on:
        message = f"Nobody has rung the crisis numbers for {texts.country} yet."
        yield _found(Severity.WARNING, "numbers_unchecked", where, message, mend)
        return
    age = (today - datetime.date.fromisoformat(texts.verified_on)).days
    if age > _A_YEAR:
        message = f"The crisis numbers were last rung {age} days ago, on {texts.verified_on}."
        yield _found(Severity.WARNING, "numbers_unchecked", where, message, mend)
    elif age < 0:
        message = f"{texts.verified_on}, when the numbers were rung, is a day to come."
        yield _found(Severity.WARNING, "numbers_unchecked", where, message, mend)


def network(host: str, allowed_hosts: Sequence[str]) -> Iterator[Finding]:
    """A server that others in the network reach."""
    if _is_own_machine(host):
        return
    yield _found(
        Severity.WARNING,
        "open_to_network",
        "serve.host",
        f"With {host} whoever is in the network reaches the page, and what they type travels "
        "unencrypted.",
        'Set `host = "127.0.0.1"` and put a web server with HTTPS in front, unless one is there.',
    )
    if not allowed_hosts:
        yield _found(
            Severity.WARNING,
            "no_host_names",
            "serve.allowed_hosts",
            "No name is allowed under which the page may be reached, so that browsers which use "
            "one are refused.",
            'Write the names patients type: `allowed_hosts = ["ask.clinic.example"]`.',
        )


def exposure(
    trusted_proxies: Sequence[str], metrics_from: Sequence[str], questions_per_minute: int
) -> Iterator[Finding]:
    """Everybody where few were meant, and nothing that slows down whoever asks without end."""
    if any(map(_is_everybody, trusted_proxies)):
        yield _found(
            Severity.WARNING,
            "everybody_trusted",
            "serve.trusted_proxies",
            "Whoever connects is taken for a proxy and may write in X-Forwarded-For whose request "
            "it is, so that no limit for one client holds.",
            'List the web server in front: `trusted_proxies = ["10.0.0.5"]`.',
        )
    if any(map(_is_everybody, metrics_from)):
        yield _found(
            Severity.WARNING,
            "metrics_open",
            "serve.metrics_from",
            "Whoever reaches the server itself may read its figures.",
            'List the machine that collects them: `metrics_from = ["10.0.0.9"]`.',
        )
    if not questions_per_minute:
        yield _found(
            Severity.HINT,
            "no_pace",
            "serve.questions_per_minute",
            "One program that asks without end takes everybody's turn.",
            "Leave `questions_per_minute` out, or set it to more than the busiest address needs.",
        )


def _is_everybody(listed: str) -> bool:
    return listed.strip() == "*" or listed.strip().endswith("/0")


def _is_own_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def contradicting(setup: Setup) -> Iterator[Finding]:
    """Values that cancel or hinder one another."""
    corpus, index, store = (path.resolve() for path in (setup.corpus, setup.index, setup.store))
    if index.is_relative_to(corpus) or corpus.is_relative_to(index):
        yield _found(
            Severity.ERROR,
            "folders_mixed",
            "index",
            f"Of corpus ({corpus}) and index ({index}) one lies within the other, so that parts "
            "of the index would be read as documents.",
            "Put them beside each other.",
        )
    if any(store.is_relative_to(one) for one in (corpus, index)):
        yield _found(
            Severity.WARNING,
            "records_misplaced",
            "privacy.store",
            f"What patients sent would lie within the documents or the index ({store}), and be "
            "copied wherever those are.",
            "Put `store` under [privacy] beside qa.toml.",
        )
    if setup.options.target_tokens > setup.options.max_tokens:
        yield _found(
            Severity.WARNING,
            "sizes_contradict",
            "chunking.target_tokens",
            f"Passages are to be filled to {setup.options.target_tokens} tokens, and may have no "
            f"more than {setup.options.max_tokens}.",
            "Make `target_tokens` the smaller, or leave both out.",
        )
    if setup.threshold is not None and setup.wrong_at_most is not None:
        yield _found(
            Severity.HINT,
            "thresholds_contradict",
            "answer.threshold",
            "`threshold` and `wrong_at_most` are both set. Once `qa calibrate` has chosen a "
            "threshold, that one is used and the first is not.",
            "Keep one of them.",
        )
    if setup.reading == "bundled" and setup.embedding != "bundled":
        yield _found(
            Severity.HINT,
            "reader_not_used",
            "reading.model",
            "The bundled reader works with the bundled embedding model only; with another, "
            "passages are read by similarity, which errs more often.",
            'Set `model = "bundled"` under [embedding], or `model = "similarity"` under [reading].',
        )


def own_texts(
    setup: Setup, documents: Sequence[Document], synonyms: Mapping[str, str]
) -> Iterator[Finding]:
    """Texts that came with the program and speak of what no document speaks of."""
    try:
        setup.check_wordings()
    except QuotewellError as error:
        mend = "Correct `languages` or `wording` under [page] in qa.toml."
        yield _found(Severity.ERROR, "wording", "page.languages", str(error), mend)
    if not documents:
        return
    if not any(_SHIPPED_SUBJECT.search(one.text) for one in documents):
        for name, text in setup.page_texts.items():
            if _SHIPPED_SUBJECT.search(text):
                yield _found(
                    Severity.WARNING,
                    "shipped_text",
                    name,
                    f"The page says “{text}”, and no document speaks of that.",
                    "Write what your page is about.",
                )
    yield from _foreign_synonyms(setup.corpus, documents, synonyms)
    spoken = {language_of(one) for one in documents}
    if not spoken & {one.partition("-")[0] for one in setup.languages}:
        yield _found(
            Severity.WARNING,
            "no_document_in_language",
            "page.languages",
            f"The page is in {', '.join(setup.languages)}, and no document is; they are in "
            f"{', '.join(sorted(spoken))}.",
            "Add the documents' language to `languages`, or correct `language` in the documents.",
        )


def _foreign_synonyms(
    corpus: Path, documents: Sequence[Document], synonyms: Mapping[str, str]
) -> Iterator[Finding]:
    texts = " ".join(" ".join(one.text.casefold().split()) for one in documents)
    phrases = {phrase.casefold() for one in synonyms.values() for phrase in formal_phrases(one)}
    # A phrase may stand in another form ("get better", "got better"): its longest word decides.
    lost = sorted(one for one in phrases if max(one.split(), key=len)[:5] not in texts)
    if len(lost) > len(phrases) / 2:
        yield Finding(
            Severity.WARNING,
            Area.SETTINGS,
            "foreign_synonyms",
            (Place(file=str(corpus / "synonyms.csv")),),
            f"Of {len(phrases)} phrases under `formal` {len(lost)} are in no document, such as "
            f"“{lost[0]}”.",
            "Write what your documents call things, or delete the file.",
        )


def _found(severity: Severity, code: str, setting: str, message: str, mend: str) -> Finding:
    return Finding(severity, Area.SETTINGS, code, (Place(setting=setting),), message, mend)
