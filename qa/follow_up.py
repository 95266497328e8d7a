"""Follow-ups: a question that leans on an earlier one, as it is to be searched for.

"And how long does it last?", asked after a question about ketamine, is searched for as "And how
long does ketamine last?". `qa.dependence` tells what leans, and by which words; here what they
stand for is put in from the questions before. A question that stands alone is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.dependence import Dependence, Leans, dependence, is_small_talk
from qa.pronouns import content_words, one_of
from qa.subject import NamedSubject, named_subjects

__all__ = ["MAX_JOINED", "completed"]

Says = Callable[[str], bool]

MAX_JOINED = 300
"""Characters of an earlier question that is searched for together with its follow-up."""

MAX_DEFINED = 80
"""Characters of a question that does nothing but ask what something is."""

_SINGULAR_HEAD = one_of(
    "infusion|drip|injection|treatment|therapy|dose|trial|study|spray|visit|session|course|surgery",
    "operation|test|scan|medicine|drug|pill|tablet|placebo|guideline|label|review",
)
_PLURAL_HEAD = one_of(
    "side[ -]effects|side[ -]affects|effects|symptoms|signs|risks|benefits|results|infusions",
    "injections|treatments|therapies|doses|trials|studies|sessions|visits|medicines|drugs|pills",
    "tablets|reviews",
)
_OF = r"\s+(?:of|from|with|for|on|in|to|about)\s+(?:the\s+|taking\s+|using\s+)?"
_ARTICLE = r"(?:an?|the|my|his|her|your|our|this|that|its)"
_SINGULAR_PHRASE = re.compile(
    rf"\b{_ARTICLE}\s+(?P<noun>(?:[^\W\d_]+\s+)?(?:{_SINGULAR_HEAD}))\b", re.I
)
_INDEFINITE = re.compile(r"^an?\s+", re.I)
"""What was "a treatment" is "the treatment" once it was spoken of."""
_HEAD_BEHIND = re.compile(rf"\s+(?:{_SINGULAR_HEAD})\b", re.I)
_PLURAL_PHRASE = re.compile(rf"\b(?P<noun>{_PLURAL_HEAD})\b", re.I)
_WHAT_IS = r"(?:what|who|wat|wht)(?:['\u2019]?s|\s+is|\s+are|\s+was|\s+were)\s+(?:exactly\s+)?"
_DEFINED = re.compile(
    rf"(?:(?:so|and|ok)\s+)?{_WHAT_IS}(?:an?\s+|the\s+)?(?P<noun>[^?.!,]+?)\W*"
    r"|what\s+does\s+(?P<meant>[^?.!,]+?)\s+(?:mean|stand for)\W*"
    r"|(?:tell me about|explain)\s+(?P<told>[^?.!,]+?)\W*",
    re.I,
)
_DETERMINED_END = re.compile(r"\b(?:the|my|your|his|her)\s+[^\W\d_]+\W*$", re.I)
_DETERMINED = re.compile(r"(?:the|my|your|his|her)\s+[^\W\d_]+\W*", re.I)
_BEGINS_WITH_VERB = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|can|could|will|would|should|may|might|must)\b", re.I
)
_PREPOSITION = re.compile(
    r"(?:for|with|without|in|on|at|during|after|before|from|by|against)\b", re.I
)
_BESIDE_QUESTION_WORD = re.compile(r"(?<!\s)\s+(?:(?:is|was)\s+(?:that|this)|then)\b", re.I)
_POSSESSIVE = ("its", "their")


@dataclass(frozen=True, slots=True)
class _Earlier:
    """An earlier question, completed, with the subjects it names."""

    text: str
    named: tuple[NamedSubject, ...]


def completed(question: str, previous: Sequence[str], speaks_of: Says, is_common: Says) -> str:
    """The question as it is to be searched for: completed from those before it, or unchanged.

    `previous` are the earlier questions on the screen as they were typed, oldest first, without
    those that were answered with a danger notice. `speaks_of` tells of a name whether the documents
    speak of it, `is_common` of a word whether it is everyday English.

    A follow-up to a follow-up leans on the completed one. Greetings, thanks and whatever has no
    word of the documents lead nowhere and are passed over, and so is a question without a subject
    when a pronoun's is looked for.
    """
    earlier: list[_Earlier] = []
    for text in (*previous, question):
        named = tuple(named_subjects(text, speaks_of, is_common))
        found = dependence(text, named) if earlier else None
        full = _complete(text, found, earlier, named) if found else text
        on_topic = named or any(map(speaks_of, content_words(text)))
        if on_topic and not is_small_talk(text):
            again = named if full == text else tuple(named_subjects(full, speaks_of, is_common))
            earlier.append(_Earlier(full, again))
    return full


def _complete(
    question: str, found: Dependence, earlier: Sequence[_Earlier], named: Sequence[NamedSubject]
) -> str:
    """The question with what it leans on, or as it is where that is nowhere to be found."""
    last = earlier[-1]
    rest = question[found.start : found.end]
    if found.leans is Leans.QUESTION_WORD:
        return _with_question_word(rest, last, question)
    if found.leans is Leans.FRAGMENT:
        return _with_fragment(
            rest, last, [one for one in named if one.start >= found.start], question
        )
    if found.leans is Leans.STATEMENT:
        return _joined(last, question)
    find = _plural_of if found.leans is Leans.SEVERAL else _singular_of
    subject = next(filter(None, map(find, reversed(earlier))), "")
    if not subject:
        # Without their noun "they" are the clinic's people.
        return question if found.leans is Leans.SEVERAL else _joined(last, question)
    if re.search(rf"\b{re.escape(subject.casefold())}\b", question.casefold()):
        return question
    return _put(subject, question, found)


def _put(subject: str, question: str, found: Dependence) -> str:
    """The question with a subject in its pronoun's place."""
    pronoun = question[found.start : found.end].casefold()
    if pronoun in _POSSESSIVE:
        subject += "'" if subject.endswith("s") else "'s"
    elif pronoun.endswith(("'s", "\u2019s")) or pronoun == "thats":
        subject += " is"
    return question[: found.start] + subject + question[found.end :]


