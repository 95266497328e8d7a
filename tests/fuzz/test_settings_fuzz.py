"""Fuzz: settings, wording, synonyms, golden questions, catalogue and the staff's settings writer.

Whatever lies in these files or in QA_* variables: what is read is right, or one of the project's
errors says in which file, and where in it; in time that grows with the size of what is read.
"""

# ruff: noqa: PT017  # what an error says is looked at only where one is raised
from __future__ import annotations

import contextlib
import os
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st

from qa.catalogue import CATALOGUE_FILE, read_catalogue
from qa.errors import CorpusError, QuestionError, QuotewellError, SettingsError
from qa.golden import GOLDEN_FILE, SPANS, read_golden, spans_cell
from qa.golden_cells import with_column
from qa.metadata import FIELDS
from qa.probes import read_probes
from qa.settings import load_settings
from qa.staff.toml_edit import read_number, with_number
from qa.synonyms import SYNONYMS_FILE, added_terms, read_synonyms
from qa.wording import load_wording
from tests.conftest import ROOT
from tests.fuzz.altered import HOSTILE_TEXTS, Altered, altered, any_text
from tests.fuzz.budget import fuzzed
from tests.fuzz.pace import bounded

SECONDS = 1.0
"""Of process time for a file of some thousand bytes; most take a thousandth of it."""
_TOML = (ROOT / "qa.toml").read_bytes()
_TABLES: dict[str, tuple[str, ...]] = {
    "": ("corpus", "index", "keep_generations", "config", "safety", "serve", "unknown"),
    "clinic": ("name", "phone"),
    "safety": ("country", "emergency", "poison", "lines", "verified_on", "disclaimer", "profiles"),
    "embedding": ("model", "backend", "models"),
    "vectors": ("store", "uri", "token_env", "prefix", "timeout_seconds"),
    "reading": ("model", "models"),
    "chunking": ("language", "max_tokens", "overlap"),
    "answer": ("threshold", "off_corpus", "max_quotes", "max_words", "wrong_at_most"),
    "serve": ("host", "port", "allowed_hosts", "at_once", "max_waiting"),
    "page": ("title", "scope", "examples", "languages", "wording", "translations"),
    "privacy": ("log_questions", "keep_days", "store", "feedback"),
    "staff": ("store", "idle_minutes", "session_hours", "proxies", "maintainers", "oidc",
              "proxy_user_header", "proxy_role_header"),
}  # fmt: skip
_KEYS = [f"{table}.{key}".strip(".") for table, keys in _TABLES.items() for key in keys]
_VALUES = (
    "true", "0", "-1", "1e400", "nan", "-inf", "9" * 5_000, "0x" + "f" * 5_000, "1979-05-27",
    "07:32:00", "1979-05-27T07:32:00Z", "[]", "{}", "[[]]", '[{}, "x"]', "[" * 3_000 + "]" * 3_000,
    "{a=" * 400 + "1" + "}" * 400, '["en", "es"]', '["en", "en"]', '["../x"]', '["en-GB"]',
    '{ name = "x", call = "1" }', '[{ name = "x", call = "1" }]', '{ US = { emergency = "1" } }',
    '"http://a:b@c"', '"onnx"', '"milvus"', '"127.0.0.1"', '"10.0.0.0/8"', "0.5", "3",
)  # fmt: skip


def _written(text: str) -> str:
    """A text as TOML writes it, every character that may need it by its number."""
    safe = "".join(c if c.isascii() and c.isalnum() else f"\\U{ord(c):08x}" for c in text)
    return f'"{safe}"'


_scalars = st.one_of(
    st.sampled_from(_VALUES),
    any_text().filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)).map(_written),
    st.integers().map(str),
    st.floats().map(str),
)
_assignments = st.lists(st.tuples(st.sampled_from(_KEYS), _scalars), max_size=6)
_texts = any_text()
_times = st.one_of(st.sampled_from(HOSTILE_TEXTS + _VALUES), _texts)


