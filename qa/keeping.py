"""What keeps feedback and questions: settings → the store, and what writes to it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

from qa.document import Document
from qa.errors import StoreError
from qa.feedback import FeedbackBook
from qa.notices import notices_for
from qa.question_log import QuestionLog
from qa.redaction import redact
from qa.safety import Assessment
from qa.safety import assess as assess_by_pattern
from qa.settings import Settings
from qa.spelling import words_of
from qa.store import Store
from qa.subject import named_subjects
from qa.types import Answer, Notice

__all__ = ["Keeping", "keeping_of", "known_words", "store_of"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Keeping:
    """What keeps feedback and questions; each raises StoreError, and is None where it is off."""

    feedback: FeedbackBook | None
    question: Callable[[Answer], None] | None


def store_of(settings: Settings, wait_s: float = 0.5) -> Store:
    """The file that the settings name; `wait_s` are the seconds that another's lock is waited for.

    It is not made by this.
    """
    return Store(settings.privacy.store, settings.privacy.keep_days, wait_s)


def keeping_of(
    settings: Settings,
    documents: Callable[[], Iterable[Document]],
    is_common: Callable[[str], bool],
    assess: Callable[[str], Assessment] = assess_by_pattern,
) -> Keeping:
    """What keeps feedback and questions, as the settings say; what is too old is taken out first.

    `documents` gives those that are served, `is_common` tells whether a word is everyday English,
    `assess` what danger a text tells of; where it fails the patterns alone do.

    Raises SettingsError where feedback is on and the settings have no notices to help with.
    """
    store, privacy = store_of(settings), settings.privacy
    try:
        store.expire()
    except StoreError as error:  # patients are answered nonetheless
        log.error("%s", error)
    known = known_words(documents, is_common)
    clean = partial(redact, is_known=known)
    questions = QuestionLog(store, clean).keep if privacy.log_questions else None
    if not privacy.feedback:
        return Keeping(None, questions)
    book = FeedbackBook(
        store,
        clean,
        partial(_assessed, assess),
        privacy.log_questions,
        documents=documents,
        notices=_notices_of(settings),
    )
    return Keeping(book, questions)


def known_words(
    documents: Callable[[], Iterable[Document]], is_common: Callable[[str], bool]
) -> Callable[[str], bool]:
    """Tells of a word whether it is everyday, names an illness or a drug, or is the documents'."""

    @lru_cache(maxsize=1)
    def words(sha256: tuple[str, ...]) -> frozenset[str]:
        return frozenset().union(*(words_of(one.text) for one in documents()))

    def known(word: str) -> bool:
        folded = word.casefold()
        served = words(tuple(one.sha256 for one in documents()))
        named = named_subjects(word, lambda _: False, is_common)
        return folded in served or is_common(folded) or bool(named)

    return known


def _assessed(assess: Callable[[str], Assessment], text: str) -> Assessment:
    """Help must not fail because a model does."""
    try:
        return assess(text)
    except Exception as error:  # its text may hold what was typed
        log.error("a note was looked at by patterns alone: %s", type(error).__name__)
        return assess_by_pattern(text)


def _notices_of(settings: Settings) -> Callable[[Assessment, str], tuple[Notice, ...]]:
    """The notices for what was found, in a language; the page's first where it has no such."""
    texts, wordings = settings.safety_texts(), settings.page.wordings()
    spoken = {wording.language: wording for wording in wordings}
    return lambda found, language: notices_for(found, texts, spoken.get(language, wordings[0]))
