"""Danger as it was learnt: what a message's vector and letters say → how grave it is.

The second layer of `qa.safety`: what no pattern has words for. A linear model with one weight a
class for each number of the message's vector (the embedding that search uses anyway) and for
each run of letters and of words in it. Vectors know what is meant; letters see through misspellings
that vectors do not know. Its weights lie in `qa/data/danger`; `python -m training.danger` makes
them from prototype messages of this project's own writing, none of them a patient's and none one
that is measured on.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load

from qa.errors import ModelError
from qa.safety import Assessment, Danger, normalise
from qa.types import Vectors

__all__ = [
    "CLASSES",
    "DANGER_SHA256",
    "FLOORS",
    "SEVERAL",
    "DangerModel",
    "Lead",
    "bundled_danger",
    "grams",
]

DANGER_SHA256 = "fd078e40822610dc527406adf2ceffb2b02bccc0737770e1c5bfc572a903d826"
"""Of `danger.safetensors`; `python -m training.danger` prints this line."""
CLASSES = tuple(Danger)
"""In the order of the weights."""
BUCKETS = 2**16
"""Runs are numbered by their CRC-32; that few of 65,536 are shared is enough for a sum."""
_RUN_LENGTHS = (2, 3, 4, 5)
_WORD = re.compile(r"[\w']+")

FLOORS = {Danger.CRISIS: 1.0, Danger.EMERGENCY: 1.2, Danger.ADVICE: 2.0}
"""Log odds by which grave classes together, or advice, must lead the rest. At 0.5, 1 and 1.5 the
whole detector, taught with fewer prototypes, noticed 94, 90 and 84 % of the newer probes that call
for help, with an alarm at 9, 4 and 4 % of the harmless ones; both halves of those were in view.
Emergency has more, since nothing is quoted beside it. Advice has the lowest of steps of 0.2 above
the golden questions that want a quote, but for one on mixing in a sedative, beside which the notice
is right; no harmless probe of the tuned half reaches it. Again: `qa test --danger FILE` with
`tests/data/danger.csv`."""
SEVERAL = 0.5
"""So much less is asked of a message of several sentences, where other questions stand beside the
danger and thin it. Chosen by cross-validation, where 0.78 of those were noticed in place of 0.70
with an alarm at 0.11 of the harmless ones in place of 0.08, and on the tuned half of the probes."""
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?;])\s+|(?<!\s)\s*\n\s*|[¿¡]")
_WORDS_OF_A_SENTENCE = 4


def grams(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The bucket numbers, each once, of a message's letter runs and of its words and word pairs.

    Letter runs of 2 to 5 are taken within words, blanks at both ends, from the text as
    `qa.safety.normalise` makes it plain.
    """
    words = _WORD.findall(normalise(text))
    letters: set[str] = set()
    for word in words:
        padded = f" {word} "
        for length in _RUN_LENGTHS:
            letters.update(padded[at : at + length] for at in range(len(padded) - length + 1))
    pairs = {f"{one} {other}" for one, other in pairwise(words)}
    return _buckets(letters), _buckets(set(words) | pairs)


def _buckets(runs: set[str]) -> NDArray[np.int64]:
    numbers = {zlib.crc32(run.encode()) % BUCKETS for run in runs}
    return np.array(sorted(numbers), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Lead:
    """By how much a message looks like a danger. The model keeps weights and no prototypes."""

    danger: Danger
    lead: float
    """Log odds of the class, or of both grave ones together, over all others."""
    floor: float
    """What the lead must be at least; less where other sentences stand beside the danger."""
    third_person: bool = False

    @property
    def holds(self) -> bool:
        """Whether it is danger."""
        return self.lead >= self.floor


class DangerModel:
    """Weights and what they say of a message."""

    def __init__(self, tensors: dict[str, NDArray[np.floating]]) -> None:
        """`vector` (384, n); `letters` and `words` (BUCKETS, n), each with its `…_rarity`
        (BUCKETS,); `bias` (n,). n is one for each of CLASSES, and one for the third person."""
        made = {name: value.astype(np.float32) for name, value in tensors.items()}
        self._vector, self._bias = made["vector"], made["bias"]
        self._parts = tuple((made[part], made[f"{part}_rarity"]) for part in ("letters", "words"))

    def logits(self, text: str, vector: Vectors) -> NDArray[np.float32]:
        """Of CLASSES, and last of the third person; of a message with its vector of unit length."""
        total = self._bias + vector @ self._vector
        for found, (weights, rarity) in zip(grams(text), self._parts, strict=True):
            if len(found):
                rare = rarity[found]
                total = total + rare @ weights[found] / float(np.linalg.norm(rare))
        return total

    def assess(self, text: str, vector: Vectors) -> Assessment:
        """What the message calls for, where a class leads the rest by its floor; no words, none."""
        found = next((one for one in self._weigh(text, vector) if one.holds), None)
        if found is None:
            return Assessment(Danger.NONE)
        return Assessment(found.danger, found.third_person, f"learnt:{found.danger}", found.lead)

    def leads(self, text: str, vector: Vectors) -> tuple[Lead, ...]:
        """What `assess` decided by: the lead of the grave classes, then that of advice."""
        return tuple(self._weigh(text, vector))

    def _weigh(self, text: str, vector: Vectors) -> Iterator[Lead]:
        if not _WORD.search(text):
            return
        *of_classes, third = map(float, self.logits(text, vector))
        logits = dict(zip(CLASSES, of_classes, strict=True))
        grave = (Danger.CRISIS, Danger.EMERGENCY)
        danger = max(grave, key=logits.__getitem__)
        floor = FLOORS[danger] - (SEVERAL if _has_several_sentences(text) else 0.0)
        yield Lead(danger, _lead(logits, grave), floor, third > 0)
        yield Lead(Danger.ADVICE, _lead(logits, (Danger.ADVICE,)), FLOORS[Danger.ADVICE])


def _has_several_sentences(text: str) -> bool:
    parts = _BETWEEN_SENTENCES.split(text)
    return sum(len(_WORD.findall(part)) >= _WORDS_OF_A_SENTENCE for part in parts) > 1


def _lead(logits: dict[Danger, float], classes: Sequence[Danger]) -> float:
    """The log odds of these classes together."""
    inside = np.logaddexp.reduce([logits[one] for one in classes])
    outside = np.logaddexp.reduce([value for one, value in logits.items() if one not in classes])
    return float(inside - outside)


def bundled_danger() -> DangerModel:
    """The model that comes with the program. Raises ModelError where it is missing or altered."""
    path = Path(str(resources.files("qa"))) / "data" / "danger" / "danger.safetensors"
    try:
        data = path.read_bytes()
        found = hashlib.sha256(data).hexdigest()
        if found != DANGER_SHA256:
            raise ValueError(f"it was altered: SHA-256 {found}, expected {DANGER_SHA256}")
        return DangerModel(load(data))
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(f"{path} cannot be used ({error}). Install the program anew.") from error
