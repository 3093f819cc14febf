"""Runs that learn from sentences of which some are judged on some aspects only."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from gotune.aspects import Aspect
from gotune.config import Loop, TrainConfig
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource, read_source
from gotune.model.bundle import load_bundle
from gotune.model.card import render_model_card
from gotune.model.manifest import MANIFEST
from gotune.training.recipes import Material
from gotune.training.run import fit
from tests.labelled_sentences import write_sentences
from tests.provenances import provenance_of
from tests.sealing import seal_again


def source_of(path: Path, judged: str, **cells: Any) -> LabelledSource:  # noqa: ANN401 (cells of a table)
    """Read the sentences of the tests as if a corpus had judged them on some aspects."""
    kept = judged.split(",")
    rows = []
    for line in write_sentences().splitlines():
        row = json.loads(line)
        row["aspects"] = ",".join(name for name in row["aspects"].split(",") if name in kept)
        row["spans"] = [span for span in row["spans"] if span[2] in kept]
        rows.append(row | {"judged": judged} | cells)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return read_source(path)


def test_judged_on_all_is_what_it_was_without_the_column(
    dataset: LabelledDataset,
    sentences: LabelledSource,
    tagger_folder: Path,
    multi_config: TrainConfig,
    tmp_path: Path,
) -> None:
    source = source_of(tmp_path / "mine.jsonl", "BP,CC,MF")
    assert source.table.equals(sentences.table)
    assert replace(source.card, sha256="") == replace(sentences.card, sha256="")
    made = fit(Material(dataset, [source]), multi_config, tmp_path / "model")
    before = provenance_of(tagger_folder)
    assert (made.dataset_fingerprint, made.history) == (before.dataset_fingerprint, before.history)
    assert load_bundle(tmp_path / "model").manifest.spec == load_bundle(tagger_folder).manifest.spec
    one, other = (load_file(folder / "model.safetensors") for folder in (tmp_path / "model", tagger_folder))
    assert all((one[name] == other[name]).all() for name in other)


@pytest.mark.parametrize("loop", list(Loop))
def test_both_loops_learn_from_what_is_judged(
    loop: Loop, dataset: LabelledDataset, multi_config: TrainConfig, tmp_path: Path
) -> None:
    source = source_of(tmp_path / "a.jsonl", "BP,MF")
    weight = 10.0 if loop is Loop.NATIVE else 0.0
    config = replace(multi_config, loop=loop, epochs=1, rationale_weight=weight)
    made = fit(Material(dataset, [source]), config, tmp_path / "model")
    (learned,) = made.sources
    assert learned.judged == {"biological_process": 48, "cellular_component": 0, "molecular_function": 48}
    assert made.not_calibrated == (Aspect.CELLULAR_COMPONENT,)
    bundle = load_bundle(tmp_path / "model")
    assert provenance_of(bundle.manifest) == made
    spec = bundle.manifest.spec
    assert spec.calibration is not None
    assert (spec.calibration.slopes[1], spec.calibration.intercepts[1]) == (1.0, 0.0)
    assert spec.calibration.slopes[0] != 1.0
    card = render_model_card(bundle.manifest)
    assert "| a.jsonl | 48 | BP 48, CC 0, MF 48 | 1 |  |" in card
    assert "Not calibrated: cellular component." in card
    assert "not calibrated" not in render_model_card(replace(bundle.manifest, provenance=None)).lower()


def test_what_stands_where_nobody_has_judged_teaches_nothing(
    dataset: LabelledDataset, multi_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(multi_config, epochs=1)
    histories = []
    for name, filler in (("zero", 0.0), ("some", 0.4)):
        rows = [json.loads(line) for line in write_sentences().splitlines()]
        for row in rows:
            labels = {"biological_process": float("BP" in row["aspects"]), "cellular_component": filler}
            spans = [span for span in row["spans"] if span[2] == "BP"]
            row |= labels | {"molecular_function": filler, "judged": "BP", "spans": spans}
            del row["aspects"]
        path = tmp_path / f"{name}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        histories.append(fit(Material(dataset, [read_source(path)]), config, tmp_path / name).history)
    assert histories[0] == histories[1]


def test_positives_alone_teach_and_do_not_calibrate(
    dataset: LabelledDataset, multi_config: TrainConfig, tmp_path: Path
) -> None:
    source = source_of(tmp_path / "a.jsonl", "BP,CC,MF")
    table = source.table
    table.loc[table["molecular_function"] == 0, "molecular_function"] = float("nan")
    made = fit(Material(dataset, [source]), replace(multi_config, epochs=1), tmp_path / "model")
    assert made.not_calibrated == (Aspect.MOLECULAR_FUNCTION,)
    assert load_bundle(tmp_path / "model").manifest.spec.thresholds == (0.5, 0.5, 0.5)


def test_a_bundle_that_does_not_tell_what_was_judged_is_read(tagger_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(tagger_folder, copy)
    manifest = json.loads((copy / MANIFEST).read_text())
    del manifest["provenance"]["not_calibrated"]
    for source in manifest["provenance"]["sources"]:
        del source["judged"]
    (copy / MANIFEST).write_text(json.dumps(manifest))
    seal_again(copy / MANIFEST)
    made = provenance_of(copy)
    assert made.not_calibrated == ()
    assert [made.sources[0].n_judged(aspect) for aspect in Aspect] == [48, 48, 48]
    assert "| BP 48, CC 48, MF 48 |" in render_model_card(load_bundle(copy).manifest)
