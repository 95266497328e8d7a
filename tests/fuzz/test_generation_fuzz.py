"""Fuzz: index generations, exports, receipts and SQLite files with anything in them.

What is loaded is right to the last character, or DamagedIndex, TransferError, QuestionError or
StoreError says that it is not; also where whoever altered a file wrote the hashes anew.
"""

# ruff: noqa: PT017  # what an error says is looked at only where one is raised

from __future__ import annotations

import atexit
import base64
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from qa.calibration import read_calibration
from qa.errors import (
    IndexUnusable,
    QuestionError,
    QuotewellError,
    StoreError,
    TransferError,
)
from qa.generation import Generation, load, verify
from qa.history import read_history
from qa.index import build
from qa.publishing import generations, going_back_to, live_generation, waiting
from qa.receipt import BEGINNING, Receipt, read_receipt
from qa.replaying import replay
from qa.staff.accounts import Accounts
from qa.staff.audit import AuditTrail
from qa.staff.file import StaffFile
from qa.staff.member import Role
from qa.staff.passwords import Passwords
from qa.store import Store
from qa.transfer import export_to, import_from
from qa.types import Quote
from qa.vectors import CANDIDATES_FILE, FaissStore
from tests.conftest import ROOT
from tests.fuzz.altered import HOSTILE_TEXTS, Edit, apply, edits
from tests.fuzz.budget import fuzzed
from tests.fuzz.faiss_child import COUNT, DIMENSION, EXACT_BELOW
from tests.pdfs import simple_pdf
from tests.word_hash import WordHashEmbedder

_CORPUS = {
    "ketamine.md": "# Ketamine\n\nKetamine is an anesthetic. It is given slowly.\n\n## Driving\n\n"
    "- Do not drive.\n- Rest until the next day.\n",
    "visits/first.txt": "Visits\n\nBring somebody along. \u00dcberall \U0001f642 welcome.\n",
    "synonyms.csv": "lay,formal\nspecial k,ketamine\n",
}
_QUESTION = "May I drive after ketamine?"


@lru_cache(maxsize=1)
def _made() -> tuple[dict[str, bytes], bytes]:
    """Every file of a sound index by its path in it, and its export."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, index, export = (Path(folder) / name for name in ("corpus", "index", "x.zip"))
        for name, text in _CORPUS.items():
            (corpus / name).parent.mkdir(parents=True, exist_ok=True)
            (corpus / name).write_text(text, "utf-8")
        (corpus / "sheet.pdf").write_bytes(simple_pdf(["Bring a list of your medicines."]))
        build(corpus, index, WordHashEmbedder())
        export_to(export, index, corpus, live_generation(index))
        paths = [path for path in index.rglob("*") if path.is_file() and path.suffix != ".lock"]
        files = {path.relative_to(index).as_posix(): path.read_bytes() for path in paths}
        return files, export.read_bytes()


def _index() -> dict[str, bytes]:
    return _made()[0]


@lru_cache(maxsize=1)
def _names() -> list[str]:
    """The files of the generation itself."""
    return sorted(name for name in _index() if name.startswith("generations/"))


@lru_cache(maxsize=1)
def _sound() -> list[tuple[object, ...]]:
    with _written(_index()) as index:
        assert verify(index) == []
        return _all_of(load(index))


@contextmanager
def _written(files: dict[str, bytes]) -> Iterator[Path]:
    """The files as an index in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        yield Path(folder)


