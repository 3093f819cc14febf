from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gotune.errors import GeneError
from gotune.genes.annotator import GeneAnnotator
from gotune.genes.associations import Relation
from gotune.genes.gene import Gene, GeneText
from gotune.genes.joiner import Joiner
from gotune.genes.reference import Basis, Reference
from gotune.genes.space import TermSpace
from gotune.genes.suggestions import AnnotatedGene, Place
from gotune.linking.annotator import Annotator
from gotune.ontology.loading import load_ontology
from gotune.ontology.ontology import Ontology
from tests.genes.annotated import COMPONENT, FUNCTION, PROCESS, association, associations, write_reference
from tests.genes.conftest import SMALL, small_release
from tests.genes.said import plain

NEW = Gene("new", "Lid9", "lid opener 9", (), 7)


@pytest.fixture(scope="module")
def annotator(small: Ontology, reference: Reference, namer: Annotator) -> GeneAnnotator:
    return GeneAnnotator(small, reference, namer, Joiner.load())


def suggested(annotator: GeneAnnotator, gene: Gene, **settings: object) -> AnnotatedGene:
    return next(annotator.annotate([gene], **{"threshold": 0.01, "min_depth": 1, **settings}))  # type: ignore[arg-type]


def test_the_most_specific_terms_come_with_their_evidence(annotator: GeneAnnotator) -> None:
    found = suggested(annotator, NEW)
    terms = {one.go_id: one for one in found.suggestions}
    assert set(terms) <= {"GO:0000012", "GO:0000013", "GO:0000021", "GO:0000032"}
    assert "GO:0000011" not in terms  # what is below it is suggested
    some = terms.get("GO:0000013") or terms["GO:0000012"]
    assert some.aspect is PROCESS
    assert {one.why for one in some.like} == {"like name"}
    assert [one.score for one in found.suggestions] == sorted(
        (one.score for one in found.suggestions), reverse=True
    )
    assert found.doubts == ()


def test_a_way_from_the_root_is_told(annotator: GeneAnnotator) -> None:
    ways = {one.go_id: one.above for one in suggested(annotator, NEW).suggestions}
    root = ("GO:0000001", "term GO:0000001")
    assert ways == {
        "GO:0000013": (root,),  # a part of a deeper one, and a kind of the root
        "GO:0000021": (("GO:0000002", "term GO:0000002"),),
        "GO:0000032": (("GO:0000003", "term GO:0000003"),),
    }


def test_a_way_from_the_root_may_be_long(tmp_path: Path, namer: Annotator) -> None:
    end = 1_200
    stanzas = [SMALL, "\n[Term]\nid: GO:0000001\nname: term 1\nnamespace: biological_process\n"]
    for number in range(2, end + 1):
        stanzas.append(
            f"\n[Term]\nid: GO:{number:07}\nname: term {number}\nnamespace: biological_process\n"
            f"is_a: GO:{number - 1:07}\n"
        )
    (tmp_path / "deep.obo").write_text("".join(stanzas))
    release = load_ontology(tmp_path / "deep.obo")
    deep = [replace(association("Lid1", "12"), go_id=f"GO:{end:07}")]
    known = Reference.of(deep, release, TermSpace(release))
    some = GeneAnnotator(release, known, namer.of_release(release), Joiner.load())
    (found,) = suggested(some, NEW).suggestions
    assert (found.go_id, len(found.above)) == (f"GO:{end:07}", end - 1)


def test_general_and_improbable_terms_are_left_out(annotator: GeneAnnotator) -> None:
    assert suggested(annotator, NEW, threshold=1.0).suggestions == ()
    deep = suggested(annotator, NEW, min_depth=2).suggestions
    assert {one.aspect for one in deep} == {PROCESS}  # the others stand right below their roots
    with pytest.raises(ValueError, match="threshold: expected a probability, found 2"):
        suggested(annotator, NEW, threshold=2)


def test_what_experiments_told_is_not_suggested_again(annotator: GeneAnnotator) -> None:
    lid1 = annotator.reference.genes[0]
    known = {one.go_id for one in suggested(annotator, lid1).suggestions}
    assert not known & {"GO:0000012", "GO:0000021"}
    again = {one.aspect for one in suggested(annotator, lid1, own=False).suggestions}
    assert PROCESS in again


def test_what_is_denied_is_not_suggested(small: Ontology, space: TermSpace, namer: Annotator) -> None:
    """Nor is a part of it; more general terms are."""
    rows = [*associations(), association("Lid9", "12", negated=True)]
    known = Reference.of(rows, small, space)
    some = GeneAnnotator(small, known, namer, Joiner.load())
    gene = Gene("Made:Lid9", "Lid9", "lid opener 9", (), 7)
    of_process = {one.go_id for one in suggested(some, gene).suggestions if one.aspect is PROCESS}
    assert of_process == {"GO:0000011"}
    again = {one.go_id for one in suggested(some, gene, own=False).suggestions}
    assert again & {"GO:0000012", "GO:0000013"}


def test_what_is_denied_of_one_of_two_entries_is_denied(
    small: Ontology, space: TermSpace, namer: Annotator
) -> None:
    twins = (replace(association(id_, "12"), symbol="Lid9") for id_ in ("a", "b"))
    denied, other = (replace(one, evidence="IEA") for one in twins)
    rows = [*associations(), replace(denied, negated=True), other]
    some = GeneAnnotator(small, Reference.of(rows, small, space), namer, Joiner.load())
    gene = Gene("elsewhere:1", "Lid9", "lid opener 9", (), 7)
    of_process = {one.go_id for one in suggested(some, gene).suggestions if one.aspect is PROCESS}
    assert of_process == {"GO:0000011"}