def _in_a_file(
    name: str, data: bytes, read: Callable[[Path], object], kind: type[QuotewellError]
) -> object:
    """What `read` makes of a file; None where it raises `kind`, naming the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            with bounded(SECONDS):
                return read(path)
        except kind as error:
            assert str(path) in str(error), f"the file is not named: {error}"
            assert "Traceback" not in str(error)
            return None


def _all_of_it(path: Path) -> object:
    """Reads settings as every command does, and all that can be wrong later than that."""
    with patch.dict(os.environ, {"QA_EMBEDDING__MODELS": str(path.parent)}):
        made = load_settings(config=path)
    with contextlib.suppress(SettingsError):  # these name the setting, not always the file
        made.safety_texts().validate()
    with contextlib.suppress(SettingsError):
        made.page.wordings()
        made.page.require("es")
    return made.policy(), made.build_options(), made.models


@fuzzed("settings/toml altered", daily=12, data=altered([_TOML], [b"[", b"]]", b"=", b'"""']))
def test_an_altered_settings_file(data: Altered) -> None:
    _in_a_file("qa.toml", data.data, _all_of_it, SettingsError)


@fuzzed("settings/toml values", daily=50, given_=_assignments)
def test_settings_of_any_value(given_: list[tuple[str, str]]) -> None:
    lines = dict.fromkeys(f"{key} = {value}" for key, value in given_)
    _in_a_file("qa.toml", "\n".join(lines).encode(), _all_of_it, SettingsError)


@fuzzed("settings/environment", daily=30, key=st.sampled_from(_KEYS), value=_times)
def test_variables_of_any_value(key: str, value: str) -> None:
    name = "QA_" + key.upper().replace(".", "__")
    value = value.replace("\0", "").encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "qa.toml"
        path.write_text("", "utf-8")
        if name == "QA_CONFIG":
            value = str(Path(folder) / value.replace("/", ""))
        with patch.dict(os.environ, {name: value}), bounded(SECONDS):
            try:
                load_settings(config=None if name == "QA_CONFIG" else path)
            except SettingsError as error:
                assert "QA_" in str(error)
                assert "Traceback" not in str(error)


_CATALOGUE = (ROOT / "qa" / "data" / "wording" / "es.toml").read_bytes()


@fuzzed(
    "settings/wording",
    daily=12,
    data=altered([_CATALOGUE], [b"{", b"}", b"\xe2\x80\xae", b"[x]\n", b"{clinic}"]),
    language=st.one_of(st.just("es"), st.text(max_size=12), _texts),
)
def test_wording(data: Altered, language: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "es.toml").write_bytes(data.data)
        try:
            with bounded(SECONDS):
                made = load_wording(language, Path(folder))
                assert made.direction in ("ltr", "rtl")
                assert made.own_name
                assert made.date("2026-11-24")
                assert made.number(12_345)
                assert all(made.texts.values())
        except SettingsError as error:
            assert "toml" in str(error)


_ROWS = st.lists(st.lists(_texts, max_size=8), max_size=6)
_MARKS = (b'"', b",", b"\r", b"\r\n", b"\n", b";", b"\0", b"\xef\xbb\xbf", b"|", b" || ",
          b'"' + b"x" * 140_000, b"x" * 140_000)  # fmt: skip


def _csv(header: str, rows: list[list[str]]) -> bytes:
    """A table in which cells have marks where they need them."""
    quoted = [",".join('"' + one.replace('"', '""') + '"' for one in row) for row in rows]
    return "\n".join([header, *quoted]).encode("utf-8", "replace")


_SYNONYMS = (ROOT / "corpus" / SYNONYMS_FILE).read_bytes()
_GOLDEN = (ROOT / "corpus" / GOLDEN_FILE).read_bytes()[:6_000]
_GOLDEN_HEAD = "question,expect,quote,document,tags,note,spans"
_GOLDEN_ROW = b'a,quote,"b || c",d.md,x,y,"1:2 || 3:4 of 12345678"\n'


@fuzzed("settings/synonyms", daily=12, data=altered([_SYNONYMS, b"lay,formal\na|b,c\n"], _MARKS))
def test_synonyms(data: Altered) -> None:
    table = _in_a_file(SYNONYMS_FILE, data.data, read_synonyms, CorpusError)
    if isinstance(table, dict):
        assert all(isinstance(key, str) and value.strip() for key, value in table.items())
        added_terms("does it make me throw up", table)


