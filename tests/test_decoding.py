"""Bytes become text without a guess that is not as good as certain, or an error names the byte."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from qa.errors import CorpusError
from qa.readers.declared_encoding import declared_encoding
from qa.readers.decoding import CERTAINTY, decode, decode_or_guess
from qa.readers.html import read_html
from qa.readers.languages_written import fits
from qa.readers.markdown import read_markdown
from qa.readers.plain import read_plain

ROOT = Path(__file__).resolve().parent.parent
GERMAN = (
    "Bitte lesen Sie das Blatt, bevor Sie zu uns kommen. Danach müssen Sie noch eine Stunde bei "
    "uns ruhen. Bis zum nächsten Tag dürfen Sie nicht Auto fahren, auch wenn Sie sich gut fühlen. "
    "Größere Mahlzeiten können Sie am Abend wieder essen. Heiße Getränke täten Ihnen jetzt übel.\n"
)
PORTUGUESE = (
    "Não conduza até ao dia seguinte, mesmo que a sua disposição seja boa. A infusão não demora "
    "mais do que quarenta minutos, e depois há uma sala para descansar. As alterações da tensão "
    "não são raras, mas a situação volta ao normal. Traga a relação da medicação.\n"
)


def benchmark() -> ModuleType:
    path = ROOT / "tests" / "benchmarks" / "encodings.py"
    spec = importlib.util.spec_from_file_location("encodings_benchmark", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-8"])
def test_marks_and_utf_8_are_certain(encoding: str) -> None:
    data = "Café \U0001f600\r\nline\rend".encode(encoding)
    assert decode(data, "x") == "Café \U0001f600\nline\nend"
    assert decode_or_guess(data, "x").meta == ()


@pytest.mark.parametrize("order", ["le", "be"])
def test_both_orders_of_bytes(order: str) -> None:
    for width in ("16", "32"):
        data = "\ufeffé".encode(f"utf-{width}-{order}")
        assert decode(data, "x") == "é"


def test_a_guess_that_is_as_good_as_certain_is_told() -> None:
    data = GERMAN.encode("cp1252")
    found = decode_or_guess(data, "x")
    assert found.text == GERMAN
    told = ("encoding", f"windows-1252 (guessed, certainty {CERTAINTY})")
    assert found.meta == (told,)
    assert read_plain(b"---\nversion: 2\n---\n" + data, "x").meta == (("version", "2"), told)
    assert read_markdown(data, "x").meta == (told,)
    with pytest.raises(CorpusError, match=r"x: byte 60 \(0xfc, line 1\) is not UTF-8"):
        decode(data, "x")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("Café.".encode("cp1252"), r"byte 3 \(0xe9, line 1\).*Its encoding cannot be told"),
        (
            "Das ist für Sie und die Kinder.".encode("cp1252"),
            r"looks like windows-1252 or IBM850, but that is not certain: each gives another",
        ),
        (GERMAN.encode("cp1252") + "Größe".encode(), r"byte 60 .*encoding cannot be told"),
        ((PORTUGUESE * 3).encode() + b"\xe3 n\xe3o", r"two encodings are mixed"),
        ((PORTUGUESE + "até").encode()[:-1], r"two encodings are mixed"),
        (GERMAN.encode("cp1252") + b"\x00", r"byte 60 "),
        (GERMAN.encode() + b"\x00", r"byte \d+ is NUL"),
        (GERMAN.encode("cp1252") + b"\x81", r"encoding cannot be told"),
        ("点滴のあとは、疲れやめまい".encode("euc_jp")[:-1], r"byte 0 "),
        (bytes(range(1, 256)) * 4, r"encoding cannot be told"),
        (b"\xff\xfea", r"byte 2 \(0x61\) is not UTF-16"),
    ],
)
def test_what_is_not_certain_is_an_error(data: bytes, message: str) -> None:
    with pytest.raises(CorpusError, match=message) as caught:
        decode_or_guess(data, "x")
    assert str(caught.value).startswith("x: byte ")
    assert "build again" in str(caught.value) or "as text" in str(caught.value)


@pytest.mark.parametrize(("which", "share"), [("tuned", 0.35), ("held", 0.35), ("unlisted", 0.0)])
def test_no_accepted_guess_is_wrong(which: str, share: float) -> None:
    measured = benchmark()
    found = [measured.outcome(encoding, data) for _, _, encoding, data in measured.samples(which)]
    assert set(found) == {"right", "refused"}
    assert found.count("right") > share * len(found)


@pytest.mark.parametrize(
    ("source", "encoding"),
    [
        (b"<meta charset=latin1>", "cp1252"),
        (b"<META http-equiv=content-type CONTENT='text/html; charset=Shift_JIS'>", "cp932"),
        (b"<?xml version='1.0' encoding=\"ISO-8859-9\"?><html>", "cp1254"),
        (b"<meta charset='utf-8'>", ""),
        (b"<meta charset=utf-16>", ""),
        (b"<meta charset=rot13>", ""),
        (b"<meta charset=nonsense>", ""),
        (b"<meta charset=\xff>", ""),
        (b"charset=koi8-r", ""),
        (b" " * 5_000 + b"<meta charset=koi8-r>", ""),
    ],
)
def test_the_encoding_a_page_declares(source: bytes, encoding: str) -> None:
    assert declared_encoding(source) == encoding


def test_a_declared_encoding_is_believed_only_where_it_fits() -> None:
    page = "<meta charset=iso-8859-1><p>Café “now” – 5 €".encode("cp1252")
    draft = read_html(page, "x.html")
    assert draft.text == "Café “now” – 5 €"
    assert draft.meta == (("encoding", "windows-1252 (as the page says)"),)
    with pytest.raises(CorpusError, match=r"byte 28"):
        read_html(b"<meta charset=windows-1252>\n\x81", "x.html")
    assert read_html("<meta charset=koi8-r><p>é".encode(), "x.html").text == "é"


def test_languages_are_told_by_letters_and_words() -> None:
    assert fits(GERMAN) == "German"
    assert fits(GERMAN.replace("ü", "Ł")) == ""
    assert fits("xyzzy plugh " * 20) == ""
