"""A stated error rate: what it says, what it depends on, and the file it is kept in.

`index/calibrations/<generation>.json` lies beside the generation, which is immutable. It holds the
statement, a fingerprint of all that the statement depends on, and a checksum over both. Where any
of that is not as it was, the statement has lapsed: it is not shown, and a threshold that was chosen
with it is not used.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from qa import __version__
from qa.answer import Policy
from qa.errors import CalibrationError
from qa.generation import SYNONYMS_JSON, Generation
from qa.publishing import CALIBRATIONS, replace_file
from qa.strict_json import read_json

__all__ = [
    "CalibratedPolicy",
    "Calibration",
    "Fingerprint",
    "fingerprint_of",
    "latest_calibration",
    "read_calibration",
    "rounded_up",
    "stated",
    "write_calibration",
]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """All that a stated error rate depends on; `generation` is a name, the rest are digests."""

    generation: str
    manifest: str
    corpus: str
    """Documents and synonyms."""
    model: str
    settings: str
    """Of building and of answering."""
    reader: str
    program: str

    def changes(self, now: Fingerprint) -> str:
        """What is another thing `now`, as in "the corpus and the model"; empty where nothing is."""
        names = ("corpus", "model", "settings", "reader", "program")
        found = [f"the {name}" for name in names if getattr(self, name) != getattr(now, name)]
        if not found and self != now:
            return "the generation"  # the same documents were indexed again
        return " and ".join([", ".join(found[:-1]), found[-1]] if found[1:] else found)


def fingerprint_of(
    generation: Generation, model: Mapping[str, str], policy: Policy, reader: str
) -> Fingerprint:
    """What the answers of a generation depend on, as it is now.

    `model` is the embedder's identity, `policy` that of the settings, `reader` the identity of what
    reads passages for evidence.
    """
    manifest = generation.manifest
    settings = {"build": manifest["options"], "answer": asdict(policy)}
    return Fingerprint(
        generation=generation.name,
        manifest=_digest(manifest),
        corpus=_digest([manifest["documents"], manifest["files"][SYNONYMS_JSON]]),
        model=_digest(dict(model)),
        settings=_digest(settings),
        reader=_digest(reader),
        program=_digest([__version__, manifest["format"]]),
    )


def _digest(value: Any) -> str:
    """SHA-256 in hex of a value's JSON, the same for equal values."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Calibration:
    """How often answers are wrong at a threshold, as judged questions tell.

    Raises ValueError when made of parts that contradict each other.
    """

    fingerprint: Fingerprint
    threshold: float
    wrong: int
    shown: int
    upper: float
    """At most this share of the answers shown is wrong; between 0 and 1."""
    level: float
    """Confidence of that; between 0 and 1."""
    target: float | None
    """What the threshold was chosen for; None where it is the one of the settings."""
    held: bool
    """Whether the counts are those of held questions only."""
    questions_sha256: str
    """SHA-256 of the file of judged questions, in hex."""
    date: str

    def __post_init__(self) -> None:
        if not 0 <= self.wrong <= self.shown or not self.shown:
            raise ValueError(f"{self.wrong} wrong of {self.shown} shown is no count")
        if not self.wrong / self.shown <= self.upper <= 1.0:
            raise ValueError(f"{self.upper} is no upper bound of {self.wrong}/{self.shown}")
        if not (0.0 <= self.threshold <= 1.0 and 0.0 < self.level < 1.0):
            raise ValueError("threshold and level lie between 0 and 1")
        if self.target is not None and not 0.0 < self.target < 1.0:
            raise ValueError("a target lies between 0 and 1")

    def __str__(self) -> str:
        """The statement, its share rounded up."""
        which = "held" if self.held else "judged"
        return (
            f"of answers shown, at most {rounded_up(self.upper)} are wrong, with "
            f"{self.level * 100:g} % confidence, n = {self.shown} "
            f"({self.wrong} wrong; {which} questions, threshold {self.threshold:g}, {self.date})"
        )


def rounded_up(share: float) -> str:
    """A bound as a percentage, rounded up to a tenth: a statement must not gain by rounding."""
    return f"{math.ceil(round(share * 1000, 6)) / 10:g} %"


