from __future__ import annotations

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from gotune.evaluation.reliability import (
    ReliabilityBin,
    equal_mass_bins,
    expected_calibration_error,
    reliability,
)

GENERATOR = np.random.default_rng(0)
P = GENERATOR.random((300, 3))
TRUTH = GENERATOR.random((300, 3)) < P**2


def test_bins_have_equal_mass_and_equal_probabilities_share_one() -> None:
    assert np.bincount(equal_mass_bins(P[:, 0], 15)).tolist() == [20] * 15
    assert equal_mass_bins(np.array([0.1, 0.2, 0.2, 0.9]), 4).tolist() == [0, 2, 2, 3]
    assert len(set(equal_mass_bins(np.full(7, 0.3)).tolist())) == 1
    assert equal_mass_bins(np.zeros(0)).tolist() == []


def test_bins_are_those_of_scikit_learn() -> None:
    found = reliability(TRUTH, P)
    for label in range(3):
        observed, predicted = calibration_curve(TRUTH[:, label], P[:, label], n_bins=15, strategy="quantile")
        assert [bin_.observed for bin_ in found.aspects[label]] == pytest.approx(observed)
        assert [bin_.predicted for bin_ in found.aspects[label]] == pytest.approx(predicted)
    assert sum(bin_.count for bin_ in found.pooled) == 900


def test_error_is_the_mean_gap() -> None:
    # The first aspect says 0.25 where half is true, the second is right, of the third one bin of two is off.
    truth = np.array([[1, 1, 0], [0, 0, 0], [1, 1, 1], [0, 0, 1]], dtype=bool)
    p = np.array([[0.25, 0.5, 0.0], [0.25, 0.5, 0.0], [0.25, 0.5, 0.5], [0.25, 0.5, 0.5]])
    assert expected_calibration_error(truth, p, n_bins=2) == pytest.approx((0.25 + 0 + 0.25) / 3)
    found = reliability(truth, p, n_bins=2)
    assert found.calibration_error == expected_calibration_error(truth, p, n_bins=2)
    assert found.aspects[2] == (ReliabilityBin(0.0, 0.0, 2), ReliabilityBin(0.5, 1.0, 2))


def test_gaps_of_different_aspects_do_not_cancel() -> None:
    truth = np.array([[True, False]] * 10)
    assert expected_calibration_error(truth, np.full((10, 2), 0.5)) == 0.5


def test_only_what_is_judged_is_in_a_bin() -> None:
    truth = np.array([[1, np.nan, np.nan], [0, np.nan, 0], [1, np.nan, 1], [0, np.nan, np.nan]])
    p = np.array([[0.25, 0.5, 0.9], [0.25, 0.5, 0.5], [0.25, 0.5, 0.5], [0.25, 0.5, 0.1]])
    found = reliability(truth, p, n_bins=2)
    assert found.aspects == ((ReliabilityBin(0.25, 0.5, 4),), (), (ReliabilityBin(0.5, 0.5, 2),))
    assert found.pooled == (ReliabilityBin(0.25, 0.5, 4), ReliabilityBin(0.5, 0.5, 2))
    assert found.calibration_error == (0.25 + 0) / 2
