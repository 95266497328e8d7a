"""Settings → what is kept: which files there are, and what stands in them."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from qa.embedding import SentenceEmbedder
from qa.feedback import Feedback, Verdict, read_feedback
from qa.keeping import Keeping, keeping_of, known_words, store_of
from qa.question_log import read_questions
from qa.settings import Settings, load_settings
from tests.web.stand_in import StandIn

WORD = "Zebrafinch"
QUESTION = f"Does {WORD} know side effects? Call 07700 900123"
NOTE = f"ask {WORD} about it"


def settings_with(folder: Path, **privacy: object) -> Settings:
    lines = [f"{name} = {str(value).lower()}" for name, value in privacy.items()]
    (folder / "qa.toml").write_text("\n".join(["[privacy]", *lines]), "utf-8")
    return load_settings(config=folder / "qa.toml")


def keeping(settings: Settings, bundled: SentenceEmbedder) -> Keeping:
    return keeping_of(settings, StandIn().documents, bundled.is_common)


def use(kept: Keeping) -> None:
    """A patient asks, and says what they think of the answer."""
    if kept.question:
        kept.question(StandIn().ask(QUESTION))
        kept.question(StandIn().ask(f"{WORD} i will hurt myself"))
    if kept.feedback:
        kept.feedback(Feedback(Verdict.HELPED, note=NOTE, kind="answer", question=QUESTION))


def test_with_both_off_no_file_is_made(tmp_path: Path, bundled: SentenceEmbedder) -> None:
    kept = keeping(settings_with(tmp_path, log_questions=False, feedback=False), bundled)
    assert kept == Keeping(None, None)
    use(kept)
    assert [path.name for path in tmp_path.iterdir()] == ["qa.toml"]


def test_by_default_feedback_is_kept_without_questions(
    tmp_path: Path, bundled: SentenceEmbedder
) -> None:
    settings = settings_with(tmp_path)
    kept = keeping(settings, bundled)
    assert kept.question is None
    assert not settings.privacy.store.exists()
    use(kept)
    [feedback] = read_feedback(store_of(settings))
    assert (feedback.note, feedback.question) == ("ask [name] about it", "")
    assert WORD.encode() not in settings.privacy.store.read_bytes()


def test_logged_questions_are_redacted(tmp_path: Path, bundled: SentenceEmbedder) -> None:
    settings = settings_with(tmp_path, log_questions=True)
    use(keeping(settings, bundled))
    asked = [one.question for one in read_questions(store_of(settings))]
    assert asked == ["Does [name] know side effects? Call [number]"]
    assert [one.question for one in read_feedback(store_of(settings))] == asked
    assert WORD.encode() not in settings.privacy.store.read_bytes()


def test_danger_in_a_note_is_found_whatever_the_form_says(
    tmp_path: Path, bundled: SentenceEmbedder
) -> None:
    settings = settings_with(tmp_path, log_questions=True)
    kept = keeping(settings, bundled)
    text = "I want to kill myself"
    assert kept.feedback
    kept.feedback(Feedback(Verdict.DID_NOT_HELP, note=text, kind="answer", question=text))
    [feedback] = read_feedback(store_of(settings))
    assert (feedback.note, feedback.question) == ("", "")


def test_an_unusable_file_stops_nothing(
    tmp_path: Path, bundled: SentenceEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_with(tmp_path)
    settings.privacy.store.write_bytes(b"no database" * 100)
    with caplog.at_level(logging.ERROR):
        kept = keeping(settings, bundled)
    assert "no SQLite database" in caplog.text
    assert kept.feedback


def test_which_words_are_known(bundled: SentenceEmbedder) -> None:
    known = known_words(StandIn().documents, bundled.is_common)
    assert all(map(known, ("Monday", "paracetamol", "Zoloft", "Zanubrutinib", "sleeves", "Crohn")))
    assert not any(map(known, (WORD, "Kowalczyk", "Raghunathan")))
