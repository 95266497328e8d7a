"""Small files that take gigabytes or hours to read, made while the tests run."""

from __future__ import annotations

import zlib

__all__ = ["blanks", "blanks_twice_packed", "deep_page", "forms_in_forms", "tiny_steps"]

_TEXT = b"BT /F 12 Tf 60 300 Td (Take 5 tablets now.) Tj ET"
_MEGABYTE = 1 << 20


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(data), data)


def _pdf(contents: bytes, resources: bytes, *streams: bytes) -> bytes:
    """One page of those contents; `streams` are the objects from number 6."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents %b"
        b"/Resources<</Font<</F 5 0 R>>%b>>>>" % (contents, resources),
        _stream(_TEXT),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *streams,
    ]
    written = b"%PDF-1.7\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, table, len(objects) + 1, len(written))
    )


def _packed(megabytes: int) -> bytes:
    """Blanks, packed to a thousandth."""
    packer = zlib.compressobj(9)
    blanks = b" " * _MEGABYTE
    return b"".join([*(packer.compress(blanks) for _ in range(megabytes)), packer.flush()])


def blanks() -> bytes:
    """250 kB whose page is a gigabyte of blanks."""
    return _pdf(
        b"[4 0 R" + b" 6 0 R" * 4 + b"]", b"", _stream(_packed(250), b"/Filter/FlateDecode")
    )


def blanks_twice_packed() -> bytes:
    """Two kilobytes whose page is gigabytes of blanks, packed twice and shown twelve times."""
    data = _stream(zlib.compress(_packed(200), 9), b"/Filter[/FlateDecode/FlateDecode]")
    return _pdf(b"[4 0 R" + b" 6 0 R" * 12 + b"]", b"", data)


def forms_in_forms() -> bytes:
    """Two kilobytes of seven levels of forms, each of which shows the next one ten times."""
    levels = 7
    forms = [
        _stream(
            b"/X Do " * 10 if level < levels - 1 else b"BT /F 9 Tf 10 10 Td (a) Tj ET",
            b"/Type/XObject/Subtype/Form/BBox[0 0 600 400]"
            b"/Resources<</Font<</F 5 0 R>>/XObject<</X %d 0 R>>>>" % (8 + level),
        )
        for level in range(levels)
    ]
    return _pdf(b"[4 0 R 6 0 R]", b"/XObject<</X 7 0 R>>", _stream(b"/X Do"), *forms)


def tiny_steps() -> bytes:
    """A kilobyte whose ground is tiled in steps of a hundredth of a point, billions of them."""
    tile = _stream(
        b"0 0 1 1 re f",
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]"
        b"/XStep 0.01/YStep 0.01/Resources<<>>",
    )
    ground = _stream(b"/Pattern cs /P scn 0 0 600 400 re f")
    return _pdf(b"[6 0 R 4 0 R]", b"/Pattern<</P 7 0 R>>", ground, tile)


def deep_page(combinators: int = 5, levels: int = 300) -> bytes:
    """A web page whose one selector can be matched in billions of ways, none of which fits."""
    selector = "p " + "div " * combinators + "q"
    return (
        f"<!doctype html><html lang=en><title>t</title><style>{selector}{{display:none}}</style>"
        "<body><h1>Leaflet</h1><p>Take one tablet each day with water.</p>"
        f"{'<div>' * levels}<q>x</q>{'</div>' * levels}</body>"
    ).encode()
