from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gotune.aspects import ASPECTS
from gotune.config import Precision
from gotune.datasets.definitions import LabelledDataset
from gotune.errors import DatasetError, EncoderError, InputError, MissingExtraError
from gotune.explanation.term_map.results import Projection
from gotune.explanation.term_map.run import map_terms
from gotune.model.classifier import TransformerClassifier
from gotune.model.embedding import TextEncoder


@pytest.fixture
def pretrained(tiny_encoder: Path) -> TextEncoder:
    return TextEncoder.pretrained(str(tiny_encoder), max_tokens=48, device="cpu", precision=Precision.FP32)


@pytest.fixture
def enough(dataset: LabelledDataset) -> LabelledDataset:
    """The dataset with a test part of fifteen terms."""
    return replace(dataset, parts=dataset.parts | {"test": dataset.parts["train"].iloc[:15]})


def test_terms_are_placed_by_the_main_differences_of_their_definitions(
    enough: LabelledDataset, pretrained: TextEncoder
) -> None:
    found = map_terms(enough, pretrained, seed=3)
    rows = enough.parts["test"].set_index("go_id")
    assert sorted(term.go_id for term in found.terms) == sorted(rows.index)
    assert [term.go_id for term in found.terms] != list(rows.index)
    assert all(
        (term.name, term.aspect)
        == (rows.loc[term.go_id, "name"], ASPECTS[int(rows.loc[term.go_id, "label"])])  # type: ignore[arg-type]
        for term in found.terms
    )
    texts = rows.loc[[term.go_id for term in found.terms], "definition"].tolist()
    vectors = pretrained.embed(texts).astype(float)
    centred = vectors - vectors.mean(axis=0)
    left, singular, _ = np.linalg.svd(centred, full_matrices=False)
    points = np.array([(term.x, term.y) for term in found.terms])
    assert np.abs(points) == pytest.approx(np.abs(left[:, :2] * singular[:2]), abs=1e-6)
    assert found.explained == pytest.approx(singular[:2] ** 2 / (singular**2).sum())
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    nearest = [found.terms[row] for row in cosines.argmax(axis=1)]
    same = [one.aspect is other.aspect for one, other in zip(nearest, found.terms, strict=True)]
    assert found.agreement == pytest.approx(np.mean(same))
    assert (found.release, found.seed) == (enough.card.release, 3)
    assert found.encoder.endswith(", pretrained")
    assert json.loads(json.dumps(found.to_dict()))["terms"][0]["aspect"] in list(ASPECTS)


def test_the_same_seed_gives_the_same_map(enough: LabelledDataset, pretrained: TextEncoder) -> None:
    one, two = (map_terms(enough, pretrained, n_terms=12, seed=1) for _ in range(2))
    assert one == two
    assert len(one.terms) == 12
    other = map_terms(enough, pretrained, n_terms=12, seed=2)
    assert [term.go_id for term in one.terms] != [term.go_id for term in other.terms]


def test_a_model_is_not_shown_what_it_has_learned_from(
    enough: LabelledDataset, dataset: LabelledDataset, classifier: TransformerClassifier
) -> None:
    encoder = classifier.encoder
    assert encoder.name == f'model "model" ({classifier.spec.encoder}, fine-tuned)'
    with pytest.raises(DatasetError, match="terms that the model has not learned from"):
        map_terms(enough, encoder)
    assert len(map_terms(dataset, encoder).terms) == len(dataset.parts["test"])


def test_too_few_terms(dataset: LabelledDataset, pretrained: TextEncoder) -> None:
    with pytest.raises(InputError, match="expected at least 10 terms, found 9"):
        map_terms(dataset, pretrained, n_terms=9)


def test_more_word_pieces_than_the_encoder_reads(tiny_encoder: Path) -> None:
    with pytest.raises(EncoderError, match="that reads 65 word pieces of a text, found one that reads 64"):
        TextEncoder.pretrained(str(tiny_encoder), max_tokens=65)


def test_umap_missing(
    enough: LabelledDataset, pretrained: TextEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(MissingExtraError, match=r'pip install "gotune\[explore\]"'):
        map_terms(enough, pretrained, projection=Projection.UMAP)


def test_umap(enough: LabelledDataset, pretrained: TextEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is given cosines and the seed; UMAP itself is slow to start, and tested by its authors."""

    class Recorded:
        def __init__(self, **settings: object) -> None:
            assert settings == {"n_neighbors": 14, "metric": "cosine", "random_state": 5, "n_jobs": 1}

        def fit_transform(self, vectors: np.ndarray) -> np.ndarray:
            return vectors[:, :2]

    class Module:
        UMAP = Recorded

    monkeypatch.setitem(sys.modules, "umap", Module)
    found = map_terms(enough, pretrained, projection=Projection.UMAP, seed=5)
    assert (found.explained, found.projection) == (None, Projection.UMAP)
    assert all(np.isfinite((term.x, term.y)).all() for term in found.terms)
