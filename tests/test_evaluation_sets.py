"""Evaluation sets as files: what is read, and each mistake named with its line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from qa.errors import CorpusError, QuestionError, QuotewellError
from qa.evaluation_sets import (
    Gold,
    GoldKind,
    SetDocument,
    SetQuestion,
    every_nth,
    part_of,
    read_set,
    write_documents,
)

DOCUMENTS = [
    {"doc_id": "tea~1", "title": "Tea", "text": "Tea is hot.\n\nDrink it slowly.", "more": 1},
    {"doc_id": "rest", "title": "", "text": ""},
]
ASKED: dict[str, Any] = {
    "qid": "1",
    "question": "Is tea hot?",
    "answerable": True,
    "doc_id": "tea~1",
    "answer_texts": ["Tea is hot."],
    "kind": "section/tea",
    "split": "dev",
}
UNANSWERED = ASKED | {"qid": "2", "answerable": False, "doc_id": None, "answer_texts": []}


def write_set(folder: Path, documents: list[Any], questions: list[Any], pack: bool = False) -> Path:
    """Writes a set's two files, each row as it is or, where it is a text, as that line."""
    folder.mkdir(exist_ok=True)
    for name, rows in (("corpus", documents), ("questions", questions)):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        data = "".join(f"{line}\n" for line in lines).encode()
        path = folder / f"{name}.jsonl"
        if pack:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(data))
        else:
            path.write_bytes(data)
    return folder


@pytest.mark.parametrize("pack", [False, True])
def test_a_set_is_read(tmp_path: Path, pack: bool) -> None:
    found = read_set(write_set(tmp_path / "drinks", DOCUMENTS, [ASKED, "", UNANSWERED], pack))
    assert found.name == "drinks"
    assert found.documents == (
        SetDocument("tea~1", "Tea", "Tea is hot.\n\nDrink it slowly."),
        SetDocument("rest", "", ""),
    )
    assert [one.file_name for one in found.documents] == ["tea_1.txt", "rest.txt"]
    assert found.questions == (
        SetQuestion(
            qid="1",
            text="Is tea hot?",
            answerable=True,
            kind="section/tea",
            split="dev",
            gold_kind=GoldKind.SECTION,
            golds=(Gold("tea_1.txt", ("Tea is hot.",)),),
            evidence_sets=(),
            within=None,
            about="tea~1",
            leaflet="tea",
            group=None,
            twin_of=None,
        ),
        SetQuestion(
            "2", "Is tea hot?", False, "section/tea", "dev", GoldKind.SECTION, (), (), None, "2",
            "2", None, None,
        ),
    )  # fmt: skip


def test_labelled_sentences_are_asked_of_their_document(tmp_path: Path) -> None:
    labelled = ASKED | {
        "about_doc_id": "tea~1",
        "evidence_sets": [["Tea is hot."], ["Drink it slowly."]],
        "group": 0,
        "twin_of": "9",
    }
    [found] = read_set(write_set(tmp_path, DOCUMENTS, [labelled])).questions
    assert (found.gold_kind, found.within) == (GoldKind.SENTENCES, "tea_1.txt")
    assert (found.group, found.about, found.twin_of) == ("0", "0", "9")
    assert found.evidence_sets == (("Tea is hot.",), ("Drink it slowly.",))


def test_the_paragraph_that_a_question_was_judged_by(tmp_path: Path) -> None:
    judged = ASKED | {"about_doc_id": "tea~1", "paragraph_span": [0, 11]}
    [found] = read_set(write_set(tmp_path, DOCUMENTS, [judged])).questions
    assert (found.paragraph, found.within, found.about) == ((0, 11), None, "tea~1")
    for wrong in ([5], [5, 2], "all"):
        with pytest.raises(QuestionError, match="paragraph_span"):
            read_set(write_set(tmp_path, DOCUMENTS, [judged | {"paragraph_span": wrong}]))


