"""The notices: what is shown when, in which words, and what settings may say."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

import pytest

from qa.errors import SettingsError
from qa.notices import Dial, Line, SafetyTexts, dials_for, notices_for
from qa.readability import grade, perspicuity
from qa.safety import Assessment, Danger, assess
from qa.wording import Wording, load_wording

ENGLISH = load_wording("en")
SPANISH = load_wording("es")
TEXTS = SafetyTexts(
    country="US",
    emergency="911",
    poison="1-800-222-1222",
    lines=(
        Line("988 Lifeline", "988", "988", "https://988lifeline.org"),
        Line("Veterans Crisis Line", "988 then 1", "838255", audience="veterans"),
    ),
)


def kinds(assessment: Assessment, texts: SafetyTexts = TEXTS) -> list[str]:
    return [notice.kind for notice in notices_for(assessment, texts, ENGLISH)]


def test_every_outcome_ends_with_the_disclaimer_and_every_line() -> None:
    for danger in Danger:
        for third in (False, True):
            notices = notices_for(Assessment(danger, third), TEXTS, ENGLISH)
            assert [notice.kind for notice in notices][-2:] == ["disclaimer", "crisis_line"]
            for shown in ("988 then 1", "838255", "veterans", "911"):
                assert shown in notices[-1].text


def test_what_comes_first() -> None:
    end = ["disclaimer", "crisis_line"]
    overdose = assess("I took 40 pills")
    assert kinds(overdose) == ["emergency", "poison", *end]
    assert kinds(overdose, replace(TEXTS, poison="")) == ["emergency", *end]
    assert kinds(assess("I can't breathe")) == ["emergency", *end]
    assert kinds(Assessment(Danger.CRISIS)) == ["crisis", *end]
    assert kinds(Assessment(Danger.ADVICE)) == ["advice", *end]
    assert kinds(Assessment(Danger.MENTION)) == kinds(Assessment(Danger.NONE)) == end


def test_the_third_person_is_told_to_stay() -> None:
    def first(danger: Danger, third: bool) -> str:
        return notices_for(Assessment(danger, third), TEXTS, ENGLISH)[0].text

    for danger in (Danger.CRISIS, Danger.EMERGENCY):
        assert "Stay with them if it is safe" in first(danger, True)
        assert "Stay with them" not in first(danger, False)


def test_settings_are_shown_as_they_are_written() -> None:
    texts = replace(
        TEXTS, emergency="{lines} \\1", clinic_phone="+1 (202) 224-3121", disclaimer="{poison}"
    )
    advice, disclaimer, line = notices_for(Assessment(Danger.ADVICE), texts, ENGLISH)
    assert "+1 (202) 224-3121" in advice.text
    assert disclaimer.text == "{poison}"
    assert line.text.endswith("In an emergency, call {lines} \\1.")


WORDING = [name for name, text in ENGLISH.texts.items() if text.endswith((".", "?"))]
"""Whole sentences; labels are too short for a grade."""
NEVER = {
    "en": ("i understand", "confidential", "promise", "committed", "alerted", "notified"),
    "es": (
        *("entiendo", "comprendo", "confidencial", "promet", "garanti", "comet", "avisa", "alerta"),
        *(" tú ", " tu ", " tus ", " ti ", "vosotros", " os "),
    ),
}


@pytest.mark.parametrize("wording", [ENGLISH, SPANISH], ids=lambda one: one.language)
def test_the_wording_keeps_to_the_rules(wording: Wording) -> None:
    for name in WORDING:
        text = f" {wording.texts[name].casefold()} "
        assert [never for never in NEVER[wording.language] if never in text] == [], name
        assert not set(text) & set("*#`[]"), name


def measured(text: str) -> str:
    """A text without the clinic's names and numbers, which are not ours to simplify."""
    plain = re.sub(r"\n?\{lines\}\n?", " ", text).replace(" ({phone})", "")
    return re.sub(r"\{\w+\}", "it", plain)


GRAVE = ("safety.crisis", "safety.emergency")


def test_the_wording_is_easy_to_read() -> None:
    for name in WORDING:
        assert grade(measured(ENGLISH.texts[name])) <= (6 if name.startswith(GRAVE) else 8), name


def test_the_spanish_wording_is_easy_to_read() -> None:
    for name in WORDING:
        plain = measured(SPANISH.texts[name])
        # Of a few words, one long one decides.
        if len(plain.split()) >= 8:
            assert perspicuity(plain) >= (65 if name.startswith(GRAVE) else 55), name


def test_complete_settings_are_accepted() -> None:
    TEXTS.validate()
    replace(TEXTS, emergency="your local emergency number", poison="").validate()
    replace(TEXTS, country="Australia", emergency="000").validate()


