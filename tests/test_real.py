"""The real path: GO 2021-12-15 and all-MiniLM-L6-v2 on a few hundred rows."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from gotune.aspects import ASPECTS, Aspect
from gotune.datasets.definitions import LabelledDataset
from gotune.evaluation.definitions.run import evaluate
from gotune.model.classifier import AspectClassifier
from gotune.ontology.graph import count_aspects

pytestmark = pytest.mark.network


def test_the_release_is_the_published_one(real_dataset: LabelledDataset) -> None:
    assert real_dataset.card.n_terms == 43_789
    assert real_dataset.card.n_without_definition == 0
    assert list(count_aspects(real_dataset.terms).values()) == [28_429, 4_183, 11_177]
    assert {part: len(rows) for part, rows in real_dataset.parts.items()} == {
        "train": 28_128,
        "validation": 3_103,
        "test": 8_758,
        "test_release": 609,
        "test_opening": 2_188,
        "test_lineage": 2_185,
    }


def test_a_short_fine_tune_beats_the_majority_by_far(
    real_bundle: Path, real_dataset: LabelledDataset
) -> None:
    found = evaluate(AspectClassifier.load(real_bundle), real_dataset, test_size=150)
    assert found.n_train == 150
    assert found.baselines[1].accuracy.value == pytest.approx(0.65, abs=0.08)
    assert found.model.accuracy.value > 0.8


def test_real_logits_are_those_of_plain_transformers(real_bundle: Path) -> None:
    texts = [
        "Catalysis of the transfer of a phosphate group.",
        "Any process that stops, prevents or reduces the rate of cell division.",
    ]
    model = AutoModelForSequenceClassification.from_pretrained(real_bundle)
    tokenizer = AutoTokenizer.from_pretrained(real_bundle)
    with torch.inference_mode():
        expected = model(**tokenizer(texts, padding=True, return_tensors="pt")).logits.softmax(dim=1)
    found = AspectClassifier.load(real_bundle).predict_proba(texts)
    assert found == pytest.approx(expected.double().numpy(), abs=0.03)  # bfloat16 against float32
    assert [ASPECTS[row] for row in found.argmax(axis=1)] == [
        Aspect.MOLECULAR_FUNCTION,
        Aspect.BIOLOGICAL_PROCESS,
    ]
