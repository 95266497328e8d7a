"""Confidence: observations of what was read, and the probability they lead to."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pytest

from qa import confidence
from qa.confidence import NAMES, Confidence, bundled_confidence, observations
from qa.errors import ModelError


def test_the_soft_maximum_counts_the_rest() -> None:
    found = observations([np.array([1.0, 3.0]), np.array([3.0])])
    assert found == pytest.approx([1.5 * np.log(np.exp(1 / 1.5) + 2 * np.exp(2))])


def test_more_evidence_is_never_less_confidence() -> None:
    soft = [observations([np.array([2.0, low])])[0] for low in (-9.0, -1.0, 1.9)]
    assert soft == sorted(soft)
    assert soft[0] >= 2.0


def test_a_logistic_curve_over_the_observations() -> None:
    one = Confidence((2.0,), -3.0)
    assert one.of(np.array([1.5])) == pytest.approx(0.5)
    assert one.of(np.array([2.0])) == pytest.approx(1 / (1 + np.exp(-1)))


def test_weights_of_another_number_are_an_error() -> None:
    with pytest.raises(ValueError, match="5 weights for 1 observations"):
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
