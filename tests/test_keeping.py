"""Settings → what is kept: which files there are, and what stands in them."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from qa.embedding import Embedder
from qa.errors import StoreError
from qa.feedback import Feedback, Verdict, read_feedback
from qa.keeping import Keeping, keeping_of, known_words, store_of
from qa.question_log import read_questions
from qa.safety import Assessment, Danger
from qa.settings import Settings, load_settings
from tests.web.stand_in import StandIn

WORD = "Zebrafinch"
QUESTION = f"Does {WORD} know side effects? Call 07700 900123"
SAFETY = [
    "[safety]", 'country = "US"', 'emergency = "911"',
    'lines = [{ name = "Lifeline", call = "988" }]',
    "[page]", 'languages = ["en", "es"]',
]  # fmt: skip
NOTE = f"ask {WORD} about it"


def settings_with(folder: Path, **privacy: object) -> Settings:
    lines = [f"{name} = {str(value).lower()}" for name, value in privacy.items()]
    (folder / "qa.toml").write_text("\n".join(["[privacy]", *lines, *SAFETY]), "utf-8")
    return load_settings(config=folder / "qa.toml")


def keeping(settings: Settings, bundled: Embedder) -> Keeping:
    return keeping_of(settings, StandIn().documents, bundled.is_common)


def use(kept: Keeping) -> None:
    """A patient asks, and says what they think of the answer."""
    if kept.question:
        kept.question(StandIn().ask(QUESTION))
        kept.question(StandIn().ask(f"{WORD} i will hurt myself"))
    if kept.feedback:
        kept.feedback.keep(Feedback(Verdict.HELPED, note=NOTE, kind="answer", question=QUESTION))


def test_with_both_off_no_file_is_made(tmp_path: Path, bundled: Embedder) -> None:
    kept = keeping(settings_with(tmp_path, log_questions=False, feedback=False), bundled)
    assert kept == Keeping(None, None)
    use(kept)
    assert [path.name for path in tmp_path.iterdir()] == ["qa.toml"]


def test_by_default_feedback_is_kept_without_questions(tmp_path: Path, bundled: Embedder) -> None:
    settings = settings_with(tmp_path)
    kept = keeping(settings, bundled)
    assert kept.question is None
    assert not settings.privacy.store.exists()
    use(kept)
    [feedback] = read_feedback(store_of(settings))
    assert (feedback.note, feedback.question) == ("ask [name] about it", "")
    assert WORD.encode() not in settings.privacy.store.read_bytes()


def test_logged_questions_are_redacted(tmp_path: Path, bundled: Embedder) -> None:
    settings = settings_with(tmp_path, log_questions=True)
    use(keeping(settings, bundled))
    asked = [one.question for one in read_questions(store_of(settings))]
    assert asked == ["Does [name] know side effects? Call [number]"]
    assert [one.question for one in read_feedback(store_of(settings))] == asked
    assert WORD.encode() not in settings.privacy.store.read_bytes()


def test_danger_in_a_note_is_found_whatever_the_form_says(
    tmp_path: Path, bundled: Embedder
) -> None:
    settings = settings_with(tmp_path, log_questions=True)
    kept = keeping(settings, bundled)
    text = "I want to kill myself"
    assert kept.feedback
    given = Feedback(Verdict.DID_NOT_HELP, note=text, kind="answer", question=text)
    kept.feedback.keep(given)
    [feedback] = read_feedback(store_of(settings))
    assert (feedback.note, feedback.question) == ("", "")
    [notice] = kept.feedback.help_for(given.note, "en")
    assert (notice.kind, "988" in notice.text) == ("crisis", True)
    [spanish] = kept.feedback.help_for(given.note, "es")
    assert "988" in spanish.text
    assert "Si " in spanish.text


@pytest.mark.parametrize("fails", [False, True])
def test_notes_are_looked_at_by_all_that_the_assistant_has(
    tmp_path: Path, bundled: Embedder, fails: bool, caplog: pytest.LogCaptureFixture
) -> None:
    def assess(text: str) -> Assessment:
        if fails:
            raise RuntimeError(text)
        return Assessment(Danger.CRISIS if "goodbye" in text else Danger.NONE)

    settings = settings_with(tmp_path)
    kept = keeping_of(settings, StandIn().documents, bundled.is_common, assess)
    note = "i want to kill myself" if fails else "goodbye everyone"
    given = Feedback(Verdict.HELPED, note=note)
    assert kept.feedback
    kept.feedback.keep(given)
    assert [one.kind for one in kept.feedback.help_for(given.note, "en")] == ["crisis"]
    assert [one.note for one in read_feedback(store_of(settings))] == [""]
    assert note not in caplog.text


def test_an_unusable_file_stops_nothing(
    tmp_path: Path, bundled: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_with(tmp_path)
    settings.privacy.store.write_bytes(b"no database" * 100)
    with caplog.at_level(logging.ERROR):
        kept = keeping(settings, bundled)
    assert "no SQLite database" in caplog.text
    assert kept.feedback
    given = Feedback(Verdict.HELPED, note="I want to kill myself")
    with pytest.raises(StoreError, match="no SQLite database"):
        kept.feedback.keep(given)
    assert kept.feedback.help_for(given.note, "en")


def test_which_words_are_known(bundled: Embedder) -> None:
    known = known_words(StandIn().documents, bundled.is_common)
    assert all(map(known, ("Monday", "paracetamol", "Zoloft", "Zanubrutinib", "sleeves", "Crohn")))
    assert not any(map(known, (WORD, "Kowalczyk", "Raghunathan")))
