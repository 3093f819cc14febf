"""The harder test parts on the command line."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from gotune.datasets.definitions import load_dataset
from tests.cli.conftest import Run

OBO = Path(str(files("gotune.ontology") / "example.obo"))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize(
    ("ids", "reason"),
    [
        ("GO:9", "only 0 rows for it, and fewer than 20 say nothing"),
        ("GO:8", "without its 50 rows too few would remain to learn from"),
    ],
)
def test_an_earlier_release_tells_what_is_new(ids: str, reason: str, run: Run, tmp_path: Path) -> None:
    earlier, data = tmp_path / "earlier.obo", tmp_path / "data"
    text = OBO.read_text().replace("data-version: releases/2024-02-29", "data-version: releases/2023-01-31")
    earlier.write_text(text.replace("GO:9", ids))
    found = json.loads(run("dataset", "--release", OBO, "--earlier", earlier, "-o", data, "--json").out)
    assert found["earlier"] == "2023-01-31"
    assert found["absent"]["test_release"] == reason
    assert load_dataset(data).card.earlier == "2023-01-31"


def test_without_one_the_missing_parts_are_told(run: Run, tmp_path: Path) -> None:
    outcome = run("dataset", "--release", OBO, "-o", tmp_path / "data")
    assert "Harder test parts that were not made" in outcome.out
    assert "no earlier release was given" in outcome.out


def test_evaluate_shows_all_parts_first(run: Run, bundle_folder: Path, dataset_folder: Path) -> None:
    out = run("evaluate", "-m", bundle_folder, dataset_folder).out
    places = [
        out.index(text)
        for text in (
            "Accuracy on all test parts",
            "Test parts that were not scored",
            "test_release (new terms)",
            "All models, random part",
        )
    ]
    assert places == sorted(places)
