from __future__ import annotations

import pytest

from gotune.aspects import ASPECTS
from gotune.errors import UnknownTermError
from gotune.ontology.graph import find_neighbourhood
from gotune.ontology.ontology import Ontology
from gotune.ontology.terms import Term
from tests.datasets.ontologies import ontology_of

BP, CC, MF = ASPECTS


@pytest.fixture
def ontology() -> Ontology:
    """root <- a <- b <- c, a component that c is part of, and what starts at c: two parents, a grandchild."""
    return ontology_of(
        [
            Term("root", "the root", BP),
            Term("a", "a", BP, is_a=("root",)),
            Term("b", "b", BP, is_a=("a",), relationships=(("regulates", "root"), ("has_part", "c"))),
            Term("place", "place", CC),
            Term("c", "<b>c</b>", BP, is_a=("b",), relationships=(("part_of", "place"),)),
            Term("d", "d", MF, relationships=(("part_of", "c"), ("part_of", "place"))),
            Term("e", "e", BP, is_a=("c", "a")),
            Term("f", "f", BP, is_a=("e",)),
            Term("gone", "gone", BP, obsolete=True, replaced_by=("c",)),
        ]
    )


def test_all_ancestors_over_the_relations_that_have_no_circle(ontology: Ontology) -> None:
    found = find_neighbourhood(ontology, "c")
    assert sorted(found.graph.edges(keys=True)) == [
        ("a", "root", "is_a"),
        ("b", "a", "is_a"),
        ("b", "root", "regulates"),
        ("c", "b", "is_a"),
        ("c", "place", "part_of"),
    ]
    assert (found.term, found.release) == ("c", "2001-01-01")
    assert (found.n_ancestors, found.n_children, found.children) == (4, 2, ())
    assert found.graph.nodes["c"] == {"name": "<b>c</b>", "namespace": "biological_process"}
    assert set(found.graph) == {"c", *ontology.ancestors("c", ("is_a", "part_of", "regulates"))}


def test_children_with_the_most_descendants_first_by_their_relations_to_the_term(ontology: Ontology) -> None:
    found = find_neighbourhood(ontology, "c", children=1)
    assert found.children == ("e",)
    assert list(found.graph.out_edges("e", keys=True)) == [("e", "c", "is_a")]
    assert find_neighbourhood(ontology, "c", children=9).children == ("e", "d")
    assert find_neighbourhood(ontology, "c", children=9).n_ancestors == 4


def test_a_root_stands_alone(ontology: Ontology) -> None:
    found = find_neighbourhood(ontology, "root")
    assert list(found.graph.edges) == []
    assert (list(found.graph), found.n_ancestors) == (["root"], 0)


def test_only_live_terms(ontology: Ontology) -> None:
    with pytest.raises(UnknownTermError, match="Use c instead"):
        find_neighbourhood(ontology, "gone")
    with pytest.raises(UnknownTermError, match="an id that the release does not have"):
        find_neighbourhood(ontology, "never")
