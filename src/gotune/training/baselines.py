"""What any model has to beat: the most frequent aspect, and a bag of words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS

MAJORITY = "majority"
TFIDF = "TF-IDF + linear SVM"


def majority_scores(labels: Sequence[int], n_texts: int) -> NDArray[np.float64]:
    """Return the frequency of each aspect in ``labels`` for every text, of shape ``(n_texts, 3)``."""
    shares = np.array([np.mean(np.asarray(labels) == aspect.label) for aspect in ASPECTS])
    return np.tile(shares, (n_texts, 1))


def tfidf_scores(
    train_texts: Sequence[str], labels: Sequence[int], texts: Sequence[str]
) -> NDArray[np.float64]:
    """Learn TF-IDF of words and word pairs with a linear SVM; return margins of shape ``(len(texts), 3)``.

    The settings are scikit-learn's own, with sublinear counts; nothing is tuned.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC(random_state=0))
    model.fit(list(train_texts), list(labels))
    margins: NDArray[np.float64] = model.decision_function(list(texts))
    return margins
