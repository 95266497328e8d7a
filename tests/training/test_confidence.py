"""Known weights are found again, and stated probabilities are held against what came true."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from training.confidence import calibration_error, fit, write_confidence

WEIGHTS, BIAS = np.array([1.5, -0.8, 0.0]), 0.4


def simulated(n: int) -> tuple[np.ndarray, np.ndarray, list[int]]:
    numbers = np.random.default_rng(5)
    seen = np.stack(
        [numbers.normal(2, 1, n), numbers.normal(0, 3, n), numbers.normal(-1, 0.5, n)], axis=1
    )
    right = numbers.uniform(size=n) < 1 / (1 + np.exp(-(seen @ WEIGHTS + BIAS)))
    return seen, right, list(range(n // 4)) * 4


def test_known_weights_are_recovered() -> None:
    told: list[str] = []
    seen, right, groups = simulated(8000)
    fitted = fit(seen, right, groups, told.append)
    mean, scale, weights, bias = fitted
    assert weights == pytest.approx(WEIGHTS, abs=0.15)
    assert bias == pytest.approx(BIAS, abs=0.25)
    assert mean == pytest.approx(seen.mean(axis=0))
    assert scale == pytest.approx(seen.std(axis=0))
    assert fitted.probability(seen).mean() == pytest.approx(right.mean(), abs=0.005)
    assert told[0].startswith("cross-validated by group: AUROC 0.")
    assert told[0].endswith("n = 8000")
    assert float(told[1].split()[-1]) < 0.03


def test_what_never_varies_counts_nothing() -> None:
    seen, right, groups = simulated(400)
    fitted = fit(np.column_stack([seen, np.ones(400)]), right, groups, lambda _: None)
    assert np.isfinite([*fitted.weights, fitted.bias]).all()
    assert fitted.weights[3] == 0


@pytest.mark.parametrize(
    ("seen", "right", "said"),
    [([[1.0], [2.0]], [True, True], "must not"), ([[1.0], [np.nan]], [True, False], "finite")],
)
def test_what_cannot_be_learnt_from(seen: object, right: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        fit(seen, right, [0, 1], lambda _: None)  # type: ignore[arg-type]


def test_calibration_error_worked_out_by_hand() -> None:
    probable = np.array([0.95, 0.95, 0.95, 0.95, 0.15, 0.15])
    right = np.array([True, True, True, False, False, False])
    assert calibration_error(probable, right) == pytest.approx((4 * 0.2 + 2 * 0.15) / 6)
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0


def test_it_is_written_down(tmp_path: Path) -> None:
    seen, right, groups = simulated(400)
    fitted = fit(seen, right, groups, lambda _: None)
    path = tmp_path / "reader" / "confidence.json"
    write_confidence(path, ["top", "gap", "terms"], fitted, "a command", {"patients": 400})
    found = json.loads(path.read_text("utf-8"))
    assert list(found) == ["names", "weights", "bias", "made_by", "fitted_on"]
    assert found["weights"] == fitted.weights.tolist()
    assert found["bias"] == fitted.bias
    with pytest.raises(ValueError, match="longer"):
        write_confidence(path, ["top"], fitted, "a command", {})
