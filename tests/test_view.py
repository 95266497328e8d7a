"""A view holds back whole documents: their texts, their words and their names."""

from __future__ import annotations

import gc
import weakref
from datetime import date
from pathlib import Path

import pytest

from qa.generation import Generation, load
from qa.index import build
from qa.view import View, Views
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder

DAY = date(2026, 6, 15)
CORPUS = {
    "a/visits.md": "# Visits\n\nBring somebody along.\n",
    "b/visits.md": "---\naudience: staff\n---\n# Rota\n\nThe zygomatic rota hangs here.\n",
    "c/rest.md": "---\nreview_by: 2026-06-15\n---\n# Rest\n\nRest upstairs.\n",
}


@pytest.fixture
def folder(corpus_folder: MakeCorpus) -> Path:
    return corpus_folder(CORPUS)


@pytest.fixture
def generation(folder: Path, tmp_path: Path) -> Generation:
    build(folder, tmp_path / "index", WordHashEmbedder())
    return load(tmp_path / "index")


def test_patients_and_staff_see_what_is_theirs(generation: Generation) -> None:
    patients, staff = View(generation, "patients", DAY), View(generation, "staff", DAY)
    assert patients.within == ("a/visits.md", "c/rest.md")
    assert staff.within is None
    assert patients.document("b/visits.md") is None
    assert staff.document("b/visits.md")
    assert View(generation, "staff", date(2026, 6, 16)).within == ("a/visits.md", "b/visits.md")


def test_words_and_names_are_those_of_the_documents_in_view(generation: Generation) -> None:
    patients, staff = View(generation, "patients", DAY), View(generation, "staff", DAY)
    assert staff.speller.meant("zygomatix") == ["zygomatic"]
    assert patients.speller.meant("zygomatix") == []
    for seen, view in ((True, staff), (False, patients)):
        assert view.knows(None)("zygomatic") is seen
        assert view.knows(None)("zygomatix") is seen
        assert view.holds(None)("zygomatic rota") is seen
        assert view.knows(None)("somebody")
        assert not view.knows(["c/rest.md"])("somebody")


def test_a_name_is_that_of_one_document_among_those_in_view(generation: Generation) -> None:
    patients, staff = View(generation, "patients", DAY), View(generation, "staff", DAY)
    assert patients.named(["visits.md", "b/visits.md", "rest.md"]) == ["a/visits.md", "c/rest.md"]
    assert staff.named(["visits.md", "b/visits.md"]) == ["b/visits.md"]


def test_what_patients_may_read(generation: Generation) -> None:
    later = View(generation, "patients", date(2026, 6, 16))
    assert later.document("c/rest.md") is None
    assert later.readable("c/rest.md")
    assert later.readable("b/visits.md") is None
    assert later.readable("none.md") is None
    assert later.standing("b/visits.md") is None
    standing = later.standing("c/rest.md")
    assert standing
    assert not standing.quotable


def test_views_are_kept_for_the_day_and_for_no_longer(
    generation: Generation, folder: Path, tmp_path: Path
) -> None:
    views = Views()
    first = views.of(generation, "patients", DAY)
    assert views.of(generation, "staff", DAY) is not first
    assert views.of(generation, "patients", DAY) is first
    spoken = first.speller
    assert views.of(generation, "patients", DAY).speller is spoken
    assert views.of(generation, "patients", date(2026, 6, 16)).within == ("a/visits.md",)
    # A generation that was replaced is let go of.
    build(folder, tmp_path / "other", WordHashEmbedder())
    other = load(tmp_path / "other")
    gone = weakref.ref(first)
    del first
    for audience in ("patients", "staff"):
        views.of(other, audience, DAY)  # type: ignore[arg-type]
    gc.collect()
    assert gone() is None
