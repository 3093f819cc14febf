"""Sentences that are judged on some aspects only, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.labelled_sentences import write_sentences
from tests.provenances import provenance_of

SMALL = ("--epochs", 1, "--set", "max_tokens=48", "--device", "cpu")
KINDS = ("BP,CC,MF", "BP,CC", "BP")
"""On what the sentences of an article are judged, article by article."""


def write_judged(path: Path, kinds: tuple[str, ...] = KINDS) -> Path:
    """Write sentences of six articles of a corpus that each judge some aspects."""
    rows = []
    for line in (
        write_sentences().replace('"article ', '"paper ').replace(" in trial ", " in round ").splitlines()
    ):
        row = json.loads(line)
        judged = kinds[int(row["article"][-1]) % len(kinds)]
        row["spans"] = [span for span in row["spans"] if span[2] in judged]
        row["aspects"] = row["aspects"] if row["aspects"] in judged else ""
        rows.append(row | {"judged": judged})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_evaluate_counts_what_is_judged(
    run: Run, tagger_folder: Path, tmp_path: Path, example_release: Path
) -> None:
    path = write_judged(tmp_path / "theirs.jsonl")
    outcome = run("evaluate", "-m", tagger_folder, "--sentences", path, "-o", tmp_path / "out")
    assert outcome.code == 0, outcome.err
    # Each kind is that of two articles of eight sentences.
    assert "theirs.jsonl: judged: BP 48, CC 32, MF 16.\n" in outcome.out
    assert "Ranking and decisions (judged: BP 48, CC 32, MF 16)" in outcome.out
    written = json.loads((tmp_path / "out" / "sentences.json").read_text())
    assert [row["judged"] for row in written["model"]["aspects"]] == [48, 32, 16]
    assert "| judged | 48 | 32 | 16 |" in (tmp_path / "out" / "sentences.md").read_text()


def test_an_aspect_that_nobody_has_judged_is_said(
    run: Run, tagger_folder: Path, dataset_folder: Path, tmp_path: Path, example_release: Path
) -> None:
    path = write_judged(tmp_path / "theirs.jsonl", ("BP,CC",))
    outcome = run("evaluate", "-m", tagger_folder, "--sentences", path)
    assert outcome.code == 0, outcome.err
    assert outcome.err.splitlines()[0] == (
        "theirs.jsonl: molecular function: no sentence is judged on it; this file can neither calibrate nor "
        "measure it."
    )
    assert "not judged" in outcome.out
    compared = run("compare", path, "-m", tagger_folder, "-m", tagger_folder)
    assert compared.code == 0, compared.err
    assert "Difference on 48 texts (judged: BP 48, CC 48, MF 0)" in compared.out
    page = tmp_path / "model.html"
    reported = run("report", "model", dataset_folder, "-m", tagger_folder, "-o", page, "--sentences", path)
    assert reported.code == 0, reported.err
    assert "Ranking and decisions (judged: BP 48, CC 48, MF 0)" in page.read_text()


def test_an_aspect_that_all_judged_sentences_have_is_said(
    run: Run, tagger_folder: Path, tmp_path: Path, example_release: Path
) -> None:
    rows = ["Cells divide in two here.\tBP\tBP,CC\ta", "The wall is thin in all of them.\tBP,CC\tBP,CC,MF\tb"]
    path = tmp_path / "theirs.tsv"
    path.write_text("text\taspects\tjudged\tarticle\n" + "\n".join(rows) + "\n", encoding="utf-8")
    outcome = run("evaluate", "-m", tagger_folder, "--sentences", path)
    assert outcome.code == 0, outcome.err
    end = "this file can neither calibrate nor measure it."
    assert f"biological process: all of 2 sentences judged on it have it; {end}" in outcome.err
    assert f"molecular function: none of 1 sentences judged on it has it; {end}" in outcome.err
    assert "cellular component: " not in outcome.err


def test_crossval_learns_and_measures_what_is_judged(
    run: Run, dataset_folder: Path, tiny_encoder: Path, tmp_path: Path, example_release: Path
) -> None:
    path = write_judged(tmp_path / "theirs.jsonl", ("BP,CC",))
    outcome = run(
        "crossval", dataset_folder, "--sentences", path, "-o", tmp_path / "out", "--folds", 2,
        "--encoder", tiny_encoder, "--train-size", 20, "--set", "name_sentences=0", *SMALL, "--json",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    assert [row["judged"] for row in found["model"]["aspects"]] == [48, 48, 0]
    assert [row["auroc"] is None for row in found["model"]["aspects"]] == [False, False, True]
    assert provenance_of(tmp_path / "out" / "models" / "fold-1").sources[0].judged == {
        "biological_process": 48, "cellular_component": 48, "molecular_function": 0,
    }  # fmt: skip


def test_train_says_what_it_cannot_calibrate(
    run: Run, dataset_folder: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    path = write_judged(tmp_path / "theirs.jsonl", ("BP,CC",))
    outcome = run(
        "train", dataset_folder, "-o", tmp_path / "model", "--encoder", tiny_encoder, "--head", "multi",
        "--sentences", path, *SMALL,
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert outcome.err.splitlines()[-1].startswith("Not calibrated: molecular function. All texts set apart")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("One.\tMF\tBP", "every aspect that the text carries, found MF where BP is judged in line 2"),
        ("One.\tBP\tprocess", "aspects out of BP, CC, MF, or none where nobody has looked, found 'process'"),
        ("One.\tnone\tnone", "expected labelled texts, found 1 rows, none of them labelled"),
    ],
)
def test_bad_cells_are_told(run: Run, tagger_folder: Path, tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "theirs.tsv"
    path.write_text(f"text\taspects\tjudged\n{row}\n", encoding="utf-8")
    outcome = run("evaluate", "-m", tagger_folder, "--sentences", path)
    assert outcome.code == 1
    assert message in outcome.err