def write_calibration(index: Path, calibration: Calibration) -> None:
    """Keeps a calibration in place of the generation's earlier one, all of it or nothing.

    Raises CalibrationError where that cannot be.
    """
    path = _path(index, calibration.fingerprint.generation)
    record = asdict(calibration)
    data = json.dumps({"calibration": record, "sha256": _digest(record)}, indent=1)
    try:
        path.parent.mkdir(exist_ok=True)
        replace_file(path, data.encode() + b"\n")
    except OSError as error:
        raise CalibrationError(
            f"{path} cannot be written ({error.strerror}). What was stated before is kept."
        ) from error


def read_calibration(index: Path, generation: str) -> Calibration | None:
    """The calibration of a generation, None where there is none.

    Raises CalibrationError where its file is damaged.
    """
    path = _path(index, generation)
    try:
        kept = read_json(path.read_bytes())
        record = kept["calibration"]
        if kept["sha256"] != _digest(record):
            raise ValueError("its checksum is not the one recorded")
        if set(record) != {field.name for field in fields(Calibration)}:
            raise ValueError("it is of another version")
        found = Calibration(**record | {"fingerprint": Fingerprint(**record["fingerprint"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        what = getattr(error, "strerror", None) or error
        raise CalibrationError(
            f"{path} cannot be used ({what}), so there is no stated error rate. "
            "Run `qa calibrate` to make it anew."
        ) from error
    if found.fingerprint.generation != generation:
        raise CalibrationError(
            f"{path} is that of another generation, so there is no stated error rate. "
            "Run `qa calibrate` to make it anew."
        )
    return found


def latest_calibration(index: Path, generation: str) -> Calibration | None:
    """The generation's own calibration, or else the newest one of another generation.

    Raises CalibrationError as `read_calibration` does.
    """
    own = read_calibration(index, generation)
    if own is not None:
        return own
    others = sorted((path.stem for path in (index / CALIBRATIONS).glob("*.json")), reverse=True)
    return read_calibration(index, others[0]) if others else None


def _path(index: Path, generation: str) -> Path:
    return index / CALIBRATIONS / f"{generation}.json"


def stated(index: Path, now: Fingerprint) -> str:
    """The error rate as `qa status` shows it: the statement, or why there is none."""
    try:
        found = latest_calibration(index, now.generation)
    except CalibrationError as error:
        return f"damaged: {error}"
    if found is None:
        return "no stated error rate: run `qa calibrate`"
    changes = found.fingerprint.changes(now)
    return f"lapsed: {changes} changed; run `qa calibrate`" if changes else str(found)


class CalibratedPolicy:
    """The policy of the settings, with the threshold chosen for a generation while that holds.

    It is looked up whenever the generation or its file is another than the last time, so that a
    running server takes a new threshold at once and never that of another generation.
    """

    def __init__(self, index: Path, policy: Policy, model: Mapping[str, str], reader: str) -> None:
        """`policy`, `model` and `reader` are as in `fingerprint_of`."""
        self._index = index
        self.settings = policy
        self._model = dict(model)
        self._reader = reader
        self._known: tuple[str, object, Policy] = ("", None, policy)

    def __call__(self, generation: Generation) -> Policy:
        """The policy by which this generation answers. A damaged file is logged and not used."""
        known, mark = self._known, self._mark(generation.name)
        if known[:2] != (generation.name, mark):
            known = self._known = (generation.name, mark, self._look_up(generation))
        return known[2]

    def _mark(self, generation: str) -> object:
        """Tells whether a file is the one it was."""
        try:
            found = _path(self._index, generation).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _look_up(self, generation: Generation) -> Policy:
        try:
            found = latest_calibration(self._index, generation.name)
        except CalibrationError as error:
            log.warning("%s", error)
            return self.settings
        if found is None or found.target is None:
            return self.settings
        now = self._fingerprint(generation)
        changes = found.fingerprint.changes(now)
        if changes:
            log.warning(
                "the threshold %g that `qa calibrate` chose is not used, since %s changed",
                found.threshold,
                changes,
            )
            return self.settings
        return replace(self.settings, threshold=found.threshold)

    def statement(self, generation: Generation) -> Calibration | None:
        """The stated error rate of this generation, while it holds; a damaged file states none."""
        try:
            found = read_calibration(self._index, generation.name)
        except CalibrationError:
            return None
        holds = found is not None and found.fingerprint == self._fingerprint(generation)
        return found if holds else None

    def _fingerprint(self, generation: Generation) -> Fingerprint:
        return fingerprint_of(generation, self._model, self.settings, self._reader)
