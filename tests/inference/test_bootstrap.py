"""The weighted figures against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, roc_auc_score

from gotune.inference.bootstrap import confusions, draw_resamples, estimate, roc_aucs

TRUTH = np.array([0, 1, 2, 2, 1, 0, 0, 2])
PREDICTED = np.array([0, 1, 1, 2, 1, 0, 2, 2])


def test_every_resample_has_as_many_rows() -> None:
    counts = draw_resamples(8, seed=0, n_resamples=5)
    assert counts.shape == (5, 8)
    assert counts.sum(axis=1).tolist() == [8.0] * 5
    assert (counts == draw_resamples(8, seed=0, n_resamples=5)).all()


def test_confusions_are_those_of_scikit_learn() -> None:
    counts = draw_resamples(8, seed=1, n_resamples=4)
    for table, weights in zip(confusions(TRUTH, PREDICTED, 3, counts), counts, strict=True):
        assert (table == confusion_matrix(TRUTH, PREDICTED, sample_weight=weights)).all()


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 3)), min_size=2, max_size=30).filter(
        lambda rows: len({positive for positive, _, weight in rows if weight}) == 2
    )
)
def test_areas_are_those_of_scikit_learn(rows: list[tuple[bool, int, int]]) -> None:
    positive, scores, weights = (np.array(column) for column in zip(*rows, strict=True))
    (area,) = roc_aucs(positive, scores.astype(float), weights[None].astype(float))
    assert area == pytest.approx(roc_auc_score(positive, scores, sample_weight=weights))


def test_area_without_negatives_is_nan() -> None:
    assert np.isnan(roc_aucs(np.array([True, True]), np.array([0.1, 0.2]), np.ones((1, 2)))).all()


def test_interval_is_the_middle_95_percent() -> None:
    found = estimate(0.5, np.arange(1001) / 1000)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.025, 0.975))
