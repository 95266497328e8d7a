"""Looking at generations, signing and going back, as the staff's page has it done."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from qa.embedding import Embedder
from qa.errors import PublishError
from qa.history import Signature, read_history
from qa.notices import SafetyTexts
from qa.publishing import live_generation, publish
from qa.staff.desk import Desk
from qa.staff.examining import examine
from qa.staff.jobs import Stopped
from qa.staff.member import Member, Role
from qa.staff.release_check import Check, RateRow, out_of_date
from qa.staff.release_checks import basis_of, kept_check
from qa.staff.releases import overview_of
from qa.staff.signing import Signing
from tests.tiny_desk import DRIVING, LATER, QUESTION, stage, tiny_desk, write_golden

KIM = Member("Keeper Kim", Role.MAINTAINER)
NORA = Member("Nurse Nora", Role.STAFF)


def quiet(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody looks at."""


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, bundled: Embedder, safety_texts: SafetyTexts
) -> tuple[Path, str]:
    """A folder in which a second generation is staged, and its name; tests only copy it."""
    folder = tmp_path_factory.mktemp("built")
    return folder, stage(tiny_desk(folder, bundled, safety_texts), bundled, LATER)


@pytest.fixture
def desk(
    tmp_path: Path,
    built: tuple[Path, str],
    bundled: Embedder,
    safety_texts: SafetyTexts,
) -> Desk:
    shutil.copytree(built[0], tmp_path, dirs_exist_ok=True)
    return tiny_desk(tmp_path, bundled, safety_texts)


@pytest.fixture
def staged(built: tuple[Path, str]) -> str:
    return built[1]


def checked(desk: Desk, name: str) -> Check:
    return examine(desk, name, KIM.name, quiet)


def done(desk: Desk) -> list[tuple[str, str, str]]:
    return [(one.what, one.about, one.why) for one in reversed(desk.audit.entries())]


def test_what_is_there_is_told(desk: Desk, staged: str) -> None:
    overview = overview_of(desk)
    assert overview.live
    assert (overview.live.documents, overview.live.history[0][:10]) == (2, "published ")
    assert overview.live.made.endswith("by qa build")
    assert [(one.name, one.changes) for one in overview.waiting] == [(staged, "1 changed")]
    assert (overview.back_to, overview.warnings) == ("", ())
    (desk.corpus / "driving.md").write_text("# Driving\n\nDo drive.\n", "utf-8")
    (desk.corpus / "new.md").write_text("# New\n\nIt is new.\n", "utf-8")
    assert ["after the staged generation was built" in w for w in overview_of(desk).warnings] == [
        True
    ]
    publish(desk.index, staged, Signature("Kim", "as I will"))
    [warning] = overview_of(desk).warnings
    assert "after what is live was built" in warning
    publish(desk.index, overview.live.name, Signature("Kim", "no"), "rolled_back")
    (desk.corpus / "new.md").unlink()
    (desk.corpus / "driving.md").write_text(f"# Driving\n\n{LATER}\n", "utf-8")
    [warning] = overview_of(desk).warnings
    assert f"The documents are those of {staged}, from which Kim went back" in warning


def test_a_check_is_kept_and_tells_what_would_change(desk: Desk, staged: str) -> None:
    steps: list[tuple[str, int, int]] = []
    assert kept_check(desk, staged) is None
    made = examine(desk, staged, KIM.name, lambda *step: steps.append(step))
    assert kept_check(desk, staged) == made
    assert made.digest
    assert steps[0] == ("Checking the files", 0, 1)
    assert [step for step in steps if step[1] == step[2]] == [
        ("Asking the new generation:", 4, 4),
        ("Asking the live generation:", 4, 4),
        ("Comparing:", 4, 4),
    ]
    rows = {one.name: one for one in made.rows}
    right = rows["Answerable: right quote first or second"]
    assert (right.live, right.new, right.floor, right.is_below) == ((2, 2), (1, 2), 0.7, True)
    assert made.findings.figures["right_in_two"] == (1, 2)
    assert len(made.findings.objections) == 2
    assert made.misfits == (f"line 2: driving.md does not hold {DRIVING!r}",)
    assert "<article><h3>May I drive a car?</h3>" in made.changes
    assert "<del>on the day of</del>" in made.changes
    assert "<ins>until two days after</ins>" in made.changes
    assert '<details id="same"><summary>Same (3)</summary>' in made.changes
    assert "style=" not in made.changes
    assert not out_of_date(made.basis, basis_of(desk, staged))


