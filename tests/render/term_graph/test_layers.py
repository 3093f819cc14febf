from __future__ import annotations

from hypothesis import given, settings

from gotune.render.term_graph.layers import Lane, make_layers
from gotune.render.term_graph.selection import Link
from tests.render.term_links import Graph, graphs


def test_arrows_of_one_relation_to_one_parent_share_their_lanes() -> None:
    terms = ["root", "a", "b", "c", "d"]
    links = [
        Link("a", "root", "is_a"),
        Link("b", "a", "is_a"),
        Link("c", "b", "is_a"),
        Link("d", "b", "is_a"),
        Link("c", "root", "is_a"),
        Link("d", "root", "is_a"),
        Link("d", "root", "part_of"),
    ]
    layers = make_layers(terms, links)
    assert layers.number == {"root": 0, "a": 1, "b": 2, "c": 3, "d": 3}
    lanes = [{node for node in row if isinstance(node, Lane)} for row in layers.rows]
    assert lanes == [
        set(),
        {Lane("root", "is_a", 1), Lane("root", "part_of", 1)},
        {Lane("root", "is_a", 2), Lane("root", "part_of", 2)},
        set(),
    ]
    assert layers.way(links[-1]) == ["root", Lane("root", "part_of", 1), Lane("root", "part_of", 2), "d"]
    assert layers.segments.count((Lane("root", "is_a", 1), Lane("root", "is_a", 2))) == 1


def test_a_general_term_stands_near_what_is_below_it() -> None:
    links = [Link("b", "a", "is_a"), Link("c", "b", "is_a"), Link("c", "x", "is_a")]
    assert make_layers(["a", "b", "c", "x"], links).number == {"a": 0, "b": 1, "c": 2, "x": 1}


def test_terms_stand_in_the_given_order_where_nothing_else_matters() -> None:
    assert make_layers(["b", "a", "c"], []).rows == (("b", "a", "c"),)


@given(graphs())
@settings(max_examples=25)
def test_parents_come_first_and_arrows_cross_one_layer_at_a_time(graph: Graph) -> None:
    terms, links = graph
    layers = make_layers(terms, links)
    row = {node: number for number, nodes in enumerate(layers.rows) for node in nodes}
    assert sum(len(nodes) for nodes in layers.rows) == len(row)
    assert {node for node in row if isinstance(node, str)} == set(terms)
    assert all(row[term] == layers.number[term] for term in terms)
    assert min(row.values()) == 0
    assert all(row[link.parent] < row[link.child] for link in links)
    assert all(row[lower] - row[upper] == 1 for upper, lower in layers.segments)
    assert make_layers(terms, links) == layers
