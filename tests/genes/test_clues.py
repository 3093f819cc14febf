from __future__ import annotations

import numpy as np
import pytest

from gotune.aspects import ASPECTS
from gotune.genes.clues import OWN, Clue, ClueFinder, telling_name
from gotune.genes.gene import Gene, GeneText
from gotune.genes.reference import Reference
from gotune.genes.space import TermSpace
from gotune.linking.annotator import Annotator
from gotune.ontology.ontology import Ontology
from tests.genes.annotated import COMPONENT, FUNCTION, PROCESS, reference_of
from tests.genes.said import plain

NEW = Gene("new", "Lid9", "lid opener 9", (), 7)


@pytest.fixture(scope="module")
def finder(reference: Reference, namer: Annotator) -> ClueFinder:
    return ClueFinder(reference, namer)


def test_like_names_speak_by_experiments_and_by_all(finder: ClueFinder, space: TermSpace) -> None:
    clues = finder.find([NEW])
    process = plain(clues[PROCESS].tables[Clue.LIKE_NAMES], space)[0]
    assert process["12"] == pytest.approx(1)
    assert 0.2 < process["13"] < 0.5  # one of three has it
    assert plain(clues[COMPONENT].tables[Clue.LIKE_NAMES_ANY], space)[0] == {"21": pytest.approx(1)}
    assert clues[FUNCTION].tables[Clue.LIKE_NAMES].nnz == 0
    assert plain(clues[FUNCTION].tables[Clue.LIKE_NAMES_ANY], space)[0] == {"32": 1}


def test_a_gene_is_no_clue_to_itself_by_id_or_by_symbol_and_taxon(finder: ClueFinder) -> None:
    genes = [Gene("Made:Box1", "Box1", "yellow box", (), 7), Gene("other", "BOX1", "yellow box", (), 7)]
    for row in (0, 1):
        clues = finder.find([genes[row]])[FUNCTION]
        assert 3 not in clues.near[Clue.LIKE_NAMES].indices
        assert clues.tables[Clue.SAME_SYMBOL].nnz == 0  # the other organism's has no experiment
        assert clues.tables[Clue.SAME_SYMBOL_ANY].nnz == 1


def test_a_gene_that_was_renamed_is_no_clue_to_itself_if_own_annotations_are_left_out(
    finder: ClueFinder,
) -> None:
    renamed = Gene("other", "Opener", "lid opener 1", ("LID1",), 7)
    of_no_organism = Gene("other", "Lid1", "lid opener 1")
    for gene in (renamed, of_no_organism):
        assert 0 in finder.find([gene])[PROCESS].near[Clue.LIKE_NAMES].indices
        without = finder.find([gene], own=False)[PROCESS]
        assert 0 not in without.near[Clue.LIKE_NAMES].indices
        assert 0 not in without.near[Clue.SAME_SYMBOL].indices


def test_own_annotations_are_clues_but_for_experiments_on_the_aspect(
    finder: ClueFinder, space: TermSpace
) -> None:
    lid2 = Gene("Made:Lid2", "Lid2", "lid opener 2", (), 7)
    clues = finder.find([lid2, NEW])
    assert plain(clues[FUNCTION].tables[Clue.ELECTRONIC], space) == [{"32": 1}, {}]
    assert clues[FUNCTION].has[Clue.ELECTRONIC].tolist() == [True, False]
    assert all(clues[PROCESS].tables[own].nnz == 0 for own in OWN.values())
    without = finder.find([lid2], own=False)
    assert without[FUNCTION].tables[Clue.ELECTRONIC].nnz == 0
    assert not without[FUNCTION].has[Clue.LIKE_ANNOTATIONS].any()


def test_each_basis_is_a_clue_of_its_own(finder: ClueFinder, space: TermSpace) -> None:
    clues = finder.find([finder.reference.genes[number] for number in (3, 4, 2)])
    assert plain(clues[PROCESS].tables[Clue.STATEMENT], space) == [{"11": 1}, {}, {}]
    assert plain(clues[FUNCTION].tables[Clue.PHYLOGENY], space) == [{}, {"32": 1}, {}]
    assert plain(clues[COMPONENT].tables[Clue.SIMILARITY], space) == [{}, {}, {"21": 1}]


