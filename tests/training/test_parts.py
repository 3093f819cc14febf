"""The pure helpers of training, and the baselines."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.metrics import f1_score, log_loss

from gotune.aspects import Head
from gotune.evaluation.baselines import majority_scores, prevalence_scores, tfidf_scores, tfidf_tags
from gotune.training.loop import learning_rate
from gotune.training.losses import mean_loss, rationale_loss
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
    targets, even = torch.eye(3)[labels], torch.ones(2)
    assert mean_loss(logits, targets, even, Head.SINGLE) == pytest.approx(float(each.mean()))
    weights = torch.tensor([1.0, 3.0])
    assert mean_loss(logits, targets, weights, Head.SINGLE) == pytest.approx(float(each[0] + 3 * each[1]) / 2)
    shared = mean_loss(logits, targets, weights, Head.SINGLE, n_items=4)
    assert shared == pytest.approx(float(each[0] + 3 * each[1]) / 4)


def test_loss_of_independent_aspects_is_the_sum_of_theirs() -> None:
    logits = torch.tensor([[2.0, -1.0, 0.0], [0.0, 1.0, 0.0]])
    targets, weights = torch.tensor([[1.0, 0.0, 0.3], [0.0, 0.0, 0.0]]), torch.tensor([1.0, 0.5])
    probabilities = torch.sigmoid(logits)
    each = -(targets * probabilities.log() + (1 - targets) * (1 - probabilities).log()).sum(dim=1)
    expected = float(each[0] + 0.5 * each[1]) / 2
    assert mean_loss(logits, targets, weights, Head.MULTI) == pytest.approx(expected)


def test_rationale_loss_is_the_mean_over_the_known_word_pieces() -> None:
    logits = torch.zeros(3, 4, 3)
    marks = [np.array([[True, False, False], [False, False, False]]), None, np.ones((4, 3), dtype=bool)]
    even = torch.ones(3)
    assert rationale_loss(logits, marks, even) == pytest.approx(3 * np.log(2))
    logits[0, 0, 0], logits[1], logits[2] = 1.0, 9.0, 2.0
    # Six pieces are known; the padding of the first row and the whole second row do not count.
    expected = np.log1p(np.exp(-1)) + 5 * np.log(2) + 12 * np.log1p(np.exp(-2))
    assert rationale_loss(logits, marks, even) == pytest.approx(expected / 6)
    assert rationale_loss(logits, [None] * 3, even) == 0


def test_evidence_counts_as_much_as_its_row_weighs() -> None:
    logits = torch.tensor([[[1.0, 0.0, 0.0], [9.0, 9.0, 9.0]], [[2.0, 2.0, 2.0], [2.0, 2.0, 2.0]]])
    marks = [np.array([[True, False, False]]), np.ones((2, 3), dtype=bool)]
    first, second = np.log1p(np.exp(-1)) + 2 * np.log(2), 6 * np.log1p(np.exp(-2))
    found = rationale_loss(logits, marks, torch.tensor([0.5, 3.0]))
    assert found == pytest.approx((0.5 * first + 3 * second) / 3)


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
