"""The pure helpers of training, and the baselines."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.metrics import f1_score, log_loss

from gotune.training.baselines import majority_scores, tfidf_scores
from gotune.training.loss import mean_loss
from gotune.training.native import learning_rate
from gotune.training.validation import score_logits


def test_rate_rises_and_falls_in_lines() -> None:
    assert [learning_rate(step, 10, 0.2) for step in (0, 1, 2, 6, 9)] == [0.0, 0.5, 1.0, 0.5, 0.125]
    assert [learning_rate(step, 4, 0.0) for step in range(4)] == [1.0, 0.75, 0.5, 0.25]


def test_rate_is_that_of_transformers() -> None:
    from transformers import get_linear_schedule_with_warmup

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = get_linear_schedule_with_warmup(optimizer, 3, 12)
    for step in range(12):
        assert schedule.get_last_lr()[0] == pytest.approx(learning_rate(step, 12, 0.25))
        optimizer.step()
        schedule.step()


def test_loss_is_the_weighted_sum_over_the_rows() -> None:
    logits, labels = torch.tensor([[2.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), torch.tensor([0, 2])
    each = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    assert mean_loss(logits, labels, None) == pytest.approx(float(each.mean()))
    weights = torch.tensor([1.0, 1.0, 3.0])
    assert mean_loss(logits, labels, weights) == pytest.approx(float(each[0] + 3 * each[1]) / 2)
    assert mean_loss(logits, labels, weights, n_items=4) == pytest.approx(float(each[0] + 3 * each[1]) / 4)


def test_validation_figures_are_those_of_scikit_learn() -> None:
    generator = np.random.default_rng(0)
    logits, labels = generator.normal(size=(50, 3)), generator.integers(3, size=50)
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    scores = score_logits(logits, labels)
    assert scores["validation_loss"] == pytest.approx(log_loss(labels, probabilities))
    assert scores["validation_macro_f1"] == pytest.approx(f1_score(labels, logits.argmax(1), average="macro"))
    assert scores["validation_accuracy"] == (logits.argmax(1) == labels).mean()


def test_majority_always_says_the_most_frequent() -> None:
    assert majority_scores([0, 0, 2, 0], 2).tolist() == [[0.75, 0.0, 0.25]] * 2


def test_tfidf_learns_words() -> None:
    texts = ["blue door", "blue wall", "red door", "red wall", "green door", "green wall"]
    scores = tfidf_scores(texts, [0, 0, 1, 1, 2, 2], ["green hall", "blue hall"])
    assert scores.argmax(axis=1).tolist() == [2, 0]
