from __future__ import annotations

import pandas as pd

from gotune.datasets.definitions import LabelledDataset
from gotune.ontology.graph import children_by_parent, root_by_term, subtree, term_families

EDGES = pd.DataFrame(
    [
        ("wing", "is_a", "building"),
        ("room", "part_of", "wing"),
        ("door", "part_of", "room"),
        ("door", "is_a", "thing"),
        ("key", "regulates", "door"),
    ],
    columns=["child", "relation", "parent"],
)


def test_children_are_kinds_and_parts() -> None:
    assert children_by_parent(EDGES) == {
        "building": ["wing"],
        "wing": ["room"],
        "room": ["door"],
        "thing": ["door"],
    }


def test_subtree_has_its_root_and_all_below() -> None:
    children = children_by_parent(EDGES)
    assert subtree("wing", children) == {"wing", "room", "door"}
    assert subtree("key", children) == {"key"}


def test_a_circle_ends() -> None:
    assert subtree("a", {"a": ["b"], "b": ["a"]}) == {"a", "b"}


def test_a_term_in_two_subtrees_belongs_to_the_first() -> None:
    assert root_by_term(EDGES, ("thing", "room")) == {"thing": "thing", "door": "thing", "room": "room"}
    assert root_by_term(EDGES, ("room", "thing"))["door"] == "room"
    assert root_by_term(EDGES, ()) == {}


LIVING = pd.DataFrame(
    [
        ("transport", "is_a", "process"),
        ("export", "is_a", "transport"),
        ("secretion", "part_of", "export"),
        ("growth", "is_a", "process"),
        ("budding", "is_a", "growth"),
        ("budding", "regulates", "transport"),
    ],
    columns=["child", "relation", "parent"],
)


def test_family_is_the_largest_subtree_that_is_not_too_large() -> None:
    ids = ["secretion", "export", "transport", "budding", "process", "unknown"]
    assert term_families(ids, LIVING, largest=3) == ["transport"] * 3 + ["growth", "process", "unknown"]


def test_every_term_of_a_dataset_has_a_family(dataset: LabelledDataset) -> None:
    ids = dataset.terms["go_id"].tolist()
    families = term_families(ids, dataset.edges)
    assert set(families) <= set(ids)
    assert len(set(families)) < len(ids) / 5
