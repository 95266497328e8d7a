"""Where fuzzed files come from: real ones altered, and ones of the formats' own parts at random.

Bytes that are nothing but chance never get past a magic number. So a sample of the right kind is
taken and changed in a few places (`altered`), a package is unpacked, changed inside and packed
again (`packages`), or a file is put together of what its format is made of (`pieces`, `trees`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st

__all__ = ["Change", "altered", "change", "packages", "packed", "pieces", "repeated", "trees"]

NUMBERS = (b"0", b"-1", b"1e308", b"-0.0001", b"99999999999", b"2147483648", b"0.00000001", b"nan")
"""What stands where a small number is expected."""
MARKUP = (
    b"<p>", b"</p>", b"<", b">", b"&", b"&#0;", b"&#xd800;", b"&#x110000;", b"&nbsp;", b"<!--",
    b"-->", b"<![CDATA[", b"]]>", b"<table>", b"<tr>", b"<td colspan=9999>", b"<td rowspan=9999>",
    b"</table>", b"<ol start=-5>", b"<li value=99999999999>", b"<ul>", b"<h1>", b"</h1>", b"<h6>",
    b"<style>", b"p{display:none}", b"</style>", b"<script>", b"<template>", b"<select><option>",
    b"<svg>", b"<math>", b"<details>", b"<summary>", b"<a href=x>", b"<main>", b"<nav>", b"<br>",
    b"<body lang=xx>", b"<meta name=reviewed content=x>", b"<meta charset=utf-16>", b"<pre>",
    b"<sup>2</sup>", b"<frameset>", b"<plaintext>", b"\xe2\x80\x8b", b"\xe2\x80\xae", b"\x00",
)  # fmt: skip
MARKDOWN = (
    b"# ", b"## ", b"- ", b"1. ", b"999999999. ", b"> ", b"    ", b"\t", b"```", b"~~~", b"| a ",
    b"|---|", b"\n|", b"---", b"===", b"***", b"**", b"_", b"`", b"[", b"](", b")", b"![", b"[a]: ",
    b"<", b"\\", b"&amp;", b"&#0;", b"~~", b"\n", b"\n\n", b"  \n", b"a", b"not ", b"One. Two.",
    b"[^1]", b"\xc2\xa0", b"\xe2\x80\xa8", b"\x0b", b"\x0c", b"\xc2\x85", b"\xf0\x9f\x98\x80",
)  # fmt: skip
FRONT = (
    b"---\n", b"title: ", b"reviewed: ", b"language: ", b"no_quote: ", b"supersedes: ", b"version:",
    b"audience: ", b"review_by: ", b"effective: ", b"2026-11-24", b"2026-02-30", b"en", b"staff",
    b"&a ", b"*a", b"!!", b"!!bool ", b"!!timestamp ", b"!!int ", b"!!float ", b"!!binary ",
    b"!!set ", b"!!python/name:os.system ", b"? ", b": ", b"- ", b"[", b"]", b"{", b"}", b",",
    b"|\n ", b">\n ", b'"', b"'", b"\\0", b"\\ud800", b"\\U0010ffff", b"\n", b" ", b"#",
    b"%YAML 9.9\n", b"<<: ", b"~", b".inf", b"0x", b"1:2:3", b"0001-01-01T00:00:00+23:59", b"...",
    b"a", b"all",
    b"T", b"9" * 5000,
)  # fmt: skip
TABLE = (
    b"question", b"answer", b"section", b",", b";", b"\t", b'"', b'""', b"\n", b"\r\n", b"sep=,\n",
    b'sep="\n', b"sep= \n", b"file", b"title", b"reviewed", b"no_quote", b"supersedes",
    b"audience", b"a.md", b"staff", b"2026-11-24", b"- ", b"1. ", b"a", b" ", b"\xef\xbb\xbf",
    b"all",
    b"x" * 140_000,
)  # fmt: skip
PDF = (
    b"obj", b"endobj", b"stream\n", b"endstream", b"<<", b">>", b"[", b"]", b"1 0 R", b"9 0 R",
    b"/Type", b"/Pages", b"/Page", b"/Kids", b"/Parent 3 0 R", b"/Count", b"/Length", b"/Filter",
    b"/FlateDecode", b"/MediaBox", b"/Rotate 90", b"/UserUnit", b"/CropBox[0 0 0 0]", b"/Contents",
    b"/Font", b"/Encoding", b"/ToUnicode", b"/Encrypt", b"trailer", b"startxref", b"xref", b"%%EOF",
    b"BT", b"ET", b"Tf", b"Tm", b"Td", b"TJ", b"Tj", b"Tr", b"cm", b"q", b"Q", b"re", b"f", b"W n",
    b"Do", b"null", b"true", b"(", b")", b"<feff d800>", b"/Title", b"/OCGs",
)  # fmt: skip
_LONGEST = 1_000_000
"""Bytes of an altered file: changes that repeat would else make one of many megabytes."""
_TAG = re.compile(rb"<[^<>]{0,200}>")
_DIGITS = re.compile(rb"-?\d+(?:\.\d+)?")


class Change(NamedTuple):
    """One alteration: what is done, where (of 65,536 parts), over how many bytes, with what."""

    kind: int
    at: int
    length: int
    what: bytes

    def of(self, data: bytes) -> bytes:
        """The bytes altered."""
        at = self.at * (len(data) + 1) >> 16
        end = min(len(data), at + self.length)
        match self.kind:
            case 0:  # overwritten
                return data[:at] + self.what + data[at + len(self.what) :]
            case 1:  # put in
                return data[:at] + self.what + data[at:]
            case 2:  # left out
                return data[:at] + data[end:]
            case 3:  # twice
                return data[:end] + data[at:end] + data[end:]
            case 4:  # moved to the front
                return data[at:end] + data[:at] + data[end:]
            case 5:  # cut off
                return data[:at]
            case 6:  # a bit turned over
                return data[:at] + bytes([data[at] ^ 1 << self.length % 8]) + data[at + 1 :] \
                    if at < len(data) else data  # fmt: skip
            case 7:  # a number replaced
                return _replaced(_DIGITS, data, at, NUMBERS[self.length % len(NUMBERS)])
            case 8:  # a tag left out
                return _replaced(_TAG, data, at, b"")
            case 9:  # a tag many times
                found = _TAG.search(data, at)
                tag = found.group() if found else self.what
                return data[:at] + tag * (self.length % 300) + data[at:]
            case _:  # put in many times
                return data[:at] + self.what * (self.length % 300) + data[at:]


def _replaced(pattern: re.Pattern[bytes], data: bytes, at: int, by: bytes) -> bytes:
    found = pattern.search(data, at)
    return data[: found.start()] + by + data[found.end() :] if found else data


def change(words: Sequence[bytes]) -> st.SearchStrategy[Change]:
    """One alteration, with the format's own words as often as with any bytes."""
    what = st.sampled_from(words) | st.binary(max_size=8)
    return st.builds(Change, st.integers(0, 10), st.integers(0, 65_535), st.integers(0, 600), what)


