from __future__ import annotations

import json
from math import hypot

import numpy as np
import pytest

from gotune.aspects import Aspect
from gotune.errors import DatasetError, InputError
from gotune.estimates import N_RESAMPLES, draw_resamples
from gotune.genes.measures import THRESHOLDS, GeneMeasures, Norm, measure_genes
from gotune.genes.scores import GeneScores
from gotune.genes.space import TermSpace
from gotune.genes.truth import Knowledge, cafa_targets

BP, CC, MF = Aspect
TRUTH = {"a": {"GO:0000013"}, "b": {"GO:0000011"}, "c": {"GO:0000012"}}
SAID = {
    "a": {"GO:0000012": 0.9, "GO:0000021": 1.0},
    "b": {"GO:0000013": 0.5, "GO:0000001": 1.0},
    "elsewhere": {"GO:0000011": 1.0},
}
BITS = np.array([0, 0, 0, 1, 2, 4, 1, 1, 1, 1, 1], dtype=float)
"""Of the second to fourth process: 1, 2 and 4."""


def measured(space: TermSpace, norm: Norm = Norm.CAFA) -> GeneMeasures:
    targets = cafa_targets({}, TRUTH, space)[Knowledge.NONE][BP]
    return measure_genes(GeneScores.of(SAID, space), targets, space, BITS, norm=norm)


def test_figures_worked_out_by_hand(space: TermSpace) -> None:
    found = measured(space)
    low, high = 30, 80  # thresholds of .31 and .81
    curve = found.curve
    assert (found.aspect, found.genes) == (BP, 3)
    assert found.coverage == pytest.approx(2 / 3)
    assert curve.coverage[[low, high]] == pytest.approx([2 / 3, 1 / 3])
    # a: 2 of 2 said are true, 2 of 3 true are said. b: 1 of 3, 1 of 1. c: nothing is said.
    assert curve.precision[[low, high]] == pytest.approx([(1 + 1 / 3) / 2, 1])
    assert curve.recall[[low, high]] == pytest.approx([(2 / 3 + 1) / 3, 2 / 3 / 3])
    # In bits, a: 3 of 3, 3 of 7. b: 1 of 7, 1 of 1.
    assert curve.weighted_precision[[low, high]] == pytest.approx([(1 + 1 / 7) / 2, 1])
    assert curve.weighted_recall[[low, high]] == pytest.approx([(3 / 7 + 1) / 3, 3 / 7 / 3])
    assert curve.misinformation[[low, high]] == pytest.approx([6 / 3, 0])
    assert curve.remaining[[low, high]] == pytest.approx([(4 + 0 + 3) / 3, (4 + 1 + 3) / 3])
    precision, recall = 2 / 3, 5 / 9
    assert found.fmax.value == pytest.approx(2 * precision * recall / (precision + recall))
    assert found.threshold == pytest.approx(0.01)
    assert found.weighted_aupr.value == pytest.approx((10 / 21 - 1 / 7) * (1 + 1 / 7) / 2 + 1 / 7)
    assert found.smin.value == pytest.approx(min(hypot(2, 7 / 3), 8 / 3))


def test_what_means_are_over(space: TermSpace) -> None:
    of_said, of_all = measured(space, norm=Norm.PREDICTED).curve, measured(space, norm=Norm.TARGETS).curve
    assert of_said.recall[80] == pytest.approx(2 / 3)  # of the one gene of which something is said
    assert of_said.remaining[80] == pytest.approx(4 + 1 + 3)
    assert of_said.coverage[80] == of_all.coverage[80] == pytest.approx(1 / 3)
    assert of_all.precision[80] == pytest.approx(1 / 3)


def test_a_score_that_is_a_threshold_passes_it(space: TermSpace) -> None:
    targets = cafa_targets({}, {"a": {"GO:0000011"}, "b": {"GO:0000011"}}, space)[Knowledge.NONE][BP]
    for threshold in (1, 7, 29, 57, 99):
        said = GeneScores.of({"a": {"GO:0000011": float(THRESHOLDS[threshold - 1])}}, space)
        coverage = measure_genes(said, targets, space, BITS).curve.coverage
        assert (coverage > 0).sum() == threshold


def test_what_was_known_counts_neither_for_nor_against(space: TermSpace) -> None:
    before, after = ({gene: {go_id} for gene in "ab"} for go_id in ("GO:0000012", "GO:0000013"))
    targets = cafa_targets(before, after, space)[Knowledge.PARTIAL][BP]
    said = GeneScores.of({"a": {"GO:0000013": 0.5}, "b": {"GO:0000012": 1.0}}, space)
    curve = measure_genes(said, targets, space, BITS).curve
    assert (curve.coverage[0], curve.precision[0], curve.recall[0]) == (0.5, 1, 0.5)
    assert (curve.misinformation[0], curve.remaining[0]) == (0, 2)


@pytest.mark.parametrize("norm", list(Norm))
def test_of_nothing_said_nothing_is_right(space: TermSpace, norm: Norm) -> None:
    targets = cafa_targets({}, TRUTH, space)[Knowledge.NONE][BP]
    found = measure_genes(GeneScores.of({}, space), targets, space, BITS, norm=norm)
    assert (found.coverage, found.fmax.value, found.weighted_fmax.value) == (0, 0, 0)
    assert found.weighted_aupr.value == 0
    assert found.smin.value == pytest.approx((7 + 1 + 3) / 3)
    written = json.loads(json.dumps(found.to_dict()))
    assert (written["aspect"], written["genes"]) == ("biological_process", 3)
    assert written["fmax"] == {"value": 0, "interval": {"low": 0, "high": 0}}


def test_intervals_draw_families_whole(space: TermSpace) -> None:
    genes = [f"gene{number}" for number in range(12)]
    targets = cafa_targets({}, {gene: {"GO:0000011"} for gene in genes}, space)[Knowledge.NONE][BP]
    genes = list(targets.genes)
    said = GeneScores.of({gene: {"GO:0000011": 0.5} for gene in genes[:6]}, space)
    families = {gene: f"family {number // 3}" for number, gene in enumerate(genes)}
    found = measure_genes(said, targets, space, BITS, families=families)
    # Precision is 1 where a gene is drawn of which something is said, recall the share of such genes.
    recall = draw_resamples(4, 0, N_RESAMPLES)[:, :2].sum(axis=1) / 4
    low, high = np.percentile(2 * recall / (1 + recall), [2.5, 97.5])
    assert found.fmax.value == pytest.approx(2 / 3)
    assert (found.fmax.interval.low, found.fmax.interval.high) == pytest.approx((low, high))
    alone = measure_genes(said, targets, space, BITS).fmax.interval
    assert alone.high - alone.low < high - low


def test_there_must_be_targets_of_two_families(space: TermSpace) -> None:
    targets = cafa_targets({}, TRUTH, space)[Knowledge.NONE]
    said = GeneScores.of(SAID, space)
    with pytest.raises(InputError, match="targets of cellular component: expected at least one gene"):
        measure_genes(said, targets[CC], space, BITS)
    with pytest.raises(DatasetError):
        measure_genes(said, targets[BP], space, BITS, families=dict.fromkeys("abc", "one"))
