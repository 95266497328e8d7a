"""Embedding on a Ray cluster: a local one of two workers, some of which are killed."""

from __future__ import annotations

import gc
import importlib.util
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest

from qa.embedding import BUNDLED, Embedder
from qa.embedding_export import embedder_for
from qa.errors import BuildError
from qa.generation import load
from qa.index import build
from qa.ray_cluster import RayCluster, _sweep
from qa.ray_embedding import RayEmbedder
from qa.ray_worker import _differing
from qa.types import Vectors
from tests.bundled import EXPORTED
from tests.conftest import ROOT, MakeCorpus
from tests.word_hash import WordHashEmbedder

TEXTS = [f"Leaflet {n}: rest for {n % 7} days.\n• Ring us on day {n * n}." for n in range(700)]


class SlowWordHash(WordHashEmbedder):
    """Takes its time over each text, and says which process it is."""

    def __init__(self, tracks: str) -> None:
        super().__init__(name="slow")
        self._tracks = Path(tracks)

    def encode_alone(self, texts: Sequence[str]) -> Iterator[Vectors]:
        for text in texts:
            (self._tracks / str(os.getpid())).touch()
            time.sleep(0.01)
            yield self.encode([text])


class OffByABit(WordHashEmbedder):
    """As a processor of another kind may round."""

    def __init__(self) -> None:
        super().__init__(name="off")

    def encode(self, texts: Sequence[str]) -> Vectors:
        made = super().encode(texts)
        return np.nextafter(made, np.float32(2))


def need_ray() -> None:
    """Skips where Ray is not installed, without importing it: that is the program's own to do."""
    if importlib.util.find_spec("ray") is None:
        pytest.skip("pip install quotewell[ray]")


LISTENING: set[tuple[str, int]] = set()
"""Where this process and its children listened before there was a cluster: other tests' servers."""


def listening() -> set[tuple[str, int]]:
    """Addresses and ports at which this process and its children listen."""
    here = psutil.Process()
    return {
        (connection.laddr.ip, connection.laddr.port)
        for process in (here, *here.children(recursive=True))
        for connection in process.net_connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN
    }


@pytest.fixture(scope="module")
def two_workers() -> Iterator[None]:
    """A cluster of two cores, which the embedders find and leave running."""
    need_ray()
    before = os.cpu_count
    LISTENING.update(listening())
    cluster = RayCluster()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "cpu_count", lambda: 2)
        patch.setenv("PYTHONPATH", str(ROOT))  # its workers must find the tests' embedders
        cluster.open()
    assert os.cpu_count is before
    assert cluster.cores() == 2
    yield
    started = [one for one in gc.get_objects() if type(one) is subprocess.Popen]
    cluster.close()
    # Ray leaves whatever takes more than a second to die, and Python then warns of it.
    for one in started:
        if "/ray/" in str(one.args):
            one.wait(60)


def all_of(parts: Iterator[Vectors]) -> Vectors:
    return np.concatenate(list(parts))


@pytest.mark.slow
def test_an_address_where_nobody_answers_is_told_at_once() -> None:
    # Imported before a local cluster is asked for, and so with Ray's own choice of addresses.
    pytest.importorskip("ray", reason="pip install quotewell[ray]")
    with (
        RayEmbedder(WordHashEmbedder(), WordHashEmbedder, "127.0.0.1:9", few=0) as embedder,
        pytest.raises(BuildError, match=r"at 127.0.0.1:9 cannot be used .*Nothing was changed"),
    ):
        list(embedder.encode_alone(["one"]))


@pytest.mark.slow
def test_a_local_cluster_is_reached_from_this_machine_only(two_workers: None) -> None:
    new = listening() - LISTENING
    assert new
    assert {ip.removeprefix("::ffff:") for ip, _ in new} == {"127.0.0.1"}
    assert os.environ["RAY_AUTH_MODE"] == "token", "which Ray sets where none was chosen"
    assert len(os.environ["RAY_AUTH_TOKEN"]) >= 32, "which is in no file"


