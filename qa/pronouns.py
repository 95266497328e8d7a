"""Pronouns: the first of a question that stands for something said in an earlier one.

"How long does it last?" has one. "Is it safe to drive?" has none, its "it" being grammar alone; nor
has "I take lithium, is it a problem?", whose "it" stands for what the message itself has before it;
nor "do they watch me?", since "they" are then the clinic's people. Where that is not sure, none is
found: a question that needs no other must not be altered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from qa.lexicon import words_in
from qa.subject import NamedSubject

__all__ = [
    "AUXILIARY",
    "PREPOSITION",
    "Pronoun",
    "Stands",
    "content_words",
    "find_pronoun",
    "one_of",
]


class Stands(Enum):
    """What a pronoun stands for."""

    ONE_THING = "it"
    SEVERAL = "they"
    STATEMENT = "that"
    """All that was said: "is that normal?"."""


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun's place in a question."""

    stands: Stands
    start: int
    end: int


def one_of(*alternatives: str) -> str:
    """A pattern of any of the alternatives, which are parted by `|`."""
    return f"(?:{'|'.join(alternatives)})"


def _compiled(*alternatives: str) -> re.Pattern[str]:
    return re.compile(one_of(*alternatives), re.IGNORECASE)


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


AUXILIARY = one_of(
    "is|are|was|were|am|be|been|being|do|does|did|has|have|had|can|could|will|would|shall|should",
    "may|might|must|isn't|aren't|wasn't|don't|doesn't|didn't|can't|won't|wouldn't|isnt|arent|wasnt",
    "dont|doesnt|didnt|cant|wont|cannot|i'm|it's|its|that's|there's|what's|whats",
)
PREPOSITION = one_of(
    "for|with|without|in|on|at|during|after|before|over|under|from|about|to|by|among|despite|since",
    "until|against|between|per|of",
)
_FUNCTION_WORDS = _words(
    "a an the this that these those it its it's they them their there here i me my mine we us our",
    "you your u he him his she her who whom whose what which when where why how is are was were am",
    "be been being do does did done has have had can could will would shall should may might must",
    "not no and but or so if then than as of for with without in on at to from by about into over",
    "under after before during while until since because up out off again also too very really",
    "just even still only ever any some all each more most much many few lot both either such same",
    "other another else yes please ok okay now get gets got like don't doesn't didn't isn't can't",
    "won't i'm i've that's what's dont doesnt didnt isnt cant wont im ive thats whats",
    "actually maybe well let lets",
)
_NEVER_MEANT = _FUNCTION_WORDS | _words(
    "wife husband partner son daughter mother mom mum dad father sister brother aunt uncle doctor",
    "doc people person man woman kid child friend buddy nurse clinician therapist guy somebody",
    "someone anybody anyone everybody everyone want wanted know ask asked asking wonder wondering",
    "say said tell told think thought hear heard read mean see question time day week month year",
    "way thing one first last next start started clinic hospital staff team pharmacy insurance",
)
"""Folded words that no "it" stands for: persons, times, places, and ways of asking."""

_KIND = one_of(
    "drug|medicine|medication|med|treatment|therapy|stuff|procedure|product|substance|illness",
    "disease|condition|disorder",
)
_PRONOUN = _compiled(
    rf"\b(?:this|that)\s+{_KIND}\b",
    r"\b(?P<several>they|them|their|these|those)\b",
    r"\b(?P<statement>this|that)(?:['\u2019]?s)?\b",
    r"\bit['\u2019]?s?\b(?! own\b)",
)

