"""Learning what words say: a penalised logistic regression for each aspect over hashed words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

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
_OF_DEFINITIONS = 4.0
"""The same for definitions, which are all alike; chosen on the validation part of a dataset."""

Floats = NDArray[np.float64]


class Rows(NamedTuple):
    """Texts to learn from.

    Attributes:
        texts: As an encoder would be given them.
        truth: Probability of each aspect, of shape ``(len(texts), 3)``, NaN where it is not judged.
        weights: How much each text counts, of shape ``(len(texts),)``.
    """

    texts: Sequence[str]
    truth: Truth
    weights: Floats


def learn_words(rows: Rows, definitions: Rows | None = None) -> WordModel:
    """Learn from texts as they are read, each aspect from those that are judged on it.

    Args:
        rows: The texts.
        definitions: Definitions to learn from beside them, and how a text reads that is one.
    """
    return _learned(feature_matrix(rows.texts), rows.truth, rows.weights, _fit_definitions(definitions))


def cross_fit(
    rows: Rows,
    articles: Sequence[str],
    definitions: Rows | None = None,
    *,
    track: Track = untracked,
) -> tuple[WordModel, Floats]:
    """Return what `learn_words` does, and the log-odds of each text by words learned from other articles.

    Args:
        rows: The texts.
        articles: The article of each text; one without is an article of its own.
        definitions: As for `learn_words`.
        track: Shows progress.

    Returns:
        The model, and log-odds of shape ``(len(texts), 3)``: all zero where there is only one article.
    """
    matrix, beside = feature_matrix(rows.texts), _fit_definitions(definitions)
    honest = np.zeros((len(rows.texts), len(ASPECTS)))
    owners = numbers_of(articles)
    n_parts = min(CROSS_FITTED, len(set(owners)))
    for part in track(range(n_parts) if n_parts > 1 else (), description="learning words", total=n_parts):
        apart = owners % n_parts == part
        model = _learned(matrix[~apart], rows.truth[~apart], rows.weights[~apart], beside)
        honest[apart] = model.log_odds([rows.texts[row] for row in np.flatnonzero(apart).tolist()])
    with doing(track, "learning words"):
        return _learned(matrix, rows.truth, rows.weights, beside), honest


class _Definitions(NamedTuple):
    """Definitions, their features, and the weights that were learned from them."""

    matrix: csr_matrix
    weights: Floats


def _fit_definitions(definitions: Rows | None) -> _Definitions | None:
    if definitions is None:
        return None
    matrix = feature_matrix(definitions.texts)
    return _Definitions(matrix, _fitted(matrix, definitions.truth, definitions.weights, _OF_DEFINITIONS))


def _learned(
    matrix: csr_matrix, truth: Truth, weights: Floats, definitions: _Definitions | None
) -> WordModel:
    found = _fitted(matrix, truth, weights, _INVERSE_PENALTY)
    if definitions is None:
        return WordModel(found)
    from scipy.sparse import vstack

    n_definitions = definitions.matrix.shape[0]
    is_definition = np.repeat([0.0, 1.0], [len(weights), n_definitions])[:, None]
    counts = np.concatenate([weights, np.ones(n_definitions)])
    both = vstack([matrix, definitions.matrix], format="csr")
    reads_as_one = _fitted(both, is_definition, counts, _INVERSE_PENALTY)
    return WordModel(found, np.hstack([definitions.weights, reads_as_one]))


_feature_of = lru_cache(1 << 16)(feature_of)
"""The same words come in many texts; where a model is asked it keeps what they say instead."""


def feature_matrix(texts: Sequence[str]) -> csr_matrix:
    """Return the features of texts, of shape ``(len(texts), BUCKETS)``, as `WordModel` adds them."""
    from scipy.sparse import csr_matrix

    rows, values, ends = [np.zeros(0, np.int32)], [np.zeros(0)], [0]
    for text in texts:
        words = split(text)
        scale = sqrt(len(words) or 1)
        own = [_feature_of(word) for word in dict.fromkeys(words)]
        pairs = pairs_of(words)
        found = [CONSTANT, *(row for feature in own for row in feature.rows), *pairs.values()]
        counted = [scale, *(value for feature in own for value in feature.values), *(1.0 for _ in pairs)]
        rows.append(np.array(found, np.int32))
        values.append(np.array(counted) / scale)
        ends.append(ends[-1] + len(found))
    matrix = csr_matrix((np.concatenate(values), np.concatenate(rows), ends), shape=(len(texts), BUCKETS))
    matrix.sum_duplicates()
    return matrix


def _fitted(matrix: csr_matrix, truth: Truth, weights: Floats, inverse_penalty: float) -> Floats:
    """Return weights of shape ``(BUCKETS, columns of truth)``.

    They are zero for a column that all texts judged have, or none.
    """
    from sklearn.linear_model import LogisticRegression

    found = np.zeros((BUCKETS, truth.shape[1]))
    for label in range(truth.shape[1]):
        judged = ~np.isnan(truth[:, label])
        probability = truth[judged, label].astype(float)
        has_it = probability >= 0.5
        if has_it.all() or not has_it.any():
            continue
        # A label that is only probable counts by how far it is from even.
        counts = weights[judged] * abs(2 * probability - 1)
        model = LogisticRegression(C=inverse_penalty, solver="liblinear", fit_intercept=False, random_state=0)
        found[:, label] = model.fit(matrix[judged], has_it, sample_weight=counts).coef_[0]
    return found


def numbers_of(articles: Sequence[str]) -> NDArray[np.intp]:
    """Return a number for each text, the same for those of an article; one without is by itself."""
    number: dict[str, int] = {}
    return np.array([number.setdefault(name or f"\0{row}", len(number)) for row, name in enumerate(articles)])
