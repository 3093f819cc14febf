"""Where the boxes of a term graph go: ancestors first, layer by layer, nothing on top of another.

All lengths are inches, so a box is as large as the text in it at any number of terms.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from gotune.render.lettering import text_width
from gotune.render.term_graph.layers import Lane, Layers, Node, Segment, make_layers
from gotune.render.term_graph.linear_programme import Condition, minimise
from gotune.render.term_graph.order import untangle
from gotune.render.term_graph.selection import Link

FONT_SIZE = 9.0
"""Points."""
LINE_SPACING = 1.2

_MOST_LINES = 6
"""A longer label is given longer lines instead, up to `_LONGEST_LINE`."""
_LONGEST_LINE = 60
_SIDE_PADDING = 0.1
_PADDING = 0.06
_POINTS_PER_INCH = 72
_LANE_GAP = 0.13
_LAYER_GAP = 0.5
_SLOPE = 0.045
"""Room that a layer is given for an inch that arrows run along it, so that they do not lie on each other."""
_STRAIGHT = (1.0, 2.0, 8.0)
"""How much it is wanted that a stretch is straight, by the number of lanes at its ends."""

Point = tuple[float, float]


class Style(NamedTuple):
    """How a picture is laid out.

    Attributes:
        downwards: Whether layers follow each other from top to bottom, instead of from left to right.
        line: Characters of a line of a label, where it is not too long for that.
        gap: Between two boxes of a layer.
    """

    downwards: bool
    line: int
    gap: float


LEFT_TO_RIGHT = Style(downwards=False, line=30, gap=0.1)
"""For many terms in few layers."""
TOP_DOWN = Style(downwards=True, line=20, gap=0.16)
"""For many layers."""


@dataclass(frozen=True, slots=True)
class Box:
    """A labelled rectangle."""

    label: str
    left: float
    bottom: float
    width: float
    height: float

    @property
    def centre(self) -> Point:
        """Where the label stands."""
        return self.left + self.width / 2, self.bottom + self.height / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by term, and the size of the area from (0, 0) that they fill.

    Attributes:
        boxes: By term.
        width: Of the area.
        height: Of the area.
        layers: What stands in which layer.
        places: Where the middle of each node is within its layer.
        edges: Where each layer begins and ends, from the roots' side.
        style: Of the picture.
    """

    boxes: Mapping[str, Box]
    width: float
    height: float
    layers: Layers
    places: Mapping[Node, float]
    edges: tuple[tuple[float, float], ...]
    style: Style

    def point(self, depth: float, place: float) -> Point:
        """Return x and y of what is that far from the roots' side, at that place in its layer."""
        return (place, self.height - depth) if self.style.downwards else (depth, self.height - place)

    def extent(self, term: str) -> tuple[float, float, float]:
        """Return where a box begins and ends, from the roots' side, and its size along its layer."""
        box = self.boxes[term]
        if self.style.downwards:
            top = self.height - box.bottom - box.height
            return top, top + box.height, box.width
        return box.left, box.left + box.width, box.height


def lay_out(terms: Sequence[str], links: Sequence[Link], labels: Mapping[str, str], style: Style) -> Layout:
    """Place terms in layers, each beside what it is linked to, and leave lanes for the arrows between.

    Args:
        terms: Ids in the order in which they are to stand where nothing else matters.
        links: Relations among them, without a circle.
        labels: One line of text a term.
        style: Of the picture.
    """
    layers = make_layers(terms, links)
    wrapped = {term: wrap(labels[term], style.line) for term in terms}
    sizes = {term: _size(text) for term, text in wrapped.items()}
    if not style.downwards:
        widest = [max((sizes[node][0] for node in row if not isinstance(node, Lane)), default=0.0)
                  for row in layers.rows]  # fmt: skip
        sizes = {term: (widest[layers.number[term]], height) for term, (_, height) in sizes.items()}
    along = 0 if style.downwards else 1
    rows = untangle(layers)
    places = _places(rows, layers.segments, {term: size[along] for term, size in sizes.items()}, style)
    depths = {term: size[1 - along] for term, size in sizes.items()}
    edges = _edges(rows, layers, depths, places)
    breadth = max(places[term] + sizes[term][along] / 2 for term in terms)
    breadth = max(breadth, *places.values())
    width, height = (breadth, edges[-1][1]) if style.downwards else (edges[-1][1], breadth)
    boxes = {}
    for term in terms:
        start, end = edges[layers.number[term]]
        middle = ((start + end) / 2, places[term])
        x, y = (middle[1], height - middle[0]) if style.downwards else (middle[0], height - middle[1])
        across, tall = sizes[term]
        boxes[term] = Box(wrapped[term], x - across / 2, y - tall / 2, across, tall)
    return Layout(boxes, width, height, layers, places, edges, style)


