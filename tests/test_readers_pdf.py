"""PDFs as they come: what of them is quoted, in which order, and where it stands."""

from __future__ import annotations

import random
import re
import time
from bisect import bisect_right
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pypdfium2 as pdfium
import pytest

from qa.corpus import make_source
from qa.document import BlockKind
from qa.errors import CorpusError
from qa.readers.draft import Draft
from qa.readers.pdf import read_pdf
from tests import pdfs
from tests.conftest import need
from tests.fuzz.samples import pdf_of

MARKS = {"item": "- ", "paragraph": "", "table_head": "! ", "table_row": "| "}


def sizes(data: bytes) -> list[tuple[float, float]]:
    document = pdfium.PdfDocument(data)
    found = [document[index].get_size() for index in range(len(document))]
    document.close()
    return found


def check(draft: Draft, shown: list[tuple[float, float]]) -> None:
    """What holds for every PDF that was read."""
    text = draft.text
    assert len(draft.pages) == len(shown)
    assert list(draft.pages) == sorted(draft.pages)
    assert all(0 <= begin <= len(text) for begin in draft.pages)
    last = 0
    for block in draft.blocks:
        assert last <= block.start < block.end <= len(text)
        last = block.end
    last = 0
    with_words = set()
    for start, end, left, top, right, bottom in draft.boxes:
        assert last <= start < end <= len(text)
        assert text[start:end].split() == [text[start:end]]
        page = bisect_right(draft.pages, start)
        with_words.add(page)
        width, height = shown[page - 1]
        assert 0 <= left < right <= 100 * width + 1
        assert 0 <= top < bottom <= 100 * height + 1
        last = start
    assert set(draft.unsearchable) == set(range(1, len(shown) + 1)) - with_words
    # Every word of every block has its box.
    boxed = {at for start, end, *_ in draft.boxes for at in range(start, end)}
    for block in draft.blocks:
        for at in range(block.start, block.end):
            assert text[at].isspace() or text[at] == "|" or at in boxed


def read(data: bytes) -> Draft:
    draft = read_pdf(data, "x.pdf")
    check(draft, sizes(data))
    return draft


def shape(data: bytes) -> list[str]:
    """The blocks, each with a mark for its kind."""
    draft = read(data)
    return [
        ("#" * block.level + " " if block.level else MARKS[block.kind.value])
        + draft.text[block.start : block.end]
        for block in draft.blocks
    ]


PROSE = pdfs.PROSE.strip()


def test_a_page_of_text() -> None:
    draft = read(pdfs.simple_pdf([PROSE + "\nA second paragraph."]))
    assert draft.text == f"{PROSE}\n\nA second paragraph."
    assert draft.pages == (0,)
    assert draft.unsearchable == ()


def test_two_columns_with_headings_between() -> None:
    found = shape(pdfs.two_columns())
    assert [line[:34] for line in found] == [
        "# Ketamine treatment",
        "The first left column begins here.",
        "The first right column begins here",
        "## After the visit, what everybody",
        "The second left column begins here",
    ]
    assert "a sentence that goes on in the second right column." in found[-1]


def test_three_columns() -> None:
    found = shape(pdfs.three_columns())
    assert found[0] == "# A leaflet in three columns"
    assert [line for line in found if line.startswith("##")] == [
        "## The first part",
        "## The second part",
        "## The third part",
    ]
    for line, part in zip(found[2::2], ("first", "second", "third"), strict=True):
        assert line == f"Here begins the {part} column. {PROSE} {PROSE}"


@pytest.mark.parametrize("ruled", [True, False])
def test_a_table_over_the_end_of_a_page_stays_one(ruled: bool) -> None:
    found = shape(pdfs.table_over_pages(ruled=ruled))
    assert found[:-1] == [
        "The doses are listed below.",
        "! Medicine | Usual dose | Remarks",
        "| Ketamine | 0.5 mg/kg | Over forty minutes, in the clinic only",
        "| Esketamine | 56 mg | As a spray",
        "| Sertraline | 50 mg | Once a day",
        "| Prazosin | 1 mg | At night",
    ]
    draft = read(pdfs.table_over_pages(ruled=ruled))
    assert draft.text[draft.pages[1] :].startswith("Sertraline")


