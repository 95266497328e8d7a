"""The stand-in assistant with the real notices, in several languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from qa.notices import Dial, SafetyTexts, dials_for, notices_for
from qa.safety import Assessment, Danger
from qa.types import Answer, Notice
from qa.wording import Wording
from tests.web.stand_in import StandIn

__all__ = ["Spoken"]


class Spoken(StandIn):
    """Says what the catalogues and the settings' numbers make of each kind of answer."""

    def __init__(self, texts: SafetyTexts, wordings: Sequence[Wording]) -> None:
        super().__init__()
        self._texts = texts
        self._wordings = {wording.language: wording for wording in wordings}

    def notices(self, language: str = "") -> tuple[Notice, ...]:
        return self._notices(Danger.NONE, language)

    def dials(self, language: str = "") -> tuple[Dial, ...]:
        return dials_for(self._texts, self._wordings[language or "en"])

    def ask(self, question: str, *, language: str = "", **more: Any) -> Answer:
        answer = super().ask(question, **more)
        by_notice = {
            "emergency": Danger.EMERGENCY,
            "crisis": Danger.CRISIS,
            "advice": Danger.ADVICE,
        }
        danger = by_notice.get(answer.notices[0].kind, Danger.NONE)
        return replace(answer, notices=self._notices(danger, language))

    def _notices(self, danger: Danger, language: str) -> tuple[Notice, ...]:
        return notices_for(Assessment(danger), self._texts, self._wordings[language or "en"])
