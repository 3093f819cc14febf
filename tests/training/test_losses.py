from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gotune.aspects import Head
from gotune.training.losses import intercept_penalty, mean_loss, rationale_loss, source_intercepts
from tests.examples import some


def test_loss_is_the_weighted_sum_over_the_rows() -> None:
    logits, labels = torch.tensor([[2.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), torch.tensor([0, 2])
    each = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    targets, even = torch.eye(3)[labels], torch.ones(2)
    assert mean_loss(logits, targets, even, Head.SINGLE) == pytest.approx(float(each.mean()))
    weights = torch.tensor([1.0, 3.0])
    assert mean_loss(logits, targets, weights, Head.SINGLE) == pytest.approx(float(each[0] + 3 * each[1]) / 2)
    shared = mean_loss(logits, targets, weights, Head.SINGLE, n_items=4)
    assert shared == pytest.approx(float(each[0] + 3 * each[1]) / 4)


def test_intercepts_of_sources_begin_at_nothing_and_go_after_training() -> None:
    model: Any = torch.nn.Linear(2, 3)
    with source_intercepts(model, 4) as intercepts:
        assert sorted(model.state_dict()) == ["bias", "source_intercepts.weight", "weight"]
        assert intercepts(torch.tensor([3, 0])).tolist() == [[0.0] * 3] * 2
        with torch.no_grad():
            intercepts.weight[1, 2] = 2.0
        assert intercept_penalty(intercepts).item() == pytest.approx(0.04)
    assert sorted(model.state_dict()) == ["bias", "weight"]


def test_loss_of_independent_aspects_is_the_sum_of_theirs() -> None:
    logits = torch.tensor([[2.0, -1.0, 0.0], [0.0, 1.0, 0.0]])
    targets, weights = torch.tensor([[1.0, 0.0, 0.3], [0.0, 0.0, 0.0]]), torch.tensor([1.0, 0.5])
    probabilities = torch.sigmoid(logits)
    each = -(targets * probabilities.log() + (1 - targets) * (1 - probabilities).log()).sum(dim=1)
    expected = float(each[0] + 0.5 * each[1]) / 2
    assert mean_loss(logits, targets, weights, Head.MULTI) == pytest.approx(expected)


def test_rationale_loss_is_the_mean_over_the_known_word_pieces() -> None:
    logits = torch.zeros(3, 4, 3)
    marks = [
        np.array([[True, False, False], [False, False, False]]),
        np.empty((0, 3)),
        np.ones((4, 3), dtype=bool),
    ]
    even = torch.ones(3)
    assert rationale_loss(logits, marks, even) == pytest.approx(3 * np.log(2))
    logits[0, 0, 0], logits[1], logits[2] = 1.0, 9.0, 2.0
    # Six pieces are known; the padding of the first row and the whole second row do not count.
    expected = np.log1p(np.exp(-1)) + 5 * np.log(2) + 12 * np.log1p(np.exp(-2))
    assert rationale_loss(logits, marks, even) == pytest.approx(expected / 6)
    assert rationale_loss(logits, [np.empty((0, 3), np.float16)] * 3, even) == 0


def test_rationale_counts_as_much_as_its_row_weighs() -> None:
    logits = torch.tensor([[[1.0, 0.0, 0.0], [9.0, 9.0, 9.0]], [[2.0, 2.0, 2.0], [2.0, 2.0, 2.0]]])
    marks = [np.array([[True, False, False]]), np.ones((2, 3), dtype=bool)]
    first, second = np.log1p(np.exp(-1)) + 2 * np.log(2), 6 * np.log1p(np.exp(-2))
    found = rationale_loss(logits, marks, torch.tensor([0.5, 3.0]))
    assert found == pytest.approx((0.5 * first + 3 * second) / 3)


FLOATS = st.floats(-30, 30, width=32)
TARGETS = st.sampled_from([0.0, 0.3, 1.0, float("nan")])
Array = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


@some(40)
@given(arrays(np.float32, (5, 3), elements=FLOATS), arrays(np.float32, (5, 3), elements=TARGETS))
def test_what_is_not_judged_has_no_gradient_and_adds_no_loss(values: Array, targets: Array) -> None:
    logits, weights = torch.tensor(values, requires_grad=True), torch.tensor([1.0, 0.5, 2.0, 1.0, 1.0])
    loss = mean_loss(logits, torch.from_numpy(targets), weights, Head.MULTI)
    loss.backward()
    judged = ~np.isnan(targets)
    assert logits.grad is not None
    assert (logits.grad.numpy()[~judged] == 0).all()
    # Judged as well, each would have a share in the loss, and a gradient of this size.
    expected = (torch.sigmoid(logits.detach()).numpy() - targets) * weights.numpy()[:, None] / 5
    assert logits.grad.numpy()[judged] == pytest.approx(expected[judged], abs=1e-6)
    each = np.logaddexp(0, values.astype(float)) - values * targets
    by_row = [float(row[known].sum()) for row, known in zip(each, judged, strict=True)]
    assert loss.item() == pytest.approx(float(weights.numpy() @ by_row) / 5, rel=1e-4, abs=1e-6)


@some(20)
@given(arrays(np.float32, (2, 4, 3), elements=FLOATS), st.lists(st.booleans(), min_size=6, max_size=6))
def test_rationale_of_what_is_not_judged_has_no_gradient(values: Array, known: list[bool]) -> None:
    judged = np.array(known).reshape(2, 3)
    marks = [np.where(row, np.eye(3, dtype=np.float32), np.float32(np.nan)) for row in judged]
    logits = torch.tensor(values, requires_grad=True)
    loss = rationale_loss(logits, marks, torch.tensor([1.0, 3.0]))
    loss.backward()
    assert logits.grad is not None
    gradient = logits.grad.numpy()
    assert (gradient[:, 3] == 0).all()  # behind the pieces
    assert (gradient[np.repeat(~judged[:, None], 4, axis=1)] == 0).all()
    each = np.logaddexp(0, values[:, :3].astype(float)) - values[:, :3] * np.eye(3)
    by_row = (each * judged[:, None]).sum(axis=(1, 2))
    assert loss.item() == pytest.approx((by_row[0] + 3 * by_row[1]) / 6, rel=1e-4, abs=1e-6)
