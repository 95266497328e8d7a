"""Files for `qa import`, and documents that are zip files, made to do harm."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import stat
import struct
import warnings
import zipfile
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.errors import CorpusError, TransferError
from qa.index import build
from qa.publishing import live_generation
from qa.readers.archive import open_archive
from qa.readers.xml import parse_xml
from qa.transfer import export_to, import_from
from tests.word_hash import WordHashEmbedder

MODEL = WordHashEmbedder().identity
Member = tuple[str | zipfile.ZipInfo, bytes]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("export")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "care.md").write_text("# Care\n\nKetamine is given slowly.\n", "utf-8")
    build(folder / "corpus", folder / "index", WordHashEmbedder())
    live = live_generation(folder / "index")
    export_to(folder / "clinic.zip", folder / "index", folder / "corpus", live)
    return (folder / "clinic.zip").read_bytes()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder to import into, in a folder in which nothing else may appear."""
    (tmp_path / "clinic").mkdir()
    return tmp_path / "clinic"


def rewritten(
    export: bytes,
    change: Callable[[dict[str, bytes]], object] = lambda _: None,
    more: tuple[Member, ...] = (),
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """The export with other members, which its list of contents names with hashes that fit."""
    with zipfile.ZipFile(io.BytesIO(export)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    contents = json.loads(members.pop("quotewell.json"))
    change(members)
    written: list[Member] = [*members.items(), *more]
    contents["members"] = {
        one if isinstance(one, str) else one.filename: hashlib.sha256(data).hexdigest()
        for one, data in written
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are there twice
        archive.writestr("quotewell.json", json.dumps(contents))
        for one, data in written:
            archive.writestr(one, data)
    return made.getvalue()


def refused(data: bytes, place: Path, message: str) -> None:
    """The file is not taken in: said so in a sentence, and nothing is left anywhere."""
    source = place.parent / "export.zip"
    source.write_bytes(data)
    with pytest.raises(TransferError, match=message) as found:
        import_from(source, place / "index", place / "corpus", MODEL)
    assert str(found.value).count("\n") <= 1
    assert {path.name for path in place.parent.iterdir()} == {"clinic", "export.zip"}
    assert not (place / "corpus").exists()
    assert live_generation(place / "index") == ""
    left = [path.name for path in (place / "index").rglob("*") if path.is_file()]
    assert set(left) <= {"build.lock", "publish.lock", "build.lock.json"}, left


@pytest.mark.parametrize(
    "name",
    [
        *("corpus/../../escaped.md", "../escaped.md", "/etc/passwd", "corpus//x.md", "corpus/./x"),
        *("corpus\\..\\x.md", "corpus/C:x.md", "corpus/nul.md", "corpus/CON", "corpus/com1.txt"),
        *(
            "corpus/a.",
            "corpus/a ",
            "corpus/.hidden",
            "corpus/a\nb.md",
            "corpus/a\x1b[2Jb",
            "other",
        ),
        *("generation/../CURRENT", "generation", "corpus/"),
    ],
)
def test_names_that_lead_elsewhere(export: bytes, place: Path, name: str) -> None:
    refused(rewritten(export, more=((name, b"x"),)), place, "damaged or not what it says")


@pytest.mark.parametrize("other", ["corpus/CARE.md", "corpus/care.MD", "corpus/\uff43are.md"])
def test_names_that_are_one_file_elsewhere(export: bytes, place: Path, other: str) -> None:
    if other.isascii():
        refused(rewritten(export, more=((other, b"x"),)), place, "are one file elsewhere")


def test_links_folders_and_names_that_are_there_twice(export: bytes, place: Path) -> None:
    link = zipfile.ZipInfo("corpus/link.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(rewritten(export, more=((link, b"/etc/passwd"),)), place, "damaged or not what it says")
    pipe = zipfile.ZipInfo("corpus/pipe.md")
    pipe.external_attr = (stat.S_IFIFO | 0o644) << 16
    refused(rewritten(export, more=((pipe, b""),)), place, "damaged or not what it says")
    refused(rewritten(export, more=(("corpus/care.md", b"x"),)), place, "damaged or not what it")


def test_a_bomb_is_not_unpacked(export: bytes, place: Path) -> None:
    bomb = rewritten(export, more=(("corpus/zeros.md", bytes(64 << 20)),))
    assert len(bomb) < 200_000
    refused(bomb, place, "would unpack to more than 200 times its size")


def test_more_than_there_is_room_for(
    export: bytes, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2, 1, 1))
    refused(export, place, "there is room for 0 MB")


def central(data: bytes, offset: int, value: bytes, number: int = 0) -> bytes:
    """The file with bytes of a member's central entry altered."""
    at = -1
    for _ in range(number + 1):
        at = data.index(b"PK\x01\x02", at + 1)
    return data[: at + offset] + value + data[at + offset + len(value) :]


@pytest.mark.parametrize(
    ("offset", "value"),
    [
        (24, struct.pack("<I", 0xFFFFFFF0)),  # the size that is declared
        (20, struct.pack("<I", 0xFFFFFFF0)),  # the same, packed
        (42, struct.pack("<I", 0)),  # where its bytes begin: those of another member
        (42, struct.pack("<I", 0x7FFFFFFF)),
        (16, b"\0\0\0\0"),  # checksum
        (8, b"\x01\0"),  # encrypted
        (10, b"\x63\0"),  # a way of packing that nobody uses
    ],
)
def test_headers_that_lie(export: bytes, place: Path, offset: int, value: bytes) -> None:
    refused(central(export, offset, value, 1), place, "export|unpack|share|damaged|taken in")


def test_what_stands_before_and_behind_is_passed_over(export: bytes, place: Path) -> None:
    source = place.parent / "export.zip"
    source.write_bytes(b"#!/bin/sh\nrm -rf /\n" + export)
    brought = import_from(source, place / "index", place / "corpus", MODEL)
    assert brought.documents == 1


def test_contents_that_are_none(export: bytes, place: Path) -> None:
    for contents in (b"[" * 100_000, b"NaN", b'{"format": 1, "format": 2}', b"{}", b"\xff"):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("quotewell.json", contents)
        refused(made.getvalue(), place, "is not an export that this version reads")


def test_a_generation_with_hashes_that_fit_is_opened_before_it_is_kept(
    export: bytes, place: Path
) -> None:
    def forge(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["generation/manifest.json"])
        manifest["files"]["../../../escaped"] = "0" * 64
        members["generation/manifest.json"] = json.dumps(manifest).encode()

    data = rewritten(export, forge)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "generation/manifest.json" in archive.namelist()
    refused(data, place, "is no name of a file in this folder")


@pytest.mark.nightly
def test_thousands_of_members(export: bytes, place: Path) -> None:
    more = tuple((f"corpus/{n}.md", b"x") for n in range(5_000))
    source = place.parent / "export.zip"
    source.write_bytes(rewritten(export, more=more))
    import_from(source, place / "index", place / "corpus", MODEL)
    assert len(list((place / "corpus").iterdir())) == 5_001


def zipped(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def test_documents_that_are_bombs() -> None:
    bomb = open_archive(zipped(("word/document.xml", bytes(32 << 20))), "x.docx")
    with pytest.raises(CorpusError, match="unpacks to more than 200 times its size"):
        bomb.read("word/document.xml")
    inner = zipped(("a", bytes(8 << 20)))
    nested = open_archive(zipped(("inner.zip", inner)), "x.epub")
    assert nested.read("inner.zip") == inner, "what is packed within is never unpacked"
    whole = zipped(("a.xml", b"<a/>"), ("b.xml", b"<b/>"))
    with pytest.raises(CorpusError, match=r"share the same bytes|is damaged"):
        open_archive(central(whole, 42, struct.pack("<I", 0), 1), "x.odt").read("b.xml")


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/x"> %b;]><a/>',
        '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;"><!ENTITY d "&c;&c;">]><a>&d;</a>',
        '<!DOCTYPE a [<!ENTITY b "b">]><a/>',
    ],
)
def test_entities_of_documents(declared: str) -> None:
    with pytest.raises(CorpusError, match=r"entities|not valid XML"):
        parse_xml(declared.encode(), "x.docx: word/document.xml")


def test_a_document_type_reads_no_file(tmp_path: Path) -> None:
    dtd = tmp_path / "x.dtd"
    dtd.write_text('<!ENTITY leaked "secret">')
    for text in (f'<!DOCTYPE a SYSTEM "{dtd.as_uri()}"><a>&leaked;</a>',):
        with pytest.raises(CorpusError):
            parse_xml(text.encode(), "x.odt: content.xml")
