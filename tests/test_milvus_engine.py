"""A generation's life with Milvus: built, published, gone back from, pruned, carried elsewhere."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from pymilvus import MilvusClient

from qa.assistant import Assistant
from qa.embedding import SentenceEmbedder
from qa.errors import VectorStoreError
from qa.golden import read_golden
from qa.history import Signature
from qa.index import build
from qa.live import LiveIndex
from qa.milvus_client import MilvusPlace
from qa.milvus_engine import MilvusEngine
from qa.milvus_ledger import noted
from qa.notices import SafetyTexts
from qa.pruning import prune
from qa.publishing import generations, live_generation
from qa.releasing import Findings, go_back, release, target_of
from qa.transfer import export_to, import_from
from tests.conftest import ROOT, MakeCorpus
from tests.milvus_places import lite_place
from tests.word_hash import WordHashEmbedder

pytestmark = pytest.mark.slow

ANA = Signature("Ana", "a trial")
DRIVING = {"führen/日本.md": "# Driving\n\nDo not drive a car on the day of your treatment.\n"}
LATER = {"führen/日本.md": "# Driving\n\nDo not drive a car until two days after it.\n"}


@pytest.fixture
def place(tmp_path: Path) -> MilvusPlace:
    return lite_place(tmp_path)


@pytest.fixture
def engine(place: MilvusPlace) -> MilvusEngine:
    return MilvusEngine(place)


def collections(place: MilvusPlace) -> set[str]:
    return set(MilvusClient(place.uri).list_collections())


def alias(place: MilvusPlace) -> str:
    return str(MilvusClient(place.uri).describe_alias("quotewell_live")["collection_name"])


def made(
    corpus_folder: MakeCorpus, files: Mapping[str, str], index: Path, engine: MilvusEngine, **more
) -> str:
    corpus = corpus_folder(files)
    return build(corpus, index, WordHashEmbedder(), engine=engine, **more).generation


def test_each_generation_has_its_collection_while_it_is_kept(
    corpus_folder: MakeCorpus, tmp_path: Path, place: MilvusPlace, engine: MilvusEngine
) -> None:
    index = tmp_path / "index"
    first = made(corpus_folder, DRIVING, index, engine)
    assert collections(place) == {engine.collection(first)}
    assert alias(place) == engine.collection(first)
    second = made(corpus_folder, LATER, index, engine, stage=True)
    assert alias(place) == engine.collection(first), "staged only"

    release(index, second, Findings(), ANA, engine=engine)
    assert alias(place) == engine.collection(second)
    target = target_of(index, WordHashEmbedder().identity)
    go_back(index, target, ANA, engine=engine)
    assert (live_generation(index), alias(place)) == (first, engine.collection(first))
    assert collections(place) == {engine.collection(first), engine.collection(second)}

    prune(index, 0, engine=engine)
    assert collections(place) == {engine.collection(first)}
    assert noted(index) == [engine.collection(first)]


def test_what_a_killed_build_left_is_cleared_and_nothing_else(
    corpus_folder: MakeCorpus, tmp_path: Path, place: MilvusPlace, engine: MilvusEngine
) -> None:
    index = tmp_path / "index"
    first = made(corpus_folder, DRIVING, index, engine)

    def stop(what: str, _done: int, _total: int) -> None:
        if what == "Filling Milvus":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(corpus_folder(LATER), index, WordHashEmbedder(), progress=stop, engine=engine)
    assert (live_generation(index), len(collections(place))) == (first, 2)
    MilvusClient(place.uri).create_collection("quotewell_of_another_index", dimension=4)
    second = made(corpus_folder, LATER, index, engine)
    assert collections(place) == {
        "quotewell_of_another_index",
        engine.collection(first),
        engine.collection(second),
    }


def test_a_copy_of_an_index_drops_nothing_of_the_first(
    corpus_folder: MakeCorpus,
    tmp_path: Path,
    place: MilvusPlace,
    engine: MilvusEngine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    index, copy = tmp_path / "index", tmp_path / "a trial\nof it"
    first = made(corpus_folder, DRIVING, index, engine)
    shutil.copytree(index, copy)
    second = made(corpus_folder, LATER, copy, engine, keep_generations=0)
    assert generations(copy) == [second], "the first is gone there"
    assert collections(place) == {engine.collection(first), engine.collection(second)}
    assert caplog.text.count("made for an index in another folder: quotewell_") == 1
    made(corpus_folder, DRIVING, copy, engine, keep_generations=0)
    assert engine.collection(second) not in collections(place), "its own are dropped"
    assert engine.collection(first) in collections(place)


def test_an_index_from_before_milvus_is_given_to_it(
    corpus_folder: MakeCorpus,
    tmp_path: Path,
    place: MilvusPlace,
    engine: MilvusEngine,
    safety_texts: SafetyTexts,
) -> None:
    index, corpus, embedder = tmp_path / "index", corpus_folder(DRIVING), WordHashEmbedder()
    before = build(corpus, index, embedder).generation
    with pytest.raises(VectorStoreError, match=r"no collection .*`qa build`"):
        Assistant(index, embedder, safety_texts, engine=engine)
    report = build(corpus, index, embedder, unless_current=True, engine=engine)
    assert (report.generation, report.built, report.filled) == (before, False, True)
    again = build(corpus, index, embedder, unless_current=True, engine=engine)
    assert (again.built, again.filled) == (False, False)
    answer = Assistant(index, embedder, safety_texts, engine=engine).ask("May I drive a car?")
    assert [quote.document_id for quote in answer.quotes] == ["führen/日本.md"]

    export_to(tmp_path / "clinic.zip", index, corpus, before)
    there = MilvusEngine(MilvusPlace(place.uri, prefix="there"))
    import_from(
        tmp_path / "clinic.zip",
        tmp_path / "there" / "index",
        tmp_path / "there" / "corpus",
        embedder.identity,
        engine=there,
    )
    assert collections(place) == {engine.collection(before), there.collection(before)}


def test_a_server_waits_for_a_collection_and_takes_it_when_it_comes(
    corpus_folder: MakeCorpus,
    tmp_path: Path,
    engine: MilvusEngine,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("qa.live._RETRY_SECONDS", 0.2)
    monkeypatch.setattr("qa.live._CHECK_SECONDS", 0.0)
    index, embedder = tmp_path / "index", WordHashEmbedder()
    first = made(corpus_folder, DRIVING, index, engine)
    live = LiveIndex(index, embedder.identity, engine)
    second = build(corpus_folder(LATER), index, embedder).generation  # by one without Milvus
    assert live.current().name == first
    assert live.current().name == first
    assert live.following().stale_since
    assert caplog.text.count("the new generation is not served") == 1
    build(tmp_path / "corpus", index, embedder, unless_current=True, engine=engine)
    threading.Event().wait(0.3)
    assert live.current().name == second
    assert not live.following().stale_since


def test_what_was_gone_back_to_is_taken_though_milvus_lacks_it(
    corpus_folder: MakeCorpus,
    tmp_path: Path,
    engine: MilvusEngine,
    safety_texts: SafetyTexts,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("qa.live._CHECK_SECONDS", 0.0)
    index, embedder = tmp_path / "index", WordHashEmbedder()
    first = build(corpus_folder(DRIVING), index, embedder).generation  # before Milvus was set
    second = made(corpus_folder, LATER, index, engine)
    assistant = Assistant(index, embedder, safety_texts, engine=engine)
    assert assistant.generation == second
    nowhere = MilvusEngine(MilvusPlace("http://127.0.0.1:9"))
    down = go_back(index, target_of(index, embedder.identity), ANA, engine=nowhere)
    assert "does not answer" in down
    answer = assistant.ask("May I drive a car?")
    assert answer.generation == first, "the wrong leaflet is not quoted any more"
    assert "on the day of your treatment" in answer.quotes[0].text
    assistant.check()
    assert caplog.text.count("is searched on this server until it is restarted") == 1


GOLDEN = read_golden(ROOT / "corpus" / "questions.csv")


@pytest.mark.parametrize(
    "questions",
    [
        pytest.param(GOLDEN[:: len(GOLDEN) // 20], id="twenty"),
        pytest.param(GOLDEN, id="all", marks=pytest.mark.nightly),
    ],
)
def test_golden_questions_get_the_same_answers_as_from_faiss(
    questions: list,
    real_index: Path,
    first_document: Assistant,
    bundled: SentenceEmbedder,
    safety_texts: SafetyTexts,
    engine: MilvusEngine,
    tmp_path: Path,
) -> None:
    [name] = generations(real_index)
    folder = real_index / "generations" / name
    engine.fill(tmp_path, name, folder, first_document.live.current().vectors)
    by_milvus = Assistant(real_index, bundled, safety_texts, engine=engine)
    for one in questions:
        answers = [
            assistant.ask(one.question, trace=True).to_dict(trace=True) | {"took_ms": 0}
            for assistant in (first_document, by_milvus)
        ]
        assert answers[0] == answers[1], one.question
