from __future__ import annotations

import json

import numpy as np
import pytest

from gotune.lexicon.lexicon import Lexicon
from gotune.ontology.loading import example_ontology

ONTOLOGY = example_ontology()
TERM = next(term for term in ONTOLOGY.terms() if term.id not in ONTOLOGY.roots)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.from_ontology(ONTOLOGY)


def test_a_name_is_evidence_of_its_aspect(lexicon: Lexicon) -> None:
    with_name, without = lexicon.evidence([f"It takes part in {TERM.name}.", "We thank the staff."])
    assert with_name[TERM.aspect.label] > 0.5
    assert without.tolist() == [0, 0, 0]


def test_a_repeated_name_counts_once(lexicon: Lexicon) -> None:
    once, twice = lexicon.evidence([TERM.name, f"{TERM.name} and {TERM.name}"])
    assert twice == pytest.approx(once)


def test_no_text_gives_no_row(lexicon: Lexicon) -> None:
    assert lexicon.evidence([]).shape == (0, 3)


def test_it_comes_back_from_json(lexicon: Lexicon) -> None:
    again = Lexicon.from_json(lexicon.to_json())
    texts = [term.definition or term.name for term in ONTOLOGY.terms()]
    assert np.array_equal(again.evidence(texts), lexicon.evidence(texts))
    assert again.evidence(texts).max() > 0.5
    assert len(again) == len(lexicon)


@pytest.mark.parametrize(
    "values",
    [
        [],
        {"words": {}},
        {"words": {"a": [[3, 0, 0.5]]}, "symbols": {}},
        {"words": {"a": [[-1, 0, 0.5]]}, "symbols": {}},
        {"words": {"a": [[0, 99, 0.5]]}, "symbols": {}},
        {"words": {"a": [[0, 0, 1.5]]}, "symbols": {}},
        {"words": {"a": [[0, 0, "much"]]}, "symbols": {}},
        {"words": {"a": 3}, "symbols": {}},
        {"words": [], "symbols": {}},
    ],
)
def test_anything_else_is_refused(values: object) -> None:
    with pytest.raises((ValueError, LookupError, TypeError, AttributeError)):
        Lexicon.from_json(json.dumps(values))
