"""Training on and measuring with labelled sentences, from the command line."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gotune.aspects import Head
from gotune.cli import sentences
from gotune.cli.console import Screen
from gotune.ontology.releases import RELEASES
from gotune.testing import FakeClassifier
from gotune.training.recipes import PAPERS
from tests.cli.conftest import Run
from tests.labelled_sentences import write_sentences
from tests.provenances import provenance_of

SMALL = ("--epochs", 1, "--set", "max_tokens=48", "--device", "cpu")


@pytest.fixture
def other_file(tmp_path: Path) -> Path:
    """Sentences of other articles than those of `sentence_file`."""
    path = tmp_path / "other.jsonl"
    text = write_sentences().replace('"article ', '"paper ').replace(" in trial ", " in round ")
    path.write_text(text, encoding="utf-8")
    return path


def test_train_learns_from_sentences(
    run: Run, dataset_folder: Path, tiny_encoder: Path, sentence_file: Path, tmp_path: Path
) -> None:
    outcome = run(
        "train", dataset_folder, "-o", tmp_path / "model", "--encoder", tiny_encoder, "--head", "multi",
        "--sentences", f"{sentence_file}=0.5", *SMALL,
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert "mine.jsonl: 48 sentences of 6 articles (biological process 12, " in outcome.out
    assert "mine.jsonl: 48 rows read." in outcome.out
    assert "none 12)" in outcome.out
    manifest = provenance_of(tmp_path / "model")
    assert (manifest.config.head, manifest.n_sentences) == (Head.MULTI, 40)
    assert manifest.sources[0].weight == 0.5


def test_a_preset_is_a_start_that_options_change(
    run: Run, dataset_folder: Path, tiny_encoder: Path, sentence_file: Path, tmp_path: Path,
    example_release: Path,
) -> None:  # fmt: skip
    outcome = run(
        "train", dataset_folder, "-o", tmp_path / "model", "--preset", "papers", "--encoder", tiny_encoder,
        "--sentences", sentence_file, "--train-size", 20, "--set", "name_sentences=12", *SMALL,
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    manifest = provenance_of(tmp_path / "model")
    assert manifest.config.rationale_weight == PAPERS["rationale_weight"]
    assert (manifest.config.epochs, manifest.n_train, manifest.n_sentences) == (1, 20, 52)
    assert [source.n_rows for source in manifest.sources] == [48, 12]


def test_papers_without_sentences_says_what_is_missing(
    run: Run, dataset_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run("train", dataset_folder, "-o", tmp_path / "model", "--preset", "papers")
    assert outcome.code == 1
    assert "expected labelled sentences of papers" in outcome.err
    assert "gotune corpus craft" in outcome.err


@pytest.mark.parametrize("weight", ["0", "-1", "much", "nan", "1e9"])
def test_a_weight_is_a_number_above_zero(
    weight: str, run: Run, dataset_folder: Path, sentence_file: Path, tmp_path: Path
) -> None:
    outcome = run(
        "train", dataset_folder, "-o", tmp_path / "m", "--head", "multi",
        "--sentences", f"{sentence_file}={weight}",
    )  # fmt: skip
    assert outcome.code == 2
    assert "expected a weight above 0" in outcome.err


def test_evaluate_on_sentences(
    run: Run, tagger_folder: Path, bundle_folder: Path, dataset_folder: Path, other_file: Path,
    tmp_path: Path, example_release: Path,
) -> None:  # fmt: skip
    outcome = run(
        "evaluate", "-m", tagger_folder, dataset_folder, "--sentences", other_file, "--beside", bundle_folder,
        "-o", tmp_path / "out", "--json",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    names = [row["model"] for row in (found["sentences"]["model"], *found["sentences"]["baselines"])]
    assert names == ["model", "dictionary of GO names", f"{bundle_folder}/"]
    assert found["sentences"]["n_articles"] == 6
    assert "splits" in found["definitions"]
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"sentences.md", "sentences.json", "reliability.png", "risk_coverage.svg"} <= written


def test_a_model_beside_is_asked_as_the_model_is(
    run: Run, tagger_folder: Path, other_file: Path, tmp_path: Path, example_release: Path
) -> None:
    other = shutil.copytree(tagger_folder, tmp_path / "other")
    arguments = ("evaluate", "-m", tagger_folder, "--sentences", other_file, "--beside", other, "--json")
    outcome = run(*arguments, "--prefer", "recall")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)["sentences"]
    beside = found["baselines"][-1]
    assert beside["model"] == f"{other}/"
    assert beside["aspects"] == found["model"]["aspects"]


def test_evaluate_without_the_encoder(
    run: Run, witnesses_folder: Path, other_file: Path, example_release: Path
) -> None:
    arguments = ("evaluate", "-m", witnesses_folder, "--sentences", other_file, "--json")
    outcome = run(*arguments, "--without", "encoder", "--without", "names")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    assert found["model"]["encoder"] == "words"
    assert [row["model"] for row in found["sentences"]["baselines"]] == ["dictionary of GO names"]


def test_evaluate_refuses_sentences_that_the_model_has_seen(
    run: Run, tagger_folder: Path, sentence_file: Path, example_release: Path
) -> None:
    outcome = run("evaluate", "-m", tagger_folder, "--sentences", sentence_file)
    assert outcome.code == 1
    assert "expected sentences, and articles, that the model has not learned from" in outcome.err


def test_evaluate_needs_something_to_measure_on(run: Run, tagger_folder: Path) -> None:
    outcome = run("evaluate", "-m", tagger_folder)
    assert outcome.code == 2
    assert "expected DATA, --sentences FILE or both" in outcome.err


@pytest.mark.parametrize(
    "option",
    [("--beside", "other"), ("--text-column", "a"), ("--aspects-column", "b"), ("--on-conflict", "union")],
)
def test_evaluate_refuses_options_of_sentences_without_any(option: tuple[str, str], run: Run) -> None:
    outcome = run("evaluate", "-m", "model", "data", *option)
    assert outcome.code == 2
    assert f"{option[0]}: expected --sentences FILE with it" in outcome.err


def test_evaluate_refuses_a_test_size_without_data(run: Run) -> None:
    outcome = run("evaluate", "-m", "model", "--sentences", "mine.tsv", "--test-size", 5)
    assert outcome.code == 2
    assert "--test-size: expected DATA with it" in outcome.err


def test_evaluate_reads_the_sentences_first(
    run: Run, bundle_folder: Path, dataset_folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.tsv"
    broken.write_text("text\taspects\nA cell.\tXX\n")
    outcome = run(
        "evaluate", "-m", bundle_folder, dataset_folder, "--sentences", broken, "-o", tmp_path / "out"
    )
    assert outcome.code == 1
    assert "broken.tsv" in outcome.err
    assert not (tmp_path / "out").exists()


def test_a_model_called_model_stands_beside_the_model(
    bundle_folder: Path, example_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model").symlink_to(bundle_folder)
    beside = sentences.load_beside([Path("model")], "2021-12-15", Screen(), offline=True)
    assert list(beside) == ["dictionary of GO names", "model/"]


def test_models_beside_are_loaded_as_they_are_told(example_release: Path) -> None:
    loaded = FakeClassifier()
    beside = sentences.load_beside(
        [Path("model")], "2021-12-15", Screen(), True, lambda folder, screen: loaded
    )
    assert beside["model/"] is loaded


@pytest.mark.parametrize("trouble", ["unknown", "absent", "damaged"])
def test_without_the_release_there_is_no_dictionary(
    trouble: str, run: Run, tagger_folder: Path, other_file: Path, example_release: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    release = example_release.parent.name
    found = {
        "unknown": f"GO release {release}: expected one of 2020-01-01",
        "absent": f"{example_release.parent}: expected go-basic.obo in the cache",
        "damaged": f"{example_release}, line 1: expected",
    }
    if trouble == "unknown":
        monkeypatch.delitem(RELEASES, release)
    elif trouble == "absent":
        example_release.unlink()
    else:
        example_release.write_bytes(b"nonsense")
        sha256 = hashlib.sha256(b"nonsense").hexdigest()
        monkeypatch.setitem(RELEASES, release, replace(RELEASES[release], sha256=sha256))
    outcome = run("evaluate", "-m", tagger_folder, "--sentences", other_file, "--json", "--offline")
    assert outcome.code == 0
    assert outcome.err.startswith(f"The dictionary of GO names is left out. {found[trouble]}")
    assert json.loads(outcome.out)["sentences"]["baselines"] == []


def test_crossval_leaves_every_article_out_once(
    run: Run, dataset_folder: Path, tiny_encoder: Path, sentence_file: Path, tmp_path: Path,
    example_release: Path,
) -> None:  # fmt: skip
    arguments = (
        "crossval", dataset_folder, "--sentences", sentence_file, "--folds", 3, "-o", tmp_path / "cv",
        "--encoder", tiny_encoder, "--train-size", 20, "--set", "name_sentences=0", *SMALL,
    )  # fmt: skip
    outcome = run(*arguments, "--json")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    names = [row["model"] for row in (found["model"], *found["baselines"])]
    assert names == ["model", "always the same", "TF-IDF + logistic regression", "dictionary of GO names"]
    assert (found["n_sentences"], found["n_articles"]) == (48, 6)
    # Sentences whose words give the aspect away are no riddle for a bag of words.
    assert found["baselines"][1]["macro_auroc"]["value"] > 0.95
    assert sorted(path.name for path in (tmp_path / "cv/models").iterdir()) == ["fold-1", "fold-2", "fold-3"]
    seen = [provenance_of(tmp_path / f"cv/models/fold-{fold}").n_sentences for fold in (1, 2, 3)]
    assert seen == [24, 24, 24]  # of 32, one article of eight is set apart
    written = (tmp_path / "cv/models/fold-1/model.safetensors").stat().st_mtime_ns
    again = run(*arguments, "--json")
    assert json.loads(again.out) == found
    assert (tmp_path / "cv/models/fold-1/model.safetensors").stat().st_mtime_ns == written


def test_crossval_by_corpus_leaves_every_file_out_once(
    run: Run, dataset_folder: Path, tiny_encoder: Path, sentence_file: Path, tmp_path: Path,
    example_release: Path,
) -> None:  # fmt: skip
    lines = sentence_file.read_text(encoding="utf-8").splitlines(keepends=True)
    for name, rows in (("one.jsonl", lines[:24]), ("two.jsonl", lines[24:])):
        (tmp_path / name).write_text("".join(rows), encoding="utf-8")
    arguments = (
        "crossval", dataset_folder, "--by", "corpus", "-o", tmp_path / "cv", "--encoder", tiny_encoder,
        "--train-size", 20, "--set", "name_sentences=0", *SMALL, "--sentences", tmp_path / "one.jsonl",
    )  # fmt: skip
    alone = run(*arguments)
    assert alone.code != 0
    assert "expected two corpora or more" in alone.err
    outcome = run(*arguments, "--sentences", tmp_path / "two.jsonl", "--json")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    assert list(found["corpora"]) == ["one", "two"]
    assert json.loads((tmp_path / "cv/corpora.json").read_text()) == found
    assert (tmp_path / "cv/corpora.md").read_text().startswith("# Evaluation by corpus")
    assert sorted(path.name for path in (tmp_path / "cv/models").iterdir()) == ["one", "two"]
    assert (tmp_path / "cv/two/sentences.md").is_file()
    refused = run(*arguments, "--folds", 3)
    assert refused.code == 2
    assert "--folds: expected --by article with it" in refused.err
