"""What is said of documents, in front matter or in the catalogue, is understood or refused."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from qa.catalogue import CATALOGUE_FILE, entry_key, read_catalogue, unmatched
from qa.errors import CorpusError
from qa.metadata import FIELDS, normalised
from tests.fuzz.budget import fuzzed
from tests.fuzz.reading import check_reading
from tests.fuzz.soundness import check_text
from tests.fuzz.strategies import FRONT, TABLE, altered, pieces

_SAMPLES = (
    b"---\ntitle: A title\nversion: 2\ntags: [a, b]\nreviewed: 2026-11-24\n---\n# A\n\nText.\n",
    b'---\nno_quote:\n  - A\n  - "B: c"\nsupersedes: o.md\n---\n# A\n\n# B: c\n\nText.\n',
    b"---\naudience: staff\neffective: 2026-01-01\nx: &a {b: [1, *c]}\n---\nT.\n",
)
_CATALOGUES = (
    b'file,title,audience,no_quote\na.md,A title,patients,"One; two"\nb.pdf,,staff,all\n',
    b"\xef\xbb\xbffile;review_by;effective\r\na.md;2026-11-24;2026-01-01\r\n",
)


@fuzzed(
    "front-matter/yaml",
    daily=20,
    data=altered(_SAMPLES, FRONT)
    | pieces(FRONT).map(lambda inner: b"---\n%b\n---\n# T\n\nText." % inner),
)
def test_front_matter(data: bytes) -> None:
    check_reading("a.md", data)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@fuzzed("front-matter/catalogue", daily=20, data=altered(_CATALOGUES, TABLE) | pieces(TABLE))
def test_catalogue(data: bytes) -> None:
    path = _folder() / CATALOGUE_FILE
    path.write_bytes(data)
    refusal, entries, told = "", {}, ()
    try:
        entries = read_catalogue(_folder())
        told = unmatched(entries, ["a.md", "b c.pdf"], _folder())
    except CorpusError as error:
        refusal = str(error)
    assert not refusal or str(path) in refusal
    assert all(str(path) in one for one in told)
    for key, entry in entries.items():
        assert entry_key(entry.file) == key
        assert entry.line >= 1
        for field, value in entry.fields:
            assert field in FIELDS
            assert value
            assert normalised(field, value) == value
            check_text(value)


@fuzzed("front-matter/fields", daily=20, field=st.sampled_from(FIELDS), value=st.text(max_size=40))
def test_fields(field: str, value: str) -> None:
    with suppress(ValueError):
        kept = normalised(field, value)
        assert normalised(field, kept) == kept
        assert kept == kept.strip()
        assert not re.search(r"[\r\0]", kept)
