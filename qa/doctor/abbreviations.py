"""Abbreviations that a document uses and nowhere explains, in English and Spanish.

A long form in front of or within brackets is told by the method of Schwartz and Hearst ("A simple
algorithm for identifying abbreviation definitions in biomedical text", PSB 2003): the letters of
the abbreviation are found in it from the last to the first, and the first begins a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qa.doctor.examined import Examined
from qa.doctor.finding import Area, Finding, Severity

__all__ = ["is_explained", "undefined_abbreviations"]

_CAPITALS = re.compile(r"(?<![\w@./'\u2019-])([A-Z\u00d1]{2,6})(?:s|es)?(?![\w@'\u2019]|-\w|\.\w)")
_EVERYDAY_LISTED = """AM PM OK TV PC ID PIN FAQ FAQS PDF CD DVD SMS GPS ATM ZIP US USA UK EU UN
NHS AIDS HIV DNA COVID ASAP DIY PO NB PS AD BC CE IQ LED USB VIP SOS CV DOB MD DR MR MRS MS RN ES
EE UU EEUU WIFI HTTP HTTPS WWW HTML CEO ETA TBA IVA ONU UE DNI CPR MG ML KG CM MM KM MCG"""
_EVERYDAY = frozenset(_EVERYDAY_LISTED.split())
"""Known to most, titles, and units written in capitals."""
_SHOUTED_LISTED = """A ALL AN AND ANY ARE AS AT BE BUT BY CALL CAN DAY DO FOR FROM GET HAVE HELP
HOW IF IN IS IT KEEP MAY MUST NEVER NEW NO NOT NOTE NOW OF ON ONE ONLY OR OUR OUT SEE SHOULD STOP
TAKE TELL THE THIS TO TWO UP USE WARN WE WHAT WHEN WHO WHY WILL WITH YES YOU YOUR ALWAYS BEFORE
AFTER EVERY DAILY URGENT DANGER ASK READ BOTH ALSO CON DE DEL EL EN LA LAS LOS NI NO NUNCA O PARA
PERO POR QUE SI SIN SU SUS UN UNA Y YA LLAME SOLO TOME USE DEBE AVISO"""
_SHOUTED = frozenset(_SHOUTED_LISTED.split())
_ROMAN = re.compile(r"(?:X{0,3})(?:IX|I?V|V?I{1,3})|X{2,3}|XI{0,3}")


def undefined_abbreviations(examined: Examined) -> Iterator[Finding]:
    """Each unexplained abbreviation once, where it is first used."""
    if examined.language not in ("en", "es"):
        return
    document = examined.document
    text = " ".join(document.text.split())
    small = set(re.findall(r"[^\W\d_]+", document.text))
    used: dict[str, list[int]] = {}
    for number, sentence in enumerate(examined.sentences):
        spoken = document.text[sentence.start : sentence.end]
        if not _is_shouted(spoken):
            for found in _CAPITALS.finditer(spoken):
                used.setdefault(found[1], []).append(number)
    for short, numbers in used.items():
        everyday = short in _EVERYDAY or short in _SHOUTED or short.lower() in small
        if everyday or _is_roman(short) or is_explained(short, text):
            continue
        times = "once" if len(numbers) == 1 else f"{len(numbers)} times"
        yield Finding(
            Severity.HINT,
            Area.TEXT,
            "undefined_abbreviation",
            (examined.place_of(examined.sentences[numbers[0]]),),
            f"“{short}” is used {times} and nowhere spelt out.",
            f"Write the words and the abbreviation in brackets where it first stands, or a "
            f"sentence “{short} stands for …”; or write the words instead.",
        )


def _is_shouted(sentence: str) -> bool:
    """Whether a sentence is written in capitals, so that they mean nothing."""
    letters = [letter for letter in sentence if letter.isalpha()]
    return sum(letter.isupper() for letter in letters) > len(letters) * 0.6


def _is_roman(short: str) -> bool:
    """Roman numerals; IV, a drip into a vein, is an abbreviation all the same."""
    return short != "IV" and bool(_ROMAN.fullmatch(short))


def is_explained(short: str, text: str) -> bool:
    """Whether a text, its white space folded, says anywhere what an abbreviation means."""
    for found in re.finditer(rf"(?<!\w){re.escape(short)}(?:s|es)?(?!\w)", text):
        before = text[max(0, found.start() - _REACH) : found.start()]
        after = text[found.end() : found.end() + _REACH]
        if _SAYS_WHAT.match(after) or _OR_SHORT.search(before):
            return True
        if _in_brackets(short, before, after):
            return True
    return False


_REACH = 130
"""Characters around an abbreviation in which its words may stand."""
_SAYS_WHAT = re.compile(
    r"[\"'\u201d\u2019]?(?:/\w+)*"
    r"(?: (?:stands? for|means?|is short for|is an? (?:abbreviation|acronym)|are short for"
    r"|significan?|quiere decir|corresponde a|son las siglas|es la sigla|es la abreviatura)\b"
    r"|,? (?:which|that) (?:means?|stands? for|is short for)\b|,? que (?:significa|quiere decir)\b"
    r"|, (?:an?|the|or|which (?:is|are)|that is|i\.e\.|una?|es decir|o sea|el|la|los|las) \w"
    r"| (?:is|are) (?:an?|one of|the (?:name|part|type|kind))\b| (?:es|son) (?:una?|el nombre)\b"
    r"|: [A-Z]?[a-z])"
)
_OR_SHORT = re.compile(
    r"(?:, or(?: just| simply)?|also (?:called|known as)|known as|called|shortened to|for short"
    r"|abbreviated(?: to| as)?|llamad[oa]s?(?: tambi\u00e9n)?|conocid[oa]s? como|, o|abreviado"
    r"|siglas en ingl\u00e9s|siglas) [\"'\u201c\u2018]?\Z",
    re.IGNORECASE,
)
_OPENED = re.compile(
    r"\((?:[^()]{0,40}[,;] )?(?:the |las siglas |o |or |sigla |en ingl\u00e9s,? )?\Z"
)
_SET_OFF = re.compile(r" (?:\(|[\u2013\u2014-] )")


def _in_brackets(short: str, before: str, after: str) -> bool:
    """ "long form (ABC)", "ABC (long form)", and the second with a dash for the brackets."""
    opened = _OPENED.search(before)
    if opened and after[:1] in (")", ",", ";") and _spells(short, before[: opened.start()].split()):
        return True
    set_off = _SET_OFF.match(after)
    if not set_off:
        return False
    within = re.split(r"[().;]", after[set_off.end() :])[0]
    return _spells(short, within.split(), anywhere=True)


def _spells(short: str, words: Iterable[str], *, anywhere: bool = False) -> bool:
    """Whether the last words (or the first) hold the letters in order, the first at a word."""
    chosen = list(words)
    most = min(len(short) + 5, len(short) * 2)
    long = " ".join(chosen[:most] if anywhere else chosen[-most:]).casefold()
    at = len(long)
    for number, letter in enumerate(reversed(short.casefold())):
        first = number == len(short) - 1
        at -= 1
        while at >= 0 and not (
            long[at] == letter and (not first or at == 0 or not long[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return False
    return True
