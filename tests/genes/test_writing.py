from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

from gotune.errors import GeneError, InputError
from gotune.genes.gaf import read_gaf
from gotune.genes.gene import Gene
from gotune.genes.scores import GeneScores
from gotune.genes.space import TermSpace
from gotune.genes.suggestions import AnnotatedGene
from gotune.genes.writing import write_scores, write_suggestions
from tests.genes.test_suggestions import BARE, BINDS, OPENS

GENES = [
    AnnotatedGene(Gene("UniProtKB:P12345", "Lid9", "lid\topener", ("L9",), 9606), (OPENS, BINDS)),
    AnnotatedGene(Gene("UniProtKB:P12346", "", "", (), 9606), (), ("no name",)),
    AnnotatedGene(Gene("UniProtKB:P12347", "Lid8", "", (), 9606), ()),
]


def test_a_row_a_suggestion_and_a_reason_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    write_suggestions(path, iter(GENES))
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["id", "symbol", "go_id", "name", "aspect", "score", "evidence"]
    assert rows[1][:6] == ["UniProtKB:P12345", "Lid9", "GO:0000012", "opening", "biological_process", "0.512"]
    assert rows[3] == ["UniProtKB:P12346", "", "", "", "", "", "no name"]
    assert rows[4] == ["UniProtKB:P12347", "Lid8", "", "", "", "", "nothing is probable enough"]


def test_a_gene_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_suggestions(path, GENES)
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == [
        one.to_dict() for one in GENES
    ]


@pytest.mark.parametrize("name", ["a.gaf", "a.gaf.gz"])
def test_a_gaf_is_read_back(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    write_suggestions(path, GENES)
    found = list(read_gaf(path))
    assert [(one.gene, one.go_id, one.evidence, one.assigned_by) for one in found] == [
        ("UniProtKB:P12345", "GO:0000012", "IEA", "GOTUNE"),
        ("UniProtKB:P12345", "GO:0000032", "IEA", "GOTUNE"),
    ]


def test_goatools_reads_the_gaf(tmp_path: Path) -> None:
    readers = pytest.importorskip("goatools.anno.gaf_reader", reason="goatools is not installed")
    path = tmp_path / "a.gaf"
    write_suggestions(path, GENES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read = readers.GafReader(str(path), prt=None)
    assert [(one.DB_ID, one.GO_ID, one.Evidence_Code, one.DB_Reference) for one in read.associations] == [
        ("P12345", "GO:0000012", "IEA", {"PMID:5"}),
        ("P12345", "GO:0000032", "IEA", {"GOTUNE:genes"}),
    ]


def test_a_gaf_needs_an_organism_and_nothing_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.gaf"
    path.write_text("old")
    with pytest.raises(GeneError, match="expected an organism"):
        write_suggestions(path, [AnnotatedGene(Gene("Made:x", "X"), (BARE,))])
    with pytest.raises(GeneError, match="such as NCBIGene:7157"):
        write_suggestions(path, [AnnotatedGene(Gene("x", "X", taxon=7), (BARE,))])
    assert path.read_text() == "old"


def test_other_suffixes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.tsv"):
        write_suggestions(tmp_path / "a.csv", [])


def test_scores_for_evaluation(space: TermSpace, tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    said = GeneScores.of({"g": {"GO:0000001": 1, "GO:0000012": 0.5, "GO:0000021": 0.001}, "h": {}}, space)
    write_scores(path, said, space)
    assert path.read_text() == "id\tgo_id\tscore\ng\tGO:0000012\t0.500\n"
