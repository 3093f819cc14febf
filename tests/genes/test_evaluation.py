from __future__ import annotations

import json

import pytest

from gotune.errors import InputError
from gotune.genes.annotator import MIN_DEPTH, GeneAnnotator
from gotune.genes.evaluation import (
    JOINED,
    NAIVE,
    NEW,
    WITHOUT_OWN,
    GeneEvaluation,
    evaluate_genes,
    targets_of,
)
from gotune.genes.joiner import Joiner
from gotune.genes.reference import Reference
from gotune.genes.truth import Knowledge
from gotune.linking.annotator import Annotator
from gotune.ontology.ontology import Ontology
from tests.genes.annotated import COMPONENT, FUNCTION, PROCESS

LATER = {
    "Made:Lid1": {"GO:0000012", "GO:0000013", "GO:0000032"},
    "Made:Lid2": {"GO:0000021", "GO:0000032", "GO:0000012"},
    "Made:BOX1": {"GO:0000032"},
    "Made:LID3": {"GO:0000091"},
    "elsewhere": {"GO:0000032"},
}
METHODS = [
    JOINED,
    WITHOUT_OWN,
    "genes of like names",
    "genes with the same symbol",
    "own electronic annotations",
    NAIVE,
]


@pytest.fixture(scope="module")
def annotator(small: Ontology, reference: Reference, namer: Annotator) -> GeneAnnotator:
    found = GeneAnnotator(small, reference, namer, Joiner.load())
    found._depths[found._depths > 0] += (
        MIN_DEPTH  # or no term of so small an ontology would be specific enough
    )
    return found


@pytest.fixture(scope="module")
def evaluation(annotator: GeneAnnotator) -> GeneEvaluation:
    return evaluate_genes(annotator, LATER)


def test_targets_are_what_came_later_by_what_was_known(small: Ontology, reference: Reference) -> None:
    found = targets_of(reference, LATER, small)
    genes = {kind: {aspect: one.genes for aspect, one in of.items()} for kind, of in found.items()}
    assert genes[NEW][FUNCTION] == ("Made:BOX1", "Made:Lid1", "Made:Lid2")
    assert genes[Knowledge.NONE][FUNCTION] == ("Made:BOX1",)
    assert genes[Knowledge.LIMITED][FUNCTION] == ("Made:Lid1", "Made:Lid2")
    assert genes[Knowledge.PARTIAL][PROCESS] == ("Made:Lid1",)
    assert genes[NEW][COMPONENT] == ("Made:Lid2",)


def test_methods_stand_side_by_side(evaluation: GeneEvaluation) -> None:
    assert (evaluation.release, evaluation.genes) == ("2030-01-31", 5)
    functions = [row for row in evaluation.rows if (row.knowledge, row.measures.aspect) == (NEW, FUNCTION)]
    assert [row.method for row in functions] == METHODS
    assert {row.measures.genes for row in functions} == {3}
    electronic = functions[4].measures  # Lid2 alone has one, and it is right
    assert electronic.coverage == pytest.approx(1 / 3)
    assert electronic.fmax.value == pytest.approx(0.5)


def test_what_became_of_suggestions(evaluation: GeneEvaluation, annotator: GeneAnnotator) -> None:
    shares = {one.aspect: one for one in evaluation.shares}
    assert {aspect: one.threshold for aspect, one in shares.items()} == annotator.thresholds
    assert {aspect: one.genes for aspect, one in shares.items()} == {PROCESS: 0, COMPONENT: 1, FUNCTION: 3}
    suggested = {one.gene.id: one for one in annotator.annotate(annotator.reference.genes)}
    wanted = [
        (one.go_id, gene)
        for gene in ("Made:Lid1", "Made:Lid2", "Made:BOX1")
        for one in suggested[gene].suggestions
        if one.aspect is FUNCTION
    ]
    assert wanted == [("GO:0000032", "Made:BOX1")]
    function = shares[FUNCTION]
    assert (function.suggestions, function.told) == (
        len(wanted),
        sum(one == "GO:0000032" for one, _ in wanted),
    )
    scored = sum(one.count for one in evaluation.reliability.aspects[FUNCTION.label])
    assert scored >= function.suggestions


def test_plain_values(evaluation: GeneEvaluation) -> None:
    found = json.loads(json.dumps(evaluation.to_dict()))
    assert (found["release"], found["genes"], len(found["suggestions"])) == ("2030-01-31", 5, 3)
    assert len(found["rows"]) == len(evaluation.rows)
    assert set(found["rows"][0]) >= {"method", "knowledge", "aspect", "fmax", "weighted_aupr", "smin"}


def test_where_nothing_new_was_told_nothing_is_measured(annotator: GeneAnnotator) -> None:
    with pytest.raises(InputError, match="a gene with an experiment on something new, found none of 1 genes"):
        evaluate_genes(annotator, {"Made:Lid1": {"GO:0000012"}})
