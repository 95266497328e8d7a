"""Generations whose files were altered by somebody who made the hashes fit again.

Nothing of such an index is served: it is said in a sentence, at once, without room for what the
files declare, and without a look outside the folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from numpy.lib import format as npy

from qa.errors import DamagedIndex
from qa.faiss_file import check_candidates
from qa.generation import load, verify
from qa.index import build
from qa.publishing import read_pointer
from qa.vectors import FaissStore
from tests.conftest import ROOT
from tests.little_work import least_seconds
from tests.word_hash import WordHashEmbedder

CORPUS = {
    "care.md": "# Care\n\nKetamine is an anesthetic. It is given slowly.\n\n"
    "## Home\n\nDo not drive.\n",
    "visits.txt": "Visits\n\nBring somebody along.\n",
}
Forge = Callable[[Path], None]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    for name, content in CORPUS.items():
        (folder / name).write_text(content, "utf-8")
    build(folder, folder / "index", WordHashEmbedder())
    return folder / "index"


@pytest.fixture
def index(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "index")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def poison(index: Path, forge: Forge) -> None:
    """Alters the live generation, and makes every hash fit that can be made to."""
    folder = read_pointer(index).folder
    forge(folder)
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_bytes())
        for name in manifest["files"]:
            if (folder / name).is_file() and ".." not in name and not (folder / name).is_symlink():
                manifest["files"][name] = sha256(folder / name)
        path.write_text(json.dumps(manifest), "utf-8")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    (index / "CURRENT").write_text(f"{folder.name} {sha256(path)}\n", "utf-8")


def is_refused(index: Path) -> str:
    """Neither loaded nor sound; gives what was said."""
    told: list[DamagedIndex] = []

    def try_it() -> None:
        with pytest.raises(DamagedIndex) as found:
            load(index)
        assert verify(index)
        told.append(found.value)

    assert least_seconds(try_it, 2) < 2
    said = str(told[-1])
    assert "Run `qa build --force`" in said
    assert "Traceback" not in said
    assert len(said) < 1_000
    return said


def manifest_with(change: Callable[[dict[str, Any]], object]) -> Forge:
    def forge(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        change(manifest)
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")

    return forge


def written(name: str, data: bytes) -> Forge:
    return lambda folder: (folder / name).write_bytes(data) and None


FIELDS = ("format", "model", "options", "counts", "documents", "files")
VALUES: Mapping[str, Any] = {
    "dropped": None, "text": "x", "list": [], "number": -1, "huge": 2**63, "nothing": {},
    "none": [None],
}  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("field", FIELDS)
def test_each_field_of_the_manifest(index: Path, field: str, value: str) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest[field] = VALUES[value]
        if value == "dropped":
            del manifest[field]

    if (field, value) == ("documents", "nothing"):
        return  # what was built of what is for the next build, and nothing is served of it
    poison(index, manifest_with(change))
    is_refused(index)


@pytest.mark.parametrize("value", ["x", -1, 1.0, True, 2**63, 2**200, None, [], {}])
@pytest.mark.parametrize("count", ["documents", "chunks", "sentences"])
def test_each_count(index: Path, count: str, value: Any) -> None:
    poison(index, manifest_with(lambda manifest: manifest["counts"].update({count: value})))
    is_refused(index)


@pytest.mark.parametrize("value", ["", "-1", "0", "9" * 30, "\u00b2", "1e9", 384, None])
def test_the_dimension(index: Path, value: Any) -> None:
    poison(index, manifest_with(lambda manifest: manifest["model"].update(dimension=value)))
    is_refused(index)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\x00", b"[]", b"1", b"null", b"NaN", b"\xff\xfe", b'{"format": NaN}'),
        *(b"[" * 200_000, b'{"a":' * 200_000, b'{"format": 4, "format": 4}', b'"\\ud800"'),
    ],
)
@pytest.mark.parametrize("name", ["manifest.json", "synonyms.json", "bm25/counts.json"])
def test_json_that_is_none(index: Path, name: str, data: bytes) -> None:
    poison(index, written(name, data))
    is_refused(index)


def header_with(name: str, value: Any) -> Forge:
    def forge(folder: Path) -> None:
        path = folder / "documents.jsonl"
        first, *rest = path.read_text("utf-8").splitlines(keepends=True)
        line = json.dumps(json.loads(first) | {name: value}) + "\n"
        path.write_text(line + "".join(rest), "utf-8")

    return forge


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("id", one) for one in ("../x.md", "/etc/passwd", "a\x00b", "", 1, None)),
        *(("id", one) for one in ("a/../b", "\ud800")),
        *(("title", one) for one in (None, 1, ["x"], "\ud800")),
        *(("sha256", one) for one in ("", "0" * 63, "../../etc/passwd", 5)),
        *(("source_sha256", one) for one in ("../../../../etc/passwd", None, "G" * 64)),
        *((one, 2**63) for one in ("characters", "text_bytes", "section_bytes")),
        *((one, 2**63) for one in ("sections", "blocks")),
        *((one, True) for one in ("characters", "text_bytes", "sections")),
        *(("pages", one) for one in (["x"], [-1], [2**80], 5, [True])),
        *(("meta", one) for one in ([["a"]], [["a", 1]], "x", [1], {"a": "b"})),
    ],
)  # fmt: skip
def test_what_is_said_of_a_document(index: Path, field: str, value: Any) -> None:
    poison(index, header_with(field, value))
    is_refused(index)


def array_with(name: str, change: Callable[[Any], Any]) -> Forge:
    def forge(folder: Path) -> None:
        np.save(folder / name, change(np.load(folder / name)), allow_pickle=True)

    return forge


def changed(row: Any, value: Any) -> Callable[[Any], Any]:
    def change(array: Any) -> Any:
        array[row] = value
        return array

    return change


ARRAYS = (
    *("vectors.npy", "sentences.npy", "chunks.npy", "spans.npy", "blocks.npy"),
    *("bm25/terms.npy", "bm25/ends.npy", "bm25/starts.npy", "bm25/rows.npy", "bm25/scores.npy"),
    *("words/terms.npy", "words/stream.npy", "words/places.npy", "words/documents.npy"),
)
OTHER: Mapping[str, Callable[[Any], Any]] = {
    "objects": lambda array: array.astype(object),
    "other numbers": lambda array: array.astype(np.complex64),
    "the other end first": lambda array: array.astype(array.dtype.newbyteorder(">")),
    "more dimensions": lambda array: array[None],
    "no dimension": lambda array: array.flat[0],
    "cut short": lambda array: array[:-1],
    "empty": lambda array: array[:0],
}


@pytest.mark.parametrize("other", OTHER)
@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_of_another_kind(index: Path, name: str, other: str) -> None:
    if name == "bm25/terms.npy" and other == "the other end first":
        return  # a byte has no ends
    poison(index, array_with(name, OTHER[other]))
    is_refused(index)


@pytest.mark.parametrize(
    ("name", "row", "value"),
    [
        ("bm25/rows.npy", 0, 2**31 - 1),
        ("bm25/rows.npy", -1, -1),
        ("bm25/ends.npy", 1, -5),
        ("bm25/starts.npy", 1, 2**62),
        ("bm25/scores.npy", 0, np.nan),
        ("bm25/scores.npy", 0, np.inf),
        ("words/stream.npy", 0, 2**31 - 1),
        ("words/places.npy", 0, 2**32 - 1),
        ("words/terms.npy", (0, 1), 2**62),
        ("words/documents.npy", 0, -1),
        ("chunks.npy", (0, 2), 2**62),
        ("chunks.npy", (0, 1), -1),
        ("chunks.npy", (0, 4), 2**40),
        ("spans.npy", (0, 2), 2**31 - 1),
        ("spans.npy", (0, 0), 99),
        ("blocks.npy", (0, 1), -1),
    ],
)
def test_numbers_that_lead_out_of_range(index: Path, name: str, row: Any, value: Any) -> None:
    poison(index, array_with(name, changed(row, value)))
    is_refused(index)


def declaring(name: str, shape: tuple[int, ...], *, fortran: bool = False) -> Forge:
    def forge(folder: Path) -> None:
        path = folder / name
        array = np.load(path)
        with path.open("wb") as file:
            npy.write_array_header_1_0(
                file,
                {"descr": array.dtype.str, "fortran_order": fortran, "shape": shape},
            )
            file.write(array.tobytes())

    return forge


LIMITED = """
import resource, sys
from pathlib import Path
from qa.errors import DamagedIndex
from qa.generation import load, verify
room = int(Path("/proc/self/statm").read_text().split()[0]) * 4096 + (256 << 20)
resource.setrlimit(resource.RLIMIT_AS, (room, room))
for index in sys.argv[1:]:
    try:
        load(Path(index))
        print("LOADED", index)
    except DamagedIndex as error:
        assert verify(Path(index))
        print("refused", error.problems[0])
