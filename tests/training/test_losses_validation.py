from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, log_loss

from gotune.aspects import Head
from gotune.training.losses import score_logits


def test_validation_figures_are_those_of_scikit_learn() -> None:
    generator = np.random.default_rng(0)
    logits, labels = generator.normal(size=(50, 3)), generator.integers(3, size=50)
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    scores = score_logits(logits, np.eye(3)[labels], Head.SINGLE)
    assert scores["validation_loss"] == pytest.approx(log_loss(labels, probabilities))
    assert scores["validation_macro_f1"] == pytest.approx(f1_score(labels, logits.argmax(1), average="macro"))
    assert scores["validation_accuracy"] == (logits.argmax(1) == labels).mean()


def test_validation_figures_of_independent_aspects() -> None:
    generator = np.random.default_rng(0)
    logits, truth = generator.normal(size=(50, 3)), generator.random(size=(50, 3)) < 0.4
    scores = score_logits(logits, truth.astype(float), Head.MULTI)
    losses = [log_loss(truth[:, column], 1 / (1 + np.exp(-logits[:, column]))) for column in range(3)]
    assert scores["validation_loss"] == pytest.approx(sum(losses))
    assert scores["validation_macro_f1"] == pytest.approx(f1_score(truth, logits >= 0, average="macro"))
    assert scores["validation_accuracy"] == ((logits >= 0) == truth).all(axis=1).mean()


def test_validation_figures_are_of_what_is_judged() -> None:
    generator = np.random.default_rng(0)
    logits, truth = generator.normal(size=(50, 3)), generator.random(size=(50, 3)) < 0.4
    judged = generator.random(size=(50, 3)) < [0.6, 0.3, 0.0]
    targets = np.where(judged, truth, np.nan)
    scores = score_logits(logits, targets, Head.MULTI)
    columns = [(truth[judged[:, column], column], logits[judged[:, column], column]) for column in range(2)]
    sums = [log_loss(true, 1 / (1 + np.exp(-found))) * len(true) for true, found in columns]
    assert scores["validation_loss"] == pytest.approx(sum(sums) / 50)
    # No row is judged on the third aspect.
    f1 = [f1_score(true, found >= 0) for true, found in columns]
    assert scores["validation_macro_f1"] == pytest.approx(np.mean(f1))
    right = ((logits >= 0) == truth) | ~judged
    assert scores["validation_accuracy"] == right.all(axis=1).mean()
    # What the model says of the rest is no matter.
    assert score_logits(np.where(judged, logits, -logits), targets, Head.MULTI) == scores
