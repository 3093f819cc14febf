"""`gotune audit`, from a model and a dataset to a table and a page."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_audit_prints_and_writes(run: Run, bundle_folder: Path, dataset_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    outcome = run(
        "audit", "-m", bundle_folder, dataset_folder, "-o", folder, "-n", 2, "--max-definitions", 3,
        "--device", "cpu",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert "All 50 definitions of GO release 2024-02-29" in " ".join(outcome.out.split())
    assert "The commonest openings" in outcome.out
    assert sorted(path.name for path in folder.iterdir()) == ["audit.html", "audit.tsv"]
    with (folder / "audit.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) > 2
    assert [row["rank"] for row in rows] == [str(number + 1) for number in range(len(rows))]
    assert (folder / "audit.html").read_text(encoding="utf-8").count('class="case"') == 2


def test_audit_as_json_is_that_of_the_seed(
    run: Run, bundle_folder: Path, dataset_folder: Path, tmp_path: Path
) -> None:
    arguments = (
        "audit",
        "-m",
        bundle_folder,
        dataset_folder,
        "-o",
        tmp_path,
        "--json",
        "--max-definitions",
        1,
    )
    found = json.loads(run(*arguments, "--seed", 1).out)
    assert (found["n_terms"], found["seed"], len(found["boundary"])) == (50, 1, 20)
    assert found["flagged"][0].keys() >= {"go_id", "quality", "likely", "neighbours", "link"}
    assert json.loads(run(*arguments, "--seed", 1).out) == found


def test_what_cannot_be_done_is_told_before_any_work(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("years of work")
    outcome = run("audit", "-m", "no model", "no data", "-o", path)
    assert (outcome.code, "expected a folder to write, found a file" in outcome.err) == (1, True)
    monkeypatch.setitem(sys.modules, "cleanlab", None)
    outcome = run("audit", "-m", "no model", "no data", "-o", tmp_path)
    assert outcome.code == 1
    assert 'pip install "gotune[explain]"' in outcome.err