def test_a_sentence_over_the_end_of_a_page_is_whole_and_footnotes_stand_before_it() -> None:
    draft = read(pdfs.footnotes())
    found = [draft.text[block.start : block.end] for block in draft.blocks]
    assert found[1:3] == ["\u00b9 Smith and others, 2019.", "\u00b2 Not for use at home."]
    assert "does not end before the second page has begun. Ketamine" in found[3]
    assert draft.text[draft.pages[1] :].startswith("the second page has begun.")


def test_footnotes_stand_behind_a_page_that_ends_with_a_sentence() -> None:
    sheet = pdfs.Sheet()
    sheet.use().text(72, 90, 450, PROSE)
    sheet.use(size=8).put(72, 756, "* Only in the clinic.")
    sheet.turn_page().use().text(72, 90, 450, PROSE)
    assert shape(sheet.bytes()) == [PROSE, "- Only in the clinic.", PROSE]


def test_running_heads_and_page_numbers_are_dropped_and_repeated_text_is_not() -> None:
    found = shape(pdfs.running_heads())
    assert found == [
        line
        for page in range(1, 7)
        for line in (f"Text of page {page}. {PROSE}", "Call us if you feel unwell.")
    ]


def test_what_repeats_at_the_side_of_pages_is_dropped() -> None:
    sheet = pdfs.Sheet()
    for page in range(3):
        sheet.use().text(72, 200, 450, f"Page {page}. {PROSE}")
        sheet.canvas.rotate(90)
        sheet.canvas.drawString(300, -580, "Form 12")
        if page == 1:
            sheet.canvas.drawString(300, -560, "A note at the side")
        sheet.turn_page()
    sheet.use().text(72, 200, 450, PROSE)
    assert shape(sheet.bytes()) == [
        f"Page 0. {PROSE}",
        f"Page 1. {PROSE}",
        "A note at the side",
        f"Page 2. {PROSE}",
        PROSE,
    ]


def test_a_document_of_one_page_has_no_running_head() -> None:
    found = shape(pdfs.running_heads(1))
    assert "Clinic of Springfield" in found
    assert "Page 1 of 1" in found


def test_numbers_that_do_not_grow_with_the_pages_are_text() -> None:
    sheet = pdfs.Sheet()
    for dose in (5, 20, 10, 40, 5):
        sheet.use().text(72, 200, 450, PROSE)
        sheet.use(size=9).put(72, 810, f"Take {dose} mg at night")
        sheet.turn_page()
    sheet.text(72, 200, 450, PROSE)
    found = shape(sheet.bytes())
    assert sum(line.startswith("Take ") for line in found) == 5


def test_hyphens() -> None:
    sheet = pdfs.Sheet()
    lines = ("Your follow-", "up visit, your exam-", "ple, and self-", "harm, short-")
    lines += ("and long-term care, COVID-", "19 and non-", "Hodgkin. A follow-up is good.")
    sheet.use().lines(72, 90, lines)
    data = sheet.bytes()
    assert shape(data) == [
        "Your follow-up visit, your example, and self-harm, short- and long-term care, COVID-19 "
        "and non-Hodgkin. A follow-up is good."
    ]
    draft = read(data)
    words = [draft.text[start:end] for start, end, *_ in draft.boxes]
    assert words[1:3] == ["follow-", "up"]
    assert words[5:7] == ["exam", "ple,"]
    (_, _, _, top, _, _), (_, _, _, below, _, _) = draft.boxes[5:7]
    assert below - top > 1000


def dejavu() -> pdfs.Sheet:
    if not pdfs.DEJAVU.exists():
        need("DejaVu Sans", "On Debian: apt-get install fonts-dejavu-core")
    return pdfs.use_dejavu(pdfs.Sheet())


def test_ligatures_and_soft_hyphens() -> None:
    sheet = dejavu()
    sheet.put(
        72, 90, "The o\ufb03ce is \ufb01ne for a\ufb04uent \ufb02uid, and so\u00adft treat\u00ad"
    )
    sheet.put(72, 106, "ment helps.")
    assert shape(sheet.bytes()) == [
        "The office is fine for affluent fluid, and soft treatment helps."
    ]


