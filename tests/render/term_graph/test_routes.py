from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path
from numpy.typing import NDArray

from gotune.render.term_graph.layout import LEFT_TO_RIGHT, TOP_DOWN, Layout, Style, lay_out
from gotune.render.term_graph.routes import Route, find_routes
from gotune.render.term_graph.selection import Link
from tests.render.term_links import Graph, graphs

FORK = [Link("b", "a", "is_a"), Link("c", "a", "is_a"), Link("c", "a", "part_of")]


Points = NDArray[np.float64]


def corners_of(route: Route) -> Points:
    return np.asarray(route.curve.vertices, dtype=float)


def points_of(route: Route) -> Points:
    flat = route.curve.to_polygons(closed_only=False)[0]
    return np.asarray(Path(flat).interpolated(10).vertices, dtype=float)


def lay(terms: list[str], links: list[Link], style: Style) -> tuple[Layout, list[Route]]:
    layout = lay_out(terms, links, {term: f"name of {term}" for term in terms}, style)
    return layout, find_routes(links, layout)


def test_arrows_of_one_relation_end_together_and_those_of_another_apart() -> None:
    _, routes = lay(["a", "b", "c"], FORK, TOP_DOWN)
    first, second, third = map(corners_of, routes)
    assert first[-1].tolist() == second[-1].tolist()
    assert third[-1][0] != pytest.approx(first[-1][0])
    assert third[-1][1] == pytest.approx(first[-1][1])
    assert second[0][0] != pytest.approx(third[0][0])


def test_an_arrow_is_straight_before_its_head() -> None:
    for style in (TOP_DOWN, LEFT_TO_RIGHT):
        for route in lay(["a", "b", "c"], FORK, style)[1]:
            before, end = corners_of(route)[-2:]
            assert np.abs(end - before).max() >= 0.14 - 1e-9
            assert np.abs(end - before).min() == pytest.approx(0, abs=1e-9)


@given(graphs(), st.sampled_from([TOP_DOWN, LEFT_TO_RIGHT]))
@settings(max_examples=20)
def test_arrows_join_their_boxes_and_touch_no_other(graph: Graph, style: Style) -> None:
    layout, routes = lay(*graph, style)
    for route in routes:
        points = points_of(route)
        for term, box in layout.boxes.items():
            grown = 1e-6 if term in (route.link.child, route.link.parent) else -0.01
            inside = (box.left + grown < points[:, 0]) & (points[:, 0] < box.left + box.width - grown)
            inside &= (box.bottom + grown < points[:, 1]) & (points[:, 1] < box.bottom + box.height - grown)
            assert not inside.any(), (route.link, term)
        for term, (x, y) in ((route.link.child, points[0]), (route.link.parent, points[-1])):
            box = layout.boxes[term]
            assert box.left - 1e-6 <= x <= box.left + box.width + 1e-6
            assert box.bottom - 1e-6 <= y <= box.bottom + box.height + 1e-6
