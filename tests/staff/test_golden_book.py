"""The file of golden questions, edited by many at once; every other byte of it stays."""

from __future__ import annotations

import csv
import io
import multiprocessing
import os
import signal
import stat
import time
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import QuestionError
from qa.golden import read_golden
from qa.staff import golden_book
from qa.staff.golden_book import Edit, GoldenBook, Kept, Label
from tests.little_work import least_seconds

HEAD = "question,expect,quote,document,tags,note,spans"
SHIPPED = Path(__file__).resolve().parents[2] / "corpus" / "questions.csv"
FORK = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")


def book_of(folder: Path, text: str | bytes) -> GoldenBook:
    path = folder / "questions.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    os.utime(path, ns=(10**18, 10**18))  # saved long ago, so that nobody waits
    return GoldenBook(path)


def add_many(path: Path, who: int, count: int) -> None:
    for number in range(count):
        GoldenBook(path).add(Label(f"{who} asks {number}?", "refuse", tags="tuned"))


def turn(path: Path, question: str, count: int) -> None:
    """Changes one question over and over, each time as it is then."""
    book = GoldenBook(path)
    for number in range(count):
        kept = book.find(question)
        assert kept
        book.change(kept.digest, question, Label(question, "refuse", note=f"turn {number}"))


def test_a_new_file_gets_the_known_columns(tmp_path: Path) -> None:
    book = GoldenBook(tmp_path / "questions.csv")
    assert book.kept() == ()
    kept = book.add(Label("May I eat?", "quote", 'He said "no", twice.', "a.md", "tuned"))
    assert (kept.number, kept.line) == (1, 2)
    assert book.path.read_text("utf-8") == (
        f'{HEAD}\nMay I eat?,quote,"He said ""no"", twice.",a.md,tuned,,\n'
    )
    assert [one.question for one in read_golden(book.path)] == ["May I eat?"]


ODD = (
    "\ufeff"
    + '"question",expect,quote,document,tags,note,mine\r\n"A?",refuse,,,held,  x ,"k,1"\r\n'
    '\r\nB?,refuse\r\n"C\r\n?",crisis,,,tuned,"say ""hi""",\r\n\r\nD?,refuse,,,,,kept'
)


def test_every_other_byte_stays_as_it_was(tmp_path: Path) -> None:
    book = book_of(tmp_path, ODD)
    first, short, long, last = book.kept()
    assert [one.line for one in (first, short, long, last)] == [2, 4, 6, 8]
    assert long.label == Label("C\r\n?", "crisis", tags="tuned", note='say "hi"')
    book.change(short.digest, "B?", Label("B?", "refuse", tags="held, off_topic"))
    changed = ODD.replace("B?,refuse\r\n", 'B?,refuse,,,"held, off_topic",,\r\n')
    assert book.path.read_bytes().decode() == changed
    book.add(Label("E?", "refuse", spans="1:2 of 1f2e3d4c"))
    assert book.path.read_bytes().decode() == changed + "\r\nE?,refuse,,,,,\r\n"
    book.delete(first.digest, "A?")
    gone = changed.replace('"A?",refuse,,,held,  x ,"k,1"\r\n', "")
    assert book.path.read_bytes().decode() == gone + "\r\nE?,refuse,,,,,\r\n"
    book.delete(last.digest, "D?")
    assert [one.label.question for one in book.kept()] == ["B?", "C\r\n?", "E?"]


def test_a_change_writes_only_the_cells_that_say_something_else(tmp_path: Path) -> None:
    book = book_of(tmp_path, ODD)
    first = book.kept()[0]
    label = Label("A?", "refuse", tags="tuned", note="x")
    fresh = book.change(first.digest, "A?", label)
    assert book.path.read_bytes().decode() == ODD.replace(",held,", ",tuned,")
    assert fresh.label == label
    assert fresh.digest != first.digest


def test_the_shipped_file_comes_back_to_the_byte(tmp_path: Path) -> None:
    before = SHIPPED.read_bytes()
    book = book_of(tmp_path, before)
    kept = book.add(Label("  something, new", "refuse", note="=1+1"))
    assert kept.number == len(read_golden(SHIPPED)) + 1
    book.delete(kept.digest, "something, new")
    assert book.path.read_bytes() == before


def test_one_replacement_holds_all_edits_and_additions(tmp_path: Path) -> None:
    book = book_of(tmp_path, f"{HEAD}\nA?,refuse\nB?,refuse\nC?,refuse\n")
    a, b, c = book.kept()
    kept = book.revise(
        [
            Edit(a.digest, "A?", None),
            Edit(c.digest, "C?", Label("C?", "crisis")),
            Edit(b.digest, "B?", Label("B?", "advice")),
        ],
        [Label("D?", "refuse")],
    )
    assert [(one.number, one.label.question) for one in kept] == [(2, "C?"), (1, "B?"), (3, "D?")]


def test_a_line_that_somebody_else_changed_is_refused(tmp_path: Path) -> None:
    book = book_of(tmp_path, f"{HEAD}\nA?,refuse\nB?,refuse\n")
    seen, other = book.kept()
    book.change(seen.digest, "A?", Label("a ?", "quote", "Other words.", "a.md"))
    before = book.path.read_bytes()
    with pytest.raises(QuestionError, match="not in the file any more"):
        book.delete(seen.digest, "A?")
    book.change(other.digest, "B?", Label("B?", "crisis"))
    with pytest.raises(QuestionError, match=r"golden question 2 says now \u201ccrisis\u201d"):
        book.change(other.digest, "B?", Label("B?", "refuse"))
    assert book.path.read_bytes() == before.replace(b"B?,refuse", b"B?,crisis,,,,,")


