"""Danger said sideways: a question's vector held against messages written as examples.

The second layer of `qa.safety`. Its examples (data/danger_prototypes.csv) are of this project's own
writing: none is a patient's message. None is word for word a message that is measured on; some say
in other words what a tuned row says.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from qa.safety import Assessment, Danger
from qa.types import Vectors

__all__ = ["FLOORS", "Prototype", "PrototypeLayer", "prototypes"]

_HARMLESS = "harmless"
_FILE = "danger_prototypes.csv"

# Both from a grid (0.15-3 and 0.03-1), by recall on the tuned rows at 0.3 % false alarms among half
# of the patients' questions: 0.15-0.25 are much alike, 0.2 raised no alarm on harmless tuned rows,
# and above 0.35 recall falls. With the first 385 examples, at 0.5 %, means of the three nearest per
# class found about a third less, and one nearest still less.
WIDTH = 0.2
"""How fast an example's say fades with distance: by 1/e per 0.2 of cosine similarity."""
RIDGE = 0.3
"""How little single examples are trusted; see `_weights`."""

# The lowest steps of 0.02 at which under 0.5 % of the patients' questions raise a grave alarm and
# under 2 % the advice notice, and at which no tuned row that wants a quote became advice.
FLOORS = {Danger.EMERGENCY: 0.14, Danger.CRISIS: 0.14, Danger.ADVICE: 0.08}
"""By how much a class must lead the harmless one. Far from every example all scores are near 0, so
that the lead is a floor as well."""


@dataclass(frozen=True, slots=True)
class Prototype:
    """An example message. `danger` is NONE where it is harmless, mentions included."""

    text: str
    danger: Danger
    third_person: bool


def prototypes() -> tuple[Prototype, ...]:
    """The examples of the package."""
    file = resources.files("qa") / "data" / _FILE
    rows = csv.DictReader(file.read_text("utf-8").splitlines())
    return tuple(
        Prototype(row["text"], _danger(row["danger"]), row["third_person"] == "yes") for row in rows
    )


def _danger(name: str) -> Danger:
    return Danger.NONE if name == _HARMLESS else Danger(name)


class PrototypeLayer:
    """Holds the examples' vectors, and says which class of them a question's vector is of."""

    def __init__(self, encode: Callable[[Sequence[str]], Vectors]) -> None:
        """Encodes all examples at once, with the model that encodes the questions."""
        self._prototypes = prototypes()
        self._vectors = encode([each.text for each in self._prototypes])
        self._classes = (Danger.NONE, *FLOORS)
        member = np.array(
            [[each.danger is one for one in self._classes] for each in self._prototypes]
        )
        self._weights = _weights(self._vectors, member)

    def assess(self, vector: Vectors) -> Assessment:
        """The class that leads the harmless one by most, where that is above its floor.

        `vector` has unit length. What leads by less than its floor is no finding.
        """
        near = _nearness(self._vectors @ vector)
        scores = dict(zip(self._classes, near @ self._weights, strict=True))
        leads = {one: float(scores[one] - scores[Danger.NONE]) for one in FLOORS}
        found = [one for one in FLOORS if leads[one] >= FLOORS[one]]
        if not found:
            return Assessment(Danger.NONE)
        danger = max(found, key=leads.__getitem__)
        third = self._third_person(near, danger)
        return Assessment(danger, third, f"prototype:{danger.value}", leads[danger])

    def _third_person(self, near: Vectors, danger: Danger) -> bool:
        """As the nearest example of the class is."""
        pairs = zip(near, self._prototypes, strict=True)
        of_class = [(score, each) for score, each in pairs if each.danger is danger]
        return max(of_class, key=lambda pair: pair[0])[1].third_person


def _nearness(similarity: Vectors) -> Vectors:
    return np.exp((similarity - 1) / WIDTH)  # type: ignore[no-any-return]


def _weights(vectors: Vectors, member: Vectors) -> Vectors:
    """What each example says for each class: kernel ridge regression on membership.

    An example among its own kind says little, one between two kinds says much, and no class gains
    by having more examples written.
    """
    nearness = _nearness(vectors @ vectors.T)
    return np.linalg.solve(nearness + RIDGE * np.eye(len(vectors)), member.astype(float))
