"""A folder of documents in every format: built, asked, verified, changed, and built again.

Each day with one document of each kind; by night with 500, in processes of their own, timed.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from qa.assistant import Assistant
from qa.embedding import Embedder
from qa.generation import load, verify
from qa.index import build
from qa.notices import SafetyTexts
from qa.standing import Reason
from qa.types import AnswerKind, Quote
from qa.web.application import create_app
from tests.benchmarks.builds import Took, timed_build
from tests.conftest import ROOT
from tests.mixed_corpus import FACTS, KINDS, leaflet, path_of, write_corpus

CHANGED = ("text", "pdf with a table")
"""Kinds of which one document is changed."""


def content_of(index: Path) -> tuple[str, dict[str, Any]]:
    """The live generation's name, and all else that it is: its manifest with a hash of each file.
    That the files have these hashes is for `verify`."""
    assert verify(index) == []
    live = load(index)
    return live.name, live.manifest


def alphabet(text: str) -> str:
    """Letters and figures only: what a viewer sets between blocks and lines is left out."""
    return "".join(letter for letter in text if letter.isalnum())


def assert_opens_at_its_mark(visitor: TestClient, quote: Quote) -> None:
    """The quote's link shows it marked, in the text and, where there are pages, in the picture."""
    response = visitor.get(quote.url)
    assert response.status_code == 200
    marks = re.findall(r"<mark\b[^>]*>(.*?)</mark>", response.text, re.DOTALL)
    shown = unescape(re.sub(r"<[^>]+>", "", "".join(marks)))
    assert alphabet(shown) == alphabet(quote.text), quote.url
    assert 'id="quote"' in response.text
    pictures = [unescape(one) for one in re.findall(r'<img src="([^"]+)"', response.text)]
    assert bool(pictures) == (quote.page is not None) == quote.document_id.endswith(".pdf")
    for address in pictures:
        marked, plain = (visitor.get(one) for one in (address, address.partition("?")[0]))
        assert (marked.status_code, marked.headers["content-type"]) == (200, "image/png")
        assert marked.content != plain.content


def assert_every_kind_answers(assistant: Assistant, quotes_shown: int) -> None:
    """Of each kind the document with the answer is quoted; every quote is a slice and opens."""
    visitor = TestClient(create_app(assistant))
    opened = 0
    for number, kind in enumerate(KINDS):
        fact, path = FACTS[kind], path_of(number)
        answer = assistant.ask(fact.question)
        assert answer.kind is AnswerKind.ANSWER, (kind, answer)
        [found, *_] = [one for one in answer.quotes if one.document_id == path] or [None]
        assert found, (kind, answer.quotes)
        assert " ".join(fact.sentence.split()) in " ".join(found.text.split())
        for quote in answer.quotes:
            stored = assistant.stored(quote.document_id)
            assert stored
            assert stored.text[quote.start : quote.end] == quote.text
            if quote is found or opened < quotes_shown:
                assert_opens_at_its_mark(visitor, quote)
                opened += 1
    scanned = assistant.stored(path_of(list(KINDS).index("pdf with a scan")))
    assert scanned
    assert scanned.unsearchable == (1,)


def change_and_back(
    corpus: Path, index: Path, builds: Callable[[], Took | None]
) -> dict[str, list[Took | None]]:
    """Changes documents one at a time, builds, and changes them back.

    What is built last is what was built first, from nothing, to the last byte, though all but the
    one document came from a generation in between, and that one was read and embedded anew.
    """
    name, first = content_of(index)
    took: dict[str, list[Took | None]] = {}
    chance = random.Random(11)
    for kind in CHANGED:
        path = corpus / path_of(list(KINDS).index(kind))
        before = path.read_bytes()
        for data in (KINDS[kind][1]("Another leaflet", leaflet(chance)), before):
            shutil.rmtree(index / "cache")
            path.write_bytes(data)
            took.setdefault(kind, []).append(builds())
            changed, content = content_of(index)
            assert changed != name
            assert (content == first) == (data == before)
    return took


@pytest.mark.nightly  # by day each kind is read by the tests of its reader
def test_one_document_of_each_kind(
    tmp_path: Path, bundled: Embedder, safety_texts: SafetyTexts
) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    write_corpus(corpus, len(KINDS), sections=2, most=3)
    report = build(corpus, index, bundled)
    assert report.documents == len(KINDS)
    change_and_back(corpus, index, lambda: build(corpus, index, bundled) and None)
    assert_every_kind_answers(Assistant(index, bundled, safety_texts), quotes_shown=0)


@pytest.mark.nightly
def test_five_hundred_documents(
    tmp_path: Path, bundled: Embedder, safety_texts: SafetyTexts
) -> None:
    """All kinds are quoted from, and one changed file is built in a tenth of the time of all."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    write_corpus(corpus, 500)
    shutil.copy(ROOT / "qa.toml", tmp_path)
    folders = ("--config", tmp_path / "qa.toml", "--corpus", corpus, "--index", index)
    whole = timed_build(*folders)
    assert len(load(index).documents) == 500
    took = change_and_back(corpus, index, lambda: timed_build(*folders))
    print(f"from nothing {whole}")
    for kind, seconds in took.items():
        print(f"one {kind} changed {seconds}")
        for one in seconds:
            assert one
            assert one.clock < whole.clock / 10
            assert one.processors < whole.processors / 10
    assistant = Assistant(index, bundled, safety_texts)
    assert_every_kind_answers(assistant, quotes_shown=40)
    held_back = {name: one for name, one in assistant.standings().items() if not one.quotable}
    staff, expired = (path_of(len(KINDS) + number) for number in (0, 1))
    assert set(held_back) == {staff, expired}
    assert held_back[staff].staff_only
    assert held_back[expired].reason is Reason.EXPIRED
