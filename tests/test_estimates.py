from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from gotune.estimates import Estimate, Interval, draw_resamples, estimate, widened, wilson_interval


def test_every_resample_has_as_many_rows() -> None:
    counts = draw_resamples(8, seed=0, n_resamples=5)
    assert counts.shape == (5, 8)
    assert counts.sum(axis=1).tolist() == [8.0] * 5
    assert (counts == draw_resamples(8, seed=0, n_resamples=5)).all()


def test_interval_is_the_middle_95_percent() -> None:
    found = estimate(0.5, np.arange(1001) / 1000)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.025, 0.975))


@pytest.mark.parametrize(("hits", "n"), [(0, 1), (1, 1), (0, 200), (200, 200), (7, 10)])
def test_wilson_interval_is_that_of_scipy(hits: int, n: int) -> None:
    found = wilson_interval(hits / n, n)
    expected = binomtest(hits, n).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert 0 <= found.low <= hits / n <= found.high <= 1


def test_of_nothing_every_share_is_possible() -> None:
    assert wilson_interval(0.0, 0) == Interval(0.0, 1.0)


def test_only_an_interval_without_width_is_replaced() -> None:
    instead = Interval(0.25, 1.0)
    assert widened(Estimate(1.0, Interval(1.0, 1.0)), instead) == Estimate(1.0, instead)
    assert widened(Estimate(1 / 3, Interval(1 / 3, 1 / 3 + 1e-16)), instead) == Estimate(1 / 3, instead)
    wide = Estimate(0.999, Interval(0.998, 1.0))
    assert widened(wide, instead) == wide
