"""The golden questions are asked as a job, and what came of them is kept."""

from __future__ import annotations

import csv
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answer import Policy
from qa.assistant import Assistant
from qa.calibration import Calibration, fingerprint_of, write_calibration
from qa.chunking import BuildOptions
from qa.embedding import Embedder
from qa.errors import QuotewellError
from qa.generation import file_sha256
from qa.notices import SafetyTexts
from qa.staff.accounts import Accounts
from qa.staff.audit import AuditTrail
from qa.staff.desk import Desk
from qa.staff.file import StaffFile
from qa.staff.jobs import JobState
from qa.staff.judgement import Result
from qa.staff.member import Member, Role
from qa.staff.run_book import Run, RunBook
from qa.staff.running import PARTS, _run, choices, generation_words, start_run
from qa.staff.sessions import Sessions
from qa.store import Store
from tests.first_corpus import lasting_corpus

NORA = Member("Nora", Role.STAFF)
FEW = (
    "can i drive home after ketamine",
    "how long does ketamine last for ptsd",
    "do i have to skip breakfast before a ketamine infusion",
    "which works better EMDR or prolonged exposure",
)


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory,
    real_index: Path,
    bundled: Embedder,
    safety_texts: SafetyTexts,
) -> Desk:
    folder = tmp_path_factory.mktemp("running")
    index = folder / "index"
    shutil.copytree(real_index, index)
    file = StaffFile(folder / "staff.sqlite3")

    def measuring(policy: Policy | None, generation: str) -> Assistant:
        by = {"calibrated": policy is None, "generation": generation}
        return Assistant(index, bundled, safety_texts, policy, **by)  # type: ignore[arg-type]

    return Desk(
        assistant=measuring(None, ""),
        measuring=measuring,
        file=file,
        accounts=Accounts(file),
        sessions=Sessions(file),
        audit=AuditTrail(file),
        corpus=lasting_corpus(folder / "corpus"),
        index=index,
        config=None,
        model=bundled.identity,
        options=BuildOptions(),
        records=Store(folder / "records.sqlite3", 30),
        logs_questions=False,
    )


@pytest.fixture
def desk(made: Desk) -> Desk:
    """The desk with no run yet, and four golden questions."""
    book = RunBook(made.file)
    for one in book.listed():
        book.remove(one.run.id)
    few(made, FEW)
    return made


def few(desk: Desk, questions: tuple[str, ...], **changes: str) -> None:
    """Writes a golden file of some shipped questions, with changed cells."""
    shipped = Path(__file__).resolve().parents[2] / "corpus" / "questions.csv"
    with shipped.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["question"]: row for row in csv.DictReader(file)}
    with desk.golden.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[questions[0]]))
        writer.writeheader()
        writer.writerows(rows[one] | changes for one in questions)


def ran(desk: Desk, which: str = "all", generation: str = "") -> tuple[JobState, Run | None]:
    """Runs to the end; how the job ended, and the newest run."""
    start_run(desk, NORA, generation, which)
    state = desk.jobs.wait()
    assert state
    return state, RunBook(desk.file).latest(whole=False)


def test_a_run_is_kept_with_all_that_it_rests_on(desk: Desk) -> None:
    state, run = ran(desk)
    assert run
    assert state.status == "done", state.message
    assert state.message.startswith("4 questions were asked in ")
    assert state.message.endswith(f"of them went as they should. Kept as run {run.id}.")
    assert (state.done, state.total) == (4, 4)
    assert [one.question for one in run.judgements] == list(FEW)
    assert run.judgements[0].result is Result.RIGHT_FIRST
    assert (run.who, run.whole, run.which, run.wanted, run.note) == ("Nora", True, "all", 4, "")
    assert (run.generation, run.threshold) == (desk.assistant.generation, Policy().threshold)
    assert run.golden_sha256 == file_sha256(desk.golden)
    assert set(run.parts) == set(PARTS)
    document = desk.assistant.documents()[0]
    assert run.texts == {document.id: document.sha256}
    newest = desk.audit.entries()[0]
    assert (newest.who, newest.what) == ("Nora", "ran the golden questions")
    # The same again has the same settings, and so has one of the generation by its name.
    _, again = ran(desk, generation=run.generation)
    assert again
    assert (again.settings, again.parts, again.judgements) == (
        run.settings,
        run.parts,
        run.judgements,
    )


def test_a_part_is_asked(desk: Desk) -> None:
    state, _ = ran(desk, "wrong")
    assert state.status == "failed"
    assert "There is nothing to ask. Only those that went wrong" in state.message
    ran(desk)
    _, held = ran(desk, "held")
    assert held
    assert held.judgements
    assert all(one.held for one in held.judgements)
    assert (held.whole, held.which) == (False, "held")
    few(desk, FEW, quote="words of nobody", document="", expect="quote")
    ran(desk)
    few(desk, (*FEW, "what exactly is ketamine"))
    _, wrong = ran(desk, "wrong")
    assert wrong
    assert [one.question for one in wrong.judgements] == list(FEW)


