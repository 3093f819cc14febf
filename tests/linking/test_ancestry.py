from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gotune.arrays import pack_lines
from gotune.linking.ancestry import Ancestry
from gotune.ontology.graph import LINEAGE_RELATIONS
from gotune.ontology.ontology import Ontology


@pytest.fixture(scope="module")
def ids(example: Ontology) -> list[str]:
    return list(example)


@pytest.fixture(scope="module")
def ancestry(example: Ontology, ids: list[str]) -> Ancestry:
    return Ancestry.of(example, ids)


def test_above_are_the_ancestors(ancestry: Ancestry, ids: list[str], example: Ontology) -> None:
    assert len(ancestry) == len(ids)
    for number, go_id in enumerate(ids):
        assert {ids[other] for other in ancestry.above(number)} == example.ancestors(go_id, LINEAGE_RELATIONS)


def test_the_nearest_of_a_slim_have_no_other_between(ancestry: Ancestry, ids: list[str]) -> None:
    for number in range(len(ids)):
        above = ancestry.above(number)
        assert ancestry.nearest(number, frozenset(range(len(ids)))) == [number]
        assert ancestry.nearest(number, frozenset()) == []
        nearest = ancestry.nearest(number, frozenset(above))
        assert not any(other in ancestry.above(one) for one in nearest for other in nearest)
        assert frozenset(nearest).union(*map(ancestry.above, nearest)) == above


def test_it_is_the_same_after_its_arrays(ancestry: Ancestry, ids: list[str]) -> None:
    again = Ancestry.from_arrays(ancestry.to_arrays(), len(ids))
    assert again.slims == ancestry.slims
    assert [again.above(number) for number in range(len(ids))] == [
        ancestry.above(number) for number in range(len(ids))
    ]


@pytest.mark.parametrize(
    ("name", "wrong", "told"),
    [
        ("parents", lambda array: array + np.uint32(1000), "lead nowhere"),
        ("parents", lambda array: array[:-1], "lead nowhere"),
        ("parents", lambda array: array.astype(np.int64), "no array"),
        ("parent_counts", lambda array: array[:-1], "lead nowhere"),
        ("slims", lambda array: np.frombuffer(b"slim -1", np.uint8), "unpacked"),
        ("slims", lambda array: pack_lines(["slim -1"]), "lead nowhere"),
        ("slims", lambda array: pack_lines(["slim 1000"]), "lead nowhere"),
    ],
)
def test_arrays_that_are_none_are_refused(
    name: str, wrong: Callable[[np.ndarray], np.ndarray], told: str, ancestry: Ancestry, ids: list[str]
) -> None:
    arrays = ancestry.to_arrays()
    arrays[name] = wrong(arrays[name])
    with pytest.raises(ValueError, match=told):
        Ancestry.from_arrays(arrays, len(ids))


def test_a_circle_of_anybody_ends() -> None:
    circle = Ancestry(np.array([1, 0], np.uint32), np.array([1, 2]), {})
    assert circle.above(0) == {0, 1}
    assert circle.nearest(0, frozenset({0, 1})) == []
