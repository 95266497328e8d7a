"""`python -m training.danger`: messages of danger and harmless ones → qa.danger_model's weights.

    python -m training.danger                 cross-validates, then writes qa/data/danger
    python -m training.danger --only-figures  cross-validates alone

Takes some minutes. The prototypes, `training/danger_prototypes.csv`, were written for this, a
line each: message, expect (a class of qa.safety.Danger), voice. None is a patient's, and none is
one of `tests/data/danger.csv` or of the golden questions, which are for measuring.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from qa.danger_model import BUCKETS, CLASSES, FLOORS, DangerModel, grams
from qa.embedding import SentenceEmbedder
from qa.publishing import replace_file
from qa.safety import Danger

ROOT = Path(__file__).resolve().parents[1]
MESSAGES = ROOT / "training" / "danger_prototypes.csv"
WEIGHTS = ROOT / "qa" / "data" / "danger" / "danger.safetensors"
VECTOR_SCALE = 3.0
"""How much the vector counts beside letters and words, each of length 1."""
TRUST = 3.0
"""The inverse of regularisation: 1, 3 and 10 were tried with scales of 2, 3 and 5."""
_FOLDS = 5
_GRAVE = (Danger.CRISIS, Danger.EMERGENCY)

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Message:
    """A message and what it calls for."""

    text: str
    danger: Danger
    voice: str

    @property
    def fold(self) -> int:
        """The same in every run."""
        return zlib.crc32(self.text.encode()) % _FOLDS


def read_messages(path: Path) -> list[Message]:
    """Each message once, by its text. Raises ValueError for a class that there is not."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["message"]: row for row in csv.DictReader(file)}
    return [Message(text, Danger(row["expect"]), row["voice"]) for text, row in rows.items()]


def fit(messages: Sequence[Message], vectors: Floats) -> dict[str, NDArray[np.float16]]:
    """The tensors of a DangerModel: a multinomial logistic regression, classes counting alike."""
    from scipy import sparse

    found = [grams(one.text) for one in messages]
    parts, rarities = zip(*(_counted([pair[at] for pair in found]) for at in (0, 1)), strict=True)
    inputs = sparse.hstack([sparse.csr_matrix(vectors * VECTOR_SCALE), *parts]).tocsr()
    weights, bias = _regression(inputs, [CLASSES.index(one.danger) for one in messages])
    grave = np.array([one.danger in _GRAVE and one.voice != "mixed" for one in messages])
    third, third_bias = _regression(
        inputs[np.flatnonzero(grave)],
        [int(one.voice == "third") for one, is_one in zip(messages, grave, strict=True) if is_one],
    )
    weights, bias = np.hstack([weights, third]), np.append(bias, third_bias)
    width = vectors.shape[1]
    made = {
        "vector": weights[:width] * VECTOR_SCALE,
        "letters": weights[width : width + BUCKETS],
        "letters_rarity": rarities[0],
        "words": weights[width + BUCKETS :],
        "words_rarity": rarities[1],
        "bias": bias,
    }
    return {name: np.ascontiguousarray(one, np.float16) for name, one in made.items()}


def _counted(rows: Sequence[NDArray[np.int64]]) -> tuple[Any, Floats]:
    """Rows of bucket numbers as a sparse matrix with rows of length 1, and each bucket's rarity.

    Rarity is the inverse document frequency, ln((1 + n) / (1 + df)) + 1.
    """
    from scipy import sparse

    flat = np.concatenate(rows)
    ends = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    often = np.bincount(flat, minlength=BUCKETS)
    rarity = np.log((1 + len(rows)) / (1 + often)) + 1
    lengths = [np.linalg.norm(rarity[row]) for row in rows]
    values = np.concatenate(
        [rarity[row] / max(length, 1e-9) for row, length in zip(rows, lengths, strict=True)]
    )
    return sparse.csr_matrix((values, flat, ends), shape=(len(rows), BUCKETS)), rarity


def _regression(inputs: Any, classes: Sequence[int]) -> tuple[Floats, Floats]:
    """Weights (inputs, classes) and bias (classes,); one column where there are two classes."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=TRUST, max_iter=300, class_weight="balanced")
    model.fit(inputs, classes)
    return model.coef_.T, model.intercept_


def cross_validate(messages: Sequence[Message], vectors: Floats) -> list[tuple[Message, Any]]:
    """Each message with its assessment by a model that has not seen it."""
    folds = np.array([one.fold for one in messages])
    made = []
    for fold in range(_FOLDS):
        train = np.flatnonzero(folds != fold).tolist()
        held = np.flatnonzero(folds == fold).tolist()
        model = DangerModel(dict(fit([messages[i] for i in train], vectors[train])))
        made += [(messages[i], model.assess(messages[i].text, vectors[i])) for i in held]
    return made


def figures(assessed: Iterable[tuple[Message, Any]]) -> list[str]:
    """A line a class and voice: how many were taken for grave, and how many for their own class."""
    counted: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    for message, found in assessed:
        grave, own = found.danger in _GRAVE, found.danger is message.danger
        counted.setdefault((message.danger.value, message.voice), []).append((grave, own))
    return [
        f"{danger:10} {voice:10} {len(pairs):5}  grave {sum(g for g, _ in pairs) / len(pairs):.3f}"
        f"  own class {sum(o for _, o in pairs) / len(pairs):.3f}"
        for (danger, voice), pairs in sorted(counted.items())
    ]


def main() -> int:
    """Reads the command line, fits, prints."""
    parser = argparse.ArgumentParser(prog="python -m training.danger", description=__doc__)
    parser.add_argument("--messages", type=Path, default=MESSAGES)
    parser.add_argument("--only-figures", action="store_true", help="do not write the weights")
    given = parser.parse_args()
    messages = read_messages(given.messages)
    vectors = SentenceEmbedder().encode([one.text for one in messages])
    print(f"{len(messages)} messages, {_FOLDS} folds, floors {FLOORS}")
    print("\n".join(figures(cross_validate(messages, vectors))))
    if not given.only_figures:
        data = save(fit(messages, vectors))
        WEIGHTS.parent.mkdir(parents=True, exist_ok=True)
        replace_file(WEIGHTS, data)
        print(
            "The line for qa/danger_model.py:\n"
            f'DANGER_SHA256 = "{hashlib.sha256(data).hexdigest()}"'
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
