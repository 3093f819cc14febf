"""Pictures of datasets, scores and classified documents.

Each function returns a `matplotlib.figure.Figure` of its own, made without pyplot, so nothing is shown or
kept; `gotune.output.figures.save_figure` writes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter
from numpy.typing import ArrayLike, NDArray

from gotune.aspects import ASPECTS, Aspect
from gotune.errors import InputError
from gotune.heads import Head
from gotune.output.figures import INK, ink_on, new_figure, tint
from gotune.output.lettering import fitted, font_families
from gotune.output.wording import (
    NONE,
    NONE_COLOUR,
    NOTHING_CARRIED,
    count_sentences,
    describe_head,
    describe_interval,
)
from gotune.results.classified import ClassifiedDocument
from gotune.results.estimates import Estimate
from gotune.results.evaluation import ModelScores
from gotune.results.shares import DocumentShares

_TITLE_SIZE = 12
"""Points."""
_LEAST_LABELLED_SHARE = 0.05
"""A thinner slice has no room for its percentage, which the legend gives for all."""
_LEAST_NAMED_SHARE = 0.15
"""A shorter part of the bar has no room for its name."""
_NOTE_SIZE = 9
"""Points."""
_RADIUS, _LABEL_RADIUS = 1.15, 0.72
_WHOLE = 0.999
_WHISKERS = (5, 95)
"""Percentiles."""


def plot_aspect_counts(counts: Mapping[Aspect, int]) -> Figure:
    """Draw how many definitions each aspect has, as bars with numbers and shares.

    Args:
        counts: An aspect that is not in it counts as 0.

    Raises:
        InputError: All counts are 0.
    """
    numbers = [counts.get(aspect, 0) for aspect in ASPECTS]
    total = sum(numbers)
    if not total:
        raise InputError("counts", expected="definitions", found="none", do="Pass a dataset that has some.")
    figure = new_figure(7.5, 2.8)
    axes = figure.subplots()
    bars = axes.barh(range(len(ASPECTS)), numbers, color=[aspect.colour for aspect in ASPECTS])
    axes.bar_label(bars, [f"{number:,} ({number / total:.1%})" for number in numbers], padding=4, color=INK)
    axes.set_yticks(range(len(ASPECTS)), [aspect.words for aspect in ASPECTS])
    axes.invert_yaxis()
    # Room right of the longest bar for its number.
    axes.set_xlim(0, max(numbers) * 1.25)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlabel("definitions")
    axes.set_title(f"Definitions per aspect (n = {total:,})", weight="bold")
    _strip(axes)
    return figure


def plot_definition_lengths(
    words: ArrayLike, tokens: ArrayLike, aspects: Sequence[Aspect], max_tokens: int
) -> Figure:
    """Draw the lengths of definitions per aspect, and what is lost above the longest length read.

    Args:
        words: Number of words of each definition.
        tokens: Number of tokens of each definition, as the model counts them.
        aspects: Aspect of each definition.
        max_tokens: How many tokens the model reads; what follows is cut.

    Raises:
        InputError: The three are empty or differ in length.
    """
    word_counts, token_counts = np.asarray(words), np.asarray(tokens)
    lengths = (len(word_counts), len(token_counts), len(aspects))
    if len(set(lengths)) > 1 or not lengths[0]:
        raise InputError(
            "definition lengths",
            expected="words, tokens and aspects of the same definitions, at least one",
            found=f"{lengths[0]:,}, {lengths[1]:,} and {lengths[2]:,} of them",
            do="Take all three from one dataset.",
        )
    figure = new_figure(10, 4.8)
    left, right = figure.subplots(1, 2)
    _draw_boxes(left, word_counts, aspects, "words")
    _draw_boxes(right, token_counts, aspects, "tokens")
    above = int(np.count_nonzero(token_counts > max_tokens))
    right.axhline(
        max_tokens,
        color="#B00020",
        linestyle="dashed",
        label=f"{max_tokens:,} tokens are read; {above:,} definitions ({above / lengths[0]:.2%}) are longer",
    )
    right.legend(loc="upper right", fontsize=9)
    # The legend lies above the longest definition and the line, never on a dot.
    right.set_ylim(0, 1.15 * max(max_tokens, int(token_counts.max())))
    figure.suptitle(f"Length of the definitions (n = {lengths[0]:,})", weight="bold")
    figure.supxlabel(
        f"Box: quartiles and median. Whiskers: {_WHISKERS[0]}th and {_WHISKERS[1]}th percentile. "
        "Dots: definitions beyond them.",
        size=9,
    )
    return figure


def plot_confusion(scores: ModelScores) -> Figure:
    """Draw which aspect a model takes for which: counts, and shares of the true aspect."""
    rows = np.array(scores.confusion)
    figure = new_figure(6.8, 5.2)
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
    _strip(axes)
    _set_title(figure, scores.model, f"{_accuracy(scores)}, n = {rows.sum():,}")
    return figure


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
        empty.text(0.5, 0.5, NOTHING_CARRIED, ha="center", va="center", size=_TITLE_SIZE, color=INK)
    if document.model.head is Head.MULTI:
        _draw_none(figure.add_subplot(grid[1, :]), shares)
    figure.supxlabel(describe_head(document.model.head), size=_NOTE_SIZE, color=INK)
    _set_title(figure, document.name, f"aspects of {count_sentences(shares.n_sentences)}")
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
                start + share / 2, 0, name, ha="center", va="center", size=_NOTE_SIZE, color=ink_on(colour)
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


def _draw_boxes(axes: Axes, lengths: NDArray[np.int64], aspects: Sequence[Aspect], unit: str) -> None:
    labels = np.array([aspect.label for aspect in aspects])
    groups = [lengths[labels == aspect.label] for aspect in ASPECTS]
    drawn = axes.boxplot(
        groups,
        whis=_WHISKERS,
        widths=0.5,
        patch_artist=True,
        medianprops={"color": INK, "linewidth": 1.5},
        # Thousands of dots would make an SVG heavy.
        flierprops={"marker": ".", "markersize": 3, "alpha": 0.35, "rasterized": True},
    )
    for aspect, box, dots in zip(ASPECTS, drawn["boxes"], drawn["fliers"], strict=True):
        box.set_facecolor(tint(aspect.colour, 0.75))
        box.set_edgecolor(aspect.colour)
        dots.set(markerfacecolor=aspect.colour, markeredgecolor=aspect.colour)
    names = [
        f"{aspect.words.replace(' ', chr(10))}\nn = {len(group):,}"
        for aspect, group in zip(ASPECTS, groups, strict=True)
    ]
    axes.set_xticks(range(1, len(ASPECTS) + 1), names)
    axes.set_ylabel(f"{unit} per definition")
    axes.set_ylim(bottom=0)
    _strip(axes)


def _draw_confusion_row(axes: Axes, index: int, aspect: Aspect, row: NDArray[np.int64]) -> None:
    total = int(row.sum())
    for column, count in enumerate(row):
        share = count / total if total else 0.0
        colour = tint(aspect.colour, share)
        axes.add_patch(
            Rectangle((column - 0.5, index - 0.5), 1, 1, facecolor=colour, edgecolor="#BBBBBB", linewidth=0.8)
        )
        axes.text(
            column,
            index,
            f"{count:,}\n{share:.1%}" if total else f"{count:,}\n-",
            ha="center",
            va="center",
            size=12,
            color=ink_on(colour),
        )


def _accuracy(scores: ModelScores) -> str:
    interval = scores.accuracy.interval
    return f"accuracy {scores.accuracy.value:.3f} (95 % interval {interval.low:.3f} to {interval.high:.3f})"


def _set_title(figure: Figure, name: str, line: str) -> None:
    """Write a name that comes from outside, cut to the width of the figure, and a line below it."""
    room = 0.95 * figure.get_figwidth()
    figure.suptitle(
        f"{fitted(name, room, size=_TITLE_SIZE, weight='bold')}\n{line}",
        size=_TITLE_SIZE,
        weight="bold",
        family=list(font_families()),
        parse_math=False,
    )


def _strip(axes: Axes) -> None:
    """Take away the frame lines that say nothing."""
    axes.spines[["top", "right"]].set_visible(False)
