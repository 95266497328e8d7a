"""What is not to be quoted reaches no patient: not as a quote, a hint, a spelling or a name."""

from __future__ import annotations

import html
import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from qa import looking
from qa.answer import Policy
from qa.assistant import Assistant
from qa.index import build
from qa.notices import SafetyTexts
from qa.spelling import words_of
from qa.standing import Reason
from qa.suggestions import suggested_questions
from qa.types import Answer, AnswerKind
from qa.web.application import create_app
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder

DAY = date(2026, 6, 15)
CORPUS = {
    "driving.md": "---\nreviewed: 2026-01-02\nreview_by: 2026-12-31\n---\n"
    "# Driving\n\n## May I drive?\n\nDo not drive that day. Take a bus home.\n\n"
    "## For nurses\n\nWrite the hour of leaving into the chart.\n\n### Codes\n\nCode is 4711.\n",
    "staff/naloxane.md": "---\naudience: staff\nowner: Dr. Quixote\n---\n"
    "# Naloxane cupboard\n\n## Where is the cupboard?\n\nThe zygomatic cupboard holds naloxane. "
    "Give the drug slowly.\n",
    "old.md": "---\nreview_by: 2026-06-14\n---\n# Visits\n\nBring somebody along to the visit.\n",
    "older.md": "# Waiting\n\nThe waiting room is upstairs.\n",
    "newer.md": "---\nsupersedes: older.md\n---\n# Where to wait\n\nWait downstairs.\n",
    "soon.md": "---\neffective: 2026-06-16\n---\n# Parking\n\nParking is free at the garage.\n",
}
MARKED = "file,no_quote\ndriving.md,For nurses\n"
SECRET = ("zygomatic", "naloxane", "cupboard", "quixote", "staff/", "garage", "parking")


WORDS = words_of(" ".join(CORPUS.values()))


class Embedder(WordHashEmbedder):
    """Takes other words than those of the documents for slips, or names."""

    def is_common(self, word: str) -> bool:
        return word in WORDS


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clinic")
    for name, text in (CORPUS | {"catalogue.csv": MARKED}).items():
        (folder / "corpus" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "corpus" / name).write_text(text, "utf-8")
    build(folder / "corpus", folder / "index", Embedder())
    return folder / "index"


def made(index: Path, texts: SafetyTexts, threshold: float = 0.0, day: date = DAY) -> Assistant:
    return Assistant(index, Embedder(), texts, Policy(threshold=threshold), today=lambda: day)


@pytest.fixture(scope="module")
def assistant(index: Path, safety_texts: SafetyTexts) -> Assistant:
    return made(index, safety_texts)


@pytest.fixture(scope="module")
def refusing(index: Path, safety_texts: SafetyTexts) -> Assistant:
    return made(index, safety_texts, 1.0)


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    with TestClient(create_app(assistant)) as client:
        yield client


def page(client: TestClient, path: str, **form: str) -> str:
    """What stands on a page, entities resolved."""
    got = client.post(path, data=form) if form else client.get(path)
    return html.unescape(got.text)


def texts(answer: Answer) -> list[str]:
    return [quote.text for quote in (*answer.quotes, *answer.held_back)]


ASKED = (
    "Where is the cupboard?",
    "What does the zygomatic cupboard hold?",
    "zigomatic cupbord",
    "Is naloxone given slowly?",
    "Does naloxane help?",
    "What does parking cost at the garage?",
    "Who is Quixote?",
    "May I drive?",
)


@pytest.mark.parametrize("question", ASKED)
@pytest.mark.parametrize("which", ["assistant", "refusing"])
def test_nothing_of_a_hidden_document_is_in_any_answer(
    request: pytest.FixtureRequest, question: str, which: str
) -> None:
    assistant: Assistant = request.getfixturevalue(which)
    for previous in ((), ("What is the zygomatic cupboard?",)):
        told = assistant.ask(question, previous=previous, trace=True).to_dict(trace=True)
        del told["question"], told["subject"], told["trace"]["completed"]
        told["trace"].pop("foreign_subject", None)
        if not previous:  # with it, the patient's own words come back
            assert not [word for word in SECRET if word in json.dumps(told).lower()]
        assert {hit["document_id"] for hit in told["trace"].get("hits", [])} <= {
            "driving.md",
            "newer.md",
        }


def test_no_word_is_corrected_to_a_hidden_document(assistant: Assistant) -> None:
    answer = assistant.ask("zigomatic cupbord")
    assert answer.searched_for == ""
    staff = assistant.ask("zigomatic cupbord", audience="staff")
    assert "zygomatic cupboard" in staff.searched_for


