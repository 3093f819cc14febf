from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from safetensors.numpy import save_file as save_file_numpy
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from gotune.aspects import ASPECTS
from gotune.config import TrainConfig
from gotune.errors import BundleError, SaveError
from gotune.model.bundle import load_bundle, save_bundle
from gotune.model.calibration import Calibration, fold_calibration
from gotune.model.card import render_model_card
from gotune.model.classifier import TransformerClassifier
from gotune.model.learned import Remembered
from gotune.model.light_bundle import read_manifest
from gotune.model.manifest import EpochRecord, choose_best, manifest_of
from gotune.ontology.loading import example_ontology
from gotune.records import Reads
from gotune.seals import unsealed
from tests.examples import some
from tests.provenances import provenance_of
from tests.sealing import edit, seal_again

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
        ".safetensors",
    ]


def test_plain_transformers_gives_the_same_probabilities(
    bundle_folder: Path, classifier: TransformerClassifier
) -> None:
    model = AutoModelForSequenceClassification.from_pretrained(bundle_folder)
    tokenizer = AutoTokenizer.from_pretrained(bundle_folder)
    texts = [*TEXTS, "a part of the cell wall " * 40]  # cut to what the model was made for, told to truncate
    with torch.inference_mode():
        logits = model(**tokenizer(texts, padding=True, truncation=True, return_tensors="pt")).logits
    expected = logits.softmax(dim=1).double().numpy()
    tolerance = 0.02 if provenance_of(classifier).environment["matrix_products"] == "bfloat16" else 1e-5
    assert classifier.predict_proba(texts) == pytest.approx(expected, abs=tolerance)


def test_pipeline_names_the_aspects(bundle_folder: Path) -> None:
    found = pipeline("text-classification", model=str(bundle_folder), top_k=None, device="cpu")(TEXTS[0])
    rows = found[0] if isinstance(found[0], list) else found
    assert {row["label"] for row in rows} == {aspect.value for aspect in ASPECTS}


def test_manifest_comes_back(bundle_folder: Path, tiny_config: TrainConfig) -> None:
    manifest = read_manifest(bundle_folder)
    made = provenance_of(manifest)
    assert made.config == tiny_config
    assert made.best.epoch == made.best_epoch
    assert len(made.history) == 2
    assert (manifest.spec.max_tokens, manifest.spec.reads) == (tiny_config.max_tokens, Reads.TEXT)
    values = json.loads((bundle_folder / "gotune.json").read_text())
    assert manifest_of(values, "gotune.json") == manifest
    assert json.loads(json.dumps(manifest.to_dict())) == unsealed(values)


def test_saved_again_it_is_the_same(bundle_folder: Path, tmp_path: Path) -> None:
    save_bundle(load_bundle(bundle_folder), tmp_path / "again")
    assert read_manifest(tmp_path / "again") == read_manifest(bundle_folder)
    for path in bundle_folder.iterdir():
        # transformers notes in the first how it was loaded last, and the other has its hash.
        if path.name not in ("tokenizer_config.json", "gotune.json"):
            assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_other_folder_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="found a folder without it"):
        load_bundle(tmp_path)
    for name in ("missing", "a" * 5000, "a\0b"):
        with pytest.raises(BundleError, match="found no such folder"):
            load_bundle(tmp_path / name)


def test_newer_format_is_refused(copy: Path) -> None:
    manifest = json.loads((copy / "gotune.json").read_text())
    (copy / "gotune.json").write_text(json.dumps(manifest | {"format_version": 99}))
    with pytest.raises(BundleError, match="expected bundle format 8 or older, found format 99"):
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
    seal_again(copy / "gotune.json")
    with pytest.raises(BundleError, match=r"found weights without classifier\.weight"):
        load_bundle(copy)


