"""Learning what words say: a penalised logistic regression for each aspect over hashed words."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.model.words import BUCKETS, CONSTANT, WordModel, feature_of, pairs_of, split
from gotune.protocols import Track, doing, untracked

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from gotune.model.decisions import Truth

CROSS_FITTED = 3
"""Parts of the articles, each judged by words that were learned from the others."""
_INVERSE_PENALTY = 1.0
"""As liblinear means it; chosen on two of CRAFT's development folds."""

Floats = NDArray[np.float64]


def learn_words(texts: Sequence[str], truth: Truth, weights: Floats) -> WordModel:
    """Learn from texts as they are read, each aspect from those that are judged on it.

    Args:
        texts: As an encoder would be given them.
        truth: Probability of each aspect, of shape ``(len(texts), 3)``, NaN where it is not judged.
        weights: How much each text counts, of shape ``(len(texts),)``.
    """
    return WordModel(_fitted(feature_matrix(texts), truth, weights))


def cross_fit(
    texts: Sequence[str],
    truth: Truth,
    weights: Floats,
    articles: Sequence[str],
    *,
    track: Track = untracked,
) -> tuple[WordModel, Floats]:
    """Return what `learn_words` does, and the log-odds of each text by words learned from other articles.

    Args:
        texts: As for `learn_words`.
        truth: As there.
        weights: As there.
        articles: The article of each text; one without is an article of its own.
        track: Shows progress.

    Returns:
        The model, and log-odds of shape ``(len(texts), 3)``: all zero where there is only one article.
    """
    matrix = feature_matrix(texts)
    honest = np.zeros((len(texts), len(ASPECTS)))
    owners = _numbered(articles)
    n_parts = min(CROSS_FITTED, len(set(owners)))
    for part in track(range(n_parts) if n_parts > 1 else (), description="learning words", total=n_parts):
        apart = owners % n_parts == part
        honest[apart] = matrix[apart] @ _fitted(matrix[~apart], truth[~apart], weights[~apart])
    with doing(track, "learning words"):
        return WordModel(_fitted(matrix, truth, weights)), honest


def feature_matrix(texts: Sequence[str]) -> csr_matrix:
    """Return the features of texts, of shape ``(len(texts), BUCKETS)``, as `WordModel` adds them."""
    from scipy.sparse import csr_matrix

    rows, values, ends = [np.zeros(0, np.int32)], [np.zeros(0)], [0]
    for text in texts:
        words = split(text)
        scale = sqrt(len(words) or 1)
        own = [feature_of(word) for word in dict.fromkeys(words)]
        pairs = pairs_of(words)
        found = [CONSTANT, *(row for feature in own for row in feature.rows), *pairs.values()]
        counted = [scale, *(value for feature in own for value in feature.values), *(1.0 for _ in pairs)]
        rows.append(np.array(found, np.int32))
        values.append(np.array(counted) / scale)
        ends.append(ends[-1] + len(found))
    matrix = csr_matrix((np.concatenate(values), np.concatenate(rows), ends), shape=(len(texts), BUCKETS))
    matrix.sum_duplicates()
    return matrix


def _fitted(matrix: csr_matrix, truth: Truth, weights: Floats) -> Floats:
    """Return weights of shape ``(BUCKETS, 3)``; zero for an aspect that all texts judged have, or none."""
    from sklearn.linear_model import LogisticRegression

    found = np.zeros((BUCKETS, len(ASPECTS)))
    for label in range(len(ASPECTS)):
        judged = ~np.isnan(truth[:, label])
        probability = truth[judged, label].astype(float)
        has_it = probability >= 0.5
        if has_it.all() or not has_it.any():
            continue
        # A label that is only probable counts by how far it is from even.
        counts = weights[judged] * abs(2 * probability - 1)
        model = LogisticRegression(
            C=_INVERSE_PENALTY, solver="liblinear", fit_intercept=False, random_state=0
        )
        found[:, label] = model.fit(matrix[judged], has_it, sample_weight=counts).coef_[0]
    return found


def _numbered(articles: Sequence[str]) -> NDArray[np.intp]:
    """Return a number for each text, the same for those of an article, spread evenly by its first text."""
    number: dict[str, int] = {}
    return np.array([number.setdefault(name or f"\0{row}", len(number)) for row, name in enumerate(articles)])
