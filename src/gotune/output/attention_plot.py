"""One head of attention as a picture for print."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from gotune.errors import InputError
from gotune.output.figures import INK, new_figure
from gotune.output.lettering import fitted, font_families
from gotune.results.attention import Attention

_LINE_COLOUR = "#332288"
_MOST_PIECES = 64
"""The lines of more could not be told apart."""
_WIDTH, _ROW = 6.0, 0.2
"""Inches."""
_LABEL_SIZE, _NOTE_SIZE, _TITLE_SIZE = 10, 9, 12
"""Points."""
_SIDE = 0.7
"""Room beside the lines for word pieces, as a share of the width of the lines."""
_GAP = 0.03
"""Between a line and a word piece, in the same unit."""
_THINNEST, _THICKEST = 0.4, 3.2
"""Points, at weight 0 and at weight 1."""
_KEY = (0.1, 0.25, 0.5, 1.0)


def plot_attention(attention: Attention, layer: int, head: int) -> Figure:
    """Draw one head: lines from each word piece to those that it takes from, darker and thicker for more.

    Args:
        attention: From `gotune.inference.attention.attention_of`.
        layer: From 0.
        head: From 0.

    Raises:
        InputError: No such layer or head, or more word pieces than can be told apart.
    """
    attention.check_layer(layer)
    attention.check_head(head)
    n = len(attention.pieces)
    if n > _MOST_PIECES:
        raise InputError(
            "text",
            expected=f"at most {_MOST_PIECES} word pieces, whose lines can be told apart",
            found=str(n),
            do="Give a shorter sentence.",
        )
    figure = new_figure(_WIDTH, 1.5 + n * _ROW)
    axes = figure.subplots()
    weights = attention.weights[layer, head]
    # The weakest first, so that nothing covers a strong line.
    order = np.dstack(np.unravel_index(np.argsort(weights, axis=None), weights.shape))[0].tolist()
    axes.add_collection(
        LineCollection(
            [((0, i), (1, j)) for i, j in order],
            colors=[_colour(weights[i, j]) for i, j in order],
            linewidths=[_thickness(weights[i, j]) for i, j in order],
            capstyle="butt",
        )
    )
    _write_pieces(axes, attention.labels)
    figure.legend(
        handles=[Line2D([], [], color=_colour(w), linewidth=_thickness(w), label=f"{w:g}") for w in _KEY],
        loc="outside lower center",
        ncols=len(_KEY),
        frameon=False,
        fontsize=_NOTE_SIZE,
        title="weight of the word piece on the right for the one on the left",
        title_fontsize=_NOTE_SIZE,
    )
    figure.suptitle(
        f"Attention: layer {layer}, head {head} (counted from 0)", size=_TITLE_SIZE, weight="bold"
    )
    return figure


def _write_pieces(axes: Axes, labels: Sequence[str]) -> None:
    room = (_WIDTH / (1 + 2 * _SIDE)) * (_SIDE - _GAP) * 0.9
    for row, label in enumerate(labels):
        shown = fitted(label, room, size=_LABEL_SIZE)
        for x, side in ((-_GAP, "right"), (1 + _GAP, "left")):
            axes.text(
                x,
                row,
                shown,
                ha=side,
                va="center_baseline",
                size=_LABEL_SIZE,
                color=INK,
                family=list(font_families()),
                parse_math=False,
            )
    axes.set_xlim(-_SIDE, 1 + _SIDE)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_axis_off()


def _colour(weight: float) -> tuple[float, float, float, float]:
    return to_rgba(_LINE_COLOUR, float(np.clip(weight, 0, 1)))


def _thickness(weight: float) -> float:
    return _THINNEST + (_THICKEST - _THINNEST) * float(weight)
