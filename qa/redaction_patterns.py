"""Personal things that have a shape of their own: numbers, dates, addresses, e-mail and the like.

Each rule gives a text with what it found replaced by a mark: one private-use character, so that no
later rule reads it as a word or a number. `qa.redaction` makes brackets of the marks.

No pattern has a repeat that could begin at more than one place of the same run or be parted in
more than one way, so each takes time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = [
    "ADDRESS",
    "DATE",
    "E_MAIL",
    "NAME",
    "NUMBER",
    "ONLINE_SHAPES",
    "PHONE",
    "SHAPES",
    "replacing",
    "replacing_group",
]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


PHONE, E_MAIL, DATE, NUMBER, NAME, ADDRESS = "\ue000\ue001\ue002\ue003\ue004\ue005"

_REGIONS = ("US", "GB", "AU", "IE", "NZ", "MX", "ES")
"""National ways of writing a number; "US" covers Canada. With "+" any country's is found."""
_MOST_TRIES = 200
"""What looks like a number and is none, after which the library gives a text up."""
_DIGITS_OF_PHONE = 7

_UNIT = (
    r"(?![ -]?(?:mg|mcg|\u00b5g|ug|g|kg|ml|iu|units?|meq|mmol|%|percent|lbs?|pounds|cm|mm|calories"
    r"|steps|cells)\b)"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo"
    r"|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b\.?"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_MONTH_NUMBER = r"(?:1[0-2]|0?[1-9])"
_YEAR = r"(?:(?:19|20)\d\d|'?\d\d)"
_ORDINAL = r"(?:st|nd|rd|th)"
_DATES = (
    rf"(?<![\d./-]){_DAY}([/.-]){_DAY}\1{_YEAR}(?![\d/-]){_UNIT}",
    rf"(?<![\d./-])(?:19|20)\d\d([/.-]){_MONTH_NUMBER}\2{_DAY}(?!\d)",
    rf"\b(?:the )?{_DAY}{_ORDINAL}?(?: of| de|-)? ?{_MONTH}(?:(?:,| de|-)? ?{_YEAR})(?!\d){_UNIT}",
    rf"\b{_MONTH} ?{_DAY}{_ORDINAL}?,? {_YEAR}(?!\d){_UNIT}",
    rf"\b(?:the )?{_DAY}{_ORDINAL} (?:of )?{_MONTH}",
    rf"\b{_MONTH} (?:the )?{_DAY}{_ORDINAL}",
)
_BARE_DATES = rf"\b{_DAY} {_MONTH}(?! ?\d)|\b{_MONTH} {_DAY}(?![\d.,]\d|\d){_UNIT}"
"""Day and month alone: read only where the month begins with a capital or is no other word."""
_BORN = re.compile(
    r"\b(?:dob|d\.o\.b\.?|date of birth|birth ?date|birthday|born|fecha de nacimiento|nac[i\u00ed])"
    r"(?:\s*(?:[:=-]|is|was|on|in|el|en)){0,2}\s*(\d[\d./-]{2,}+)",
    re.IGNORECASE,
)
_DATE = re.compile("|".join(_DATES), re.IGNORECASE)
_BARE_DATE = re.compile(_BARE_DATES, re.IGNORECASE)
_MONTHS_THAT_ARE_WORDS = re.compile(r"\b(?:may|mar|march|sep|dec|jan|oct|apr|nov)\b")

_TLD = r"(?:com|org|net|edu|gov|info|biz|uk|ca|au|nz|ie|eu|nhs|health)"
_E_MAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]++(?:@| ?[(\[]at[)\]] ?)[\w-]++(?:(?:\.| ?[(\[]dot[)\]] ?)[\w-]++)*"
    rf"|(?<![\w.+-])[\w.+-]++ at [\w-]++ dot {_TLD}\b(?: dot {_TLD}\b)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.])@[A-Za-z_]\w++")
_WEB = re.compile(
    r"\b(?:https?|ftp)://\S++|\bwww\.\S++"
    rf"|(?<![\w.-])(?:[a-z\d-]++\.)+{_TLD}\b(?!\.[a-z])(?:[/?#]\S*+)?",
    re.IGNORECASE,
)

