"""Picture of the best connected terms of an ontology, readable term by term."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

import networkx as nx
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Patch
from matplotlib.path import Path as Curve

from gotune.aspects import ASPECTS, Aspect
from gotune.output.figures import INK, tint
from gotune.output.lettering import drawable, font_families
from gotune.output.term_layout import FONT_SIZE, LINE_SPACING, Box, Layout, lay_out
from gotune.output.term_routes import Route, find_routes
from gotune.output.term_selection import VIA, Selection, select_terms

_MARGIN = 0.3
_TITLE_HEIGHT = 0.75
_FOOT_HEIGHT = 1.5
_LEAST_WIDTH = 9.5
"""Inches; what the legend needs."""
_FILL = 0.22

_Style = tuple[str, Literal["solid", "dashed", "dashdot", "dotted"]]
"""Colour and line style."""

_STYLES: Mapping[str, _Style] = {
    "is_a": (INK, "solid"),
    "part_of": (INK, "dashed"),
    "regulates": ("#CC79A7", "solid"),
    "positively_regulates": ("#56B4E9", "solid"),
    "negatively_regulates": ("#D55E00", "solid"),
    VIA: ("#767676", "dotted"),
}
_OTHER_STYLE: _Style = ("#767676", "dashdot")


def plot_term_graph(graph: nx.MultiDiGraph, n: int = 30) -> Figure:
    """Draw the ``n`` terms with the most relations, and the common ancestors that join them.

    Ancestors stand left of their descendants, in one band an aspect. An arrow is a relation between two
    terms of the picture, or, dotted, a path through terms that are not in it. The figure grows with
    ``n``; up to about 40 terms fit a page.

    Args:
        graph: Terms in obonet's convention: edges from child to parent, keyed by relation; the attributes
            ``name`` and ``namespace`` on the nodes.
        n: How many terms, at least 1.

    Raises:
        InputError: ``n`` is below 1, or the graph is empty or has a cycle.
    """
    selection = select_terms(graph, n)
    names = {term: drawable(graph.nodes[term]["name"]) for term in selection.order}
    labels = names | {term: f"{names[term]} ({graph.degree(term):,})" for term in selection.chosen}
    aspects = {term: Aspect(graph.nodes[term]["namespace"]) for term in selection.order}
    layout = lay_out(selection.order, labels, aspects)
    figure, axes = _canvas(layout)
    for route in find_routes(selection.links, layout.boxes):
        axes.add_patch(_arrow(route))
    for term, box in layout.boxes.items():
        _draw_box(axes, term, box, aspects[term].colour, filled=term in set(selection.chosen))
    _write_frame(figure, selection, aspects, len(graph))
    return figure


def _canvas(layout: Layout) -> tuple[Figure, Axes]:
    """Return a figure whose axes are measured in inches, with (0, 0) where the layout begins."""
    width = max(layout.width + 2 * _MARGIN, _LEAST_WIDTH)
    height = layout.height + _TITLE_HEIGHT + _FOOT_HEIGHT
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    left = (width - layout.width) / 2
    axes.set_xlim(-left, width - left)
    axes.set_ylim(-_FOOT_HEIGHT, height - _FOOT_HEIGHT)
    return figure, axes


def _style(relation: str) -> _Style:
    return _STYLES.get(relation, _OTHER_STYLE)


def _arrow(route: Route) -> FancyArrowPatch:
    """Return a curve from child to parent that is level wherever two parts meet."""
    points = [route.start]
    codes = [Curve.MOVETO]
    for (x, y), (next_x, next_y) in pairwise(route.corners):
        bend = (x + next_x) / 2
        points += [(bend, y), (bend, next_y), (next_x, next_y)]
        codes += [Curve.CURVE4] * 3
    colour, line = _style(route.link.relation)
    return FancyArrowPatch(
        path=Curve(points, codes),
        arrowstyle="-|>,head_length=5,head_width=2.5",
        shrinkA=0,
        shrinkB=1,
        color=colour,
        linestyle=line,
        linewidth=1.1,
        zorder=1,
        gid=f"{route.link.child} {route.link.relation} {route.link.parent}",
    )


def _draw_box(axes: Axes, term: str, box: Box, colour: str, *, filled: bool) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (box.left, box.bottom),
            box.width,
            box.height,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor=tint(colour, _FILL) if filled else "white",
            edgecolor=colour,
            linewidth=1.4,
            zorder=2,
        )
    )
    axes.text(
        box.left + box.width / 2,
        box.middle,
        box.label,
        ha="center",
        va="center",
        size=FONT_SIZE,
        linespacing=LINE_SPACING,
        color="black",
        family=list(font_families()),
        parse_math=False,
        zorder=3,
        gid=term,
    )


def _write_frame(figure: Figure, selection: Selection, aspects: Mapping[str, Aspect], total: int) -> None:
    """Add title, caption and legend."""
    height = figure.get_figheight()
    n = len(selection.chosen)
    company = ", with the ancestors that join them" if selection.joining else ""
    figure.suptitle(
        f"Best connected terms: {n:,} of {total:,}{company}",
        y=1 - _MARGIN / height,
        va="top",
        size=14,
        weight="bold",
    )
    figure.text(
        0.5,
        (_FOOT_HEIGHT - 0.2) / height,
        "Arrows point from a term to its parent. In brackets: relations of the term to parents and children "
        f"in the whole ontology. n = {n:,}.",
        ha="center",
        va="top",
        size=FONT_SIZE,
        color=INK,
    )
    handles = _legend_handles(selection, aspects)
    figure.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, (_FOOT_HEIGHT - 0.4) / height),
        ncols=3,
        fontsize=FONT_SIZE,
        frameon=False,
        handlelength=3,
    )


def _legend_handles(selection: Selection, aspects: Mapping[str, Aspect]) -> list[Artist]:
    counts = {aspect: sum(aspects[term] is aspect for term in selection.chosen) for aspect in ASPECTS}
    handles: list[Artist] = [
        Patch(
            facecolor=tint(aspect.colour, _FILL),
            edgecolor=aspect.colour,
            label=f"{aspect.words} (n = {count:,})",
        )
        for aspect, count in counts.items()
        if count
    ]
    if selection.joining:
        handles.append(Patch(facecolor="white", edgecolor=INK, label="common ancestor of two or more"))
    relations = {link.relation for link in selection.links}
    known = [relation for relation in _STYLES if relation in relations]
    for relation in [*known, *sorted(relations - set(known))]:
        colour, line = _style(relation)
        label = "path through terms not shown" if relation == VIA else relation.replace("_", " ")
        handles.append(Line2D([], [], color=colour, linestyle=line, linewidth=1.4, label=drawable(label)))
    return handles