def test_a_drug_that_only_staff_are_told_of_is_not_known(assistant: Assistant) -> None:
    assert assistant.ask("Does naloxone cause this?").subject == "naloxone"
    # A slip away from a word of theirs.
    assert assistant.ask("Does naloxone cause this?", audience="staff").reason != "wrong_subject"


def test_staff_are_quoted_what_is_theirs_and_nothing_that_expired(assistant: Assistant) -> None:
    answer = assistant.ask("What does the zygomatic cupboard hold?", audience="staff")
    assert answer.quotes[0].document_id == "staff/naloxane.md"
    visit = assistant.ask("Bring somebody along to the visit", audience="staff")
    assert all(quote.document_id != "old.md" for quote in visit.quotes)


def test_a_document_that_is_not_quoted_is_as_unknown_as_one_that_is_not_there(
    assistant: Assistant,
) -> None:
    def refusal(*names: str, **more: Any) -> str | None:
        return assistant.ask("Where is the cupboard?", documents=names, **more).reason

    hidden = ("staff/naloxane.md", "naloxane.md", "old.md", "older.md", "soon.md", "none.md")
    assert {refusal(name) for name in hidden} == {"unknown_document"}
    assert refusal(*hidden) == "unknown_document"
    assert refusal("naloxane.md", audience="staff") is None
    both = assistant.ask("May I drive?", documents=["driving.md", "naloxane.md"])
    assert {quote.document_id for quote in both.quotes} == {"driving.md"}


def test_a_server_that_runs_over_midnight_keeps_the_day(assistant: Assistant) -> None:
    question = "Bring somebody along to the visit"
    [quote] = assistant.ask(question, today=date(2026, 6, 14)).quotes
    assert quote.document_id == "old.md"
    assert all(one.document_id != "old.md" for one in assistant.ask(question).quotes)
    parking = assistant.ask("What does parking cost?", today=date(2026, 6, 16))
    assert parking.quotes[0].document_id == "soon.md"


def test_the_day_is_asked_for_with_each_question(index: Path, safety_texts: SafetyTexts) -> None:
    days = [date(2026, 6, 14)]
    assistant = Assistant(index, Embedder(), safety_texts, today=lambda: days[0])
    assert [one.id for one in assistant.documents()] == ["driving.md", "newer.md", "old.md"]
    days[0] = date(2026, 6, 16)
    assert [one.id for one in assistant.documents()] == ["driving.md", "newer.md", "soon.md"]
    days[0] = date(2027, 6, 16)
    assert [one.id for one in assistant.documents()] == ["newer.md", "soon.md"]


def test_what_patients_may_read_under_a_link(assistant: Assistant) -> None:
    readable = [name for name in CORPUS if assistant.document(name)]
    assert readable == ["driving.md", "old.md", "older.md", "newer.md"]
    assert assistant.standing("staff/naloxane.md") is None
    older = assistant.standing("older.md")
    assert older
    assert (older.reason, older.by) == (Reason.SUPERSEDED, "newer.md")
    assert assistant.stored("staff/naloxane.md")
    assert set(assistant.standings()) == set(CORPUS)


def test_a_successor_that_patients_may_not_read_is_not_named(
    corpus_folder: MakeCorpus, tmp_path: Path, safety_texts: SafetyTexts
) -> None:
    folder = corpus_folder(
        {
            "old.md": "# Old\n\nOld text.\n",
            "new.md": "---\nsupersedes: old.md\naudience: staff\n---\n# New\n\nNew text.\n",
            "c.md": "# Other\n\nOther text.\n",
        }
    )
    build(folder, tmp_path / "index", Embedder())
    assistant = made(tmp_path / "index", safety_texts)
    standing = assistant.standing("old.md")
    assert standing
    assert (standing.quotable, standing.by) == (False, "")
    assert assistant.standings()["old.md"].by == "new.md"


def test_suggestions_come_from_quoted_documents(assistant: Assistant) -> None:
    assert suggested_questions(assistant, assistant.documents(), []) == ("May I drive?",)


