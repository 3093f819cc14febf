from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.labelled_sentences import write_sentences


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path / "cache"))


def test_stress_prints_and_writes(
    run: Run, bundle_folder: Path, dataset_folder: Path, tmp_path: Path
) -> None:
    sentences = tmp_path / "sentences.jsonl"
    sentences.write_text(write_sentences())
    folder = tmp_path / "stress"
    outcome = run(
        "stress", "-m", bundle_folder, dataset_folder, "--sentences", sentences, "-o", folder, "--offline",
        "--max-definitions", 5, "--max-sentences", 30, "--device", "cpu",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert "30 labelled sentences, perturbed" in outcome.out
    assert "cannot say none" in outcome.out
    assert outcome.err.startswith("Definitions of other ontologies are left out. ")
    assert sorted(path.name for path in folder.iterdir()) == [
        "stress.json",
        "stress.md",
        "words_cut.png",
        "words_cut.svg",
    ]
    saved = json.loads((folder / "stress.json").read_text())
    assert (saved["model"]["head"], saved["n_sentences"], saved["cuts"][0]["n"]) == ("single", 30, 5)


def test_stress_as_json(run: Run, bundle_folder: Path, dataset_folder: Path) -> None:
    found = json.loads(run("stress", "-m", bundle_folder, dataset_folder, "--offline", "--json").out)
    assert [row["kind"] for row in found["pairs"]] == ["voice", "negation"]
    assert found["sentences"] == []


def test_columns_and_conflicts_are_chosen(
    run: Run, bundle_folder: Path, dataset_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "sentences.csv"
    path.write_text('said,aspects\nIt is so.,"BP,CC,MF"\nIt rains.,BP\nIt rains.,CC\nIt snows.,none\n')
    arguments = ("stress", "-m", bundle_folder, dataset_folder, "--sentences", path, "--offline", "--json")
    assert "--text-column" in run(*arguments).err
    assert "--on-conflict: first, union, drop" in run(*arguments, "--text-column", "said").err
    found = run(*arguments, "--text-column", "said", "--on-conflict", "drop", "--max-definitions", 5)
    assert found.code == 0, found.err
    assert json.loads(found.out)["n_sentences"] == 2


def test_a_file_in_the_place_of_the_folder_is_refused_first(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("years of work")
    outcome = run("stress", "-m", "no model", "no data", "-o", path)
    assert (outcome.code, "expected a folder to write, found a file" in outcome.err) == (1, True)


@pytest.mark.parametrize(
    "option", [("--max-sentences", 5), ("--text-column", "a"), ("--on-conflict", "drop")]
)
def test_options_of_sentences_are_refused_without_any(option: tuple[str, object], run: Run) -> None:
    outcome = run("stress", "-m", "no model", "no data", *option)
    assert outcome.code == 2
    assert outcome.err.endswith(f"Error: Invalid value: {option[0]}: expected --sentences FILE with it\n")
