"""Attention as an interactive page: the head view and the model view of BertViz, with the network off.

BertViz (Vig 2019, doi:10.18653/v1/P19-3007) draws; its scripts and those that it needs are in
``templates/vendor``, unchanged.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Any

import numpy as np

from gotune.aspects import ASPECTS
from gotune.errors import InputError
from gotune.output.pages import read_asset, render_page
from gotune.output.wording import describe_doubts, describe_probabilities, join_names
from gotune.results.attention import Attention

_MOST_LINES = 250_000
"""Lines that a browser draws in a few seconds."""
_DECIMALS = 4
_LONGEST_PIECE = 20
"""Letters of a word piece that there is room for."""


class AttentionView(StrEnum):
    """What a page of attention shows."""

    HEAD = "head"
    """The heads of one layer over each other, word piece by word piece."""
    MODEL = "model"
    """All heads of all layers as small pictures, each of which can be enlarged."""


def render_attention(
    attention: Attention,
    *,
    view: AttentionView | str = AttentionView.HEAD,
    layer: int = 0,
    head: int | None = None,
) -> str:
    """Return a page that shows attention, in which layers and heads can be chosen.

    Args:
        attention: From `gotune.inference.attention.attention_of`.
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
        model=str(classified.model),
        head_meaning=describe_probabilities(classified.model),
        uses_names=attention.uses_names,
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
