"""A second opinion on weak labels: what a bag-of-words model makes of the sentences around the names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gotune.names.word_forms import bare_words, stem

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

FOLDS = 5
FEWEST_SENTENCES = 200
"""Below this a bag of words learns nothing worth having."""

_RAREST = 3  # sentences that a word must be in
_STRENGTH = 0.3  # inverse of the regularisation; weak labels are noisy, so it is strong
_NEGLIGIBLE = 0.01  # weights below it are left out, to halve the work


def second_opinion(
    texts: Sequence[str], probabilities: NDArray[np.float64], articles: Sequence[str]
) -> NDArray[np.float64]:
    """Predict each sentence from the labels of the others.

    Logistic regression on TF-IDF of stems learns the probabilities as soft targets, cross-fitted by article,
    so that no sentence is judged by a model that saw its own label. It finds what names leave open: a
    sentence full of words that go with processes is likelier to be about one.

    Args:
        texts: Sentences.
        probabilities: Shape ``(len(texts), 3)``.
        articles: The article of each sentence. Where there are fewer than `FOLDS`, sentences are folded.

    Returns:
        Probabilities of the same shape; zeros if there are fewer than `FEWEST_SENTENCES`.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.model_selection import GroupKFold

    opinion = np.zeros_like(probabilities)
    if len(texts) < FEWEST_SENTENCES:
        return opinion
    groups = articles if len(set(articles)) >= FOLDS else [str(row) for row in range(len(texts))]
    words = TfidfVectorizer(analyzer=_stems, min_df=_RAREST, sublinear_tf=True).fit_transform(texts)
    for train, test in GroupKFold(FOLDS).split(words, groups=groups):
        for column in range(probabilities.shape[1]):
            opinion[test, column] = _predict(words[train], probabilities[train, column], words[test])
    return opinion


def _stems(text: str) -> list[str]:
    return [stem(word) for word in bare_words(text)]


def _predict(
    words: csr_matrix, targets: NDArray[np.float64], others: csr_matrix
) -> NDArray[np.float64] | float:
    """Fit soft targets, each sentence as a positive and a negative of that weight, and predict others."""
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    if not targets.any():
        return 0.0
    labels = np.repeat([1, 0], len(targets))
    weights = np.concatenate([targets, 1 - targets])
    kept = weights > _NEGLIGIBLE
    model = LogisticRegression(C=_STRENGTH, max_iter=300)
    model.fit(vstack([words, words]).tocsr()[kept], labels[kept], sample_weight=weights[kept])
    found: NDArray[np.float64] = model.predict_proba(others)[:, 1]
    return found
