"""Figures of sentences that are judged on some aspects only."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import average_precision_score, balanced_accuracy_score, precision_recall_fscore_support
from sklearn.metrics import roc_auc_score as auroc

from gotune.estimates import Estimate
from gotune.evaluation.reliability import expected_calibration_error
from gotune.evaluation.reliability import reliability as reliability_of
from gotune.evaluation.sentences.results import TaggingScores
from gotune.evaluation.sentences.scores import risk_coverage, score_tagging
from gotune.model.decisions import Flags, Floats, Truth
from tests.examples import some

GENERATOR = np.random.default_rng(4)
ARTICLES = [f"paper {number // 30}" for number in range(600)]
SHARE = np.repeat(0.1 + GENERATOR.random((20, 3)) / 2, 30, axis=0)
TRUTH = GENERATOR.random((600, 3)) < SHARE
P = np.clip((GENERATOR.random((600, 3)) + TRUTH / 2) / 1.5, 0, 1)
# Some articles are judged on processes and functions alone, as corpora are; the others here and there.
JUDGED = GENERATOR.random((600, 3)) < [0.9, 0.5, 0.6]
JUDGED[: 7 * 30, 1] = False
PARTLY = np.where(JUDGED, TRUTH, np.nan)


def scored(truth: Truth, p: Floats = P) -> TaggingScores:
    return score_tagging("m", truth, p, articles=ARTICLES, thresholds=(0.4, 0.5, 0.6), n_resamples=50)


def value(estimate: Estimate | None) -> float:
    assert estimate is not None
    return estimate.value


def test_figures_are_those_of_scikit_learn_on_what_is_judged() -> None:
    found = scored(PARTLY)
    for label, row in enumerate(found.aspects):
        rows = JUDGED[:, label]
        truth, p = TRUTH[rows, label], P[rows, label]
        figures = precision_recall_fscore_support(truth, p >= (0.4, 0.5, 0.6)[label], average="binary")[:3]
        assert tuple(map(value, (row.precision, row.recall, row.f1))) == pytest.approx(figures)
        assert value(row.auroc) == pytest.approx(auroc(truth, p))
        assert value(row.average_precision) == pytest.approx(average_precision_score(truth, p))
        assert (row.support, row.judged) == (truth.sum(), rows.sum())
    assert value(found.balanced_accuracy) == pytest.approx(one_aspect_accuracy(JUDGED))
    errors = [
        expected_calibration_error(TRUTH[rows, n : n + 1], P[rows, n : n + 1])
        for n, rows in enumerate(JUDGED.T)
    ]
    assert found.calibration_error.value == pytest.approx(np.mean(errors))
    assert expected_calibration_error(PARTLY, P) == pytest.approx(np.mean(errors))


def test_profiles_are_of_the_articles_that_are_judged() -> None:
    def means(values: Truth, label: int) -> Floats:
        sums, counts = (cells[:, label].reshape(20, 30).sum(axis=1) for cells in (values * JUDGED, JUDGED))
        return np.array(
            [total / count if count else np.nan for total, count in zip(sums, counts, strict=True)]
        )

    true, said = ([means(values, label) for label in range(3)] for values in (TRUTH, P))
    across = [
        spearmanr(one[np.isfinite(one)], other[np.isfinite(one)]).statistic
        for one, other in zip(true, said, strict=True)
    ]
    found = scored(PARTLY)
    assert value(found.profile_correlation) == pytest.approx(np.mean(across))
    pairs = zip(np.transpose(true)[7:], np.transpose(said)[7:], strict=True)
    within = [spearmanr(*pair).statistic for pair in pairs if len(set(pair[0])) > 1]
    assert value(found.within_correlation) == pytest.approx(np.mean(within))
    # An aspect that nobody has judged leaves the others as they are, and no article is known whole.
    truth = np.where([True, False, True], PARTLY, np.nan)
    found = scored(truth)
    assert value(found.profile_correlation) == pytest.approx(np.mean([across[0], across[2]]))
    assert found.within_correlation is None
    assert value(found.balanced_accuracy) == pytest.approx(one_aspect_accuracy(JUDGED & [True, False, True]))
    alone = scored(np.where([False, False, True], PARTLY, np.nan))
    assert alone.balanced_accuracy is None


def one_aspect_accuracy(judged: Flags) -> float:
    """Return the accuracy on sentences that carry one of several aspects on which they are judged."""
    carried = TRUTH & judged
    rows = (judged.sum(axis=1) > 1) & (carried.sum(axis=1) == 1)
    said = np.where(judged, P, -1)[rows].argmax(axis=1)
    return float(balanced_accuracy_score(carried[rows].argmax(axis=1), said))


def test_judged_on_all_gives_the_same_bits() -> None:
    whole = TRUTH.astype(float)
    assert scored(whole) == scored(TRUTH)
    assert reliability_of(whole, P) == reliability_of(TRUTH, P)
    assert risk_coverage(whole, P) == risk_coverage(TRUTH, P)


def test_risk_is_of_the_decisions_that_are_judged() -> None:
    truth = np.array([[1, np.nan, 0], [0, 0, np.nan], [np.nan, 1, np.nan], [np.nan, np.nan, np.nan]])
    p = np.array([[0.99, 0.0, 0.0], [0.1, 0.9, 0.1], [0.2, 0.2, 0.2], [0.4, 0.6, 0.4]])
    found = risk_coverage(truth, p)
    assert found.coverage == pytest.approx((0.25, 0.5, 0.75, 1))
    # No decision of two is wrong; then one of four, two of five, and two of five still.
    assert found.risk == pytest.approx((0, 0.25, 0.4, 0.4))


@some(15)
@given(seed=st.integers(0, 2**32 - 1))
def test_what_a_model_says_of_what_is_not_judged_changes_no_figure(seed: int) -> None:
    generator = np.random.default_rng(seed)
    judged = generator.random((600, 3)) < generator.random(3)
    judged[:60] = True
    truth = np.where(judged, TRUTH, np.nan)
    # Abstaining alone asks how certain all is.
    other = np.where(judged, P, generator.random((600, 3)))
    assert scored(truth, P) == scored(truth, other)
    assert reliability_of(truth, P) == reliability_of(truth, other)
