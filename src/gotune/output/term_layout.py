"""Where the boxes of a term graph go: ancestors left, one band an aspect, nothing on top of another.

All lengths are inches, so a box is as large as the text in it at any number of terms.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from gotune.aspects import ASPECTS, Aspect
from gotune.output.lettering import text_width

FONT_SIZE = 9.0
"""Points."""
LINE_SPACING = 1.2

_LINE_CHARACTERS = 40
_MOST_LINES = 7
_SIDE_PADDING = 0.1
_PADDING = 0.06
_ROW_GAP = 0.1
_COLUMN_GAP = 0.75
_BAND_GAP = 0.3
_POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class Box:
    """A labelled rectangle."""

    label: str
    left: float
    middle: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The side where arrows from the term's children end."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower side."""
        return self.middle - self.height / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by term, and the size of the area from (0, 0) that they fill."""

    boxes: Mapping[str, Box]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Tree:
    """Each term below one of its parents, which gives every subtree rows of its own."""

    children: Mapping[str, list[str]]
    roots: list[str]


def lay_out(order: nx.DiGraph, labels: Mapping[str, str], aspects: Mapping[str, Aspect]) -> Layout:
    """Place the terms in columns by depth and in bands by aspect.

    Args:
        order: Acyclic graph of child to parent.
        labels: One line of text a term.
        aspects: The band of each term.
    """
    wrapped = {term: _wrap(labels[term]) for term in order}
    sizes = {term: _size(text) for term, text in wrapped.items()}
    columns = _columns(order)
    heights = {term: height for term, (_, height) in sizes.items()}
    middles, height = _rows(_tree(order, columns, labels, aspects), heights, aspects)
    widths = [max(sizes[term][0] for term in column) for column in columns]
    lefts = [sum(widths[:index]) + index * _COLUMN_GAP for index in range(len(widths))]
    boxes = {
        term: Box(wrapped[term], lefts[index], middles[term], widths[index], heights[term])
        for index, column in enumerate(columns)
        for term in column
    }
    return Layout(boxes, lefts[-1] + widths[-1], height)


def _wrap(label: str) -> str:
    lines = textwrap.wrap(label, _LINE_CHARACTERS, max_lines=_MOST_LINES, placeholder=" …")
    return "\n".join(lines)


def _size(text: str) -> tuple[float, float]:
    """Return width and height of a box around ``text``."""
    lines = text.split("\n")
    width = max(text_width(line, size=FONT_SIZE) for line in lines)
    height = len(lines) * FONT_SIZE * LINE_SPACING
    return width + 2 * _SIDE_PADDING, height / _POINTS_PER_INCH + 2 * _PADDING


def _columns(order: nx.DiGraph) -> list[list[str]]:
    """Return the terms by depth: the longest way up to a term without a parent."""
    return list(nx.topological_generations(order.reverse(copy=False)))


def _tree(
    order: nx.DiGraph, columns: list[list[str]], labels: Mapping[str, str], aspects: Mapping[str, Aspect]
) -> _Tree:
    depth = {term: index for index, column in enumerate(columns) for term in column}
    children: defaultdict[str, list[str]] = defaultdict(list)
    roots: list[str] = []
    for term in sorted(order, key=lambda term: (labels[term], term)):
        parents = [parent for parent in order.successors(term) if aspects[parent] is aspects[term]]
        if parents:
            children[max(parents, key=lambda parent: (depth[parent], parent))].append(term)
        else:
            roots.append(term)
    return _Tree(children, roots)


def _rows(
    tree: _Tree, heights: Mapping[str, float], aspects: Mapping[str, Aspect]
) -> tuple[dict[str, float], float]:
    """Return the middle of each term above the lower edge, and the height of all."""
    depths: dict[str, float] = {}

    def span(term: str) -> float:
        return max(heights[term] + _ROW_GAP, sum(map(span, tree.children.get(term, ()))))

    def place(term: str, top: float) -> None:
        depths[term] = top + span(term) / 2
        below = tree.children.get(term, ())
        top += (span(term) - sum(map(span, below))) / 2
        for child in below:
            place(child, top)
            top += span(child)

    end = 0.0
    for aspect in ASPECTS:
        roots = [root for root in tree.roots if aspects[root] is aspect]
        if roots and end:
            end += _BAND_GAP
        for root in roots:
            place(root, end)
            end += span(root)
    return {term: end - depth for term, depth in depths.items()}, end
