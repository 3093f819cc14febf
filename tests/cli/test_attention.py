"""`gotune attention`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Run

TEXT = "The enzyme moves sugar across the membrane."


def test_a_page_and_a_picture_are_written(run: Run, bundle_folder: Path, tmp_path: Path) -> None:
    page, picture = tmp_path / "attention.html", tmp_path / "head.png"
    outcome = run(
        "attention", "-m", bundle_folder, TEXT, "-o", page, "-o", picture, "--layer", 1, "--head", 0,
        "--device", "cpu",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert "2 layers of 2 heads." in outcome.out
    assert outcome.out.endswith(f"Written to {page}\nWritten to {picture}\n")
    assert "Attention, head view" in page.read_text(encoding="utf-8")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_json_has_the_weights(run: Run, tagger_folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "attention.html"
    outcome = run("attention", TEXT, "-m", tagger_folder, "-o", page, "--view", "model", "--json")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    assert (found["model"]["head"], found["text"]) == ("multi", TEXT)
    assert np.shape(found["weights"]) == (2, 2, len(found["pieces"]), len(found["pieces"]))
    assert "Attention, model view" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            [TEXT, "-o", "attention.pdf"],
            "expected a file name that ends in .html, .png, .svg, found the suffix '.pdf'",
        ),
        ([TEXT, "-o", "attention"], "expected a file name that ends in .html, .png, .svg, found no suffix"),
        ([TEXT, "-o", "a.html", "--head", "0", "-o", "a.pdf"], "a.pdf: expected"),
        ([TEXT, "-o", "a.html"], "missing: expected a model folder of gotune"),
    ],
)
def test_names_are_looked_at_before_the_model_is_loaded(
    arguments: list[str], message: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run("attention", *arguments, "-m", "missing")
    assert outcome.code == 1
    assert message in outcome.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["the " * 100], "which is what the model reads, found 102. Give one sentence."),
        ([" "], "found an empty or blank text"),
        ([TEXT, "--layer", "2"], "layer: expected one of 0 to 1, found 2"),
        ([TEXT, "--head", "7"], "head: expected one of 0 to 1, found 7"),
    ],
)
def test_bad_input_leaves_nothing_behind(
    arguments: list[str], message: str, run: Run, bundle_folder: Path, tmp_path: Path
) -> None:
    outcome = run("attention", *arguments, "-m", bundle_folder, "-o", tmp_path / "a.html")
    assert outcome.code == 1
    assert message in outcome.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "a.html", "-o", "a.png"], "-o: a picture shows one head: name it, --head N"),
        (["-o", "a.png", "--head", "0", "--view", "head"], "--view: expected -o FILE.html with it"),
        (
            ["-o", "a.html", "--view", "model", "--layer", "1"],
            "--layer: expected --head N with it, as the model view shows every layer",
        ),
        (["-o", "a.html", "-o", "a.html"], "expected every file to write once, found a.html twice"),
    ],
)
def test_what_would_do_nothing_is_refused(
    arguments: list[str], message: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run("attention", TEXT, "-m", "missing", *arguments)
    assert outcome.code == 2
    assert outcome.err.endswith(f"Error: Invalid value: {message}\n")
    assert list(tmp_path.iterdir()) == []
