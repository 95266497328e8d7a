"""Asking the golden questions as a job: which ones, of which generation, and what is kept of it."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from qa.answer import Policy
from qa.assistant import Assistant
from qa.calibration import fingerprint_of
from qa.errors import QuestionError, QuotewellError
from qa.evaluation import Outcome, judge
from qa.generation import file_sha256
from qa.golden import Golden, check_golden, of_another_corpus, parted, read_golden
from qa.publishing import generations, staged
from qa.staff.desk import Desk
from qa.staff.jobs import JobState, Progress, Stopped
from qa.staff.judgement import Judgement, judgement_of
from qa.staff.member import Member
from qa.staff.run_book import Run, RunBook

__all__ = ["PARTS", "WHICH", "Choice", "choices", "generation_words", "parts_of", "start_run"]

WHICH = {
    "all": "All golden questions",
    "held": "Only held ones, on which nothing was tuned",
    "wrong": "Only those that went wrong when last asked",
}
"""Which questions are asked, by a short name."""
PARTS = ("corpus", "model", "settings", "reader", "program")
"""What a run's answers depend on besides its threshold, as `qa.calibration` names it."""
_RECENT = 20
"""Runs that are looked through for when a question was last asked."""
_NAMED = 3
"""Labels that a note names."""
_NAME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)\d*Z-(\w+)")


@dataclass(frozen=True, slots=True)
class Choice:
    """A generation that can be asked."""

    name: str
    """Empty for the one that answers patients."""
    words: str


def generation_words(name: str) -> str:
    """A generation's name as people read it: when it was built, and the end of its name."""
    found = _NAME.fullmatch(name)
    if not found:
        return name
    year, month, day, hour, minute, end = found.groups()
    return f"{end}, built {year}-{month}-{day} {hour}:{minute}"


def choices(desk: Desk) -> list[Choice]:
    """The generations that can be asked, the live one first. Raises PublishError."""
    live, waiting = desk.assistant.generation, staged(desk.index)
    made = [Choice("", f"What patients get now: {generation_words(live)}")]
    for name in generations(desk.index):
        if name != live:
            state = "Not published yet" if name in waiting else "Published earlier"
            made.append(Choice(name, f"{state}: {generation_words(name)}"))
    return made


def start_run(desk: Desk, member: Member, generation: str, which: str) -> JobState:
    """Begins to ask the golden questions; `generation` and `which` as in `choices` and `WHICH`.

    Raises QuotewellError where another job runs, or there is no such generation or choice.
    """
    if which not in WHICH:
        raise QuotewellError("Choose which questions to ask from the list.")
    if generation and generation not in generations(desk.index):
        raise QuotewellError(
            f"There is no generation {generation} any more. Open the page again and choose another."
        )
    work = partial(_run, desk, member, generation, which)
    return desk.jobs.start("Golden questions", member.name, work)


def _run(desk: Desk, member: Member, generation: str, which: str, progress: Progress) -> str:
    """Asks and keeps; the message to end with.

    All is asked of one generation, live or not, by the one threshold that it had at the beginning.

    Raises Stopped, with what was kept, QuestionError for a file that cannot be asked, and
    QuotewellError.
    """
    began, clock = datetime.now(UTC), time.monotonic()
    name = generation or desk.assistant.generation
    about = f"{WHICH[which]}, generation {name}"
    desk.audit.note(member.name, "ran the golden questions", about)
    every, sha256 = _read(desk)
    progress("Loading", 0, len(every))
    following = desk.measuring(None, name)
    policy = following.policy_in_use()
    assistant = desk.measuring(policy, name)
    golden, note = _to_ask(desk, every, which, assistant)
    outcomes: list[Outcome] = []
    stopped = False
    try:
        for one in golden:
            progress("Asking", len(outcomes) + 1, len(golden))
            outcomes.append(judge(one, assistant))
    except Stopped:
        stopped = True
    if not outcomes:
        raise Stopped("Stopped before the first question; nothing was kept.")
    changed = _changed_meanwhile(desk, generation, following, policy, name)
    run = Run(
        began=began.strftime("%Y-%m-%dT%H:%M:%SZ"),
        seconds=round(time.monotonic() - clock, 1),
        who=member.name,
        generation=name,
        golden_sha256=sha256,
        whole=which == "all" and not stopped,
        judgements=tuple(judgement_of(one) for one in outcomes),
        which=which,
        wanted=len(golden),
        note=f"{note}{changed}".strip(),
        **_basis(desk, assistant, policy, outcomes),  # type: ignore[arg-type]
    )
    number = RunBook(desk.file).keep(run)
    if stopped:
        raise Stopped(
            f"Stopped after {len(outcomes)} of {len(golden)} questions; these are kept as run "
            f"{number}.{changed}"
        )
    return (
        f"{len(outcomes)} questions were asked in {run.seconds:.0f} seconds, {run.good} of them "
        f"went as they should. Kept as run {number}.{changed}"
    )


