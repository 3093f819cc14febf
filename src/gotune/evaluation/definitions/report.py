"""Evaluations, releases and datasets as tables of text, for the terminal and for Markdown."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Aspect
from gotune.datasets.data_card import SPLIT_NAMES, absent_tables
from gotune.evaluation.definitions.results import Evaluation, ModelScores, SplitAccuracy
from gotune.render.figures import INK, NOTE_SIZE, ink_on, new_figure, tint
from gotune.render.lettering import TITLE_SIZE, fitted, set_title
from gotune.render.tables import ASPECT_NAMES, TextTable, estimate_cell, render_markdown
from gotune.render.wording import name_model


def render_evaluation(evaluation: Evaluation) -> str:
    """Return an evaluation as a Markdown page."""
    return f"""# Evaluation on GO release {evaluation.release}

{describe_evaluation(evaluation)}

{render_markdown(evaluation_tables(evaluation))}"""


def describe_evaluation(evaluation: Evaluation) -> str:
    """Return what was measured and how, in a few sentences."""
    return (
        f"{evaluation.split} Model and baselines learned from the same {evaluation.n_train:,} definitions. "
        "In brackets: 95 % bootstrap intervals over families of definitions, which are those with the same "
        "three opening words or, for unseen lineages, those in the same subtree; where resamples are all "
        "alike, as where nothing was missed, Wilson's. "
        f"The tables below the first are about the {evaluation.n_test:,} definitions of the random part, of "
        f"which {evaluation.truncated:,} were longer than the model reads and were cut. Near-copies of many "
        "of them are among the training rows: look at the other parts first. No figure here says anything "
        "about sentences of papers."
    )


def evaluation_tables(evaluation: Evaluation) -> tuple[TextTable, ...]:
    """Return the models side by side on all test parts, then figures of the random part in detail."""
    model = evaluation.model
    return (
        _split_table(evaluation),
        *absent_tables("Test parts that were not scored", evaluation.absent),
        TextTable(
            "All models, random part",
            ("model", "accuracy", "macro F1", "macro ROC-AUC"),
            tuple(
                (
                    row.model,
                    *(estimate_cell(figure, 4) for figure in (row.accuracy, row.macro_f1, row.macro_roc_auc)),
                )
                for row in evaluation.rows
            ),
        ),
        _aspect_table(model),
        TextTable(
            f"Confusions of {name_model(model.model)}, random part (rows: true aspect, columns: predicted)",
            ("true", *ASPECT_NAMES),
            tuple(
                (aspect.words, *(f"{count:,}" for count in counts))
                for aspect, counts in zip(ASPECTS, model.confusion, strict=True)
            ),
        ),
    )


def _split_table(evaluation: Evaluation) -> TextTable:
    header = ("model", *map(_split_header, evaluation.splits))
    rows = tuple(
        (row.model, *(estimate_cell(split.accuracies[number]) for split in evaluation.splits))
        for number, row in enumerate(evaluation.rows)
    )
    return TextTable("Accuracy on all test parts, and the families that intervals are over", header, rows)


def _split_header(split: SplitAccuracy) -> str:
    return f"{SPLIT_NAMES[split.part]}: {split.n:,} in {split.n_families:,} {split.family}s"


def _aspect_table(scores: ModelScores) -> TextTable:
    figures = {
        "precision": [estimate_cell(row.precision, 4) for row in scores.aspects],
        "recall": [estimate_cell(row.recall, 4) for row in scores.aspects],
        "F1": [estimate_cell(row.f1, 4) for row in scores.aspects],
        "ROC-AUC": [estimate_cell(row.roc_auc, 4) for row in scores.aspects],
        "support": [f"{row.support:,}" for row in scores.aspects],
    }
    rows = tuple((name, *cells) for name, cells in figures.items())
    return TextTable(f"Aspects, {name_model(scores.model)}, random part", ("figure", *ASPECT_NAMES), rows)


_WRONG = "#CC79A7"
"""Reddish purple of Okabe and Ito, which no aspect has."""
_CELL_SIZE = 12
"""Points."""
_INSET = 0.035
"""Of a frame, as a share of its cell."""
_NAME_WIDTH = 5.4
"""Inches."""


def plot_confusion(scores: ModelScores) -> Figure:
    """Draw which aspect a model takes for which: counts, and shares of the true aspect.

    What is right stands in a frame, bold, in the colour of its aspect; what is wrong has a colour of its own.
    """
    rows = np.array(scores.confusion)
    figure = new_figure(6.8, 5.6)
    axes = figure.subplots()
    for index, aspect in enumerate(ASPECTS):
        _draw_confusion_row(axes, index, aspect, rows[index])
    axes.set_xlim(-0.5, len(ASPECTS) - 0.5)
    axes.set_ylim(len(ASPECTS) - 0.5, -0.5)
    names = [aspect.words.replace(" ", "\n") for aspect in ASPECTS]
    axes.set_xticks(range(len(ASPECTS)), names)
    axes.set_yticks(
        range(len(ASPECTS)), [f"{name}\nn = {row.sum():,}" for name, row in zip(names, rows, strict=True)]
    )
    axes.tick_params(length=0)
    axes.set_xlabel("predicted aspect")
    axes.set_ylabel("true aspect")
    axes.set_frame_on(False)
    figure.supxlabel(
        "Framed: right. Per cent: of the definitions of that true aspect, so that a row adds up to 100 %.",
        size=NOTE_SIZE,
        color=INK,
    )
    name = fitted(scores.model, _NAME_WIDTH, size=TITLE_SIZE, weight="bold")
    set_title(figure, name_model(name), f"{_accuracy(scores)}, n = {rows.sum():,}")
    return figure


def _draw_confusion_row(axes: Axes, index: int, aspect: Aspect, row: NDArray[np.int64]) -> None:
    total = int(row.sum())
    for column, count in enumerate(row):
        is_right = column == index
        share = count / total if total else 0.0
        colour = tint(aspect.colour, share) if is_right else tint(_WRONG, np.sqrt(share))
        axes.add_patch(_cell(column, index, facecolor=colour, edgecolor="#BBBBBB", linewidth=0.8))
        if is_right:
            axes.add_patch(_cell(column, index, _INSET, fill=False, edgecolor=ink_on(colour), linewidth=2))
        axes.text(
            column,
            index,
            f"{count:,}\n{share:.1%}" if total else f"{count:,}\n-",
            ha="center",
            va="center",
            size=_CELL_SIZE,
            weight="bold" if is_right else "normal",
            color=ink_on(colour),
        )


def _cell(column: int, row: int, inset: float = 0.0, **style: Any) -> Rectangle:  # noqa: ANN401
    side = 1 - 2 * inset
    return Rectangle((column - side / 2, row - side / 2), side, side, **style)


def _accuracy(scores: ModelScores) -> str:
    interval = scores.accuracy.interval
    return f"accuracy {scores.accuracy.value:.3f} (95 % interval {interval.low:.3f} to {interval.high:.3f})"
