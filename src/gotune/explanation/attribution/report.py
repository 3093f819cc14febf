"""An explanation as a page, a picture and sentences: its text with the words tinted by their weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from gotune.aspects import Aspect
from gotune.explanation.attribution.results import DeletionCurve, Explanation, Method
from gotune.render.figures import INK, ink_on, new_figure, tint
from gotune.render.lettering import fitted, font_families, text_advance, text_width
from gotune.render.pages import render_page
from gotune.render.tables import TextTable
from gotune.render.wording import describe_probabilities, join_names


def render_explanation(explanation: Explanation) -> str:
    """Return one self-contained HTML page.

    The tints are not alone in telling words for and against the aspect apart: those against it are
    underlined, and a table has all weights with their signs.
    """
    words, model = explanation.strongest(), explanation.model
    largest = abs(words[0].weight) if words else 0.0
    colours = {
        name: tint(tint_colour(explanation.aspect, against=against), 0.8)
        for name, against in (("for", False), ("against", True))
    }
    return render_page(
        "explanation.html.j2",
        title=f"Why {explanation.aspect.words}",
        explanation=explanation,
        stretches=list(tinted_stretches(explanation)),
        colours={name: (colour, ink_on(colour)) for name, colour in colours.items()},
        words=[(word, abs(word.weight) / largest if largest else 0.0) for word in words],
        verdict=f"{describe_answer(explanation)} {describe_chance(explanation)}".strip(),
        total=describe_sum(explanation),
        method=describe_method(explanation.method),
        model=model,
        meaning=describe_probabilities(model),
        names=name_table(explanation),
    )


_WIDTH, _MARGIN = 7.5, 0.3
"""Inches."""
_SIZE, _NOTE_SIZE, _SUM_SIZE, _TITLE_SIZE = 12.0, 9.0, 8.5, 12.0
"""Points."""
_LINE, _BOX, _BLANK = 0.34, 0.25, 0.07
"""Inches: from line to line, height of a tint, between words."""
_HEAD, _NOTE_LINE = 1.15, 0.2
"""Inches: of title and notes above the text, and from note to note."""
_PALE = "#8C8C8C"

_BREAKS = frozenset("-\u2010\u2013\u2014/")
"""Behind these a line may end, but not behind one at the beginning, as that of a negative number."""


@dataclass(frozen=True, slots=True)
class _PlacedWord:
    """A word or a punctuation mark in the picture.

    Attributes:
        left: Where it begins, in inches.
        line: From 0.
        width: In inches.
        shown: What is shown of it.
        stretch: The word.
    """

    left: float
    line: int
    width: float
    shown: str
    stretch: TintedStretch


def plot_explanation(explanation: Explanation) -> Figure:
    """Draw the text with its words tinted by their weight; words against the aspect are underlined."""
    words = list(_place(list(tinted_stretches(explanation)), _WIDTH - 2 * _MARGIN))
    n_lines = words[-1].line + 1 if words else 1
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
    for word in words:
        left, middle = _MARGIN + word.left, top + (word.line + 0.5) * _LINE
        _draw_tint(axes, left, middle, word.width, word.stretch)
        axes.text(
            left, middle + 0.065, word.shown,
            size=_SIZE, color=word.stretch.ink, family=family, parse_math=False,
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


def _place(stretches: Sequence[TintedStretch], room: float) -> Iterator[_PlacedWord]:
    """Yield the words of a text in lines that are not wider than ``room`` inches."""
    pen, line = 0.0, 0
    for spaced, unit in _units(stretches):
        shown = [fitted(word.text, room, size=_SIZE) for word in unit]
        widths = [text_advance(text, size=_SIZE) for text in shown]
        if pen:
            pen += spaced * _BLANK
            if pen + sum(widths) > room:
                pen, line = 0.0, line + 1
        for word, text, width in zip(unit, shown, widths, strict=True):
            if pen and pen + width > room:  # as the unit is wider than a line
                pen, line = 0.0, line + 1
            yield _PlacedWord(pen, line, width, text, word)
            pen += width


def _units(stretches: Sequence[TintedStretch]) -> Iterator[tuple[bool, list[TintedStretch]]]:
    """Yield the words that stay on one line, and whether a blank is before them.

    A punctuation mark stays with its word; as in print, a line may end behind a hyphen or a slash.
    """
    spaced = False
    unit: list[TintedStretch] = []
    for stretch in stretches:
        is_blank = stretch.weight is None and any(map(str.isspace, stretch.text))
        if unit and (is_blank or (len(unit) > 1 and unit[-1].text in _BREAKS)):
            yield spaced, unit
            spaced, unit = False, []
        spaced |= is_blank
        if stretch.weight is not None:
            unit.append(stretch)
    if unit:
        yield spaced, unit


def _draw_tint(axes: Axes, left: float, middle: float, width: float, stretch: TintedStretch) -> None:
    if stretch.colour is not None:
        axes.add_patch(Rectangle((left, middle - _BOX / 2), width, _BOX, color=stretch.colour, linewidth=0))
    if stretch.against:
        bottom = middle + _BOX / 2
        axes.plot((left, left + width), (bottom, bottom), color=INK, linewidth=1, linestyle=(0, (2, 1)))


def _draw_legend(axes: Axes, explanation: Explanation, middle: float) -> None:
    left = _MARGIN
    for against, words in ((False, f"for {explanation.aspect.words}"), (True, "against it")):
        colour = tint(tint_colour(explanation.aspect, against=against), 0.8)
        _draw_tint(axes, left, middle, 0.3, TintedStretch("", colour, INK, against, 0.0))
        axes.text(left + 0.4, middle, words, size=_NOTE_SIZE, va="center", color=INK)
        left += 0.75 + text_width(words, size=_NOTE_SIZE)


_DECIMALS, _MOST_DECIMALS = 3, 16

_METHODS = {
    Method.GRADIENTS: "Integrated gradients: a weight is what the word adds to the log-odds on the way from "
    "a text of nothing but masks to this one.",
    Method.OCCLUSION: "Occlusion: a weight is by how much the log-odds fall when the word is left out.",
}


def describe_method(method: Method) -> str:
    """Return what a weight is."""
    return _METHODS[method]


def describe_answer(explanation: Explanation) -> str:
    """Return what the text carries."""
    return f"Carries {join_names(aspect.words for aspect in explanation.carried)}."


def describe_chance(explanation: Explanation) -> str:
    """Return how probable the aspect is that is explained, and from which probability on it is carried."""
    words, chance = explanation.aspect.words, explanation.probabilities[explanation.aspect]
    threshold = explanation.model.threshold(explanation.aspect)
    name = f"{words[0].upper()}{words[1:]}: probability"
    if threshold is None:
        return f"{name} {chance:.{_DECIMALS}f}."
    # A probability just below its threshold must not look the same.
    decimals = next(
        (n for n in range(_DECIMALS, _MOST_DECIMALS) if f"{chance:.{n}f}" != f"{threshold:.{n}f}"), _DECIMALS
    )
    return f"{name} {chance:.{decimals}f}, carried from {threshold:.{decimals}f} on."


def describe_sum(explanation: Explanation) -> str:
    """Return the log-odds of the aspect, and what they are made of."""
    told = f"Log-odds {explanation.score:+.2f}"
    if explanation.completeness is None:
        return f"{told}."
    words = sum(word.weight for word in explanation.words)
    parts = [f"masked text {explanation.completeness.baseline:+.2f}", f"words {words:+.2f}"]
    if explanation.names is not None:
        parts.append(f"names {explanation.names.weight:+.2f}")
    return f"{told} = {', '.join(parts)}; completeness error {explanation.completeness.error:.2%}."


def word_table(explanation: Explanation, n: int) -> TextTable:
    """Return the ``n`` words with the largest weights."""
    words = explanation.strongest(n)
    rows = tuple((word.word, f"{word.weight:+.2f}") for word in words)
    return TextTable(f"{len(words):,} of {len(explanation.words):,} words", ("word", "weight"), rows)


def name_table(explanation: Explanation) -> TextTable | None:
    """Return the names that the model's lexicon has found, or None if there are none."""
    if explanation.names is None or not explanation.names.stretches:
        return None
    rows = tuple(
        (stretch.text, stretch.evidence, f"{stretch.reliability:.2f}")
        for stretch in explanation.names.stretches
    )
    title = f"Names of {explanation.aspect.words}, which add {explanation.names.weight:+.2f}"
    return TextTable(title, ("name", "kind", "probability"), rows)