def _changed_meanwhile(
    desk: Desk, generation: str, following: Assistant, policy: Policy, name: str
) -> str:
    """What holds for patients now and did not when a run of generation `name` began, in words.

    `policy` is what it was asked by, `following` the assistant that goes with what changes.
    """
    told = ""
    if not generation and desk.assistant.generation != name:
        told += " Another generation went live while it ran; all answers are of the one before."
    following.take(desk.policy)  # a member may have saved another one
    now = following.policy_in_use().threshold
    if now != policy.threshold:
        told += (
            f" The threshold was changed to {now:g} while it ran; all answers are by the one "
            f"before, {policy.threshold:g}."
        )
    return told


def _read(desk: Desk) -> tuple[list[Golden], str]:
    """The golden questions and the SHA-256 of just these. Raises QuestionError."""
    path = desk.golden
    every = read_golden(path)
    sha256 = file_sha256(path)
    if read_golden(path) != every:
        raise QuestionError(f"{path} was changed while it was read. Run the questions again.")
    return every, sha256


def _to_ask(
    desk: Desk, every: Sequence[Golden], which: str, assistant: Assistant
) -> tuple[list[Golden], str]:
    """The questions to ask, and what is to be known of the choice. Raises QuestionError."""
    if foreign := of_another_corpus(every, assistant.stored, desk.golden):
        raise QuestionError(f"{foreign}.")
    if which == "held":
        every = [one for one in every if one.held]
    elif which == "wrong":
        known = _last_judged(desk)
        wrong = {text for text, one in known.items() if not one.result.is_good}
        every = [one for one in every if one.question in wrong]
    golden, aside = parted(every, assistant.standings())
    if not golden:
        raise QuestionError(
            f"There is nothing to ask. {WHICH[which]}: {len(every)}; set aside because their "
            f"document is not quoted now: {len(aside)}."
        )
    said = []
    if aside:
        said.append(f"{len(aside)} set aside: their document is not quoted now.")
    if misfits := check_golden(golden, assistant.document):
        more = f"; and {len(misfits) - _NAMED} more" if len(misfits) > _NAMED else ""
        said.append(
            "Expected words that are not in their document, which count as missed: "
            f"{'; '.join(misfits[:_NAMED])}{more}."
        )
    return golden, " ".join(said)


def _last_judged(desk: Desk) -> dict[str, Judgement]:
    """What became of each question when it was last asked, by its text."""
    found: dict[str, Judgement] = {}
    for run in reversed(RunBook(desk.file).runs(_RECENT)):
        found |= {one.question: one for one in run.judgements}
    return found


def parts_of(
    desk: Desk, assistant: Assistant, reader: object, asked_by: Policy | None = None
) -> dict[str, str]:
    """What the answers of an assistant depend on besides the threshold: a digest for each of PARTS.

    `reader` is the identity of what reads passages for evidence, `asked_by` the policy in place of
    the desk's.
    """
    # The threshold stands for itself, since `qa calibrate` may choose another than the settings'.
    policy = replace(asked_by or desk.policy, threshold=0.0)
    by = json.dumps(reader, sort_keys=True)
    found = fingerprint_of(assistant.live.current(), desk.model, policy, by)
    return {name: str(getattr(found, name)) for name in PARTS}


def _basis(
    desk: Desk, assistant: Assistant, asked_by: Policy, outcomes: Sequence[Outcome]
) -> Mapping[str, object]:
    """What the answers rest on: `threshold`, `settings`, `parts` and `texts` of a run."""
    traces = [dict(one.answer.trace) for one in outcomes]
    reader: object = next((one["reader"] for one in traces if "reader" in one), {})
    parts = parts_of(desk, assistant, reader, asked_by)
    threshold = asked_by.threshold
    rest = [parts[name] for name in PARTS if name != "corpus"]
    answers = [one.answer for one in outcomes]
    quotes = [quote for one in answers for quote in (*one.quotes, *one.held_back)]
    return {
        "threshold": threshold,
        "settings": hashlib.sha256(json.dumps([*rest, threshold]).encode()).hexdigest(),
        "parts": parts,
        "texts": {one.document_id: one.sha256 for one in quotes},
    }
