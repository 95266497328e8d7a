"""Pictures of pages: marked where the words stand, and nowhere else."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from qa import page_image
from qa.corpus import make_source
from qa.document import BlockKind
from qa.errors import PageUnreadable
from qa.page_drawing import MOST_PIXELS
from qa.page_files import page_file, write_pages
from qa.page_image import LIMITS, PagedFile, draw_page, picture_of
from qa.readers import READERS
from tests import bombs
from tests.little_work import least_seconds
from tests.pages import PagedDocument, leaflet, read_known

SCALE = 130 / 72


def pixels(picture: bytes) -> NDArray[np.int16]:
    """Height by width by three."""
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(np.int16)


def paged(folder: Path, data: bytes, monkeypatch: pytest.MonkeyPatch) -> PagedFile:
    """The document as a generation keeps it."""
    monkeypatch.setitem(READERS, ".pdf", read_known)  # type: ignore[arg-type]
    source = make_source("leaflet.pdf", data)
    write_pages(folder, source.document, data, source.boxes)
    return PagedFile(source.document, page_file(folder, source.document), folder)


def span(file: PagedFile, words: str) -> tuple[int, int]:
    text = file.document.text
    assert text.count(words) == 1
    return text.index(words), text.index(words) + len(words)


def changed(file: PagedFile, page: int, of: tuple[int, int]) -> NDArray[np.bool_]:
    """Where the marked picture differs from the plain one."""
    plain, marked = pixels(file.picture(page)), pixels(file.picture(page, of))
    assert plain.shape == marked.shape
    found: NDArray[np.bool_] = (plain != marked).any(axis=2)
    return found


@pytest.fixture
def eye(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PagedFile:
    return paged(tmp_path, leaflet(), monkeypatch)


def test_just_the_lines_of_the_passage_are_marked(eye: PagedFile) -> None:
    differs = changed(eye, 1, span(eye, "Do not drive until your sight is clear again."))
    rows, columns = np.nonzero(differs)
    look = eye.look(1, span(eye, "Do not drive until your sight is clear again."))
    assert differs.shape == (look.height, look.width)
    # Two lines of the right column: their base lines are 618.8 and 603.2 points from the bottom.
    assert len(look.marks) == 2
    assert rows.min() / SCALE == pytest.approx(792 - 618.8 - 9, abs=4)
    assert rows.max() / SCALE == pytest.approx(792 - 603.2 + 2.5, abs=4)
    assert columns.min() / SCALE == pytest.approx(328, abs=3)
    assert columns.max() / SCALE < 520
    # "about four hours." stands on the first of the two lines, in front of the passage.
    [first, second] = look.marks
    assert first.left > second.left + 50
    beside = differs[first.top + 4 : first.bottom - 8, second.left : first.left - 12]
    assert not beside.any()


def test_ground_is_tinted_letters_stay_and_an_outline_stands_around(eye: PagedFile) -> None:
    passage = span(eye, "Please bring your glasses and a list of the medicines you take.")
    plain, marked = pixels(eye.picture(1)), pixels(eye.picture(1, passage))
    for box in eye.look(1, passage).marks:
        inside = slice(box.top, box.bottom), slice(box.left, box.right)
        ground = (plain[inside] == 255).all(axis=2)
        assert (marked[inside][ground] == (255, 236, 139)).all(axis=1).mean() > 0.99
        letters = (plain[inside] == 0).all(axis=2)
        assert letters.sum() > 50
        assert (marked[inside][letters] == 0).all()
        # Left of the first letter, the outline is dark: it is seen without colours too.
        middle = (box.top + box.bottom) // 2
        assert marked[middle, box.left - 12 : box.left].sum(axis=1).min() < 250


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (50.0, 100.0, 562.0, 700.0)])
def test_marks_stand_on_the_words_of_cropped_and_turned_pages(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    crop: tuple[float, float, float, float] | None,
    turn: int,
) -> None:
    made = PagedDocument("Turned")
    made.page(crop=crop, turn=turn)
    made.write(BlockKind.PARAGRAPH, ["Other words stand here."], (100, 500))
    made.write(BlockKind.PARAGRAPH, ["These words are marked."], (100, 300), font_size=24)
    file = paged(tmp_path, made.finish(), monkeypatch)
    passage = span(file, "These words are marked.")
    look = file.look(1, passage)
    width, height = (512, 600) if crop else (612, 792)
    shown = (width, height) if turn in (0, 180) else (height, width)
    assert (look.width, look.height) == pytest.approx([side * SCALE for side in shown], abs=1)
    plain = pixels(file.picture(1))
    dark = (plain < 100).all(axis=2)
    differs = changed(file, 1, passage)
    rows, columns = np.nonzero(differs)
    marked = np.zeros_like(dark)
    marked[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
    # All letters of the passage lie within the marked box, and those of the other words outside.
    inked = dark.sum()
    within = (dark & marked).sum()
    assert 0.7 < within / inked < 0.9
    edge = np.zeros_like(dark)
    edge[rows.min() - 6 : rows.max() + 7, columns.min() - 6 : columns.max() + 7] = True
    assert (dark & edge).sum() == within


def test_a_passage_over_the_page_break_is_marked_on_both_pages(eye: PagedFile) -> None:
    passage = span(eye, "outdoors for the rest of the day, and call us if your eye is red")
    assert [len(eye.look(page, passage).marks) for page in (1, 2, 3)] == [1, 1, 0]
    assert changed(eye, 2, passage).any()
    assert not changed(eye, 3, passage).any()


def test_white_letters_on_a_dark_ground_are_marked_as_well(tmp_path: Path) -> None:
    path = tmp_path / "dark.pdf"
    canvas = Canvas(str(path), pagesize=(300, 100))
    canvas.rect(0, 0, 300, 100, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(50, 50, "White words")
    canvas.save()
    box = [(5000, 4000, 11600, 5300)]
    plain, marked = pixels(draw_page(path, 1)), pixels(draw_page(path, 1, box))
    [mark] = picture_of(path, 1, box).marks
    letters = (plain == 255).all(axis=2)
    assert letters[mark.top : mark.bottom, mark.left : mark.right].any()
    assert (marked[letters] == 255).all()
    assert (marked[mark.bottom - 2, mark.left + 2] > 0).any()
    assert marked.sum(axis=2)[:, mark.left + 20].max() > 400  # the outline is light


def test_each_line_is_marked_for_the_ground_it_stands_on(tmp_path: Path) -> None:
    path = tmp_path / "table.pdf"
    canvas = Canvas(str(path), pagesize=(300, 100))
    canvas.rect(0, 50, 300, 50, fill=1)
    canvas.save()
    marked = pixels(draw_page(path, 1, [(5000, 2000, 20000, 4000), (5000, 6000, 20000, 8000)]))
    above, below = (round(y * SCALE) for y in (30, 70))
    assert tuple(marked[above, 150]) == (70, 55, 0)
    assert tuple(marked[below, 150]) == (255, 236, 139)


def test_a_huge_page_is_drawn_smaller_and_its_marks_with_it(tmp_path: Path) -> None:
    path = tmp_path / "poster.pdf"
    canvas = Canvas(str(path), pagesize=(14_000, 7_000))
    canvas.setFont("Helvetica", 400)
    canvas.drawString(1_000, 3_500, "Poster")
    canvas.save()
    look = picture_of(path, 1, [(100_000, 310_000, 230_000, 360_000)])
    assert 0.98 * MOST_PIXELS < look.width * look.height <= MOST_PIXELS
    picture = pixels(draw_page(path, 1))
    assert picture.shape == (look.height, look.width, 3)
    [mark] = look.marks
    assert (mark.left / look.width, mark.bottom / look.height) == pytest.approx(
        (1_000 / 14_000, 3_600 / 7_000), abs=0.002
    )


def test_boxes_beyond_the_page_are_cut_or_left_out(tmp_path: Path) -> None:
    path = tmp_path / "small.pdf"
    canvas = Canvas(str(path), pagesize=(100, 100))
    canvas.drawString(10, 50, "Words")
    canvas.save()
    outside = [(20_000, 20_000, 30_000, 21_000), (500, 500, 500, 900), (900, 500, 700, 900)]
    assert draw_page(path, 1, outside) == draw_page(path, 1)
    assert draw_page(path, 1, [(-500, 4_000, 99_000, 5_000)]) != draw_page(path, 1)


@pytest.mark.parametrize("page", [0, -1, 4, 10**6])
def test_a_page_that_is_not_there_says_how_many_there_are(eye: PagedFile, page: int) -> None:
    for draw in (eye.picture, eye.look):
        with pytest.raises(
            PageUnreadable, match=rf"Page {page} of leaflet\.pdf .*the file has 3 pages"
        ):
            draw(page)


@pytest.mark.parametrize("data", [b"", b"no PDF", b"%PDF-1.7\n" + b"\0" * 5_000])
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "damaged.pdf"
    path.write_bytes(data)
    for draw in (draw_page, picture_of):
        with pytest.raises(PageUnreadable, match=r"damaged\.pdf cannot be drawn.*qa build"):
            draw(path, 1)


def test_missing_files_and_boxes_are_no_crash(eye: PagedFile) -> None:
    boxes = eye.path.with_suffix(".npy")
    kept = boxes.read_bytes()
    for broken in (b"", kept[:-8], b"\x93NUMPY" + b"\0" * 200):
        boxes.write_bytes(broken)
        with pytest.raises(PageUnreadable):
            eye.picture(1, (0, 5))
        assert eye.picture(1).startswith(b"\x89PNG")
    eye.path.unlink()
    with pytest.raises(PageUnreadable):
        eye.look(1)


def test_after_a_damaged_page_and_in_many_threads_pages_are_still_drawn(eye: PagedFile) -> None:
    with pytest.raises(PageUnreadable):
        eye.look(9)
    alone = [eye.picture(page) for page in (1, 2, 3)]
    found: list[bool] = []

    def draw(page: int) -> None:
        found.append(eye.picture(page) == alone[page - 1])

    threads = [threading.Thread(target=draw, args=(1 + i % 3,)) for i in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 9


def test_a_page_that_takes_for_ever_is_given_up_and_nobody_waits_for_it(
    eye: PagedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_image, "LIMITS", replace(LIMITS, seconds=1.0))
    monkeypatch.setattr(page_image, "_PATIENCE", 0.01)
    endless = eye.path.with_name("endless.pdf")
    endless.write_bytes(bombs.tiny_steps())
    told: list[str] = []
    kept_waiting: list[str] = []

    def hold() -> None:
        while not told or "other pages" in told[-1]:
            try:
                draw_page(endless, 1)
            except PageUnreadable as error:
                told.append(str(error))

    other = threading.Thread(target=hold)
    other.start()
    while other.is_alive():
        try:
            eye.picture(1)
        except PageUnreadable as error:
            kept_waiting.append(str(error))
    assert "other pages take too long" in kept_waiting[-1]
    assert "took more than 1 seconds of a processor" in told[-1]
    assert eye.picture(1).startswith(b"\x89PNG"), "by a new process"


def test_a_full_page_takes_less_than_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = PagedDocument("Long")
    made.page()
    for row in range(50):
        words = [f"Row {row} has many words, which fill the page from its left to its right side"]
        made.write(BlockKind.PARAGRAPH, words, (60, 740 - row * 14), font_size=11)
    file = paged(tmp_path, made.finish(), monkeypatch)
    file.look(1)  # the process is started with the first page
    assert least_of_drawing(lambda: file.picture(1, (0, len(file.document.text)))) < 1.0


def least_of_drawing(draw: Callable[[], object]) -> float:
    """Seconds of a processor, here and in the process that draws, the least of three times: this
    machine has other tests to run."""
    found = []
    for _ in range(3):
        drawing = psutil.Process(page_image.DRAWING.process_id)
        before = drawing.cpu_times()
        own = least_seconds(draw, 0, tries=1)
        after = drawing.cpu_times()
        found.append(own + after.user + after.system - before.user - before.system)
    assert max(found) > 0
    return min(found)
