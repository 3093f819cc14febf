"""An explanation as a page and as a picture: its text with the words tinted by their weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from gotune.aspects import Aspect
from gotune.explanation.attribution.results import DeletionCurve, Explanation
from gotune.explanation.attribution.wording import (
    account_rows,
    describe_account,
    describe_answer,
    describe_chance,
    describe_encoder,
    describe_method,
    describe_sum,
    name_table,
    phrase_rows,
)
from gotune.render.figures import INK, ink_on, new_figure, tint
from gotune.render.lettering import fitted, font_families, text_advance, text_width
from gotune.render.pages import render_page
from gotune.render.wording import describe_probabilities


def render_explanation(explanation: Explanation) -> str:
    """Return one self-contained HTML page.

    The tints are not alone in telling words for and against the aspect apart: those against it are
    underlined, and a table has all weights with their signs.
    """
    words, model = explanation.strongest(), explanation.model
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
        words=_bars([(word.word, word.weight) for word in words]),
        witnesses=_bars(account_rows(explanation)),
        witnesses_title=describe_account(explanation),
        phrases=_bars(phrase_rows(explanation, _PHRASES)),
        verdict=f"{describe_answer(explanation)} {describe_chance(explanation)}".strip(),
        total=f"{describe_sum(explanation)} {describe_encoder(explanation)}".strip(),
        method=describe_method(explanation),
        model=model,
        meaning=describe_probabilities(model),
        names=name_table(explanation),
    )


def _bars(rows: Sequence[tuple[str, float]]) -> list[tuple[str, float, float]]:
    """Return rows with the length of their bars, as a share of the longest."""
    largest = max((abs(weight) for _, weight in rows), default=0.0)
    return [(name, weight, abs(weight) / largest if largest else 0.0) for name, weight in rows]


_PHRASES = 10
"""Words and pairs that are shown each by itself."""
_WIDTH, _MARGIN = 7.5, 0.3
"""Inches."""
_SIZE, _NOTE_SIZE, _SUM_SIZE, _TITLE_SIZE = 12.0, 9.0, 8.5, 12.0
"""Points."""
_LINE, _BOX, _BLANK = 0.34, 0.25, 0.07
"""Inches: from line to line, height of a tint, between words."""
_HEAD, _NOTE_LINE = 0.55, 0.2
"""Inches: of the title and of what surrounds the notes above the text, and from note to note."""
_GAP, _BAR, _BAR_LEFT, _BAR_LONGEST = 0.1, 0.13, 3.2, 1.5
"""Inches: above the bars, the height of a bar, where all begin, and the length of the longest."""
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
    room = _WIDTH - 2 * _MARGIN
    words = list(_place(list(tinted_stretches(explanation)), room))
    n_lines = words[-1].line + 1 if words else 1
    notes = (describe_answer, describe_chance, describe_sum, describe_encoder)
    told = [note for note in (write(explanation) for write in notes) if note]
    witnesses = _bars(account_rows(explanation))
    bars_top = _MARGIN + 0.4 + len(told) * _NOTE_LINE + _GAP
    top = _MARGIN + _HEAD + len(told) * _NOTE_LINE + (_GAP + len(witnesses) * _NOTE_LINE if witnesses else 0)
    height = top + n_lines * _LINE + 0.5 + _MARGIN
    figure = Figure(figsize=(_WIDTH, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    family = list(font_families())
    title = f"Why {explanation.aspect.words}"
    axes.text(_MARGIN, _MARGIN + 0.1, title, size=_TITLE_SIZE, weight="bold", va="center", color=INK)
    for line, sentence in enumerate(told):
        note = fitted(sentence, room, size=_SUM_SIZE)
        axes.text(_MARGIN, _MARGIN + 0.4 + line * _NOTE_LINE, note, size=_SUM_SIZE, va="center", color=INK)
    _draw_bars(axes, explanation.aspect, witnesses, bars_top)
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


def _draw_bars(axes: Axes, aspect: Aspect, rows: Sequence[tuple[str, float, float]], top: float) -> None:
    """Draw what each witness says, to the right if for the aspect; ``top`` is the first middle."""
    for number, (name, weight, share) in enumerate(rows):
        middle, length = top + number * _NOTE_LINE, share * _BAR_LONGEST
        axes.text(_MARGIN, middle, name, size=_SUM_SIZE, va="center", color=INK)
        figures = f"{weight:+.2f}"
        axes.text(_MARGIN + 1.3, middle, figures, size=_SUM_SIZE, va="center", ha="right", color=INK)
        left = _BAR_LEFT if weight > 0 else _BAR_LEFT - length
        colour = tint(tint_colour(aspect, against=weight < 0), 0.8)
        axes.add_patch(Rectangle((left, middle - _BAR / 2), length, _BAR, color=colour, linewidth=0))
    if rows:
        ends = (top - _NOTE_LINE / 2, top + (len(rows) - 0.5) * _NOTE_LINE)
        axes.plot((_BAR_LEFT, _BAR_LEFT), ends, color=_PALE, linewidth=0.8)


def _draw_legend(axes: Axes, explanation: Explanation, middle: float) -> None:
    left = _MARGIN
    for against, words in ((False, f"for {explanation.aspect.words}"), (True, "against it")):
        colour = tint(tint_colour(explanation.aspect, against=against), 0.8)
        _draw_tint(axes, left, middle, 0.3, TintedStretch("", colour, INK, against, 0.0))
        axes.text(left + 0.4, middle, words, size=_NOTE_SIZE, va="center", color=INK)
        left += 0.75 + text_width(words, size=_NOTE_SIZE)


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