def test_a_floor_that_is_missed_narrowly_is_seen_to_be() -> None:
    assert RateRow("Right", None, (16, 23), 0.7).new_shown == "69.6% (16 of 23), 49% to 84%"
    assert RateRow("Right", (0, 4), (17, 23), 0.7).new_shown == "74% (17 of 23), 54% to 87%"
    assert RateRow("Right", (0, 4), (1, 4), None).live_shown == "0% (0 of 4), 0% to 49%"


def test_a_check_is_of_what_there_was(desk: Desk, staged: str, bundled: Embedder) -> None:
    made, first = checked(desk, staged).basis, live_generation(desk.index)
    write_golden(desk.corpus, LATER)
    assert "golden questions were changed" in out_of_date(made, basis_of(desk, staged))
    made = checked(desk, staged).basis
    before = desk.policy
    desk.assistant.take(replace(before, threshold=0.3))
    assert "settings were changed" in out_of_date(made, basis_of(desk, staged))
    desk.assistant.take(before)
    calibrations = desk.index / "calibrations"
    calibrations.mkdir(exist_ok=True)
    (calibrations / f"{first}.json").write_text("{}", "utf-8")
    assert "settings were changed" in out_of_date(made, basis_of(desk, staged))
    (calibrations / f"{first}.json").unlink()
    assert "another day" in out_of_date(replace(made, day="2020-01-01"), basis_of(desk, staged))
    later = stage(desk, bundled, "Do not drive a car for a week.")
    publish(desk.index, later, Signature("Bo"))
    assert f"{later} is live, and not {first}" in out_of_date(made, basis_of(desk, staged))


def test_where_there_is_nothing_to_ask_or_compare_it_is_said(desk: Desk, staged: str) -> None:
    (desk.corpus / "questions.csv").unlink()
    made = checked(desk, staged)
    assert (made.rows, made.findings.objections) == ((), ())
    assert made.unasked.startswith("There are no golden questions")
    assert "<h3>Changed: 1</h3>" in made.changes
    assert "No question was asked" in made.changes
    (desk.index / "generations" / live_generation(desk.index) / "chunks.npy").write_bytes(b"")
    made = checked(desk, staged)
    assert made.changes == ""
    assert made.uncompared.startswith("It was compared with nothing: ")


def test_a_check_that_is_stopped_keeps_nothing(desk: Desk, staged: str) -> None:
    def stopping(what: str, done: int, _total: int) -> None:
        if what.startswith("Asking the live") and done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        examine(desk, staged, KIM.name, stopping)
    assert kept_check(desk, staged) is None


def test_publishing_needs_the_report_and_a_reason(desk: Desk, staged: str) -> None:
    signing, first = Signing(desk), live_generation(desk.index)

    def refused(message: str, report: str, why: str = "", although: bool = False) -> None:
        with pytest.raises(PublishError, match=message):
            signing.publish(KIM, staged, report, why, although=although)
        assert live_generation(desk.index) == first
        assert done(desk) == []

    refused("was not checked yet", "")
    early = checked(desk, staged).digest
    report = examine(desk, staged, "Bo", quiet).digest
    refused("was checked again after you opened", early)
    refused("The checks speak against it", report)
    refused("A reason is needed", report, "  ", although=True)
    refused("at most 500 characters", report, "x" * 501, although=True)
    with pytest.raises(PublishError, match="Only maintainers"):
        signing.publish(NORA, staged, report, "I will", although=True)
    assert signing.publish(KIM, staged, report, "the new\nleaflet", although=True)
    assert done(desk) == [("published against the checks", staged, "the new leaflet")]
    event = read_history(desk.index).events[-1]
    assert (event.by, event.why, event.forced) == (KIM.name, "the new leaflet", True)
    assert event.figures["right_in_two"] == (1, 2)
    assert signing.taken()
    assert desk.assistant.ask(QUESTION).quotes[0].text == LATER
    assert not signing.publish(KIM, staged, report, "again", although=True), "once is enough"
    assert len(done(desk)) == 1


