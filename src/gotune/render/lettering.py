"""Text that comes from outside, made fit for a picture: one line, cut, with glyphs that exist.

Draw it with ``family=font_families()`` and ``parse_math=False``: a ``$`` in a file name is no formula.
"""

from __future__ import annotations

import bisect
import unicodedata
from functools import lru_cache

import numpy as np
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath

from gotune.lines import one_line

_BASE_FONT = "DejaVu Sans"
"""Comes with matplotlib, so it is there everywhere; it knows Latin, Greek, Cyrillic, Hebrew, Arabic."""

_WIDER_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans",
    "Microsoft YaHei",
    "Yu Gothic",
    "Malgun Gothic",
    "Arial Unicode MS",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Emoji",
    "Segoe UI Symbol",
)
"""Used after the base font where installed; matplotlib takes each glyph from the first that has it."""

_NO_GLYPH = "□"
_CUT = "…"
_LONGEST = 300
"""Letters that are measured at most; no picture is wide enough for more."""
_POINTS_PER_INCH = 72


@lru_cache(maxsize=1)
def font_families() -> tuple[str, ...]:
    """Return the base font and the installed ones that add other scripts to it."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return (_BASE_FONT, *(name for name in _WIDER_FONTS if name in installed))


def drawable(text: str) -> str:
    """Return ``text`` as one line that every backend can draw without a warning.

    White space is collapsed, invisible characters (controls, direction marks, joiners) are left out, and
    each character that no installed font has becomes ``□``. Lone surrogates are fine.
    """
    line = one_line(text)
    visible = (character for character in line if unicodedata.category(character) not in {"Cc", "Cf"})
    glyphs = _glyphs()
    return "".join(character if ord(character) in glyphs else _NO_GLYPH for character in visible)


def fitted(text: str, width: float, *, size: float, weight: str = "normal") -> str:
    """Return ``text`` drawable and cut, with ``…`` at its end, to what fits.

    Args:
        text: Any string.
        width: Room in inches.
        size: Font size in points.
        weight: Font weight, such as bold.
    """
    line = drawable(text[:_LONGEST])
    if len(text) <= _LONGEST and text_width(line, size=size, weight=weight) <= width:
        return line
    # Widths grow with the number of letters kept, so the largest that fits is found by halving.
    kept = bisect.bisect_right(
        range(len(line)), width, key=lambda n: text_width(line[:n] + _CUT, size=size, weight=weight)
    )
    return line[: max(0, kept - 1)].rstrip() + _CUT


def text_width(line: str, *, size: float, weight: str = "normal") -> float:
    """Return the width in inches of one line of `drawable` text."""
    if not line.strip():
        return 0.0
    font = font_manager.FontProperties(family=list(font_families()), weight=weight)
    # TextPath would take what stands between two dollar signs for a formula.
    outline = TextPath((0, 0), line.replace("$", r"\$"), size=size, prop=font)
    # Corners and control points hold the ink; the extents of the curves themselves take ten times as long.
    places = outline.vertices[outline.codes != TextPath.CLOSEPOLY, 0]
    return float(np.ptp(places)) / _POINTS_PER_INCH if len(places) else 0.0


def text_advance(line: str, *, size: float) -> float:
    """Return in inches how far behind the beginning of a drawable line what follows it begins."""
    # Between two strokes the bearings on both sides count, which the ink alone does not show.
    return text_width(f"|{line}|", size=size) - text_width("||", size=size)


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    files = (font_manager.findfont(family) for family in font_families())
    return frozenset(code for file in files for code in font_manager.get_font(file).get_charmap())


TITLE_SIZE = 12
"""Points."""


def set_title(figure: Figure, name: str, line: str) -> None:
    """Write a name that comes from outside, cut to the width of the figure, and a line below it."""
    room = 0.95 * figure.get_figwidth()
    figure.suptitle(
        f"{fitted(name, room, size=TITLE_SIZE, weight='bold')}\n{line}",
        size=TITLE_SIZE,
        weight="bold",
        family=list(font_families()),
        parse_math=False,
    )
