from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from gotune.aspects import ASPECTS, Head
from gotune.config import TrainConfig
from gotune.errors import BundleError, SaveError
from gotune.model.bundle import load_bundle, read_manifest, save_bundle
from gotune.model.calibration import Calibration, fold_calibration
from gotune.model.card import render_model_card
from gotune.model.classifier import AspectClassifier
from gotune.model.manifest import EpochRecord, choose_best

TEXTS = ["The transport of a substance across a membrane.", "A part of a cell."]


@pytest.fixture
def copy(bundle_folder: Path, tmp_path: Path) -> Path:
    """A bundle that a test may damage."""
    return Path(shutil.copytree(bundle_folder, tmp_path / "model"))


def test_bundle_holds_no_pickle(bundle_folder: Path) -> None:
    assert sorted(path.suffix for path in bundle_folder.iterdir()) == [
        ".json",
        ".json",
        ".json",
        ".json",
        ".json",
        ".md",
        ".safetensors",
        ".txt",
    ]


def test_plain_transformers_gives_the_same_probabilities(
    bundle_folder: Path, classifier: AspectClassifier
) -> None:
    model = AutoModelForSequenceClassification.from_pretrained(bundle_folder)
    tokenizer = AutoTokenizer.from_pretrained(bundle_folder)
    with torch.inference_mode():
        logits = model(**tokenizer(TEXTS, padding=True, return_tensors="pt")).logits
    expected = logits.softmax(dim=1).double().numpy()
    tolerance = 0.02 if classifier.manifest.environment["matrix_products"] == "bfloat16" else 1e-5
    assert classifier.predict_proba(TEXTS) == pytest.approx(expected, abs=tolerance)


def test_pipeline_names_the_aspects(bundle_folder: Path) -> None:
    found = pipeline("text-classification", model=str(bundle_folder), top_k=None, device="cpu")(TEXTS[0])
    rows = found[0] if isinstance(found[0], list) else found
    assert {row["label"] for row in rows} == {aspect.value for aspect in ASPECTS}


def test_manifest_comes_back(bundle_folder: Path, tiny_config: TrainConfig) -> None:
    manifest = read_manifest(bundle_folder)
    assert manifest.config == tiny_config
    assert manifest.best.epoch == manifest.best_epoch
    assert len(manifest.history) == 2
    assert type(manifest).from_dict(json.loads(json.dumps(manifest.to_dict()))) == manifest


def test_saved_again_it_is_the_same(bundle_folder: Path, tmp_path: Path) -> None:
    save_bundle(load_bundle(bundle_folder), tmp_path / "again")
    for path in bundle_folder.iterdir():
        if path.name != "tokenizer_config.json":  # transformers notes there how it was loaded last
            assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_other_folder_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="found a folder without it"):
        load_bundle(tmp_path)
    with pytest.raises(BundleError, match="found no such folder"):
        load_bundle(tmp_path / "missing")


def test_newer_format_is_refused(copy: Path) -> None:
    manifest = json.loads((copy / "gotune.json").read_text())
    (copy / "gotune.json").write_text(json.dumps(manifest | {"format_version": 99}))
    with pytest.raises(BundleError, match="expected bundle format 2 or older, found format 99"):
        load_bundle(copy)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gotune.json", b"{}"),
        ("gotune.json", b"\xff\xfe"),
        ("model.safetensors", b"short"),
        ("config.json", b"{"),
        ("config.json", b"[]"),
        ("tokenizer.json", b"{"),
    ],
)
def test_damaged_bundle_is_refused(copy: Path, name: str, content: bytes) -> None:
    (copy / name).write_bytes(content)
    with pytest.raises(BundleError, match="Train the model again"):
        load_bundle(copy)


def test_bundle_without_its_head_is_refused(copy: Path) -> None:
    weights = load_file(copy / "model.safetensors")
    del weights["classifier.weight"]
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(BundleError, match=r"found weights without classifier\.weight"):
        load_bundle(copy)