def test_what_a_killed_build_left_is_swept_away(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    left, own, other = (
        tmp_path / name
        for name in (f"qa-ray-{ended.pid}-a", f"qa-ray-{os.getpid()}-b", "qa-ray-notes-c")
    )
    for folder in (left, own, other):
        (folder / "session").mkdir(parents=True)
    _sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([own, other])


@pytest.mark.slow
def test_order_and_bits_are_those_of_this_machine(two_workers: None) -> None:
    local = WordHashEmbedder()
    texts = [*TEXTS * 2, "", "\0 at its ends \0", "ünïcode 漢字 😀"]
    with RayEmbedder(local, WordHashEmbedder, few=0) as embedder:
        parts = list(embedder.encode_alone(texts))
        assert len(parts) == 2  # blocks of 1,024
        assert np.concatenate(parts).tobytes() == local.encode(texts).tobytes()
        assert parts[0].flags.writeable
        assert list(embedder.encode_alone([])) == []
        assert embedder.identity == local.identity
        assert embedder.count_tokens(["two words"]) == [2]


@pytest.mark.nightly
def test_the_bundled_model_gives_the_same_bits(two_workers: None, bundled: Embedder) -> None:
    make = partial(embedder_for, BUNDLED, "onnx", EXPORTED, threads=1)
    with RayEmbedder(bundled, make, few=0) as embedder:
        made = all_of(embedder.encode_alone(TEXTS[:20]))
    assert made.tobytes() == all_of(bundled.encode_alone(TEXTS[:20])).tobytes()


@pytest.mark.slow
def test_a_build_is_the_same_to_the_last_byte(
    two_workers: None, corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    corpus = corpus_folder({"a.md": "# A\n\n" + "\n\n".join(TEXTS[:40]), "b.txt": "B\n\nRest.\n"})
    local = WordHashEmbedder()
    made = {}
    build(corpus, tmp_path / "here", local)
    with RayEmbedder(local, WordHashEmbedder, few=0) as embedder:
        build(corpus, tmp_path / "there", embedder)
    for name in ("here", "there"):
        [folder] = (tmp_path / name / "generations").iterdir()
        made[name] = {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and path.name != "manifest.json"
        }
    assert made["here"] == made["there"]


@pytest.mark.slow
def test_a_worker_that_differs_is_named(two_workers: None) -> None:
    there = partial(WordHashEmbedder, name="there")
    with RayEmbedder(WordHashEmbedder(name="here"), there, few=0) as embedder:
        model = (
            f"on {os.uname().nodename} has another embedding model than this machine: model there"
        )
        with pytest.raises(BuildError, match=f"{model} instead of here. Nothing was changed."):
            list(embedder.encode_alone(TEXTS[:10]))
    with (
        RayEmbedder(WordHashEmbedder(name="off"), OffByABit, few=0) as embedder,
        pytest.raises(BuildError, match="differ from this machine's in their last digits"),
    ):
        list(embedder.encode_alone(TEXTS[:10]))


def test_other_libraries_are_named() -> None:
    here, there = (("torch", "2.9"), ("numpy", "2.3")), (("torch", "2.8"), ("numpy", ""))
    assert _differing(here, there) == "numpy missing instead of 2.3, torch 2.8 instead of 2.9"
    assert _differing(here, here) == ""


@pytest.mark.slow
def test_a_killed_worker_is_replaced(two_workers: None, tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_one() -> None:
        until = time.monotonic() + 180
        while not killed and time.monotonic() < until:
            for track in tmp_path.iterdir():
                os.kill(int(track.name), signal.SIGKILL)
                killed.append(int(track.name))
                return
            time.sleep(0.05)

    killer = threading.Thread(target=kill_one)
    local = WordHashEmbedder(name="slow")
    with RayEmbedder(local, partial(SlowWordHash, str(tmp_path)), few=0) as embedder:
        killer.start()
        made = all_of(embedder.encode_alone(TEXTS[:160]))
    killer.join()
    assert len(killed) == 1
    until = time.monotonic() + 90
    while psutil.pid_exists(killed[0]):  # until whoever started it has taken note of its end
        assert time.monotonic() < until, "the killed worker is still there"
        time.sleep(0.05)
    assert made.tobytes() == local.encode(TEXTS[:160]).tobytes()


def test_without_ray_the_error_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(BuildError, match=re.escape('pip install "quotewell[ray]"')):
        RayEmbedder(WordHashEmbedder(), WordHashEmbedder)


@pytest.mark.nightly
def test_a_lost_cluster_leaves_the_live_index_and_what_was_embedded(
    corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    corpus = corpus_folder({"a.md": "# A\n\n" + "\n\n".join(TEXTS[:20])})
    index = tmp_path / "index"
    build(corpus, index, WordHashEmbedder(name="slow"))
    before = (index / "CURRENT").read_bytes()
    (corpus / "b.md").write_text("# B\n\n" + "\n\n".join(f"{one} B." for one in TEXTS), "utf-8")
    tracks = tmp_path / "tracks"
    tracks.mkdir()
    code = (
        "import os; os.cpu_count = lambda: 2\n"
        "from functools import partial; from pathlib import Path\n"
        "from qa.errors import BuildError; from qa.index import build\n"
        "from qa.ray_embedding import RayEmbedder\n"
        "from tests.test_ray_embedding import SlowWordHash\n"
        "from tests.word_hash import WordHashEmbedder\n"
        f"make = partial(SlowWordHash, {str(tracks)!r})\n"
        "try:\n"
        "    with RayEmbedder(WordHashEmbedder(name='slow'), make, few=0) as embedder:\n"
        f"        build(Path({str(corpus)!r}), Path({str(index)!r}), embedder)\n"
        "except BuildError as error:\n"
        "    print(error)\n"
    )
    ran = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    until = time.monotonic() + 180
    while not any(tracks.iterdir()) and time.monotonic() < until:
        time.sleep(0.1)
    for process in psutil.Process(ran.pid).children(recursive=True):
        if process.name() in ("gcs_server", "raylet"):
            process.kill()
    told, _ = ran.communicate(timeout=300)
    assert re.fullmatch(
        r"The local Ray cluster did not finish \(.*nobody answers at.*\)\. .*\n", told
    )
    assert (index / "CURRENT").read_bytes() == before
    assert len(list((index / "generations").iterdir())) == 1
    assert load(index).documents  # whole


def test_few_texts_need_no_cluster() -> None:
    local = WordHashEmbedder()
    said: list[str] = []
    with RayEmbedder(local, WordHashEmbedder, "203.0.113.9:1", say=said.append) as embedder:
        assert all_of(embedder.encode_alone(["one"])).tobytes() == local.encode(["one"]).tobytes()
    assert said == ["Only 1 text is new: embedded here, without Ray."]
