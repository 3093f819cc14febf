"""Word cloud of GO definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter
from numpy.typing import ArrayLike, NDArray
from PIL import ImageFont

from gotune.aspects import ASPECTS, Aspect
from gotune.errors import InputError
from gotune.render.figures import INK, new_figure, strip_frame, tint
from gotune.render.lettering import drawable

TEMPLATE_WORDS = frozenset(
    "across act acting activate activates activity acts allows along also another any aspect associated "
    "beginning catalysis catalyzes cause caused causes cell cells cellular change changes chemical "
    "combining component components composed composes consist consisting consists contain contained "
    "containing contains contribute contributes decrease decreases defined derived directed enable "
    "enables enabling end etc extent following form formation forming forms formed found frequency function "
    "functions generated given inactivate inactivates include included includes including increase "
    "increases initial interacting involved involves involving known leads level levels may means "
    "mediated mediates modulate modulates number occurs one organism organisms outcome part particular "
    "parts pathway pathways positively prevent prevents process processes progresses progressing "
    "progression rate reaction reactions reduce reduces regulate regulated regulates regulating "
    "regulation removing result resulting results selectively series specialized specific specifically "
    "starting starts state stimulus stop stops structure structures system takes terms thing three time "
    "two type types use used via well whose within".split()
)
"""Words of the sentences that GO definitions are written by, such as "Any process that activates or
increases the frequency, rate or extent of ...". They hide what the definitions are about."""

_WIDTH, _HEIGHT = 1200, 640
"""Pixels of the area that words are packed into."""
_PIXELS_PER_INCH = 120
_POINTS_PER_INCH = 72
_MARGIN = 0.2
_TITLE_HEIGHT = 0.5
_FOOT_HEIGHT = 0.4
_MOST_WORDS = 150
_LEAST_SIZE = 12
_LEAST_LETTERS = 3
"""Shorter ones are mostly parts of names of compounds: D, L, 3', 5'."""
_SEED = 0
_COLOURS = ("#08306B", "#2171B5", "#5B6770")
"""From the most frequent words to the rarest; none is the colour of an aspect. All are legible on white."""


def plot_word_cloud(definitions: Sequence[str], stop_words: Iterable[str] = ()) -> Figure:
    """Draw the words of whole definitions, the larger the more often they occur.

    The same definitions give the same picture.

    Args:
        definitions: One text a term.
        stop_words: Single words to leave out besides English function words, in any case. `TEMPLATE_WORDS`
            are those of GO's phrasing.

    Raises:
        InputError: A single string, or no word is left.
    """
    if isinstance(definitions, str):
        raise InputError(
            "definitions", expected="a list of texts", found="one text", do="Put it into a list."
        )
    stops = {word.lower() for word in stop_words}
    layout = _pack(" ".join(definitions), stops)
    figure, axes = _canvas()
    largest = max(size for _, size, _, _ in layout)
    for word, size, (top, left), upright in layout:
        _draw_word(axes, word, size, (left, top), upright=upright, colour=_colour(size / largest))
    height = figure.get_figheight()
    figure.suptitle(
        f"Words of {len(definitions):,} definitions", y=1 - 0.15 / height, va="top", size=14, weight="bold"
    )
    left_out = "English function words" + (f" and {len(stops):,} chosen words" if stops else "")
    figure.text(
        0.5,
        0.15 / height,
        f"Size by number of occurrences; the {len(layout):,} most frequent words. Left out: {left_out}.",
        ha="center",
        size=9,
        color=INK,
    )
    return figure


_Placed = tuple[str, int, tuple[int, int], bool]
"""Word, font size in pixels, (top, left) of its ink in pixels, whether it runs upwards."""


def _pack(text: str, stop_words: set[str]) -> list[_Placed]:
    # Imported late: it is slow, and only this picture needs it.
    from wordcloud import STOPWORDS, WordCloud

    cloud = WordCloud(
        width=_WIDTH,
        height=_HEIGHT,
        # matplotlib draws the words, so the room for them must be measured in its font.
        font_path=str(_font()),
        max_words=_MOST_WORDS,
        min_font_size=_LEAST_SIZE,
        stopwords={word.lower() for word in STOPWORDS} | stop_words,
        # Pairs of words would be counted beside, and against, the words themselves.
        collocations=False,
        min_word_length=_LEAST_LETTERS,
        random_state=_SEED,
        margin=4,
        color_func=lambda *_, **__: "black",
    )
    try:
        cloud.generate(text)
    except ValueError as exc:
        raise InputError(
            "definitions",
            expected="at least one word that is not a stop word",
            found="none",
            do="Pass more definitions or fewer stop words.",
        ) from exc
    return [
        (word, size, position, orientation is not None)
        for (word, _), size, position, orientation, _ in cloud.layout_
    ]


def _font() -> Path:
    return Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")


def _canvas() -> tuple[Figure, Axes]:
    """Return a figure whose axes are measured in pixels from the upper left, one for one."""
    inner_width, inner_height = _WIDTH / _PIXELS_PER_INCH, _HEIGHT / _PIXELS_PER_INCH
    width = inner_width + 2 * _MARGIN
    height = inner_height + _TITLE_HEIGHT + _FOOT_HEIGHT
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes(
        (_MARGIN / width, _FOOT_HEIGHT / height, inner_width / width, inner_height / height)
    )
    axes.set_axis_off()
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(_HEIGHT, 0)
    return figure, axes


def _draw_word(
    axes: Axes, word: str, size: int, corner: tuple[int, int], *, upright: bool, colour: str
) -> None:
    """Write a word where Pillow, which packed it, would; ``corner`` is left and top of its ink, in pixels."""
    before, ascent, end, _ = ImageFont.truetype(_font(), size).getbbox(word, anchor="ls")
    left, top = corner
    # The anchor is the start of the base line, and Pillow measures the ink from there, downwards.
    # A word that runs upwards starts at its lower end.
    axes.text(
        left - (ascent if upright else before),
        top + end if upright else top - ascent,
        drawable(word),
        size=size * _POINTS_PER_INCH / _PIXELS_PER_INCH,
        fontproperties=FontProperties(fname=_font()),
        rotation=90 if upright else 0,
        rotation_mode="anchor",
        ha="left",
        va="baseline",
        color=colour,
        parse_math=False,
    )


def _colour(share: float) -> str:
    """Return a colour for a word of ``share`` of the largest size."""
    if share > 0.5:
        return _COLOURS[0]
    return _COLOURS[1] if share > 0.25 else _COLOURS[2]


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
    strip_frame(axes)
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
    strip_frame(axes)
