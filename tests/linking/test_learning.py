from __future__ import annotations

from dataclasses import replace

import numpy as np

from gotune.linking.labels import Kind, labels_of
from gotune.linking.learning import VectorSettings, is_held_out, learn_vectors
from gotune.ontology.ontology import Ontology

SMALL = VectorSettings(width=16, pair_bits=6, part_bits=8, passes=40, batch=16, family=4)


def test_synonyms_come_to_lie_near_their_name(example: Ontology) -> None:
    vectors = learn_vectors(example, SMALL)
    texts = [
        label.text for term in example.terms() for label in labels_of(term) if label.kind is not Kind.NAME
    ]
    taught = [text for text in texts if not is_held_out(text)]
    names = [
        term.name
        for term in example.terms()
        for label in labels_of(term)
        if label.kind is not Kind.NAME and not is_held_out(label.text)
    ]
    nearness = vectors.embed(taught) @ vectors.embed(names).T
    others = nearness[~np.eye(len(taught), dtype=bool)]
    assert np.diag(nearness).mean() > others.mean() + 0.3


def test_a_run_is_the_same_again(example: Ontology) -> None:
    short = replace(SMALL, passes=2)
    first, second = learn_vectors(example, short), learn_vectors(example, short)
    np.testing.assert_array_equal(first.table, second.table)
    other = learn_vectors(example, replace(short, seed=1))
    assert not np.array_equal(first.table, other.table)


def test_a_twentieth_of_the_synonyms_is_held_out() -> None:
    held_out = [is_held_out(f"synonym {number}") for number in range(4000)]
    assert 0.03 < np.mean(held_out) < 0.07
    assert [is_held_out(f"SYNONYM {number}") for number in range(4000)] == held_out
