"""Pictures of datasets, scores and classified documents.

Each function returns a `matplotlib.figure.Figure` of its own, made without pyplot, so nothing is shown or
kept; `gotune.render.figures.save_figure` writes it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gotune.aspects import ASPECTS, Head
from gotune.estimates import Estimate
from gotune.records import ClassifiedDocument, DocumentShares
from gotune.render.figures import INK, NOTE_SIZE, ink_on, new_figure
from gotune.render.lettering import TITLE_SIZE, set_title
from gotune.render.wording import (
    NONE,
    NONE_COLOUR,
    NOTHING_CARRIED,
    count_sentences,
    describe_head,
    describe_interval,
)

_LEAST_LABELLED_SHARE = 0.05
"""A thinner slice has no room for its percentage, which the legend gives for all."""
_LEAST_NAMED_SHARE = 0.15
"""A shorter part of the bar has no room for its name."""
_RADIUS, _LABEL_RADIUS = 1.15, 0.72
_WHOLE = 0.999


def plot_shares(document: ClassifiedDocument) -> Figure:
    """Draw how the sentences of a document spread over the aspects.

    A pie shows the share of each aspect among the sentences that carry any, with 95 % intervals in its
    legend. Where a sentence may carry none, a bar below shows how many do.
    """
    shares = document.shares
    figure = new_figure(7.5, 4.6)
    grid = figure.add_gridspec(2, 2, width_ratios=(1, 1), height_ratios=(1, 0.08))
    rows = 1 if document.model.head is Head.MULTI else 2
    if shares.aspects:
        pie, key = (figure.add_subplot(grid[:rows, column]) for column in (0, 1))
        _draw_pie(pie, key, shares.aspects, shares.n_carrying)
    else:
        empty = figure.add_subplot(grid[:rows, :])
        empty.set_axis_off()
        empty.text(0.5, 0.5, NOTHING_CARRIED, ha="center", va="center", size=TITLE_SIZE, color=INK)
    if document.model.head is Head.MULTI:
        _draw_none(figure.add_subplot(grid[1, :]), shares)
    figure.supxlabel(describe_head(document.model.head), size=NOTE_SIZE, color=INK)
    set_title(figure, document.name, f"aspects of {count_sentences(shares.n_sentences)}")
    return figure


def _draw_pie(axes: Axes, key: Axes, estimates: Sequence[Estimate], n_carrying: int) -> None:
    shares = [estimate.value for estimate in estimates]
    # A slice of nothing has edges all the same, which would cut a pie of one aspect.
    edge = 0 if max(shares) > _WHOLE else 1.5
    wedges = axes.pie(
        shares,
        radius=_RADIUS,
        colors=[aspect.colour for aspect in ASPECTS],
        startangle=90,
        counterclock=False,
        wedgeprops={"edgecolor": "white", "linewidth": edge},
    )[0]
    for aspect, wedge, share in zip(ASPECTS, wedges, shares, strict=True):
        if share >= _LEAST_LABELLED_SHARE:
            angle = np.deg2rad((wedge.theta1 + wedge.theta2) / 2)
            axes.text(
                _LABEL_RADIUS * np.cos(angle),
                _LABEL_RADIUS * np.sin(angle),
                f"{share:.1%}",
                ha="center",
                va="center",
                color=ink_on(aspect.colour),
                weight="bold",
            )
    key.set_axis_off()
    key.legend(
        wedges,
        [
            f"{aspect.words}: {estimate.value:.1%}\n95 % interval {describe_interval(estimate)}"
            for aspect, estimate in zip(ASPECTS, estimates, strict=True)
        ],
        loc="center left",
        frameon=False,
        title=f"share among the sentences\nthat carry an aspect (n = {n_carrying:,})",
        alignment="left",
        labelspacing=0.9,
    )


def _draw_none(axes: Axes, shares: DocumentShares) -> None:
    """Draw as one bar how many sentences carry something and, in grey, how many carry none."""
    parts = ((1 - shares.none.value, INK, "an aspect"), (shares.none.value, NONE_COLOUR, NONE))
    start = 0.0
    for share, colour, name in parts:
        axes.barh(0, share, left=start, height=1, color=colour)
        if share >= _LEAST_NAMED_SHARE:
            axes.text(
                start + share / 2, 0, name, ha="center", va="center", size=NOTE_SIZE, color=ink_on(colour)
            )
        start += share
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.5, 0.5)
    axes.set_axis_off()
    axes.set_title(
        f"carry none: {shares.none.value:.1%} of {count_sentences(shares.n_sentences)} "
        f"(95 % interval {describe_interval(shares.none)})",
        size=10,
        color=INK,
    )
