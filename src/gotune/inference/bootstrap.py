"""Figures of many bootstrap resamples at once.

A resample is a row of counts that says how often each text was drawn (Efron and Tibshirani 1993,
doi:10.1201/9780429246593); every figure is then a weighted one, computed for all resamples together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gotune.results import Estimate, Interval

N_RESAMPLES = 1000
_CONFIDENCE = 0.95

Counts = NDArray[np.float64]


def draw_resamples(n_rows: int, seed: int, n_resamples: int = N_RESAMPLES) -> Counts:
    """Return how often each row is drawn in each resample, of shape ``(n_resamples, n_rows)``."""
    generator = np.random.default_rng(seed)
    counts = generator.multinomial(n_rows, np.full(n_rows, 1 / n_rows), size=n_resamples)
    return counts.astype(np.float64)


def confusions(truth: NDArray[np.int64], predicted: NDArray[np.int64], n: int, counts: Counts) -> Counts:
    """Return the confusion table of each resample, ``[resample, true, predicted]``."""
    cells = np.eye(n * n)[truth * n + predicted]
    tables: Counts = (counts @ cells).reshape(len(counts), n, n)
    return tables


def roc_aucs(positive: NDArray[np.bool_], scores: NDArray[np.float64], counts: Counts) -> Counts:
    """Return the area under the ROC curve of each resample; ties count one half, as in Mann-Whitney.

    A resample without positives or without negatives has no area and gives nan.
    """
    order = np.argsort(scores, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(scores[order]) > 0])
    drawn = counts[:, order]
    positives = np.add.reduceat(drawn * positive[order], starts, axis=1)
    negatives = np.add.reduceat(drawn * ~positive[order], starts, axis=1)
    below = np.cumsum(negatives, axis=1) - negatives / 2
    pairs = positives.sum(axis=1) * negatives.sum(axis=1)
    with np.errstate(invalid="ignore"):
        areas: Counts = (positives * below).sum(axis=1) / pairs
    return areas


def estimate(value: float | np.floating, replicates: Counts) -> Estimate:
    """Join a figure with the percentile interval of its replicates."""
    tail = 50 * (1 - _CONFIDENCE)
    low, high = np.nanpercentile(replicates, [tail, 100 - tail])
    return Estimate(float(value), Interval(float(low), float(high)))
