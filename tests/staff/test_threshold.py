"""A threshold is written with name and reason, and holds at once; or nothing is changed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answer import Policy
from qa.assistant import Assistant
from qa.calibration import Calibration, fingerprint_of, write_calibration
from qa.chunking import BuildOptions
from qa.embedding import Embedder
from qa.errors import SettingsError
from qa.generation import load
from qa.notices import SafetyTexts
from qa.reading import reading
from qa.settings import load_settings
from qa.staff.accounts import Accounts
from qa.staff.audit import AuditTrail
from qa.staff.desk import Desk
from qa.staff.file import StaffFile
from qa.staff.sessions import Sessions
from qa.staff.threshold import history, save_threshold, standing
from qa.store import Store

CONFIG = '# of this clinic\n[answer] # when\nthreshold = 0.44 # measured\n\n[page]\ntitle = "Ask"\n'
QUESTION = "can i drive home after the infusion"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, real_index: Path) -> Path:
    return Path(shutil.copytree(real_index, tmp_path_factory.mktemp("threshold") / "index"))


@pytest.fixture(scope="module")
def assistant(index: Path, bundled: Embedder, safety_texts: SafetyTexts) -> Assistant:
    return Assistant(index, bundled, safety_texts)


@pytest.fixture
def desk(tmp_path: Path, assistant: Assistant, index: Path, bundled: Embedder) -> Desk:
    assistant.take(Policy())
    shutil.rmtree(index / "calibrations", ignore_errors=True)
    file = StaffFile(tmp_path / "staff.sqlite3")
    config = tmp_path / "qa.toml"
    config.write_text(CONFIG, "utf-8")
    return Desk(
        assistant=assistant,
        measuring=lambda _policy, _generation: assistant,
        file=file,
        accounts=Accounts(file),
        sessions=Sessions(file),
        audit=AuditTrail(file),
        corpus=tmp_path,
        index=index,
        config=config,
        model=bundled.identity,
        options=BuildOptions(),
        records=Store(tmp_path / "records.sqlite3", 30),
        logs_questions=False,
    )


def written(desk: Desk) -> str:
    assert desk.config
    return desk.config.read_text("utf-8")


def save(desk: Desk, threshold: float = 0.52, reason: str = "fewer wrong quotes") -> None:
    stamp = standing(desk, {}).stamp
    save_threshold(desk, "Keeper Kim", threshold, reason, stamp, {})


def refuse(desk: Desk, told: str, **more: object) -> None:
    """Tries to save and finds all as it was."""
    before, policy = written(desk), desk.policy
    values: dict[str, object] = {
        "who": "Keeper Kim",
        "threshold": 0.52,
        "reason": "why",
        "stamp": standing(desk, {}).stamp,
        "environment": {},
    }
    with pytest.raises(SettingsError, match=told):
        save_threshold(desk, **values | more)  # type: ignore[arg-type]
    assert (written(desk), desk.policy) == (before, policy)
    assert not history(desk)


def test_it_is_written_with_name_and_reason_and_holds_at_once(desk: Desk) -> None:
    first = desk.assistant.ask(QUESTION)
    assert first.quotes
    save(desk, 0.99, "a\ntrial \x07of it")
    text = written(desk)
    [remark] = [line for line in text.splitlines() if line.startswith("# set by Keeper Kim on 2")]
    assert remark.endswith(": a trial of it")
    kept = CONFIG.replace("0.44", "0.99")
    assert text == kept.replace("threshold", f"{remark}\nthreshold")
    assert load_settings(config=desk.config).policy().threshold == 0.99
    after = desk.assistant.ask(QUESTION)
    assert (after.quotes, after.reason) == ((), "not_answered")
    assert after.held_back == first.quotes
    # The way back.
    save(desk, 0.44, "it was too strict")
    assert desk.assistant.ask(QUESTION).quotes == first.quotes
    assert [(one.who, one.about, one.why) for one in history(desk)] == [
        ("Keeper Kim", "0.99 → 0.44", "it was too strict"),
        ("Keeper Kim", "0.44 → 0.99", "a trial of it"),
    ]
    assert written(desk).count("# set by") == 1


def test_other_settings_stay_as_this_server_runs_by_them(desk: Desk) -> None:
    desk.assistant.take(Policy(max_quotes=2, off_corpus=0.3))
    save(desk)
    assert desk.policy == replace(
        Policy(max_quotes=2, off_corpus=0.3, threshold=0.52),
        evidence_is_probability=desk.policy.evidence_is_probability,
    )


def test_what_qa_calibrate_chose_lapses(
    desk: Desk, index: Path, bundled: Embedder, assistant: Assistant
) -> None:
    generation = load(index)
    made = Calibration(
        fingerprint=fingerprint_of(generation, bundled.identity, desk.policy, str(reading())),
        threshold=0.6,
        wrong=1,
        shown=60,
        upper=0.08,
        level=0.95,
        target=0.2,
        held=True,
        questions_sha256="0" * 64,
        date="2026-11-26",
    )
    write_calibration(index, made)
    stands = standing(desk, {})
    assert (stands.now, stands.configured, stands.written) == (0.6, 0.44, 0.44)
    assert stands.is_chosen
    assert "at most 8 % are wrong" in stands.statement
    save(desk)
    stands = standing(desk, {})
    assert (stands.now, stands.configured, stands.written) == (0.52, 0.52, 0.52)
    assert not stands.statement
    [entry] = history(desk)
    assert entry.about == "0.6 → 0.52"


def test_a_file_that_was_changed_since_it_was_seen_is_left_alone(desk: Desk) -> None:
    stamp = standing(desk, {}).stamp
    assert desk.config
    desk.config.write_text(CONFIG + "# mine\n", "utf-8")
    refuse(desk, "not as it was when this page was opened", stamp=stamp)


def test_the_environment_goes_before_the_file(desk: Desk) -> None:
    refuse(desk, "QA_ANSWER__THRESHOLD sets", environment={"qa_answer__threshold": "0.3"})
    refuse(desk, "QA_ANSWER sets", environment={"QA_ANSWER": '{"threshold": 0.3}'})
    for harmless in ({"QA_ANSWER": '{"max_quotes": 2}'}, {"QA_ANSWER": "["}, {"QA_ANSWER": "1"}):
        assert not standing(desk, harmless).hindrance


def test_a_file_that_cannot_be_written_is_told_of_with_what_to_write(desk: Desk) -> None:
    assert desk.config
    desk.config.chmod(0o444)
    refuse(desk, "read-only.*by hand, write `threshold = 0.52` under ")


def test_a_file_that_is_no_toml_is_told_of(desk: Desk) -> None:
    assert desk.config
    desk.config.write_text("[answer\n", "utf-8")
    stands = standing(desk, {})
    assert "Correct it by hand" in stands.hindrance
    assert stands.written is None
    refuse(desk, "not valid TOML")


def test_without_a_file_it_says_which_to_make(desk: Desk) -> None:
    stands = standing(replace(desk, config=None), {})
    assert "Make one in the folder it is started in" in stands.hindrance


def test_odd_values_are_refused(desk: Desk) -> None:
    refuse(desk, "Give a reason", reason=" \n ")
    refuse(desk, "301 characters", reason="x" * 301)
    for odd in (-0.1, 1.01, 0.123, float("nan")):
        refuse(desk, "steps of 0.01", threshold=odd)
    refuse(desk, "0.44 already", threshold=0.44)


def test_one_set_by_hand_meanwhile_may_be_saved_over(desk: Desk) -> None:
    assert desk.config
    desk.config.write_text(CONFIG.replace("0.44", "0.6"), "utf-8")
    assert standing(desk, {}).written == 0.6
    save(desk, 0.44, "back")
    assert "threshold = 0.44" in written(desk)
