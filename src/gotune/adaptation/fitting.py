"""What changes in a model when it is adapted: how its log-odds are scaled, and what words say.

For each aspect a penalised logistic regression, with the model as it was in the place of the prior: its
log-odds get a slope and an intercept, and each feature of words a weight of its own beside that of the model
(regularised adaptation: Chelba and Acero 2006, doi:10.1016/j.csl.2005.05.005). Without evidence nothing
changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.model.decisions import Flags
from gotune.model.words import BUCKETS

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LEAST_EACH = 10
"""Sentences with an aspect, and without it, that it takes to adapt it."""

_SLOPE_PENALTY = 10.0
"""Sentences of an article are alike, so a few of them say less than their number."""
_INTERCEPT_PENALTY = 0.3
_WORD_PENALTY = 0.5
"""The three were chosen on corpora that the model had not learned from: benchmarks/adaptation.py."""
_LEAST_SLOPE = 0.05
"""Above zero, so that a model is never turned round."""
_N_PARTS = 5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to the log-odds of a model, for each aspect.

    Attributes:
        slopes: Factor of the log-odds, of shape ``(3,)``.
        intercepts: What is added then.
        words: What each feature of words adds, of shape ``(BUCKETS, 3)``.
    """

    slopes: Floats
    intercepts: Floats
    words: Floats

    def apply(self, log_odds: Floats, matrix: csr_matrix) -> Floats:
        """Return the log-odds of texts after the change, of shape ``(rows, 3)``.

        Args:
            log_odds: What the model says of the texts, of the same shape.
            matrix: Their features, from `gotune.training.words.feature_matrix`.
        """
        changed: Floats = log_odds * self.slopes + self.intercepts + matrix @ self.words
        return changed


@dataclass(frozen=True, slots=True)
class Lesson:
    """Labelled sentences to adapt to.

    Attributes:
        matrix: Their features, of shape ``(rows, BUCKETS)``.
        truth: Which aspects they have, of shape ``(rows, 3)``, NaN where nobody has judged.
        groups: Number of the group of each, such as its article, of shape ``(rows,)``.
    """

    matrix: csr_matrix
    truth: NDArray[np.float64]
    groups: NDArray[np.intp]

    @property
    def adapted(self) -> Flags:
        """Aspects that enough sentences are judged to have, and not to have, of shape ``(3,)``."""
        counts = np.stack([(self.truth == value).sum(axis=0) for value in (0, 1)])
        enough: Flags = counts.min(axis=0) >= LEAST_EACH
        return enough

    def part(self, rows: Flags) -> Lesson:
        """Return some of the sentences."""
        return Lesson(self.matrix[rows], self.truth[rows], self.groups[rows])

    def parts(self) -> Iterator[Flags]:
        """Deal whole groups into up to five parts of about the same size, and yield the rows of each."""
        _, groups, sizes = np.unique(self.groups, return_inverse=True, return_counts=True)
        part_of, filled = np.zeros(len(sizes), np.intp), np.zeros(min(_N_PARTS, len(sizes)))
        for group in np.argsort(-sizes, kind="stable"):
            part_of[group] = filled.argmin()
            filled[part_of[group]] += sizes[group]
        for part in range(len(filled)):
            yield part_of[groups] == part

    def fit(self, log_odds: Floats, *, words: bool = True) -> Change:
        """Fit what changes; aspects of which the sentences tell too little stay as they are.

        Args:
            log_odds: What the model says of the sentences, of shape ``(rows, 3)``.
            words: Whether words change too.
        """
        slopes, intercepts, weights = np.ones(len(ASPECTS)), np.zeros(len(ASPECTS)), _no_words()
        for label in np.flatnonzero(self.adapted):
            judged = ~np.isnan(self.truth[:, label])
            features = self.matrix[judged]
            known = np.unique(features.indices) if words else np.zeros(0, np.intp)
            positive = self.truth[judged, label] == 1
            found = _fitted(log_odds[judged, label], features[:, known], positive)
            slopes[label], intercepts[label], weights[known, label] = found[0], found[1], found[2:]
        return Change(slopes, intercepts, weights)

    def cross_fit(self, log_odds: Floats) -> tuple[Floats, Floats]:
        """Return log-odds of each sentence after a change that was fitted to sentences of other groups.

        Returns:
            The log-odds, and what of them words add before the slope of the change; both of shape
            ``(rows, 3)``.
        """
        after, by_words = log_odds.copy(), np.zeros_like(log_odds)
        for rows in self.parts():
            change = self.part(~rows).fit(log_odds[~rows])
            after[rows] = change.apply(log_odds[rows], self.matrix[rows])
            by_words[rows] = self.matrix[rows] @ change.words / change.slopes
        return after, by_words


def _no_words() -> Floats:
    return np.zeros((BUCKETS, len(ASPECTS)))


def _fitted(offset: Floats, features: csr_matrix, positive: Flags) -> Floats:
    """Return slope, intercept and weights of the features, of shape ``(2 + features,)``."""
    from scipy.optimize import minimize
    from scipy.special import expit

    start = np.zeros(2 + features.shape[1])
    start[0] = 1.0
    penalties = np.full(len(start), _WORD_PENALTY)
    penalties[:2] = _SLOPE_PENALTY, _INTERCEPT_PENALTY

    def loss(parameters: Floats) -> tuple[float, Floats]:
        logits = parameters[0] * offset + parameters[1] + features @ parameters[2:]
        residuals = expit(logits) - positive
        away = parameters - start
        value = np.logaddexp(0, logits).sum() - logits[positive].sum() + (penalties * away**2).sum() / 2
        gradient = np.r_[residuals @ offset, residuals.sum(), features.T @ residuals] + penalties * away
        return float(value), gradient

    bounds = [(_LEAST_SLOPE, None)] + [(None, None)] * (len(start) - 1)
    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found
