from __future__ import annotations

import numpy as np
import pytest

from gotune.estimates import draw_resamples, estimate


def test_every_resample_has_as_many_rows() -> None:
    counts = draw_resamples(8, seed=0, n_resamples=5)
    assert counts.shape == (5, 8)
    assert counts.sum(axis=1).tolist() == [8.0] * 5
    assert (counts == draw_resamples(8, seed=0, n_resamples=5)).all()


def test_interval_is_the_middle_95_percent() -> None:
    found = estimate(0.5, np.arange(1001) / 1000)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.025, 0.975))