def _applied(data: bytes, changes: Sequence[Change]) -> bytes:
    for one in changes:
        data = one.of(data)[:_LONGEST]
    return data


def altered(
    samples: Sequence[bytes], words: Sequence[bytes], most: int = 6
) -> st.SearchStrategy[bytes]:
    """A sample, changed in up to so many places."""
    return st.builds(_applied, st.sampled_from(samples), st.lists(change(words), max_size=most))


def pieces(words: Sequence[bytes], most: int = 40) -> st.SearchStrategy[bytes]:
    """The format's words, and any bytes or letters between, in any order."""
    letters = st.text(max_size=6).map(lambda text: text.encode("utf-8", "replace"))
    each = st.sampled_from(words) | letters | st.sampled_from(words) | st.binary(max_size=4)
    return st.lists(each, max_size=most).map(b"".join)


def repeated(words: Sequence[bytes], size: int = 20_000) -> st.SearchStrategy[bytes]:
    """A few words over and over: what makes a parser slow is seldom short."""
    pattern = st.lists(st.sampled_from(words), min_size=1, max_size=4).map(b"".join)
    run = st.builds(lambda one, times: (one * times)[:size], pattern, st.integers(1, size))
    return st.lists(run, min_size=1, max_size=3).map(b"\n".join)


@cache
def _members(data: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(members: Mapping[str, bytes]) -> bytes:
    """A zip file of members, stored as they are, so that they can be altered once more."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, data in members.items():
            made.writestr(zipfile.ZipInfo(name), data)
    return stream.getvalue()


def _repacked(
    sample: bytes,
    inside: Sequence[tuple[int, Change]],
    moves: Sequence[tuple[int, int, int]],
    outside: Sequence[Change],
) -> bytes:
    members = dict(_members(sample))
    names = sorted(members, key=lambda name: -len(members[name]))
    for at, one in inside:
        name = names[min(at, len(names) - 1)]
        members[name] = one.of(members[name])
    for kind, first, second in moves:
        one, other = names[first % len(names)], names[second % len(names)]
        match kind:
            case 0:
                members[one], members[other] = members[other], members[one]
            case 1:
                members[one] = b""
            case 2:
                members[f"{one}.{second}"] = members[other]
            case _:
                members[one] = members[other]
    return _applied(packed(members), outside)


def packages(samples: Sequence[bytes], words: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """A zip-based document: members changed inside, swapped or emptied, then the zip's bytes."""
    index = st.sampled_from((0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6))
    moves = st.lists(st.tuples(*(st.integers(0, n) for n in (3, 9, 9))), max_size=1)
    return st.builds(
        _repacked,
        st.sampled_from(samples),
        st.lists(st.tuples(index, change(words)), max_size=5),
        moves | st.just([]),
        st.just([]) | st.just([]) | st.lists(change(words), max_size=2),
    )


def trees(
    names: Sequence[str], attributes: Sequence[str], texts: st.SearchStrategy[str] | None = None
) -> st.SearchStrategy[str]:
    """Well-formed XML of these elements, nested as chance has it, with these attributes."""
    words = st.sampled_from(
        ("One. Two.", "not", "1.", "a", " ", "Do not drive.", "\n", "(", "\u00a0")
    )
    text = (texts or words).map(_escaped)

    def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        told = st.lists(
            st.sampled_from(attributes), max_size=2, unique_by=lambda a: a.split("=")[0]
        )
        return st.builds(
            lambda name, told, inside: f"<{' '.join([name, *told])}>{''.join(inside)}</{name}>",
            st.sampled_from(names),
            told,
            st.lists(inner, max_size=4),
        )

    return st.lists(st.recursive(text, wrapped, max_leaves=14), max_size=5).map("".join)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
