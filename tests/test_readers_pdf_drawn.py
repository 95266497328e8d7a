"""A PDF's quotes say what is drawn, whatever its marks and its fonts say that this means."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qa.errors import CorpusError
from qa.readers import pdf_fonts
from qa.readers.pdf import read_pdf
from qa.readers.pdf_meanings import can_be_one_glyph, contradicts
from tests.fuzz.samples import pdf_from
from tests.pdfs import DEJAVU

FIRST = "Take the dose with water each day, whatever comes, and rest at home afterwards."
WIN = b"/Encoding/WinAnsiEncoding"
MAC = b"/Encoding/MacRomanEncoding"
LIGATURES = b"/Encoding<</Differences[1/fi/hyphen/onehalf]>>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(data), data)


def font(encoding: bytes = WIN, name: bytes = b"Helvetica", kind: bytes = b"Type1") -> bytes:
    return b"<</Type/Font/Subtype/%b/BaseFont/%b%b>>" % (kind, name, encoding)


def told(*pairs: bytes, wide: bool = False) -> bytes:
    """What a font's codes mean: pairs of code and text in hexadecimal, above plain ASCII.

    With `wide` there are two bytes a code, and nothing but the pairs.
    """
    codes = (
        b"<0000><FFFF>endcodespacerange"
        if wide
        else b"<00><FF>endcodespacerange 1 beginbfrange<20><7e><0020>endbfrange"
    )
    return stream(
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/x def/CMapType 2 "
        b"def 1 begincodespacerange%b %d beginbfchar %b endbfchar endcmap end end"
        % (codes, len(pairs), b" ".join(pairs))
    )


def pdf(
    drawn: bytes, fonts: bytes = b"", resources: bytes = b"", more: Sequence[bytes] = ()
) -> bytes:
    """A page whose first line is in Helvetica; `drawn` is behind it, in /F, `more` is from 7 on."""
    content = b"BT/H 11 Tf 60 350 Td(%b)Tj/F 11 Tf 0 -14 Td %b ET" % (FIRST.encode(), drawn)
    return pdf_from(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 4 0 R/Resources<<"
            b"/Font<</H 5 0 R/F 6 0 R>>%b>>>>" % resources,
            stream(content),
            font(),
            fonts or font(),
            *more,
        ]
    )


def said(data: bytes) -> str:
    """The text behind the first line."""
    text = read_pdf(data, "x.pdf").text
    assert text.startswith(FIRST)
    return text.removeprefix(FIRST).strip()


@pytest.mark.parametrize(
    "drawn",
    [
        b"(Adults take )Tj/Span<</ActualText(50)>>BDC(5)Tj EMC( mg of it.)Tj",
        b"/Span<</ActualText(Adults take 50 mg of it.)>>BDC(Adults take 5 mg of it.)Tj EMC",
        b"/Span<</ActualText<FEFF00350030>>>BDC(Adults take 5 mg of it.)Tj EMC",
        b"(Adults take )Tj/P<</MCID 1>>BDC/Span<</ActualText(50)/Lang(en)>>BDC/Q BMC(5)Tj EMC "
        b"EMC EMC( mg of it.)Tj",
        b"/Span<</ActualText(50)>>BDC/Span<</ActualText(60)>>BDC(Adults take 5 mg)Tj EMC "
        b"( of it.)Tj EMC",
        b"(Adults take )Tj/Span/MC0 BDC(5)Tj EMC( mg of it.)Tj",
        b"(Adults take )Tj/Span<</Actual#54ext(50)>>BDC(5)Tj EMC( mg of it.)Tj",
        b"(Adults take )Tj/Span<</ActualText<FEFF0001>>>BDC(5)Tj EMC( mg of it.)Tj",
        b"(Adults take )Tj/Span<</ActualText<FEFF00AD>>>BDC(5)Tj EMC( mg of it.)Tj",
    ],
)
def test_marks_put_no_other_words_in_place_of_those_drawn(drawn: bytes) -> None:
    named = b"/Properties<</MC0 7 0 R>>"
    assert said(pdf(drawn, resources=named, more=[b"<</ActualText(50)>>"])) == (
        "Adults take 5 mg of it."
    )


@pytest.mark.parametrize("around", [b"%b", b"/Span<</ActualText(50)>>BDC %b EMC"])
def test_nor_do_marks_within_forms_and_forms_within_forms(around: bytes) -> None:
    inner = b"BT/H 11 Tf(Adults take )Tj/Span<</ActualText(50)>>BDC(5)Tj EMC( mg of it.)Tj ET"
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 600 400]/Resources<</Font<</H 5 0 R>>%b>>"
    more = [
        stream(around % b"/In Do", form % b"/XObject<</In 8 0 R>>"),
        stream(inner, form % b""),
    ]
    drawn = b"ET q 1 0 0 1 60 300 cm " + around % b"/Out Do" + b" Q BT"
    assert said(pdf(drawn, resources=b"/XObject<</Out 7 0 R>>", more=more)) == (
        "Adults take 5 mg of it."
    )


def test_a_layer_that_is_off_stays_so_whatever_its_mark_says() -> None:
    layer = b"<</Type/OCG/Name(L)/ActualText(secret)>>"
    data = pdf(
        b"(Adults take 5 mg.)Tj/OC/L BDC 0 -14 Td(secret words)Tj EMC",
        resources=b"/Properties<</L 7 0 R>>",
        more=[layer],
    ).replace(
        b"/Type/Catalog", b"/Type/Catalog/OCProperties<</OCGs[7 0 R]/D<</OFF[7 0 R]/Order[]>>>>"
    )
    assert said(data) == "Adults take 5 mg."


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (
            b"(Take the )Tj/Span<</ActualText(fi)>>BDC(\\001)Tj EMC(rst dose now.)Tj",
            "Take the first dose now.",
        ),
        (
            b"(Take it with care and under)Tj/Span<</ActualText<FEFF00AD>>>BDC(-)Tj EMC 0 -14 Td"
            b"(standing of the matter.)Tj",
            "Take it with care and understanding of the matter.",
        ),
        (
            b"(Take it with care and trepi)Tj/Span<</ActualText<FEFF00AD>>>BDC(\\002)Tj EMC 0 "
            b"-14 Td(dation, as ever.)Tj",
            "Take it with care and trepidation, as ever.",
        ),
    ],
)
def test_honest_marks_are_not_needed(drawn: bytes, expected: str) -> None:
    assert said(pdf(drawn, font(LIGATURES))) == expected


LIES = [
    b"<35><00350030>",
    b"<35><0036>",
    b"<35><0036200B>",
    b"<35><003500200030>",
    b"<35><200B>",
    b"<35><001C>",
    b"<35><00AD>",
    b"<35><2065>",
    b"<35><0301>",
    b"<35><0071>",
]


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize(
    "fonts",
    [
        font(WIN + b"/ToUnicode 7 0 R"),
        font(MAC + b"/ToUnicode 7 0 R", b"ArialMT", b"TrueType"),
        font(b"/ToUnicode 7 0 R", b"Times-Roman"),
        font(WIN + b"/T 0/To#55nicode 7 0 R"),
        font(b"/Encoding<</Differences[1/one]>>/ToUnicode 7 0 R", b"Courier"),
    ],
)
def test_a_font_s_lie_about_a_figure_has_no_meaning(fonts: bytes, lie: bytes) -> None:
    data = pdf(b"(Adults take 5 mg of it.)Tj", fonts, more=[told(lie)])
    assert said(data) == "Adults take \ufffd mg of it."


def test_a_lie_is_found_beside_another_code_that_is_true() -> None:
    """Of two codes that mean "6" the first draws it."""
    fonts = font(b"/Encoding<</Differences[1/six]>>/ToUnicode 7 0 R")
    data = pdf(b"(Adults take 5 mg of it.)Tj", fonts, more=[told(b"<01><0036>", b"<35><0036>")])
    assert said(data) == "Adults take \ufffd mg of it."


def test_a_lie_is_found_on_a_later_page_and_within_a_form() -> None:
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 600 400]/Resources<</Font<</F 7 0 R>>>>"
    data = pdf(
        b"(Adults rest.)Tj",
        resources=b"/XObject<</X 9 0 R>>",
        more=[
            font(WIN + b"/ToUnicode 8 0 R"),
            told(b"<35><00350030>"),
            stream(b"BT/F 11 Tf 60 300 Td(Take 5 mg of it.)Tj ET", form),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 11 0 R/Resources<<"
            b"/XObject<</X 9 0 R>>>>>>",
            stream(b"/X Do"),
        ],
    ).replace(b"/Kids[3 0 R]/Count 1", b"/Kids[3 0 R 10 0 R]/Count 2")
    assert said(data).endswith("Take \ufffd mg of it.")


def test_a_page_whose_words_are_lies_is_not_searched() -> None:
    swapped = [b"<%02X><%04X>" % (code, code ^ 1) for code in range(0x61, 0x7B)]
    lines = b"0 -14 Td(Adults take five or six of these tablets on each day.)Tj " * 9
    data = pdf(lines, font(WIN + b"/ToUnicode 7 0 R"), more=[told(*swapped)])
    with pytest.raises(CorpusError, match=r"x\.pdf: none of its 1 pages has text"):
        read_pdf(data, "x.pdf")


def test_bytes_of_a_page_that_look_like_a_font_s_change_nothing() -> None:
    """What is compared is a copy without `/ToUnicode`; a font may have that name on a page."""
    data = pdf(
        b"(Adults take )Tj/ToUnicode 11 Tf(5)Tj/F 11 Tf( mg of it.)Tj",
        more=[
            font(b"/Encoding<</Differences[53/six 54/five]>>/ToUnicode 8 0 R"),
            told(b"<35><0035>"),
        ],
    ).replace(b"/H 5 0 R/F", b"/ToUnicode 7 0 R/H 5 0 R/F")
    assert said(data) == "Adults take \ufffd mg of it."


@pytest.mark.parametrize(
    ("fonts", "pairs", "drawn", "expected"),
    [
        (font(WIN + b"/ToUnicode 7 0 R"), [b"<35><0035>"], b"(Take 5 mg.)", "Take 5 mg."),
        (
            font(LIGATURES[:-2] + b">>/ToUnicode 7 0 R"),
            [b"<01><00660069>", b"<02><00AD>", b"<03><003120440032>"],
            b"(Take the \\001rst \\003 dose.)",
            "Take the first \u00bd dose.",
        ),
        (
            font(WIN + b"/ToUnicode 7 0 R"),
            [b"<A0><0020>", b"<AD><2010>", b"<27><2019>", b"<96><002D>", b"<B5><03BC>"],
            b"(Don't take 5\\2406 \\265g.)",
            "Don\u2019t take 5 6 \u03bcg.",
        ),
        (
            font(b"/ToUnicode 7 0 R", b"ZapfDingbats"),
            [b"<33><2713>", b"<38><2718>"],
            b"(3)Tj/H 11 Tf( is yes.)",
            "\u2713 is yes.",
        ),
        (
            font(b"/ToUnicode 7 0 R", b"Symbol"),
            [b"<61><03B1>", b"<A3><2264>"],
            b"(a \\243 5)",
            "\u03b1 \u2264 5",
        ),
    ],
)
def test_honest_fonts_are_read_as_they_say(
    fonts: bytes, pairs: list[bytes], drawn: bytes, expected: str
) -> None:
    found = said(pdf(drawn + b"Tj", fonts, more=[told(*pairs)]))
    assert found.replace("1\u20442", "\u00bd") == expected


def embedded(entries: bytes, flags: int, *pairs: bytes) -> tuple[bytes, list[bytes]]:
    """DejaVu Sans in the file, as a simple font: itself, and the objects from 7 on."""
    own = font(
        entries + b"/ToUnicode 9 0 R/FontDescriptor 7 0 R/FirstChar 32/LastChar 126/Widths["
        b"%b]" % (b"600 " * 95),
        b"AAAAAA+DejaVuSans",
        b"TrueType",
    )
    descriptor = (
        b"<</Type/FontDescriptor/FontName/AAAAAA+DejaVuSans/Flags %d/ItalicAngle 0/Ascent 928"
        b"/Descent -236/CapHeight 729/StemV 80/FontBBox[-1021 -463 1793 1232]/FontFile2 8 0 R>>"
    ) % flags
    return own, [descriptor, stream(DEJAVU.read_bytes()), told(*pairs)]


@pytest.mark.skipif(not DEJAVU.exists(), reason="DejaVu Sans is not installed")
@pytest.mark.parametrize(
    ("entries", "flags", "pair", "expected"),
    [
        (WIN, 32, b"<35><00350030>", "Take \ufffd mg."),
        (WIN, 32, b"<35><0036>", "Take \ufffd mg."),
        (WIN, 32, b"<35><0035>", "Take 5 mg."),
        (b"", 4, b"<35><00350030>", "Take \ufffd mg."),
        # What the codes draw is for the font in the file to say, and nothing else names it.
        (b"", 4, b"<35><0036>", "Take 6 mg."),
    ],
)
def test_fonts_in_the_file(entries: bytes, flags: int, pair: bytes, expected: str) -> None:
    own, more = embedded(entries, flags, pair)
    text = said(pdf(b"(Take 5 mg.)Tj", own, more=more))
    assert text.replace(" ", "") == expected.replace(" ", "")


def two_bytes(encoding: bytes, collection: bytes, descriptor: bytes = b"") -> bytes:
    """A font with two bytes a code."""
    return (
        b"<</Type/Font/Subtype/Type0/BaseFont/Arial/Encoding/%b/ToUnicode 9 0 R/DescendantFonts["
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Arial%b/CIDToGIDMap/Identity/CIDSystemInfo"
        b"<</Registry(Adobe)/Ordering(%b)/Supplement 0>>>>]>>"
    ) % (encoding, descriptor or b"/FontDescriptor 7 0 R", collection)


PLAIN = b"<</Type/FontDescriptor/FontName/Arial/Flags 32>>"


@pytest.mark.parametrize(
    ("encoding", "collection", "code", "text", "expected"),
    [
        (b"90ms-RKSJ-H", b"Japan1", b"35", b"0035", "Take it 5 times."),
        (b"90ms-RKSJ-H", b"Japan1", b"35", b"0036", "Take it \ufffd times."),
        (b"90ms-RKSJ-H", b"Japan1", b"35", b"00350030", "Take it \ufffd times."),
        (b"Identity-H", b"Japan1", b"0016", b"0035", "Take it 5 times."),
        (b"Identity-H", b"Japan1", b"0016", b"0036", "Take it \ufffd times."),
        # Drawn by what is told, since nothing else names it.
        (b"Identity-H", b"Identity", b"0016", b"0036", "Take it 6 times."),
        (b"Identity-H", b"Identity", b"0016", b"00360030", "Take it \ufffd times."),
    ],
)
def test_fonts_of_two_bytes_a_code_that_are_not_in_the_file(
    encoding: bytes, collection: bytes, code: bytes, text: bytes, expected: str
) -> None:
    data = pdf(
        b"/H 11 Tf(Take it )Tj/F 11 Tf<%b>Tj/H 11 Tf( times.)Tj" % code,
        two_bytes(encoding, collection),
        more=[PLAIN, b"null", told(b"<%b><%b>" % (code, text), wide=len(code) > 2)],
    )
    assert said(data) == expected


@pytest.mark.skipif(not DEJAVU.exists(), reason="DejaVu Sans is not installed")
@pytest.mark.parametrize(
    ("text", "expected"), [(b"0035", "Take it 5 times."), (b"00350030", "Take it \ufffd times.")]
)
def test_fonts_of_two_bytes_a_code_in_the_file(text: bytes, expected: str) -> None:
    """The glyph 24 of DejaVu Sans is a 5."""
    _, more = embedded(WIN, 32)
    more[2] = told(b"<0018><%b>" % text, wide=True)
    drawn = b"/H 11 Tf(Take it )Tj/F 11 Tf<0018>Tj/H 11 Tf( times.)Tj"
    assert said(pdf(drawn, two_bytes(b"Identity-H", b"Identity"), more=more)) == expected


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("fi", True),
        ("ffi", True),
        ("Th", True),
        ("tt", True),
        ("e\u0301", True),
        ("\u0644\u0627", True),
        ("\u0915\u094d\u0937", True),
        ("...", True),
        ("No", True),
        ("1/2", True),
        ("1\u20442", True),
        ("50", False),
        ("5.", False),
        ("\u0665\u0660", False),
        ("not", False),
        ("no ", False),
        ("10", False),
        ("<=", False),
    ],
)
def test_what_one_glyph_can_say(text: str, *, can: bool) -> None:
    assert can_be_one_glyph(text) is can


@pytest.mark.parametrize(
    ("text", "drawn", "lie"),
    [
        ("5", "5", False),
        ("6", "5", True),
        ("50", "5", True),
        ("2", "\u00b2", True),
        ("fi", "\ufb01", False),
        ("\u2212", "-", False),
        ("+", "-", True),
        (",", ".", True),
        ("", "5", False),
        ("\uf0b3", "3", False),
        ("\ufffd", "5", False),
        ("5", "", False),
        ("\u200b", "n", True),
        ("\x1f", "n", True),
        ("\u00a0", " ", False),
    ],
)
def test_what_contradicts_what_is_drawn(text: str, drawn: str, *, lie: bool) -> None:
    assert contradicts(text, drawn) is lie


def test_of_a_font_of_pictures_only_letters_and_figures_are_doubted() -> None:
    assert not contradicts("\u2713", "\u00fc", ornaments=True)
    assert contradicts("5", "\u00fc", ornaments=True)


def many_fonts(count: int, pages: int) -> bytes:
    """On each page the same fonts, of which the last one lies about "5"."""
    honest = [font(WIN + b"/ToUnicode 4 0 R/Number %d" % number) for number in range(count - 1)]
    names = b"".join(b"/F%d %d 0 R" % (number, 6 + number) for number in range(count))
    drawn = b"BT 60 350 Td " + b"".join(
        b"/F%d 11 Tf(Take 5 mg.)Tj 0 -14 Td " % number for number in range(count)
    )
    first = 6 + count
    kids = b" ".join(b"%d 0 R" % number for number in range(first, first + pages))
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 3 0 R/Resources<</Font<<%b>>>>>>"
        % names
    )
    return pdf_from(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, pages),
            stream(drawn + b"ET"),
            told(b"<35><0035>"),
            told(b"<35><0036>"),
            *honest,
            font(WIN + b"/ToUnicode 5 0 R"),
            *[page] * pages,
        ]
    )


def test_fonts_that_were_forgotten_are_compared_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_fonts, "_MOST_KEPT", 3)
    text = read_pdf(many_fonts(4, 5), "x.pdf").text
    assert text.count("\ufffd mg.") == 5
    assert text.count("5 mg.") == 15
    assert "6" not in text


def test_a_document_of_very_many_fonts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_fonts, "MOST_CHECKED", 3)
    with pytest.raises(CorpusError, match=r"^x\.pdf: page 1: .* fonts .* Split it"):
        read_pdf(many_fonts(4, 5), "x.pdf")
