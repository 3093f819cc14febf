from __future__ import annotations

import numpy as np

from gotune.evaluation.baselines import majority_scores, prevalence_scores, tfidf_scores, tfidf_tags


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
    found = tfidf_tags(texts, truth, ["blue red", "green wall"])
    assert (found[0, :2] > found[1, :2]).all()
    assert found[1, 2] > found[0, 2]