_PHONE = re.compile(
    r"(?<![\w.])(?:\+?\d{1,3}[ .-]?)?(?:\(\d{2,5}\) ?|\d{3}[.-])\d{3,4}[ .-]\d{3,4}\b"
)
_RUN = re.compile(r"(?<![\w.,/])\+?\(?\d(?:[ .()-]{0,2}\d)++")
_NO_RUN = re.compile(rf"[\w,/]|(?!{_UNIT})")
_YEARS = re.compile(r"(?:19|20)\d\d\D{1,2}(?:19|20)\d\d")
_LONG_RUN, _LONG_WHOLE = 7, 6
"""Digits of a number in groups, and of one in a piece, from which on it may be a person's."""
_CODE = re.compile(
    r"\b(?:[a-z]{2} ?\d\d ?\d\d ?\d\d ?[a-d]"  # National Insurance
    r"|\d[a-z][a-z\d]\d-?[a-z][a-z\d]\d-?[a-z]{2}\d\d"  # Medicare
    r"|\d{7}[a-w][a-i]?"  # Personal Public Service
    r"|[a-z]{2,3}\d{4,}[a-z]?)\b",
    re.IGNORECASE,
)
_NAMED_NUMBER = re.compile(
    r"\b(?:mrn|nhs|ssn|social security|nhi|medicare|medicaid|insurance|policy|member|account|acct"
    r"|record|chart|case|file|claim|patient|hospital|licen[cs]e|passport|id)"
    r"(?: (?:number|num|no|nr|id)\b\.?)?(?: is|:| #|#)? ?#?([a-z]{0,3}\d[\d-]{3,}+)",
    re.IGNORECASE,
)

_OVER_89 = r"(?:9\d|1[0-2]\d)"
_NINETY = (
    r"(?:ninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?:a|one) hundred(?: and \w+)?)"
)
_AGE = re.compile(
    rf"(?<![\d.])({_OVER_89}|\b{_NINETY})(?=[ -]?(?:years?[ -]old|yrs?[ -]old|y/?o\b|a\u00f1os))"
    rf"|\b(?:aged?(?: of| is|:)?|turn(?:ed|s|ing)?|edad:?) ({_OVER_89}|{_NINETY})(?![\d.]){_UNIT}"
    rf"|\b(?:i am|i'm|im|(?:he|she|mum|mom|mother|dad|father|gran"
    r"|gran(?:d|ny)?(?:ma|pa|mother|father)"
    rf"|husband|wife|aunt|uncle)(?: is|'s)) ({_OVER_89})(?![\d./])"
    r"(?! ?(?:%|percent|kg|kilos?|lbs?|pounds|mg|cm|days?|weeks?|months?|hours?|minutes?|mins?"
    r"|miles?|degrees|sure|in\b|over\b|beats|bpm))",
    re.IGNORECASE,
)

