"""From probabilities to decisions: the thresholds of the aspects, and what abstaining gains."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gotune.heads import Head
from gotune.results.tagging import RiskCoverage

_EVEN = 0.5
_LEAST_POSITIVES = 20
_POINTS = 100
"""Points of a curve."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def choose_thresholds(truth: Flags, probabilities: Floats) -> tuple[float, float, float]:
    """Return the threshold of each aspect with the best F1, the highest of equals.

    It lies half-way to the next lower probability, so that sentences like the last one taken are taken too.
    An aspect of fewer than 20 true sentences gets 0.5.

    Args:
        truth: Which aspects each text has, of shape ``(rows, 3)``.
        probabilities: Of the same shape.
    """
    columns = zip(truth.T, probabilities.T, strict=True)
    process, component, function = (_best_threshold(positive, scores) for positive, scores in columns)
    return process, component, function


def decide(probabilities: Floats, head: Head, thresholds: ArrayLike) -> Flags:
    """Return which aspects each text carries: the most probable one, or all from their thresholds up.

    Args:
        probabilities: Of shape ``(rows, 3)``.
        head: What they mean; with `Head.SINGLE` the most probable aspect is the answer, the first of equals.
        thresholds: Least probability of each aspect, of shape ``(3,)``, or of each row, ``(rows, 3)``.
    """
    if head is Head.SINGLE:
        chosen: Flags = probabilities.argmax(axis=1)[:, None] == np.arange(probabilities.shape[1])
        return chosen
    carried: Flags = probabilities >= np.asarray(thresholds)
    return carried


def certainties(probabilities: Floats) -> Floats:
    """Return how certain the least certain of a text's decisions is, from 0.5 to 1, of shape ``(rows,)``."""
    least: Floats = np.maximum(probabilities, 1 - probabilities).min(axis=1)
    return least


def risk_coverage(truth: Flags, probabilities: Floats) -> RiskCoverage:
    """Return which risk remains if the least certain sentences are left out (arXiv:1705.08500).

    Every aspect is decided at probability 0.5, which has the least risk if probabilities are calibrated.

    Args:
        truth: Which aspects each text has, of shape ``(rows, aspects)``.
        probabilities: Of the same shape.

    Returns:
        About a hundred points from the most certain hundredth to all.
    """
    certainty, coverage, risk = _risks(truth, probabilities)
    wanted = np.searchsorted(coverage, np.arange(1, _POINTS + 1) / _POINTS - 1e-9)
    points = np.unique(wanted.clip(max=len(coverage) - 1))
    return RiskCoverage(*(tuple(values[points].tolist()) for values in (certainty, coverage, risk)))


def _risks(truth: Flags, probabilities: Floats) -> tuple[Floats, Floats, Floats]:
    """Return certainty, coverage and risk at each distinct certainty, from the highest down."""
    certainty = certainties(probabilities)
    wrong = (truth != (probabilities >= _EVEN)).mean(axis=1)
    order = np.argsort(-certainty, kind="stable")
    last = _last_of_equals(certainty[order])
    kept = last + 1
    return certainty[order][last], kept / len(truth), np.cumsum(wrong[order])[last] / kept


def _best_threshold(positive: Flags, scores: Floats) -> float:
    # The best F1 on a handful of true sentences is that of chance: one of them more or less moves the
    # threshold far. One half makes the fewest wrong decisions if probabilities are calibrated.
    if positive.sum() < _LEAST_POSITIVES:
        return _EVEN
    order = np.argsort(-scores, kind="stable")
    last = _last_of_equals(scores[order])
    hits = np.cumsum(positive[order])[last]
    f1 = 2 * hits / (last + 1 + positive.sum())
    best = int(f1.argmax())
    levels = scores[order][last]
    lowest, below = levels[best], levels[min(best + 1, len(levels) - 1)]
    middle = (lowest + below) / 2
    # Between neighbouring floating-point numbers there is no middle.
    return float(middle if middle > below else lowest)


def _last_of_equals(ordered: Floats) -> NDArray[np.int64]:
    """Return the last row of each run of equal values."""
    ends: NDArray[np.int64] = np.flatnonzero(np.r_[ordered[1:] != ordered[:-1], True])
    return ends
