"""Catalogues: the shipped ones have the same texts, and a clinic's own is checked by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qa.errors import SettingsError
from qa.web.escape import screen_text
from qa.wording import BASE, load_wording, shipped_languages, slots_of

ENGLISH = load_wording(BASE)
ENGLISH_FILE = Path(__file__).parent.parent / "qa" / "data" / "wording" / "en.toml"


@pytest.mark.parametrize("language", shipped_languages())
def test_every_shipped_catalogue_has_the_same_texts_and_places(language: str) -> None:
    wording = load_wording(language)
    assert wording.texts.keys() == ENGLISH.texts.keys()
    for name, text in wording.texts.items():
        assert slots_of(text) == slots_of(ENGLISH.texts[name]), name
        assert text.strip() == text
        assert not {c for c in text if ord(c) < 32 and c != "\n"}, name


def test_every_text_is_said_somewhere() -> None:
    package = ENGLISH_FILE.parents[2]
    files = [*package.rglob("*.py"), *package.rglob("*.html")]
    said = "\n".join(path.read_text("utf-8") for path in files)
    # A name may be put together: "feedback." ~ reason, f"safety.{way}".
    made = tuple(re.findall(r'"([a-z]+\.[a-z_]*)(?:" ~|\{)', said))
    assert [
        one for one in ENGLISH.texts if f'"{one}"' not in said and not one.startswith(made)
    ] == []


def test_places_are_filled_in_once_and_braces_of_values_stay() -> None:
    assert ENGLISH("safety.text_word", word="{number}", number="{x}") == "Text {number} to {x}"
    with pytest.raises(KeyError):
        ENGLISH("safety.call")
    with pytest.raises(KeyError):
        ENGLISH("no.such.text")
    assert ENGLISH.pieces("refusal.phone") == [
        ("text", "You can reach "),
        ("slot", "clinic"),
        ("text", " at "),
        ("slot", "phone"),
        ("text", "."),
    ]


def arabic(folder: Path, change: tuple[str, str] = ("", "")) -> Path:
    """A catalogue of another language in a clinic's folder."""
    folder.mkdir(exist_ok=True)
    (folder / "ar.toml").write_text(ENGLISH_FILE.read_text("utf-8").replace(*change), "utf-8")
    return folder


def test_a_language_knows_its_direction_numbers_and_names(tmp_path: Path) -> None:
    wording = load_wording("ar", arabic(tmp_path / "wording"))
    assert (wording.direction, ENGLISH.direction) == ("rtl", "ltr")
    assert (ENGLISH.number(1000), load_wording("es").number(1000)) == ("1,000", "1000")
    assert ENGLISH.date("2026-09-14") == "September 14, 2026"
    assert ENGLISH.date("spring") == "spring"
    assert ENGLISH.list_of(["4", "7", "9–12"]) == "4, 7, and 9–12"
    assert load_wording("es").list_of(["4", "7"]) == "4 y 7"
    assert (ENGLISH.own_name, ENGLISH.name_of("es"), ENGLISH.name_of("xx")) == (
        "English",
        "Spanish",
        "xx",
    )
    assert wording.own_name == "العربية"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('lead = "Need help now?"\n', ""), "band.lead is missing"),
        (('lead = "Need help now?"', 'lead = "Help"\nled = "x"'), "band.led is unknown"),
        (("Call {number}", "Call {nummer}"), "safety.call has other places.*{number}"),
        (('lead = "Need help now?"', "lead = 5"), "band.lead is no text"),
        (('lead = "Need help now?"', "lead = "), "ar.toml"),
        (("Need help now?", "Need \u202ehelp"), r"band.lead holds .* U\+202E: delete it"),
        (("Need help now?", "Need \\u0007help"), r"band.lead holds .* U\+0007"),
    ],
)
def test_a_catalogue_that_is_wrong_is_refused_by_name(
    tmp_path: Path, change: tuple[str, str], named: str
) -> None:
    with pytest.raises(SettingsError, match=named):
        load_wording("ar", arabic(tmp_path / "wording", change))


def test_just_what_pages_show_by_its_number_is_refused(tmp_path: Path) -> None:
    unseen = [c for c in map(chr, range(1, 0x3000)) if "unseen" in screen_text(f"a{c}b")]
    assert "\u202e" in unseen
    for number, character in enumerate(unseen):
        written = f"a\\u{ord(character):04x}b"
        with pytest.raises(SettingsError, match="unseen character"):
            load_wording("ar", arabic(tmp_path / str(number), ("Need help now?", written)))
    marks = "\u200f\u2067Need\u2069\thelp\u200e"
    wording = load_wording("ar", arabic(tmp_path / "marks", ("Need help now?", marks)))
    assert wording("band.lead") == marks


def test_a_language_without_catalogue_is_refused_naming_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"'xx'.*en.*xx\.toml"):
        load_wording("xx")


def test_a_region_shares_the_languages_catalogue() -> None:
    british = load_wording("en-GB")
    assert british.texts == ENGLISH.texts
    assert british.date("2026-09-01") == "1 September 2026"
    assert british.language == "en-GB"


@pytest.mark.parametrize("language", ["", "../es", "x" * 5_000, "a\0b", "e n", "[" * 300])
def test_what_is_no_language_tag_names_no_file(tmp_path: Path, language: str) -> None:
    with pytest.raises(SettingsError, match="There is no wording for the language"):
        load_wording(language, tmp_path)