def test_right_to_left() -> None:
    sheet = dejavu()
    lines = (
        "הקטמין ניתן במרפאה תחת השגחה ולאחר",
        "הטיפול יש לנוח (עד מחר) בכלל.",
        "مرحبا بكم في العيادة",
    )
    for index, line in enumerate(lines):
        seen = line.translate(str.maketrans("()", ")("))[::-1]
        sheet.put(500 - 6.5 * len(seen), 90 + 16 * index + 40 * (index > 1), seen)
    found = shape(sheet.bytes())
    assert found == [f"{lines[0]} {lines[1]}", lines[2]] or found == [*lines]


def test_numbers_and_latin_words_among_right_to_left() -> None:
    sheet = dejavu()
    sheet.put(72, 90, "תקדל ml 12.5 הנמ")
    assert shape(sheet.bytes()) == ["מנה 12.5 ml לדקת"]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_turned_pages_read_the_same_and_their_boxes_turn_with_them(rotate: int) -> None:
    plain = read(pdfs.simple_pdf([PROSE]))
    turned = read(pdfs.simple_pdf([PROSE], rotate=rotate))
    assert turned.text == plain.text
    left, top, right, bottom = plain.boxes[0][2:]
    expected = {
        0: (left, top, right, bottom),
        90: (84200 - bottom, left, 84200 - top, right),
        180: (59500 - right, 84200 - bottom, 59500 - left, 84200 - top),
        270: (top, 59500 - right, bottom, 59500 - left),
    }[rotate]
    assert turned.boxes[0][2:] == pytest.approx(expected, abs=1)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_only_what_a_cropped_page_shows_is_read(rotate: int) -> None:
    draft = read(pdfs.cropped(rotate))
    assert draft.text == PROSE
    if not rotate:
        assert draft.boxes[0][2:4] == pytest.approx((2000, 5000), abs=120)