AGAINST_COLOUR = "#CC79A7"
"""Reddish purple of Okabe and Ito, which no aspect has. Words against an aspect are underlined as well."""

_STRONGEST = 0.8
"""Tint of the word with the largest weight."""
_LEAST = 0.04
"""A paler tint cannot be told from white."""


@dataclass(frozen=True, slots=True)
class TintedStretch:
    """A stretch of a text that is shown in one way.

    Attributes:
        text: The stretch; blanks between words are stretches too.
        colour: Background, or None for none.
        ink: Colour of the letters on it.
        against: Whether the word speaks against the aspect visibly.
        weight: Of the word; None between words.
    """

    text: str
    colour: str | None
    ink: str
    against: bool
    weight: float | None


def tinted_stretches(explanation: Explanation) -> Iterator[TintedStretch]:
    """Yield the whole text in stretches, in order; tints are by shares of the largest weight."""
    largest = max((abs(word.weight) for word in explanation.words), default=0.0)
    last = 0
    for word in explanation.words:
        if word.start > last:
            yield _plain(explanation.text[last : word.start])
        share = _STRONGEST * abs(word.weight) / largest if largest else 0.0
        against = word.weight < 0 and share >= _LEAST
        colour = tint(tint_colour(explanation.aspect, against=against), share)
        seen = share >= _LEAST
        yield TintedStretch(
            word.word,
            colour if seen else None,
            ink_on(colour) if seen else _plain("").ink,
            against,
            word.weight,
        )
        last = word.end
    if last < len(explanation.text):
        yield _plain(explanation.text[last:])


def tint_colour(aspect: Aspect, *, against: bool) -> str:
    """Return the full colour of words for or against an aspect."""
    return AGAINST_COLOUR if against else aspect.colour


def _plain(text: str) -> TintedStretch:
    return TintedStretch(text, None, "#000000", False, None)
