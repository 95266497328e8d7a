"""Danger first: what a message says of danger, and the fixed notices shown because of it.

Patterns find only what is said in words they know: they are one layer of several. Another is
`qa.danger_model`; `combine` joins the two. The crisis lines stand under every answer, whatever was
found here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from qa import danger_patterns as english
from qa import danger_patterns_es as spanish
from qa.danger_patterns import ENDINGS, LEET, PHRASES
from qa.errors import SettingsError
from qa.types import Notice

__all__ = [
    "Assessment",
    "Danger",
    "Line",
    "SafetyTexts",
    "assess",
    "combine",
    "dial_links",
    "normalise",
    "notices_for",
]


class Danger(StrEnum):
    """What a message calls for, from nothing to an ambulance."""

    NONE = "none"
    MENTION = "mention"
    ADVICE = "advice"
    CRISIS = "crisis"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was found. `rule` names the rule that fired, for staff; it holds none of the message.

    `margin` is by how much a layer that measures was sure; patterns leave it at nothing.
    """

    danger: Danger
    third_person: bool = False
    rule: str = ""
    margin: float = 0.0


_LOOKALIKES = str.maketrans("’‘ʼ′`“”аеіорсух", "'''''\"\"aeiopcyx")
# The English ones win: "k" and "q" are no English words, and "u" is seldom alone in Spanish.
_SPELLINGS = spanish.SPELLINGS | english.SPELLINGS
_DISGUISED = english.DISGUISED | spanish.DISGUISED
_RULES = (
    (Danger.EMERGENCY, (*english.EMERGENCY, *spanish.EMERGENCY)),
    (Danger.CRISIS, (*english.CRISIS, *spanish.CRISIS)),
    (Danger.ADVICE, (*english.ADVICE, *spanish.ADVICE)),
    (Danger.MENTION, (*english.MENTION, *spanish.MENTION)),
)
_RUN = re.compile(r"(?!\biii\b)([a-z])\1{2,}")
_SPELT_OUT = re.compile(r"(?<![\w'])(?:[a-z][ .*_-]){2,11}[a-z](?![\w'])")
_WORD = re.compile(r"[\w'!|$@*]+(?:-[\w']+)?")
_SENTENCE = re.compile(r"[.!;\n¡¿]+|(?<=\?)")