def wrap(label: str, line: int) -> str:
    """Return a label in lines of that many characters, or of more where they would be too many lines."""
    longest = min(_LONGEST_LINE, max(line, -(-len(label) // (_MOST_LINES - 1))))
    return "\n".join(textwrap.wrap(label, longest, max_lines=_MOST_LINES, placeholder=" …"))


def _size(text: str) -> tuple[float, float]:
    """Return width and height of a box around ``text``."""
    lines = text.split("\n")
    width = max(text_width(line, size=FONT_SIZE) for line in lines)
    height = len(lines) * FONT_SIZE * LINE_SPACING
    return width + 2 * _SIDE_PADDING, height / _POINTS_PER_INCH + 2 * _PADDING


def _places(
    rows: Sequence[Sequence[Node]], segments: Sequence[Segment], sizes: Mapping[str, float], style: Style
) -> dict[Node, float]:
    """Return the middle of each node within its layer, so that arrows are straight where they can be.

    By the linear programme of Gansner et al. 1993 (doi:10.1109/32.221135): in the given order, with gaps,
    the least sum of how far the two ends of each stretch are apart.
    """
    columns = {node: column for column, node in enumerate(node for row in rows for node in row)}
    half = {node: 0.0 if isinstance(node, Lane) else sizes[node] / 2 for node in columns}
    costs = [0.0] * len(columns)
    conditions: list[Condition] = []
    for one, other in (pair for row in rows for pair in pairwise(row)):
        apart = half[one] + half[other] + _gap(one, other, style)
        conditions.append((((columns[other], 1), (columns[one], -1)), apart))
    for segment in segments:
        (upper, lower), bend = (columns[end] for end in segment), len(costs)
        costs.append(_STRAIGHT[sum(isinstance(end, Lane) for end in segment)])
        conditions += [(((bend, 1), (upper, -1), (lower, 1)), 0), (((bend, 1), (upper, 1), (lower, -1)), 0)]
    least = [*half.values(), *[0.0] * len(segments)]
    places = minimise(costs, conditions, least) if conditions else np.array(least)
    return {node: float(places[column]) for node, column in columns.items()}


def _gap(one: Node, other: Node, style: Style) -> float:
    return _LANE_GAP if isinstance(one, Lane) or isinstance(other, Lane) else style.gap


def _edges(
    rows: Sequence[Sequence[Node]], layers: Layers, depths: Mapping[str, float], places: Mapping[Node, float]
) -> tuple[tuple[float, float], ...]:
    """Return where each layer begins and ends."""
    longest = [0.0] * len(rows)
    number = {node: index for index, row in enumerate(rows) for node in row}
    for upper, lower in layers.segments:
        longest[number[upper]] = max(longest[number[upper]], abs(places[upper] - places[lower]))
    edges = []
    start = 0.0
    for row, run in zip(rows, longest, strict=True):
        end = start + max((depths[node] for node in row if not isinstance(node, Lane)), default=0.0)
        edges.append((start, end))
        start = end + _LAYER_GAP + _SLOPE * run
    return tuple(edges)
