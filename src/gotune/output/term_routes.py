"""The way of each arrow of a term graph: around the boxes, and apart from other kinds of arrow.

All lengths are inches, as in `gotune.output.term_layout`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gotune.output.term_layout import Box
from gotune.output.term_selection import Link

_PORT_GAP = 0.085
"""Between the places where arrows meet a box; a box of one line has room for three."""
_CLEARANCE = 0.06

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Route:
    """Where an arrow leaves its child, crosses the columns in between, and meets its parent.

    Attributes:
        link: What the arrow says.
        start: On the left side of the child.
        lane: Ends of a level stretch past the columns in between, or empty for neighbouring columns.
        end: On the right side of the parent.
    """

    link: Link
    start: Point
    lane: tuple[Point, ...]
    end: Point

    @property
    def corners(self) -> tuple[Point, ...]:
        """The points between which the arrow bends, or runs level, in order."""
        return (self.start, *self.lane, self.end)


def find_routes(links: Sequence[Link], boxes: Mapping[str, Box]) -> list[Route]:
    """Return a route a link, in the order of ``links``."""
    starts = _starts(links, boxes)
    ends = _ends(links, boxes)
    return [_route(link, starts[link], ends[link], boxes) for link in links]


def _starts(links: Iterable[Link], boxes: Mapping[str, Box]) -> dict[Link, Point]:
    """Give each arrow that leaves a box a place of its own, upper parents above."""
    leaving: defaultdict[str, list[Link]] = defaultdict(list)
    for link in sorted(links, key=lambda link: -boxes[link.parent].middle):
        leaving[link.child].append(link)
    return {
        link: (boxes[child].left, height)
        for child, group in leaving.items()
        for link, height in zip(group, _ports(boxes[child], len(group)), strict=True)
    }


def _ends(links: Iterable[Link], boxes: Mapping[str, Box]) -> dict[Link, Point]:
    """Let arrows of one relation meet a box in one place, and other relations in another."""
    arriving: defaultdict[str, defaultdict[str, list[Link]]] = defaultdict(lambda: defaultdict(list))
    for link in sorted(links, key=lambda link: -boxes[link.child].middle):
        arriving[link.parent][link.relation].append(link)
    return {
        link: (boxes[parent].right, height)
        for parent, groups in arriving.items()
        for group, height in zip(groups.values(), _ports(boxes[parent], len(groups)), strict=True)
        for link in group
    }


def _ports(box: Box, count: int) -> list[float]:
    gap = min(_PORT_GAP, box.height / (count + 1))
    return [box.middle + gap * ((count - 1) / 2 - index) for index in range(count)]


def _route(link: Link, start: Point, end: Point, boxes: Mapping[str, Box]) -> Route:
    parent, child = boxes[link.parent], boxes[link.child]
    between = [box for box in boxes.values() if parent.left < box.left < child.left]
    if not between:
        return Route(link, start, (), end)
    height = _free_height(between, start[1], end[1])
    right = max(box.right for box in between)
    left = min(box.left for box in between)
    return Route(link, start, ((right, height), (left, height)), end)


def _free_height(between: Sequence[Box], start: float, end: float) -> float:
    """Return a height at which a level line passes all boxes, with the least detour."""
    taken = [(box.bottom - _CLEARANCE, box.bottom + box.height + _CLEARANCE) for box in between]
    candidates = [start, end, *(edge for interval in taken for edge in interval)]
    free = [height for height in candidates if not any(low < height < high for low, high in taken)]
    # The lowest lower edge is always free, so there is at least one.
    return min(free, key=lambda height: (abs(height - start) + abs(height - end), abs(height - start)))