def test_labels_in_another_order_are_refused(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    config["id2label"] = {"0": "cellular_component", "1": "biological_process", "2": "molecular_function"}
    (copy / "config.json").write_text(json.dumps(config))
    seal_again(copy / "gotune.json")
    with pytest.raises(BundleError, match=r"the labels .*'cellular_component', 'biological_process'"):
        load_bundle(copy)


@pytest.mark.parametrize("name", ["model.safetensors", "learned.json", "config.json", "tokenizer.json"])
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
    assert f"| {provenance_of(manifest).best.validation_accuracy:.4f} " in card
    assert manifest.spec.obo_sha256 in card
    assert card.startswith("---\nlanguage: en\n")


def test_best_epoch_is_the_earliest_of_equals() -> None:
    history = tuple(
        EpochRecord(
            epoch=epoch, train_loss=1, validation_loss=1, validation_accuracy=1, validation_macro_f1=f1
        )
        for epoch, f1 in enumerate((0.5, 0.9, 0.9), start=1)
    )
    assert choose_best(history) == 2


def as_older(copy: Path, version: int) -> None:
    """Turn a bundle into what format 1 or 2 had."""
    manifest = json.loads((copy / "gotune.json").read_text())
    spec, made = manifest["model"], manifest["provenance"]
    made["config"]["engine"] = made["config"].pop("loop")
    made["config"]["evidence_weight"] = made["config"].pop("rationale_weight")
    shared = {name: spec[name] for name in ("release", "obo_sha256", "calibration", "thresholds")}
    values = made | shared | {"format_version": version}
    if version == 1:
        for name in ("n_sentences", "sources", "calibration", "n_calibration", "thresholds"):
            del values[name]
        del values["config"]["head"]
    (copy / "gotune.json").write_text(json.dumps(values))
    learned = json.loads((copy / "learned.json").read_text())
    (copy / "learned.json").unlink()
    (copy / "definitions.safetensors").unlink()
    (copy / "training_ids.txt").write_text("\n".join(learned["go_ids"]) + "\n")
    if version > 1:
        sentences = {name: learned[name] for name in ("texts", "articles")}
        (copy / "training_sentences.json").write_text(json.dumps(sentences))


def test_bundle_of_the_first_format_is_read(copy: Path) -> None:
    newer = load_bundle(copy)
    as_older(copy, 1)
    bundle = load_bundle(copy)
    assert bundle.learned == replace(newer.learned, is_whole=False)
    assert bundle.learned.texts == frozenset()
    assert bundle.manifest.spec == replace(newer.manifest.spec, calibration=None)
    assert "calibrated" not in render_model_card(bundle.manifest)
    assert bundle.vectors is None


def test_bundle_of_the_second_format_is_read(tagger_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(tagger_folder, copy)
    newer = load_bundle(copy)
    as_older(copy, 2)
    bundle = load_bundle(copy)
    assert bundle.manifest.spec == replace(newer.manifest.spec, uses=())  # which it did not know
    assert bundle.learned == replace(newer.learned, is_whole=False)
    assert bundle.manifest.spec.reads is Reads.SENTENCE
    assert bundle.manifest.provenance == newer.manifest.provenance
    save_bundle(replace(bundle, manifest=replace(bundle.manifest, format_version=3)), copy)
    assert load_bundle(copy).learned == bundle.learned
    (copy / "learned.json").unlink()
    with pytest.raises(BundleError, match="learned"):
        load_bundle(copy)


def test_bundle_without_provenance_answers(copy: Path, classifier: TransformerClassifier) -> None:
    manifest = json.loads((copy / "gotune.json").read_text())
    (copy / "gotune.json").write_text(json.dumps(manifest | {"provenance": None}))
    seal_again(copy / "gotune.json")
    bare = TransformerClassifier.load(copy, device="cpu")
    assert bare.provenance is None
    assert (bare.predict_proba(TEXTS) == classifier.predict_proba(TEXTS)).all()
    assert bare.learned == classifier.learned
    card = render_model_card(load_bundle(copy).manifest)
    assert "Nobody has written down how it was made." in card


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ((), "found the key colour"),
        (("model",), r"found the key model\.colour"),
        (("provenance",), r"found the key provenance\.colour"),
        (("provenance", "config"), r"found the key provenance\.config\.colour"),
    ],
)
def test_unknown_keys_are_refused(copy: Path, where: tuple[str, ...], message: str) -> None:
    manifest = json.loads((copy / "gotune.json").read_text())
    values = manifest
    for name in where:
        values = values[name]
    values["colour"] = "red"
    (copy / "gotune.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match=message):
        load_bundle(copy)


def test_embeddings_of_definitions_go_along(copy: Path, classifier: TransformerClassifier) -> None:
    vectors = load_bundle(copy).vectors
    assert vectors is not None
    learned = classifier.learned
    ontology = example_ontology()
    texts = [ontology[go_id].definition or "" for go_id in learned.go_ids[: learned.n_definitions]]
    assert vectors == pytest.approx(classifier.encoder.embed(texts), abs=2e-2)
    save_file_numpy({"vectors": vectors[:, :7].astype(np.float16)}, copy / "definitions.safetensors")
    seal_again(copy / "gotune.json")
    with pytest.raises(BundleError, match="embeddings of shape"):
        load_bundle(copy)


def test_bundle_of_another_head_is_damaged(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "problem_type": "multi_label_classification"}))
    seal_again(copy / "gotune.json")
    with pytest.raises(BundleError, match="the problem type multi_label_classification"):
        load_bundle(copy)


