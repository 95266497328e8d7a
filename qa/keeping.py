"""What keeps feedback and questions: settings → the store, and what writes to it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

from qa.errors import StoreError
from qa.feedback import Feedback, FeedbackBook
from qa.question_log import QuestionLog
from qa.redaction import redact
from qa.safety import Danger, assess
from qa.settings import Settings
from qa.spelling import words_of
from qa.store import Store
from qa.subject import named_subjects
from qa.types import Answer, Document

__all__ = ["Keeping", "keeping_of", "known_words", "store_of"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Keeping:
    """What keeps feedback and questions; each raises StoreError, and is None where it is off."""

    feedback: Callable[[Feedback], None] | None
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
) -> Keeping:
    """What keeps feedback and questions, as the settings say; what is too old is taken out first.

    `documents` gives those that are served, `is_common` tells whether a word is everyday English.
    """
    store, privacy = store_of(settings), settings.privacy
    try:
        store.expire()
    except StoreError as error:  # patients are answered nonetheless
        log.error("%s", error)
    known = known_words(documents, is_common)
    clean = partial(redact, is_known=known)
    book = FeedbackBook(store, clean, _is_grave, privacy.log_questions)
    return Keeping(
        book.keep if privacy.feedback else None,
        QuestionLog(store, clean).keep if privacy.log_questions else None,
    )


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


def _is_grave(text: str) -> bool:
    return assess(text).danger in (Danger.CRISIS, Danger.EMERGENCY)
