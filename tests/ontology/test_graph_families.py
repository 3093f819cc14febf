from __future__ import annotations

import pandas as pd

from gotune.datasets.definitions import LabelledDataset
from gotune.ontology.graph import term_families

EDGES = pd.DataFrame(
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
    assert term_families(ids, EDGES, largest=3) == ["transport"] * 3 + ["growth", "process", "unknown"]


def test_every_term_of_a_dataset_has_a_family(dataset: LabelledDataset) -> None:
    ids = dataset.terms["go_id"].tolist()
    families = term_families(ids, dataset.edges)
    assert set(families) <= set(ids)
    assert len(set(families)) < len(ids) / 5