"""


def test_huge_shapes_take_no_memory(template: Path, tmp_path: Path) -> None:
    shapes = [(2**40,), (2**31, 5), (2**62, 2), (2**40, 2**40)]
    places = []
    for name in ("vectors.npy", "chunks.npy", "bm25/rows.npy", "words/stream.npy"):
        for number, shape in enumerate(shapes):
            place = tmp_path / f"{name.replace('/', '-')}{number}"
            shutil.copytree(template, place)
            poison(place, declaring(name, shape))
            places.append(str(place))
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, *places],
        env=environment, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert ended.stdout.count("refused") == len(places), ended.stdout + ended.stderr


def test_vectors_column_by_column(index: Path) -> None:
    shape = np.load(read_pointer(index).folder / "vectors.npy").shape
    poison(index, declaring("vectors.npy", shape, fortran=True))
    is_refused(index)


def outside(tmp_path: Path) -> Path:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    return secret


@pytest.mark.parametrize("name", ["../../../secret", "/etc/passwd", "a/../../b", "", ".", "a\x00b"])
def test_names_of_files_that_lead_elsewhere(index: Path, tmp_path: Path, name: str) -> None:
    secret = sha256(outside(tmp_path))
    poison(index, manifest_with(lambda manifest: manifest["files"].update({name: secret})))
    assert "is no name of a file in this folder" in is_refused(index)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["link", "dangling", "endless", "pipe", "folder", "folder link"])
@pytest.mark.parametrize("name", ["vectors.npy", "words/terms.txt", "manifest.json"])
def test_what_is_no_file(index: Path, tmp_path: Path, name: str, kind: str) -> None:
    path = read_pointer(index).folder / name
    moved = tmp_path / "moved"
    shutil.move(path.parent if kind == "folder link" else path, moved)
    if kind == "folder link" and path.parent.name != "words":
        shutil.move(moved, path.parent)
        return
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        to = {"link": moved, "dangling": tmp_path / "none", "endless": Path("/dev/zero")}
        (path.parent if kind == "folder link" else path).symlink_to(to.get(kind, moved))
    begun = time.process_time()  # of a pipe or of all that /dev/zero has nothing is read
    with pytest.raises(DamagedIndex):
        load(index)
    assert time.process_time() - begun < 10


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for rights to make links")
def test_links_around_a_generation(index: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(index)
    assert load(tmp_path / "linked").name == load(index).name, "an index may lie elsewhere"
    folder = read_pointer(index).folder
    shutil.move(folder, tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DamagedIndex, match="a link to another place"):
        load(index)


@pytest.mark.parametrize(
    "data",
    [b"", b"../../x " + b"0" * 64, b"/etc " + b"0" * 64, b"x", b"\x00 " + b"0" * 64, b"a " * 9_999],
)
def test_the_pointer(index: Path, data: bytes) -> None:
    (index / "CURRENT").write_bytes(data)
    with pytest.raises(DamagedIndex, match="CURRENT"):
        load(index)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in folders")
def test_a_pointer_that_never_ends(index: Path) -> None:
    (index / "CURRENT").unlink()
    os.mkfifo(index / "CURRENT")
    with pytest.raises(DamagedIndex, match="CURRENT is no file"):
        load(index)


@pytest.fixture(scope="module")
def candidates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 600 vectors of 8 numbers and FAISS' file for them."""
    folder = tmp_path_factory.mktemp("candidates")
    vectors = np.random.default_rng(3).normal(size=(600, 8)).astype(np.float32)
    np.save(folder / "vectors.npy", vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    FaissStore.write(folder, exact_below=10)
    return folder


def opened(folder: Path, data: bytes, tmp_path: Path) -> FaissStore:
    shutil.copy(folder / "vectors.npy", tmp_path)
    (tmp_path / "chunks.faiss").write_bytes(data)
    return FaissStore.load(tmp_path, count=600, dimension=8, exact_below=10)


def test_what_faiss_wrote_is_read(candidates: Path, tmp_path: Path) -> None:
    data = (candidates / "chunks.faiss").read_bytes()
    check_candidates(candidates / "chunks.faiss", 600, 8)
    assert not opened(candidates, data, tmp_path).exact


def test_every_count_of_faiss(candidates: Path, tmp_path: Path) -> None:
    """Eight bytes at each place of the first part, and at some of the rest, are made huge."""
    data = (candidates / "chunks.faiss").read_bytes()
    path = tmp_path / "chunks.faiss"
    places = [*range(0, 140, 4), *range(140, len(data) - 8, 997), len(data) - 8]
    refused = 0
    for place in places:
        path.write_bytes(data[:place] + b"\xff\xff\xff\xff\xff\xff\xff\x7f" + data[place + 8 :])
        try:
            check_candidates(path, 600, 8)
        except ValueError:
            refused += 1
    assert refused > 20, "those that are counts or kinds; others are numbers of the vectors"


@pytest.mark.parametrize("kind", ["cut", "longer", "flat", "graph", "other dimension", "text"])
def test_another_file_than_faiss_wrote(candidates: Path, tmp_path: Path, kind: str) -> None:
    data = (candidates / "chunks.faiss").read_bytes()
    other: dict[str, Callable[[], bytes]] = {
        "cut": lambda: data[:-9],
        "longer": lambda: data + b"\x00",
        "text": lambda: b"nonsense" * 99,
        "flat": lambda: bytes(faiss.serialize_index(faiss.IndexFlatIP(8))),
        "graph": lambda: bytes(faiss.serialize_index(faiss.IndexHNSWFlat(8, 16))),
        "other dimension": lambda: data[:4] + b"\x09" + data[5:],
    }
    with pytest.raises(DamagedIndex, match=r"chunks\.faiss is no FAISS index as"):
        opened(candidates, other[kind](), tmp_path)


def test_rows_that_are_not_there_or_twice(candidates: Path, tmp_path: Path) -> None:
    data = (candidates / "chunks.faiss").read_bytes()
    at = data.index(b"ilbl") + 4 + 32 + 8  # the rows of the first list
    for row in (b"\xff" * 8, (600).to_bytes(8, "little"), data[at + 8 : at + 16]):
        with pytest.raises(DamagedIndex, match="row"):
            opened(candidates, data[:at] + row + data[at + 8 :], tmp_path)
