"""Numbers in a sentence, with their units brought to one measure, and the words around them.

"six hours", "6 h" and "360 minutes" are one quantity, "4 to 6 hours" is a range. Numbers that name
a thing rather than measure it (a year, "type 2", "day 3") are told apart, since another such number
means another thing. English and Spanish.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

__all__ = ["HAS_NUMBER", "Quantity", "quantities_and_words"]

_HOUR = 60.0
_DAY = 24 * _HOUR
_UNITS: dict[str, tuple[str, float]] = {
    name: (dimension, factor)
    for dimension, table in {
        "time": {
            "seconds second secs sec segundos segundo": 1 / 60,
            "minutes minute mins min minutos minuto": 1.0,
            "hours hour hrs hr h horas hora": _HOUR,
            "days day d\u00edas d\u00eda dias dia": _DAY,
            "nights night noches noche": _DAY,
            "weeks week wks wk semanas semana": 7 * _DAY,
            "months month meses mes": 365.25 / 12 * _DAY,
            "years year yrs yr a\u00f1os a\u00f1o": 365.25 * _DAY,
        },
        "mass": {
            "mcg \u00b5g \u03bcg micrograms microgram microgramos": 0.001,
            "mg milligrams milligram milligrammes miligramos miligramo": 1.0,
            "g gram grams grammes gramos gramo": 1_000.0,
            "kg kilos kilo kilograms kilogram kilogramos": 1_000_000.0,
        },
        "volume": {
            "ml millilitres millilitre milliliters milliliter mililitros": 1.0,
            "l litres litre liters liter litros litro": 1_000.0,
        },
        "share": {"% percent percentage": 1.0},
    }.items()
    for names, factor in table.items()
    for name in names.split()
}
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_SPANISH = "cero - dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
_NUMBERS = {word: float(n) for n, word in enumerate(_WORDS.split())}
_NUMBERS |= {word: float(n) for n, word in enumerate(_SPANISH.split()) if word not in ("-", "once")}
_NUMBERS |= {
    "twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "ninety": 90.0,
    "veinte": 20.0, "treinta": 30.0, "cuarenta": 40.0, "cincuenta": 50.0, "sesenta": 60.0,
}  # fmt: skip
_NAMED_LISTED = """type stage grade step phase part level week day dose visit session
section page room floor ward table figure chapter version schedule unit line option group building
gate suite cycle tipo fase paso etapa grado sala planta página día"""
_NAMED_BY_NUMBER = frozenset(_NAMED_LISTED.split())
_BEFORE = {
    "at least": "least", "no less than": "least", "not less than": "least", "more than": "least",
    "minimum of": "least", "over": "least", "al menos": "least", "por lo menos": "least",
    "m\u00e1s de": "least", "up to": "most", "at most": "most", "no more than": "most",
    "not more than": "most", "less than": "most", "maximum of": "most", "within": "most",
    "under": "most", "hasta": "most", "menos de": "most", "no m\u00e1s de": "most",
}  # fmt: skip
_PHONE = re.compile(r"(?<!\d)\+?\(?\d[\d ().-]{5,20}\d(?!\d)")
_YEARS = re.compile(r"(?:19|20)\d\d\W+(?:19|20)\d\d")
_CLOCK = re.compile(
    r"\b(\d{1,2})(?:[:.](\d\d))?\s*([ap])\.?\s?m\b\.?|\b(\d{1,2}):(\d\d)\b", re.IGNORECASE
)
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b")
_CITED = re.compile(r"\((?:[A-Z]{1,3}\d{1,3}[,;\s\u2013-]*)+\)|\[[\d,;\s\u2013-]+\]")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|%|[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")

HAS_NUMBER = re.compile(
    rf"\d|\b(?:{'|'.join([*_NUMBERS, 'once', 'twice', 'half', 'hour', 'media'])})\b",
    re.IGNORECASE,
)
"""Whether there can be a quantity in a sentence: quicker than to look for it."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or a range of numbers, in the measure of its kind."""

    kind: str
    """time (minutes), mass (mg), volume (ml), share (%), clock (minutes after midnight), phone,
    name (a year, "type 2"), or count for any other."""
    low: float
    high: float
    bound: str = ""
    """`least` behind "at least", `most` behind "up to"; else empty."""

    def differs(self, other: Quantity) -> bool:
        """Whether both cannot be said of one thing.

        A number within the other's range goes with it; two ranges must be the same. Months and
        years have no exact length in days, so that one part in twenty makes no difference there.
        """
        if self.kind != other.kind:
            return True
        if {self.bound, other.bound} == {"least", "most"}:
            return False
        long = self.kind == "time" and min(self.low, other.low) >= 6 * _DAY
        loose = 0.05 if long else 0.0 if self.kind == "phone" else 1e-6
        alone = self.low == self.high, other.low == other.high
        if alone[0] != alone[1]:
            point, reach = (self, other) if alone[0] else (other, self)
            return not reach.low * (1 - loose) <= point.low <= reach.high * (1 + loose)
        return not (_near(self.low, other.low, loose) and _near(self.high, other.high, loose))


def _near(a: float, b: float, loose: float) -> bool:
    return abs(a - b) <= loose * max(abs(a), abs(b))


