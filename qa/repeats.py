"""Quotes that say nothing new beside an earlier one: nearly the same sentences once more.

A sentence repeats another where its telling words are all found in that one in the same order, and
little else is. Numbers, negations, conditions and words of degree or permission must be equal:
"Take 10 mg" does not repeat "Take 5 mg", nor "You may drive" "You may not drive".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

__all__ = ["says_nothing_new"]

_LITTLE_ELSE = 2 / 3
"""Share of the earlier sentence's telling words that the later one must have: what is left out of a
short sentence ("Children take one tablet") changes whom it is for."""
_WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?|[%\u00b5<>\u2264\u2265]")
_SILENT = re.compile(r"an?|the|this|that|these|those|its?|of|and|in|on|at|as|also|please")
"""Words that may differ between two sentences that say the same."""
_EXACT = re.compile(
    r"no|not|never|none|nor|neither|nobody|nothing|without|cannot|[a-z]+n't|avoid|stop|unless"
    r"|except|if|only|until|before|after|when|while|than|more|less|fewer|least|most|up|was|were"
    r"|may|might|can|could|must|should|shall|will|would|do|does|always|sometimes|often|rarely"
    r"|seldom|every|each|once|twice|half|all|any|some|few|both|or|but|however|[^a-z]*\d(?s:.*)|\W"
)
"""Words that must be the same, and as often, in both sentences; so must numbers and signs."""


def says_nothing_new(sentences: Sequence[str], earlier: Sequence[str]) -> bool:
    """Whether the sentences of a quote repeat sentences of an earlier one that stand together.

    They do where each repeats its own, one after the other, so that a list's item is never taken
    for the same item of a list with another lead-in.
    """
    count = len(sentences)
    told, known = [_telling(one) for one in sentences], [_telling(one) for one in earlier]
    return any(
        all(map(_repeats, told, known[start : start + count]))
        for start in range(len(known) - count + 1)
    )


@lru_cache(maxsize=2_048)
def _telling(sentence: str) -> tuple[str, ...]:
    """The words of a sentence that tell something, in order."""
    words = tuple(_WORD.findall(sentence.replace("\u2019", "'").casefold()))
    return tuple(word for word in words if not _SILENT.fullmatch(word)) or words or (sentence,)


def _repeats(later: Sequence[str], earlier: Sequence[str]) -> bool:
    if len(later) < _LITTLE_ELSE * len(earlier):
        return False
    if list(filter(_EXACT.fullmatch, later)) != list(filter(_EXACT.fullmatch, earlier)):
        return False
    rest = iter(earlier)
    return all(word in rest for word in later)
