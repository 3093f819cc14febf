"""Which layer each term of a graph stands in, and the lanes of the arrows that pass other layers.

The steps of Sugiyama, Tagawa and Toda 1981 (doi:10.1109/TSMC.1981.4308636) are those of this module (layers),
of `gotune.render.term_graph.order` (order within a layer) and of `gotune.render.term_graph.layout` (places).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gotune.render.term_graph.linear_programme import Condition, minimise
from gotune.render.term_graph.selection import Link

_PULL = 1e-3
"""Weight of the distance to the roots' layer, which decides only where all else is equal."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Where arrows of one relation to one parent pass a layer that the parent is not in.

    All of them share it, as they have the same end.
    """

    parent: str
    relation: str
    layer: int


Node = str | Lane
"""What has a place in a layer: a term, by its id, or a lane."""

Segment = tuple[Node, Node]
"""A stretch of an arrow between a layer and the next: its end nearer to the roots, and the other."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Terms and lanes in layers, ancestors always in an earlier layer than their descendants.

    Attributes:
        number: Layer of each term, from 0.
        rows: The nodes of each layer.
        segments: All arrows, cut where they pass a layer; each stretch once.
    """

    number: Mapping[str, int]
    rows: tuple[tuple[Node, ...], ...]
    segments: tuple[Segment, ...]

    def way(self, link: Link) -> list[Node]:
        """Return the nodes that an arrow passes, from the parent to the child."""
        between = range(self.number[link.parent] + 1, self.number[link.child])
        return [link.parent, *(Lane(link.parent, link.relation, layer) for layer in between), link.child]


def make_layers(terms: Sequence[str], links: Sequence[Link]) -> Layers:
    """Put terms into as many layers as the longest path needs, with as few lanes as there can be.

    Args:
        terms: Ids in the order in which they are to stand where nothing else matters.
        links: Relations among them, without a circle.
    """
    number = _number(terms, links)
    empty = Layers(number, (), ())
    segments = list(dict.fromkeys(step for link in links for step in pairwise(empty.way(link))))
    below: defaultdict[Node, list[Node]] = defaultdict(list)
    for upper, lower in segments:
        below[upper].append(lower)
    rows: list[list[Node]] = [[] for _ in range(1 + max(number.values()))]
    met: set[Node] = set()
    waiting: list[Node] = [*sorted(terms, key=lambda term: number[term])[::-1]]
    while waiting:
        node = waiting.pop()
        if node not in met:
            met.add(node)
            rows[node.layer if isinstance(node, Lane) else number[node]].append(node)
            waiting += reversed(below[node])
    return Layers(number, tuple(map(tuple, rows)), tuple(segments))


def _number(terms: Sequence[str], links: Sequence[Link]) -> dict[str, int]:
    """Return the layer of each term, by the linear programme of Gansner et al. 1993 (doi:10.1109/32.221135).

    Each group of arrows of one relation to one parent has a variable of its own, the layer of its last child:
    what is least is the number of layers that the groups pass.
    """
    ends = dict.fromkeys((link.parent, link.relation) for link in links)
    columns: dict[object, int] = {key: column for column, key in enumerate([*terms, *ends])}
    costs = [_PULL] * len(terms) + [1.0] * len(ends)
    conditions: list[Condition] = []
    for parent, _ in ends:
        costs[columns[parent]] -= 1
    for link in links:
        upper, lower, last = columns[link.parent], columns[link.child], columns[link.parent, link.relation]
        conditions += [(((lower, 1), (upper, -1)), 1), (((last, 1), (lower, -1)), 0)]
    if not conditions:
        return dict.fromkeys(terms, 0)
    layers = minimise(costs, conditions, [0.0] * len(columns))
    return dict(zip(terms, np.rint(layers[: len(terms)]).astype(int).tolist(), strict=True))
