from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gotune.arrays import pack_lines
from gotune.genes.gene import Gene, GeneText
from gotune.genes.reference import Basis, Reference
from gotune.genes.space import TermSpace
from gotune.ontology.ontology import Ontology
from tests.genes.annotated import association, associations, reference_of
from tests.genes.said import plain


def test_annotations_rise_by_what_they_rest_on(reference: Reference, space: TermSpace) -> None:
    assert [gene.id for gene in reference.genes] == [
        f"Made:{one}" for one in ("Lid1", "Lid2", "LID3", "Box1", "BOX1")
    ]
    assert reference.genes[0] == Gene("Made:Lid1", "Lid1", "lid opener 1", (), 7)
    experiments = plain(reference.of_experiments, space)
    assert experiments[1] == {"01": 1, "11": 1, "12": 1}
    assert experiments[4] == {}
    assert plain(reference.by_basis[Basis.ELECTRONIC], space)[1] == {"03": 1, "32": 1}
    assert plain(reference.of_any, space)[1] == {"01": 1, "11": 1, "12": 1, "03": 1, "32": 1}
    assert plain(reference.inferred, space)[3] == {"01": 1, "11": 1}


def test_what_is_left_out_is_told(small: Ontology, space: TermSpace) -> None:
    rows = [
        association("a", "12", negated=True),
        replace(association("a", "12", negated=True), form="Made:a-2"),
        association("b", "1", "ND"),
        association("c", "12", "ECO:0007636"),
        association("d", "12"),
        association("d", "12", "IMP"),
    ]
    found = Reference.of(rows, small, space)
    assert [gene.id for gene in found.genes] == ["Made:a", "Made:d"]
    assert plain(found.denied, space) == [{"12": 1}, {}]
    assert found.of_any.data.tolist() == [1, 1, 1]  # what two rows say is there once
    assert found.left_out == {
        "it says NOT of a form or of some circumstances alone": 1,
        "it says that nothing is known": 1,
        "its evidence is none that GO has a code for": 1,
    }


def test_texts_come_from_elsewhere(small: Ontology, space: TermSpace) -> None:
    texts = (GeneText("Opens lids.", "PMID:1"),)
    found = reference_of(small, space, texts=(Gene("Made:Lid1", "", texts=texts), Gene("Made:none", "")))
    assert found.genes[0].texts == texts
    assert len(found.genes) == 5


def test_without_genes_nothing_of_them_is_left(reference: Reference, space: TermSpace) -> None:
    left = reference.without({"Made:Lid1", "Made:Lid2", "Made:LID3"})
    assert [gene.id for gene in left.genes] == ["Made:Box1", "Made:BOX1"]
    assert plain(left.of_experiments, space) == [{"03": 1, "32": 1}, {}]
    assert left.number_of == {"Made:Box1": 0, "Made:BOX1": 1}


def test_it_comes_back_as_it_was(small: Ontology, space: TermSpace) -> None:
    texts = (Gene("Made:Lid1", "", texts=(GeneText("Opens.", "PMID:1"), GeneText("Closes."))),)
    found = Reference.of([*associations(), association("a", "12", negated=True)], small, space, texts=texts)
    again = Reference.from_arrays(found.to_arrays(), space)
    assert (again.genes, again.left_out) == (found.genes, found.left_out)
    for basis in Basis:
        assert plain(again.by_basis[basis], space) == plain(found.by_basis[basis], space)
    assert plain(again.denied, space)[-1] == {"12": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"experiment_terms": np.array([99], np.int32)},
        {"experiment_terms": np.array([99, 0, 0, 0, 0], np.int32)},
        {"experiment_counts": np.array([6, -1, 0, 0, 0], np.int32)},
        {"experiment_counts": np.array([1], np.int32)},
        {"genes": np.array([1, 2], np.uint8)},
        {"statement_terms": np.array([0.5])},
        {"genes": pack_lines(["{}", *['["Made:Lid1"]'] * 5])},
    ],
)
def test_what_is_none_is_refused(
    reference: Reference, space: TermSpace, change: dict[str, np.ndarray]
) -> None:
    with pytest.raises(ValueError, match=r"no a|gene"):
        Reference.from_arrays(reference.to_arrays() | change, space)


def test_frequencies_are_those_of_all_where_a_species_has_few(reference: Reference, space: TermSpace) -> None:
    found = {
        space.ids[column][-2:]: reference.frequency(7)[column]
        for column in np.flatnonzero(reference.frequency(7))
    }
    assert found == {
        "01": 1,
        "11": 1,
        "12": 1,
        "13": pytest.approx(1 / 3),
        "02": 1,
        "21": 1,
        "03": 1,
        "32": 1,
    }
    assert (reference.frequency(None) == reference.frequency(7)).all()


def test_rare_terms_have_information(reference: Reference, space: TermSpace) -> None:
    information = dict(zip(space.ids, reference.information, strict=True))
    assert information["GO:0000013"] == pytest.approx(np.log2(3))
    assert information["GO:0000012"] == information["GO:0000021"] == 0