def test_a_tagger_comes_back_calibrated(tagger_folder: Path, tagger: TransformerClassifier) -> None:
    manifest = read_manifest(tagger_folder)
    assert manifest.spec.calibration is not None
    assert len(manifest.spec.thresholds) == len(ASPECTS)
    model = AutoModelForSequenceClassification.from_pretrained(tagger_folder)
    tokenizer = AutoTokenizer.from_pretrained(tagger_folder)
    with torch.inference_mode():
        logits = model(**tokenizer(TEXTS, padding=True, return_tensors="pt")).logits
    expected = logits.sigmoid().double().numpy()
    tolerance = 0.02 if provenance_of(manifest).environment["matrix_products"] == "bfloat16" else 1e-5
    assert tagger.predict_proba(TEXTS) == pytest.approx(expected, abs=tolerance)
    assert tagger.predict_proba(TEXTS).sum(axis=1).tolist() != pytest.approx([1, 1])


def test_card_tells_what_is_asked_beside_the_encoder(witnesses_folder: Path, tagger_folder: Path) -> None:
    card = (witnesses_folder / "README.md").read_text(encoding="utf-8")
    words = read_manifest(witnesses_folder).spec.words
    assert words is not None
    alone = ", ".join(f"{threshold:.3f}" for threshold in words.thresholds)
    assert (
        f", without the encoder {alone}. gotune adds what names of terms (`lexicon.safetensors`) and words"
        in card
    )
    assert "gotune adds" not in (tagger_folder / "README.md").read_text(encoding="utf-8")


def test_card_of_a_tagger_tells_its_sources(tagger_folder: Path) -> None:
    card = (tagger_folder / "README.md").read_text()
    assert "a text may carry none, one or several" in card
    assert "| mine.jsonl | 48 | BP 48, CC 48, MF 48 | 1 |  |" in card
    assert "8 texts set apart" in card


def test_a_source_may_have_a_name_that_no_file_can_hold(tagger_folder: Path, tmp_path: Path) -> None:
    bundle = load_bundle(tagger_folder)
    source = replace(provenance_of(bundle.manifest).sources[0], name="mine\udcff.tsv")
    made = replace(provenance_of(bundle.manifest), sources=(source,))
    save_bundle(replace(bundle, manifest=replace(bundle.manifest, provenance=made)), tmp_path / "again")
    assert "| mine\ufffd.tsv | 48 |" in (tmp_path / "again" / "README.md").read_text(encoding="utf-8")
    assert provenance_of(tmp_path / "again").sources[0].name == "mine\ufffd.tsv"