def test_a_gene_is_a_part_of_a_complex(tmp_path: Path, namer: Annotator) -> None:
    text = small_release(tmp_path).read_text().replace("GO:0000021", "GO:0032991")
    (tmp_path / "small.obo").write_text(text)
    release = load_ontology(tmp_path / "small.obo")
    rows = (replace(one, go_id=one.go_id.replace("GO:0000021", "GO:0032991")) for one in associations())
    known = Reference.of(rows, release, TermSpace(release))
    some = GeneAnnotator(release, known, namer, Joiner.load())
    relations = {one.go_id: one.relation for one in suggested(some, NEW).suggestions}
    assert relations["GO:0032991"] is Relation.PART_OF
    assert {Relation.INVOLVED_IN} < set(relations.values())


def test_a_gene_is_known_by_its_symbol_and_organism(annotator: GeneAnnotator) -> None:
    other_id = Gene("elsewhere:1", "LID1", "lid opener 1", (), 7)
    assert not {one.go_id for one in suggested(annotator, other_id).suggestions} & {
        "GO:0000012",
        "GO:0000021",
    }


def test_what_a_gene_lacks_is_taken_of_the_reference(annotator: GeneAnnotator) -> None:
    whole = annotator.reference.genes[1]
    found = suggested(annotator, Gene(whole.id, ""))
    assert (found.gene.symbol, found.gene.name, found.gene.taxon) == ("Lid2", "lid opener 2", 7)
    assert found == suggested(annotator, whole)
    mine = suggested(annotator, replace(whole, symbol="Mine")).gene
    assert (mine.symbol, mine.name) == ("Mine", "lid opener 2")
    bare = Gene("7", "")  # of which database is not told
    assert suggested(annotator, bare).gene == bare


def test_the_name_of_an_entry_tells_nothing(annotator: GeneAnnotator) -> None:
    gene = Gene("UniProtKB:A0A024RBG1", "A0A024RBG1_HUMAN", "Uncharacterized protein", (), 7)
    assert suggested(annotator, gene).doubts


def test_no_genes_have_no_scores(annotator: GeneAnnotator) -> None:
    assert annotator.scores([]).scores.shape == (0, len(annotator.reference.space))


def test_own_annotations_are_told(annotator: GeneAnnotator) -> None:
    lid2 = annotator.reference.genes[1]
    function = [one for one in suggested(annotator, lid2).suggestions if one.aspect is FUNCTION]
    assert [(one.go_id, one.own) for one in function] == [("GO:0000032", (Basis.ELECTRONIC,))]


def test_words_that_name_a_term_are_told(annotator: GeneAnnotator) -> None:
    gene = Gene("t", "", "", (), 7, (GeneText("It is a part of term GO:0000021.", "PMID:5"),))
    component = [one for one in suggested(annotator, gene).suggestions if one.aspect is COMPONENT]
    ((found,),) = [one.places for one in component]
    assert 0 < found.score < 1
    place = Place("PMID:5", "term GO:0000021", "GO:0000021", "It is a part of term GO:0000021.", found.score)
    assert found == place


def test_the_paper_cited_in_a_sentence_is_where_it_is_from(annotator: GeneAnnotator) -> None:
    text = "It binds (PubMed:1). Its hinge is term GO:0000021 (PubMed:27, PubMed:28). It opens (PubMed:3)."
    gene = Gene("t", "", "", (), 7, (GeneText(text),))
    component = [one for one in suggested(annotator, gene).suggestions if one.aspect is COMPONENT]
    assert [place.source for one in component for place in one.places] == ["PMID:27"]


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        (
            "Es öffnet den Deckel der Zelle und bindet an das Protein der Membran.",
            ("a text of it is not English",),
        ),
        ("It opens the lid of the cell and binds the protein of the membrane.", ()),
        ("It opens.", ()),
    ],
)
def test_a_text_in_another_language_is_doubtful(
    annotator: GeneAnnotator, text: str, doubts: tuple[str, ...]
) -> None:
    gene = Gene("t", "Lid9", "lid opener 9", (), 7, (GeneText(text),))
    assert suggested(annotator, gene).doubts == doubts


def test_of_a_gene_without_anything_that_is_said(annotator: GeneAnnotator) -> None:
    found = suggested(annotator, Gene("u", "", "Uncharacterized protein", (), 7), threshold=0.9)
    assert found.suggestions == ()
    assert found.doubts == (
        "no symbol, no name that tells anything, and no text: nothing but how frequent terms are",
    )


def test_scores_are_of_all_terms_and_the_same_however_many_genes(annotator: GeneAnnotator) -> None:
    both = annotator.scores([NEW, Gene("u", "", "", (), 8)], own=False)
    alone = annotator.scores([NEW], own=False)
    assert both.genes == ("new", "u")
    space = annotator.reference.space
    assert plain(both.scores, space)[0] == pytest.approx(plain(alone.scores, space)[0])


def test_a_reference_without_annotations_is_refused(small: Ontology, tmp_path: Path) -> None:
    path = tmp_path / "empty.gaf"
    path.write_text("!gaf-version: 2.2\n")
    with pytest.raises(GeneError, match="expected annotations with terms of release 2030-01-31, found none"):
        GeneAnnotator.load(small, reference=path)


def test_a_file_of_ones_own_is_a_reference(small: Ontology, tmp_path: Path) -> None:
    made = GeneAnnotator.load(small, reference=write_reference(tmp_path / "own.gaf"))
    assert len(made.reference.genes) == 5
    assert suggested(made, NEW).suggestions
