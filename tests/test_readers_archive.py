"""Zip files and XML that were made to do harm end in an error that names file and member."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import zipfile

import pytest

from qa.errors import CorpusError
from qa.readers import archive
from qa.readers.archive import MAX_MEMBERS, open_archive
from qa.readers.xml import parse_xml
from tests.little_work import least_seconds

MIB = 1024 * 1024


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return stream.getvalue()


def test_members_are_read_as_they_are() -> None:
    opened = open_archive(zipped({"a/b.xml": b"one", "c.xml": b"two", "d/": b""}), "x.docx")
    assert opened.names == ("a/b.xml", "c.xml")
    assert opened.read("a/b.xml") == b"one"
    assert opened.read("c.xml") == b"two"
    with pytest.raises(CorpusError, match=r"x\.docx: e\.xml is missing in it.*save it again"):
        opened.read("e.xml")


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", b"PK\x03\x04" + b"\0" * 40])
def test_what_is_no_zip_file(data: bytes) -> None:
    with pytest.raises(CorpusError, match=r"x\.docx: the file is damaged, or not of the kind"):
        open_archive(data, "x.docx")


def test_a_flat_bomb_is_stopped_by_its_ratio_before_it_fills_the_memory() -> None:
    data = zipped({"word/document.xml": bytes(60 * MIB)})
    assert len(data) < 100_000
    tracemalloc.start()
    with pytest.raises(CorpusError, match=r"x\.docx: word/document\.xml in it unpacks to .*200"):
        open_archive(data, "x.docx").read("word/document.xml")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * MIB


def test_a_large_member_is_refused_whatever_its_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    assert archive.MAX_MEMBER == 64 * MIB
    monkeypatch.setattr(archive, "MAX_MEMBER", 2 * MIB)
    data = zipped({"fits": bytes(2 * MIB), "big": bytes(2 * MIB + 1)}, zipfile.ZIP_STORED)
    opened = open_archive(data, "x.docx")
    assert len(opened.read("fits")) == 2 * MIB
    with pytest.raises(CorpusError, match=r"big in it unpacks to more than 2 MB"):
        opened.read("big")


def test_many_members_together_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    assert archive.MAX_TOTAL == 256 * MIB
    monkeypatch.setattr(archive, "MAX_TOTAL", 3 * MIB)
    members = {f"{i}": bytes(MIB) for i in range(4)}
    opened = open_archive(zipped(members, zipfile.ZIP_STORED), "x.docx")
    for i in range(3):
        opened.read(f"{i}")
    with pytest.raises(CorpusError, match=r"3 in it: with it .* more than 3 MB"):
        opened.read("3")


def test_a_header_that_lies_about_the_size_gains_nothing() -> None:
    data = bytearray(zipped({"word/document.xml": bytes(60 * MIB)}))
    central = data.rindex(b"PK\x01\x02")
    for at in (central + 24, 22):  # the size when unpacked, in both headers
        struct.pack_into("<I", data, at, 10)
    with pytest.raises(CorpusError, match=r"word/document\.xml in it is damaged"):
        open_archive(bytes(data), "x.docx").read("word/document.xml")


def test_a_packed_size_that_lies_is_seen() -> None:
    data = bytearray(zipped({"a": bytes(60 * MIB), "b": b"text"}))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 20, 50 * MIB)
    with pytest.raises(CorpusError, match=r"'a' and 'b' in it share the same bytes"):
        open_archive(bytes(data), "x.docx")


def test_members_that_share_bytes_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for i in range(3):
            made.writestr(f"{i}", bytes(MIB))
        for info in made.infolist():
            info.header_offset = 0
    with pytest.raises(CorpusError, match=r"x\.docx: '0' and '1' in it share the same bytes"):
        open_archive(stream.getvalue(), "x.docx")


def test_a_zip_within_a_zip_is_bytes_and_is_never_opened() -> None:
    inner = zipped({"bomb": bytes(100 * MIB)})
    assert open_archive(zipped({"inner.zip": inner}), "x.docx").read("inner.zip") == inner


def test_too_many_members() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for i in range(MAX_MEMBERS + 1):
            made.writestr(f"{i}", b"")
    with pytest.raises(CorpusError, match=r"x\.docx: it holds more than 10000 files"):
        open_archive(stream.getvalue(), "x.docx")


def test_encrypted_members() -> None:
    data = bytearray(zipped({"word/document.xml": b"text"}))
    for at in (6, data.index(b"PK\x01\x02") + 8):
        data[at] |= 1
    with pytest.raises(CorpusError, match=r"document\.xml' in it is encrypted\. Save .* password"):
        open_archive(bytes(data), "x.docx")


def test_a_name_that_is_there_twice() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("a.xml", b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("a.xml", b"two")
    with pytest.raises(CorpusError, match=r"'a\.xml' in it is there twice"):
        open_archive(stream.getvalue(), "x.docx")


@pytest.mark.parametrize("member", ["../a", "a/../../b", "/etc/passwd", "..\\a", "C:/a", "a/.."])
def test_names_that_lead_out(member: str) -> None:
    with pytest.raises(CorpusError, match="leads out of the file"):
        open_archive(zipped({member: b"x"}), "x.docx")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_documents_do_not_use(method: int) -> None:
    with pytest.raises(CorpusError, match=r"'a' in it is packed by a method"):
        open_archive(zipped({"a": b"x"}, method), "x.docx")


def test_bytes_altered_at_random_never_end_in_another_error() -> None:
    chance = random.Random(5)
    good = zipped({f"part{i}.xml": bytes(chance.choices(range(99), k=300)) for i in range(4)})
    refused = 0
    for _ in range(1500):
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            opened = open_archive(bytes(data[: chance.choice([len(data), 500])]), "x.docx")
            for name in opened.names:
                opened.read(name)
        except CorpusError:
            refused += 1
    assert refused > 500


LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY l0 "ha">'
    + b"".join(b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 10))
    + b"]>"
)


@pytest.mark.parametrize(
    "xml",
    [
        LAUGHS + b"<a>&l9;</a>",
        LAUGHS + b'<a b="&l9;"/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><a/>',
        b'<!DOCTYPE a [<!ENTITY unused "x">]><a/>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a>&x;</a>',
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>".encode("utf-16"),
    ],
)
def test_entities_are_refused(xml: bytes) -> None:
    def refused() -> None:
        told = r"^x\.docx: p\.xml (is not valid XML|declares or uses)"
        with pytest.raises(CorpusError, match=told):
            parse_xml(xml, "x.docx: p.xml")

    assert least_seconds(refused, 2) < 2


def test_characters_and_harmless_document_types_are_read() -> None:
    xml = b'<!DOCTYPE a PUBLIC "-//X//Y" "http://127.0.0.1:9/x.dtd"><a>&lt;&#233;<!-- no --></a>'
    assert parse_xml(xml, "x").text == "<\u00e9"


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<a>",
        b"<a></b>",
        b"text",
        b"<a>\x00</a>",
        b'<?xml version="1.0" encoding="no"?><a/>',
        b"<a>" * 5000 + b"</a>" * 5000,
    ],
)
def test_broken_xml(xml: bytes) -> None:
    with pytest.raises(CorpusError, match=r"^x\.docx: p\.xml is not valid XML .*save it again"):
        parse_xml(xml, "x.docx: p.xml")


def test_more_xml_than_a_document_has() -> None:
    with pytest.raises(CorpusError, match=r"^x\.docx: p\.xml holds more than 32 MB .*Split"):
        parse_xml(b"<a>" + b"<b/>" * (9 * MIB) + b"</a>", "x.docx: p.xml")
