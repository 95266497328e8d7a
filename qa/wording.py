"""The wording of everything the program itself says to patients: one catalogue file a language.

A catalogue is a TOML file of texts, in which `{name}` marks a place that is filled in. It says
nothing of documents: what is quoted is never translated.
"""

from __future__ import annotations

import datetime
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from qa.errors import SettingsError

__all__ = ["BASE", "Wording", "load_wording", "shipped_languages", "slots_of"]

BASE = "en"
"""The language whose catalogue says which texts there are."""
_FOLDER = Path(__file__).parent / "data" / "wording"
_SLOT = re.compile(r"\{(\w+)\}")
_TAG = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")
"""A language tag: a catalogue's file and a page's address are called by it."""
# Characters without a picture, which would be shown to patients by their number, and could break
# what stands around them: control characters, bidirectional embeddings and overrides. Marks and
# isolates (U+200E, U+200F, U+2066 to U+2069), which texts from right to left need, are not of them.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one language."""

    language: str
    """A language tag, such as "en" or "pt-BR"."""
    texts: Mapping[str, str]
    """Full name, such as "chat.ask" → text."""

    def __call__(self, name: str, /, **values: object) -> str:
        """The text of that name, filled in, in one pass: braces in a value stay as they are.

        Raises KeyError for a name or a place that there is not.
        """
        return _SLOT.sub(lambda slot: str(values[slot[1]]), self.texts[name])

    def pieces(self, name: str) -> list[tuple[str, str]]:
        """The text cut at its places: ("text", ...) and ("slot", its name) in turn."""
        cut = _SLOT.split(self.texts[name])
        kinds = ("text", "slot")
        return [(kinds[at % 2], piece) for at, piece in enumerate(cut) if piece]

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self._locale.text_direction

    @property
    def own_name(self) -> str:
        """What the language calls itself."""
        name = self._locale.display_name or self.language
        return name[:1].upper() + name[1:]

    def name_of(self, language: str) -> str:
        """What this language calls another one; its tag where no name is known."""
        try:
            return Locale.parse(language, sep="-").get_display_name(self._locale) or language
        except (UnknownLocaleError, ValueError):
            return language

    def number(self, number: int) -> str:
        """A whole number as this language writes it.

        Spanish leaves four digits together (RAE, Ortografía, 2010), and its countries differ in
        what would part them.
        """
        together = self._locale.language == "es" and number < 10_000
        return format_decimal(number, locale=self._locale, group_separator=not together)

    def list_of(self, things: Sequence[str]) -> str:
        """Things one after the other, such as "4, 7 and 9"."""
        return format_list(things, locale=self._locale)

    def date(self, written: str) -> str:
        """A date written 2026-11-24 in words; anything else stays as it is."""
        try:
            day = datetime.date.fromisoformat(written)
        except ValueError:
            return written
        return format_date(day, format="long", locale=self._locale)

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.language, sep="-")


def shipped_languages() -> tuple[str, ...]:
    """The languages this package has a catalogue for."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def load_wording(language: str = BASE, folder: Path | None = None) -> Wording:
    """The catalogue of a language, from `folder` if it is there and else from this package.

    "en-GB" takes that of "en" where there is none of its own, and writes dates as Britons do.

    Raises SettingsError, naming file and text, where a text is missing, unknown, has other places
    to be filled in than that of the base language or holds a character that cannot be seen.
    """
    names = dict.fromkeys(
        (language, language.partition("-")[0]) if _TAG.fullmatch(language) else ()
    )
    found = [place / f"{name}.toml" for name in names for place in (folder, _FOLDER) if place]
    # Path's own way raises for a name that is too long.
    path = next((path for path in found if os.path.isfile(path)), None)
    if path is None:
        tag = language if names else "of the tag's name, such as ar"
        raise SettingsError(
            f"There is no wording for the language {language[:40]!r}. Shipped are "
            f"{', '.join(shipped_languages())}; another is a file {tag}.toml, made from "
            f"{_FOLDER.name}/{BASE}.toml, in the folder that `wording` names in qa.toml."
        )
    return _read(path, language)


def slots_of(text: str) -> frozenset[str]:
    """The names of the places in a text."""
    return frozenset(_SLOT.findall(text))


@lru_cache(maxsize=32)
def _read(path: Path, language: str) -> Wording:
    try:
        Locale.parse(language, sep="-")
        texts = _flat(tomllib.loads(path.read_text("utf-8")))
    except (UnknownLocaleError, ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: {error}.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    base = texts if path == _FOLDER / f"{BASE}.toml" else load_wording(BASE).texts
    _complain(path, _problems(texts, base))
    return Wording(language, texts)


def _flat(tables: Mapping[str, object], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in tables.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{name}.")
        elif isinstance(value, str) and value.strip():
            found[before + name] = value
        else:
            raise ValueError(f"{before}{name} is no text")
    return found


def _problems(texts: Mapping[str, str], base: Mapping[str, str]) -> list[str]:
    problems = [f"{name} is missing" for name in base if name not in texts]
    problems += [f"{name} is unknown" for name in texts if name not in base]
    for name in sorted(texts.keys() & base.keys()):
        if slots_of(texts[name]) != slots_of(base[name]):
            wanted = ", ".join(f"{{{slot}}}" for slot in sorted(slots_of(base[name]))) or "none"
            problems.append(f"{name} has other places to fill in than these: {wanted}")
    for name, text in texts.items():
        if found := _UNSEEN.search(text):
            problems.append(
                f"{name} holds the unseen character U+{ord(found[0]):04X}: delete it, or write the "
                "mark U+200E or U+200F where a text's direction needs one"
            )
    return problems


def _complain(path: Path, problems: Sequence[str]) -> None:
    if problems:
        raise SettingsError(f"{path}: " + "; ".join(problems[:10]) + ".")
