"""The templates, read as files: what may stand in an attribute."""

from __future__ import annotations

import re

import pytest

from qa.web.pages import STATIC

FILES = sorted((STATIC.parent / "templates").glob("*.html"))
ATTRIBUTE = re.compile(r'\b([\w-]+)="(?:[^"{]*\{\{(.*?)\}\})+[^"]*"')
PLACE = re.compile(r"\{\{\s*(.*?)\s*\}\}")
SAFE = re.compile(
    # Escaped for attributes; the catalogue's own, in which nothing unseen is taken; or made of
    # addresses, language codes, numbers and words of the program itself.
    r'attribute\(.*\)|t\("[\w.]+"\)|wording\.texts\["[\w.]+"\]|wording\.(language|direction)'
    r"|(other\.)?root|(topic\.|section\.|quote\.)?url|href|clinic_dial|address|place"
    r"|(\w+\.)?(language|examples_language)|other\.wording\.language"
    r"|size|theme|look|name|verdict|longest_note|page\.question_limit|\"true\" if chosen.*"
    r"|picture\.(address|width|height|tenth)|at\(.*\)|number|original"
    r"|route\.request|shape|shape\.name"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_somebody_typed_stands_in_attributes_by_the_filter_for_them(path: object) -> None:
    text = path.read_text("utf-8")  # type: ignore[attr-defined]
    for found in ATTRIBUTE.finditer(text):
        for place in PLACE.findall(found[0]):
            assert SAFE.fullmatch(place), found[0]