_NUMBERED = r"\b\d{1,5}[a-z]?,? ((?:[a-z'.-]++ ){1,3}?)"
_STREET = re.compile(
    _NUMBERED
    + r"(?:street|road|rd|avenue|ave|lane|boulevard|blvd|crescent|terrace|parkway|highway)"
    r"\b\.?",
    re.IGNORECASE,
)
_CAPITAL_STREET = re.compile(
    r"\b\d{1,5}[A-Za-z]?,? ()(?:[A-Z][\w'.-]*+ ){1,3}?"
    r"(?:St|Dr|Drive|Way|Close|Court|Ct|Place|Pl|Square|Sq|Ln|Row|Hill|Gardens|Park|Grove|Mews|Walk"
    r"|Circle|Trail)\b\.?"
)
_NO_STREET = _set(
    "mg mcg ml g kg units hours hour hrs minutes minute mins days day weeks week months month "
    "years year times time people percent pounds lbs pills tablets doses of in on down up the a "
    "an to and or from by my your is are was were that this for with miles km blocks at off after "
    "before"
)
_ROOM = re.compile(
    r"\b(?:apt|apartment|suite|p\.? ?o\.? ?box|flat|room|ward|bed)\b\.? ?#?\d{1,6}[a-z]?\b",
    re.IGNORECASE,
)
_POST_CODE = re.compile(
    r"\b(?:[a-z]{1,2}\d[a-z\d]? ?\d[abd-hjlnp-uw-z]{2}"  # United Kingdom
    r"|[abceghj-npr-tvxy]\d[abceghj-npr-tv-z][ -]?\d[abceghj-npr-tv-z]\d)\b",  # Canada
    re.IGNORECASE,
)
_CAPITAL_POST_CODE = re.compile(
    r"\b[AC-FHKNPRTV-Y]\d[\dW] ?(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{4}\b"  # Ireland
    r"|\b[A-Z]{2} \d{5}(?:-\d{4})?\b|\b\d{5}-\d{4}\b"  # United States
    r"|\b(?:NSW|VIC|QLD|ACT|TAS|WA|SA|NT) \d{4}\b"  # Australia
)
_NAMED_POST_CODE = re.compile(
    r"\b(?:zip|post)(?: ?code)?(?: is|:)? (\d{4,5})(?:-\d{4})?\b", re.IGNORECASE
)


def replacing(pattern: re.Pattern[str], mark: str) -> Callable[[str], str]:
    """A rule by which all that a pattern finds becomes a mark."""
    return lambda text: pattern.sub(mark, text)


def replacing_group(pattern: re.Pattern[str], mark: str) -> Callable[[str], str]:
    """A rule by which the one group that takes part in a match becomes a mark; the words around
    it stay."""

    def one(match: re.Match[str]) -> str:
        group = match.lastindex or 0
        start, end = match.start(group) - match.start(), match.end(group) - match.start()
        return match[0][:start] + mark + match[0][end:]

    return lambda text: pattern.sub(one, text)


def _phones(text: str) -> str:
    if sum(c.isdigit() for c in text) < _DIGITS_OF_PHONE:
        return text
    # Here, since questions are only redacted where they are kept.
    from phonenumbers import PhoneNumberMatcher  # noqa: PLC0415

    for region in _REGIONS:
        found = list(PhoneNumberMatcher(text, region, max_tries=_MOST_TRIES))
        for match in reversed(found):
            text = text[: match.start] + PHONE + text[match.end :]
    return text


def _bare_dates(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        return match[0] if _MONTHS_THAT_ARE_WORDS.search(match[0]) else DATE

    return _BARE_DATE.sub(one, text)


def _long_numbers(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        found = match[0]
        digits = sum(c.isdigit() for c in found)
        whole = found.lstrip("+").isdigit()
        short = digits < (_LONG_WHOLE if whole else _LONG_RUN)
        other = _YEARS.fullmatch(found) or _NO_RUN.match(text, match.end())
        return found if short or other else NUMBER

    return _RUN.sub(one, text)


def _streets(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        return match[0] if _NO_STREET.intersection(match[1].lower().split()) else ADDRESS

    return _STREET.sub(one, _CAPITAL_STREET.sub(ADDRESS, text))


ONLINE_SHAPES: tuple[Callable[[str], str], ...] = (
    replacing(_E_MAIL, E_MAIL),
    replacing(_WEB, ADDRESS),
    replacing(_HANDLE, NAME),
)
"""What may hold names and numbers in it, and so goes before all else."""
SHAPES: tuple[Callable[[str], str], ...] = (
    replacing(_DATE, DATE),
    replacing_group(_BORN, DATE),
    _bare_dates,
    _phones,
    replacing(_PHONE, PHONE),
    _streets,
    replacing(_POST_CODE, ADDRESS),
    replacing(_CAPITAL_POST_CODE, ADDRESS),
    replacing_group(_NAMED_POST_CODE, ADDRESS),
    replacing(_ROOM, ADDRESS),
    replacing(_CODE, NUMBER),
    replacing_group(_NAMED_NUMBER, NUMBER),
    _long_numbers,
    replacing_group(_AGE, NUMBER),
)
"""In the order in which they must be applied: what has a closer shape goes first."""
