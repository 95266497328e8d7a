"""Confidence: observations of what was read, and the probability they lead to."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pytest

from qa import confidence
from qa.confidence import NAMES, Confidence, bundled_confidence, observations
from qa.errors import ModelError


def test_the_soft_maximum_counts_a_little_of_the_rest() -> None:
    features = [np.arange(10, dtype=np.float32).reshape(2, 5), np.full((1, 5), 9, np.float32)]
    found = observations(features, [np.array([1.0, 3.0]), np.array([3.0])])
    # ln(e + 2 e³) - 3 is what the others add to the best; three tenths of it count.
    assert found[0] == pytest.approx(3 + 0.3 * (np.log(np.e + 2 * np.e**3) - 3))
    assert found[1:].tolist() == [5, 6, 7, 8, 9]  # of the best sentence, the first of equals


def test_more_evidence_is_never_less_confidence() -> None:
    given = [np.zeros((2, 5), np.float32)]
    soft = [observations(given, [np.array([2.0, low])])[0] for low in (-9.0, -1.0, 1.9)]
    assert soft == sorted(soft)


def test_a_logistic_curve_over_the_observations() -> None:
    one = Confidence((1.0, 0.0, 0.0, 0.0, 0.0, 2.0), -3.0)
    assert one.of(np.array([1.0, 9, 9, 9, 9, 1.0])) == pytest.approx(0.5)
    assert one.of(np.array([2.0, 9, 9, 9, 9, 1.0])) == pytest.approx(1 / (1 + np.exp(-1)))


def test_weights_of_another_number_are_an_error() -> None:
    with pytest.raises(ValueError, match="5 weights for 6 observations"):
        Confidence((1.0,) * 5, 0.0)


def test_the_bundled_weights_name_what_they_weigh_and_how_they_were_made() -> None:
    path = resources.files("qa") / "data" / "reader" / "confidence.json"
    kept = json.loads(path.read_text("utf-8"))
    assert kept["names"] == list(NAMES)
    assert "python -m training" in kept["made_by"]
    assert bundled_confidence().weights[0] > 0  # more evidence, more confidence


def test_altered_weights_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confidence, "CONFIDENCE_SHA256", "0" * 64)
    with pytest.raises(ModelError, match=r"confidence\.json cannot be used \(it was altered"):
        bundled_confidence()
