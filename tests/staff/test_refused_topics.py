"""Refused topics: what five have asked is told, what fewer have is not, in any form."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from qa.assistant import Assistant
from qa.question_log import LoggedQuestion, QuestionLog, read_questions
from qa.staff.nearness import nearest_section, showable_words
from qa.staff.refused_topics import RefusedTopics, grouped, refused_topics
from qa.store import Store
from qa.types import Answer, AnswerKind, Vectors
from tests.web.stand_in import CARE_DOCUMENT, DISCLAIMER
from tests.word_hash import WordHashEmbedder

PARKING = [
    "where is parking",
    "is parking free",
    "parking cost",
    "parking garage zanzibar",
    "weekend parking",
]
DOGS = ["dogs allowed", "may dogs come", "are dogs okay", "service dogs"]


def logged(question: str, day: str = "2026-11-20", reason: str = "not_answered") -> LoggedQuestion:
    return LoggedQuestion(date.fromisoformat(day), question, "refusal", reason, (), "g")


def found_in(
    questions: list[LoggedQuestion], is_word: object = None, nearest: object = None
) -> RefusedTopics:
    return refused_topics(
        questions,
        (),
        WordHashEmbedder().encode,
        is_word or (lambda _word: True),  # type: ignore[arg-type]
        nearest or (lambda _words, _vector: (CARE_DOCUMENT, CARE_DOCUMENT.sections[1])),  # type: ignore[arg-type]
    )


def test_five_different_questions_make_a_topic_and_four_do_not() -> None:
    made = found_in([logged(one) for one in (*PARKING, *DOGS)])
    [topic] = made.topics
    assert (topic.words, topic.count, topic.reason) == (
        ("parking",),
        5,
        "on the subject, but not answered",
    )
    assert topic.section == CARE_DOCUMENT.sections[1]
    assert (made.further, made.few_further) == (0, True)
    assert "dogs" not in repr(made)
    for word in ("zanzibar", "weekend", "garage", "free"):
        assert word not in repr(made.topics[0].words)
    five = found_in([logged(one) for one in (*PARKING, *DOGS, "weather")])
    assert (five.further, five.few_further) == (5, False)


def test_the_same_words_count_once_however_often_they_are_sent() -> None:
    again = [logged(text) for text in ("parking cost", "Parking  cost?", "PARKING COST!!")]
    made = found_in([*again * 7, *(logged(one) for one in PARKING[:4])])
    assert made.topics == ()
    assert made.few_further


def test_months_not_days_and_a_reason_only_where_five_have_it() -> None:
    days = ["2026-09-30", "2026-10-02", "2026-10-03", "2026-11-05", "2026-11-06"]
    asked = [logged(text, day) for text, day in zip(PARKING, days, strict=True)]
    asked[4] = logged(PARKING[4], days[4], "off_corpus")
    [topic] = found_in(asked).topics
    assert (topic.first, topic.last, topic.reason) == ("", "", "for several reasons")
    more = [logged(f"parking {one}", "2026-11-07") for one in ("bay", "disc", "fine")]
    early = [
        logged(f"parking {one}", "2026-08-07") for one in ("sign", "deck", "kerb", "van", "row")
    ]
    [topic] = found_in([*asked, *more, *early]).topics
    assert (topic.count, topic.first, topic.last) == (13, "2026-08", "2026-11")


def test_what_was_answered_too_long_or_empty_has_no_topic() -> None:
    reasons = ("", "too_long", "empty", "unknown_document", "withheld")
    made = found_in([logged(text, reason=r) for text in PARKING for r in reasons])
    assert made == RefusedTopics((), 0, False, 0)
    assert found_in([logged("", reason="not_answered"), logged("?!")]) == made


def test_placeholders_and_what_may_not_be_shown_make_no_label() -> None:
    asked = [
        f"is [name] petrovsky the number {word}" for word in ("one", "two", "three", "four", "five")
    ]
    [topic] = found_in([logged(one) for one in asked], lambda word: word != "petrovsky").topics
    assert topic.words == ("number",)
    [unnamed] = found_in([logged(one) for one in asked], lambda _word: False).topics
    assert (unnamed.words, unnamed.count) == ((), 5)


def test_one_person_with_a_question_is_not_five_however_it_is_typed() -> None:
    """Case, signs, slips, joined words, small words and order, each on a day of its own."""
    typed = (
        "Is my hepatitis test from Grenoble ready?",
        "IS MY HEPATITIS TEST FROM GRENOBLE READY",
        "is my hepattis test from grenoble ready...",
        "is my hepatitis tset from grenoble ready",
        "ismy hepatitis test from grenoble redy",
        "hepatitis test from grenoble: is it ready",
        "is my hepatitis test from grenobel ready",
    )
    one = [logged(text, f"2026-{month:02}-03") for month, text in enumerate(typed, 1)]
    assert found_in(one) == RefusedTopics((), 0, True, 0)
    # Four others who ask of it make five, and nothing of what is hers alone shows.
    others = [logged(f"hepatitis test {why}") for why in ("price", "hours", "abroad", "children")]
    [topic] = found_in([*one, *others]).topics
    assert (topic.count, topic.first) == (5, "")
    assert topic.words == ("hepatitis", "test")


def test_nothing_that_fewer_than_five_asked_shows_in_any_form(first_document: Assistant) -> None:
    surname = "Wojciechowski"
    asked = [
        logged(f"{surname} parking cost {why}")
        for why in ("car", "coach", "lorry", "bike", "truck")
    ]
    asked += [logged(f"smoking parking {when}") for when in ("garage", "deck", "roof", "lane")]
    asked += [logged(f"{one} allowed") for one in ("dogs", "cats", "rabbits", "birds")]
    made = found_in(asked, showable_words(first_document))
    [topic] = made.topics
    assert topic.count == 9
    assert topic.words == ("parking", "cost")
    assert (made.further, made.few_further) == (0, True)
    for hidden in (surname.casefold(), "smoking", "dogs", "allowed", "4"):
        assert hidden not in repr(
            (topic.words, topic.count, topic.reason, topic.first, made.further)
        )


def test_a_word_in_several_forms_is_told_by_how_they_begin() -> None:
    ends = ("park here", "parking near", "parked outside", "park today", "parking weekend")
    forms = [logged(f"car {end}") for end in ends]
    [topic] = found_in(forms).topics
    assert topic.words == ("car", "park…")
    more = [logged(f"car parking {end}") for end in ("garage", "ticket", "disabled")]
    [topic] = found_in([*forms, *more]).topics
    assert topic.words == ("car", "parking")
    # Forms that may not be shown do not make up the number.
    [topic] = found_in(forms, lambda word: word in ("car", "park", "parking")).topics
    assert topic.words == ("car",)


def test_names_are_no_words_to_show(first_document: Assistant) -> None:
    may_be_shown = showable_words(first_document)
    assert not any(map(may_be_shown, ("petrovsky", "jennifer", "zanzibarov")))
    assert all(map(may_be_shown, ("ketamine", "parking", "metformin", "dogs")))


def test_groups_are_joined_while_their_mean_cosine_is_enough() -> None:
    vectors: Vectors = np.array([[1, 0], [0.8, 0.6], [0, 1], [-1, 0]], dtype=np.float32)
    assert len(set(grouped(vectors, 0.75))) == 3
    assert len(set(grouped(vectors, 0.85))) == 4
    # {0, 1} and 2 have a mean cosine of (0 + 0.6) / 2.
    assert len(set(grouped(vectors, 0.29))) == 2
    assert len(set(grouped(vectors, 0.31))) == 3
    assert grouped(vectors[:1], 0.5) == [1]
    assert grouped(vectors[:0], 0.5) == []


def test_nothing_of_it_is_written_anywhere(
    tmp_path: Path, first_document: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the list was made, all files are what they were, to the byte."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    store = Store(tmp_path / "records.sqlite3", 30)
    log = QuestionLog(store, lambda text: text)
    for one in (*PARKING, *DOGS):
        log.keep(Answer(one, AnswerKind.REFUSAL, (DISCLAIMER,), reason="not_answered"))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(before) == 1
    made = refused_topics(
        read_questions(store),
        ["can i drive home"],
        first_document.embedder.encode,
        showable_words(first_document),
        lambda words, vector: nearest_section(first_document, words, vector),
    )
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    [topic] = made.topics
    assert topic.words == ("parking",)
    assert topic.document
    assert topic.first == topic.last == read_questions(store)[0].day.isoformat()[:7]