def test_calibration_is_folded_into_the_last_layer(bundle_folder: Path) -> None:
    model = load_bundle(bundle_folder).model
    ids = torch.tensor([[2, 7, 9, 3]])
    with torch.inference_mode():
        before = model(ids).logits.numpy()
        fold_calibration(model, Calibration((2.0, 0.5, 1.0), (0.1, -1.0, 0.0)))
        after = model(ids).logits.numpy()
    assert after == pytest.approx(before * [2.0, 0.5, 1.0] + [0.1, -1.0, 0.0], abs=1e-5)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("thresholds", [0.5, 0.5], r"thresholds: 3 probabilities, found \(0\.5, 0\.5\)"),
        ("thresholds", [-1, 0.5, 0.5], r"thresholds: 3 probabilities, found \(-1\.0, "),
        ("thresholds", [0.5, 0.5, 5], "thresholds: 3 probabilities"),
        ("thresholds", [0.5, 0.5, "high"], r"model\.thresholds\.2: a valid number, found 'high'"),
        ("thresholds", [0.5, 0.5, None], r"model\.thresholds\.2: a valid number, found None"),
        ("thresholds", "123", r"model\.thresholds: a valid array, found '123'"),
        ("thresholds", [0.5, 0.5, float("nan")], "NaN, which is no JSON"),
        ("calibration", {}, r"the key model\.calibration\.slopes, found none"),
        ("calibration", [], r"model\.calibration: an object, found \[\]"),
        ("max_tokens", 4.5, r"model\.max_tokens: a valid integer, found 4\.5"),
        ("max_tokens", 2, "max_tokens: at least 3, found 2"),
        ("max_tokens", True, r"model\.max_tokens: a valid integer, found True"),
        ("lexicon", "no", r"model\.lexicon: a valid boolean, found 'no'"),
        ("head", "both", r"model\.head: 'single' or 'multi', found 'both'"),
        ("kind", "none", "words: how words decide, where there is no encoder, found nothing"),
        ("kind", "pickle", "kind: 'transformer', 'onnx' or 'none', found 'pickle'"),
    ],
)
def test_values_that_mean_nothing_are_damage(copy: Path, key: str, value: object, message: str) -> None:
    edit(copy / "gotune.json", lambda manifest: manifest["model"].update({key: value}))
    with pytest.raises(BundleError, match=message):
        load_bundle(copy, verify=False)


@pytest.mark.parametrize("version", [-1, 0, True, 4.5, "4", None])
def test_a_format_is_a_whole_number_from_one(copy: Path, version: object) -> None:
    edit(copy / "gotune.json", lambda manifest: manifest.update(format_version=version))
    with pytest.raises(BundleError, match="the key format_version with a whole number from 1, found"):
        load_bundle(copy)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_older_format_has_no_hashes(copy: Path, version: int) -> None:
    edit(copy / "gotune.json", lambda manifest: manifest.update(format_version=version))
    with pytest.raises(BundleError, match=f"expected format 4 beside the key files, found format {version}"):
        load_bundle(copy)


def flip(path: Path, position: int, bit: int = 0) -> None:
    """Flip one bit of a file."""
    content = bytearray(path.read_bytes())
    content[position] ^= 1 << bit
    path.write_bytes(content)


@given(where=st.data())
@some(60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_flipped_bit_goes_unseen(bundle_folder: Path, where: st.DataObject) -> None:
    """Of any file but the card; in a manifest, blanks between values and the spelling of escapes are free."""
    names = sorted(path.name for path in bundle_folder.iterdir() if path.name != "README.md")
    with TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(bundle_folder, Path(folder) / "model"))
        name = where.draw(st.sampled_from(names))
        size = (copy / name).stat().st_size
        flip(copy / name, where.draw(st.integers(0, size - 1)), where.draw(st.integers(0, 7)))
        try:
            found = load_bundle(copy)
        except BundleError:
            return
        assert name == "gotune.json"
        assert found.manifest == read_manifest(bundle_folder)


def test_a_flipped_weight_is_named(copy: Path) -> None:
    flip(copy / "model.safetensors", 9000)
    with pytest.raises(BundleError, match=r"found model\.safetensors with other content than was saved"):
        load_bundle(copy)
    insisted = load_bundle(copy, verify=False)
    assert insisted.manifest == read_manifest(copy)
    assert not insisted.learned.is_whole


@pytest.mark.parametrize("values", [5, None, [1], "texts"])
def test_sentences_of_the_second_format_are_an_object(copy: Path, values: object) -> None:
    as_older(copy, 2)
    (copy / "training_sentences.json").write_text(json.dumps(values))
    with pytest.raises(BundleError, match=r"training_sentences\.json without an object"):
        load_bundle(copy)


@pytest.mark.parametrize("damage", ["cut", "other", "nan"])
def test_embeddings_that_are_none_are_damage(copy: Path, damage: str) -> None:
    path = copy / "definitions.safetensors"
    vectors = load_bundle(copy).vectors
    assert vectors is not None
    match damage:
        case "cut":
            path.write_bytes(path.read_bytes()[:-3])
        case "other":
            save_file_numpy({"points": vectors}, path)
        case _:
            save_file_numpy({"vectors": (vectors * np.nan).astype(np.float16)}, path)
    with pytest.raises(BundleError, match=r"found definitions\.safetensors: "):
        load_bundle(copy, verify=False)