def test_what_nothing_speaks_against_needs_no_reason(desk: Desk, staged: str) -> None:
    write_golden(desk.corpus, LATER)
    report = checked(desk, staged)
    assert not report.findings.objections
    assert Signing(desk).publish(KIM, staged, report.digest, "")
    assert done(desk) == [("published", staged, "")]
    assert not read_history(desk.index).events[-1].forced


def test_files_that_were_altered_since_the_check_are_not_published(desk: Desk, staged: str) -> None:
    report, first = checked(desk, staged).digest, live_generation(desk.index)
    (desk.index / "generations" / staged / "chunks.npy").write_bytes(b"")
    with pytest.raises(PublishError, match=r"is damaged: chunks\.npy was altered"):
        Signing(desk).publish(KIM, staged, report, "I must", although=True)
    assert (live_generation(desk.index), done(desk)) == (first, [])
    again = checked(desk, staged)
    assert again.findings.damage
    assert (again.changes, again.rows) == ("", ())


def test_of_two_at_once_one_publishes(desk: Desk, staged: str, bundled: Embedder) -> None:
    """Another program's publishing is refused by the lock of the index: tests/test_releasing.py."""
    write_golden(desk.corpus, LATER)
    later = stage(desk, bundled, LATER + " Ask us.")
    reports = {name: checked(desk, name).digest for name in (staged, later)}
    signing, told = Signing(desk), list[str]()

    def sign(name: str) -> None:
        try:
            told.append(f"{signing.publish(KIM, name, reports[name], '')}")
        except PublishError as error:
            told.append(str(error))

    threads = [threading.Thread(target=sign, args=(name,)) for name in (staged, later, later)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    published = [one for one in read_history(desk.index).events if one.action == "published"]
    assert len(published) == 2
    assert told.count("True") == 1
    assert all("out of date" in one or one in ("True", "False") for one in told)
    assert len(done(desk)) == 1


def test_going_back(desk: Desk, staged: str) -> None:
    write_golden(desk.corpus, LATER)
    signing, first = Signing(desk), live_generation(desk.index)
    signing.publish(KIM, staged, checked(desk, staged).digest, "")
    assert overview_of(desk).back_to == first
    for message, who, live, why in (
        ("A reason is needed", KIM, staged, " "),
        ("Only maintainers", NORA, staged, "wrong dose"),
        ("and not g0 any more", KIM, "g0", "wrong dose"),
    ):
        with pytest.raises(PublishError, match=message):
            signing.go_back(who, first, live, why)
        assert live_generation(desk.index) == staged
    path = desk.index / "generations" / first / "chunks.npy"
    data = path.read_bytes()
    path.write_bytes(b"")
    with pytest.raises(PublishError, match=r"cannot be served: chunks\.npy was altered"):
        signing.go_back(KIM, first, staged, "wrong dose")
    path.write_bytes(data)
    assert signing.go_back(KIM, first, staged, "wrong dose")
    assert not signing.go_back(KIM, first, staged, "wrong dose")
    assert done(desk)[1:] == [
        ("went back", f"to {first} from g0", "wrong dose"),
        ("went back: refused", f"to {first} from g0", done(desk)[2][2]),
        ("went back", f"to {first} from {staged}", "wrong dose"),
    ]
    event = read_history(desk.index).events[-1]
    assert (event.action, event.by, event.why) == ("rolled_back", KIM.name, "wrong dose")
    assert signing.taken()
    assert desk.assistant.ask(QUESTION).quotes[0].text == DRIVING
