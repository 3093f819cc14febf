"""What small models compute, to the digit: a change of the house must not change it.

``pytest tests/test_pinned.py --pin`` writes ``pinned.json`` anew, for a change that is meant to.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gotune.config import Precision, TrainConfig
from gotune.corpus.documents import Document
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource
from gotune.lexicon.lexicon import Lexicon
from gotune.model.classification import classify_document
from gotune.model.classifier import TransformerClassifier
from gotune.ontology.loading import example_ontology
from gotune.training.recipes import Material
from gotune.training.run import fit

PINNED = Path(__file__).parent / "pinned.json"
TOLERANCE = 2e-3
"""Processors add up in different orders, and two epochs of training make more of it."""
TEXT = """Results

The protein binds ATP in the mitochondrial matrix. Mice were kept in cages.
Oxidation of glucose (GO) was slow. GO needs a kinase; received 12 March 2019.
"""


def computed(
    dataset: LabelledDataset, source: LabelledSource, config: TrainConfig, folder: Path, *, names: bool
) -> dict[str, Any]:
    """Train a model and return its tensors, in short, and what it says of a document."""
    lexicon = Lexicon.from_ontology(example_ontology()) if names else None
    config = replace(config, precision=Precision.FP32, lexicon=names)
    fit(Material(dataset, [source] if names else [], lexicon), config, folder)
    model = TransformerClassifier.load(folder, device="cpu", precision=Precision.FP32)
    document = classify_document(model, Document("pinned", TEXT))
    return {
        "tensors": {
            name: [float(tensor.mean()), float(tensor.norm())]
            for name, tensor in model.engine.model.state_dict().items()
            if tensor.is_floating_point()
        },
        "definitions": model.predict_proba(dataset.parts["test"]["definition"].tolist()).tolist(),
        "sentences": [list(sentence.probabilities) for sentence in document.sentences],
        "spans": [[sentence.sentence.start, sentence.sentence.end] for sentence in document.sentences],
        "thresholds": list(model.spec.thresholds),
    }


def leaves(value: Any, path: str = "") -> dict[str, float]:  # noqa: ANN401
    """Return all numbers of nested values by where they stand."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return {key: leaf for name, inner in items for key, leaf in leaves(inner, f"{path}/{name}").items()}
    return {path: value}


@pytest.mark.parametrize("name", ["single", "multi"])
def test_models_compute_what_they_did(
    name: str,
    dataset: LabelledDataset,
    sentences: LabelledSource,
    tiny_config: TrainConfig,
    multi_config: TrainConfig,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    config = multi_config if name == "multi" else tiny_config
    found = computed(dataset, sentences, config, tmp_path / "model", names=name == "multi")
    if request.config.getoption("--pin"):
        pinned = json.loads(PINNED.read_text(encoding="utf-8")) if PINNED.exists() else {}
        PINNED.write_text(json.dumps(pinned | {name: found}, indent=1) + "\n", encoding="utf-8")
    expected = json.loads(PINNED.read_text(encoding="utf-8"))[name]
    assert leaves(found) == pytest.approx(leaves(expected), abs=TOLERANCE)
