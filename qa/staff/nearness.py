"""What refused topics ask of an assistant: which words may be shown, and which section is near."""

from __future__ import annotations

from collections.abc import Callable

from qa.assistant import Assistant
from qa.document import Document, Section
from qa.lexicon import bundled_lexicon, fold_word
from qa.names import bundled_names
from qa.search import search
from qa.spelling import words_of
from qa.types import Vectors

__all__ = ["nearest_section", "showable_words"]


def showable_words(assistant: Assistant) -> Callable[[str], bool]:
    """Tells of a word in small letters whether it is everyday English, a word of the documents or
    the name of an illness or a drug, and on no list of people's names."""
    names, lexicon = bundled_names(), bundled_lexicon()
    written: set[str] = set()
    for document in assistant.documents():
        written |= words_of(document.text)
    is_common = assistant.embedder.is_common

    def may_be_shown(word: str) -> bool:
        if word in names.plain or word in names.doubtful:
            return False
        return word in written or is_common(word) or lexicon.has_word(fold_word(word))

    return may_be_shown


def nearest_section(
    assistant: Assistant, words: str, vector: Vectors
) -> tuple[Document, Section] | None:
    """The section that patients are quoted from which comes nearest; None without documents.

    `words` are searched for beside `vector`, float32 (dim,), of unit length.
    """
    within = [one.id for one in assistant.documents()]
    generation = assistant.live.current()
    hits = search(generation, words, vector, 1, within) if within else []
    document = generation.document(hits[0].chunk.document_id) if hits else None
    return (document, document.sections[hits[0].chunk.section]) if document else None
