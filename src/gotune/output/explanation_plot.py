"""Pictures of explanations: the words of a text tinted by their weight, and what the weights are worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from gotune.output.explanation_wording import describe_answer, describe_chance, describe_sum
from gotune.output.figures import INK, new_figure, tint
from gotune.output.lettering import fitted, font_families, text_width
from gotune.output.word_tints import TintedStretch, tint_colour, tinted_stretches
from gotune.results.explanation import DeletionCurve, Explanation

_WIDTH, _MARGIN = 7.5, 0.3
"""Inches."""
_SIZE, _NOTE_SIZE, _SUM_SIZE, _TITLE_SIZE = 12.0, 9.0, 8.5, 12.0
"""Points."""
_LINE, _BOX, _BLANK, _PAD = 0.34, 0.25, 0.055, 0.03
"""Inches: from line to line, height of a tint, between words, around the letters of a word."""
_HEAD, _NOTE_LINE = 1.15, 0.2
"""Inches: of title and notes above the text, and from note to note."""
_PALE = "#8C8C8C"

_Placed = tuple[float, int, float, str, TintedStretch]
"""Left edge in inches, line from 0, width in inches with its padding, what is shown of which word."""


def plot_explanation(explanation: Explanation) -> Figure:
    """Draw the text with its words tinted by their weight; words against the aspect are underlined."""
    words = list(_place(list(tinted_stretches(explanation)), _WIDTH - 2 * _MARGIN))
    n_lines = words[-1][1] + 1 if words else 1
    height = 2 * _MARGIN + _HEAD + n_lines * _LINE + 0.5
    figure = Figure(figsize=(_WIDTH, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    family = list(font_families())
    title = f"Why {explanation.aspect.words}"
    axes.text(_MARGIN, _MARGIN + 0.1, title, size=_TITLE_SIZE, weight="bold", va="center", color=INK)
    room = _WIDTH - 2 * _MARGIN
    told = filter(None, (write(explanation) for write in (describe_answer, describe_chance, describe_sum)))
    for line, sentence in enumerate(told):
        note = fitted(sentence, room, size=_SUM_SIZE)
        axes.text(_MARGIN, _MARGIN + 0.4 + line * _NOTE_LINE, note, size=_SUM_SIZE, va="center", color=INK)
    top = _MARGIN + _HEAD
    for left, line, width, shown, stretch in words:
        middle = top + (line + 0.5) * _LINE
        _draw_word(axes, left + _MARGIN, middle, width, stretch)
        axes.text(
            left + _MARGIN + _PAD, middle + 0.065, shown,
            size=_SIZE, color=stretch.ink, family=family, parse_math=False,
        )  # fmt: skip
    _draw_legend(axes, explanation, top + n_lines * _LINE + 0.35)
    return figure


def plot_deletion(curves: Sequence[DeletionCurve]) -> Figure:
    """Draw how far probabilities fall without the words of most weight and without random ones.

    Args:
        curves: One a method, at least one; each gets a panel.
    """
    figure = new_figure(4.2 * len(curves) + 0.3, 3.6)
    panels = figure.subplots(1, len(curves), sharey=True, squeeze=False)[0]
    for curve, axes in zip(curves, panels, strict=True):
        for name, drops, colour, style in (
            ("words of most weight", curve.ranked, INK, "solid"),
            ("random words", curve.random, _PALE, "dashed"),
        ):
            axes.plot(curve.counts, [drop.value for drop in drops], color=colour, linestyle=style, marker="o",
                      markersize=4, label=name)  # fmt: skip
            low, high = ([getattr(drop.interval, end) for drop in drops] for end in ("low", "high"))
            axes.fill_between(curve.counts, low, high, color=colour, alpha=0.15, linewidth=0)
        axes.set_title(f"{curve.method}, {curve.n_texts:,} texts", size=11)
        axes.set_xlabel("words left out")
        axes.set_xticks(curve.counts)
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        axes.yaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0))
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("mean drop of the probability, points")
    panels[0].legend(fontsize=9, frameon=False, loc="upper left")
    return figure


def _place(stretches: Sequence[TintedStretch], room: float) -> Iterator[_Placed]:
    """Yield the words of a text in lines that are not wider than ``room`` inches."""
    left, line = 0.0, 0
    gap = 0.0
    for stretch in stretches:
        if stretch.weight is None:
            gap = _BLANK
            continue
        shown = fitted(stretch.text, room - 2 * _PAD, size=_SIZE)
        width = text_width(shown, size=_SIZE) + 2 * _PAD
        if left and left + gap + width > room:
            left, line, gap = 0.0, line + 1, 0.0
        yield left + gap, line, width, shown, stretch
        left, gap = left + gap + width, 0.0


def _draw_word(axes: Axes, left: float, middle: float, width: float, stretch: TintedStretch) -> None:
    if stretch.colour is not None:
        axes.add_patch(Rectangle((left, middle - _BOX / 2), width, _BOX, color=stretch.colour, linewidth=0))
    if stretch.against:
        bottom = middle + _BOX / 2
        axes.plot((left, left + width), (bottom, bottom), color=INK, linewidth=1, linestyle=(0, (2, 1)))


def _draw_legend(axes: Axes, explanation: Explanation, middle: float) -> None:
    left = _MARGIN
    for against, words in ((False, f"for {explanation.aspect.words}"), (True, "against it")):
        colour = tint(tint_colour(explanation.aspect, against=against), 0.8)
        _draw_word(axes, left, middle, 0.3, TintedStretch("", colour, INK, against, 0.0))
        axes.text(left + 0.4, middle, words, size=_NOTE_SIZE, va="center", color=INK)
        left += 0.75 + text_width(words, size=_NOTE_SIZE)