def quantities_and_words(sentence: str) -> tuple[tuple[Quantity, ...], tuple[str, ...]]:
    """The quantities of a sentence in order, and its other words in small letters in order."""
    found: list[Quantity] = []
    text = _DATE.sub(" ", _CITED.sub(" ", sentence))
    text = _PHONE.sub(lambda one: _phone(one[0], found), text)
    text = _CLOCK.sub(lambda one: _clock(one, found), text)
    tokens = [one[0].replace("\u2019", "'").lower() for one in _TOKEN.finditer(_unjoined(text))]
    words: list[str] = []
    i = 0
    while i < len(tokens):
        used, quantity = _at(tokens, i, words)
        if quantity is None:
            words.append(tokens[i])
            i += 1
        else:
            found.append(quantity)
            i += used
    return tuple(found), tuple(words)


def _unjoined(text: str) -> str:
    """Signs that join a number to its unit or to another number, as words."""
    text = re.sub(r"(?<=\d)\s*[\u2013\u2014-]\s*(?=\d)", " to ", text)
    text = re.sub(r"(?<=\w)-(?=\w)", " ", text)
    text = re.sub(r"\bper cent\b|\bpor ciento\b", "%", text, flags=re.IGNORECASE)
    text = re.sub(r"\bhalf an hour\b|\bmedia hora\b", "30 minutes", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?<!at )once (?=a|each|every|per|daily)", "1 times ", text, flags=re.I)
    text = re.sub(r"\btwice\b", "2 times", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(for|in|within) an? (?=hour\b|day\b|week\b|month\b|year\b)", r"\1 1 ", text)
    return re.sub(r"(?<=\d)(?=[^\W\d_])", " ", text)


def _at(tokens: list[str], i: int, words: list[str]) -> tuple[int, Quantity | None]:
    """How many tokens from `i` on are a quantity, and which; words that belong to it are taken
    from the end of `words`."""
    low = _value(tokens, i)
    if low is None:
        return 1, None
    before = words[-1] if words else ""
    used, high = 1, low
    factor_low = None
    if i + 1 < len(tokens) and tokens[i + 1] in _UNITS and _value(tokens, i + 3) is not None:
        factor_low = tokens[i + 1]  # "30 minutes to 2 hours"
    at = i + (2 if factor_low else 1)
    if at + 1 < len(tokens) and tokens[at] in _range_words(before):
        second = _value(tokens, at + 1)
        if second is not None:
            high, used = second, at + 2 - i
    unit = tokens[i + used] if i + used < len(tokens) else ""
    if factor_low is None and _is_name(low, before, unit) and (high == low or _is_year(high)):
        return used, Quantity("name", low, high)
    if factor_low and used == 1:
        unit = factor_low
    kind, factor = _UNITS.get(unit, ("count", 1.0))
    used += unit in _UNITS
    first = _UNITS[factor_low][1] if factor_low else factor
    bound = _bound(words)
    if before in ("between", "from", "entre", "de", "desde") and high != low:
        words.pop()
    return used, Quantity(kind, low * first, high * factor, bound)


def _range_words(before: str) -> tuple[str, ...]:
    return ("to", "or", "a", "o", "and", "y") if before in ("between", "entre") else _RANGE


_RANGE = ("to", "or", "a", "o")


def _value(tokens: list[str], i: int) -> float | None:
    """The number at that place; "one" only in front of what is measured or counted."""
    if i >= len(tokens):
        return None
    word = tokens[i]
    if word[0].isdigit():
        if _THOUSANDS.fullmatch(word):
            return float(word.replace(",", ""))
        try:
            return float(word.replace(",", "."))
        except ValueError:
            return None
    if word == "one" and (i + 1 >= len(tokens) or tokens[i + 1] not in _countable()):
        return None
    return _NUMBERS.get(word)


@cache
def _countable() -> frozenset[str]:
    things = """tablet tablets capsule capsules pill pills dose doses spray sprays drop drops puff
    puffs glass cup teaspoon tablespoon visit session infusion treatment to or time injection"""
    return frozenset(things.split()) | frozenset(_UNITS)


def _is_name(value: float, before: str, unit: str) -> bool:
    return unit not in _UNITS and (_is_year(value) or before in _NAMED_BY_NUMBER)


def _is_year(value: float) -> bool:
    return value == int(value) and 1900 <= value <= 2099


def _bound(words: list[str]) -> str:
    """What stands in front of a number and bounds it; taken from the words."""
    for length in (3, 2, 1):
        found = _BEFORE.get(" ".join(words[-length:]))
        if found and len(words) >= length:
            del words[-length:]
            return found
    return ""


def _phone(written: str, found: list[Quantity]) -> str:
    digits = re.sub(r"\D", "", written)
    if len(digits) < 7 or _YEARS.fullmatch(written) or re.search(r"\d[.,]\d+\D+\d", written):
        return written
    value = float(digits)
    found.append(Quantity("phone", value, value))
    return " "


def _clock(match: re.Match[str], found: list[Quantity]) -> str:
    hour = int(match[1] or match[4])
    minute = int(match[2] or match[5] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3].lower() == "p" else 0)
    value = hour * 60.0 + minute
    found.append(Quantity("clock", value, value))
    return " "