def test_nothing_of_a_gene_reaches_its_clues(
    small: Ontology, space: TermSpace, reference: Reference, namer: Annotator
) -> None:
    """Its clues are the same whether or not the reference knows it, if its own annotations are left out."""
    gone = ClueFinder(reference.without({"Made:Lid1"}), namer)
    lid1 = reference.genes[0]
    for aspect in ASPECTS:
        known = ClueFinder(reference, namer).find([lid1], own=False)[aspect]
        unknown = gone.find([lid1], own=False)[aspect]
        for clue in Clue:
            found, expected = plain(known.tables[clue], space)[0], plain(unknown.tables[clue], space)[0]
            assert found.keys() == expected.keys(), (aspect, clue)
            assert list(found.values()) == pytest.approx(list(expected.values()), abs=0.15)


def test_like_annotations_are_those_of_other_aspects_too(finder: ClueFinder, space: TermSpace) -> None:
    box = Gene("x", "Box1", "", (), 8)  # by symbol and organism the one with a function by phylogeny
    clues = finder.find([box])[PROCESS]
    assert plain(clues.tables[Clue.LIKE_ANNOTATIONS], space)[0] == {"11": 1, "12": 1}  # as Lid2 has
    assert finder.reference.genes[clues.near[Clue.LIKE_ANNOTATIONS].indices[0]].symbol == "Lid2"


def test_like_texts_and_what_texts_name(small: Ontology, space: TermSpace, namer: Annotator) -> None:
    opens = (GeneText("Opens lids of all kinds."),)
    known = reference_of(small, space, texts=(Gene("Made:Lid1", "", texts=opens),))
    finder = ClueFinder(known, namer)
    gene = Gene("n", "", "", (), 7, (GeneText("It opens lids in term GO:0000012.", "PMID:5"),))
    clues = finder.find([gene, NEW])[PROCESS]
    assert plain(clues.tables[Clue.LIKE_TEXTS], space) == [
        {"11": pytest.approx(1), "12": pytest.approx(1)},
        {},
    ]
    assert clues.has[Clue.LIKE_TEXTS].tolist() == [True, False]
    named = plain(clues.tables[Clue.NAMED], space)[0]
    assert named.keys() == {"11", "12"}
    said = finder.said(gene)
    (one,) = said.named
    assert (one.source, one.go_id, one.sentence) == ("PMID:5", "GO:0000012", gene.texts[0].text)
    nearest = max(said.meant, key=lambda place: place.score)
    assert (nearest.source, nearest.words, nearest.go_id) == ("PMID:5", "", "GO:0000012")
    assert clues.has[Clue.MEANT].tolist() == [True, False]
    assert plain(clues.tables[Clue.MEANT], space)[0].keys() >= {"11", "12"}


def test_what_a_sentence_denies_is_not_meant_by_it(finder: ClueFinder) -> None:
    texts = "It has a term GO:0000021.", "It has no term GO:0000021."
    said, denied = (finder.said(Gene("n", "", texts=(GeneText(text),))) for text in texts)
    assert [one.go_id for one in said.named] == ["GO:0000021"]
    assert denied.named == ()
    assert "GO:0000021" in [one.go_id for one in said.meant]
    assert "GO:0000021" not in [one.go_id for one in denied.meant]
    assert denied.meant


def test_no_genes_have_no_clues(finder: ClueFinder) -> None:
    assert all(table.shape[0] == 0 for table in finder.find([])[PROCESS].tables.values())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Uncharacterized protein", ""),
        ("uncharacterised protein C1orf1", ""),
        ("hypothetical protein", ""),
        ("unknown", ""),
        ("Putative protein", ""),
        ("Uncharacterized protein, isoform G", ""),
        ("Putative lid opener", "Putative lid opener"),
        ("Putative protein phosphatase 2C 50", "Putative protein phosphatase 2C 50"),
        ("Novel protein similar to lid opener", "Novel protein similar to lid opener"),
        ("", ""),
    ],
)
def test_names_that_say_nothing(name: str, told: str) -> None:
    assert telling_name(Gene("a", "", name)) == told


def test_similarities_are_no_more_than_one(finder: ClueFinder) -> None:
    clues = finder.find(list(finder.reference.genes))
    for aspect in ASPECTS:
        for table in clues[aspect].tables.values():
            assert ((table.data >= 0) & (table.data <= 1 + 1e-9)).all()
            assert np.isfinite(table.data).all()
