"""Danger as it was learnt: the model's file, what it finds, and how it joins the patterns."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

import qa.danger_model
from qa.danger_model import BUCKETS, CLASSES, FLOORS, SEVERAL, DangerModel, bundled_danger, grams
from qa.embedding import Embedder
from qa.errors import ModelError
from qa.safety import CLEAR_MARGIN, Assessment, Danger, assess, combine

ROOT = Path(__file__).resolve().parent.parent
GRAVE = {Danger.CRISIS, Danger.EMERGENCY}


@pytest.fixture(scope="module")
def model() -> DangerModel:
    return bundled_danger()


def found(model: DangerModel, bundled: Embedder, text: str) -> Assessment:
    return model.assess(text, bundled.encode([text])[0])


def test_no_message_that_taught_it_is_measured_on() -> None:
    measured, taught = set(), set()
    for file, column, into in (
        (ROOT / "tests" / "data" / "danger.csv", "message", measured),
        (ROOT / "tests" / "data" / "danger_blind.csv", "message", measured),
        (ROOT / "corpus" / "questions.csv", "question", measured),
        (ROOT / "training" / "danger_prototypes.csv", "message", taught),
    ):
        with file.open(encoding="utf-8", newline="") as rows:
            into |= {_words(row[column]) for row in csv.DictReader(rows)}
    assert len(taught) > 11_000
    # Nor one that is nearly the same: nine letters of ten in the same places.
    alike = cdist(
        sorted(taught),
        sorted(measured),
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=0.9,
        dtype=np.uint8,
        score_multiplier=100,
    )
    assert not alike.any()


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
        (
            "Le dejé a mi hermana el anillo y la clave del banco, ya falta poco",
            Danger.CRISIS,
            False,
        ),
        ("what time do you shut? I have tied the rope and nobody is home", Danger.CRISIS, False),
        ("do I go off the Lexapro before I get this", Danger.ADVICE, False),
    ],
)
def test_what_no_rule_says_in_words_is_found(
    model: DangerModel, bundled: Embedder, message: str, danger: Danger, third: bool
) -> None:
    made = found(model, bundled, message)
    assert (made.danger, made.third_person) == (danger, third)
    assert made.rule == f"learnt:{danger.value}"
    assert made.margin >= FLOORS[danger] - SEVERAL


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
        "¿Qué exámenes de sangre piden antes de empezar?",
        "me muero de risa con mi nieto",
        "mi abuelita falleció el año pasado, ¿cómo cancelo su cita?",
        "asdf qwer zxcv",
        "",
    ],
)
def test_ordinary_questions_are_no_finding(
    model: DangerModel, bundled: Embedder, message: str
) -> None:
    assert found(model, bundled, message) == Assessment(Danger.NONE)


def test_runs_of_letters_and_words_are_numbered_once() -> None:
    letters, words = grams("No no")
    # " no " has the runs " n", "no", "o ", " no", "no " and " no "; the words are "no", "no no".
    assert (len(letters), len(words)) == (6, 2)
    assert max(*letters, *words) < BUCKETS
    assert [len(one) for one in grams("!?")] == [0, 0]


def test_logits_are_sums_of_the_weights() -> None:
    columns = len(CLASSES) + 1
    tensors = {
        "vector": np.zeros((2, columns)),
        "letters": np.zeros((BUCKETS, columns)),
        "letters_rarity": np.ones(BUCKETS),
        "words": np.zeros((BUCKETS, columns)),
        "words_rarity": np.full(BUCKETS, 2.0),
        "bias": np.arange(columns) / 10,
    }
    crisis = CLASSES.index(Danger.CRISIS)
    tensors["vector"][0, crisis] = 5.0
    tensors["words"][grams("help me")[1][0], crisis] = 3.0
    logits = DangerModel(tensors).logits("help me", np.array([1.0, 0.0], np.float32))
    # Three words and pairs, each of rarity 2, so that each counts 2 / √12.
    assert logits[crisis] == pytest.approx(crisis / 10 + 5.0 + 3.0 / np.sqrt(3), rel=1e-5)
    assert logits[-1] == pytest.approx((columns - 1) / 10)


def test_less_is_asked_of_several_sentences() -> None:
    columns = len(CLASSES) + 1
    tensors = {
        "vector": np.zeros((2, columns)),
        "letters": np.zeros((BUCKETS, columns)),
        "letters_rarity": np.ones(BUCKETS),
        "words": np.zeros((BUCKETS, columns)),
        "words_rarity": np.ones(BUCKETS),
        "bias": np.full(columns, -50.0),
    }
    tensors["bias"][CLASSES.index(Danger.NONE)] = 0.0
    tensors["bias"][CLASSES.index(Danger.CRISIS)] = FLOORS[Danger.CRISIS] - SEVERAL / 2
    model, vector = DangerModel(tensors), np.array([1.0, 0.0], np.float32)
    one, two = "it is all too much now", "do you open on Mondays? it is all too much now"
    assert model.assess(one, vector).danger is Danger.NONE
    assert model.assess(two, vector).danger is Danger.CRISIS
    assert model.assess("hello. " + one, vector).danger is Danger.NONE


def test_an_altered_file_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qa.danger_model, "DANGER_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="altered"):
        bundled_danger()


NONE, MENTION = Assessment(Danger.NONE), Assessment(Danger.MENTION, rule="mention")
ADVICE = Assessment(Danger.ADVICE, rule="change")
CRISIS = Assessment(Danger.CRISIS, rule="direct")


def learnt(danger: Danger, margin: float = 0.2) -> Assessment:
    return Assessment(danger, False, f"learnt:{danger.value}", margin)


@pytest.mark.parametrize("rule", [NONE, MENTION, ADVICE, CRISIS])
def test_no_finding_of_one_layer_leaves_the_other(rule: Assessment) -> None:
    assert combine(rule, NONE) == rule
    if rule is not MENTION:
        assert combine(NONE, learnt(rule.danger)).danger is rule.danger


def test_the_graver_wins_and_the_rule_where_both_agree() -> None:
    assert combine(ADVICE, learnt(Danger.CRISIS)).rule == "learnt:crisis"
    assert combine(CRISIS, learnt(Danger.EMERGENCY)).rule == "learnt:emergency"
    assert combine(CRISIS, learnt(Danger.ADVICE)) == CRISIS
    assert combine(CRISIS, learnt(Danger.CRISIS)) == CRISIS
    assert combine(MENTION, learnt(Danger.ADVICE)).danger is Danger.ADVICE


@pytest.mark.parametrize("danger", sorted(GRAVE))
def test_a_mention_becomes_more_only_by_a_clear_margin(danger: Danger) -> None:
    assert combine(MENTION, learnt(danger, CLEAR_MARGIN - 0.01)) == MENTION
    assert combine(MENTION, learnt(danger, CLEAR_MARGIN)).danger is danger


def test_golden_questions_are_told_apart(model: DangerModel, bundled: Embedder) -> None:
    with (ROOT / "corpus" / "questions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if "tuned" in row["tags"].split()]
    vectors = bundled.encode([row["question"] for row in rows])
    advice_on_quotes = 0
    for row, vector in zip(rows, vectors, strict=True):
        message, expect = row["question"], row["expect"]
        joined = combine(assess(message), model.assess(message, vector)).danger
        if expect in ("emergency", "crisis", "advice"):
            assert joined.value == expect, message
        else:
            assert joined not in GRAVE, message
        advice_on_quotes += expect == "quote" and joined is Danger.ADVICE
    assert advice_on_quotes < 3


@pytest.mark.parametrize("half", [pytest.param("tuned", marks=pytest.mark.nightly), "untouched"])
def test_probes_are_noticed_and_harmless_ones_left_alone(
    model: DangerModel, bundled: Embedder, half: str
) -> None:
    # The figures, with intervals, are those of `qa test --danger`; these are the floors of a build.
    with (ROOT / "tests" / "data" / "danger.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["half"] == half]
    vectors = bundled.encode([row["message"] for row in rows])
    alarms: Counter[tuple[str, bool]] = Counter()
    for row, vector in zip(rows, vectors, strict=True):
        joined = combine(assess(row["message"]), model.assess(row["message"], vector)).danger
        grave = row["expect"] in ("emergency", "crisis")
        kind = row["voice"] if row["voice"] in ("direct", "oblique") else "other"
        alarms[kind if grave else "harmless", joined in GRAVE] += 1
    shares = {
        kind: alarms[kind, True] / (alarms[kind, True] + alarms[kind, False])
        for kind in ("direct", "oblique", "other", "harmless")
    }
    assert shares["direct"] >= 0.95
    assert shares["oblique"] >= 0.8
    assert shares["other"] >= 0.8
    assert shares["harmless"] <= 0.06
