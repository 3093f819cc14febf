"""One function loads any model: those that come with gotune, and folders, whole or in part."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from gotune.aspects import Prefer
from gotune.config import Precision
from gotune.errors import BundleError, ConfigError, InputError
from gotune.model.classifier import AspectClassifier, TransformerClassifier
from gotune.model.loading import load_model
from gotune.model.shipped import locate_model
from gotune.model.word_classifier import WordClassifier
from gotune.records import Witness

TEXTS = ["Hsp70 binds unfolded proteins.", "Mice were kept in cages.", "The kinase lies in the nucleus."]


def test_models_are_what_they_are_made_of(witnesses_folder: Path, bundle_folder: Path) -> None:
    assert isinstance(load_model("fast"), WordClassifier)
    assert type(load_model()) is AspectClassifier
    assert isinstance(load_model(bundle_folder, device="cpu"), TransformerClassifier)
    part = load_model(witnesses_folder, without=[Witness.ENCODER, Witness.NAMES])
    assert part.witnesses == (Witness.WORDS,)
    whole = load_model(witnesses_folder, without=[Witness.NAMES], prefer=Prefer.RECALL)
    assert whole.witnesses == (Witness.ENCODER, Witness.WORDS)
    assert whole.spec.thresholds == next(use.thresholds for use in whole.spec.uses if use.prefer == "recall")


@pytest.mark.parametrize("asked", ["papers/", "./papers", Path("papers")])
def test_a_folder_is_loaded_though_a_shipped_model_has_its_name(
    asked: Path | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(locate_model("fast"), "papers")
    assert isinstance(load_model(asked), WordClassifier)
    assert isinstance(load_model(locate_model(asked)), WordClassifier)


def test_choices_are_taken_by_their_names() -> None:
    assert load_model("fast", without="words", precision="auto").witnesses == (Witness.NAMES,)
    assert load_model("fast", without=["names"], prefer="recall").witnesses == (Witness.WORDS,)
    assert load_model("fast", prefer="balance").info == load_model("fast").info
    assert load_model("papers", threads=1_000).predict_proba(TEXTS).shape == (3, 3)


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"without": "word"}, "^without: expected encoder or names or words, found 'word'"),
        ({"without": ["names", "word"]}, "^without: expected encoder or names or words, found 'word'"),
        ({"prefer": "speed"}, "^prefer: expected recall or balance or precision, found 'speed'"),
        ({"precision": "int8"}, "^precision: expected auto or fp32 or bf16, found 'int8'"),
        ({"threads": 0}, "^threads: expected at least 1, found 0"),
        ({"threads": -1}, "^threads: expected at least 1, found -1"),
    ],
)
def test_choices_that_are_none_are_refused(choices: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        load_model("papers", **choices)


def test_no_engine_computes_on_no_thread(bundle_folder: Path) -> None:
    for folder in (locate_model("papers"), bundle_folder):
        with pytest.raises(ConfigError, match=r"^threads: expected at least 1, found 0\."):
            AspectClassifier.load(folder, threads=0)


def test_classes_know_the_shipped_models_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert AspectClassifier.load("papers").name == "papers"
    assert WordClassifier.load("fast").name == "fast"
    with pytest.raises(BundleError, match="found one for ONNX Runtime"):
        TransformerClassifier.load("papers")
    with pytest.raises(BundleError, match=r"^papers: expected a model folder"):
        AspectClassifier.load(Path("papers"))


def test_what_does_not_go_together_is_refused(witnesses_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="device: expected an encoder, which would use it, found none"):
        load_model("fast", device="cpu")
    with pytest.raises(ConfigError, match="precision: expected an encoder"):
        load_model(witnesses_folder, without=[Witness.ENCODER], precision=Precision.FP32)
    with pytest.raises(ConfigError, match="threads: expected an encoder"):
        load_model("fast", threads=1)
    with pytest.raises(InputError, match="both left out"):
        load_model("fast", without=[Witness.WORDS, Witness.NAMES])
    with pytest.raises(BundleError, match=f"{tmp_path}: expected a model folder of gotune"):
        load_model(tmp_path)
    with pytest.raises(BundleError, match=r"slow: expected a model folder .* or papers or fast of"):
        load_model("slow")
