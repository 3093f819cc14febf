from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.labelled_sentences import write_sentences


def test_report_of_a_model(run: Run, bundle_folder: Path, dataset_folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "model.html"
    outcome = run(
        "report", "model", "-m", bundle_folder, dataset_folder, "-o", page, "--test-size", 8, "--json",
        "--device", "cpu",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    values = json.loads(outcome.out)
    assert list(values) == ["model", "definitions"]
    assert (values["model"]["name"], values["model"]["head"]) == ("model", "single")
    assert values["definitions"]["n_test"] == 8
    text = page.read_text(encoding="utf-8")
    assert '<h1>Model "<bdi>model</bdi>"</h1>' in text
    assert f"{len(values['definitions']['hardest'])} of" in text
    assert 'id="sentences"' not in text


def test_report_of_a_tagger_with_sentences(
    run: Run, tagger_folder: Path, dataset_folder: Path, tmp_path: Path, example_release: Path
) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(
        write_sentences().replace('"article ', '"paper ').replace(" in trial ", " in round "),
        encoding="utf-8",
    )
    page = tmp_path / "model.html"
    outcome = run(
        "report", "model", "-m", tagger_folder, dataset_folder, "-o", page, "--sentences", other,
        "--device", "cpu",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert outcome.out.endswith(f"Written to {page}\n")
    assert "dictionary of GO names" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["-o", "a"], 1, "a: expected a file name that ends in .html"),
        (["-o", "a.html"], 1, "missing: expected a model folder of gotune"),
        (["-o", "a.html", "--test-size", "0"], 2, "greater than or equal to 1"),
        (["-o", "a.html", "--aspects-column", "b"], 2, "--aspects-column: expected --sentences FILE with it"),
    ],
)
def test_what_cannot_be_reported(
    arguments: list[str], code: int, message: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run("report", "model", "-m", "missing", "data", *arguments)
    assert outcome.code == code
    assert message in outcome.err
    assert list(tmp_path.iterdir()) == []