# An "it" that is grammar alone.
_ADJECTIVE = one_of(
    "safe|ok|okay|k|normal|common|possible|impossible|true|bad|good|wrong|right|dangerous|important",
    "better|best|worse|hard|harder|easy|easier|difficult|legal|illegal|likely|unlikely|necessary",
    "fine|alright|all right|helpful|harmful|risky|wise|smart|unusual|usual|weird|strange|odd|rare",
    "late|early|healthy|useful|allowed|advised|advisable|recommended|required|known|proven|clear",
    "time|enough|an? (?:good |bad |big |real )?(?:idea|problem|must|thing|sign|risk|mistake|issue)",
    "certain|sure|nice|crazy|silly|stupid|typical|natural|worth|worthwhile|up to me|my fault",
)
_BETWEEN = one_of(
    "be|been|being|get|become|is|was|isn't|ever|really|even|still|also|just|not|actually|generally",
    "usually|too|very|so|more|quite|considered|always|only|a|bit",
)
_CLAUSE_FOLLOWS = one_of(
    r"(?:to|2)(?! (?:the|an?|my|your|his|her|our|their|people|children|kids|others?|any\w*|all|me"
    r"|us|you|him)\b)",
    "that|whether|because|how|why|what",
    r"(?!during|any|every|some|noth|morn|even)[^\W\d_]+ing",
)
_OF_A_CASE = one_of(
    "ok|okay|normal|fine|alright|all right|bad|possible|true|wrong|better|best|good|common|allowed",
    "a problem|an issue|weird|strange|odd|unusual",
)
_FOR_WHOM = r"(?:(?:for|of|with|that)\s+(?:[\w'\u2019-]+\s+){1,6}?)?"
_LASTING = "long|a while|me|you|people|somebody|someone|time|days|weeks|months"
_GRAMMAR_ALONE = _compiled(
    rf"it(?:['\u2019]?s)?\s+(?:{_BETWEEN}\s+)*"
    + one_of(
        rf"{_ADJECTIVE}\s+{_FOR_WHOM}{_CLAUSE_FOLLOWS}\b",
        rf"{_OF_A_CASE}\s+(?:if|when|i|we|my)\b",
        rf"takes?\s+(?:(?:{_LASTING})\s+)?(?:to|for|until|before)\b",
        r"costs?\s+(?:[^\W\d_]+\s+){0,3}?to\b",
        r"feels?\s+(?:like\s+)?(?:to|when)\b|like\s+(?:to|when|being|having)\b",
        r"(?:(?:just|only)\s+)?(?:me|you|us)\b|that\b|because\b|matters?\b",
        r"(?:hurt|help)s?\s+(?:to|if)\b|means?\s+(?:when|if|that|to|for)\b",
        r"(?:makes?|made)\s+(?:sense|a difference|any difference|any sense)\b",
        r"(?:the|my|his|her|your|an?)\s+\w+\s+that\b",
        r"seems?\b|turns?\b|depends?\b|comes? to\b|says?\b|rain\w*\b|has been\b|been\b",
        r"hot\b|cold\b|sunny\b|dark\b|\d|easy\b|being\b|going to (?:rain|snow|be)\b",
    )
)
_BE_BEFORE = _compiled(r"\b(?:is|was|isn't|wasn't|isnt|wasnt)\s+$")
_NO_OPINION = one_of(
    "supposed|meant|used|given|going|able|due|similar|related|thought|addicted|compared|next|close",
    "linked|needed|added|here|there|back|up|down|want|made|taken|designed|intended",
)
_ANY_ADJECTIVE = _compiled(
    rf"it\s+(?:(?:{_BETWEEN}|(?!{_BETWEEN}\s)\w+ly)\s+)*(?!{_NO_OPINION}\b)[^\W\d_]+\s+{_FOR_WHOM}"
    rf"(?:that|whether|(?=to\b|2\b){_CLAUSE_FOLLOWS})\b"
)
"""After "is": "is it currently allowed to …", but not "is it used to treat …".

"Really" must be read in one way only, else each one more doubles the time a failure takes.
"""
_HOW_BEFORE = _compiled(r"\bhow\s+\w+\s+(?:is|was|would|could|can)\s+$")
_HOW_AFTER = _compiled(rf"it\s+(?:be\s+)?{_FOR_WHOM}{_CLAUSE_FOLLOWS}\b")
_DECLARED = _compiled(
    r"it(?:['\u2019]?s|\s+is|\s+was)\s+(?:a|an|the|my|our|his|her|been|not|now|only|already)\b"
)
_TAKEN = r"(?:take|use|have|get|give|mix|combine|stop|try|be given|do)"
_TOUGH = _compiled(
    rf"it(?:['\u2019]?s)?\s+(?:\w+\s+){{0,3}}?to\s+{_TAKEN}\s*+"
    + one_of(
        rf"\b{PREPOSITION}\b",
        r"\b(?:while|when|if|together|every|daily|again|long|as|twice|more|regularly|often)\b",
        r"\W*$",
    )
)
"""What is safe to take is the thing itself: "is it safe to take at home?"."""
_TAKES_TO_WORK = _compiled(
    r"it\s+takes?\s+(?:\w+\s+)?(?:to|for it to)\s+(?:work|kick in|wear off|help|act|start|begin"
    r"|take effect|go away|leave|show|fade)\b",
)
_IDIOM_BEFORE = _compiled(
    r"\b(?:make|makes|made|making|find|finds|found|worth|get over|getting over|deal with|beat"
    r"|what time is)\s+$"
)
_IDIOM_AFTER = _compiled(
    r"it\s+(?:easy|easier|hard|harder|possible|impossible|difficult|slow|worse)\b", r"it\W*$"
)
_AUXILIARY_BEFORE = _compiled(rf"\b{AUXILIARY}\s+$")

