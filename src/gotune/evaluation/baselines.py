"""What a model has to beat: majority, prevalence, bags of words, and matching of names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Head
from gotune.lexicon.dictionary import Dictionary
from gotune.lexicon.variants import Evidence
from gotune.model.decisions import EVEN_THRESHOLD, Truth, has_both, judged_rows
from gotune.protocols import Track, untracked
from gotune.records import ModelInfo

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


def prevalence_scores(truth: Truth, n_texts: int) -> NDArray[np.float64]:
    """Return the share of each aspect in what is judged for every text; one half where nothing is."""
    shares = [positive.mean() if len(positive) else EVEN_THRESHOLD for _, positive in judged_rows(truth)]
    return np.tile(shares, (n_texts, 1))


class TfidfTagger:
    """Learns each aspect by itself from TF-IDF of words and word pairs, of the texts that are judged on it.

    The settings are scikit-learn's own, with sublinear counts; nothing is tuned. Where all of these texts
    have the aspect, or none, it says what `prevalence_scores` says.

    Args:
        train_texts: Sentences to learn from.
        truth: Which aspects they have.
    """

    def __init__(self, train_texts: Iterable[str], truth: Truth) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        self.vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        words = self.vectorizer.fit_transform(list(train_texts))
        (self._shares,) = prevalence_scores(truth, 1)
        self.models = [
            LogisticRegression(max_iter=1000).fit(words[judged], positive) if learnable else None
            for learnable, (judged, positive) in zip(has_both(truth), judged_rows(truth), strict=True)
        ]

    def predict_proba(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Return probabilities of shape ``(texts, 3)``."""
        words = self.vectorizer.transform(list(texts))
        columns = [
            np.full(words.shape[0], share) if model is None else model.predict_proba(words)[:, 1]
            for share, model in zip(self._shares, self.models, strict=True)
        ]
        return np.stack(columns, axis=1)


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
