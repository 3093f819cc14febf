"""What a model has to beat: majority, prevalence, bags of words, and matching of names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Head
from gotune.lexicon.dictionary import Dictionary
from gotune.lexicon.variants import Evidence
from gotune.protocols import Track, untracked
from gotune.records import ModelInfo

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

MAJORITY = "majority"
TFIDF = "TF-IDF + linear SVM"
PREVALENCE = "always the same"
TFIDF_TAGGER = "TF-IDF + logistic regression"


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


def prevalence_scores(truth: NDArray[np.bool_], n_texts: int) -> NDArray[np.float64]:
    """Return the share of each aspect in ``truth``, of shape ``(rows, 3)``, for every text."""
    return np.tile(truth.mean(axis=0), (n_texts, 1))


def tfidf_tags(
    train_texts: Iterable[str], truth: NDArray[np.bool_], texts: Iterable[str]
) -> NDArray[np.float64]:
    """Return the probabilities of `fit_tfidf_tagger` for ``texts``, of shape ``(texts, 3)``."""
    probabilities: NDArray[np.float64] = fit_tfidf_tagger(train_texts, truth).predict_proba(list(texts))
    return probabilities


def fit_tfidf_tagger(train_texts: Iterable[str], truth: NDArray[np.bool_]) -> Pipeline:
    """Learn each aspect by itself from TF-IDF of words and word pairs.

    The settings are scikit-learn's own, with sublinear counts; nothing is tuned.

    Args:
        train_texts: Sentences to learn from.
        truth: Which aspects they have, of shape ``(sentences, 3)``, each with and without.

    Returns:
        A `gotune.protocols.Classifier`.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        OneVsRestClassifier(LogisticRegression(max_iter=1000)),
    )
    return model.fit(list(train_texts), np.asarray(truth))


DICTIONARY = "dictionary of GO names"
"""Name of its row in tables."""

_NAMES = (Evidence.NAME, Evidence.EXACT)


class DictionaryTagger:
    """Plain dictionary matching of names and exact synonyms, as a `gotune.protocols.Classifier`.

    Args:
        dictionary: The names.
        release: The GO release that they are from.
    """

    def __init__(self, dictionary: Dictionary, release: str) -> None:
        self._dictionary = dictionary
        self.info = ModelInfo(DICTIONARY, "names and exact synonyms", release, Head.MULTI)

    def predict_proba(
        self, texts: Sequence[str], *, articles: Sequence[str] | None = None, track: Track = untracked
    ) -> NDArray[np.float64]:
        """Return 1 for each aspect of which a text names a term, else 0, of shape ``(len(texts), 3)``.

        Raises:
            TypeError: ``texts`` is one string instead of a sequence of them.
        """
        if isinstance(texts, str):
            raise TypeError("texts: expected a sequence of strings, found one string; wrap it in a list")
        del articles
        found = np.zeros((len(texts), len(ASPECTS)))
        for row, text in enumerate(track(texts, description="finding names", total=len(texts))):
            for mention in self._dictionary.find(text):
                if mention.evidence in _NAMES:
                    found[row, mention.aspect.label] = 1.0
        return found
