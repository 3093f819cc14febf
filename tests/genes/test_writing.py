from __future__ import annotations

import gzip
import json
import warnings
from pathlib import Path

import pytest

from gotune.errors import GeneError, InputError
from gotune.genes.annotator import GeneAnnotator
from gotune.genes.gaf import read_gaf
from gotune.genes.gene import Gene
from gotune.genes.joiner import Joiner
from gotune.genes.reference import Reference
from gotune.genes.suggestions import AnnotatedGene
from gotune.genes.writing import write_scores, write_suggestions
from gotune.linking.annotator import Annotator
from gotune.ontology.ontology import Ontology
from tests.genes.test_suggestions import BARE, BINDS, OPENS

RELEASE = "2030-01-31"
GENES = [
    AnnotatedGene(Gene("UniProtKB:P12345", "Lid9", "lid\topener", ("L9",), 9606), (OPENS, BINDS)),
    AnnotatedGene(Gene("UniProtKB:P12346", "", "", (), 9606), (), ("no name",)),
    AnnotatedGene(Gene("UniProtKB:P12347", "Lid8", "", (), 9606), ()),
]
DOUBTFUL = AnnotatedGene(Gene("UniProtKB:P12348", "Lid7"), (BARE,), ("its text is odd",))


def test_a_row_a_suggestion_and_a_reason_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    write_suggestions(path, iter([*GENES, DOUBTFUL]), RELEASE)
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["id", "symbol", "go_id", "name", "aspect", "score", "evidence"]
    assert rows[1][:6] == ["UniProtKB:P12345", "Lid9", "GO:0000012", "opening", "biological_process", "0.512"]
    assert rows[3] == ["UniProtKB:P12346", "", "", "", "", "", "no name"]
    assert rows[4] == ["UniProtKB:P12347", "Lid8", "", "", "", "", "nothing is probable enough"]
    assert rows[5][6] == f"doubtful: its text is odd; {BARE.evidence}"


def test_a_gene_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_suggestions(path, GENES, RELEASE)
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == [
        {**one.to_dict(), "release": RELEASE} for one in GENES
    ]


@pytest.mark.parametrize("name", ["a.gaf", "a.gaf.gz"])
def test_a_gaf_is_read_back(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    write_suggestions(path, GENES, RELEASE)
    found = list(read_gaf(path))
    raw = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    assert b"!go-version: 2030-01-31\n" in raw
    assert [(one.gene, one.go_id, one.evidence, one.assigned_by) for one in found] == [
        ("UniProtKB:P12345", "GO:0000012", "IEA", "GOTUNE"),
        ("UniProtKB:P12345", "GO:0000032", "IEA", "GOTUNE"),
    ]


def test_a_gaf_tells_who_made_it(tmp_path: Path) -> None:
    path = tmp_path / "a.gaf"
    write_suggestions(path, GENES, RELEASE, assigned_by="MyLab")
    assert {one.assigned_by for one in read_gaf(path)} == {"MyLab"}
    path.unlink()
    with pytest.raises(GeneError, match=r"column 15 \(Assigned By\)"):
        write_suggestions(path, GENES, RELEASE, assigned_by="My lab")
    assert not path.exists()


def test_goatools_reads_the_gaf(tmp_path: Path) -> None:
    readers = pytest.importorskip("goatools.anno.gaf_reader", reason="goatools is not installed")
    path = tmp_path / "a.gaf"
    write_suggestions(path, GENES, RELEASE)
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
        write_suggestions(path, [AnnotatedGene(Gene("Made:x", "X"), (BARE,))], RELEASE)
    with pytest.raises(GeneError, match="such as NCBIGene:7157"):
        write_suggestions(path, [AnnotatedGene(Gene("x", "X", taxon=7), (BARE,))], RELEASE)
    assert path.read_text() == "old"


def test_other_suffixes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.tsv"):
        write_suggestions(tmp_path / "a.csv", [], RELEASE)


def test_scores_for_evaluation(
    small: Ontology, reference: Reference, namer: Annotator, tmp_path: Path
) -> None:
    path = tmp_path / "a.tsv"
    annotator = GeneAnnotator(small, reference, namer, Joiner.load())
    gene = Gene("g", "Lid9", "lid opener 9", (), 7)
    write_scores(path, annotator, [gene, Gene("h", "", "", (), 9)])
    expected = annotator.scores([gene], own=False)
    space = reference.space
    scores = dict(zip(expected.scores.indices.tolist(), expected.scores.data.tolist(), strict=True))
    wanted = [
        f"g\t{space.ids[column]}\t{score:.3f}"
        for column, score in sorted(scores.items())
        if score >= 0.01 and not space.is_root[column]
    ]
    header, *rows = path.read_text().splitlines()
    assert header == "id\tgo_id\tscore"
    assert sorted(row for row in rows if row.startswith("g\t")) == wanted
    assert wanted