def test_an_article_may_have_a_name_that_no_file_can_hold(copy: Path, tmp_path: Path) -> None:
    bundle = load_bundle(copy)
    learned = replace(bundle.learned, articles=frozenset({"a\udcff"}))
    save_bundle(replace(bundle, remembered=Remembered.of(learned)), tmp_path / "again")
    assert load_bundle(tmp_path / "again").learned.articles == {"a\ufffd"}


@pytest.mark.parametrize(
    "name", ["added_tokens.json", "model-00001-of-00001.safetensors", "lexicon.safetensors"]
)
def test_a_file_that_was_not_saved_is_refused(copy: Path, name: str) -> None:
    (copy / name).write_text("{}")
    with pytest.raises(BundleError, match=f"found {name}, which was not there when it was saved"):
        load_bundle(copy)


def test_the_card_and_notes_may_be_edited(copy: Path) -> None:
    (copy / "README.md").write_text("Mine.\n")
    (copy / "notes.txt").write_text("Mine.\n")
    assert load_bundle(copy).manifest == read_manifest(copy)


@pytest.mark.parametrize("verify", [True, False])
@pytest.mark.parametrize("name", ["tokenizer.json", "config.json", "learned.json", "model.safetensors"])
def test_a_pipe_in_place_of_a_file_is_refused(copy: Path, name: str, *, verify: bool) -> None:
    (copy / name).unlink()
    os.mkfifo(copy / name)
    with pytest.raises(BundleError, match=rf"found {name}, which is no file"):
        load_bundle(copy, verify=verify)


@pytest.mark.parametrize("name", ["go_ids", "texts", "articles"])
def test_a_cut_list_of_what_was_learned_is_refused(tagger_folder: Path, tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copytree(tagger_folder, tmp_path / "model"))
    edit(copy / "learned.json", lambda learned: learned.update({name: learned[name][1:]}))
    with pytest.raises(BundleError, match=r"found learned\.json with other content than was saved"):
        load_bundle(copy)
    with pytest.raises(BundleError, match=r"learned\.json with LearnedCounts"):
        load_bundle(copy, verify=False)


def test_bundles_of_older_formats_say_that_they_are_not_checked(
    copy: Path, caplog: pytest.LogCaptureFixture
) -> None:
    as_older(copy, 2)
    older = load_bundle(copy)
    assert not older.learned.is_whole
    save_bundle(older, copy)
    assert not load_bundle(copy).learned.is_whole  # hashes of today tell nothing of then
    (message,) = caplog.messages
    assert message.endswith("its files are not checked, as bundle format 2 has no hashes of them.")


def test_the_first_format_cannot_tell_all_that_it_has_learned_from(copy: Path) -> None:
    as_older(copy, 1)
    assert not load_bundle(copy).learned.is_whole
    (copy / "training_sentences.json").write_text('{"texts": [], "articles": []}')
    with pytest.raises(BundleError, match=r"format 1 in gotune\.json, which has no training_sentences\.json"):
        load_bundle(copy)


def test_weights_that_are_not_finite_are_refused(copy: Path) -> None:
    weights = load_file(copy / "model.safetensors")
    weights["classifier.bias"][1] = float("nan")
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    seal_again(copy / "gotune.json")
    with pytest.raises(BundleError, match=r"found .*weights that are not finite, in classifier\.bias"):
        load_bundle(copy)


def test_deeply_nested_values_are_refused(copy: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    for name in ("gotune.json", "learned.json", "config.json", "tokenizer_config.json", "tokenizer.json"):
        before = (copy / name).read_text()
        (copy / name).write_text(deep)
        with pytest.raises(BundleError, match="Train the model again"):
            load_bundle(copy, verify=False)
        (copy / name).write_text(before)


def test_names_of_older_formats_are_read_and_saved_as_new_ones_are(copy: Path, tmp_path: Path) -> None:
    (copy / "lexicon.json").write_text('{"words": {"axon": [[1, 0, 0.8]]}, "symbols": {}}')
    edit(
        copy / "gotune.json",
        lambda values: (values.update(format_version=5), values["model"].update(lexicon=True)),
    )
    old = load_bundle(copy, verify=False)
    save_bundle(old, tmp_path / "again")
    assert not (tmp_path / "again/lexicon.json").exists()
    for bundle in (old, load_bundle(tmp_path / "again")):
        assert bundle.lexicon is not None
        assert bundle.lexicon.evidence(["Axons grew."]).tolist() == [[0, pytest.approx(0.8), 0]]
