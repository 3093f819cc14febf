from __future__ import annotations

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline

from gotune.evaluation.baselines import TfidfTagger, majority_scores, prevalence_scores, tfidf_scores


def test_majority_always_says_the_most_frequent() -> None:
    assert majority_scores([0, 0, 2, 0], 2).tolist() == [[0.75, 0.0, 0.25]] * 2


def test_tfidf_learns_words() -> None:
    texts = ["blue door", "blue wall", "red door", "red wall", "green door", "green wall"]
    scores = tfidf_scores(texts, [0, 0, 1, 1, 2, 2], ["green hall", "blue hall"])
    assert scores.argmax(axis=1).tolist() == [2, 0]


def test_taggers_learn_each_aspect_by_itself() -> None:
    truth = np.array([[True, False, False], [True, True, False], [False, True, False], [False, False, True]])
    assert prevalence_scores(truth, 2).tolist() == [[0.5, 0.5, 0.25]] * 2
    texts = ["blue door", "blue red door", "red door", "green door"]
    found = TfidfTagger(texts, truth).predict_proba(["blue red", "green wall"])
    assert (found[0, :2] > found[1, :2]).all()
    assert found[1, 2] > found[0, 2]


def test_taggers_are_those_of_scikit_learn() -> None:
    texts = ["blue door", "blue red door", "red door", "green door"]
    truth = np.array([[True, False, False], [True, True, False], [False, True, False], [False, False, True]])
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        OneVsRestClassifier(LogisticRegression(max_iter=1000)),
    ).fit(texts, truth)
    asked = ["blue red", "green wall"]
    assert (TfidfTagger(texts, truth).predict_proba(asked) == pipeline.predict_proba(asked)).all()
    assert (
        TfidfTagger(texts, truth.astype(float)).predict_proba(asked) == pipeline.predict_proba(asked)
    ).all()


def test_taggers_learn_from_what_is_judged() -> None:
    texts = ["blue door", "blue red door", "red door", "green door"]
    truth = np.array([[1, np.nan, 1], [1, np.nan, np.nan], [0, np.nan, np.nan], [np.nan, np.nan, 1]])
    assert prevalence_scores(truth, 2).tolist() == [[2 / 3, 0.5, 1.0]] * 2
    tagger = TfidfTagger(texts, truth)
    found = tagger.predict_proba(["blue", "red"])
    assert found[:, 1:].tolist() == [[0.5, 1.0]] * 2
    words = tagger.vectorizer.transform(texts[:3])
    alone = LogisticRegression(max_iter=1000).fit(words, [True, True, False])
    assert (found[:, 0] == alone.predict_proba(tagger.vectorizer.transform(["blue", "red"]))[:, 1]).all()
