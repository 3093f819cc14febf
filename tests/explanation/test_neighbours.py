from __future__ import annotations

from copy import copy
from dataclasses import replace

import pytest

from gotune.errors import DatasetError
from gotune.explanation import neighbours
from gotune.explanation.neighbours import NearestDefinitions
from gotune.model.classifier import TransformerClassifier
from gotune.model.learned import Remembered
from gotune.ontology.loading import example_ontology
from gotune.records import Learned

ONTOLOGY = example_ontology()


def test_a_learned_definition_is_nearest_to_itself(classifier: TransformerClassifier) -> None:
    nearest = NearestDefinitions.of(classifier, ONTOLOGY)
    assert len(nearest) == classifier.learned.n_definitions
    for go_id in classifier.learned.go_ids[:3]:
        term = ONTOLOGY[go_id]
        found = nearest.nearest(term.definition or "", 4)
        assert (found[0].go_id, found[0].name, found[0].aspect) == (term.id, term.name, term.aspect)
        assert found[0].definition == term.definition
        assert found[0].similarity == pytest.approx(1, abs=2e-3)
        similarities = [one.similarity for one in found]
        assert similarities == sorted(similarities, reverse=True)
        assert len(found) == 4


def test_only_what_the_model_has_learned_from_is_shown(classifier: TransformerClassifier) -> None:
    nearest = NearestDefinitions.of(classifier, ONTOLOGY)
    every = nearest.nearest("A part of a cell.", 1000)
    learned = classifier.learned
    assert {one.go_id for one in every} == set(learned.go_ids[: learned.n_definitions])
    assert nearest.nearest("A part of a cell.", 0) == ()
    assert every[0].link == f"https://amigo.geneontology.org/amigo/term/{every[0].go_id}"


def test_embeddings_of_the_bundle_are_taken(classifier: TransformerClassifier) -> None:
    saved = NearestDefinitions.of(classifier, ONTOLOGY).nearest("A cell wall.", 9)
    bare = copy(classifier)
    bare.vectors = None
    made = NearestDefinitions.of(bare, ONTOLOGY).nearest("A cell wall.", 9)
    assert [one.go_id for one in made[:3]] == [one.go_id for one in saved[:3]]
    assert [one.similarity for one in made] == pytest.approx([one.similarity for one in saved], abs=5e-3)
    turned = copy(classifier)
    assert classifier.vectors is not None
    turned.vectors = classifier.vectors[::-1]
    assert NearestDefinitions.of(turned, ONTOLOGY).nearest("A cell wall.", 9) != saved


def test_without_saved_embeddings_some_definitions_do(
    classifier: TransformerClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "MOST_EMBEDDED", 5)
    bare = copy(classifier)
    bare.vectors = None
    nearest = NearestDefinitions.of(bare, ONTOLOGY)
    found = {one.go_id for one in nearest.nearest("A cell.", 100)}
    assert found == set(classifier.learned.go_ids[:5])


def test_another_release_is_refused(classifier: TransformerClassifier) -> None:
    other = copy(classifier)
    other.spec = replace(classifier.spec, obo_sha256="0" * 64)
    with pytest.raises(DatasetError, match="the release that the model learned from"):
        NearestDefinitions.of(other, ONTOLOGY)
    other = copy(classifier)
    other.remembered = Remembered.of(Learned())
    with pytest.raises(DatasetError, match=r"definitions that it learned from, found none"):
        NearestDefinitions.of(other, ONTOLOGY)
