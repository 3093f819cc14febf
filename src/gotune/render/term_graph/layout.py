"""Where the boxes of a term graph go and which way its arrows run, as ``dot`` of Graphviz lays them out.

Layers, their order and the places in them are those of Gansner et al. 1993 (doi:10.1109/32.221135). Graphviz
is told sizes and numbers alone, no word of an ontology. All lengths are inches, so a box is as large as the
text in it at any number of terms.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.path import Path as Curve

from gotune.errors import MissingExtraError
from gotune.ontology.graph import Link
from gotune.render.lettering import text_width

if TYPE_CHECKING:
    from pygraphviz import AGraph

FONT_SIZE = 9.0
"""Points."""
LINE_SPACING = 1.2

_MOST_LINES = 6
"""A longer label is given longer lines instead, up to `_LONGEST_LINE`."""
_LONGEST_LINE = 60
_SIDE_PADDING = 0.1
_PADDING = 0.06
_POINTS_PER_INCH = 72
_BOX_GAP = 0.12
"""Between two boxes of a layer."""
_SLOPE = 0.15
"""How much further layers are apart for an inch that arrows run along them on average, lest they lie flat."""
_HEAD = 0.6
"""Size of an arrow head, as Graphviz counts it: how far a curve is straight before its end."""

Size = tuple[float, float]


class Style(NamedTuple):
    """How a picture is laid out.

    Attributes:
        downwards: Whether layers follow each other from top to bottom, instead of from left to right.
        line: Characters of a line of a label, where it is not too long for that.
        gap: Between two layers, at least.
    """

    downwards: bool
    line: int
    gap: float


LEFT_TO_RIGHT = Style(downwards=False, line=30, gap=0.5)
"""For many terms in few layers: boxes of one width, arrows that flow together into the side of a parent."""
TOP_DOWN = Style(downwards=True, line=20, gap=0.35)
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
    def centre(self) -> tuple[float, float]:
        """Where the label stands."""
        return self.left + self.width / 2, self.bottom + self.height / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by term, and the size of the area from (0, 0) that all is in.

    Attributes:
        boxes: By term.
        curves: One a link, in their order: from the child to the parent.
        width: Of the area.
        height: Of the area.
    """

    boxes: Mapping[str, Box]
    curves: tuple[Curve, ...]
    width: float
    height: float


def lay_out(terms: Sequence[str], links: Sequence[Link], labels: Mapping[str, str], style: Style) -> Layout:
    """Place terms in layers, parents first, each beside what it is linked to, and find ways for the arrows.

    Args:
        terms: Ids in the order in which they are to stand where nothing else matters.
        links: Relations among them, without a circle.
        labels: One line of text a term.
        style: Of the picture.

    Raises:
        MissingExtraError: pygraphviz, or a system library that it needs, is missing.
    """
    wrapped = [wrap(labels[term], style.line) for term in terms]
    sizes = [_size(text) for text in wrapped]
    if not style.downwards:
        widest = max(width for width, _ in sizes)
        sizes = [(widest, height) for _, height in sizes]
    numbers = {term: number for number, term in enumerate(terms)}
    ends = [(numbers[link.parent], numbers[link.child]) for link in links]
    graph = _arrange(sizes, ends, style, style.gap)
    if ends:
        places = [_centre(graph, number)[0 if style.downwards else 1] for number in numbers.values()]
        run = sum(abs(places[parent] - places[child]) for parent, child in ends) / len(ends)
        graph = _arrange(sizes, ends, style, style.gap + _SLOPE * run)
    boxes = {}
    for term, label, (across, tall) in zip(terms, wrapped, sizes, strict=True):
        x, y = _centre(graph, numbers[term])
        boxes[term] = Box(label, x - across / 2, y - tall / 2, across, tall)
    edges = (graph.get_edge(*map(str, pair), key=str(key)) for key, pair in enumerate(ends))
    curves = tuple(_curve(edge.attr["pos"]) for edge in edges)
    _, _, width, height = _inches(graph.graph_attr["bb"])
    return Layout(boxes, curves, width, height)


def wrap(label: str, line: int) -> str:
    """Return a label in lines of that many characters, or of more where they would be too many lines."""
    longest = min(_LONGEST_LINE, max(line, -(-len(label) // (_MOST_LINES - 1))))
    return "\n".join(textwrap.wrap(label, longest, max_lines=_MOST_LINES, placeholder=" …"))


def _size(text: str) -> Size:
    """Return width and height of a box around ``text``."""
    lines = text.split("\n")
    width = max(text_width(line, size=FONT_SIZE) for line in lines)
    height = len(lines) * FONT_SIZE * LINE_SPACING
    return width + 2 * _SIDE_PADDING, height / _POINTS_PER_INCH + 2 * _PADDING


def _arrange(
    sizes: Sequence[Size], ends: Sequence[tuple[int, int]], style: Style, layer_gap: float
) -> AGraph:
    """Return a graph that Graphviz has laid out: its nodes are numbers of boxes, its keys those of arrows.

    Edges lead from parent to child, with the head at their start, so that all parts begin in the first layer.
    """
    graph = _new_graph()
    graph.graph_attr.update(
        rankdir="TB" if style.downwards else "LR", nodesep=f"{_BOX_GAP}", ranksep=f"{layer_gap:.3f}"
    )
    graph.node_attr.update(shape="box", fixedsize="true", label="")
    graph.edge_attr.update(dir="back", arrowsize=f"{_HEAD}")
    if not style.downwards:
        graph.edge_attr.update(tailport="e", headport="w")
    numbered = list(enumerate(sizes))
    # From left to right, Graphviz puts what comes first at the bottom.
    for number, (width, height) in numbered if style.downwards else reversed(numbered):
        graph.add_node(str(number), width=f"{width:.4f}", height=f"{height:.4f}")
    for key, (parent, child) in enumerate(ends):
        graph.add_edge(str(parent), str(child), key=str(key))
    graph.layout("dot")
    return graph


def _new_graph() -> AGraph:
    try:
        from pygraphviz import AGraph
    except ImportError as exc:
        raise MissingExtraError(
            "pygraphviz",
            expected="the package and the system libraries that it uses",
            found=str(exc),
            do='Install it with: pip install "gotune[explore]"; on a Linux without a desktop, '
            "also with: apt-get install libpangocairo-1.0-0",
        ) from exc
    return AGraph(directed=True, strict=False)


def _centre(graph: AGraph, number: int) -> list[float]:
    return _inches(graph.get_node(str(number)).attr["pos"])


def _curve(position: str) -> Curve:
    """Return the way of an arrow to its head, which Graphviz writes first, from the other end of the edge."""
    head, *points = position.split()
    way = [*map(_inches, reversed(points)), _inches(head.removeprefix("s,"))]
    return Curve(way, [Curve.MOVETO, *[Curve.CURVE4] * (len(points) - 1), Curve.LINETO])


def _inches(numbers: str) -> list[float]:
    return [float(number) / _POINTS_PER_INCH for number in numbers.split(",")]
