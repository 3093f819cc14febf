from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from gotune.evaluation.sentences.scores import across_correlations, within_correlations

GENERATOR = np.random.default_rng(0)
TRUE = GENERATOR.random((9, 3)).round(1)
PREDICTED = (TRUE + GENERATOR.random((9, 3))).round(1)
COUNTS = np.vstack([np.ones(9), GENERATOR.multinomial(9, np.full(9, 1 / 9), size=4)])


def test_correlations_across_articles_are_those_of_scipy() -> None:
    for found, counts in zip(across_correlations(PREDICTED, TRUE, COUNTS), COUNTS, strict=True):
        rows = np.repeat(np.arange(9), counts.astype(int))
        expected = [spearmanr(PREDICTED[rows, j], TRUE[rows, j]).statistic for j in range(3)]
        assert found == pytest.approx(np.mean(expected))


def test_correlations_within_articles_are_those_of_scipy() -> None:
    each = np.array([spearmanr(*pair).statistic for pair in zip(PREDICTED, TRUE, strict=True)])
    expected = [np.average(each, weights=counts) for counts in COUNTS]
    assert within_correlations(PREDICTED, TRUE, COUNTS) == pytest.approx(expected)


def test_an_article_without_aspects_has_no_correlation_inside() -> None:
    true = np.array([[0.0, 0.0, 0.0], [0.1, 0.2, 0.3]])
    predicted = np.array([[0.1, 0.2, 0.3], [0.1, 0.3, 0.2]])
    counts = np.array([[1.0, 1.0], [2.0, 0.0]])
    assert within_correlations(predicted, true, counts) == pytest.approx([0.5, np.nan], nan_ok=True)


def test_an_article_whose_aspects_are_given_alike_counts_as_not_ranked() -> None:
    true = np.array([[0.1, 0.2, 0.3], [0.1, 0.2, 0.3]])
    predicted = np.array([[0.0, 0.0, 0.0], [0.1, 0.2, 0.3]])
    counts = np.array([[1.0, 1.0], [2.0, 0.0]])
    assert within_correlations(predicted, true, counts) == pytest.approx([0.5, 0.0])
    assert np.isnan(within_correlations(predicted * 0, true, counts)).all()


def test_a_model_that_says_the_same_everywhere_has_no_correlation_across() -> None:
    assert np.isnan(across_correlations(np.full((9, 3), 0.3), TRUE, COUNTS)).all()
