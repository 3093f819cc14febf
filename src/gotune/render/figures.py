"""What all pictures share: writing them to a file, and colours that stay legible."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import matplotlib
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from gotune.files import atomic_file, check_file

INK = "#222222"
"""Colour of text and of lines without a meaning of their own."""

_DPI = 150
_MARGIN = 0.12
"""Inches."""
_SUFFIXES = (".png", ".svg")
_BLACK, _WHITE = "#000000", "#FFFFFF"


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of this size in inches, which arranges its parts and keeps a margin."""
    return Figure(figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=_MARGIN, h_pad=_MARGIN))


def save_figure(figure: Figure, path: Path | str) -> None:
    """Write a figure as PNG (150 dots per inch) or SVG, by the suffix of ``path``.

    The same figure gives the same bytes: no date is written. SVG text is drawn as outlines, so that it
    looks the same, and overlaps nothing, on machines with other fonts.

    Raises:
        InputError: Another suffix.
        SaveError: The file cannot be written; an old one is untouched.
    """
    path = Path(path)
    check_figure_name(path)
    with atomic_file(path) as temporary:
        draw_figure(figure, temporary, path.suffix.lower())


def save_both(figure: Figure, path: Path) -> list[Path]:
    """Write a figure as PNG and as SVG, and return the two paths.

    Args:
        figure: What to write.
        path: Without a suffix.

    Raises:
        SaveError: A file cannot be written.
    """
    paths = [path.parent / (path.name + suffix) for suffix in _SUFFIXES]
    for each in paths:
        save_figure(figure, each)
    return paths


def draw_figure(figure: Figure, target: Path | BinaryIO, suffix: str) -> None:
    """Draw a figure as `save_figure` does, into a file or stream; ``suffix`` is ``.png`` or ``.svg``."""
    # Element ids of an SVG are random unless salted.
    settings = matplotlib.rc_context({"svg.hashsalt": "gotune", "svg.fonttype": "path"})
    metadata = {"Date": None} if suffix == ".svg" else {}
    with settings:
        figure.savefig(target, format=suffix[1:], dpi=_DPI, metadata=metadata)


def check_figure_name(path: Path) -> None:
    """Refuse a name that `save_figure` cannot write, before any work is done.

    Raises:
        InputError: Another suffix than .png and .svg.
        SaveError: It cannot be written there.
    """
    check_file(path, _SUFFIXES, do="Rename the picture, for example to picture.png.")


def tint(colour: str, share: float) -> str:
    """Return ``colour`` thinned with white: itself at ``share`` 1, white at 0."""
    red, green, blue = (1 - share * (1 - channel) for channel in to_rgb(colour))
    return to_hex((red, green, blue))


def ink_on(colour: str) -> str:
    """Return black or white, whichever is easier to read on ``colour``.

    By the contrast ratio of the Web Content Accessibility Guidelines,
    https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
    """
    luminance = _luminance(colour)
    on_black = (luminance + 0.05) / 0.05
    on_white = 1.05 / (luminance + 0.05)
    return _BLACK if on_black >= on_white else _WHITE


def _luminance(colour: str) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in to_rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


NOTE_SIZE = 9
"""Points."""

_ABOVE_ONE = 1.005
"""So that a marker at 1 is seen."""


def end_at_one(axes: Axes) -> None:
    """Let an axis of shares end at one, above which matplotlib leaves room where all are right."""
    axes.set_ylim(top=min(axes.get_ylim()[1], _ABOVE_ONE))


def strip_frame(axes: Axes) -> None:
    """Take away the frame lines that say nothing."""
    axes.spines[["top", "right"]].set_visible(False)
