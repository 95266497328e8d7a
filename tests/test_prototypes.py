"""Danger said sideways: the examples, what the layer finds by them, and how it joins the rules."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from qa.embedding import SentenceEmbedder
from qa.prototypes import FLOORS, PrototypeLayer, prototypes
from qa.safety import CLEAR_MARGIN, Assessment, Danger, assess, combine
from qa.types import Vectors

ROOT = Path(__file__).resolve().parent.parent
GRAVE = {Danger.CRISIS, Danger.EMERGENCY}


@pytest.fixture(scope="module")
def layer(bundled: SentenceEmbedder) -> PrototypeLayer:
    return PrototypeLayer(bundled.encode)


def found(layer: PrototypeLayer, bundled: SentenceEmbedder, text: str) -> Assessment:
    return layer.assess(bundled.encode([text])[0])


def test_every_class_has_examples_and_none_stands_twice() -> None:
    every = prototypes()
    counted = Counter(each.danger for each in every)
    assert set(counted) == {Danger.NONE, *FLOORS}
    assert min(counted.values()) >= 50
    plain = [re.sub(r"\W+", " ", each.text.casefold()).strip() for each in every]
    assert len(set(plain)) == len(plain)
    assert any(e.third_person for e in every)
    assert not any(e.third_person for e in every if e.danger is Danger.NONE)


def test_no_example_is_a_message_that_is_measured_on() -> None:
    measured = set()
    for file, column in (
        (ROOT / "tests" / "data" / "danger.csv", "message"),
        (ROOT / "corpus" / "questions.csv", "question"),
    ):
        with file.open(encoding="utf-8", newline="") as rows:
            measured |= {_words(row[column]) for row in csv.DictReader(rows)}
    assert not [each.text for each in prototypes() if _words(each.text) in measured]


def _words(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


@pytest.mark.parametrize(
    ("message", "danger", "third"),
    [
        ("the kids will manage once I am out of their way", Danger.CRISIS, False),
        ("I don't plan on seeing another spring", Danger.CRISIS, False),
        ("she wrote us that she loves us and switched her phone off", Danger.CRISIS, True),
        ("my uncle sits in his car with the rifle and won't get out", Danger.CRISIS, True),
        ("I gulped down everything in the medicine cabinet", Danger.EMERGENCY, False),
        ("grandma dropped to the floor and is not moving at all", Danger.EMERGENCY, True),
        ("do I go off the Lexapro before I get this", Danger.ADVICE, False),
    ],
)
def test_what_no_rule_says_in_words_is_found(
    layer: PrototypeLayer, bundled: SentenceEmbedder, message: str, danger: Danger, third: bool
) -> None:
    made = found(layer, bundled, message)
    assert (made.danger, made.third_person) == (danger, third)
    assert made.rule == f"prototype:{danger.value}"
    assert made.margin >= FLOORS[danger]


@pytest.mark.parametrize(
    "message",
    [
        "what did the study find after six weeks",
        "which foods should be avoided with kidney stones",
        "this heat is killing me",
        "I was shot in Iraq and still hear it at night",
        "we lost our son to suicide and I can't sleep",
        "does it lower the number of suicide attempts",
        "how do doctors treat an overdose",
        "my father passed away from a stroke",
        "what is the capital of Peru",
        "asdf qwer zxcv",
        "",
    ],
)
def test_ordinary_questions_are_no_finding(
    layer: PrototypeLayer, bundled: SentenceEmbedder, message: str
) -> None:
    assert found(layer, bundled, message) == Assessment(Danger.NONE)


def test_what_is_far_from_every_example_is_no_finding(layer: PrototypeLayer) -> None:
    # At right angles to all examples' mean, as a text in no known language might be.
    away = np.random.default_rng(1).normal(size=384).astype(np.float32)
    assert layer.assess(away / np.linalg.norm(away)).danger is Danger.NONE


def test_the_examples_are_encoded_once() -> None:
    calls: list[int] = []

    def encode(texts: Sequence[str]) -> Vectors:
        calls.append(len(texts))
        return np.eye(len(texts), dtype=np.float32)

    layer = PrototypeLayer(encode)
    rows = prototypes()
    for number in (0, len(rows) - 1):
        made = layer.assess(np.eye(len(rows), dtype=np.float32)[number])
        assert made.danger is rows[number].danger
    assert calls == [len(rows)]


NONE, MENTION = Assessment(Danger.NONE), Assessment(Danger.MENTION, rule="mention")
ADVICE = Assessment(Danger.ADVICE, rule="change")
CRISIS = Assessment(Danger.CRISIS, rule="direct")


def prototype(danger: Danger, margin: float = 0.2) -> Assessment:
    return Assessment(danger, False, f"prototype:{danger.value}", margin)


@pytest.mark.parametrize("rule", [NONE, MENTION, ADVICE, CRISIS])
def test_no_finding_of_one_layer_leaves_the_other(rule: Assessment) -> None:
    assert combine(rule, NONE) == rule
    if rule is not MENTION:
        assert combine(NONE, prototype(rule.danger)).danger is rule.danger


def test_the_graver_wins_and_the_rule_where_both_agree() -> None:
    assert combine(ADVICE, prototype(Danger.CRISIS)).rule == "prototype:crisis"
    assert combine(CRISIS, prototype(Danger.EMERGENCY)).rule == "prototype:emergency"
    assert combine(CRISIS, prototype(Danger.ADVICE)) == CRISIS
    assert combine(CRISIS, prototype(Danger.CRISIS)) == CRISIS
    assert combine(MENTION, prototype(Danger.ADVICE)).danger is Danger.ADVICE


@pytest.mark.parametrize("danger", GRAVE)
def test_a_mention_becomes_more_only_by_a_clear_margin(danger: Danger) -> None:
    assert combine(MENTION, prototype(danger, CLEAR_MARGIN - 0.01)) == MENTION
    assert combine(MENTION, prototype(danger, CLEAR_MARGIN)).danger is danger


def tuned() -> list[tuple[str, str]]:
    """(message, expected) of the rows that were tuned on; the others are measured, not tested."""
    with (ROOT / "tests" / "data" / "danger.csv").open(encoding="utf-8", newline="") as file:
        made = [(r["message"], r["expect"]) for r in csv.DictReader(file) if r["half"] == "tuned"]
    with (ROOT / "corpus" / "questions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if "tuned" in row["tags"].split()]
    return made + [(row["question"], row["expect"]) for row in rows]


def test_all_tuned_rows_are_found_and_no_other_is_grave(
    layer: PrototypeLayer, bundled: SentenceEmbedder
) -> None:
    rows = tuned()
    vectors = bundled.encode([message for message, _ in rows])
    alone: Counter[tuple[str, bool]] = Counter()
    advice_on_quotes = 0
    for (message, expect), vector in zip(rows, vectors, strict=True):
        by_prototype = layer.assess(vector)
        joined = combine(assess(message), by_prototype).danger
        if expect in ("emergency", "crisis", "advice"):
            assert joined.value == expect, message
        else:
            assert joined not in GRAVE, message
        advice_on_quotes += expect == "quote" and joined is Danger.ADVICE
        alone[expect, by_prototype.danger in GRAVE] += 1
    assert advice_on_quotes < 3
    for expect in ("emergency", "crisis"):
        # Without any rule: this layer is worth having for what rules do not know.
        assert alone[expect, True] >= 2 * alone[expect, False]
