"""Picture of terms on a plane, coloured by aspect, with the names of a few."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Aspect
from gotune.explanation.term_map.results import MappedTerm, Projection, TermMap
from gotune.render.figures import INK
from gotune.render.lettering import drawable, fitted, font_families, text_width

_WIDTH, _HEIGHT = 9.0, 8.4
"""Inches."""
_LEFT, _BOTTOM, _PLANE_WIDTH, _PLANE_HEIGHT = 0.75, 1.75, 8.0, 5.6
"""Of the plane, in inches."""
_BORDER = 0.04
"""Share of the plane that stays free on each side."""
_NOTE_SIZE = 9
"""Points."""
_CHARACTERS = 105
"""Of a line of the caption."""
_AREA = 20
"""Of a marker, in square points."""
_LAYERS = 20
"""Markers are drawn in so many turns, so that no aspect lies on top of the others."""
_MARKERS = dict(zip(ASPECTS, "os^", strict=True))

_NAMES = 9
_NAME_SIZE = 8
"""Points."""
_NAME_CHARACTERS, _NAME_LINES = 30, 3
"""Of a line of a name, and lines of a name, at most."""
_NAME_WIDTH, _NAME_LINE = 2.2, 0.14
"""Of a line of a name, at most, and from line to line, in inches."""
_CLEAR = 0.05
"""From a name to the middle of a marker, and to another name, in inches, at least."""
_REACHES = (0.1, 0.3, 0.5, 0.75, 1.0, 1.3)
"""From a marker to its own name, in inches; from the second on a line leads there."""
_SLANT = 0.7071
_DIRECTIONS = (
    (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0),
    (_SLANT, _SLANT), (_SLANT, -_SLANT), (-_SLANT, _SLANT), (-_SLANT, -_SLANT),
)  # fmt: skip
"""Where a name stands from its marker, the best first."""
_SIDES = {1: "left", 0: "center", -1: "right"}
"""Which side of a name is near its marker, by the sign of the direction."""
_STEPS = 24
"""Points of a line that are looked at."""

_Plane = NDArray[np.float64]
"""Places in inches from the lower left corner of the plane, of shape ``(terms, 2)``."""


def plot_term_map(term_map: TermMap) -> Figure:
    """Draw a map of terms: a marker each, its shape and colour by aspect, and the names of some apart.

    The same map gives the same picture.
    """
    figure = Figure(figsize=(_WIDTH, _HEIGHT))
    axes = figure.add_axes(
        (_LEFT / _WIDTH, _BOTTOM / _HEIGHT, _PLANE_WIDTH / _WIDTH, _PLANE_HEIGHT / _HEIGHT)
    )
    axes.set_xlim(0, _PLANE_WIDTH)
    axes.set_ylim(0, _PLANE_HEIGHT)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[["top", "right"]].set_visible(False)
    across, upwards = _axis_labels(term_map)
    axes.set_xlabel(across)
    axes.set_ylabel(upwards)
    plane = _fit(term_map.terms)
    _draw_markers(axes, term_map.terms, plane)
    _draw_names(axes, term_map.terms, plane)
    _write_frame(figure, term_map)
    return figure


def _axis_labels(term_map: TermMap) -> tuple[str, str]:
    if term_map.explained is None:
        name = term_map.projection.value.upper()
        return f"{name} 1 (no unit)", f"{name} 2 (no unit)"
    first, second = term_map.explained
    return (
        f"first principal component ({first:.1%} of the variance)",
        f"second principal component ({second:.1%} of the variance)",
    )


def _fit(terms: Sequence[MappedTerm]) -> _Plane:
    """Return the places of the terms on the plane, as large as it allows, with one scale for both axes."""
    points = np.array([(term.x, term.y) for term in terms])
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.array([_PLANE_WIDTH, _PLANE_HEIGHT])
    # Points that all lie on one place, or on a line, have no extent to scale by.
    scale = (size * (1 - 2 * _BORDER) / np.maximum(high - low, 1e-9)).min()
    plane: _Plane = size / 2 + (points - (low + high) / 2) * scale
    return plane


def _draw_markers(axes: Axes, terms: Sequence[MappedTerm], plane: _Plane) -> None:
    labels = np.array([term.aspect.label for term in terms])
    for turn in range(_LAYERS):
        for aspect in ASPECTS:
            chosen = plane[turn::_LAYERS][labels[turn::_LAYERS] == aspect.label]
            axes.scatter(
                chosen[:, 0],
                chosen[:, 1],
                s=_AREA,
                marker=_MARKERS[aspect],
                color=aspect.colour,
                alpha=0.75,
                edgecolors="white",
                linewidths=0.3,
                zorder=2 + turn / _LAYERS,
            )


def _draw_names(axes: Axes, terms: Sequence[MappedTerm], plane: _Plane) -> None:
    """Name some terms, far from each other, where their names lie on no marker."""
    taken: list[_Name] = []
    for row in _spread(plane):
        if len(taken) == _NAMES:
            return
        lines = _lines(terms[row])
        name = next((name for name in _places(plane[row], lines) if _is_free(name, plane, taken)), None)
        if name is None:
            continue
        taken.append(name)
        x, y = plane[row]
        axes.scatter(x, y, s=1.6 * _AREA, marker=_MARKERS[terms[row].aspect], color="none",
                     edgecolors=INK, linewidths=1.0, zorder=4)  # fmt: skip
        if len(name.line):
            axes.plot(*name.line.T, color=INK, linewidth=0.6, zorder=3.5)
        x, y = name.anchor
        axes.text(
            x, y, "\n".join(lines),
            size=_NAME_SIZE, ha=name.side, va="center", color="black", family=list(font_families()),
            linespacing=1.15, parse_math=False, zorder=5, gid=terms[row].go_id,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Name:
    """Where the name of a term may stand, in inches.

    Attributes:
        box: Left, bottom, right and top.
        side: Which side of it the anchor is on, as matplotlib has it.
        anchor: Middle of that side.
        line: Points from the marker to the name, of shape ``(points, 2)``; none where it stands beside.
    """

    box: tuple[float, float, float, float]
    side: str
    anchor: tuple[float, float]
    line: _Plane


def _lines(term: MappedTerm) -> list[str]:
    name = drawable(term.name) or term.go_id
    lines = textwrap.wrap(name, _NAME_CHARACTERS, max_lines=_NAME_LINES, placeholder="…")
    return [fitted(line, _NAME_WIDTH, size=_NAME_SIZE) for line in lines]


def _places(marker: _Plane, lines: Sequence[str]) -> Iterator[_Name]:
    """Yield the places beside and around a marker, the nearest first."""
    width = max(text_width(line, size=_NAME_SIZE) for line in lines)
    height = _NAME_LINE * len(lines)
    for reach in _REACHES:
        for direction in _DIRECTIONS:
            x, y = marker + reach * np.array(direction)
            across, upwards = (int(np.sign(part)) for part in direction)
            left = x - width * (1 - across) / 2
            bottom = y - height * (1 - upwards) / 2
            steps = np.linspace(_CLEAR, reach - _CLEAR, _STEPS if reach > _REACHES[0] else 0)
            line = marker + steps[:, None] * np.array(direction)
            yield _Name(
                (left, bottom, left + width, bottom + height), _SIDES[across], (x, bottom + height / 2), line
            )


def _is_free(name: _Name, plane: _Plane, taken: Sequence[_Name]) -> bool:
    left, bottom, right, top = name.box
    is_inside = left >= 0 and bottom >= 0 and right <= _PLANE_WIDTH and top <= _PLANE_HEIGHT
    return (
        is_inside
        and not _holds(name.box, plane)
        and not any(
            _overlap(name.box, other.box) or _holds(name.box, other.line) or _holds(other.box, name.line)
            for other in taken
        )
    )


def _spread(plane: _Plane) -> list[int]:
    """Return some rows, each as far as can be from those before it, beginning with the leftmost."""
    rows = [int(plane[:, 0].argmin())]
    distances = np.linalg.norm(plane - plane[rows[0]], axis=1)
    for _ in range(min(len(plane) - 1, 6 * _NAMES)):
        rows.append(int(distances.argmax()))
        distances = np.minimum(distances, np.linalg.norm(plane - plane[rows[-1]], axis=1))
    return rows


def _holds(box: tuple[float, float, float, float], points: _Plane) -> bool:
    """Tell whether a point lies in a box or nearly so."""
    left, bottom, right, top = box
    x, y = points.T
    inside = (left - _CLEAR < x) & (x < right + _CLEAR) & (bottom - _CLEAR < y) & (y < top + _CLEAR)
    return bool(inside.any())


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return (
        one[0] < other[2] + _CLEAR
        and other[0] < one[2] + _CLEAR
        and one[1] < other[3] + _CLEAR
        and other[1] < one[3] + _CLEAR
    )


def _write_frame(figure: Figure, term_map: TermMap) -> None:
    n = len(term_map.terms)
    text: dict[str, Any] = {"ha": "center", "parse_math": False, "color": INK}
    figure.text(
        0.5, 1 - 0.25 / _HEIGHT, f"{n:,} terms by the text of their definitions",
        va="top", size=14, weight="bold", **text,
    )  # fmt: skip
    # Two lines, so that a long name of a model leaves room for what the picture is of.
    made = f"{term_map.projection.value.upper()}; GO release {term_map.release}"
    subtitle = "\n".join(fitted(line, _PLANE_WIDTH, size=10) for line in (term_map.encoder, made))
    figure.text(
        0.5, 1 - 0.55 / _HEIGHT, subtitle,
        va="top", size=10, linespacing=1.3, family=list(font_families()), **text,
    )  # fmt: skip
    counts = {aspect: sum(term.aspect is aspect for term in term_map.terms) for aspect in ASPECTS}
    figure.legend(
        handles=[_handle(aspect, count) for aspect, count in counts.items() if count],
        loc="center",
        bbox_to_anchor=(0.5, 1.16 / _HEIGHT),
        ncols=len(ASPECTS),
        frameon=False,
        fontsize=10,
        handletextpad=0.2,
    )
    figure.text(
        0.5, 0.95 / _HEIGHT, "\n".join(textwrap.wrap(drawable(_caption(term_map)), _CHARACTERS)),
        va="top", size=_NOTE_SIZE, linespacing=1.3, **text,
    )  # fmt: skip


def _handle(aspect: Aspect, count: int) -> Line2D:
    return Line2D(
        [], [], linestyle="", marker=_MARKERS[aspect], color=aspect.colour, markersize=7,
        label=f"{aspect.words} (n = {count:,})",
    )  # fmt: skip


def _caption(term_map: TermMap) -> str:
    reading = {
        Projection.PCA: "Both axes have one scale.",
        Projection.UMAP: "How far groups are apart, and how wide they are, says little.",
    }[term_map.projection]
    return (
        "A point is the mean of the encoder's last hidden states over the definition of a term that it was "
        f"not fine-tuned on. {reading} Before the projection, the nearest neighbour of "
        f"{term_map.agreement:.1%} of the terms has the same aspect. Seed {term_map.seed}."
    )