@pytest.mark.parametrize("question", ["A?", "  a? ", "a?\n"])
def test_a_question_is_in_the_file_once(tmp_path: Path, question: str) -> None:
    book = book_of(tmp_path, f"{HEAD}\nA?,refuse\nB?,refuse\n")
    with pytest.raises(QuestionError, match="Golden question 1 asks this already"):
        book.add(Label(question, "crisis"))
    kept = book.kept()[1]
    with pytest.raises(QuestionError, match="asks this already"):
        book.change(kept.digest, "B?", Label(question, "crisis"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "line 1: the column 'question' is missing"),
        (b"question,expect\n", "line 1: the column 'quote' is missing"),
        (f"{HEAD}\nA?,refuse\nB\xff?,refuse\n".encode("latin-1"), "line 3: byte .* is not UTF-8"),
        (f"{HEAD}\nA?,refuse,,,,a, b,c\n".encode(), "line 2: 'A\\?' has more cells"),
        (f'{HEAD}\nA?,refuse\n"B?,refuse,,\n'.encode(), "line 3: a quotation mark is not closed"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path, text: bytes, said: str) -> None:
    book = book_of(tmp_path, text)
    with pytest.raises(QuestionError, match=said):
        book.add(Label("C?", "refuse"))
    assert book.path.read_bytes() == text


def test_rights_and_links_stay(tmp_path: Path) -> None:
    real = tmp_path / "shared"
    real.mkdir()
    book = book_of(real, f"{HEAD}\n")
    book.path.chmod(0o664)
    link = tmp_path / "questions.csv"
    link.symlink_to(book.path)
    GoldenBook(link).add(Label("A?", "refuse"))
    assert link.is_symlink()
    assert stat.S_IMODE(book.path.stat().st_mode) == 0o664
    assert len(book.kept()) == 1


@pytest.mark.slow
def test_no_line_is_lost_between_processes_one_of_which_is_killed(tmp_path: Path) -> None:
    book = book_of(tmp_path, f"{HEAD}\nKept?,refuse\n")
    victim = FORK.Process(target=add_many, args=(book.path, 99, 10_000))
    workers = [FORK.Process(target=add_many, args=(book.path, who, 25)) for who in range(8)]
    workers.append(FORK.Process(target=turn, args=(book.path, "Kept?", 25)))
    victim.start()
    for one in workers:
        one.start()
    while len(book.kept()) < 40:  # each version that can be read is a whole one
        time.sleep(0.01)
    os.kill(victim.pid or 0, signal.SIGKILL)
    for one in (victim, *workers):
        one.join(300)
    assert [one.exitcode for one in workers] == [0] * 9
    questions = [one.label.question for one in book.kept()]
    assert {f"{who} asks {n}?" for who in range(8) for n in range(25)} <= set(questions)
    assert len(questions) == len(set(questions))
    killed = [one for one in questions if one.startswith("99")]
    assert killed == [f"99 asks {n}?" for n in range(len(killed))]
    found = book.find("kept?")
    assert found
    assert found.label.note == "turn 24"
    text = book.path.read_text("utf-8")
    assert all(len(row) in (2, 7) for row in csv.reader(io.StringIO(text)))


def test_somebody_who_saves_in_an_editor_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They go on while they are waited for, however fast or slow this machine is."""
    monkeypatch.setattr(golden_book, "_SETTLED_S", 600.0)
    book = book_of(tmp_path, f"{HEAD}\nA?,refuse\n")
    file = book.path.open("w", encoding="utf-8")
    file.write(f"{HEAD}\nA?,refuse\nB")
    file.flush()
    waited: list[float] = []

    def go_on(seconds: float) -> None:
        waited.append(seconds)
        if not file.closed:
            file.write("?,crisis\n")
            file.close()
            os.utime(book.path, ns=(10**18, 10**18))  # and some time passes

    monkeypatch.setattr(time, "sleep", go_on)
    kept: Kept = book.add(Label("C?", "refuse"))
    assert waited == [600.0]
    assert [one.label.question for one in book.kept()] == ["A?", "B?", "C?"]
    assert kept.number == 3


def test_thousands_of_lines_are_changed_in_a_moment(tmp_path: Path) -> None:
    path = tmp_path / "questions.csv"
    lines = [f"question {n},refuse,,,,,\n" for n in range(4_000)]
    path.write_text("question,expect,quote,document,tags,note,spans\n" + "".join(lines), "utf-8")
    os.utime(path, (1, 1))
    book = GoldenBook(path)
    notes = iter(("first", "second", "third"))
    edits: list[Edit] = []

    def revise() -> None:
        assert len(book.revise(edits[::-1])) == 4_000

    def another() -> float:
        note = next(notes)
        edits[:] = [
            Edit(one.digest, one.label.question, replace(one.label, note=note))
            for one in book.kept()
        ]
        return least_seconds(revise, 1.0, tries=1)

    # Looking each one up in all took 2 s. The least, as in `least_seconds`, of new edits each time.
    assert any(another() < 1.0 for _ in range(3))
