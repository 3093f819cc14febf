"""The figures of resampled groups against scikit-learn's weighted ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from gotune.errors import DatasetError
from gotune.evaluation import resampling as group_bootstrap
from gotune.evaluation.resampling import resample_groups
from tests.examples import some

ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.sampled_from("abcd")), min_size=3, max_size=30)


@given(ROWS)
@some(30)
def test_figures_are_those_of_scikit_learn(rows: list[tuple[bool, int, str]]) -> None:
    positive, scores, groups = (np.array(column) for column in zip(*rows, strict=True))
    if not positive.any() or len(set(groups)) == 1:
        return
    resamples = resample_groups(groups.tolist(), n_resamples=5)
    found = resamples.ranking(positive, scores.astype(float))
    for area, precision, counts in zip(*found, resamples.counts, strict=True):
        weights = counts[resamples.codes]
        if not weights[positive].any():
            assert np.isnan(area)
            assert np.isnan(precision)
            continue
        expected = average_precision_score(positive, scores, sample_weight=weights)
        assert precision == pytest.approx(expected)
        if weights[~positive].any():
            assert area == pytest.approx(roc_auc_score(positive, scores, sample_weight=weights))
        else:
            assert np.isnan(area)


def test_the_first_row_is_the_data_itself_and_groups_are_drawn_whole() -> None:
    resamples = resample_groups(["b", "a", "b", "c"], n_resamples=50)
    assert resamples.codes.tolist() == [1, 0, 1, 2]
    assert resamples.counts[0].tolist() == [1, 1, 1]
    assert resamples.counts.shape == (51, 3)
    assert set(resamples.counts.sum(axis=1)) == {3}
    assert resamples.by_group(np.array([[1.0], [2.0], [3.0], [4.0]])).tolist() == [[2], [4], [4]]
    sums = resamples.sums(np.ones((4, 1)))[:, 0]
    assert sums.tolist() == (resamples.counts @ [1, 2, 1]).tolist()
    assert (resample_groups(["b", "a", "b", "c"], 50).counts == resamples.counts).all()


def test_some_of_the_rows_are_in_the_same_resamples() -> None:
    resamples = resample_groups(["b", "a", "b", "c"], n_resamples=50)
    some = resamples.of(np.array([False, True, True, False]))
    assert some.codes.tolist() == [0, 1]
    assert (some.counts == resamples.counts).all()
    assert some.by_group(np.array([[2.0], [3.0]])).tolist() == [[2], [3], [0]]


def test_rows_without_a_group_are_drawn_by_themselves() -> None:
    assert resample_groups(["a", "", "a", ""]).n_groups == 3


def test_resamples_in_pieces_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(0)
    positive, scores = generator.random(40) < 0.5, generator.random(40)
    resamples = resample_groups([str(number % 7) for number in range(40)])
    whole = resamples.ranking(positive, scores)
    monkeypatch.setattr(group_bootstrap, "_CELLS_AT_ONCE", 1)
    for pieces, expected in zip(resamples.ranking(positive, scores), whole, strict=True):
        assert pieces == pytest.approx(expected)


@pytest.mark.parametrize("groups", [["a", "a"], [""], []])
def test_one_group_is_refused(groups: list[str]) -> None:
    with pytest.raises(DatasetError, match="expected texts of at least two groups"):
        resample_groups(groups)
