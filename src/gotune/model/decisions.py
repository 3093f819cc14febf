"""From probabilities to decisions: the thresholds of the aspects, and what abstaining gains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gotune.aspects import ASPECTS, Aspect, Head, Prefer
from gotune.records import AspectProbabilities, ModelInfo

EVEN_THRESHOLD = 0.5
"""Least probability of an aspect that nothing better is known for."""
_LEAST_POSITIVES = 20

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Truth = NDArray[np.bool_ | np.float64]
"""Which aspects texts have, of shape ``(rows, 3)``: true, false, or NaN where nobody has judged."""


@dataclass(frozen=True, slots=True)
class Use:
    """Thresholds for a use, with what they give on the sentences that chose them, which flatters a little.

    Attributes:
        prefer: What for.
        thresholds: Least probability of each aspect, in label order.
        precision: Of each aspect; None where no sentence is judged to have it, or none is taken.
        recall: Of each aspect; None where no sentence is judged to have it.
    """

    prefer: Prefer
    thresholds: tuple[float, ...]
    precision: tuple[float | None, ...]
    recall: tuple[float | None, ...]

    @property
    def f1(self) -> tuple[float | None, ...]:
        """Harmonic mean of both, of each aspect; None where one of them is."""
        return tuple(map(_f1, self.precision, self.recall))


def _f1(precision: float | None, recall: float | None) -> float | None:
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / ((precision + recall) or 1.0)


def uses_of(truth: Truth, probabilities: Floats) -> tuple[Use, ...]:
    """Return thresholds for each use, as `choose_thresholds` chooses them."""
    return tuple(
        use_of(prefer, choose_thresholds(truth, probabilities, prefer.beta), truth, probabilities)
        for prefer in Prefer
    )


def use_of(prefer: Prefer, thresholds: Sequence[float], truth: Truth, probabilities: Floats) -> Use:
    """Return thresholds with what they give."""
    precision, recall = [], []
    columns = judged_columns(truth, probabilities)
    for (_, positive, scores), threshold in zip(columns, thresholds, strict=True):
        taken = scores >= threshold
        hits, there = int((positive & taken).sum()), int(positive.sum())
        precision.append(hits / int(taken.sum()) if there and taken.any() else None)
        recall.append(hits / there if there else None)
    return Use(prefer, tuple(map(float, thresholds)), tuple(precision), tuple(recall))


def judged_columns(truth: Truth, values: Floats) -> Iterator[tuple[Flags, Flags, Floats]]:
    """Yield for each aspect which rows are judged on it, and of these whether they have it, and their values.

    Args:
        truth: Which aspects each text has.
        values: Of the same shape.
    """
    for (judged, positive), said in zip(judged_rows(truth), values.T, strict=True):
        yield judged, positive, said[judged]


def judged_rows(truth: Truth) -> Iterator[tuple[Flags, Flags]]:
    """Yield for each aspect which rows are judged on it, and of these whether they have it."""
    for column in truth.T:
        judged = ~np.isnan(column)
        yield judged, column[judged] == 1


def has_both(truth: Truth) -> tuple[bool, ...]:
    """Return for each aspect whether some texts are judged to have it, and some not to have it."""
    return tuple(bool((column == 1).any() and (column == 0).any()) for column in truth.T)


def choose_thresholds(truth: Truth, probabilities: Floats, beta: float = 1.0) -> tuple[float, float, float]:
    """Return the threshold of each aspect with the best F measure on what is judged, the highest of equals.

    It lies half-way to the next lower probability, so that sentences like the last one taken are taken too.
    An aspect of fewer than 20 true sentences, or of no other ones, gets 0.5.

    Args:
        truth: Which aspects each text has.
        probabilities: Of the same shape.
        beta: How many times as much recall counts as precision.
    """
    process, component, function = (
        _best_threshold(positive, scores, beta)
        for _, positive, scores in judged_columns(truth, probabilities)
    )
    return process, component, function


def expected_threshold(probabilities: Floats, beta: float = 1.0) -> float:
    """Return the threshold that probabilities themselves expect to have the best F measure.

    With calibrated probabilities it needs no labels, and varies less than what a few labels would choose: for
    F1 it is half of the best that can be expected (Lipton et al. 2014, arXiv:1402.1892).

    Args:
        probabilities: Of one aspect, at least one of them above zero.
        beta: How many times as much recall counts as precision.
    """
    ordered, weight = -np.sort(-probabilities), beta**2
    share = ordered.cumsum() / (np.arange(1, len(ordered) + 1) + weight * ordered.sum())
    return float(share.max())


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


def _best_threshold(positive: Flags, scores: Floats, beta: float) -> float:
    # The best F1 on a handful of true sentences is that of chance: one of them more or less moves the
    # threshold far. One half makes the fewest wrong decisions if probabilities are calibrated.
    if positive.sum() < _LEAST_POSITIVES or positive.all():
        return EVEN_THRESHOLD
    order = np.argsort(-scores, kind="stable")
    last = last_of_equals(scores[order])
    hits = np.cumsum(positive[order])[last]
    # The F measure but for a factor that is the same for all.
    best = int((hits / (last + 1 + beta**2 * positive.sum())).argmax())
    levels = scores[order][last]
    lowest, below = levels[best], levels[min(best + 1, len(levels) - 1)]
    middle = (lowest + below) / 2
    # Between neighbouring floating-point numbers there is no middle.
    return float(middle if middle > below else lowest)


def certainties(probabilities: Floats) -> Floats:
    """Return how certain the least certain of a text's decisions is, from 0.5 to 1, of shape ``(rows,)``."""
    least: Floats = np.maximum(probabilities, 1 - probabilities).min(axis=1)
    return least


def last_of_equals(ordered: Floats) -> NDArray[np.int64]:
    """Return the last row of each run of equal values."""
    ends: NDArray[np.int64] = np.flatnonzero(np.r_[ordered[1:] != ordered[:-1], True])
    return ends


def carried(info: ModelInfo, probabilities: Floats) -> Flags:
    """Return which aspects each text carries by a model's own rule, of the shape of ``probabilities``.

    A model without thresholds decides each aspect at one half.
    """
    return decide(probabilities, info.head, EVEN_THRESHOLD if info.thresholds is None else info.thresholds)


def aspects_of(info: ModelInfo, probabilities: AspectProbabilities) -> tuple[Aspect, ...]:
    """Return the aspects that a text carries by a model's own rule, in label order; none is possible."""
    (flags,) = carried(info, np.array([tuple(probabilities)]))
    return tuple(aspect for aspect in ASPECTS if flags[aspect.label])