def _rehashed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same with the hashes of all files written anew, as somebody would who hides a change."""
    [manifest] = [name for name in files if name.endswith("/manifest.json")]
    home = manifest.removesuffix("manifest.json")
    try:
        told = json.loads(files[manifest])
        told["files"] = {
            name.removeprefix(home): hashlib.sha256(data).hexdigest()
            for name, data in files.items()
            if name.startswith(home) and name != manifest
        }
        files[manifest] = json.dumps(told).encode()
    except (ValueError, TypeError, RecursionError):
        pass  # no manifest any more: only the pointer is written anew
    pointer = files["CURRENT"].split()
    files["CURRENT"] = b"%s %s\n" % (
        pointer[0],
        hashlib.sha256(files[manifest]).hexdigest().encode(),
    )
    return files


def _all_of(generation: Generation) -> list[tuple[object, ...]]:
    """All that can be quoted of a generation, each quote compared with the stored text."""
    found: list[tuple[object, ...]] = []
    for document in generation.documents:
        assert hashlib.sha256(document.text.encode()).hexdigest() == document.sha256
        found.append((document.id, document.title, document.text, document.sections,
                      document.blocks, document.meta))  # fmt: skip
        with suppress(OSError, ValueError):  # then the page is shown without marks, or not at all
            found.append((document.id, generation.boxes(document).tolist()))
    for row in range(len(generation.chunks)):
        passage = generation.passage(row)
        found.append((passage.chunk, passage.vector.tolist()))
        for one in passage.chunk.sentences:
            quote = Quote.cut(passage.document, one.start, one.end)
            assert quote.text == passage.document.text[one.start : one.end]
            json.dumps(quote.to_dict()).encode()
    vector = WordHashEmbedder().encode([_QUESTION])[0]
    terms = generation.tokenizer(_QUESTION)
    for row, score in (*generation.vectors.search(vector, 5), *generation.lexical.search(terms, 5)):
        assert np.isfinite(score)
        generation.passage(row)
    generation.speller.meant(_QUESTION)
    for name in ("ketamine", "ketamine anesthetic", "next day", "zebra"):
        generation.knows()(name)
        generation.knows([generation.documents[0].id] if generation.documents else [])(name)
    return found


def _loaded(files: dict[str, bytes]) -> list[tuple[object, ...]] | None:
    """All of an index of these files; None where it is refused, as it should be if it is wrong."""
    with _written(files) as index:
        try:
            return _all_of(load(index))
        except (IndexUnusable, QuotewellError) as error:
            assert "Traceback" not in str(error)
            return None


_places = st.integers(0, 10_000)


@fuzzed("generation/altered", daily=8, place=_places, changes=edits())
def test_a_file_that_is_altered_is_noticed(place: int, changes: list[Edit]) -> None:
    files = dict(_index())
    name = _names()[place % len(_names())]
    files[name] = apply(files[name], changes)
    found = _loaded(files)
    assert (found is None) == (files[name] != _index()[name])


@fuzzed(
    "generation/altered and hashed anew",
    daily=20,
    place=_places,
    other=st.one_of(st.none(), st.none(), _places),
    changes=edits([b"\xff" * 8, bytes(8), b"\x7f\xff\xff\xff", b"PK\x03\x04", b"\x93NUMPY"]),
)
def test_a_poisoned_generation_is_refused_or_quotes_what_it_stores(
    place: int, other: int | None, changes: list[Edit]
) -> None:
    files = dict(_index())
    name = _names()[place % len(_names())]
    if other is None:
        files[name] = apply(files[name], changes)
    else:
        second = _names()[other % len(_names())]
        files[name], files[second] = files[second], files[name]
    _loaded(_rehashed(files))


_NUMBERS = (-1, 0, 1, 7, 255, 2**31 - 1, -(2**31), 2**31, 2**62, -(2**63), 2**63 - 1)


@fuzzed(
    "generation/numbers",
    daily=15,
    place=_places,
    changes=st.lists(st.tuples(_places, st.sampled_from(_NUMBERS)), min_size=1, max_size=3),
)
def test_poisoned_tables_of_numbers(place: int, changes: list[tuple[int, int]]) -> None:
    files = dict(_index())
    tables = [name for name in _names() if name.endswith(".npy")]
    name = tables[place % len(tables)]
    array = np.load(io.BytesIO(files[name])).copy()
    flat = array.reshape(-1)
    for at, number in changes:
        if flat.size:
            with np.errstate(all="ignore"):
                value = np.array([number], np.int64).astype(array.dtype, casting="unsafe")[0]
                flat[at % flat.size] = np.nan if array.dtype.kind == "f" and at % 3 else value
    made = io.BytesIO()
    np.save(made, array)
    files[name] = made.getvalue()
    _loaded(_rehashed(files))


_leaves: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.just([]), st.just({}),
    st.sampled_from(HOSTILE_TEXTS), st.just([[]]), st.just(["a", 1]), st.just({"a": {}}),
    st.sampled_from(["generation/../x", "/dev/zero", "CON", "german", "manifest.json"]),
)  # fmt: skip


def _with_leaf(value: Any, way: list[int], leaf: Any) -> Any:
    """A JSON value in which one part, or one of its names, is another."""
    if not way or not isinstance(value, dict | list) or not value:
        return leaf
    if isinstance(value, list):
        at = way[0] % len(value)
        return [*value[:at], _with_leaf(value[at], way[1:], leaf), *value[at + 1 :]]
    name = list(value)[way[0] % len(value)]
    rest = {key: one for key, one in value.items() if key != name}
    if way[0] % 7 == 0:
        return rest
    if way[0] % 7 == 1 and isinstance(leaf, str):
        return rest | {leaf: value[name]}
    return rest | {name: _with_leaf(value[name], way[1:], leaf)}


_ways = st.lists(st.integers(0, 500), max_size=4)


@fuzzed("generation/json", daily=20, place=_places, way=_ways, leaf=_leaves, anew=st.booleans())
def test_poisoned_json_of_a_generation(place: int, way: list[int], leaf: Any, anew: bool) -> None:
    files = dict(_index())
    tables = [name for name in _names() if name.endswith((".json", ".jsonl"))]
    name = tables[place % len(tables)]
    lines = files[name].split(b"\n") if name.endswith("l") else [files[name]]
    at = place % max(1, len(lines) - 1)
    changed = json.dumps(_with_leaf(json.loads(lines[at]), way, leaf)).encode()
    files[name] = b"\n".join([*lines[:at], changed, *lines[at + 1 :]])
    if name.endswith("sections.jsonl") and anew:  # its length is told by the headers
        short = b" " * (len(lines[at]) - len(changed))
        files[name] = b"\n".join([*lines[:at], changed + short, *lines[at + 1 :]])
    if not name.endswith("/manifest.json"):
        _loaded(_rehashed(files))
        return
    pointer = files["CURRENT"].split()[0]
    files["CURRENT"] = pointer + b" " + hashlib.sha256(files[name]).hexdigest().encode()
    _loaded(files)


@fuzzed("generation/pointer and history", daily=25, place=_places, changes=edits([b"\n", b"{}"]))
def test_pointer_history_and_calibrations(place: int, changes: list[Edit]) -> None:
    files = dict(_index())
    beside = [name for name in files if not name.startswith("generations/")]
    files["calibrations/x-1.json"] = b'{"calibration": {"threshold": 0.5}, "sha256": "0"}'
    name = [*beside, "calibrations/x-1.json"][place % (len(beside) + 1)]
    files[name] = apply(files[name], changes)
    with _written(files) as index:
        for read in (load, read_history, generations, live_generation, waiting, going_back_to,
                     lambda one: read_calibration(one, "x-1")):  # fmt: skip
            try:
                read(index)
            except QuotewellError as error:
                assert str(index) in str(error)
    assert _sound()


@fuzzed(
    "generation/import",
    daily=12,
    changes=edits([b"PK\x01\x02", b"\xff\xff\xff\xff", b"quotewell.json", b"/../"]),
    inside=st.one_of(st.none(), _places),
    leaf=_leaves,
    way=_ways,
)
def test_what_is_imported_is_whole_or_nothing_is(
    changes: list[Edit], inside: int | None, leaf: Any, way: list[int]
) -> None:
    data = apply(_made()[1], changes) if inside is None else _remade(inside, changes, leaf, way)
    with tempfile.TemporaryDirectory() as folder:
        source, index, corpus = (Path(folder) / name for name in ("a.zip", "index", "corpus"))
        source.write_bytes(data)
        index.mkdir()
        corpus.mkdir()
        try:
            done = import_from(source, index, corpus, WordHashEmbedder().identity)
        except QuotewellError as error:
            assert isinstance(error, TransferError) or "has" in str(error)
            assert not list(corpus.iterdir()), "some of it was taken in"
            assert not generations(index)
        else:
            assert generations(index) == [done.generation]
            strange = {one.name for one in Path(folder).iterdir()}
            assert strange == {"a.zip", "index", "corpus"}, "written outside"


def _remade(place: int, changes: list[Edit], leaf: Any, way: list[int]) -> bytes:
    """The export with one member altered and all hashes written anew, or its contents altered."""
    with zipfile.ZipFile(io.BytesIO(_made()[1])) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    contents = json.loads(members.pop("quotewell.json"))
    name = sorted(members)[place % len(members)]
    if place % 3:
        members[name] = apply(members[name], changes)
        home = {k: v for k, v in members.items() if k.startswith("generation/")}
        manifest = "generation/manifest.json"
        if name in home and name != manifest:
            told = json.loads(members[manifest])
            told["files"][name.removeprefix("generation/")] = hashlib.sha256(
                members[name]
            ).hexdigest()
            members[manifest] = json.dumps(told).encode()
        contents["members"] = {k: hashlib.sha256(v).hexdigest() for k, v in members.items()}
    else:
        contents = _with_leaf(contents, way, leaf)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for one, data in members.items():
            archive.writestr(one, data)
        archive.writestr("quotewell.json", json.dumps(contents))
    return made.getvalue()


_RECEIPT = {
    "generation": "20261124T220343291365Z-d37ed310", "question": _QUESTION, "previous": ["a"],
    "documents": ["ketamine.md"], "language": "en", "day": "2026-11-26", "audience": "patients",
    "basis": {"program": "0.1.0", "model": "0a", "reader": "0b", "policy": "0c", "threshold": 0.5},
    "content": {"kind": "answer", "reason": None, "rest": "00", "sha256": "00",
                "quotes": [["ketamine.md", 0, 5, "00", "evidence"]], "notices": [["advice", "00"]]},
}  # fmt: skip


@fuzzed(
    "generation/receipts",
    daily=60,
    way=_ways,
    leaf=_leaves,
    changes=st.one_of(st.none(), edits([b"=", b" ", b"\n", b"qw2."])),
)
def test_receipts(way: list[int], leaf: Any, changes: list[Edit] | None) -> None:
    packed = zlib.compress(json.dumps(_with_leaf(_RECEIPT, way, leaf)).encode())
    data = hashlib.sha256(packed).digest()[:8] + packed
    line = BEGINNING + base64.urlsafe_b64encode(data).decode().rstrip("=")
    if changes:
        line = apply(line.encode(), changes).decode("utf-8", "replace")
    try:
        found = read_receipt(line)
    except QuestionError as error:
        assert _QUESTION not in str(error)
        return
    assert isinstance(found, Receipt)
    json.dumps(replay(found, [], lambda _: lambda *_, **__: None).to_dict())


_ROW = {"question": _QUESTION, "kind": "answer", "reason": "", "places": "[]", "generation": "x"}


@lru_cache(maxsize=1)
def _databases() -> dict[str, bytes]:
    """A file of feedback and questions, and one of the staff's, with something in them."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "records.sqlite3", 30)
        store.add("questions", _ROW)
        staff = StaffFile(Path(folder) / "staff.sqlite3")
        Accounts(staff, passwords=Passwords()).add("Kim", Role.MAINTAINER, "plain words in a row")
        AuditTrail(staff).note("Kim", "stopped", "A job")
        return {path.name: path.read_bytes() for path in Path(folder).glob("*.sqlite3")}


