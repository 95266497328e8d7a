"""Dependence: whether a question leans on the one before it, and by which words.

It does by a pronoun that stands for nothing in the message itself, as a fragment ("and for
depression?"), or as a bare question word ("why?"). Whatever has a clause and a subject of its own
stands alone, whether "and" or "so" stands before it or not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from qa.lexicon import words_in
from qa.pronouns import AUXILIARY, PREPOSITION, Stands, content_words, find_pronoun, one_of
from qa.subject import NamedSubject

__all__ = ["Dependence", "Leans", "dependence", "is_small_talk"]


class Leans(Enum):
    """How a question leans on another."""

    ONE_THING = "it"
    SEVERAL = "they"
    STATEMENT = "is that normal?"
    FRAGMENT = "and for depression?"
    QUESTION_WORD = "why?"


@dataclass(frozen=True, slots=True)
class Dependence:
    """The words of a question that lean, as a place in it."""

    leans: Leans
    start: int
    end: int


_COURTESY = one_of(
    "hi|hiya|hello|hey|there|good (?:morning|afternoon|evening|night|day)|thanks|thank (?:you|u)",
    "thx|ty|cheers|(?:so|very) much|a lot|again|ok|okay|k|yes|yeah|yep|no|nope|(?:good)?bye",
    "for (?:all )?(?:your|the|ur) (?:help|time|answers?|info|information)|see (?:you|ya)|great",
    "cool|nice|perfect|awesome|good|fine|alright|all right|right|sure|wow|oh|ah|well|lol|hmm|sorry",
    "please|got it|i see|i understand|understood|(?:that |it )?makes sense|for now|you too",
    "never ?mind|that(?:'?s| is| was) (?:all|it|good|great|nice|fine|(?:so |very )?helpful)",
    "nothing(?: else)?",
    "i appreciate (?:it|that|your help)|how are (?:you|u)(?: doing)?(?: today)?",
    "(?:you're|you are) welcome|have a (?:good|nice|great) (?:day|night|evening|one|weekend)",
)
_SMALL_TALK = re.compile(rf"(?:{_COURTESY}\b\W*)+|\W*")
_LEAD_WORD = one_of(
    "and|but|so|or|also|plus|then|ok|okay|oh|ah|well|hi|hello|hey|yes|yeah|no|thanks|thank you",
    "great|good|hmm|sorry|alright|right",
)
_LEAD = re.compile(rf"(?:{_LEAD_WORD}\b[\s,.!:\u2026-]*)+", re.IGNORECASE)
_CONNECTIVE = re.compile(r"\b(?:and|but|or|also|plus)\b", re.IGNORECASE)
_ABOUT = re.compile(r"(?:(?:what|how)\s+(?:about|of|abt)|same (?:with|for))\b\s*", re.IGNORECASE)
_WHAT_IF = re.compile(r"what if\b", re.IGNORECASE)
_CLAUSE = re.compile(
    rf"\b(?:{AUXILIARY}|what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE
)
_HOW_MANY = re.compile(rf"{PREPOSITION}\s+how (?:many|much|long)\b", re.IGNORECASE)
_FOR_WHOM = re.compile(
    r"(?!in case)(?:for|with|without|in|on|at|during|after|before|over|since|until)\b",
    re.IGNORECASE,
)
_STARTS_WITH_PRONOUN = re.compile(
    r"(?:it|its|it's|this|that|these|those|they|them|their)\b", re.IGNORECASE
)
_QUESTION_WORD = re.compile(
    r"(?:(?:for|since|until|by|at|from|to|in)\s+)?"
    + one_of(
        r"why(?:\s+not)?|when|where|how|who|whom|which(?:\s+ones?)?|what\s+(?:else|kinds?|sorts?)",
        r"how\s+(?:long|often|many times|much|many|fast|soon|quickly|quick|bad|common|likely|come"
        r"|so|far|big)",
        r"like what|such as(?: what)?",
    )
    + r"(?:\s+(?:is|was)\s+(?:that|this))?(?:\s+(?:then|exactly|roughly|so|though|about))?\W*",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:can you |please )?(?:tell me |say )?more(?: details)?(?: please)?\W*", re.IGNORECASE
)
_BY_PRONOUN = {
    Stands.ONE_THING: Leans.ONE_THING,
    Stands.SEVERAL: Leans.SEVERAL,
    Stands.STATEMENT: Leans.STATEMENT,
}
_LONGEST = 25
"""Words; a longer message tells its own story."""
_LONGEST_JOINED, _LONGEST_UNJOINED = 6, 4
"""Words of a fragment with and without "and" or "what about" before it."""


def is_small_talk(message: str) -> bool:
    """Whether a message greets, thanks or agrees, and asks nothing."""
    plain = " ".join(message.casefold().replace("\u2019", "'").split())
    return _SMALL_TALK.fullmatch(plain) is not None


def dependence(question: str, named: Sequence[NamedSubject]) -> Dependence | None:
    """What of a question leans on an earlier one; None where it stands alone.

    `named` are the subjects that the question names (`qa.subject.named_subjects`). One that no
    document speaks of keeps the question as it is, so that it is refused for that subject.
    """
    foreign = any(not one.known for one in named)
    if foreign or len(words_in(question)) > _LONGEST or is_small_talk(question):
        return None
    lead = _LEAD.match(question)
    begin, end = (lead.end() if lead else 0), len(question)
    body = question[begin:]
    if _QUESTION_WORD.fullmatch(body) or _MORE.fullmatch(body):
        return Dependence(Leans.QUESTION_WORD, begin, end)
    about = _ABOUT.match(body)
    after = begin + about.end() if about else begin
    joined = bool(about or (lead and _CONNECTIVE.search(lead[0])))
    if _is_fragment(question[after:], joined, [one for one in named if one.start >= after]):
        return Dependence(Leans.FRAGMENT, after, end)
    pronoun = find_pronoun(question, begin, named)
    if pronoun:
        return Dependence(_BY_PRONOUN[pronoun.stands], pronoun.start, pronoun.end)
    if _WHAT_IF.match(body) and not named:
        return Dependence(Leans.STATEMENT, begin, end)
    return None


def _is_fragment(rest: str, joined: bool, named: Sequence[NamedSubject]) -> bool:
    """Whether no clause follows: a name or a noun behind "and" or "what about", or "for whom"."""
    content = content_words(rest)
    longest = _LONGEST_JOINED if joined else _LONGEST_UNJOINED
    if not (named or content) or len(words_in(rest)) > longest or _STARTS_WITH_PRONOUN.match(rest):
        return False
    if _CLAUSE.search(rest) and not _HOW_MANY.match(rest):
        return False
    beside = len(content) - sum(len(words_in(one.text)) for one in named)
    return (joined or _FOR_WHOM.match(rest) is not None) and not (named and beside > 0)
