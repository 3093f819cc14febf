"""Each command does its one thing, on the example ontology and the tiny bundle."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from gotune.aspects import ASPECTS
from gotune.datasets.definitions import load_dataset
from tests.cli.conftest import Run
from tests.provenances import provenance_of

OBO = str(files("gotune.ontology") / "example.obo")
NAMES = [aspect.value for aspect in ASPECTS]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path / "cache"))


def test_releases_are_listed(run: Run) -> None:
    found = json.loads(run("release", "list", "--json").out)
    assert [release["release"] for release in found] == ["2020-01-01", "2021-07-02", "2021-12-15"]
    table = run("release", "list").out
    assert all(release["sha256"][:16] in table for release in found)


def test_release_is_fetched_from_the_cache_alone_when_offline(run: Run) -> None:
    outcome = run("release", "fetch", "2021-12-15", "--offline")
    assert outcome.code == 1
    assert "offline" in outcome.err


def test_release_info_counts(run: Run) -> None:
    outcome = run("release", "info", OBO, "--json")
    found = json.loads(outcome.out)
    assert found["live_terms"] == sum(found[name] for name in NAMES) == 51
    assert (found["obsolete_terms"], found["without_definition"], found["skipped_lines"]) == (2, 1, 0)
    assert "live terms" in run("release", "info", OBO).out


def test_lenient_reading_says_what_it_skipped(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.obo"
    path.write_text(Path(OBO).read_text().replace("\nname: ", "\nnonsense\nname: ", 1))
    strict = run("release", "info", path)
    assert strict.code == 1
    assert "line " in strict.err
    assert json.loads(run("release", "info", path, "--lenient", "--json").out)["skipped_lines"] == 1
    assert (
        "1 bad line skipped, the first at line "
        in run("dataset", "--release", path, "--lenient", "-o", tmp_path / "d").out
    )


def test_repaired_lines_are_told_in_a_strict_reading(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "worn.obo"
    path.write_text(Path(OBO).read_text().replace("\nname: ", "\nxref: KEGG MODULE:M1\nname: ", 2))
    for _ in range(2):  # parsed, then out of the cache
        outcome = run("release", "info", path)
        assert outcome.code == 0
        assert "2 lines read as meant, though not written as OBO wants it, the first at line " in outcome.out
    found = json.loads(run("release", "info", path, "--json").out)
    assert (found["repaired_lines"], found["skipped_lines"]) == (2, 0)
    made = run("dataset", "--release", path, "-o", tmp_path / "d", "--json")
    assert json.loads(made.out)["n_repaired"] == 2
    assert "0 bad lines of the file were skipped, 2 repaired." in (tmp_path / "d" / "README.md").read_text()


def test_dataset_is_written_and_described(run: Run, tmp_path: Path) -> None:
    outcome = run("dataset", "--release", OBO, "-o", tmp_path / "data", "--train-size", 20, "--seed", 7)
    assert outcome.code == 0
    dataset = load_dataset(tmp_path / "data")
    assert (len(dataset.parts["train"]), dataset.card.seed) == (20, 7)
    assert "biological process" in outcome.out
    assert f"Written to {tmp_path / 'data'}" in outcome.out
    quiet = run("dataset", "--release", OBO, "-o", tmp_path / "data", "--quiet")
    assert quiet == (0, "", "")
    found = json.loads(run("dataset", "--release", OBO, "-o", tmp_path / "data", "--json").out)
    assert found["fingerprint"] == load_dataset(tmp_path / "data").fingerprint


def test_tokens_are_shown(run: Run, tiny_encoder: Path) -> None:
    found = json.loads(run("tokens", "a CELL", "--encoder", tiny_encoder, "--json").out)
    assert [token["piece"] for token in found["tokens"]] == ["[CLS]", "a", "cell", "[SEP]"]
    assert found["encoder"] == str(tiny_encoder)
    found = json.loads(run("tokens", "a [SEP]", "--encoder", tiny_encoder, "--json").out)
    assert [token["piece"] for token in found["tokens"]][-2:] == ["]", "[SEP]"]
    table = run("tokens", "a CELL", "--encoder", tiny_encoder).out
    assert "type id" in table
    assert "[CLS]" in table


@pytest.mark.parametrize("engine", ["native", "trainer"])
def test_train_writes_a_bundle(
    engine: str, run: Run, dataset_folder: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    outcome = run(
        "train", dataset_folder, "-o", tmp_path / "model", "--loop", engine, "--encoder", tiny_encoder,
        "--epochs", 1, "--train-size", 24, "--set", "max_tokens=48", "--device", "cpu", "--seed", 3,
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert "epoch 1/1: loss " in outcome.out
    manifest = provenance_of(tmp_path / "model")
    assert (manifest.config.loop, manifest.config.seed, manifest.n_train) == (engine, 3, 24)


def test_evaluate_prints_and_writes(
    run: Run, bundle_folder: Path, dataset_folder: Path, tmp_path: Path
) -> None:
    outcome = run("evaluate", "-m", bundle_folder, dataset_folder, "-o", tmp_path / "evaluation")
    assert outcome.code == 0
    assert "TF-IDF + linear SVM" in outcome.out
    assert "majority" in outcome.out
    assert sorted(path.name for path in (tmp_path / "evaluation").iterdir()) == [
        "confusion.png",
        "confusion.svg",
        "evaluation.json",
        "evaluation.md",
    ]
    saved = json.loads((tmp_path / "evaluation/evaluation.json").read_text())
    printed = json.loads(run("evaluate", "-m", bundle_folder, dataset_folder, "--json").out)
    assert saved["model"] == printed["definitions"]["model"]
    assert (printed["model"]["name"], printed["model"]["release"]) == ("model", "2024-02-29")


def test_a_file_is_no_place_for_an_evaluation(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outcome = run("evaluate", "-m", tmp_path / "no model", tmp_path / "no data", "-o", tmp_path / "file")
    assert (outcome.code, "expected a folder to write, found a file" in outcome.err) == (1, True)
