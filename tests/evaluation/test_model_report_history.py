from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.figure import Figure

from gotune.errors import InputError
from gotune.evaluation.model_report import plot_history

NAMES = ("epoch", "train_loss", "validation_loss", "validation_accuracy", "validation_macro_f1")
HISTORY = [
    dict(zip(NAMES, figures, strict=True))
    for figures in ((1, 0.5, 0.25, 0.75, 0.5), (2, 0.25, 0.5, 1.0, 0.75))
]


def test_losses_and_shares_by_epoch(texts_of: Callable[[Figure], list[str]]) -> None:
    figure = plot_history(HISTORY, 1)
    texts = texts_of(figure)
    assert {"training", "validation", "validation macro F1", "epoch 1, kept"} <= set(texts)
    losses, shares = figure.axes
    assert [np.asarray(line.get_ydata()).tolist() for line in losses.lines[:2]] == [[0.5, 0.25], [0.25, 0.5]]
    assert [np.asarray(line.get_ydata()).tolist() for line in shares.lines[:2]] == [[0.75, 1.0], [0.5, 0.75]]
    assert "1.5" not in texts


def test_one_epoch_is_enough(texts_of: Callable[[Figure], list[str]]) -> None:
    assert "epoch 1, kept" in texts_of(plot_history(HISTORY[:1], 1))


def test_a_history_without_epochs_is_refused() -> None:
    with pytest.raises(InputError, match="expected a record of at least one epoch"):
        plot_history([], 1)