def test_marked_sections_are_shown_and_never_quoted(
    assistant: Assistant, client: TestClient
) -> None:
    for question in ("Write the hour of leaving into the chart", "Code is 4711"):
        for audience in ("patients", "staff"):
            answer = assistant.ask(question, audience=audience)  # type: ignore[arg-type]
            assert not [text for text in texts(answer) if "chart" in text or "4711" in text]
    assert "4711" in page(client, "/documents/driving.md")
    document = assistant.document("driving.md")
    assert document
    start = document.text.index("Code is 4711.")
    sent = {
        "question": "Why?",
        "searched_for": "",
        "kind": "answer",
        "advice": "no",
        "generation": "g",
        "answered_at": "2026-06-15T10:00Z",
        "span": f"driving.md:{start}:{start + 13}:{document.sha256[:16]}",
        "role": "evidence",
    }
    printed = page(client, "/answer", **sent)
    assert "4711" not in printed
    assert "This passage is no longer quoted" in printed


def test_where_all_is_quoted_search_is_not_narrowed(
    corpus_folder: MakeCorpus,
    tmp_path: Path,
    safety_texts: SafetyTexts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build(corpus_folder({"a.md": "# A\n\nText.\n"}), tmp_path / "index", Embedder())
    given: list[object] = []
    search = looking.search

    def seen(*args: Any) -> Any:
        given.append(args[4])
        return search(*args)

    monkeypatch.setattr(looking, "search", seen)
    assert made(tmp_path / "index", safety_texts).ask("Text?").quotes
    assert given == [None]


def test_where_nothing_is_quoted_all_is_refused_and_help_still_given(
    corpus_folder: MakeCorpus,
    tmp_path: Path,
    safety_texts: SafetyTexts,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = corpus_folder({"a.md": "---\nreview_by: 2026-06-14\n---\n# A\n\nKetamine text.\n"})
    build(folder, tmp_path / "index", Embedder())
    with caplog.at_level(logging.WARNING):
        assistant = made(tmp_path / "index", safety_texts)
    assert "No document is quoted to patients today: a.md is not quoted: expired" in caplog.text
    assert assistant.documents() == ()
    for question in ("Ketamine text?", "¿Qué es la ketamina?", "Does metformin help?"):
        answer = assistant.ask(question, trace=True)
        assert (answer.kind, answer.reason) == (AnswerKind.REFUSAL, "off_corpus")
        assert (answer.held_back, answer.related) == ((), ())
    assert assistant.ask("I want to kill myself").kind is AnswerKind.CRISIS
    assert assistant.ask("I took too many pills").kind is AnswerKind.EMERGENCY
    with TestClient(create_app(assistant)) as client:
        assert client.get("/").status_code == 200
        assert "There are no documents yet" in page(client, "/documents")


def test_the_api_tells_nothing_of_hidden_documents(client: TestClient) -> None:
    listed = client.get("/api/documents").json()["documents"]
    assert [one["document_id"] for one in listed] == ["driving.md", "newer.md"]
    assert "supersedes" not in listed[1]["meta"]
    for hidden in ("staff/naloxane.md", "soon.md", "none.md"):
        for path in (f"/api/documents/{hidden}", f"/documents/{hidden}"):
            assert client.get(path).status_code == 404
    for path in ("/", "/documents", "/documents/none.md", "/plain", "/documents/driving.md"):
        shown = page(client, path).lower()
        assert not [word for word in SECRET if word in shown], path
    old = client.get("/api/documents/old.md").json()
    assert (old["in_use"], old["replaced_by"]) == (False, None)
    older = client.get("/api/documents/older.md").json()
    assert (older["in_use"], older["replaced_by"]) == (False, "newer.md")
    asked = client.post("/api/ask", json={"question": "What is in the cupboard?", "trace": True})
    assert "zygomatic" not in asked.text
    staff = client.post("/api/ask", json={"question": "Why?", "audience": "staff"})
    assert staff.status_code == 422


def test_old_links_lead_to_the_document_with_a_note(client: TestClient) -> None:
    older = page(client, "/documents/older.md?start=0&end=7")
    assert "This document is no longer in use. It was replaced by" in older
    assert '<a href="/documents/newer.md" lang="en" dir="auto">Where to wait</a>' in older
    assert "The waiting room is upstairs." in older
    assert "It was to be checked again by June 14, 2026" in page(client, "/documents/old.md")
    assert "no longer in use" not in page(client, "/documents/driving.md")


def test_the_reviewed_day_stands_beside_a_quote(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": "May I drive?"}).json()
    assert answer["quotes"][0]["reviewed"] == "2026-01-02"
    plain = page(client, "/plain", question="May I drive?")
    assert "reviewed January 2, 2026" in plain
    other = page(client, "/plain", question="Wait downstairs?")
    assert "Wait downstairs." in other
    assert "reviewed " not in other
