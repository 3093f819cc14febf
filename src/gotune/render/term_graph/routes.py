"""The way of each arrow of a term graph: through the lanes, around the boxes.

All lengths are inches, as in `gotune.render.term_graph.layout`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from matplotlib.path import Path as Curve

from gotune.render.term_graph.layers import Node
from gotune.render.term_graph.layout import Layout
from gotune.render.term_graph.selection import Link

Key = TypeVar("Key")

_PORT_GAP = 0.13
"""Between the places where arrows meet a box, if it is large enough."""
_USED = 0.9
"""Share of a side of a box at which arrows may meet it; its corners are round."""
_HEAD = 0.14
"""An arrow is straight for that long before its head."""


@dataclass(frozen=True, slots=True)
class Route:
    """The curve of an arrow from a child to its parent."""

    link: Link
    curve: Curve


@dataclass(frozen=True, slots=True)
class _Ports:
    """Where arrows leave a child and meet a parent, as places along the layers."""

    starts: dict[Link, float]
    ends: dict[tuple[str, str], float]


def find_routes(links: Sequence[Link], layout: Layout) -> list[Route]:
    """Return a route a link, in the order of ``links``.

    Between layers an arrow bends; across a layer it runs straight, in a lane or beside its own box. So it
    touches no other box.
    """
    ports = _find_ports(links, layout)
    return [Route(link, _curve(link, layout, ports)) for link in links]


def _find_ports(links: Sequence[Link], layout: Layout) -> _Ports:
    """Give each arrow that leaves a box a place of its own, and those that share a lane one to arrive at."""
    leaving: defaultdict[str, dict[Link, float]] = defaultdict(dict)
    arriving: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        way = layout.layers.way(link)
        leaving[link.child][link] = layout.places[way[-2]]
        arriving[link.parent][link.relation].append(layout.places[way[1]])
    starts = {
        link: port for child, found in leaving.items() for link, port in _spread(child, found, layout).items()
    }
    ends = {}
    for parent, groups in arriving.items():
        means = {relation: sum(places) / len(places) for relation, places in groups.items()}
        for relation, port in _spread(parent, means, layout).items():
            ends[parent, relation] = port
    return _Ports(starts, ends)


def _spread(term: str, wanted: dict[Key, float], layout: Layout) -> dict[Key, float]:
    """Return places on a side of a box, in the order of where their arrows come from or go to."""
    keys = sorted(wanted, key=lambda key: wanted[key])
    gap = min(_PORT_GAP, _USED * layout.extent(term)[2] / (len(keys) + 1))
    first = layout.places[term] - gap * (len(keys) - 1) / 2
    return {key: first + gap * index for index, key in enumerate(keys)}


def _curve(link: Link, layout: Layout, ports: _Ports) -> Curve:
    """Return a path that crosses layers and leaves boxes at right angles, in x and y."""
    way: list[Node] = layout.layers.way(link)[::-1]
    layer = layout.layers.number[link.child]
    place = ports.starts[link]
    points = [(layout.extent(link.child)[0], place), (layout.edges[layer][0], place)]
    codes = [Curve.MOVETO, Curve.LINETO]
    for _, upper in pairwise(way):
        depth, layer = layout.edges[layer][0], layer - 1
        is_last = upper == link.parent
        next_place = ports.ends[link.parent, link.relation] if is_last else layout.places[upper]
        edge = layout.edges[layer][1] + _HEAD
        middle = (depth + edge) / 2
        points += [(middle, place), (middle, next_place), (edge, next_place)]
        points.append((layout.extent(link.parent)[1] if is_last else layout.edges[layer][0], next_place))
        codes += [Curve.CURVE4] * 3 + [Curve.LINETO]
        place = next_place
    return Curve([layout.point(*point) for point in points], codes)
