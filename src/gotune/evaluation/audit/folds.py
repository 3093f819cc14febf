"""Probabilities for every definition, each from a model that has seen neither it nor its family."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.errors import DatasetError
from gotune.protocols import Track, untracked

N_FOLDS = 5

_MAX_ITERATIONS = 1000
"""Far more than it takes."""

_WEIGHT = 10.0
"""Of the data against the penalty. Unit rows have small values, which scikit-learn's 1.0 would hold down."""


def family_folds(labels: NDArray[np.int64], families: Sequence[str], seed: int) -> NDArray[np.int64]:
    """Return the number of the fold of each row: whole families, with like shares of the aspects.

    Args:
        labels: Of shape ``(rows,)``.
        families: Name of the family of each row.
        seed: Governs the draw.

    Raises:
        DatasetError: An aspect has fewer families than there are folds.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    names = np.asarray(families)
    for aspect in ASPECTS:
        n_families = len(set(names[labels == aspect.label].tolist()))
        if n_families < N_FOLDS:
            raise DatasetError(
                "dataset",
                expected=f"at least {N_FOLDS} families of terms of each aspect, one a fold",
                found=f"{n_families} of {aspect.value}",
                do="Take a larger ontology.",
            )
    folds = np.zeros(len(labels), dtype=np.int64)
    splitter = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=seed)
    for number, (_, members) in enumerate(splitter.split(labels, labels, names)):
        folds[members] = number
    return folds


def cross_fit(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    labels: NDArray[np.int64],
    folds: NDArray[np.int64],
    *,
    track: Track = untracked,
) -> NDArray[np.float64]:
    """Return aspect probabilities of each text by a logistic regression of the other folds.

    It is learned from TF-IDF of words and word pairs beside the embeddings, each of them of length one.

    Args:
        texts: Definitions.
        vectors: Their embeddings, of shape ``(texts, width)``.
        labels: Of shape ``(texts,)``.
        folds: Number of the fold of each; all aspects are in the other folds of each.
        track: Shows progress.

    Returns:
        Of shape ``(texts, 3)``, each row adding up to one.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    words_of = np.array(texts, dtype=object)
    # The search for the minimum stops too early with the vectors' own float32.
    points = csr_matrix(vectors.astype(np.float64))
    probabilities: NDArray[np.float64] = np.zeros((len(labels), len(ASPECTS)))
    for fold in track(range(N_FOLDS), description="folds", total=N_FOLDS):
        held = folds == fold
        # Words that only held-out texts have would make the others of these texts count for less.
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        learned = hstack([words.fit_transform(words_of[~held]), points[~held]], format="csr")
        asked = hstack([words.transform(words_of[held]), points[held]], format="csr")
        model = LogisticRegression(C=_WEIGHT, max_iter=_MAX_ITERATIONS)
        probabilities[held] = model.fit(learned, labels[~held]).predict_proba(asked)
    return probabilities
