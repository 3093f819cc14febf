from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gotune.errors import GeneError
from gotune.genes.associations import Relation
from gotune.genes.gene import Gene
from gotune.genes.reference import Basis
from gotune.genes.suggestions import AnnotatedGene, LikeGene, Place, Suggestion, check_gene
from tests.genes.annotated import COMPONENT, FUNCTION, PROCESS

LID1 = LikeGene("Made:Lid1", "Lid1", "lid opener 1", 7, "like name")
OPENS = Suggestion(
    "GO:0000012",
    "opening",
    PROCESS,
    Relation.INVOLVED_IN,
    0.51234,
    (LID1,),
    (Place("name", "opener", "GO:0000012"), Place("PMID:5", "opens", "GO:0000012")),
    (Basis.PHYLOGENY,),
)
BARE = Suggestion("GO:0000021", "hinge", COMPONENT, Relation.PART_OF, 0.3)
BINDS = Suggestion("GO:0000032", "binding", FUNCTION, Relation.ENABLES, 0.3, (LID1,))


def test_evidence_is_told_in_words() -> None:
    assert OPENS.evidence == (
        "named in name: 'opener'; named in PMID:5: 'opens'; like Lid1 (Made:Lid1, like name); "
        "own annotations: phylogeny"
    )
    assert BARE.evidence == "inferred of like genes, or frequent in its species"


def test_the_sentence_is_told_if_it_says_more() -> None:
    place = Place("PMID:5", "opens", "GO:0000012", "It opens lids.")
    assert place.in_words == "named in PMID:5: 'opens' in 'It opens lids.'"
    assert Place("name", "lid opener", "GO:0000012", "lid opener").in_words == "named in name: 'lid opener'"


def test_they_become_electronic_annotations() -> None:
    gene = Gene("UniProtKB:P12345", "Lid9", "lid opener 9", ("L9",), 7)
    first, second, third = AnnotatedGene(gene, (OPENS, BARE, BINDS)).associations(date(2030, 1, 2))
    assert (first.database, first.id, first.symbol, first.type, first.taxon) == (
        "UniProtKB",
        "P12345",
        "Lid9",
        "protein",
        7,
    )
    assert {one.evidence for one in (first, second, third)} == {"IEA"}
    assert {one.assigned_by for one in (first, second, third)} == {"GOTUNE"}
    assert [one.relation for one in (first, second, third)] == [
        Relation.INVOLVED_IN,
        Relation.PART_OF,
        Relation.ENABLES,
    ]
    assert (first.references, second.references) == (("PMID:5",), ("GOTUNE:genes",))
    assert (first.with_from, second.with_from) == ((("Made:Lid1",),), ())
    assert first.date == "2030-01-02"
    bare = AnnotatedGene(Gene("MGI:MGI:99", ""), (BARE,)).associations(date(2030, 1, 2))[0]
    assert (bare.database, bare.id, bare.symbol, bare.type) == ("MGI", "MGI:99", "MGI:99", "gene_product")


def test_a_paper_that_names_no_term_is_no_reference() -> None:
    near = Place("PMID:7", "", "GO:0000012", "Lids open.", 0.2)
    assert near.in_words == "near what is said in PMID:7: 'Lids open.'"
    gene = Gene("Made:x", "X", "", (), 7)
    found = AnnotatedGene(gene, (replace(OPENS, places=(near,)),)).associations(date(2030, 1, 2))
    assert [one.references for one in found] == [("GOTUNE:genes",)]


def test_plain_values() -> None:
    found = AnnotatedGene(Gene("x", "X"), (OPENS,), ("a doubt",)).to_dict()
    assert found["doubts"] == ["a doubt"]
    one = found["suggestions"][0]
    assert (one["score"], one["aspect"], one["own"]) == (
        pytest.approx(0.512),
        "biological_process",
        ["phylogeny"],
    )
    assert one["like"] == [
        {"id": "Made:Lid1", "symbol": "Lid1", "name": "lid opener 1", "taxon": 7, "why": "like name"}
    ]


@pytest.mark.parametrize(
    ("id_", "row"),
    [
        ("UniProtKB:P12345-2", ("UniProtKB", "P12345", "UniProtKB:P12345-2")),
        ("UniProtKB:P12345", ("UniProtKB", "P12345", "")),
        ("MGI:101757", ("MGI", "MGI:101757", "")),
        ("MGI:MGI:101757", ("MGI", "MGI:101757", "")),
    ],
)
def test_ids_are_written_as_go_knows_them(id_: str, row: tuple[str, str, str]) -> None:
    gene = Gene(id_, "Lid9", taxon=7)
    (written,) = AnnotatedGene(gene, (OPENS,)).associations(date(2030, 1, 2))
    assert (written.database, written.id, written.form) == row
    check_gene(gene)


@pytest.mark.parametrize(
    "gene", [Gene("X:1", "A|B", taxon=7), Gene("X:a b", "A", taxon=7), Gene("X:1", "A", "5\x92", taxon=7)]
)
def test_what_no_gaf_can_hold_is_refused_beforehand(gene: Gene) -> None:
    with pytest.raises(GeneError, match="expected what a GAF can hold: "):
        check_gene(gene)