def normalise(text: str) -> str:
    """The text as the patterns want it: plain small letters, spelt out, single blanks.

    Invisible characters, accents, look-alike letters, digits used as letters, stretched letters,
    contractions and common misspellings are undone; doses and times keep their digits.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LOOKALIKES)).casefold()
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Mn"))
    plain = " ".join(plain.translate(_LOOKALIKES).split())
    plain = _RUN.sub(r"\1", plain)
    plain = _SPELT_OUT.sub(_join_letters, plain)
    plain = _WORD.sub(_plain_word, plain)
    for written, meant in PHRASES.items():
        plain = plain.replace(written, meant)
    return plain


def _join_letters(match: re.Match[str]) -> str:
    joined = re.sub(r"[^a-z]", "", match[0])
    return joined if joined in _DISGUISED else match[0]


def _plain_word(match: re.Match[str]) -> str:
    bare = match[0].rstrip("!")
    undone = bare.translate(LEET)
    if undone in _DISGUISED:
        bare = undone
    meant = _SPELLINGS.get(bare, bare)
    for ending, full in ENDINGS.items():
        if meant.endswith(ending):
            meant = meant.removesuffix(ending) + full
    return meant + match[0][len(match[0].rstrip("!")) :]


def assess(question: str) -> Assessment:
    """What danger a message (as it was typed) speaks of; the gravest finding wins."""
    text = normalise(question)
    sentences = [f" {part.strip()}" for part in _SENTENCE.split(text) if part.strip()]
    for danger, rules in _RULES:
        parts = {Danger.ADVICE: [*sentences, f" {text}"], Danger.MENTION: [text]}
        for rule in rules:
            if any(rule.fires(part) for part in parts.get(danger, sentences)):
                return Assessment(danger, rule.third_person, rule.name)
    return Assessment(Danger.NONE)


CLEAR_MARGIN = 1.4
"""How sure the model must be that a mention is more: its floor, and 0.4 that was not tuned."""
_GRAVITY = tuple(Danger)


def combine(by_pattern: Assessment, by_model: Assessment) -> Assessment:
    """The graver of two findings; the patterns' own where they agree.

    What the patterns took for a mere mention stays one unless the model is clearly sure:
    those who ask about suicide are near in vocabulary to those who think of it.
    """
    if _GRAVITY.index(by_model.danger) <= _GRAVITY.index(by_pattern.danger):
        return by_pattern
    grave = by_model.danger in (Danger.CRISIS, Danger.EMERGENCY)
    if grave and by_pattern.danger is Danger.MENTION and by_model.margin < CLEAR_MARGIN:
        return by_pattern
    return by_model


EMERGENCY_TEXT = (
    "This may be an emergency. Call {emergency} now. Do not wait for an answer here. "
    "This page is automated and cannot send help."
)
EMERGENCY_THIRD = EMERGENCY_TEXT + " Stay with them if it is safe."
POISON_TEXT = (
    "If too much of a medicine was taken, or something harmful was swallowed, you can also call "
    "the poison line: {poison}. Call {emergency} first if the person cannot be woken, has a "
    "seizure or has trouble breathing."
)
CRISIS_TEXT = (
    "If you may hurt yourself or someone else, or if someone may hurt you, please talk to a person "
    "now. You do not have to be sure.\n{lines}\n"
    "If there is danger right now, call {emergency}. If you can, be with someone you trust. "
    "This page is automated. No one is watching it."
)
CRISIS_THIRD = (
    "If someone may hurt themselves or someone else, please get help now. You can call for them, "
    "or ask what to say to them.\n{lines}\n"
    "If there is danger right now, call {emergency}. Stay with them if it is safe. "
    "This page is automated. No one is watching it."
)
ADVICE_TEXT = (
    "This page cannot advise on your own care. Do not start, stop or change a medicine because of "
    "what you read here. Ask your clinician{clinic}. Any quote below is general information."
)
DISCLAIMER_TEXT = (
    "This is an automated system. It quotes the clinic's documents. It is not medical advice, "
    "and no one is watching this page. See your clinician about your own care."
)
CRISIS_LINE_TEXT = (
    "In a crisis, or worried about someone? You can talk to a person:\n{lines}\n"
    "In an emergency, call {emergency}."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A crisis line, its numbers as they are to be read; `audience` says for whom it is."""

    name: str
    call: str
    text: str = ""
    url: str = ""
    audience: str = ""

    def __str__(self) -> str:
        ways = [f"call {self.call}"] if self.call else []
        ways += [f"text {self.text}"] if self.text else []
        whom = f" ({self.audience})" if self.audience else ""
        return f"{self.name}{whom}: {' or '.join(ways)}{', ' + self.url if self.url else ''}"


