from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gotune.aspects import Aspect
from gotune.datasets.definitions import LabelledDataset
from gotune.errors import DatasetError, InputError, MissingExtraError
from gotune.evaluation.audit.results import LabelAudit, OpeningCounts, Reason
from gotune.evaluation.audit.run import (
    N_NEIGHBOURS,
    audit_labels,
    common_openings,
    find_issues,
    import_cleanlab,
    label_quality,
)
from gotune.evaluation.stress.run import score_cuts
from gotune.model.classifier import TransformerClassifier
from gotune.model.embedding import TextEncoder

BP, CC, MF = Aspect
MISPLACED = "GO:9000056"


@pytest.fixture(scope="module")
def misplaced(dataset: LabelledDataset) -> LabelledDataset:
    """The example with a function among the processes, and a term without a definition."""
    terms = dataset.terms.copy()
    terms.loc[terms["go_id"] == MISPLACED, "aspect"] = BP.value
    terms.loc[terms["go_id"] == "GO:9000017", "definition"] = None
    return replace(dataset, terms=terms)


@pytest.fixture(scope="module")
def pretrained(tiny_encoder: Path) -> TextEncoder:
    return TextEncoder.pretrained(str(tiny_encoder), max_tokens=48, device="cpu")


@pytest.fixture(scope="module")
def audit(
    classifier: TransformerClassifier, misplaced: LabelledDataset, pretrained: TextEncoder
) -> LabelAudit:
    return audit_labels(classifier, misplaced, pretrained, max_definitions=5)


def test_a_term_under_the_wrong_aspect_comes_first(audit: LabelAudit) -> None:
    first = audit.flagged[0]
    assert (first.go_id, first.aspect, first.likely) == (MISPLACED, BP, MF)
    assert Reason.TEXT in first.reasons
    assert first.quality == first.probabilities[BP] < 0.25
    assert first.link == f"https://amigo.geneontology.org/amigo/term/{MISPLACED}"
    qualities = [term.quality for term in audit.flagged]
    assert qualities == sorted(qualities)


def test_every_definition_is_judged(audit: LabelAudit, misplaced: LabelledDataset) -> None:
    defined = misplaced.terms[misplaced.terms["definition"].notna()]
    assert (audit.n_terms, audit.n_folds, audit.seed) == (len(defined), 5, 42) == (49, 5, 42)
    assert audit.n_families == 49  # in so small an ontology each term is one
    interval = audit.accuracy.interval
    assert 0.4 < interval.low < audit.accuracy.value < interval.high < 1
    assert audit.openings[:2] == (
        OpeningCounts("holding on to", 5, MF, 0.8),
        OpeningCounts("the reactions and", 5, BP, 1.0),
    )
    json.dumps(audit.to_dict())


def test_the_boundary_has_the_smallest_margins(audit: LabelAudit) -> None:
    margins = [term.margin for term in audit.boundary]
    assert margins == sorted(margins)
    for term in audit.boundary:
        values = sorted(term.probabilities)
        assert term.margin == pytest.approx(values[2] - values[1])
        assert sum(values) == pytest.approx(1)


def test_neighbours_are_other_terms_by_similarity(audit: LabelAudit, misplaced: LabelledDataset) -> None:
    aspects = dict(zip(misplaced.terms["go_id"], misplaced.terms["aspect"], strict=True))
    for term in (*audit.flagged, *audit.boundary):
        assert len({neighbour.go_id for neighbour in term.neighbours} - {term.go_id}) == N_NEIGHBOURS
        similarities = [neighbour.similarity for neighbour in term.neighbours]
        assert similarities == sorted(similarities, reverse=True)
        assert all(neighbour.aspect == aspects[neighbour.go_id] for neighbour in term.neighbours)
        assert (Reason.NEIGHBOURS in term.reasons) == (term.n_foreign == N_NEIGHBOURS)


def test_the_model_is_asked_only_what_it_has_not_learned(
    audit: LabelAudit, classifier: TransformerClassifier
) -> None:
    terms = (*audit.flagged, *audit.boundary)
    asked = [term for term in terms if term.opinion is not None]
    assert {term.go_id in classifier.learned.go_ids for term in terms} == {True, False}
    assert all(
        (term.opinion is None) == (term.carried is None) == (term.go_id in classifier.learned.go_ids)
        for term in terms
    )
    expected = classifier.predict_proba([term.definition for term in asked])
    assert np.array([tuple(term.opinion or ()) for term in asked]) == pytest.approx(expected, abs=1e-6)


def test_cuts_are_those_of_the_stress_test(
    audit: LabelAudit, classifier: TransformerClassifier, misplaced: LabelledDataset
) -> None:
    assert audit.cuts == score_cuts(classifier, misplaced, max_definitions=5)


def test_the_same_seed_gives_the_same_audit(
    audit: LabelAudit, classifier: TransformerClassifier, misplaced: LabelledDataset, pretrained: TextEncoder
) -> None:
    assert audit_labels(classifier, misplaced, pretrained, max_definitions=5) == audit
    other = audit_labels(classifier, misplaced, pretrained, max_definitions=5, seed=1)
    assert other.flagged[0].go_id == MISPLACED
    assert other.flagged[0].quality != audit.flagged[0].quality


def test_what_cannot_be_audited_is_told_first(
    classifier: TransformerClassifier,
    dataset: LabelledDataset,
    pretrained: TextEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(InputError, match=r"which has learned from \d+ definitions"):
        audit_labels(classifier, dataset, classifier.encoder)
    small = replace(dataset, terms=dataset.terms[dataset.terms["aspect"] != CC.value])
    with pytest.raises(DatasetError, match="found 0 of cellular_component"):
        audit_labels(classifier, small, pretrained, max_definitions=1)
    monkeypatch.setitem(sys.modules, "cleanlab", None)
    with pytest.raises(MissingExtraError, match="expected cleanlab, found no module cleanlab"):
        audit_labels(classifier, dataset, pretrained)


def test_common_openings_are_counted_with_the_aspect_of_most() -> None:
    texts = ["A door of wood.", "Any process that ends.", "a DOOR of iron", "A door, of tin", "A wall."]
    aspects = [CC, BP, CC, MF, CC]
    assert common_openings(texts, aspects, 2) == (
        OpeningCounts("a door of", 3, CC, 2 / 3),
        OpeningCounts("a wall", 1, CC, 1.0),
    )
    assert common_openings(texts, aspects, 9)[2] == OpeningCounts("any process that", 1, BP, 1.0)
    # Of aspects that are equally frequent, the first in label order.
    assert common_openings(["A b c.", "A b c."], [MF, BP], 1) == (OpeningCounts("a b c", 2, BP, 0.5),)
    assert common_openings([], [], 3) == ()


LABELS = np.array([0, 1, 2, 0, 1, 2, 0])
PROBABILITIES = np.eye(3)[[0, 1, 2, 0, 1, 2, 1]] * 0.8 + 0.2 / 3


def test_a_row_that_all_others_speak_against_is_an_issue() -> None:
    assert find_issues(LABELS, PROBABILITIES).tolist() == [False] * 6 + [True]
    assert label_quality(LABELS, PROBABILITIES) == pytest.approx([0.8 + 0.2 / 3] * 6 + [0.2 / 3])


def test_without_cleanlab_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cleanlab", None)
    with pytest.raises(MissingExtraError, match=r'pip install "gotune\[explain\]"'):
        import_cleanlab()
