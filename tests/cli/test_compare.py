from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

SENTENCES = """text\taspects\tpmid
It moves sugar across the membrane.\tBP,CC\t1
The cell wall is thick.\tCC\t1
It binds calcium.\tMF\t2
We thank our friends.\tnone\t3
"""


def test_compare_on_definitions(run: Run, bundle_folder: Path, dataset_folder: Path) -> None:
    outcome = run("compare", "-m", bundle_folder, "-m", bundle_folder, dataset_folder, "--device", "cpu")
    assert outcome.code == 0, outcome.err
    assert "macro average precision" in outcome.out
    assert "paired bootstrap by term family" in " ".join(outcome.out.split())


def test_compare_on_sentences(run: Run, bundle_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "sentences.tsv"
    path.write_text(SENTENCES)
    found = json.loads(run("compare", "-m", bundle_folder, "-m", bundle_folder, path, "--json").out)
    assert (found["n_rows"], found["unit"], found["n_units"]) == (4, "article", 3)
    assert [model["name"] for model in found["models"]] == ["model", "model"]
    assert [row["p_value"] for row in found["differences"]] == [1, 1, 1]
    named = run("compare", "-m", bundle_folder, "-m", bundle_folder, path, "--aspects-column", "missing")
    assert named.code == 1
    assert "missing" in named.err


def test_models_are_compared_without_their_encoders(run: Run, witnesses_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "sentences.tsv"
    path.write_text(SENTENCES)
    two = ("-m", witnesses_folder, "-m", witnesses_folder, "--without", "encoder", "--without", "names")
    found = json.loads(run("compare", *two, path, "--json").out)
    assert [model["encoder"] for model in found["models"]] == ["words", "words"]


def test_columns_and_conflicts_are_chosen(run: Run, bundle_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "sentences.tsv"
    path.write_text(SENTENCES.replace("text\t", "said\t", 1) + "It binds calcium.\tnone\t3\n")
    arguments = ("compare", "-m", bundle_folder, "-m", bundle_folder, path, "--json")
    assert "--text-column" in run(*arguments).err
    assert "--on-conflict: first, union, drop" in run(*arguments, "--text-column", "said").err
    found = json.loads(run(*arguments, "--text-column", "said", "--on-conflict", "union").out)
    assert found["n_rows"] == 5


def test_what_is_no_dataset_is_refused(run: Run, bundle_folder: Path, tmp_path: Path) -> None:
    outcome = run("compare", "-m", bundle_folder, "-m", bundle_folder, tmp_path / "missing")
    assert (outcome.code, "expected a dataset folder, or a file of" in outcome.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-m", "a"], "-m: expected two models, -m A -m B, found 1"),
        (["-m", "a", "-m", "b", "-m", "c"], "-m: expected two models, -m A -m B, found 3"),
        (
            ["-m", "a", "-m", "b", "--on-conflict", "drop"],
            "--on-conflict: expected a file of labelled sentences as DATA with it",
        ),
    ],
)
def test_two_models_and_nothing_that_does_nothing(
    arguments: list[str], message: str, run: Run, dataset_folder: Path
) -> None:
    outcome = run("compare", *arguments, dataset_folder)
    assert outcome.code == 2
    assert outcome.err.endswith(f"Error: Invalid value: {message}\n")