_PLACEHOLDER = re.compile(
    r"\b(?:todo|tbd|tba|fixme|change ?me|placeholder|example|your number|n/?a)\b|x{3,}|[<>]"
    r"|^[\W_]+$|^[0\s-]+$|\b555-?01\d\d\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SafetyTexts:
    """The [safety] table of qa.toml: whom to call in this country, and the standing disclaimer."""

    country: str
    emergency: str
    lines: tuple[Line, ...]
    poison: str = ""
    verified_on: str = ""
    disclaimer: str = DISCLAIMER_TEXT
    clinic_phone: str = ""

    def validate(self) -> None:
        """Raises SettingsError, saying what to write, unless every number can be shown as it is."""
        _require(self.country, "country", 'the country the numbers are for, such as "US"')
        australian = self.country.strip().casefold() in ("au", "aus", "australia")
        if not (australian and self.emergency.strip() == "000"):
            _require(self.emergency, "emergency", 'such as "911", or "your local emergency number"')
        _require(self.disclaimer, "disclaimer", "that this is automated and not medical advice")
        if not self.lines:
            _require("", "lines", 'at least one crisis line: [{name = "…", call = "988"}]')
        for place, line in enumerate(self.lines, start=1):
            _require(line.name, f"lines, entry {place}: name", "the crisis line's name")
            _require(line.call or line.text, f"lines, entry {place}: call", "its number, or `text`")
            _allow(line.text, f"lines, entry {place}: text", "the number for text messages")
            for way in filter(None, (line.call, line.text)):
                if not _number(way):
                    _require("", f"lines, entry {place}: call or text", "a number with digits")
            if line.url and not line.url.startswith(("https://", "http://")):
                _require("", f"lines, entry {place}: url", "an address that begins with https://")
        _allow(self.poison, "poison", 'such as "1-800-222-1222"')
        _allow(self.clinic_phone, "clinic_phone", "the clinic's number")
        if self.verified_on and not re.fullmatch(r"\d{4}-\d\d-\d\d", self.verified_on):
            _require("", "verified_on", 'the day someone rang the numbers, such as "2026-01-31"')


def _require(value: str, name: str, write: str) -> None:
    if not value.strip() or _PLACEHOLDER.search(value.strip()):
        raise SettingsError(
            f"qa.toml, table [safety]: `{name}` is missing or cannot be used. Write {write}. "
            "Nobody is answered until the page can say whom to call."
        )


def _allow(value: str, name: str, write: str) -> None:
    if value:
        _require(value, name, f"{write}, or leave it out")


def notices_for(assessment: Assessment, texts: SafetyTexts) -> tuple[Notice, ...]:
    """The fixed notices for what was found, in the order they are shown.

    Every outcome ends with the disclaimer and the crisis lines.
    """
    danger, third = assessment.danger, assessment.third_person
    made: list[Notice] = []
    if danger is Danger.EMERGENCY:
        made.append(_notice("emergency", EMERGENCY_THIRD if third else EMERGENCY_TEXT, texts))
        # The model does not say which emergency; the poison notice says when it applies.
        if texts.poison and assessment.rule.startswith(("overdose", "learnt")):
            made.append(_notice("poison", POISON_TEXT, texts))
    elif danger is Danger.CRISIS:
        made.append(_notice("crisis", CRISIS_THIRD if third else CRISIS_TEXT, texts))
    elif danger is Danger.ADVICE:
        made.append(_notice("advice", ADVICE_TEXT, texts))
    made.append(Notice("disclaimer", texts.disclaimer))
    made.append(_notice("crisis_line", CRISIS_LINE_TEXT, texts))
    return tuple(made)


def _notice(kind: str, template: str, texts: SafetyTexts) -> Notice:
    values = {
        "{emergency}": texts.emergency,
        "{poison}": texts.poison,
        "{lines}": "\n".join(map(str, texts.lines)),
        "{clinic}": f" ({texts.clinic_phone})" if texts.clinic_phone else "",
    }
    # One pass, so that braces in a setting are shown as they are and never filled in.
    return Notice(kind, re.sub(r"\{\w+\}", lambda slot: values[slot[0]], template))


def dial_links(texts: SafetyTexts) -> tuple[tuple[str, str], ...]:
    """(label, href) for each number of the settings that can be dialled or texted."""
    wanted = [("Call", texts.emergency, "emergency", "tel")]
    for line in texts.lines:
        wanted.append(("Call", line.call, line.name, "tel"))
        wanted.append(("Text", line.text, line.name, "sms"))
    wanted.append(("Call", texts.poison, "poison line", "tel"))
    return tuple(
        (f"{verb} {written}: {name}", f"{scheme}:{_number(written)}")
        for verb, written, name, scheme in wanted
        if _number(written)
    )


def _number(written: str) -> str:
    """The digits to dial: those of "988 then press 1" are 988."""
    found = re.search(r"\+?\d[\d ().-]*", written)
    return re.sub(r"[^\d+]", "", found[0]) if found else ""
