"""`gotune annotate -o terms.xlsx`, what a curator ticks in it, and what becomes of that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gotune.aspects import Aspect
from gotune.genes.associations import Relation
from gotune.genes.gaf import read_gaf
from gotune.genes.gene import Gene
from gotune.genes.suggestions import AnnotatedGene, Suggestion
from gotune.genes.writing import write_suggestions
from tests.cli.conftest import Run
from tests.linking.ticking import tick


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.txt").write_text("Mitochondrial fission is seen in the nucleus.")
    (folder / "b.txt").write_text("The Golgi apparatus and the nucleus.")
    return folder


def decide(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "Mitochondrial fission": {"decision": "right"},
        "nucleus": {"decision": "wrong"},
        "Golgi apparatus": {"decision": "other term", "other term": "GO:0005783"},
    }[row["surface"]]


def test_what_is_ticked_is_learned_from_and_remembered(run: Run, papers: Path, tmp_path: Path) -> None:
    sheet, table, decisions = tmp_path / "terms.xlsx", tmp_path / "mine.tsv", tmp_path / "decisions.tsv"
    assert run("annotate", papers, "-o", sheet).code == 0
    tick(sheet, decide)
    outcome = run("curated", sheet, "-o", table, "--decisions", decisions)
    assert outcome.code == 0, outcome.err
    assert f"Written to {table}" in outcome.out
    assert table.read_text().splitlines() == [
        "article\tdocument\tsentence\ttext\taspects\tjudged",
        "a.txt\ta.txt\t1\tMitochondrial fission is seen in the nucleus.\tBP\tBP,CC",
        "b.txt\tb.txt\t1\tThe Golgi apparatus and the nucleus.\tCC\tCC",
    ]
    outcome = run("annotate", papers, "--decisions", decisions, "--json")
    first, second = json.loads(outcome.out)["documents"]
    assert [one["go_id"] for one in first["annotations"]] == ["GO:0000266"]
    assert [one["go_id"] for one in second["annotations"]] == ["GO:0005783"]
    outcome = run("annotate", papers, "--decisions", decisions, "--aspect", "BP", "--json")
    assert [len(one["annotations"]) for one in json.loads(outcome.out)["documents"]] == [1, 0]


def test_workbooks_are_told_of(run: Run, papers: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "terms.xlsx"
    run("annotate", papers, "-o", sheet)
    outcome = run("curated", sheet, "--json")
    assert json.loads(outcome.out) == {
        "release": "2021-12-15",
        "decisions": {"right": 0, "wrong": 0, "other term": 0, "unsure": 0, "not decided": 4},
        "sentences": 0,
        "carried": {"biological_process": 0, "cellular_component": 0, "molecular_function": 0},
        "judged": {"biological_process": 0, "cellular_component": 0, "molecular_function": 0},
    }
    outcome = run("curated", sheet, "-o", tmp_path / "mine.tsv")
    assert (outcome.code, "Fill in the column 'decision'" in outcome.err) == (1, True)
    assert not (tmp_path / "mine.tsv").exists()
    tick(sheet, decide)
    outcome = run("curated", sheet, sheet, "--json")
    assert json.loads(outcome.out)["decisions"]["wrong"] == 4
    assert json.loads(outcome.out)["judged"]["cellular_component"] == 2


def test_mistakes_are_told(run: Run, papers: Path, tmp_path: Path) -> None:
    sheet, table = tmp_path / "terms.xlsx", tmp_path / "mine.tsv"
    run("annotate", papers, "-o", sheet)
    outcome = run("curated", sheet, "-o", tmp_path / "mine.xlsx")
    assert (outcome.code, "expected a file name that ends in .tsv" in outcome.err) == (1, True)
    outcome = run("curated", sheet, "-o", table, "--decisions", table)
    assert (outcome.code, f"once, found {table} twice" in outcome.err) == (2, True)
    tick(sheet, lambda row: {"decision": "perhaps"})
    outcome = run("curated", sheet, "-o", table)
    assert outcome.code == 1
    assert "found 'perhaps' in row 2, 'perhaps' in row 3" in outcome.err
    outcome = run("annotate", papers, "--decisions", tmp_path / "none.tsv")
    assert (outcome.code, "none.tsv: expected" in outcome.err) == (1, True)
    table.write_text("surface\tgo_id\tdecision\tother term\tvotes\n")
    outcome = run("annotate", papers, "--decisions", table, "-o", table)
    assert (outcome.code, "found one that is read" in outcome.err) == (1, True)


@pytest.fixture
def genes(tmp_path: Path) -> Path:
    """Suggestions for a gene, of the default release."""
    gene = Gene("UniProtKB:P12345", "Lid9", "lid opener 9", (), 7)
    term = Suggestion(
        "GO:0000266", "mitochondrial fission", Aspect.BIOLOGICAL_PROCESS, Relation.INVOLVED_IN, 0.5
    )
    path = tmp_path / "genes.xlsx"
    write_suggestions(path, [AnnotatedGene(gene, (term,))], "2021-12-15")
    return path


def test_what_is_ticked_of_genes_becomes_annotations(run: Run, genes: Path, tmp_path: Path) -> None:
    tick(genes, lambda _: {"decision": "right"}, "genes")
    gaf, rows = tmp_path / "mine.gaf", tmp_path / "mine.tsv"
    outcome = run("curated", genes, "-o", gaf)
    assert outcome.code == 0, outcome.err
    assert f"1 rows written to {gaf}" in outcome.out
    assert [(one.gene, one.go_id, one.evidence) for one in read_gaf(gaf)] == [
        ("UniProtKB:P12345", "GO:0000266", "RCA")
    ]
    outcome = run("curated", genes, "-o", gaf, "--assigned-by", "MyLab")
    assert (outcome.code, [one.assigned_by for one in read_gaf(gaf)]) == (0, ["MyLab"])
    outcome = run("curated", genes, "-o", rows, "--assigned-by", "MyLab")
    assert (outcome.code, "--assigned-by: expected -o FILE.gaf" in outcome.err) == (2, True)
    outcome = run("curated", genes, "-o", rows, "--json")
    assert json.loads(outcome.out) == {
        "release": "2021-12-15",
        "decisions": {"right": 1, "wrong": 0, "other term": 0, "unsure": 0, "not decided": 0},
        "genes": 1,
        "written": 1,
    }
    assert rows.read_text().endswith("GO:0000266\t0.500\t1\n")


def test_workbooks_of_genes_and_texts_are_not_mixed(
    run: Run, genes: Path, papers: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "terms.xlsx"
    run("annotate", papers, "-o", sheet)
    outcome = run("curated", genes, sheet)
    assert (outcome.code, "found both" in " ".join(outcome.err.split())) == (2, True)
    outcome = run("curated", genes, "--decisions", tmp_path / "a.tsv")
    assert (outcome.code, "--decisions: expected workbooks of" in outcome.err) == (2, True)
    outcome = run("curated", sheet, "-o", tmp_path / "a.tsv", "--assigned-by", "MyLab")
    assert (outcome.code, "--assigned-by: expected workbooks of" in outcome.err) == (2, True)
    outcome = run("curated", sheet, "-o", tmp_path / "a.gaf")
    assert (outcome.code, ".tsv" in outcome.err) == (1, True)
