from __future__ import annotations

import numpy as np
import pytest
import torch

from gotune.aspects import Head
from gotune.training.losses import mean_loss, rationale_loss


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


def test_rationale_counts_as_much_as_its_row_weighs() -> None:
    logits = torch.tensor([[[1.0, 0.0, 0.0], [9.0, 9.0, 9.0]], [[2.0, 2.0, 2.0], [2.0, 2.0, 2.0]]])
    marks = [np.array([[True, False, False]]), np.ones((2, 3), dtype=bool)]
    first, second = np.log1p(np.exp(-1)) + 2 * np.log(2), 6 * np.log1p(np.exp(-2))
    found = rationale_loss(logits, marks, torch.tensor([0.5, 3.0]))
    assert found == pytest.approx((0.5 * first + 3 * second) / 3)
