"""The order of terms and lanes within their layers, in which few arrows cross."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from gotune.render.term_graph.layers import Layers, Node, Segment

_SWEEPS = 32
_SWAP_ROUNDS = 8

_Rows = list[list[Node]]
_Neighbours = Mapping[Node, list[Node]]


def untangle(layers: Layers) -> tuple[tuple[Node, ...], ...]:
    """Return the nodes of each layer in an order with few crossings; the same layers, the same order.

    Layer by layer, down and up again, nodes are sorted by the median or the mean of their neighbours in the
    layer before, and neighbours are swapped where that helps, as in Gansner et al. 1993
    (doi:10.1109/32.221135).
    """
    above, below = _neighbours(layers.segments)
    between = _by_layer(layers)
    rows: _Rows = [list(row) for row in layers.rows]
    best, fewest = rows, _count_all(rows, between)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        rows = [list(row) for row in rows]
        by_mean = sweep % 4 > 1
        if sweep % 2:
            for upper in range(len(rows) - 2, -1, -1):
                _sort(rows[upper], rows[upper + 1], below, by_mean=by_mean)
        else:
            for lower in range(1, len(rows)):
                _sort(rows[lower], rows[lower - 1], above, by_mean=by_mean)
        _swap(rows, above, below)
        crossings = _count_all(rows, between)
        if crossings < fewest:
            best, fewest = rows, crossings
    return tuple(map(tuple, best))


def count_crossings(layers: Layers, rows: Sequence[Sequence[Node]]) -> int:
    """Return how often stretches of arrows cross between the layers, in this order."""
    return _count_all(rows, _by_layer(layers))


def _neighbours(segments: Sequence[Segment]) -> tuple[_Neighbours, _Neighbours]:
    above: defaultdict[Node, list[Node]] = defaultdict(list)
    below: defaultdict[Node, list[Node]] = defaultdict(list)
    for upper, lower in segments:
        above[lower].append(upper)
        below[upper].append(lower)
    return above, below


def _by_layer(layers: Layers) -> list[list[Segment]]:
    rows = {node: number for number, row in enumerate(layers.rows) for node in row}
    between: list[list[Segment]] = [[] for _ in layers.rows[1:]]
    for segment in layers.segments:
        between[rows[segment[0]]].append(segment)
    return between


def _sort(row: list[Node], fixed: list[Node], neighbours: _Neighbours, *, by_mean: bool) -> None:
    """Sort a layer by where its neighbours stand in a layer beside; nodes without any keep their share."""
    at = {node: place for place, node in enumerate(fixed)}
    own = {node: place * len(fixed) / len(row) for place, node in enumerate(row)}
    average = np.mean if by_mean else np.median

    def key(node: Node) -> float:
        found = [at[other] for other in neighbours.get(node, ())]
        return float(average(found)) if found else own[node]

    row.sort(key=key)


def _swap(rows: _Rows, above: _Neighbours, below: _Neighbours) -> None:
    """Swap neighbours in a layer wherever fewer of their arrows cross then."""
    for _ in range(_SWAP_ROUNDS):
        swapped = False
        for number, row in enumerate(rows):
            fixed = [
                (neighbours, {node: place for place, node in enumerate(rows[other])})
                for neighbours, other in ((above, number - 1), (below, number + 1))
                if 0 <= other < len(rows)
            ]
            for place in range(len(row) - 1):
                left, right = row[place], row[place + 1]
                if _crossings(left, right, fixed) > _crossings(right, left, fixed):
                    row[place : place + 2] = [right, left]
                    swapped = True
        if not swapped:
            return


def _crossings(left: Node, right: Node, fixed: list[tuple[_Neighbours, dict[Node, int]]]) -> int:
    return sum(
        at[one] > at[other]
        for neighbours, at in fixed
        for one in neighbours.get(left, ())
        for other in neighbours.get(right, ())
    )


def _count_all(rows: Sequence[Sequence[Node]], between: list[list[Segment]]) -> int:
    return sum(_count(*pair, segments) for pair, segments in zip(pairwise(rows), between, strict=True))


def _count(uppers: Sequence[Node], lowers: Sequence[Node], segments: Sequence[Segment]) -> int:
    if len(segments) < 2:
        return 0
    high = {node: place for place, node in enumerate(uppers)}
    low = {node: place for place, node in enumerate(lowers)}
    ends = np.array([(high[upper], low[lower]) for upper, lower in segments])
    starts_before = ends[:, 0][:, None] < ends[:, 0]
    ends_behind = ends[:, 1][:, None] > ends[:, 1]
    return int(np.count_nonzero(starts_before & ends_behind))