@fuzzed(
    "settings/golden",
    daily=12,
    data=st.one_of(
        altered([_GOLDEN, _GOLDEN_HEAD.encode() + b"\n" + _GOLDEN_ROW], _MARKS),
        _ROWS,
    ),
)
def test_golden_questions(data: Altered | list[list[str]]) -> None:
    file = data.data if isinstance(data, Altered) else _csv(_GOLDEN_HEAD, data)
    golden = _in_a_file(GOLDEN_FILE, file, read_golden, QuestionError)
    for one in golden if isinstance(golden, list) else ():
        assert one.question
        assert len(one.spans) in (0, len(one.quotes))
    _in_a_file("danger.csv", file, read_probes, QuestionError)


@fuzzed(
    "settings/golden column",
    daily=12,
    data=altered([_GOLDEN, _GOLDEN_HEAD.encode() + b"\r\n" + _GOLDEN_ROW * 3], _MARKS),
)
def test_a_column_of_golden_questions_is_written_and_nothing_else(data: Altered) -> None:
    file = data.data
    golden = _in_a_file(GOLDEN_FILE, file, read_golden, QuestionError)
    if not isinstance(golden, list):
        return
    cells = [spans_cell([(1, 2)], "0" * 64) if n % 2 else None for n in range(len(golden))]
    try:
        made = with_column(file, SPANS, cells, GOLDEN_FILE)
    except QuestionError as error:
        assert GOLDEN_FILE in str(error)
        return
    again = _in_a_file(GOLDEN_FILE, made, read_golden, QuestionError)
    assert isinstance(again, list)
    kept = [(one.question, one.expect, one.quotes, one.document, one.tags) for one in golden]
    assert [(one.question, one.expect, one.quotes, one.document, one.tags) for one in again] == kept


@fuzzed(
    "settings/catalogue",
    daily=12,
    data=st.one_of(
        altered(
            [b"file,title,audience,effective,review_by,language\na.md,A,staff,2026-01-01,,en\n",
             b"file;title;no_quote\na.md;A;B\n"], _MARKS),
        _ROWS,
    ),
)  # fmt: skip
def test_the_catalogue(data: Altered | list[list[str]]) -> None:
    head = ",".join(("file", *FIELDS))
    file = data.data if isinstance(data, Altered) else _csv(head, data)
    _in_a_file(CATALOGUE_FILE, file, lambda path: read_catalogue(path.parent), CorpusError)


_NUMBERS = st.one_of(st.floats(0.001, 0.999), st.integers(0, 9).map(float))
_EDITED = (
    _TOML, b"[answer]\nthreshold = 0.4\n", b"answer.threshold = 0.4\n", b"[answer]\r\n# x\r\n",
    b'answer = { threshold = 0.4, max_quotes = 3 }\n[serve]\nport = 1\n',
    b'["answer"]\n# Stated: 1\nthreshold = 0.4 # why\n\n[[safety.lines]]\n',
    b'[clinic]\nname = """\n[answer]\nthreshold = 1\n"""\n',
)  # fmt: skip


def _lines_kept(old: str, new: str) -> bool:
    """Whether all lines of the old text but two stand in the new one, in order."""
    fresh = iter(new.splitlines(keepends=True))
    lost = 0
    kept = list(fresh)
    place = 0
    for line in old.splitlines(keepends=True):
        if line in kept[place:]:
            place = kept.index(line, place) + 1
        else:
            lost += 1
    return lost <= 2


@fuzzed(
    "settings/staff writer",
    daily=12,
    data=altered(_EDITED, [b"[answer]\n", b'"""', b"threshold", b"\r\n", b"#", b"[[answer]]\n"]),
    value=_NUMBERS,
)
def test_the_settings_writer_changes_one_setting_and_nothing_else(
    data: Altered, value: float
) -> None:
    text = data.data.decode("utf-8", "replace")
    try:
        with bounded(5 * SECONDS):
            read_number(text, "answer", "threshold")
            made = with_number(text, "answer", "threshold", value, "Stated: 2", "Stated")
    except SettingsError as error:
        assert str(error)
        return
    old: dict[str, Any] = tomllib.loads(text)
    new: dict[str, Any] = tomllib.loads(made)
    assert new.setdefault("answer", {}).pop("threshold") == value
    old.setdefault("answer", {}).pop("threshold", None)
    assert repr(new) == repr(old)
    assert _lines_kept(text, made)