def _singular_of(earlier: _Earlier) -> str:
    """What an "it" may stand for: what was asked to be explained, the first name, or a noun."""
    defined = _defined(earlier.text)
    if defined and not _is_plural(defined):
        return defined
    text = earlier.text
    if earlier.named:
        first = earlier.named[0]
        end = first.start + len(first.text)
        head = _HEAD_BEHIND.match(text, end)
        return text[first.start : head.end() if head else end]
    phrase = _SINGULAR_PHRASE.search(text)
    return _INDEFINITE.sub("the ", phrase[0]) if phrase else ""


def _plural_of(earlier: _Earlier) -> str:
    """What a "they" may stand for: several things that were named or asked about."""
    defined = _defined(earlier.text)
    if defined and _is_plural(defined):
        return defined
    phrase = _PLURAL_PHRASE.search(earlier.text)
    if phrase:
        of = re.compile(_OF).match(earlier.text, phrase.end())
        for one in earlier.named:
            end = one.start + len(one.text)
            if of and one.start == of.end():
                return f"the {earlier.text[phrase.start() : end]}"
            if end == phrase.start() - 1:
                return earlier.text[one.start : phrase.end()]
        return f"the {phrase[0]}"
    plural = [one.text for one in earlier.named if _is_plural(one.text)]
    return plural[0] if plural else ""


def _defined(text: str) -> str:
    """What "what is …" asks about, if it is a name or short phrase and no whole clause."""
    match = _DEFINED.fullmatch(text.strip()) if len(text) <= MAX_DEFINED else None
    noun = next(filter(None, match.groups()), "") if match else ""
    words = noun.split()
    short = 0 < len(words) <= 3 and len(content_words(noun)) == len(words)
    return noun if short else ""


def _is_plural(phrase: str) -> bool:
    last = phrase.casefold().split()[-1]
    return len(last) > 3 and last.endswith("s") and not last.endswith(("ss", "us", "is"))


def _with_question_word(rest: str, last: _Earlier, question: str) -> str:
    """ "Why?" before "Does it help?" makes one question; before any other there are two."""
    word = _BESIDE_QUESTION_WORD.sub("", rest).rstrip("?.! ")
    if len(last.text) > MAX_JOINED:
        return question
    if _BEGINS_WITH_VERB.match(last.text) and not re.search(r"[.!?]\s", last.text.strip()):
        return f"{word} {last.text[0].lower()}{last.text[1:]}"
    return _joined(last, question)


def _with_fragment(rest: str, last: _Earlier, named: Sequence[NamedSubject], question: str) -> str:
    """A fragment in the place of its like in the earlier question, or behind it."""
    if len(last.text) > MAX_JOINED:
        return question
    mark = "?" if "?" in question or "?" in last.text else ""
    whole = last.text.rstrip("?.! ")
    rest = rest.rstrip("?.! ")
    preposition = _PREPOSITION.match(rest)
    if preposition:
        same = re.compile(rf"\b{preposition[0]}\s+(?:[\w'-]+\s+){{0,2}}[\w'-]+\s*$", re.I).search(
            whole
        )
        if not same and named and len(last.named) > 1 and whole.endswith(last.named[-1].text):
            return f"{whole[: last.named[-1].start]}{named[0].text}{mark}"
        return f"{whole[: same.start()].rstrip() if same else whole} {rest}{mark}"
    if named and last.named:
        old = last.named[0]
        end = old.start + len(old.text)
        return f"{whole[: old.start]}{named[0].text}{whole[end:]}{mark}"
    place = _DETERMINED_END.search(whole)
    if place and _DETERMINED.fullmatch(rest):
        return f"{whole[: place.start()]}{rest}{mark}"
    return _joined(last, question)


def _joined(last: _Earlier, question: str) -> str:
    """Both questions, one behind the other."""
    if len(last.text) > MAX_JOINED:
        return question
    earlier = last.text.strip()
    return f"{earlier}{'' if earlier[-1:] in tuple('?.!') else '?'} {question}"