def test_what_was_asked_until_a_stop_is_kept(desk: Desk) -> None:
    shutil.copy(Path(__file__).resolve().parents[2] / "corpus" / "questions.csv", desk.golden)
    number = start_run(desk, NORA, "", "all").number
    deadline = time.monotonic() + 60
    while (now := desk.jobs.state()) and now.done < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    desk.jobs.stop(number)
    state, run = desk.jobs.wait(), RunBook(desk.file).latest(whole=False)
    assert state
    assert run
    assert (state.status, run.whole, run.wanted) == ("stopped", False, 204)
    assert 2 <= len(run.judgements) < 204
    assert state.message == (
        f"Stopped after {len(run.judgements)} of 204 questions; these are kept as run {run.id}."
    )
    assert RunBook(desk.file).latest() is None


def test_words_that_are_gone_count_as_missed_and_are_told(desk: Desk) -> None:
    few(desk, FEW[:1], quote="words of nobody")
    _, run = ran(desk)
    assert run
    assert run.judgements[0].result is Result.WRONG_QUOTE
    assert run.note == (
        "Expected words that are not in their document, which count as missed: line 2: "
        "ketamine-for-ptsd.md does not hold 'words of nobody'."
    )


def test_a_file_that_cannot_be_asked_is_told_of_with_its_line(desk: Desk) -> None:
    few(desk, FEW, expect="perhaps")
    state, run = ran(desk)
    assert (state.status, run) == ("failed", None)
    assert "questions.csv: line 2: expect is 'perhaps'" in state.message
    few(desk, FEW[:2], document="other.md")
    state, run = ran(desk)
    assert (state.status, run) == ("failed", None)
    assert "they belong to another corpus" in state.message


def test_a_threshold_that_is_saved_meanwhile_is_told_of(desk: Desk) -> None:
    """As a member saves it on the page "How sure"; the run keeps the one that it began with."""
    before = desk.policy

    def progress(step: str, done: int, _total: int) -> None:
        if (step, done) == ("Asking", 2):
            desk.assistant.take(replace(before, threshold=0.9))

    try:
        message = _run(desk, NORA, "", "all", progress)
    finally:
        desk.assistant.take(before)
    run = RunBook(desk.file).latest(whole=False)
    assert run
    assert (run.threshold, run.judgements[0].result) == (0.44, Result.RIGHT_FIRST)
    told = "The threshold was changed to 0.9 while it ran; all answers are by the one before, 0.44."
    assert (run.note, message.endswith(f". {told}")) == (told, True)
    again = _run(desk, NORA, "", "all", lambda *_: None)
    same = RunBook(desk.file).latest(whole=False)
    assert same
    assert (same.settings, same.note, told in again) == (run.settings, "", False)


def test_a_threshold_that_is_chosen_meanwhile_does_not_mix(desk: Desk) -> None:
    """As `qa calibrate` chooses it in another process."""
    generation = desk.assistant.live.current()
    reader = "quotewell"

    def progress(step: str, done: int, _total: int) -> None:
        if (step, done) == ("Asking", 3):
            used = desk.measuring(None, generation.name)
            policy, by = used._policy, str(used._reading)
            write_calibration(
                desk.index,
                Calibration(
                    fingerprint_of(generation, desk.model, policy, by),
                    *(0.9, 0, 10, 0.3, 0.95, 0.3, False, reader, "2026-11-26"),
                ),
            )

    try:
        _run(desk, NORA, "", "all", progress)
        run = RunBook(desk.file).latest(whole=False)
        assert run
        assert run.threshold == 0.44
        assert "changed to 0.9 while it ran" in run.note
        _, run = ran(desk)
        assert run
        assert (run.threshold, run.note) == (0.9, "")
    finally:
        shutil.rmtree(desk.index / "calibrations")


def test_what_may_be_chosen(desk: Desk) -> None:
    [live] = choices(desk)
    assert live.name == ""
    assert live.words.startswith("What patients get now: ")
    name = "20261126T103847803740Z-f39d8ca3"
    assert generation_words(name) == "f39d8ca3, built 2026-11-26 10:38"
    assert generation_words("odd") == "odd"
    with pytest.raises(QuotewellError, match="no generation gone"):
        start_run(desk, NORA, "gone", "all")
    with pytest.raises(QuotewellError, match="from the list"):
        start_run(desk, NORA, "", "some")