# "They" that are things.
_HOW_ARE = _compiled(r"\b(?:how\s+\w+|what)\s+(?:are|were)\s+$")
_THINGS = _compiled(
    r"they\s+(?:(?:actually|really|even|also|still|always|usually|all|ever|just|only|not|be|have|been"
    r"|get|considered|very|too|so)\s+)*"
    + one_of(
        "last|go|wear|come|happen|help|work|hurt|mean|cause|affect|interact|begin|stop|feel|differ",
        "kick in|fade|pass|clear|disappear|ease|improve|serious|dangerous|safe|common|permanent",
        "bad|rare|normal|addictive|approved|effective|expensive|reversible|harmful|treatable|mild",
        "severe|different|covered|legal|strong|painful|worse|better|drugs|medicines|both|any good",
        "the same",
    )
    + r"\b",
    r"their\s+(?:side|effects?|risks?|benefits?|doses?|costs?|prices?|use|names?|symptoms?|results?)\b",
)
_TO_PERSONS = _compiled(
    r"\b(?:call|tell|ask|see|contact|reach|phone|email|pay|visit|trust|text|talk to|give|show|let"
    r"|made|make)\s+$"
)
_OF_PERSONS = re.compile(r"\s+(?:with|who|that|of us|in)\b", re.IGNORECASE)

# A "that" that is no "that" of "I read that …" or "that day".
_STATEMENT_BEFORE = _compiled(rf"\b(?:{AUXILIARY}|{PREPOSITION}|than|like|mean|by)\s+$")
_STATEMENT_AFTER = _compiled(
    r"\s*(?:$|[?.!,;])",
    r"\s*"
    + one_of(
        "a|an|the|normal|safe|true|ok|okay|dangerous|bad|good|common|permanent|serious|usual|rare",
        "last|lasts|mean|means|happen|happens|hurt|help|helps|work|works|go|goes|stop|cause|make",
        "makes|take|cost|why|how|long|for|with|also|still|even|really|all|from|in|at|every|to|too",
        "be|been|by|only|just|always|ever|likely|proven|approved|legal|illegal|covered|because|part",
        "what|not|wear|feel|come|after|during|harmful|painful|risky|worse|better|called|and|or|but",
        "if|when|get|include|affect|have|possible|treatable|on|so|then|expected|allowed|recommended",
        "same|as",
    )
    + r"\b",
)
_ONE_THING_BEFORE = _compiled(r"\b(?:than|with|without|of|on|to|against|like|for|about)\s+$")

# What the message has itself.
_BOUNDARY = _compiled(r"[.?!;:,\n\u2014]|\s-\s", r"\b(?:and|but|or|so|because|though|although)\b")
"""Before such a bound any word may be what a pronoun stands for."""
_SUBORDINATE = _compiled(
    r"\b(?:to|if|when|while|since|unless|until|after|before|as|what|how|why|who|where|that)\b"
)
_NOUN = _compiled(
    r"\b(?:a|an|the|my|your|his|her|our|their|any|some|this|these|of|with|from)\s+([^\W\d_]+)"
)
_BESIDE = _compiled(r"\b(?:than|like|as|to|with|on|without|before|after|during|alongside)\s+$")
_RIGHT_BEHIND = re.compile(
    r"\s+(?:(?:only|just|really|mainly)\s+)?(?:the\s+|from\s+|because of\s+)?", re.IGNORECASE
)
_MOST_LOOKED_AT = 25
"""Pronouns of one question; only nonsense ("it'it'it …") has more."""


