"""Word cloud of GO definitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from PIL import ImageFont

from gotune.errors import InputError
from gotune.output.figures import INK
from gotune.output.lettering import drawable

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