def test_labels_in_another_order_are_refused(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    config["id2label"] = {"0": "cellular_component", "1": "biological_process", "2": "molecular_function"}
    (copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(BundleError, match=r"the labels .*'cellular_component', 'biological_process'"):
        load_bundle(copy)


@pytest.mark.parametrize("name", ["model.safetensors", "training_ids.txt", "config.json", "tokenizer.json"])
def test_incomplete_bundle_is_refused(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(BundleError, match="Train the model again"):
        load_bundle(copy)


def test_full_disk_leaves_the_old_bundle(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = load_bundle(copy)
    before = {path.name: path.read_bytes() for path in copy.iterdir()}

    def fail(folder: Path) -> None:
        (Path(folder) / "half").write_text("half a file")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundle.tokenizer, "save_pretrained", fail)
    with pytest.raises(SaveError, match="No space left on device"):
        save_bundle(bundle, copy)
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before
    assert [path.name for path in copy.parent.iterdir()] == ["model"]


def test_card_tells_settings_and_figures(bundle_folder: Path) -> None:
    card = (bundle_folder / "README.md").read_text()
    manifest = read_manifest(bundle_folder)
    assert f"| {manifest.best.validation_accuracy:.4f} " in card
    assert manifest.obo_sha256 in card
    assert card.startswith("---\nlanguage: en\n")


def test_best_epoch_is_the_earliest_of_equals() -> None:
    history = tuple(
        EpochRecord(
            epoch=epoch, train_loss=1, validation_loss=1, validation_accuracy=1, validation_macro_f1=f1
        )
        for epoch, f1 in enumerate((0.5, 0.9, 0.9), start=1)
    )
    assert choose_best(history) == 2


def test_bundle_of_the_first_format_is_read(copy: Path) -> None:
    (copy / "training_sentences.json").unlink()
    manifest = json.loads((copy / "gotune.json").read_text())
    new = ("n_sentences", "sources", "calibration", "n_calibration", "thresholds")
    older = {name: value for name, value in manifest.items() if name not in new} | {"format_version": 1}
    del older["config"]["head"]
    (copy / "gotune.json").write_text(json.dumps(older))
    bundle = load_bundle(copy)
    assert bundle.learned.texts == frozenset()
    assert bundle.manifest.config.head is Head.SINGLE
    assert "calibrated" not in render_model_card(bundle.manifest)


def test_bundle_without_its_training_sentences_is_damaged(copy: Path) -> None:
    (copy / "training_sentences.json").unlink()
    with pytest.raises(BundleError, match="training_sentences"):
        load_bundle(copy)


def test_bundle_of_another_head_is_damaged(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "problem_type": "multi_label_classification"}))
    with pytest.raises(BundleError, match="the problem type multi_label_classification"):
        load_bundle(copy)


def test_a_tagger_comes_back_calibrated(tagger_folder: Path, tagger: AspectClassifier) -> None:
    manifest = read_manifest(tagger_folder)
    assert manifest.calibration is not None
    assert len(manifest.thresholds) == len(ASPECTS)
    model = AutoModelForSequenceClassification.from_pretrained(tagger_folder)
    tokenizer = AutoTokenizer.from_pretrained(tagger_folder)
    with torch.inference_mode():
        logits = model(**tokenizer(TEXTS, padding=True, return_tensors="pt")).logits
    expected = logits.sigmoid().double().numpy()
    tolerance = 0.02 if manifest.environment["matrix_products"] == "bfloat16" else 1e-5
    assert tagger.predict_proba(TEXTS) == pytest.approx(expected, abs=tolerance)
    assert tagger.predict_proba(TEXTS).sum(axis=1).tolist() != pytest.approx([1, 1])


def test_card_of_a_tagger_tells_its_sources(tagger_folder: Path) -> None:
    card = (tagger_folder / "README.md").read_text()
    assert "a text may carry none, one or several" in card
    assert "| mine.jsonl | 48 | 1 |  |" in card
    assert "The weights are saved calibrated, on 8 texts set apart" in card


def test_calibration_is_folded_into_the_last_layer(bundle_folder: Path) -> None:
    model = load_bundle(bundle_folder).model
    ids = torch.tensor([[2, 7, 9, 3]])
    with torch.inference_mode():
        before = model(ids).logits.numpy()
        fold_calibration(model, Calibration((2.0, 0.5, 1.0), (0.1, -1.0, 0.0)))
        after = model(ids).logits.numpy()
    assert after == pytest.approx(before * [2.0, 0.5, 1.0] + [0.1, -1.0, 0.0], abs=1e-5)


@pytest.mark.parametrize("thresholds", [[0.5, 0.5], [0.5, 0.5, "high"], [0.5, 0.5, None], 0.5])
def test_thresholds_that_are_none_are_damage(copy: Path, thresholds: object) -> None:
    manifest = json.loads((copy / "gotune.json").read_text())
    (copy / "gotune.json").write_text(json.dumps(manifest | {"thresholds": thresholds}))
    with pytest.raises(BundleError, match=r"gotune\.json"):
        load_bundle(copy)


def test_thresholds_are_finite(copy: Path) -> None:
    text = (copy / "gotune.json").read_text()
    manifest = json.loads(text) | {"thresholds": [0.5, 0.5, float("nan")]}
    (copy / "gotune.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="thresholds: not 3 numbers"):
        load_bundle(copy)
