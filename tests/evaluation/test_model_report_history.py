from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
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


def test_one_epoch_is_one_tick(draw: Callable[[Figure], FigureCanvasAgg]) -> None:
    figure = plot_history(HISTORY[:1], 1)
    draw(figure)
    for axes in figure.axes:
        low, high = axes.get_xlim()
        assert [tick for tick in axes.get_xticks() if low <= tick <= high] == [1]


def test_no_share_is_above_one() -> None:
    perfect = [{**record, "validation_accuracy": 1.0, "validation_macro_f1": 1.0} for record in HISTORY]
    losses, shares = plot_history([{**record, "train_loss": 3.0} for record in perfect], 1).axes
    assert losses.get_ylim()[1] > 3
    assert 1 < shares.get_ylim()[1] < 1.01


def test_no_legend_lies_over_a_panel(draw: Callable[[Figure], FigureCanvasAgg]) -> None:
    figure = plot_history(HISTORY, 2)
    draw(figure)
    legends = [axes.get_legend() for axes in figure.axes]
    assert [[text.get_text() for text in legend.get_texts()] for legend in legends if legend] == [
        ["training", "validation", "epoch 2, kept"],
        ["validation accuracy", "validation macro F1", "epoch 2, kept"],
    ]
    for legend in filter(None, legends):
        box = legend.get_window_extent()
        assert not any(box.overlaps(axes.get_window_extent()) for axes in figure.axes)
        assert 0 < box.x0 < box.x1 < figure.bbox.x1
        assert box.y1 < figure.bbox.y1


def test_a_history_without_epochs_is_refused() -> None:
    with pytest.raises(InputError, match="expected a record of at least one epoch"):
        plot_history([], 1)
