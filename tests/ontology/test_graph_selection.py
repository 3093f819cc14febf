from __future__ import annotations

import networkx as nx
import pytest

from gotune.errors import InputError
from gotune.ontology.graph import VIA, Link, select_terms


def test_terms_of_highest_degree_first_then_by_id(term_graph: nx.MultiDiGraph) -> None:
    assert select_terms(term_graph, 4).chosen == ("GO:2", "GO:12", "GO:3", "GO:5")


@pytest.fixture
def fork() -> nx.MultiDiGraph:
    """Two busy terms, a and b, below a chain: a -> x -> y -> top, b -> y."""
    graph = nx.MultiDiGraph()
    for term in ("a", "b", "x", "y", "top", *(f"{parent}{i}" for parent in "ab" for i in range(5))):
        graph.add_node(term, name=term, namespace="biological_process")
    for child, parent in (("a", "x"), ("x", "y"), ("b", "y"), ("y", "top")):
        graph.add_edge(child, parent, key="is_a")
    for parent in "ab":
        for index in range(5):
            graph.add_edge(f"{parent}{index}", parent, key="is_a")
    return graph


def test_the_most_specific_common_ancestor_joins(fork: nx.MultiDiGraph) -> None:
    selection = select_terms(fork, 2)
    assert selection.chosen == ("a", "b")
    # Not top, which is above the same two.
    assert selection.joining == ("y",)
    assert selection.links == (Link("a", "y", VIA), Link("b", "y", "is_a"))


def test_a_hidden_path_is_not_drawn_beside_a_longer_shown_one(term_graph: nx.MultiDiGraph) -> None:
    selection = select_terms(term_graph, 100)
    assert selection.joining == ()
    assert {link.relation for link in selection.links} == {
        "is_a", "part_of", "regulates", "positively_regulates",
    }  # fmt: skip
    assert len(selection.links) == term_graph.number_of_edges()


def test_all_relations_of_a_pair_are_kept(term_graph: nx.MultiDiGraph) -> None:
    links = select_terms(term_graph, 100).links
    assert {Link("GO:13", "GO:12", "is_a"), Link("GO:13", "GO:12", "part_of")} <= set(links)


def test_nodes_without_name_or_aspect_are_passed_over(fork: nx.MultiDiGraph) -> None:
    for index in range(20):
        fork.add_edge(f"a{index}", "dangling", key="is_a")
        fork.add_node("other", name="other", namespace="external")
    selection = select_terms(fork, 100)
    assert not {"dangling", "other"} & {*selection.chosen, *selection.joining}


def test_bad_input(fork: nx.MultiDiGraph) -> None:
    with pytest.raises(InputError, match="expected at least 1 term, found 0"):
        select_terms(fork, 0)
    with pytest.raises(InputError, match="found none"):
        select_terms(nx.MultiDiGraph(), 3)
    fork.add_edge("top", "a", key="has_part")
    with pytest.raises(InputError, match="expected an acyclic graph"):
        select_terms(fork, 3)
