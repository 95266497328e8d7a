"""Numbers become links: in every shipped language, with every country's numbers of qa.toml."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qa.notices import Dial, SafetyTexts, dials_for, notices_for
from qa.safety import Assessment, Danger
from qa.settings import Settings, load_settings
from qa.web.dialling import dial_groups, with_dial_links
from qa.wording import load_wording, shipped_languages

SHIPPED = load_settings(config=Path(__file__).parents[2] / "qa.toml")
assert SHIPPED.safety
COUNTRIES = tuple(SHIPPED.safety.profiles)
ASSESSMENTS = [
    Assessment(danger, third, rule)
    for danger in Danger
    for third in (False, True)
    for rule in ("", "overdose")
]


def texts_of(settings: Settings, country: str) -> SafetyTexts:
    assert settings.safety
    safety = settings.safety.model_copy(update={"country": country})
    return settings.model_copy(update={"safety": safety}).safety_texts()


def unlinked(text: str, dials: tuple[Dial, ...]) -> str:
    """What is left of a notice outside of links."""
    shown = re.sub(r"<a .*?</a>", " ", with_dial_links(text, dials))
    return re.sub(r"&#(\d+);", lambda code: chr(int(code[1])), re.sub(r"<[^>]+>", "", shown))


@pytest.mark.parametrize("language", shipped_languages())
@pytest.mark.parametrize("country", COUNTRIES)
def test_every_number_of_a_notice_dials(country: str, language: str) -> None:
    wording, texts = load_wording(language), texts_of(SHIPPED, country)
    texts.validate()
    dials = dials_for(texts, wording)
    linked = ""
    for assessment in ASSESSMENTS:
        for notice in notices_for(assessment, texts, wording):
            left = re.sub(r"https?://\S+", "", unlinked(notice.text, dials))
            for line in texts.lines:  # the names of some hold their number
                left = left.replace(line.name, "")
            assert not re.search(r"\d", left), (notice.kind, left)
            linked += with_dial_links(notice.text, dials)
    assert all(f'href="{dial.href}"' in linked for dial in dials)


def test_the_longest_words_are_one_link() -> None:
    dials = (Dial("A", "Call 988", "tel:988"), Dial("B", "Call 988, then 1", "tel:988,1"))
    assert with_dial_links("You can call 988, then 1.", dials) == (
        'You can&#32;<a href="tel:988,1" dir="auto">'
        'call&#32;<bdi dir="ltr">988</bdi>&#44; then 1</a>&#46;'
    )
    assert "<a" not in with_dial_links("Recall 988 or call 9885", dials)


def test_numbers_keep_their_order_and_addresses_are_left_alone() -> None:
    number = "+1 (202) 224-3121"
    [(name, [(doing, _)])] = dial_groups([Dial("9-8-8 Line", f"Call {number}", "tel:+1")])
    assert name.startswith('<bdi dir="ltr">9&#45;8&#45;8</bdi>&#32;Line')
    assert doing.endswith("3121</bdi>")
    assert doing.count("<bdi") == 1
    assert "<bdi" not in with_dial_links("See https://1737.org.nz or https://988lifeline.org", ())
