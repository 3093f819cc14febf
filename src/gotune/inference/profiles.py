"""Profiles of articles: how much of an article is about each aspect, predicted against true.

All figures are Spearman's rank correlations (1904, doi:10.2307/1412159), computed for many resamples of
articles at once; nan where a side does not vary.
"""

from __future__ import annotations

import numpy as np

from gotune.inference.bootstrap import Counts


def across_correlations(predicted: Counts, true: Counts, counts: Counts) -> Counts:
    """Return the mean over the aspects of the correlations across articles, of shape ``(resamples,)``.

    Args:
        predicted: Profile of each article, of shape ``(articles, aspects)``.
        true: The same.
        counts: How often each article is drawn, whole numbers of shape ``(resamples, articles)`` with the
            same sum in each row.
    """
    numbers = np.tile(np.arange(len(predicted)), len(counts))
    drawn = np.repeat(numbers, counts.astype(np.int64).ravel()).reshape(len(counts), -1)
    columns = zip(predicted.T, true.T, strict=True)
    means: Counts = np.mean([_spearman(left[drawn], right[drawn]) for left, right in columns], axis=0)
    return means


def within_correlations(predicted: Counts, true: Counts, counts: Counts) -> Counts:
    """Return the mean over the articles of the correlations inside them, of shape ``(resamples,)``.

    Articles whose profile does not vary do not count. Arguments as for `across_correlations`.
    """
    correlations = _spearman(predicted, true)
    exists = np.isfinite(correlations)
    with np.errstate(invalid="ignore"):
        means: Counts = (counts @ np.where(exists, correlations, 0)) / (counts @ exists)
    return means


def _spearman(left: Counts, right: Counts) -> Counts:
    """Return the rank correlation of each row of two tables."""
    from scipy.stats import rankdata

    ranks = (rankdata(values, axis=1) for values in (left, right))
    x, y = (values - values.mean(axis=1, keepdims=True) for values in ranks)
    with np.errstate(invalid="ignore"):
        correlations: Counts = (x * y).sum(axis=1) / np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
    return correlations
