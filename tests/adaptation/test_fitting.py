from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from gotune.adaptation import fitting
from gotune.adaptation.fitting import Lesson
from gotune.model.words import BUCKETS

N = 400
Floats = NDArray[np.float64]


def lesson(truth: Floats, n_groups: int = 20) -> Lesson:
    """Return sentences with the first feature in every other one, and with groups of about the same size."""
    rows, first = np.arange(len(truth)), np.zeros(len(truth), dtype=np.int64)
    matrix = csr_matrix((rows % 2.0, (rows, first)), (len(truth), BUCKETS))
    return Lesson(matrix, truth, rows % n_groups)


def drawn(logits: Floats) -> Floats:
    found: Floats = (np.random.default_rng(1).random(logits.shape) < expit(logits)).astype(float)
    return found


LOG_ODDS = np.random.default_rng(0).normal(scale=2, size=(N, 3))


def test_slope_and_intercept_are_those_of_logistic_regression(monkeypatch: pytest.MonkeyPatch) -> None:
    for penalty in ("_SLOPE_PENALTY", "_INTERCEPT_PENALTY"):
        monkeypatch.setattr(fitting, penalty, 1e-9)
    truth = drawn(0.5 * LOG_ODDS - 1)
    change = lesson(truth).fit(LOG_ODDS, words=False)
    for label in range(3):
        model = LogisticRegression(C=np.inf).fit(LOG_ODDS[:, [label]], truth[:, label])
        assert change.slopes[label] == pytest.approx(model.coef_[0, 0], abs=1e-3)
        assert change.intercepts[label] == pytest.approx(model.intercept_[0], abs=1e-3)
    assert not change.words.any()


def test_words_learn_what_the_model_does_not_say() -> None:
    known = np.tile([[0.0], [2.0]], (N // 2, 3))  # where the feature is, every aspect is likelier
    found = lesson(drawn(LOG_ODDS + known))
    change = found.fit(LOG_ODDS)
    assert (change.words[0] > 1).all()
    assert not change.words[1:].any()
    assert change.apply(LOG_ODDS, found.matrix) == pytest.approx(
        LOG_ODDS * change.slopes + change.intercepts + np.outer(np.arange(N) % 2, change.words[0])
    )


def test_an_aspect_of_which_too_little_is_told_stays_as_it_is() -> None:
    truth = drawn(LOG_ODDS)
    truth[:, 0] = np.nan
    truth[:, 1] = (np.arange(N) < fitting.LEAST_EACH - 1).astype(float)
    found = lesson(truth)
    assert found.adapted.tolist() == [False, False, True]
    change = found.fit(LOG_ODDS)
    assert change.slopes[:2].tolist() == [1, 1]
    assert change.intercepts[:2].tolist() == [0, 0]
    assert not change.words[:, :2].any()
    assert change.slopes[2] != 1
    after, by_words = found.cross_fit(LOG_ODDS)
    assert (after[:, :2] == LOG_ODDS[:, :2]).all()
    assert not by_words[:, :2].any()


def test_what_is_not_judged_teaches_nothing() -> None:
    truth = drawn(LOG_ODDS)
    truth[::3, 1] = np.nan
    found = lesson(truth).fit(LOG_ODDS)
    other = np.where(np.isnan(truth), 9.0, LOG_ODDS)
    again = lesson(truth).fit(other)
    assert (again.slopes == found.slopes).all()
    assert (again.words == found.words).all()
    rows = ~np.isnan(truth[:, 1])
    alone = lesson(truth).part(rows).fit(LOG_ODDS[rows])
    assert alone.slopes[1] == pytest.approx(found.slopes[1])


def test_a_model_is_never_turned_round() -> None:
    assert lesson(drawn(-3 * LOG_ODDS)).fit(LOG_ODDS, words=False).slopes == pytest.approx([0.05] * 3)


@given(st.lists(st.integers(0, 8), min_size=1, max_size=60))
def test_whole_groups_are_left_out_once(groups: list[int]) -> None:
    found = Lesson(csr_matrix((len(groups), 1)), np.zeros((len(groups), 3)), np.array(groups, dtype=np.intp))
    parts = list(found.parts())
    assert len(parts) == min(5, len(set(groups)))
    assert (np.sum(parts, axis=0) == 1).all()
    for part in parts:
        assert part.any()
        assert not set(found.groups[part]) & set(found.groups[~part])


def test_what_is_said_of_a_group_was_fitted_to_others() -> None:
    found = lesson(drawn(LOG_ODDS - 1))
    after, by_words = found.cross_fit(LOG_ODDS)
    for rows in found.parts():
        change = found.part(~rows).fit(LOG_ODDS[~rows])
        assert (after[rows] == change.apply(LOG_ODDS[rows], found.matrix[rows])).all()
        whole = (LOG_ODDS[rows] + by_words[rows]) * change.slopes + change.intercepts
        assert whole == pytest.approx(after[rows])
