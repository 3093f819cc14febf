"""Pictures of how a model was trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from gotune.errors import InputError
from gotune.output.figures import INK, new_figure

_LINES = (
    ("loss", {"train_loss": "training", "validation_loss": "validation"}),
    ("share", {"validation_accuracy": "validation accuracy", "validation_macro_f1": "validation macro F1"}),
)
"""The panels: what their axis shows, and the figures in it with their names."""

_STYLES = (("solid", "o", INK), ("dashed", "s", "#0072B2"))


def plot_history(history: Sequence[Mapping[str, float]], best_epoch: int) -> Figure:
    """Draw losses, accuracy and macro F1 by epoch, and which epoch was kept.

    Args:
        history: One record an epoch, as in the manifest of a model, at least one.
        best_epoch: The epoch whose weights the model has.

    Raises:
        InputError: There is no record.
    """
    if not history:
        raise InputError(
            "history", expected="a record of at least one epoch", found="none", do="Train the model."
        )
    epochs = [record["epoch"] for record in history]
    figure = new_figure(9, 3.6)
    for axes, (unit, lines) in zip(figure.subplots(1, len(_LINES)), _LINES, strict=True):
        for (key, name), (line, marker, colour) in zip(lines.items(), _STYLES, strict=True):
            values = [record[key] for record in history]
            axes.plot(epochs, values, linestyle=line, marker=marker, color=colour, label=name)
        axes.axvline(best_epoch, color="#8C8C8C", linestyle="dotted", label=f"epoch {best_epoch}, kept")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlim(min(epochs) - 0.25, max(epochs) + 0.25)
        axes.set_xlabel("epoch")
        axes.set_ylabel(unit)
        axes.legend(fontsize=9, frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
    return figure
