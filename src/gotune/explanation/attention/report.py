"""Attention as an interactive page: the head view and the model view of BertViz, with the network off.

BertViz (Vig 2019, doi:10.18653/v1/P19-3007) draws; its scripts and those that it needs are in
``templates/vendor``, unchanged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from gotune.aspects import ASPECTS
from gotune.errors import InputError
from gotune.explanation.attention.results import Attention, AttentionView
from gotune.render.figures import INK, new_figure
from gotune.render.lettering import fitted, font_families
from gotune.render.pages import read_asset, render_page
from gotune.render.wording import describe_doubts, describe_probabilities, join_names

_MOST_LINES = 250_000
"""Lines that a browser draws in a few seconds."""
_DECIMALS = 4
_LONGEST_PIECE = 20
"""Letters of a word piece that there is room for."""


def render_attention(
    attention: Attention,
    *,
    view: AttentionView | str = AttentionView.HEAD,
    layer: int = 0,
    head: int | None = None,
) -> str:
    """Return a page that shows attention, in which layers and heads can be chosen.

    Args:
        attention: From `gotune.explanation.attention.run.attention_of`.
        view: ``head`` or ``model``.
        layer: Layer that is shown first, from 0.
        head: Head that is shown first, from 0; None shows all heads, and in the model view enlarges none.

    Raises:
        InputError: No such layer or head; or more word pieces than a browser can draw.
    """
    view = AttentionView(view)
    attention.check_layer(layer)
    if head is not None:
        attention.check_head(head)
    _check_length(attention, view)
    classified = attention.classified
    return render_page(
        "attention.html.j2",
        title=f"Attention, {view} view",
        scripts=[
            read_asset(name)
            for name in (
                "vendor/jquery.slim.min.js",
                "vendor/d3.min.js",
                "attention.js",
                f"vendor/bertviz_{view}_view.js",
            )
        ],
        view=view.value,
        parameters=_parameters(attention, view, layer, head),
        classified=classified,
        found=join_names(aspect.words for aspect in classified.aspects),
        probabilities=", ".join(
            f"{aspect.words} {classified.probabilities[aspect]:.3f}" for aspect in ASPECTS
        ),
        head_meaning=describe_probabilities(classified.model),
        beside=" and ".join(attention.beside),
        doubts=describe_doubts(classified.doubts) if classified.doubts else "",
    )


def _check_length(attention: Attention, view: AttentionView) -> None:
    matrices = attention.n_heads * (attention.n_layers if view is AttentionView.MODEL else 1)
    most = math.isqrt(_MOST_LINES // matrices)
    if len(attention.pieces) > most:
        raise InputError(
            "text",
            expected=f"at most {most:,} word pieces, which is what a browser can draw in the {view} view",
            found=f"{len(attention.pieces):,}",
            do="Give one sentence."
            if view is AttentionView.HEAD
            else "Give a shorter sentence, or take the head view.",
        )


def _parameters(attention: Attention, view: AttentionView, layer: int, head: int | None) -> dict[str, Any]:
    """Return what BertViz calls its parameters, and which view and cell the page opens with."""
    labels = [
        label if len(label) <= _LONGEST_PIECE else label[: _LONGEST_PIECE - 1] + "…"
        for label in attention.labels
    ]
    weights = np.round(attention.weights.astype(np.float64), _DECIMALS).tolist()
    return {
        "attention": [{"name": None, "attn": weights, "left_text": labels, "right_text": labels}],
        "default_filter": "0",
        "display_mode": "light",
        "root_div_id": "bertviz",
        "layer": layer,
        "heads": None if head is None else [head],
        "include_layers": list(range(attention.n_layers)),
        "include_heads": list(range(attention.n_heads)),
        "total_heads": attention.n_heads,
        "view": view.value,
        "open": None if head is None else [layer, head],
    }


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
        attention: From `gotune.explanation.attention.run.attention_of`.
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
