from __future__ import annotations

from hypothesis import given, settings

from gotune.render.term_graph.layers import Layers, make_layers
from gotune.render.term_graph.order import count_crossings, untangle
from tests.render.term_links import Graph, graphs

UPPER, LOWER = ("a", "b", "c"), ("x", "y", "z")
TWISTED = Layers(
    {"a": 0, "b": 0, "c": 0, "x": 1, "y": 1, "z": 1}, (UPPER, LOWER), (("a", "z"), ("b", "y"), ("c", "x"))
)


def test_crossings_are_counted() -> None:
    assert count_crossings(TWISTED, (UPPER, LOWER)) == 3
    assert count_crossings(TWISTED, (UPPER, ("z", "x", "y"))) == 1
    assert count_crossings(TWISTED, (UPPER, ("z", "y", "x"))) == 0


def test_arrows_that_meet_do_not_cross() -> None:
    segments = (("a", "x"), ("b", "x"), ("b", "y"))
    layers = Layers({"a": 0, "b": 0, "x": 1, "y": 1}, (("a", "b"), ("x", "y")), segments)
    assert count_crossings(layers, layers.rows) == 0


def test_what_can_be_untangled_is() -> None:
    rows = untangle(TWISTED)
    assert count_crossings(TWISTED, rows) == 0
    assert [sorted(map(str, row)) for row in rows] == [list(UPPER), list(LOWER)]


def test_neighbours_are_swapped_where_averages_do_not_help() -> None:
    # Both lower terms have the same mean and median.
    segments = (("a", "x"), ("c", "x"), ("b", "y"))
    layers = Layers({"a": 0, "b": 0, "c": 0, "x": 1, "y": 1}, (UPPER, ("x", "y")), segments)
    assert count_crossings(layers, layers.rows) == 1
    assert count_crossings(layers, untangle(layers)) == 0


@given(graphs())
@settings(max_examples=25)
def test_nodes_stay_in_their_layers_and_crossings_do_not_grow(graph: Graph) -> None:
    layers = make_layers(*graph)
    rows = untangle(layers)
    assert [set(row) for row in rows] == [set(row) for row in layers.rows]
    assert count_crossings(layers, rows) <= count_crossings(layers, layers.rows)
    assert untangle(layers) == rows
