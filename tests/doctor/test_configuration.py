"""The settings' checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa.chunking import BuildOptions
from qa.doctor.configuration import (
    contradicting,
    exposure,
    network,
    numbers,
    own_texts,
    settings_findings,
)
from qa.doctor.finding import Severity
from qa.errors import SettingsError
from qa.settings import load_settings
from tests.conftest import ROOT
from tests.doctor.setups import TEXTS, setup_of
from tests.doctor.texts import codes, document_of

TODAY = date(2026, 11, 24)
ASPIRIN = document_of("# Aspirin\n\nAspirin eases pain.\n").document


def test_sound_settings_are_let_be(tmp_path: Path) -> None:
    setup = setup_of(tmp_path, page_texts={"page.title": "Ask about aspirin"})
    synonyms = {"ache": "pain"}
    assert list(settings_findings(setup, [ASPIRIN], synonyms, TODAY)) == []


@pytest.mark.parametrize(
    ("verified_on", "told"),
    [("", True), ("2025-11-20", True), ("2027-01-01", True), ("2025-11-30", False)],
)
def test_numbers_that_nobody_rang_within_a_year(
    tmp_path: Path, verified_on: str, told: bool
) -> None:
    setup = setup_of(tmp_path, texts=replace(TEXTS, verified_on=verified_on))
    assert codes(numbers(setup, TODAY)) == (["numbers_unchecked"] if told else [])


def test_no_numbers_are_an_error(tmp_path: Path) -> None:
    [found] = numbers(setup_of(tmp_path, texts=replace(TEXTS, lines=())), TODAY)
    assert (found.severity, found.code) == (Severity.ERROR, "no_numbers")

    def none() -> Any:
        raise SettingsError("There is no [safety] table.")

    [found] = numbers(replace(setup_of(tmp_path), texts=none), TODAY)
    assert found.message == "There is no [safety] table."


def test_hints_at_a_country_and_a_telephone(tmp_path: Path) -> None:
    texts = replace(TEXTS, emergency="local", clinic_phone="")
    assert codes(numbers(setup_of(tmp_path, texts=texts), TODAY)) == ["no_country", "no_phone"]


@pytest.mark.parametrize(
    ("host", "names", "told"),
    [
        ("127.0.0.1", (), []),
        ("localhost", (), []),
        ("::1", (), []),
        ("0.0.0.0", (), ["open_to_network", "no_host_names"]),
        ("::", ("ask.clinic.example",), ["open_to_network"]),
        ("ask.clinic.example", ("ask.clinic.example",), ["open_to_network"]),
    ],
)
def test_who_reaches_the_server(host: str, names: tuple[str, ...], told: list[str]) -> None:
    assert codes(network(host, names)) == told


@pytest.mark.parametrize(
    ("trusted", "readers", "pace", "told"),
    [
        (("10.0.0.5", "10.1.0.0/24"), ("127.0.0.1",), 60, []),
        (("*",), (), 60, ["everybody_trusted"]),
        (("0.0.0.0/0",), (), 60, ["everybody_trusted"]),
        ((), ("::/0",), 60, ["metrics_open"]),
        ((), (), 0, ["no_pace"]),
    ],
)
def test_everybody_where_few_were_meant(
    trusted: tuple[str, ...], readers: tuple[str, ...], pace: int, told: list[str]
) -> None:
    assert codes(exposure(trusted, readers, pace)) == told


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"index": "corpus/index"}, "folders_mixed"),
        ({"store": "corpus/records.sqlite3"}, "records_misplaced"),
        ({"options": BuildOptions(target_tokens=300)}, "sizes_contradict"),
        ({"threshold": 0.5, "wrong_at_most": 0.1}, "thresholds_contradict"),
        ({"embedding": "some/model"}, "reader_not_used"),
    ],
)
def test_values_that_hinder_one_another(tmp_path: Path, given: dict[str, Any], code: str) -> None:
    given = {name: tmp_path / v if isinstance(v, str) and "/" in v and name != "embedding" else v
             for name, v in given.items()}  # fmt: skip
    assert codes(contradicting(setup_of(tmp_path, **given))) == [code]
    assert list(contradicting(setup_of(tmp_path))) == []


def test_the_shipped_texts_beside_other_documents_are_told(tmp_path: Path) -> None:
    page = load_settings(config=ROOT / "qa.toml").page
    texts = {"page.title": page.title, "page.translations.es.title": page.translations["es"].title}
    setup = setup_of(tmp_path, page_texts=texts)
    found = list(own_texts(setup, [ASPIRIN], {}))
    assert codes(found) == ["shipped_text", "shipped_text"]
    ketamine = document_of("# Ketamine\n\nKetamine helps some people.\n").document
    assert list(own_texts(setup, [ketamine], {})) == []


def test_synonyms_of_another_clinic_are_told(tmp_path: Path) -> None:
    synonyms = {"drip": "infusion", "throw up": "vomiting|nausea"}
    found = list(own_texts(setup_of(tmp_path), [ASPIRIN], synonyms))
    assert codes(found) == ["foreign_synonyms"]
    assert list(own_texts(setup_of(tmp_path), [ASPIRIN], {"ache": "pain|infusion"})) == []


def test_a_page_in_no_documents_language_is_told(tmp_path: Path) -> None:
    setup = setup_of(tmp_path, languages=("es", "fr"))
    assert codes(own_texts(setup, [ASPIRIN], {})) == ["no_document_in_language"]
    assert list(own_texts(setup_of(tmp_path, languages=("en-GB",)), [ASPIRIN], {})) == []


def test_a_catalogue_that_cannot_be_loaded_is_an_error(tmp_path: Path) -> None:
    def broken() -> Any:
        raise SettingsError("There is no wording for xx.")

    setup = replace(setup_of(tmp_path), check_wordings=broken)
    assert codes(own_texts(setup, [ASPIRIN], {})) == ["wording"]
