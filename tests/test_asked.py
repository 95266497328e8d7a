"""Questions as lines of JSON, each mistake named with its line."""

from __future__ import annotations

import pytest

from qa.asked import Asked, read_asked
from qa.errors import QuestionError


def read(data: bytes) -> list[Asked]:
    return list(read_asked(data.splitlines(keepends=True), "q.jsonl"))


def test_questions_with_what_goes_with_them() -> None:
    assert read(
        b'\xef\xbb\xbf{"qid": "1", "question": "Why?"}\r\n\n'
        b'  {"question": "", "qid": 7, "documents": ["a.md"], "more": 1}\n'
        b'{"question": "caf\xc3\xa9 \\ud83d\\ude00", "qid": null, "documents": null}'
    ) == [
        Asked("Why?", "1", None),
        Asked("", 7, ("a.md",)),
        Asked("caf\u00e9 \U0001f600", None, None),
    ]
    assert read(b'{"question": "x", "previous": ["Why?"]}') == [Asked("x", None, None, ("Why?",))]
    assert read(b'{"question": "x", "documents": []}') == [Asked("x", None, ())]
    assert read(b"\n \n") == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"nonsense", r"q\.jsonl: line 2: this is not JSON \("),
        (b"[" * 100_000, r"q\.jsonl: line 2: this is not JSON \("),
        (b'{"question": "caf\xe9"}', r"q\.jsonl: line 2: byte 17 of it is not UTF-8"),
        (b'["question"]', r'q\.jsonl: line 2: a line looks like \{"qid"'),
        (b'"question"', r"q\.jsonl: line 2: a line looks like"),
        (b'{"qid": "1"}', r"q\.jsonl: line 2: a line looks like"),
        (b'{"question": 7}', r"q\.jsonl: line 2: a line looks like"),
        (b'{"question": "x", "documents": "a.md"}', r'line 2: "documents" is a list'),
        (b'{"question": "x", "documents": [1]}', r'line 2: "documents" is a list'),
        (b'{"question": "x", "previous": "Why?"}', r'line 2: "previous" is a list'),
        (b'{"question": "x", "previous": [1]}', r'line 2: "previous" is a list'),
        (b'{"question": "x", "qid": [1]}', r'line 2: "qid" is a string or a number'),
    ],
)
def test_a_wrong_line_is_named(line: bytes, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        read(b'{"question": "Why?"}\n' + line + b"\n")


def test_lines_before_a_wrong_one_are_read() -> None:
    rows = read_asked([b'{"question": "Why?"}', b"nonsense"], "-")
    assert next(rows).question == "Why?"
    with pytest.raises(QuestionError, match="-: line 2"):
        next(rows)
