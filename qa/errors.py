"""Everything that can go wrong in a way somebody can mend. Each message says what to do next.

QuotewellError
├── SettingsError      qa.toml, an environment variable or an option is wrong
├── CorpusError        the documents' folder, or one document in it, cannot be read
│   └── CatalogueError lines of the catalogue are wrong
├── ModelError         a model is missing, altered or unusable
├── IndexUnusable      there is no usable index
│   ├── MissingIndex   none was built yet
│   └── DamagedIndex   a file of it is missing or altered
├── VectorStoreError   the vector store beside the index cannot be used as it is
│   └── VectorStoreDown it does not answer at the moment
├── PageUnreadable     a document's page cannot be drawn
├── BuildError         a build could not be carried out; the live index is untouched
├── TransferError      an export cannot be written, or what should be one cannot be taken in
├── PublishError       a generation cannot be published, taken back or removed
├── CalibrationError   a stated error rate cannot be read or written
├── StoreError         a file in which feedback, questions or the staff's runs are kept is unusable
├── AccountError       a name, password or role of the staff's pages will not do
│   └── TooBusy        more people log in at once than the machine has room for
├── FeedbackError      feedback is not in the form it is kept in
├── QuestionError      a line of questions, or the golden questions' file, cannot be used
└── QuoteError         a quote would not be a slice of its document
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence

__all__ = [
    "AccountError",
    "BuildError",
    "CalibrationError",
    "CatalogueError",
    "CorpusError",
    "DamagedIndex",
    "FeedbackError",
    "IndexUnusable",
    "MissingIndex",
    "ModelError",
    "PageUnreadable",
    "PublishError",
    "QuestionError",
    "QuoteError",
    "QuotewellError",
    "SettingsError",
    "StoreError",
    "TooBusy",
    "TransferError",
    "VectorStoreDown",
    "VectorStoreError",
]


class QuotewellError(Exception):
    """The root: its text is meant to be shown as it is."""


class SettingsError(QuotewellError):
    """A setting is missing or wrong."""


class CorpusError(QuotewellError):
    """A document or the folder of documents cannot be read."""


class CatalogueError(CorpusError):
    """Lines of the catalogue are wrong: each of the `problems` names file and line."""

    def __init__(self, where: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        if len(self.problems) == 1:
            super().__init__(self.problems[0])
            return
        listed = "\n".join(f"  - {problem}" for problem in self.problems)
        super().__init__(f"{where} has {len(self.problems)} mistakes:\n{listed}")


class ModelError(QuotewellError):
    """A model cannot be used."""


class IndexUnusable(QuotewellError):
    """There is no usable index."""


class MissingIndex(IndexUnusable):
    """No index was built yet."""


class DamagedIndex(IndexUnusable):
    """Files of a generation are missing or were altered since it was built."""

    def __init__(self, where: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        listed = "\n".join(f"  - {problem}" for problem in self.problems)
        # Making it anew would not help whoever has no right to read it.
        refused = any(os.strerror(errno.EACCES) in problem for problem in self.problems)
        super().__init__(
            f"The index at {where} is damaged:\n{listed}\n"
            "Nothing is answered from a damaged index. "
            + (
                "Give the user that runs Quotewell the right to read it."
                if refused
                else "Run `qa build --force` to make it anew."
            )
        )


class VectorStoreError(QuotewellError):
    """What searches the vectors beside the index, Milvus, has not what it should hold."""


class VectorStoreDown(VectorStoreError):
    """It does not answer at the moment; whoever raises this has logged it once, not for each
    question."""


class PageUnreadable(QuotewellError):
    """A page of a document cannot be drawn; its text is not concerned."""

    def __init__(self, where: str, page: int, why: object) -> None:
        super().__init__(
            f"Page {page} of {where} cannot be drawn: {why}. Its text can be read all the same. "
            "Open the file in another program: where that fails too, put a sound copy into the "
            "folder of documents and run `qa build`."
        )


class BuildError(QuotewellError):
    """A build could not be carried out."""


class TransferError(QuotewellError):
    """A generation cannot be carried to, or from, another machine."""


class PublishError(QuotewellError):
    """A generation cannot be published, taken back or removed; what is live stays live."""


class CalibrationError(QuotewellError):
    """A stated error rate is damaged, or cannot be kept."""


class StoreError(QuotewellError):
    """Feedback, logged questions or what the staff's pages keep cannot be kept or read."""


class AccountError(QuotewellError):
    """Somebody cannot be given an account, or has none."""


class TooBusy(AccountError):
    """Too many passwords are looked at already; it is worth another try."""


class FeedbackError(QuotewellError):
    """Feedback is not in the form it is kept in; the text repeats nothing of it."""


class QuestionError(QuotewellError):
    """Questions given in a file cannot be used."""


class QuoteError(QuotewellError):
    """A quote would not be a slice of its document."""

    def __init__(self, document_id: str, start: int, end: int, length: int) -> None:
        super().__init__(
            f"{start}:{end} is not a stretch of text in {document_id!r}, "
            f"which has {length} characters. The index and the document do not belong together: "
            "run `qa build --force`."
        )
