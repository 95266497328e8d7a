"""Golden questions are read strictly: a misread one would measure something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.corpus import make_document
from qa.document import Document
from qa.errors import QuestionError
from qa.golden import Golden, check_golden, fold, of_another_corpus, parted, read_golden, spans_cell
from qa.report import aside_text
from qa.standing import Reason, Standing

HEAD = b"question,expect,quote,document,tags,note\n"


def write(folder: Path, data: bytes) -> Path:
    path = folder / "questions.csv"
    path.write_bytes(data)
    return path


def test_questions_with_their_judgement(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        b"\xef\xbb\xbf"
        + HEAD.replace(b"\n", b"\r\n")
        + b'May I drive?,quote,"Do not drive. || Wait, then\nrest.",a.md,tuned plain,A note\r\n'
        b"Who won?,refuse,,,held off_topic,\r\n"
        b"I want to die,crisis,,,,\r\n",
    )
    first, second, third = read_golden(path)
    assert (first.question, first.expect, first.document) == ("May I drive?", "quote", "a.md")
    assert first.quotes == ("Do not drive.", "Wait, then\nrest.")
    assert (first.tags, first.note, first.held) == ({"tuned", "plain"}, "A note", False)
    assert (second.quotes, second.held, second.tags) == ((), True, {"held", "off_topic"})
    assert (first.line, second.line, third.line) == (3, 4, 5)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"line 1: the column 'question' is missing"),
        (b"question,expect\nx,refuse\n", r"line 1: the column 'quote' is missing"),
        (HEAD + b"x,perhaps,,,,\n", r"line 2: expect is 'perhaps', not one of advice, crisis"),
        (HEAD + b"x,refuse,,,,\nx\n", r"line 3: expect is ''"),
        (HEAD + b",refuse,,,,\n", r"line 2: the question or the expected quote is missing"),
        (HEAD + b"x,quote,,a.md,,\n", r"line 2: the question or the expected quote is missing"),
        (HEAD + b"caf\xe9,refuse,,,,\n", r"byte 44 is not UTF-8"),
        (b'"' + b"x" * 140_000, r"line 0: field larger than field limit .* quotation mark"),
        (HEAD + b'"' + b"x" * 140_000, r"line 1: field larger than field limit .* quotation mark"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(QuestionError, match=rf"questions\.csv: {message}"):
        read_golden(write(tmp_path, data))


def test_no_file_is_no_shame(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match=r"There is no .*Golden questions are optional"):
        read_golden(tmp_path / "questions.csv")


def test_judgements_are_held_to_the_documents(tmp_path: Path) -> None:
    document = make_document("a.md", b"# A\n\nDo not\ndrive. Rest.\n")

    def find(name: str) -> Document | None:
        return document if name == "a.md" else None

    path = write(
        tmp_path,
        HEAD + b"x,quote,Do not  drive. Rest.,a.md,,\nx,quote,Do drive. || Rest.,a.md,,\n"
        b"x,quote,Rest.,b.md,,\nx,refuse,,,,\n",
    )
    assert check_golden(read_golden(path), find) == [
        "line 3: a.md does not hold 'Do drive.'",
        "line 4: there is no document 'b.md'",
    ]


def test_folding_blanks() -> None:
    assert fold(" a\u00a0\n b\u2028c ") == "a b c"
    assert fold("A") == "A"


def test_questions_whose_document_is_not_quoted_now_are_set_aside(tmp_path: Path) -> None:
    rows = b"A?,quote,x,ok.md,,\nB?,quote,x,old.md,,\nC?,refuse,,old.md,,\nD?,refuse,,staff.md,,\n"
    golden = read_golden(write(tmp_path, HEAD + rows + b"E?,quote,x,gone.md,,\nF?,crisis,,,,\n"))
    expired = Standing(Reason.EXPIRED, "2026-01-01")
    for_staff = Standing(staff_only=True)
    standings = {"ok.md": Standing(), "old.md": expired, "staff.md": for_staff}
    asked, aside = parted(golden, standings)
    assert [one.question for one in asked] == ["A?", "C?", "E?", "F?"]
    assert [(one.question, standing) for one, standing in aside] == [
        ("B?", expired),
        ("D?", for_staff),
    ]
    assert aside_text(aside) == (
        "Not asked, since their document is not quoted now: 2 questions.\n"
        "  line 3: old.md is not quoted: expired, it was to be reviewed by 2026-01-01 (review_by)\n"
        "  line 5: staff.md is not quoted: for staff only (audience)"
    )


WITH_SPANS = HEAD.replace(b"\n", b",spans\n")


def test_where_quotes_stood_is_read_where_it_is_written(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        WITH_SPANS
        + b"x,quote,Rest. || Walk.,a.md,,,120:162 || 300:321 of 1f2e3d4c\n"
        + b"x,quote,Rest. || Walk.,a.md,,,? || 300:321  of 1f2e3d4c\n"
        + b"x,quote,Rest.,a.md,,,\n"
        + b"x,quote,Rest.,a.md,,\n"
        + b"x,quote,Rest. || Sit. || Walk.,a.md,,,120:162 || 300:321 of 1f2e3d4c\n"
        + b"x,refuse,,,,,\n",
    )
    both, one, none, short, edited, refuse = read_golden(path)
    assert (both.spans, both.text_sha256) == (((120, 162), (300, 321)), "1f2e3d4c")
    assert one.spans == (None, (300, 321))
    assert (none.spans, short.spans, refuse.spans) == ((), (), ())
    assert edited.spans == ()  # a quote was added since
    assert spans_cell(both.spans, "1f2e3d4c99") == "120:162 || 300:321 of 1f2e3d4c"
    assert spans_cell(one.spans, "1f2e3d4c") == "? || 300:321 of 1f2e3d4c"
    assert spans_cell((None, None), "1f2e3d4c") == spans_cell((), "") == ""


@pytest.mark.parametrize("cell", ["120:162", "120-162 of 1f2e3d4c", "of 1f2e3d4c", "1:2 of xyz"])
def test_a_wrong_place_is_named(tmp_path: Path, cell: str) -> None:
    path = write(tmp_path, WITH_SPANS + f"x,quote,Rest.,a.md,,,{cell}\n".encode())
    with pytest.raises(QuestionError, match=r"line 2: spans is '.*qa relocate --write"):
        read_golden(path)


def test_questions_of_another_corpus() -> None:
    def asked(line: int, document: str, expect: str = "quote") -> Golden:
        return Golden(line, "Why?", expect, ("x",), document, frozenset(), "")

    def told(*golden: Golden) -> str:
        return of_another_corpus(golden, {"here.md": 1}.get, Path("corpus/questions.csv"))

    every = [asked(2, "a.md"), asked(3, "a.md"), asked(4, "", "refuse")]
    assert told(*every).startswith(
        "2 of 2 golden questions are about documents that are not here (a.md): they belong to "
        "another corpus"
    )
    assert told(*every).endswith("Replace or delete corpus/questions.csv")
    assert told(asked(2, "a.md"), asked(3, "here.md"))
    assert told(asked(2, "a.md"), asked(3, "here.md"), asked(4, "here.md")) == ""
    assert told(asked(2, "here.md"), asked(3, "")) == told() == ""
    many = told(*(asked(n, f"{n}.md") for n in range(5)))
    assert "(0.md, 1.md, 2.md and 2 more)" in many


def test_a_file_that_cannot_be_read_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "questions.csv").mkdir()
    with pytest.raises(QuestionError, match="cannot be read"):
        read_golden(tmp_path / "questions.csv")