def test_spans_are_asked_of_all_documents(tmp_path: Path) -> None:
    other = {"doc_id": "rest", "answer_texts": ["hot"]}
    span = ASKED | {"kind": "span", "about_doc_id": "tea~1", "alternatives": [other]}
    [found] = read_set(write_set(tmp_path, DOCUMENTS, [span])).questions
    assert (found.gold_kind, found.within, found.about) == (GoldKind.SPAN, None, "tea~1")
    assert found.golds == (Gold("tea_1.txt", ("Tea is hot.",)), Gold("rest.txt", ("hot",)))


@pytest.mark.parametrize(
    ("documents", "questions", "kind", "message"),
    [
        (DOCUMENTS, [ASKED, "{"], QuestionError, "questions.jsonl: line 2: this is not JSON"),
        (["[]"], [], CorpusError, "corpus.jsonl: line 1: a line is an object"),
        ([{"doc_id": "a"}], [], CorpusError, "corpus.jsonl: line 1: 'title' must be a text"),
        (
            [DOCUMENTS[0], DOCUMENTS[0] | {"doc_id": "tea 1"}],
            [],
            CorpusError,
            "corpus.jsonl: line 2: tea_1.txt is the file of two documents",
        ),
        (DOCUMENTS, [ASKED, ASKED], QuestionError, "line 2: the qid '1' is another question's"),
        (DOCUMENTS, [ASKED | {"qid": ""}], QuestionError, "line 1: 'qid' must be a text"),
        (DOCUMENTS, [ASKED | {"answerable": 1}], QuestionError, "'answerable' must be true or"),
        (DOCUMENTS, [ASKED | {"answer_texts": []}], QuestionError, "question has 'answer_texts'"),
        (DOCUMENTS, [ASKED | {"answer_texts": "x"}], QuestionError, "must be a list of texts"),
        (DOCUMENTS, [ASKED | {"doc_id": "cake"}], QuestionError, "cake.txt is no document"),
        (
            DOCUMENTS,
            [UNANSWERED | {"about_doc_id": "cake", "evidence_sets": []}],
            QuestionError,
            "line 1: cake.txt is no document of corpus.jsonl",
        ),
    ],
)
def test_each_mistake_is_named(
    tmp_path: Path,
    documents: list[Any],
    questions: list[Any],
    kind: type[QuotewellError],
    message: str,
) -> None:
    with pytest.raises(kind) as raised:
        read_set(write_set(tmp_path, documents, questions))
    assert message in str(raised.value)
    assert str(tmp_path) in str(raised.value)


def test_what_is_no_set(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="There is no folder"):
        read_set(tmp_path / "none")
    with pytest.raises(CorpusError, match=r"There is no .*corpus\.jsonl, nor corpus\.jsonl\.gz"):
        read_set(tmp_path)
    (tmp_path / "corpus.jsonl.gz").write_bytes(b"not packed")
    with pytest.raises(CorpusError, match="cannot be read"):
        read_set(tmp_path)


def test_documents_become_files(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "corpus"
    documents = [SetDocument("a/b", "Tea", "Hot.\n\nSlow."), SetDocument("c", "", "Cold.")]
    write_documents(documents, folder)
    assert (folder / "a_b.txt").read_bytes() == b"Tea\n\nHot.\n\nSlow.\n"
    write_documents(documents[1:], folder)
    assert [path.name for path in folder.iterdir()] == ["c.txt"]
    assert (folder / "c.txt").read_bytes() == b"\n\nCold.\n"


def test_every_nth_with_its_twins(tmp_path: Path) -> None:
    rows = [ASKED | {"qid": str(number)} for number in range(5)]
    rows += [UNANSWERED | {"qid": f"{number}t", "twin_of": str(number)} for number in range(4)]
    questions = read_set(write_set(tmp_path, DOCUMENTS, rows)).questions
    assert [one.qid for one in every_nth(questions, 2)] == ["0", "2", "4", "0t", "2t"]
    assert every_nth(questions, 1) == list(questions)


def test_numbered_groups_go_round_and_names_stay_where_they_are() -> None:
    assert [part_of(str(number), 3) for number in range(5)] == [0, 1, 2, 0, 1]
    assert part_of("Oxygen", 8) == 0x6F41531A % 8
