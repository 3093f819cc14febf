"""`gotune genes`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gotune.genes.associations import Relation
from gotune.genes.gaf import read_gaf, write_gaf
from tests.cli.conftest import Run
from tests.genes.annotated import COMPONENT, FUNCTION, PROCESS, association, write_reference
from tests.genes.conftest import constrained_release, small_release, write_nodes


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
    assert json.loads(outcome.out) == {"release": "2030-01-31", "genes": 2, "file": str(output)}
    rows = [line.split("\t") for line in output.read_text().splitlines()]
    assert rows[0] == ["id", "go_id", "score"]
    assert ["new", "GO:0000011"] in [row[:2] for row in rows]


def test_terms_that_an_organism_cannot_have_are_not_suggested(
    run: Run, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    table, reference, _ = files
    release = constrained_release(tmp_path, {"GO:0000011": ("property_value: RO:0002160 NCBITaxon:2",)})
    nodes = write_nodes(tmp_path / "nodes.dmp", {1: 1, 2: 1, 7: 1})
    output = tmp_path / "found.tsv"
    arguments = ("genes", table, "--reference", reference, "--release", release, "-o", output)

    def found(*more: object) -> tuple[set[str], str]:
        outcome = run(*arguments, *more)
        assert outcome.code == 0, outcome.err
        return {
            row.split("\t")[-2 if "--exclude-own" in more else 2] for row in output.read_text().splitlines()
        }, outcome.err

    of_processes = {"GO:0000011", "GO:0000012", "GO:0000013"}
    low = ("--threshold", ".01")
    terms, warned = found(*low)
    assert terms & of_processes
    assert "The lineage of 2 genes is not known" in warned
    assert "taxdump.tar.gz" in warned
    assert found("--exclude-own")[0] & of_processes
    for more in (low, ("--exclude-own",)):
        terms, warned = found(*more, "--taxonomy", nodes)
        assert (terms & of_processes, warned) == (set(), "")
    write_nodes(nodes, {1: 1})
    assert "Give a taxon that the taxonomy has" in found(*low, "--taxonomy", nodes)[1]
    small_release(tmp_path)
    assert "has no taxon constraints" in found(*low, "--taxonomy", nodes)[1]


def test_a_folder_is_a_run_that_can_be_gone_on_with(
    run: Run, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    table, reference, release = files
    out = tmp_path / "out"
    arguments = ("genes", table, "--reference", reference, "--release", release, "-o", out)
    for _ in range(2):
        outcome = run(*arguments, "--threshold", ".01")
        assert outcome.code == 0, outcome.err
        assert outcome.out.splitlines()[0] == f"{out}: genes, complete."
        assert outcome.out.splitlines()[1].startswith("2 genes, ")
    rows = pq.read_table(out / "shard-000000.parquet").to_pylist()
    assert {row["id"] for row in rows} == {"new", "none"}
    refused = run(*arguments)
    assert (refused.code, "found threshold None, not 0.01" in refused.err) == (1, True)
    assert run("shards", "status", out).out.startswith(f"{out}: genes, complete.")
    refused = run(*arguments, "--lenient")
    assert (refused.code, "--lenient: expected -o FILE" in refused.err) == (2, True)
    refused = run(*arguments, "--exclude-own")
    assert (refused.code, "--exclude-own: expected -o FILE" in refused.err) == (2, True)


def test_annotations_tell_who_made_them(run: Run, files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    table, reference, release = files
    table.write_text("id\tsymbol\tname\ttaxon\nMade:new\tLid9\tlid opener 9\t7\n")
    path = tmp_path / "a.gaf"
    outcome = run(
        "genes", table, "--reference", reference, "--release", release, "-o", path, "--threshold", ".01",
        "--assigned-by", "MyLab",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert {one.assigned_by for one in read_gaf(path)} == {"MyLab"}


def test_taxa_together_that_the_release_does_not_tell_are_told(
    run: Run, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    table, reference, _ = files
    said = {"GO:0000011": ("relationship: only_in_taxon NCBITaxon_Union:0000004",)}
    release = constrained_release(tmp_path, said)
    outcome = run("genes", table, "--reference", reference, "--release", release, "-o", tmp_path / "a.tsv")
    assert outcome.code == 0, outcome.err
    assert (
        "1 taxon constraint held for no gene: the release does not tell which taxa are meant" in outcome.err
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "a.csv"], ".tsv"),
        (["-o", "a.jsonl", "--exclude-own"], ".tsv"),
        (["-o", "a.tsv", "--column", "name"], "expected KEY=NAME"),
        (["-o", "genes.tsv"], "expected a file of its own to write, found one that is read"),
        (["-o", "a.tsv", "--column", "name=Protein"], "a column 'Protein'"),
        (["-o", "a.tsv", "--column", "name=A", "--column", "name=B"], "found name twice"),
        (["-o", "a.tsv", "--exclude-own", "--threshold", ".4"], "--threshold: expected no --exclude-own"),
        (["-o", "a.tsv", "--exclude-own", "--min-depth", "3"], "--min-depth: expected no --exclude-own"),
        (["-o", "a.tsv", "--assigned-by", "MyLab"], "--assigned-by: expected -o FILE.gaf"),
        (["-o", "a.gaf", "--assigned-by", "my lab"], "such as UniProtKB, found my lab"),
        (["-o", "nodes.dmp", "--taxonomy", "nodes.dmp"], ".tsv"),
        (["-o", "a.tsv", "--taxonomy", "genes.tsv"], "expected child | parent | rank ..."),
        (["-o", "a.tsv", "--threshold", "nan"], "Invalid value for '--threshold'"),
        (["-o", "a.tsv", "--cutoff", "2019-01"], "--cutoff: expected --evaluate GAF"),
        (["-o", "a.gaf"], "expected an id with its database before it"),
        (["-o", "a", "--evaluate", "human"], "GENES: expected no --evaluate"),
        ([], "expected -o with what to write"),
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


def write_later(path: Path) -> Path:
    told = (
        association("Lid1", "32"),
        association("LID3", "21", taxon=8),
        association("Box1", "12"),
        association("Box1", "21"),
    )
    relations = {PROCESS: Relation.INVOLVED_IN, COMPONENT: Relation.LOCATED_IN, FUNCTION: Relation.ENABLES}
    write_gaf(path, (replace(one, relation=relations[one.aspect], date="2031-01-01") for one in told))
    return path


@pytest.fixture
def both(files: tuple[Path, Path, Path], tmp_path: Path) -> Path:
    """A file in which some rows are of 2030, others of 2031."""
    later = write_later(tmp_path / "later.gaf").read_text().splitlines(keepends=True)
    path = tmp_path / "both.gaf"
    path.write_text(files[1].read_text() + "".join(line for line in later if line[0] != "!"))
    return path


def test_suggestions_are_measured_by_what_came_after_a_day(
    run: Run, files: tuple[Path, Path, Path], both: Path, tmp_path: Path
) -> None:
    _, _, release = files
    output = tmp_path / "eval"
    outcome = run("genes", "--evaluate", both, "--cutoff", "2030-06", "--release", release, "-o", output)
    assert outcome.code == 0, outcome.err
    assert "rows of both.gaf from before 2030-06, with the names of today; 5 genes" in " ".join(
        outcome.out.split()
    )
    found = json.loads((output / "evaluation.json").read_text())
    assert (found["release"], found["genes"]) == ("2030-01-31", 5)
    assert [one["genes"] for one in found["suggestions"]] == [1, 2, 1]
    page = (output / "evaluation.html").read_text()
    assert "Suggestions for genes, measured" in page


def test_suggestions_are_measured_by_another_file(
    run: Run, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    _, reference, release = files
    later = write_later(tmp_path / "later.gaf")
    outcome = run(
        "genes", "--evaluate", later, "--reference", reference, "--release", release,
        "-o", tmp_path / "eval", "--json",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert json.loads(outcome.out)["known"] == "known.gaf, and later.gaf as later one"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--evaluate", "a.gaf"], "found neither"),
        (["--evaluate", "a.gaf", "--cutoff", "2019-01", "--reference", "b.gaf"], "found both"),
        (["--evaluate", "a.gaf", "--cutoff", "January"], "expected a date, such as 2019-01 or 2019-01-29"),
        (["--evaluate", "human", "--cutoff", "2020-01"], "no --cutoff but 2019-01"),
        (["--evaluate", "human", "--cutoff", "2"], "no --cutoff but 2019-01"),
        (["--evaluate", "a.gaf", "--cutoff", "2030-99"], "expected a date"),
        (["--evaluate", "a.gaf", "--cutoff", "20300101"], "expected a date"),
        (["--evaluate", "a.gaf", "--cutoff", "2019-W01-1"], "expected a date"),
        (["--evaluate", "human", "--lenient"], "--lenient: expected --evaluate GAF"),
        (["--evaluate", "human", "--threshold", ".5"], "--threshold: expected GENES"),
        (["--evaluate", "human", "--taxonomy", "a"], "--taxonomy: expected GENES"),
        ([], "expected GENES or --evaluate, found neither"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    run: Run, arguments: list[str], said: str, tmp_path: Path
) -> None:
    outcome = run("genes", *arguments, "-o", tmp_path / "eval")
    assert outcome.code != 0
    assert said in " ".join(outcome.err.replace("│", " ").split())
    assert not (tmp_path / "eval").exists()


def test_bad_rows_of_a_reference_are_left_out_if_asked(
    run: Run, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    table, reference, release = files
    with reference.open("a") as file:
        file.write("Made\tbad\n")
    arguments = ("genes", table, "--reference", reference, "--release", release, "-o", tmp_path / "a.tsv")
    outcome = run(*arguments)
    assert outcome.code == 1
    assert "read leniently to leave out what is bad" in outcome.err
    outcome = run(*arguments, "--lenient")
    assert outcome.code == 0, outcome.err
    assert "1 as bad rows, without" in " ".join(outcome.out.split())
    later = write_later(tmp_path / "later.gaf")
    with later.open("a") as file:
        file.write("Made\tbad\n")
    outcome = run(
        "genes", "--evaluate", later, "--reference", reference, "--release", release, "--lenient",
        "-o", tmp_path / "eval",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert "1 as bad rows, without" in " ".join(outcome.out.split())
    assert f"Left out of {later}: 1 bad row." in " ".join(outcome.out.split())


def test_a_workbook_of_which_no_gaf_can_come_is_told_of(
    run: Run, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    table, reference, release = files
    told = run("genes", table, "--reference", reference, "--release", release, "-o", tmp_path / "a.xlsx")
    assert told.code == 0
    assert "2 genes with no database in the id" in " ".join(told.err.split())
    (tmp_path / "ids.tsv").write_text("id\nMade:Lid2\n")
    arguments = ("genes", tmp_path / "ids.tsv", "--reference", reference, "--release", release)
    told = run(*arguments, "-o", tmp_path / "b.xlsx", "--threshold", ".01")
    assert (told.code, "no database" in told.err) == (0, False)
    assert run(*arguments, "-o", tmp_path / "b.gaf", "--threshold", ".01", "--min-depth", "1").code == 0
