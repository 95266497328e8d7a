"""Judged questions → a stated error rate, and if wanted the threshold it is stated of.

An answer shown is wrong when its first quote holds no expected one, or when a refusal was expected.
Questions that tell of danger are left out, as in "Wrong among answers shown" of `qa test`.

A bound is valid for a threshold that was fixed before the questions it is computed on were looked
at. So the statement is made on the held questions where there are any: on the others the reader was
tuned, and there it errs less than it will. With a target, the threshold is chosen on the questions
that are not held, by fixed-sequence testing (`qa.bounds`), and is fixed when the held ones are
counted; theirs is a plain Clopper-Pearson bound, which may lie above the target. Where no question
is held, the choice itself is the statement: at most the target. The bound of the chosen threshold,
mostly lower, would be too rosy there. Trying target after target until the held figure pleases is
picking by hand, which no bound allows for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qa.bounds import (
    LEVEL,
    Judged,
    Tally,
    fewest_shown,
    fixed_sequence,
    lowest_bound,
    tally,
)
from qa.calibration import Calibration, Fingerprint, read_calibration, rounded_up, write_calibration
from qa.errors import CalibrationError, QuestionError
from qa.evaluation import Outcome

__all__ = ["Calibrated", "Questions", "calibrate", "calibrate_index"]


@dataclass(frozen=True, slots=True)
class Questions:
    """What became of the judged questions of one file, all of them asked with a threshold of 0."""

    outcomes: Sequence[Outcome]
    sha256: str
    """SHA-256 of the file, in hex."""

    def part(self, held: bool | None) -> list[Outcome]:
        """The questions about what the documents say: all, the held ones or the others."""
        return [
            one
            for one in self.outcomes
            if one.golden.expect in ("quote", "refuse") and held in (None, one.golden.held)
        ]

    def judged(self, held: bool | None) -> list[Judged]:
        """The answers to them that some threshold shows."""
        return [
            Judged(one.answer.confidence, one.rank != 1)
            for one in self.part(held)
            if one.answer.quotes
        ]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What calibrating came to."""

    lines: tuple[str, ...]
    """What to tell whoever asked for it."""
    calibration: Calibration | None
    """What to keep; None where nothing can be stated."""


def calibrate(
    questions: Questions,
    fingerprint: Fingerprint,
    in_use: float,
    earlier: Calibration | None,
    target: float | None,
) -> Calibrated:
    """States the error rate at the threshold `in_use`, or at one that is chosen for `target`.

    `earlier` is the calibration that holds at present, if one does. `target` is a share between 0
    and 1. Raises QuestionError where the questions came from several generations, tell of danger
    only, or are all held though a threshold is to be chosen.
    """
    _check(questions, fingerprint.generation, target)
    held = bool(questions.part(held=True))
    threshold, chosen_for = in_use, earlier.target if earlier else None
    lines: tuple[str, ...] = ()
    if target is not None:
        # Where none is held, all are "not held".
        found = fixed_sequence(questions.judged(held=False), target)
        if found is None:
            return Calibrated(_unproven(questions.judged(held=False), target), None)
        threshold, chosen_for = found.threshold, target
        which = "questions that are not held" if held else "questions"
        lines = (
            f"Threshold {threshold:g}: proven to have at most {rounded_up(target)} wrong on the "
            f"{which} ({found.wrong} wrong of {found.shown} shown).",
        )
    elif earlier and chosen_for and not held and earlier.questions_sha256 == questions.sha256:
        return Calibrated(("The threshold in use was chosen on these questions.",), earlier)
    counts = tally(questions.judged(True if held else None), threshold)
    lines += _counts(questions, threshold)
    if not counts.shown:
        which = "held question" if held else "question"
        return Calibrated((*lines, f"Nothing can be stated: no {which} was answered."), None)
    if target is not None and held and counts.upper > target:
        lines += ("The held questions alone do not prove the target; their bound is stated.",)
    made = Calibration(
        fingerprint=fingerprint,
        threshold=threshold,
        wrong=counts.wrong,
        shown=counts.shown,
        upper=counts.upper if held or target is None else target,
        level=LEVEL,
        target=chosen_for,
        held=held,
        questions_sha256=questions.sha256,
        date=datetime.now(UTC).date().isoformat(),
    )
    return Calibrated(lines, made)


def calibrate_index(
    index: Path,
    questions: Questions,
    now: Fingerprint,
    configured: float,
    target: float | None,
) -> tuple[Sequence[str], bool]:
    """Calibrates the live generation and keeps what comes of it; what to tell, and whether it did.

    `configured` is the threshold of the settings. Raises QuestionError as `calibrate` does, and
    CalibrationError where nothing can be written.
    """
    try:
        earlier = read_calibration(index, now.generation)
    except CalibrationError:
        earlier = None  # it is damaged, and made anew here
    if earlier and earlier.fingerprint != now:
        earlier = None
    in_use = earlier.threshold if earlier else configured
    found = calibrate(questions, now, in_use, earlier, target)
    if found.calibration is None:
        return found.lines, False
    write_calibration(index, found.calibration)
    return (*found.lines, f"Stated: {found.calibration}."), True


def _check(questions: Questions, generation: str, target: float | None) -> None:
    if any(one.answer.generation != generation for one in questions.outcomes):
        raise QuestionError(
            "Another generation went live while the questions were asked. Run `qa calibrate` again."
        )
    if not questions.part(None):
        raise QuestionError(
            "No question expects a quote or a refusal, so there is nothing to count. Add some with "
            "`quote` or `refuse` in the column `expect`."
        )
    if target is not None and not questions.part(held=False):
        raise QuestionError(
            "All questions are held, and on those no threshold is chosen. Leave --wrong-at-most "
            "out, or take the tag `held` off some of them."
        )


def _counts(questions: Questions, threshold: float) -> tuple[str, ...]:
    """All questions and the held ones at a threshold."""
    parts = {"All questions": None, "Held questions": True}
    return tuple(
        f"{name}: {_count(tally(questions.judged(held), threshold))}"
        for name, held in parts.items()
        if questions.part(held)
    )


def _count(found: Tally) -> str:
    return (
        f"{found.wrong} wrong of {found.shown} shown at threshold {found.threshold:g}, "
        f"upper bound {rounded_up(found.upper)}"
    )


def _unproven(judged: Sequence[Judged], target: float) -> tuple[str, ...]:
    """Why no threshold could be proven, and how near one came."""
    shown, fewest = tally(judged, 0.0).shown, fewest_shown(target)
    lines = [f"No threshold is proven to have at most {rounded_up(target)} wrong."]
    if shown < fewest:
        lines.append(f"That takes at least {fewest} answers; at most {shown} were shown.")
    else:
        lines.append(f"The lowest bound, which states nothing, is {_count(lowest_bound(judged))}.")
    return (*lines, "What was stated before is kept.")
