"""Danger first: what a message says of danger. `qa.notices` has what is shown because of it.

Patterns find only what is said in words they know: they are one layer of several. Another is
`qa.danger_model`; `combine` joins the two. The crisis lines stand under every answer, whatever was
found here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from qa import danger_patterns as english
from qa import danger_patterns_es as spanish
from qa.danger_patterns import ENDINGS, LEET, PHRASES
from qa.disguises import readings, starred, taken_apart
from qa.lookalikes import as_it_looks

__all__ = [
    "MAX_ASSESSED",
    "Assessment",
    "Danger",
    "assess",
    "combine",
    "looked_at",
    "normalise",
]


class Danger(StrEnum):
    """What a message calls for, from nothing to an ambulance."""

    NONE = "none"
    MENTION = "mention"
    ADVICE = "advice"
    CRISIS = "crisis"
    EMERGENCY = "emergency"

    @property
    def is_grave(self) -> bool:
        """Whether help comes first."""
        return self in (Danger.CRISIS, Danger.EMERGENCY)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was found. `rule` names the rule that fired, for staff; it holds none of the message.

    `margin` is by how much a layer that measures was sure; patterns leave it at nothing.
    """

    danger: Danger
    third_person: bool = False
    rule: str = ""
    margin: float = 0.0


# The English ones win: "k" and "q" are no English words, and "u" is seldom alone in Spanish.
MAX_ASSESSED = 20_000
"""Characters that are looked at, in a message that is too long to be searched for: two seconds of a
processor. What somebody came to say stands at the beginning or the end of a longer one."""
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
_MARKS = "'!|$@*-"
# What stands around words or joins them, as in "~~kill~~ #myself" and "kill/myself". "a&e" stays.
_BETWEEN = re.compile(
    r'[#~"`^<>()\[\]{}\\]+|(?<=[a-z])[/+=,:]+(?=\w)|(?<=\d)[/+=,:]+(?=[a-z])'
    r"|(?<!\w)\*+|\*+(?!\w)"
)
_WORD = re.compile(r"[\w'!|$@*]+(?:-[\w']+)?")
_TWO = re.compile(
    r"\b(want|wants|wanted|need|going|ready|have|trying|like|plan|planning) ?2 ?"
    r"(?=(?:die|kill|end|hurt|harm|cut|hang|shoot|be|go|live|sleep)\b)"
)
# Said of oneself with nothing behind it; "unalive myself" is spelt out with the words below.
_UNALIVE = re.compile(
    r"\bunaliv(?:e|ing)\b(?=\s*(?:[^\w\s]|$)| (?:rn|right|tonight|today|tomorrow|now|soon|later"
    r"|again|already|every|all|so|too|bad|badly|lol|fr|and|but|bc|because|or|if|when|before|after"
    r"|sometimes|this|please|pls|in|at|with|by)\b)"
)
_UNALIVE_AS = re.compile(
    r"\bunaliv(?:e|ing)(?= (?:thought|feeling|ideation|idea|urge|impulse|mood))"
)
# Emoji and other pictures end a sentence too, as "I don't want to be here 😢" shows.
_SENTENCE = re.compile(r"[.!;\n¡¿\u2190-\u2bff\u3000-\u303f\U0001f000-\U0001faff]+|(?<=\?)")


def normalise(text: str) -> str:
    """The text as the patterns want it: plain small letters, spelt out, single blanks.

    Invisible characters, accents, look-alike letters, digits used as letters, stretched letters,
    contractions and common misspellings are undone; doses and times keep their digits.
    """
    plain = " ".join(as_it_looks(text).casefold().split())
    plain = _RUN.sub(r"\1", plain)
    plain = _SPELT_OUT.sub(_join_letters, plain)
    plain = " ".join(_BETWEEN.sub(" ", plain).split())
    plain = _UNALIVE.sub("kill myself", _UNALIVE_AS.sub("suicidal", plain))
    plain = _WORD.sub(_plain_word, _TWO.sub(r"\1 to ", plain))
    plain = _TWO.sub(r"\1 to ", plain)  # as "2 d1e" after digits became letters
    for written, meant in PHRASES.items():
        plain = plain.replace(written, meant)
    return plain


def _join_letters(match: re.Match[str]) -> str:
    joined = re.sub(r"[^a-z]", "", match[0])
    return joined if joined in _DISGUISED else match[0]


def _plain_word(match: re.Match[str]) -> str:
    bare, before = match[0].rstrip("!"), ""
    # A mark at its ends is a letter in disguise, or only stands there, as in "!k1ll", "*s3lf*".
    inner = bare.strip(_MARKS)
    undone = (bare.translate(LEET), inner.translate(LEET), starred(inner))
    if hidden := next((one for one in undone if one in _DISGUISED), ""):
        bare = hidden
    else:  # here it is no letter of a word in disguise
        before = bare[: len(bare) - len(bare.lstrip("!"))]
        bare = bare.lstrip("!")
    parts = [bare] if bare in _SPELLINGS else taken_apart(bare).split(" ")
    meant = " ".join(_SPELLINGS.get(one, one) for one in parts)
    for ending, full in ENDINGS.items():
        if meant.endswith(ending):
            meant = meant.removesuffix(ending) + full
    return before + meant + match[0][len(match[0].rstrip("!")) :]


def looked_at(text: str, most: int = MAX_ASSESSED) -> str:
    """What of a message is looked through for danger: all, or its two ends if it has more than
    `most` characters."""
    return text if len(text) <= most else f"{text[: most // 2]}\n{text[-(most // 2) :]}"


def assess(question: str) -> Assessment:
    """What danger a message (as it was typed) speaks of; the gravest finding wins."""
    found = [_assessed(normalise(text)) for text in readings(question)]
    return max(found, key=lambda one: _GRAVITY.index(one.danger))


def _assessed(text: str) -> Assessment:
    parts = [_bare(part) for part in _SENTENCE.split(text)]
    sentences = [f" {part}" for part in parts if part]
    parts_of = {Danger.ADVICE: [*sentences, f" {text}"], Danger.MENTION: [text]}
    if len(sentences) == 1 and sentences[0] == f" {text}":
        parts_of[Danger.ADVICE] = sentences  # most questions: nothing is looked at twice
    for danger, rules in _RULES:
        parts = parts_of.get(danger, sentences)
        for rule in rules:
            for part in parts:
                if rule.pattern.search(part) is not None and rule.fires(part):
                    return Assessment(danger, rule.third_person, rule.name)
    return Assessment(Danger.NONE)


def _bare(sentence: str) -> str:
    """A sentence without brackets, smileys and the like around it; a question keeps its mark."""
    start, end = 0, len(sentence)
    while start < end and not sentence[start].isalnum():
        start += 1
    while end > start and not (sentence[end - 1].isalnum() or sentence[end - 1] == "'"):
        end -= 1
    return sentence[start:end] + ("?" if "?" in sentence[end:] else "")


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
    grave = by_model.danger.is_grave
    if grave and by_pattern.danger is Danger.MENTION and by_model.margin < CLEAR_MARGIN:
        return by_pattern
    return by_model
