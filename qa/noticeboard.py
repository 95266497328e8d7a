"""The notices of one clinic in the languages of its pages."""

from __future__ import annotations

from collections.abc import Sequence

from qa.message_language import language_of_message
from qa.notices import Dial, SafetyTexts, dials_for, notices_for
from qa.safety import Assessment, Danger
from qa.types import Notice
from qa.wording import Wording, load_wording

__all__ = ["Noticeboard"]


class Noticeboard:
    """Numbers and wordings put together for each answer."""

    def __init__(self, texts: SafetyTexts, wordings: Sequence[Wording] = ()) -> None:
        """`wordings` are the pages' languages, the first one first; English where none is given.

        Raises SettingsError where a number is missing.
        """
        texts.validate()
        self.texts = texts
        spoken = tuple(wordings) or (load_wording(),)
        self._wordings = {wording.language: wording for wording in spoken}
        self._first = spoken[0]

    def standing(self, language: str = "") -> tuple[Notice, ...]:
        """The notices that every answer carries."""
        return notices_for(Assessment(Danger.NONE), self.texts, self._wording(language))

    def dials(self, language: str = "") -> tuple[Dial, ...]:
        """The numbers to tap: the emergency number and the crisis lines."""
        return dials_for(self.texts, self._wording(language))

    def notices(
        self, found: Assessment, question: str, language: str = "", *, quoted: bool = True
    ) -> tuple[Notice, ...]:
        """The notices for a message in the page's language, the first one where there is no such.

        Help comes in the language of the message as well, where that is another one.
        """
        wording = self._wording(language)
        first, *rest = notices_for(found, self.texts, wording, quoted=quoted)
        written_in = language_of_message(question) if found.danger.is_grave else ""
        if written_in in ("", wording.language.partition("-")[0]):
            return (first, *rest)
        other = self._wordings.get(written_in) or load_wording(written_in)
        return (first, notices_for(found, self.texts, other)[0], *rest)

    def _wording(self, language: str) -> Wording:
        return self._wordings.get(language, self._first)
