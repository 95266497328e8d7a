"""The fixed notices: whom to call in this country, what this page is, and when each is shown.

Numbers come from the settings, words from a language's catalogue. Every outcome ends with the
disclaimer and the crisis lines, whatever was found.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from urllib.parse import quote as percent_encode

from qa.errors import SettingsError
from qa.safety import Assessment, Danger
from qa.types import Notice
from qa.wording import BASE, Wording

__all__ = ["LOCAL", "Dial", "Line", "SafetyTexts", "dial_link", "dials_for", "notices_for"]

LOCAL = "local"
"""Written for the emergency number where the country is not known."""
_A_YEAR = 366
_PLACEHOLDER = re.compile(
    r"\b(?:todo|tbd|tba|fixme|change ?me|placeholder|example|your number|n/?a)\b|x{3,}|[<>]"
    r"|^[\W_]+$|^[0\s-]+$|\b555-?01\d\d\b",
    re.IGNORECASE,
)
_WORD_TO = re.compile(r"([^\W\d_]+)\s+\S+\s+(\+?\d.*)")
"""How the number is written where a code word is to be sent: "SHOUT to 85258"."""


@dataclass(frozen=True, slots=True)
class Line:
    """A crisis line, its numbers as they are to be read; `audience` says for whom it is.

    A line with a `language` is shown on the page in that language only.
    """

    name: str
    call: str = ""
    text: str = ""
    url: str = ""
    audience: str = ""
    language: str = ""

    def written(self, wording: Wording) -> str:
        """The line as one sentence of a notice."""
        ways = [_inside(_doing(way, number, wording)) for way, number in self._ways()]
        name = self.name
        if self.audience:
            name = wording("safety.for_audience", name=name, audience=self.audience)
        how = ", ".join(filter(None, (f" {wording('safety.or')} ".join(ways), self.url)))
        return wording("safety.line", name=name, ways=how)

    def dials(self, wording: Wording) -> list[Dial]:
        """The ways to reach it that a telephone can follow."""
        return [_dial(self.name, way, number, wording) for way, number in self._ways()]

    def _ways(self) -> list[tuple[str, str]]:
        return [(way, value) for way in ("call", "text") if (value := getattr(self, way))]


@dataclass(frozen=True, slots=True)
class Dial:
    """A number to tap: whose it is, what tapping does, and its `tel:` or `sms:` link."""

    name: str
    doing: str
    href: str


@dataclass(frozen=True, slots=True)
class SafetyTexts:
    """The [safety] table of qa.toml: whom to call in this country, and the standing disclaimer."""

    country: str
    emergency: str
    lines: tuple[Line, ...]
    poison: str = ""
    verified_on: str = ""
    disclaimer: str = ""
    """The clinic's own; on pages in other languages, and where it is empty, the catalogue's."""
    disclaimer_language: str = BASE
    clinic_phone: str = ""

    def lines_in(self, language: str) -> tuple[Line, ...]:
        """The lines for a page in a language; all of them where none is for that language."""
        wanted = ("", language.partition("-")[0])
        meant = tuple(one for one in self.lines if one.language.partition("-")[0] in wanted)
        return meant or self.lines

    def checked(self, today: datetime.date) -> str:
        """When somebody rang the numbers, in words, with what to do where that is long ago."""
        if not self.verified_on:
            return "never checked: ring each number, then set `verified_on` in qa.toml"
        age = (today - datetime.date.fromisoformat(self.verified_on)).days
        again = "; ring them again, they are checked once a year" if age > _A_YEAR else ""
        return f"checked on {self.verified_on}{again}"

    def validate(self) -> None:
        """Raises SettingsError, saying what to write, unless every number can be shown as it is."""
        _require(self.country, "country", 'the country the numbers are for, such as "US"')
        australian = self.country.strip().casefold() in ("au", "aus", "australia")
        if not (australian and self.emergency.strip() == "000"):
            _require(self.emergency, "emergency", f'such as "911", or "{LOCAL}" for any country')
        if not self.lines:
            _require("", "lines", 'at least one crisis line: [{name = "…", call = "988"}]')
        for place, line in enumerate(self.lines, start=1):
            _validate_line(line, f"lines, entry {place}: ")
        _allow(self.poison, "poison", 'such as "1-800-222-1222"')
        _allow(self.clinic_phone, "clinic_phone", "the clinic's number")
        _allow(self.disclaimer, "disclaimer", "that this is automated and not medical advice")
        if self.verified_on and not _is_date(self.verified_on):
            _require("", "verified_on", 'the day someone rang the numbers, such as "2026-01-31"')


def _is_date(written: str) -> bool:
    try:
        datetime.date.fromisoformat(written)
    except ValueError:
        return False
    return len(written) == 10


def _validate_line(line: Line, where: str) -> None:
    _require(line.name, f"{where}name", "the crisis line's name")
    ways = line.call or line.text or line.url
    _require(ways, f"{where}call", "its number, or `text`, or at least `url`")
    _allow(line.text, f"{where}text", "the number for text messages")
    for way in filter(None, (line.call, line.text)):
        _require(way, f"{where}call or text", "a number")
        if not _number(way):
            _require("", f"{where}call or text", "a number with digits")
    if line.url and not line.url.startswith(("https://", "http://")):
        _require("", f"{where}url", "an address that begins with https://")


def _require(value: str, name: str, write: str) -> None:
    if not value.strip() or _PLACEHOLDER.search(value.strip()):
        raise SettingsError(
            f"qa.toml, table [safety]: `{name}` is missing or cannot be used. Write {write}. "
            "Nobody is answered until the page can say whom to call."
        )


def _allow(value: str, name: str, write: str) -> None:
    if value:
        _require(value, name, f"{write}, or leave it out")


def notices_for(
    assessment: Assessment, texts: SafetyTexts, wording: Wording, *, quoted: bool = True
) -> tuple[Notice, ...]:
    """The fixed notices for what was found, in the order they are shown.

    `quoted` says whether quotes stand below, which the notice on personal advice speaks of.
    """
    danger = assessment.danger
    third = "_third" if assessment.third_person else ""
    values = _values(texts, wording)
    made: list[Notice] = []
    if danger is Danger.EMERGENCY:
        made.append(Notice("emergency", wording(f"safety.emergency{third}", **values)))
        # The model does not say which emergency; the poison notice says when it applies.
        if texts.poison and assessment.rule.startswith(("overdose", "learnt")):
            made.append(Notice("poison", wording("safety.poison", **values)))
    elif danger is Danger.CRISIS:
        made.append(Notice("crisis", wording(f"safety.crisis{third}", **values)))
    elif danger is Danger.ADVICE:
        name = "advice" if quoted else "advice_alone"
        name += "_phone" if texts.clinic_phone else ""
        made.append(Notice("advice", wording(f"safety.{name}", **values)))
    own = texts.disclaimer if wording.language == texts.disclaimer_language else ""
    made.append(Notice("disclaimer", own or wording("safety.disclaimer")))
    made.append(Notice("crisis_line", wording("safety.crisis_line", **values)))
    return tuple(made)


def _values(texts: SafetyTexts, wording: Wording) -> dict[str, str]:
    return {
        "emergency": _emergency(texts, wording),
        "poison": texts.poison,
        "lines": "\n".join(line.written(wording) for line in texts.lines_in(wording.language)),
        "phone": texts.clinic_phone,
    }


def _emergency(texts: SafetyTexts, wording: Wording) -> str:
    local = texts.emergency.strip().casefold() == LOCAL
    return wording("safety.local_emergency") if local else texts.emergency


def dials_for(texts: SafetyTexts, wording: Wording) -> tuple[Dial, ...]:
    """Each number of the settings that can be dialled or texted, the emergency number first."""
    made = [_dial(wording("safety.emergency_name"), "call", texts.emergency, wording)]
    for line in texts.lines_in(wording.language):
        made += line.dials(wording)
    made.append(_dial(wording("safety.poison_name"), "call", texts.poison, wording))
    return tuple(one for one in made if one.href)


def _dial(name: str, way: str, written: str, wording: Wording) -> Dial:
    """Without a link where there is nothing to dial."""
    word, number = _word_and_number(written)
    scheme = "tel" if way == "call" else "sms"
    body = f"?body={percent_encode(word)}" if word and way == "text" else ""
    digits = _number(number)
    return Dial(name, _doing(way, written, wording), f"{scheme}:{digits}{body}" if digits else "")


def _doing(way: str, written: str, wording: Wording) -> str:
    """What to do, in words: "Call 988", "Text SHOUT to 85258"."""
    word, number = _word_and_number(written)
    if word and way == "text":
        return wording("safety.text_word", word=word, number=number)
    return wording(f"safety.{way}", number=written)


def _word_and_number(written: str) -> tuple[str, str]:
    found = _WORD_TO.fullmatch(written.strip())
    return (found[1], found[2]) if found else ("", written)


def _number(written: str) -> str:
    """The digits to dial: those of "988 then press 1" are 988, brackets hold an area code only."""
    found = re.search(r"\+?\d[\d .-]*(?:\(\d+\)[\d .-]*)?|\(\d+\)[\d .-]+", written)
    return re.sub(r"[^\d+]", "", found[0]) if found else ""


def dial_link(written: str) -> str:
    """The `tel:` link of a number as it is written; empty where it has no digits."""
    digits = _number(written)
    return f"tel:{digits}" if digits else ""


def _inside(text: str) -> str:
    """A text as it stands within a sentence."""
    return text[:1].lower() + text[1:]
