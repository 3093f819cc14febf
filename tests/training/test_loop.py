from __future__ import annotations

import pytest
import torch

from gotune.training.loop import learning_rate


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