@pytest.mark.parametrize(
    "make",
    [
        pdfs.two_columns,
        pdfs.three_columns,
        pdfs.footnotes,
        lambda: pdfs.turned(pdfs.footnotes(), 90),
        lambda: pdfs.table_over_pages(ruled=False),
        lambda: pdfs.simple_pdf(["", PROSE, "", PROSE], rotate=270),
    ],
)
def test_boxes_stand_where_the_words_are_and_on_their_page(make: Callable[[], bytes]) -> None:
    data = make()
    draft = read(data)
    document = pdfium.PdfDocument(data)
    inked = []
    for page in document:
        picture = page.render(scale=2, grayscale=True).to_numpy()
        inked.append(picture.reshape(picture.shape[:2]) < 128)
    document.close()
    for start, _, left, top, right, bottom in draft.boxes:
        picture = inked[sum(begin <= start for begin in draft.pages) - 1]
        inside = picture[top // 50 : bottom // 50 + 1, left // 50 : right // 50 + 1]
        assert inside.mean() > 0.1
        picture[top // 50 - 1 : bottom // 50 + 2, left // 50 - 1 : right // 50 + 2] = False
    # No ink is left but what is dropped on purpose: a ruled line, a table's repeated head.
    assert sum(int(picture.sum()) for picture in inked) < 3000


@pytest.mark.parametrize("way", sorted(pdfs.HIDDEN))
def test_text_that_nobody_sees_is_not_read(way: str) -> None:
    text = read(pdfs.hidden_text(way)).text
    assert "secret" not in text
    assert "words" not in text
    assert text.startswith(PROSE)
    assert text.endswith("This is the visible end of the page.")
    assert ("public lines" in text) == (way == "covered_and_written_over")


def test_white_text_on_a_dark_field_is_read() -> None:
    sheet = pdfs.Sheet()
    sheet.canvas.setFillColorRGB(0, 0, 0.3)
    sheet.canvas.rect(60, 600, 400, 200, fill=1, stroke=0)
    sheet.canvas.setFillColorRGB(1, 1, 1)
    sheet.use().text(72, 90, 350, PROSE)
    assert read(sheet.bytes()).text == PROSE


def test_a_layer_that_is_off_is_not_read() -> None:
    assert read(pdfs.layer_that_is_off()).text == PROSE


def test_text_written_twice_as_false_bold_is_read_once() -> None:
    sheet = pdfs.Sheet()
    for shift in (0, 0.4):
        sheet.use().put(72 + shift, 90, "Do not drive until the next day.")
    assert read(sheet.bytes()).text == "Do not drive until the next day."


def test_a_stamp_across_the_page_is_not_read() -> None:
    sheet = pdfs.Sheet()
    sheet.use().text(72, 300, 450, PROSE)
    sheet.canvas.translate(150, 350)
    sheet.canvas.rotate(45)
    sheet.canvas.setFillGray(0.8)
    sheet.use(size=60)
    sheet.canvas.setFont("Helvetica", 60)
    sheet.canvas.drawString(0, 0, "DRAFT")
    assert read(sheet.bytes()).text == PROSE


def test_raised_and_lowered_figures_stay_so() -> None:
    sheet = pdfs.Sheet()
    x = 72.0
    for text, size, y in (
        ("10", 11, 90),
        ("3", 6, 86),
        (" cells and H", 11, 90),
        ("2", 6, 93),
        ("O are given.", 11, 90),
    ):
        sheet.use(size=size).put(x, y, text)
        x += pdfs.width_of(text, sheet)
    assert read(sheet.bytes()).text == "10\u00b3 cells and H\u2082O are given."


@pytest.mark.parametrize(
    "pages", [["", PROSE], [PROSE, ""], [PROSE, "", "", PROSE], ["", PROSE, ""]]
)
def test_pages_without_text_are_reported(pages: list[str]) -> None:
    draft = read(pdfs.simple_pdf(pages))
    assert draft.unsearchable == tuple(n for n, page in enumerate(pages, 1) if not page)
    for number, page in enumerate(pages):
        if page:
            assert draft.text[draft.pages[number] :].startswith("Ketamine is given")


@pytest.mark.parametrize("recognised", ["", "Scanned words on a page, recognised by a program"])
def test_a_scan_is_no_empty_success(recognised: str) -> None:
    with pytest.raises(
        CorpusError, match=r"scan\.pdf: none of its 2 pages has text .* scan .*OCR.*check"
    ):
        read_pdf(pdfs.scan(recognised=recognised), "scan.pdf")


def test_a_password_is_asked_for_in_vain() -> None:
    with pytest.raises(CorpusError, match=r"x\.pdf: the PDF is encrypted .*save a copy"):
        read_pdf(pdfs.encrypted(), "x.pdf")


def test_a_file_that_only_its_owner_may_change_is_read() -> None:
    assert read_pdf(pdfs.encrypted(user=""), "x.pdf").text == PROSE


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"x\.pdf: the file is empty \(0 bytes\)"),
        (b"\n<!DOCTYPE html><title>Log in</title>", r"x\.pdf: byte 0: this is a web page"),
        (b"Plain text.", r'x\.pdf: byte 0: the file does not begin with "%PDF-"'),
        (pdfs.simple_pdf([PROSE])[:300], r"x\.pdf: .*damaged"),
    ],
    ids=["empty", "html", "text", "truncated"],
)
def test_what_is_no_pdf(data: bytes, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        read_pdf(data, "x.pdf")


@pytest.mark.parametrize(
    "make", [pdfs.two_columns, pdfs.footnotes, lambda: pdfs.table_over_pages(ruled=True)]
)
def test_damage_at_random_places_is_refused_or_read(make: Callable[[], bytes]) -> None:
    chance = random.Random(7)
    whole = make()
    refused = []
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 5, 40))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        broken = bytes(data[: chance.choice((len(data), chance.randrange(len(data))))])
        try:
            draft = read_pdf(broken, "broken.pdf")
        except CorpusError as error:
            refused.append(str(error))
        else:
            check(draft, sizes(broken))
    assert refused
    assert all(message.startswith("broken.pdf: ") for message in refused)


def test_threads_wait_for_each_other() -> None:
    data = pdfs.two_columns()
    with ThreadPoolExecutor(4) as pool:
        texts = set(pool.map(lambda _: read_pdf(data, "x.pdf").text, range(12)))
    assert len(texts) == 1


