"""`gotune genes`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.genes.annotated import write_reference
from tests.genes.conftest import small_release


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A table of genes, the annotations of others, and their release."""
    table = tmp_path / "genes.tsv"
    table.write_text("id\tsymbol\tname\ttaxon\nnew\tLid9\tlid opener 9\t7\nnone\t\tunknown protein\t7\n")
    return table, write_reference(tmp_path / "known.gaf"), small_release(tmp_path)


def test_suggestions_are_written_and_the_first_gene_is_shown(
    run: Run, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    table, reference, release = files
    output = tmp_path / "found.tsv"
    outcome = run(
        "genes", table, "--reference", reference, "--release", release, "-o", output, "--threshold", ".01"
    )
    assert outcome.code == 0, outcome.err
    assert "Lid9 lid opener 9" in outcome.out
    assert f"Written to {output}" in outcome.out
    rows = [line.split("\t") for line in output.read_text().splitlines()]
    assert {row[0] for row in rows[1:]} == {"new", "none"}
    assert {row[4] for row in rows[1:]} == {"biological_process"}  # functions and components are not deep


def test_all_scores_for_evaluation(run: Run, files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    table, reference, release = files
    output = tmp_path / "all.tsv"
    outcome = run(
        "genes",
        table,
        "--reference",
        reference,
        "--release",
        release,
        "-o",
        output,
        "--exclude-own",
        "--json",
    )
    assert outcome.code == 0, outcome.err
    assert json.loads(outcome.out)["genes"] == 2
    rows = [line.split("\t") for line in output.read_text().splitlines()]
    assert rows[0] == ["id", "go_id", "score"]
    assert ["new", "GO:0000011"] in [row[:2] for row in rows]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "a.csv"], ".tsv"),
        (["-o", "a.jsonl", "--exclude-own"], ".tsv"),
        (["-o", "a.tsv", "--column", "name"], "expected KEY=NAME"),
        (["-o", "genes.tsv"], "expected another file than is read"),
        (["-o", "a.tsv", "--column", "name=Protein"], "a column 'Protein'"),
    ],
)
def test_bad_input_is_refused(
    run: Run,
    files: tuple[Path, Path, Path],
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    table, reference, release = files
    outcome = run("genes", table, "--reference", reference, "--release", release, *arguments)
    assert outcome.code != 0
    assert said in " ".join(outcome.err.replace("│", " ").split())
    assert table.read_text().startswith("id\tsymbol")


def test_a_table_without_anything_that_tells_is_refused(
    run: Run, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    _, reference, release = files
    table = tmp_path / "bare.tsv"
    table.write_text("id\tlength\na\t1\n")
    outcome = run("genes", table, "--reference", reference, "--release", release, "-o", tmp_path / "a.tsv")
    assert (outcome.code, "id, length" in outcome.err) == (1, True)
