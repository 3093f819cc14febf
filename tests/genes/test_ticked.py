from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gotune.errors import GeneError, TableError
from gotune.genes.associations import Relation
from gotune.genes.gaf import read_gaf
from gotune.genes.gene import Gene
from gotune.genes.suggestions import AnnotatedGene
from gotune.genes.tick_sheet import SHEET
from gotune.genes.ticked import read_ticked_genes, told_by, write_accepted, write_told
from gotune.genes.writing import write_suggestions
from gotune.linking.annotator import Annotator
from gotune.linking.index import TermIndex
from gotune.render.tick_sheets import Verdict
from tests.genes.test_suggestions import BARE, BINDS, OPENS
from tests.linking.ticking import tick

GENE = Gene("UniProtKB:P12345", "Lid9", "lid opener 9", ("L9",), 7)
DAY = date(2030, 1, 2)


@pytest.fixture
def index(namer: Annotator) -> TermIndex:
    return namer.index


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "genes.xlsx"
    genes = [AnnotatedGene(GENE, (OPENS, BARE, BINDS)), AnnotatedGene(Gene("Made:x", "X"), (OPENS,))]
    write_suggestions(path, genes, "2030-01-31")
    return path


def decide(row: dict[str, Any]) -> dict[str, Any]:
    if row["id"] == "Made:x":
        return {"decision": "unsure"}
    return {
        "GO:0000012": {"decision": "right"},
        "GO:0000021": {"decision": "Wrong "},
        "GO:0000032": {"decision": "other term", "other term": "GO_0000013"},
    }[row["go_id"]]


def test_what_is_right_becomes_annotations(sheet: Path, index: TermIndex, tmp_path: Path) -> None:
    rows = read_ticked_genes(tick(sheet, decide, SHEET), index)
    assert [row.told for row in rows] == [
        {"GO:0000012": True},
        {"GO:0000021": False},
        {"GO:0000032": False, "GO:0000013": True},
        {},
    ]
    path = tmp_path / "mine.gaf"
    assert write_accepted(path, told_by([*rows, *rows]), index, day=DAY) == 2
    first, second = read_gaf(path)
    assert (first.gene, first.symbol, first.name, first.taxon) == (GENE.id, "Lid9", "lid opener 9", 7)
    assert (first.go_id, first.evidence, first.references) == ("GO:0000012", "RCA", ("GOTUNE:genes",))
    assert (first.with_from, first.date) == ((), "2030-01-02")
    assert (second.go_id, second.relation) == ("GO:0000013", Relation.INVOLVED_IN)
    assert "!go-version: 2030-01-31" in path.read_text()


def test_decisions_become_rows(sheet: Path, index: TermIndex, tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    assert write_told(path, told_by(read_ticked_genes(tick(sheet, decide, SHEET), index))) == 4
    assert path.read_text().splitlines() == [
        "id\tsymbol\ttaxon\tgo_id\tscore\ttold",
        "UniProtKB:P12345\tLid9\t7\tGO:0000012\t0.512\t1",
        "UniProtKB:P12345\tLid9\t7\tGO:0000021\t0.300\t0",
        "UniProtKB:P12345\tLid9\t7\tGO:0000032\t0.300\t0",
        "UniProtKB:P12345\tLid9\t7\tGO:0000013\t\t1",
    ]


def test_a_term_above_the_one_that_is_meant_is_not_denied(sheet: Path, index: TermIndex) -> None:
    def narrower(row: dict[str, Any]) -> dict[str, Any]:
        return {"decision": "other term", "other term": "GO:0000013"} if row["go_id"] == "GO:0000012" else {}

    rows = read_ticked_genes(tick(sheet, narrower, SHEET), index)
    assert [row.told for row in rows if row.verdict] == [{"GO:0000013": True}] * 2


def test_nothing_decided_writes_nothing(sheet: Path, index: TermIndex, tmp_path: Path) -> None:
    rows = told_by(read_ticked_genes(sheet, index))
    with pytest.raises(TableError, match="Fill in the column 'decision'"):
        write_told(tmp_path / "a.tsv", rows)
    with pytest.raises(TableError, match="Fill in the column 'decision'"):
        write_accepted(tmp_path / "a.gaf", rows, index, day=DAY)
    assert [path.name for path in tmp_path.iterdir()] == ["genes.xlsx"]


def test_a_gaf_needs_an_organism(sheet: Path, index: TermIndex, tmp_path: Path) -> None:
    rows = told_by(
        read_ticked_genes(tick(sheet, lambda _: {"decision": "right", "taxon": None}, SHEET), index)
    )
    with pytest.raises(GeneError, match="expected an organism"):
        write_accepted(tmp_path / "a.gaf", rows, index, day=DAY)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"decision": "perhaps"}, "right, wrong, other term, unsure, or nothing, found 'perhaps' in row 2"),
        ({"go_id": "GO:7777777"}, "found 'GO:7777777' in row 2"),
        ({"release": "2020-01-01"}, "expected suggestions of GO release 2030-01-31"),
        ({"decision": "other term"}, "found nothing beside 'other term' in row 2"),
        (
            {"decision": "other term", "other term": "GO:0000001"},
            "terms that GO lets annotate with, found GO:0000001 in row 2",
        ),
        ({"score": "high"}, "a number from 0 to 1, found 'high'"),
        ({"score": 2}, "a number from 0 to 1, found '2'"),
        ({"taxon": "mouse"}, "a whole number in the hidden column 'taxon', found 'mouse'"),
        ({"id": None}, "something in the column 'id'"),
    ],
)
def test_bad_cells_are_told(cells: dict[str, Any], said: str, sheet: Path, index: TermIndex) -> None:
    with pytest.raises(TableError) as told:
        read_ticked_genes(tick(sheet, lambda _: cells, SHEET), index)
    assert said in str(told.value)


def test_hostile_cells_stay_out_of_the_file(sheet: Path, index: TermIndex, tmp_path: Path) -> None:
    cells = {"decision": "right", "id": "UniProtKB:x|y", "taxon": 7}
    rows = told_by(read_ticked_genes(tick(sheet, lambda _: cells, SHEET), index))
    with pytest.raises(GeneError, match="DB Object ID"):
        write_accepted(tmp_path / "a.gaf", rows, index, day=DAY)


@pytest.mark.parametrize(
    ("verdicts", "has"),
    [
        ("right wrong wrong", False),
        ("right right wrong", True),
        ("right wrong", None),
        ("right unsure", True),
    ],
)
def test_rows_of_one_suggestion_are_votes(
    verdicts: str, has: bool | None, sheet: Path, index: TermIndex
) -> None:
    first, *_ = read_ticked_genes(sheet, index)
    told = told_by(replace(first, verdict=Verdict(verdict)) for verdict in verdicts.split())
    assert [one.has for one in told] == ([] if has is None else [has])


def test_a_term_named_in_place_of_another_is_a_vote_too(sheet: Path, index: TermIndex) -> None:
    first, second, *_ = read_ticked_genes(sheet, index)
    other = replace(second, verdict=Verdict.OTHER, other=first.go_id)
    (told, wrong) = told_by([replace(first, verdict=Verdict.RIGHT), other])
    assert (told.go_id, told.score, told.has) == (first.go_id, first.score, True)
    assert (wrong.go_id, wrong.has) == (second.go_id, False)