def test_scripts_and_links_are_left_alone() -> None:
    assert read(pdfs.with_javascript()).text == PROSE


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("Ketamine for you", "Ketamine for you"),
        ("Microsoft Word - leaflet.doc", "Ketamine treatment"),
        ("leaflet_v3.pdf", "Ketamine treatment"),
        ("untitled", "Ketamine treatment"),
        ("   ", "Ketamine treatment"),
    ],
)
def test_the_title_is_the_files_own_if_it_makes_sense(given: str, title: str) -> None:
    sheet = pdfs.Sheet()
    sheet.canvas.setTitle(given)
    sheet.use("Helvetica-Bold", 20).put(72, 60, "Ketamine treatment")
    sheet.use().text(72, 90, 450, PROSE)
    assert read(sheet.bytes()).title == title


def test_a_document_of_a_pdf_knows_its_pages() -> None:
    data = pdfs.simple_pdf(["Rest at home. " + PROSE, "", "Call us. " + PROSE])
    source = make_source("leaflet.pdf", data)
    document = source.document
    assert document.unsearchable == (2,)
    assert document.page_at(document.text.index("Rest")) == 1
    assert document.page_at(document.text.index("Call us.")) == 1 + 2 * (
        document.text.index("Call us.") >= document.pages[2]
    )
    assert document.page_at(document.pages[2]) == 3
    assert len(source.boxes) == len(document.text.split())
    assert {block.kind for block in document.blocks} == {BlockKind.PARAGRAPH}


def test_more_pages_than_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.readers.pdf.MOST_PAGES", 2)
    with pytest.raises(CorpusError, match=r"x\.pdf: the PDF has 3 pages, and at most 2 are read"):
        read_pdf(pdfs.simple_pdf([PROSE] * 3), "x.pdf")


def test_a_page_of_a_size_that_none_has() -> None:
    """PDFium would make room for it: 256 MB."""
    data = pdfs.simple_pdf([PROSE] * 2)
    before = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ", data)[-1]
    at = data.rindex(b"/MediaBox [ 0 0 " + before)
    data = data[:at] + data[at:].replace(before, b"2147483008", 1)
    with pytest.raises(CorpusError, match=r"x\.pdf: page 2 is more than 100,000 points"):
        read_pdf(data, "x.pdf")


def test_more_characters_on_a_page_than_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.readers.pdf_words.MOST_CHARACTERS", 100)
    with pytest.raises(CorpusError, match=r"x\.pdf: page 2 has more than .* characters"):
        read_pdf(pdfs.simple_pdf(["Short.", PROSE]), "x.pdf")


@pytest.mark.parametrize(
    ("count", "parts"), [(200, 1), pytest.param(1000, 5, marks=pytest.mark.nightly)]
)
def test_a_long_document(count: int, parts: int) -> None:
    data = pdfs.thousand_pages(count, parts)
    began = time.process_time()
    draft = read(data)
    assert time.process_time() - began < 120
    assert len(draft.pages) == count
    assert "A long document" not in draft.text
    assert [draft.text[b.start : b.end] for b in draft.blocks if b.level] == [
        f"Chapter {n}" for n in range(1, count // 10 + 1)
    ]
    for page in (1, count // 2, count):
        begin = draft.pages[page - 1]
        assert f"Part 0 of page {page} speaks" in draft.text[begin : begin + 60]


def test_words_stand_where_they_did_whatever_was_read_before() -> None:
    """PDFium keeps how bold and wide its stand-in for a missing font last was."""

    def written(weight: int, widths: bytes) -> bytes:
        descriptor = (
            b"/BaseFont/Missing/FirstChar 97/LastChar 122/Widths[" + widths * 26 + b"]"
            b"/FontDescriptor<</Type/FontDescriptor/FontName/Missing/Flags 32/StemV 80/FontWeight "
            b"%d/Ascent 700/Descent -200/FontBBox[0 -200 1000 900]>>>>" % weight
        )
        page = pdf_of(b"BT /F1 11 Tf 72 700 Td (Do not drive until tomorrow.) Tj ET")
        return page.replace(b"/BaseFont/Helvetica>>", descriptor)

    plain = [read_pdf(written(400, b"500 "), "x.pdf").boxes]
    for weight, widths in ((900, b"300 "), (400, b"900 "), (100, b"600 ")):
        read_pdf(written(weight, widths), "x.pdf")
        plain.append(read_pdf(written(400, b"500 "), "x.pdf").boxes)
    assert plain[1:] == plain[:-1]