def content_words(text: str) -> list[str]:
    """The words of a text that are neither grammar nor numbers, in order and as written."""
    return [
        word.text
        for word in words_in(text)
        if word.text.casefold().replace("\u2019", "'") not in _FUNCTION_WORDS
        and not word.text[0].isdigit()
    ]


def find_pronoun(question: str, begin: int, named: Sequence[NamedSubject]) -> Pronoun | None:
    """The first pronoun from `begin` on that stands for something in an earlier question.

    `named` are the subjects that the question names itself (`qa.subject.named_subjects`).
    """
    for match in islice(_PRONOUN.finditer(question, begin), _MOST_LOOKED_AT):
        stands = _stands_for(question, begin, match)
        if stands and not _meant_here(question, begin, match, named):
            return Pronoun(stands, *match.span())
    return None


def _stands_for(question: str, begin: int, match: re.Match[str]) -> Stands | None:
    """What a pronoun is likely to stand for; None where for nothing, or for people."""
    before, after = question[: match.start()], question[match.end() :]
    word = match[0].casefold()
    if match["several"]:
        return Stands.SEVERAL if _speaks_of_things(question, match) else None
    if not match["statement"]:
        return None if _is_grammar(question, match.start()) else Stands.ONE_THING
    opens = not before[begin:].strip() and word in ("that's", "that\u2019s", "thats")
    if word == "this" and re.match(r"\s+(?:an?|the)\b", after, re.IGNORECASE):
        return None  # "Is this a robot?" asks about the page.
    if not (opens or _STATEMENT_BEFORE.search(before)) or not _STATEMENT_AFTER.match(after):
        return None
    return Stands.ONE_THING if _ONE_THING_BEFORE.search(before) else Stands.STATEMENT


def _speaks_of_things(question: str, match: re.Match[str]) -> bool:
    """Whether "they" are things that were asked about, and not people."""
    word, before, after = match[0].casefold(), question[: match.start()], question[match.end() :]
    if word in ("they", "their"):
        last = _HOW_ARE.search(before) and re.fullmatch(r"\W*", after)
        return bool(last or _THINGS.match(question, match.start()))
    if word == "them":
        return not _TO_PERSONS.search(before)
    behind = re.sub(r"^\s+(?:is|are|were)\b", "", after)
    return not _OF_PERSONS.match(after) and _STATEMENT_AFTER.match(behind) is not None


def _is_grammar(question: str, start: int) -> bool:
    """Whether an "it" stands for nothing: "is it normal to …", "makes it easier"."""
    if _TOUGH.match(question, start) or _TAKES_TO_WORK.match(question, start):
        return False
    before = question[:start]
    if _IDIOM_BEFORE.search(before) and _IDIOM_AFTER.match(question, start):
        return True
    if _HOW_BEFORE.search(before) and _HOW_AFTER.match(question, start):
        return True
    if _BE_BEFORE.search(before) and _ANY_ADJECTIVE.match(question, start):
        return True
    declared = not _AUXILIARY_BEFORE.search(before) and _DECLARED.match(question, start)
    return bool(declared or _GRAMMAR_ALONE.match(question, start))


def _meant_here(
    question: str, begin: int, match: re.Match[str], named: Sequence[NamedSubject]
) -> bool:
    """Whether a pronoun may stand for something in the message itself.

    A name before it will do, but "take oxycodone with it" speaks of two things. "If it helps, how
    long does ketamine last?" and "is it the ketamine?" have their name behind it.
    """
    start, end = match.span()
    before = question[begin:start]
    bounds = [bound.end() for bound in _BOUNDARY.finditer(before)]
    clause = begin + (bounds[-1] if bounds else 0)
    names = [one for one in named if begin <= one.start < start]
    if names and (names[-1].start < clause or not _BESIDE.search(before)):
        return True
    later = [one for one in named if one.start >= end]
    behind = _RIGHT_BEHIND.match(question, end)
    if behind and any(one.start == behind.end() for one in later):
        return True
    if later and (match["statement"] or _BOUNDARY.search(question, end, later[0].start)):
        return True
    if bounds and _may_be_meant(content_words(question[begin:clause])):
        return True
    lower = [found.start() for found in _SUBORDINATE.finditer(before)]
    return bool(lower) and _may_be_meant(_NOUN.findall(before[: lower[-1]]))


def _may_be_meant(words: Sequence[str]) -> bool:
    return any(word.folded not in _NEVER_MEANT for text in words for word in words_in(text))