GOOD_LINE = TEXTS.lines[0]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"country": ""}, "country"),
        ({"emergency": " "}, "emergency"),
        ({"emergency": "TODO"}, "emergency"),
        ({"emergency": "000"}, "emergency"),
        ({"lines": ()}, "lines"),
        ({"lines": (replace(GOOD_LINE, name=""),)}, "entry 1: name"),
        ({"lines": (GOOD_LINE, replace(GOOD_LINE, call="", text="", url=""))}, "entry 2: call"),
        ({"lines": (replace(GOOD_LINE, call="000"),)}, "entry 1: call"),
        ({"lines": (replace(GOOD_LINE, call="see poster"),)}, "entry 1: call"),
        ({"lines": (replace(GOOD_LINE, text="<number>"),)}, "entry 1: text"),
        ({"lines": (replace(GOOD_LINE, url="javascript:alert(1)"),)}, "entry 1: url"),
        ({"poison": "xxx"}, "poison"),
        ({"clinic_phone": "202-555-0123"}, "clinic_phone"),
        ({"disclaimer": "TODO"}, "disclaimer"),
        ({"verified_on": "last spring"}, "verified_on"),
        ({"verified_on": "2026-13-40"}, "verified_on"),
    ],
)
def test_incomplete_settings_are_refused_by_name(changed: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsError) as refused:
        replace(TEXTS, **changed).validate()  # type: ignore[arg-type]
    assert "[safety]" in str(refused.value)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("verified_on", "said"),
    [
        ("", "never checked: ring each number, then set `verified_on` in qa.toml"),
        ("2026-11-24", "checked on 2026-11-24"),
        ("2025-11-01", "checked on 2025-11-01; ring them again, they are checked once a year"),
    ],
)
def test_how_long_ago_the_numbers_were_checked(verified_on: str, said: str) -> None:
    texts = replace(TEXTS, verified_on=verified_on)
    assert texts.checked(datetime.date(2026, 11, 26)) == said


def test_dials() -> None:
    assert dials_for(TEXTS, ENGLISH) == (
        Dial("Emergency", "Call 911", "tel:911"),
        Dial("988 Lifeline", "Call 988", "tel:988"),
        Dial("988 Lifeline", "Text 988", "sms:988"),
        Dial("Veterans Crisis Line", "Call 988 then 1", "tel:988"),
        Dial("Veterans Crisis Line", "Text 838255", "sms:838255"),
        Dial("Poison line", "Call 1-800-222-1222", "tel:18002221222"),
    )
    wordy = replace(TEXTS, emergency="local", lines=(), poison="")
    assert dials_for(wordy, ENGLISH) == ()


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("988", "sms:988"),
        ("SHOUT to 85258", "sms:85258?body=SHOUT"),
        ("AYUDA al 988", "sms:988?body=AYUDA"),
        ("0477 13 11 14", "sms:0477131114"),
        ("+1 (202) 224-3121", "sms:+12022243121"),
        ("01 809 2166 (8am to 10pm)", "sms:018092166"),
        ("(020) 7946 0018", "sms:02079460018"),
    ],
)
def test_what_is_dialled(written: str, link: str) -> None:
    [dial] = Line("A line", text=written).dials(ENGLISH)
    assert dial.href == link


def test_a_code_word_is_said_in_each_language() -> None:
    line = Line("Shout", text="SHOUT to 85258")
    assert line.written(ENGLISH) == "Shout: text SHOUT to 85258"
    spanish = Line("Línea 988", "988 y oprima 2", "AYUDA al 988")
    assert spanish.written(SPANISH) == ("Línea 988: llame al 988 y oprima 2 o envíe AYUDA al 988")


def test_where_the_country_is_unknown_the_spanish_is_grammatical_too() -> None:
    texts = replace(TEXTS, emergency="local")
    for danger in (Danger.EMERGENCY, Danger.CRISIS, Danger.NONE):
        text = "".join(one.text for one in notices_for(Assessment(danger), texts, SPANISH))
        assert "lame al número de emergencias de su zona" in text


def test_a_line_may_be_for_one_language() -> None:
    spanish = Line("Línea 988", "988 y oprima 2", language="es")
    english = Line("Lifeline", "988", language="en")
    texts = replace(TEXTS, lines=(english, spanish, Line("Both", "1")))
    assert [line.name for line in texts.lines_in("en")] == ["Lifeline", "Both"]
    assert [line.name for line in texts.lines_in("es")] == ["Línea 988", "Both"]
    assert replace(texts, lines=(english,)).lines_in("fr") == (english,)


def test_a_line_may_have_an_address_only() -> None:
    line = Line("Find A Helpline", url="https://findahelpline.com")
    texts = replace(TEXTS, lines=(line,), emergency="local")
    texts.validate()
    text = notices_for(Assessment(Danger.NONE), texts, ENGLISH)[-1].text
    assert "Find A Helpline: https://findahelpline.com\n" in text
    assert text.endswith("In an emergency, call your local emergency number.")


def test_advice_speaks_of_quotes_only_where_there_are_some() -> None:
    def advice(quoted: bool) -> str:
        found = notices_for(Assessment(Danger.ADVICE), TEXTS, ENGLISH, quoted=quoted)
        return found[0].text

    assert "Any quote below" in advice(True)
    assert "quote" not in advice(False)


def test_a_clinics_own_disclaimer_is_for_its_own_language() -> None:
    texts = replace(TEXTS, disclaimer="Ours.", disclaimer_language="fr")
    assert notices_for(Assessment(Danger.NONE), texts, ENGLISH)[0].text != "Ours."
    texts = replace(TEXTS, disclaimer="Ours.")
    assert notices_for(Assessment(Danger.NONE), texts, ENGLISH)[0].text == "Ours."