@fuzzed(
    "generation/databases",
    daily=25,
    which=st.sampled_from(["records.sqlite3", "staff.sqlite3"]),
    changes=edits([b"SQLite format 3\0", b"\xff\xff", b"CREATE TABLE"]),
)
def test_damaged_databases(which: str, changes: list[Edit]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / which
        path.write_bytes(apply(_databases()[which], changes))
        store, staff = Store(path, 30), StaffFile(path)
        for use in (
            lambda: store.rows("questions"),
            lambda: store.count("feedback"),
            lambda: store.add("questions", _ROW),
            store.purge,
        ) if which.startswith("records") else (
            lambda: AuditTrail(staff).entries(),
            lambda: AuditTrail(staff).note("Kim", "stopped"),
            Accounts(staff).members,
        ):  # fmt: skip
            try:
                use()
            except StoreError as error:
                assert str(path) in str(error)


@lru_cache(maxsize=1)
def _vectors() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        rows = np.random.default_rng(1).standard_normal((COUNT, DIMENSION)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        FaissStore.build(rows, EXACT_BELOW).save(Path(folder))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@lru_cache(maxsize=1)
def _children() -> subprocess.Popen[str]:
    """A process that loads each index in a process of its own; it ends with its standard input."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz.faiss_child"],
        cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    atexit.register(child.communicate)  # which closes its standard input, and waits
    return child


@fuzzed(
    "generation/faiss",
    daily=15,
    changes=edits([b"\xff" * 8, b"\xff\xff\xff\x7f", bytes(4), bytes(8), b"IxFI", b"IwFl"]),
)
def test_an_index_of_faiss_never_ends_the_process(changes: list[Edit]) -> None:
    files = _vectors()
    child = _children()
    assert child.stdin
    assert child.stdout
    with _written(files | {CANDIDATES_FILE: apply(files[CANDIDATES_FILE], changes)}) as folder:
        child.stdin.write(f"{folder}\n")
        child.stdin.flush()
        told = child.stdout.readline().strip()
    assert told in ("sound", "damaged"), told
