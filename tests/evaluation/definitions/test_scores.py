"""The figures against scikit-learn's, and their intervals over families."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support, roc_auc_score

from gotune.errors import DatasetError, InputError
from gotune.estimates import Estimate, Interval, wilson_interval
from gotune.evaluation.definitions.scores import Scorer, score_model


def test_figures_are_those_of_scikit_learn() -> None:
    generator = np.random.default_rng(0)
    truth = generator.integers(3, size=200)
    scores = generator.random((200, 3)) + np.eye(3)[truth] / 2
    found = score_model("model", truth, scores)
    predicted = scores.argmax(axis=1)
    precision, recall, f1, support = precision_recall_fscore_support(truth, predicted)
    for label, row in enumerate(found.aspects):
        figures = (row.precision.value, row.recall.value, row.f1.value, row.support)
        assert figures == pytest.approx((precision[label], recall[label], f1[label], support[label]))
        assert row.roc_auc.value == pytest.approx(roc_auc_score(truth == label, scores[:, label]))
        assert row.f1.interval.low < row.f1.value < row.f1.interval.high
    assert found.accuracy.value == (predicted == truth).mean()
    assert found.macro_f1.value == pytest.approx(f1.mean())
    width = found.accuracy.interval.high - found.accuracy.interval.low
    expected = 2 * 1.96 * np.sqrt(found.accuracy.value * (1 - found.accuracy.value) / 200)
    assert width == pytest.approx(expected, rel=0.15)


def test_an_aspect_that_is_never_predicted_has_precision_zero() -> None:
    found = score_model("always 0", np.array([0, 1, 2]), np.array([[1.0, 0.0, 0.0]] * 3))
    assert [row.precision.value for row in found.aspects] == pytest.approx([1 / 3, 0, 0])
    assert found.confusion == ((1, 0, 0), (1, 0, 0), (1, 0, 0))


def test_resamples_without_an_aspect_tell_nothing_of_it() -> None:
    truth = np.array([0] * 20 + [1] * 20 + [2] * 2)
    found = score_model("right", truth, np.eye(3)[truth]).aspects[2]
    assert found.recall == found.precision == Estimate(1.0, wilson_interval(1.0, 2))
    assert found.f1.interval.low == pytest.approx(2 * (low := wilson_interval(1.0, 2).low) / (1 + low))


def test_a_part_without_an_aspect_is_refused() -> None:
    with pytest.raises(DatasetError, match="found none of molecular_function"):
        score_model("model", np.array([0, 1]), np.zeros((2, 3)))


def test_scores_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="expected a finite score for every text and aspect, found nan"):
        score_model("model", np.array([0, 1, 2]), np.full((3, 3), np.nan))


def test_families_are_drawn_whole() -> None:
    truth = np.tile([0, 1, 2], 4)
    scores = np.eye(3)[truth]
    scores[:3] = np.roll(scores[:3], 1, axis=1)  # the first family is wrong in every row
    families = ["a"] * 3 + ["b"] * 9
    scorer = Scorer(truth, families)
    assert (scorer.n_families, scorer.by_row) == (2, False)
    # Two families of two give one of three samples, of which those of one family alone take a quarter each.
    assert scorer.accuracy("model", scores) == Estimate(0.75, Interval(0.0, 1.0))
    by_row = Scorer(truth).accuracy("model", scores)
    assert 0.4 < by_row.interval.low < 0.75 < by_row.interval.high <= 1.0
    assert scorer.score("model", scores).accuracy == scorer.accuracy("model", scores)


def test_families_of_one_row_each_are_rows() -> None:
    truth = np.array([0, 1, 2, 0])
    scores = np.eye(3)[[0, 1, 2, 2]]
    by_family = Scorer(truth, ["a", "b", "c", "d"]).score("model", scores)
    assert by_family == score_model("model", truth, scores)


def test_one_family_says_nothing_so_that_rows_are_drawn() -> None:
    scorer = Scorer(np.array([0, 1, 2]), ["a", "a", "a"])
    assert (scorer.n_families, scorer.by_row) == (3, True)


def test_confusions_are_those_of_scikit_learn() -> None:
    truth, predicted = np.array([0, 1, 2, 2, 1, 0, 0, 2]), np.array([0, 1, 1, 2, 1, 0, 2, 2])
    found = score_model("model", truth, np.eye(3)[predicted])
    assert np.array(found.confusion).tolist() == confusion_matrix(truth, predicted).tolist()


def test_a_part_without_an_aspect_has_an_accuracy() -> None:
    assert Scorer(np.array([0, 0, 1])).accuracy("model", np.eye(3)[[0, 0, 2]]).value == pytest.approx(2 / 3)


def test_where_nothing_is_missed_intervals_are_of_the_families() -> None:
    truth = np.repeat([0, 1, 2], 20)
    families = [f"{label}, {row % (10, 20, 5)[label]}" for row, label in enumerate(truth)]
    found = Scorer(truth, families).score("model", np.eye(3)[truth])
    assert found.accuracy == Estimate(1, wilson_interval(1, 35))
    for row, n, n_other in zip(found.aspects, (10, 20, 5), (25, 15, 30), strict=True):
        assert row.precision == row.recall == Estimate(1, wilson_interval(1, n))
        assert row.roc_auc == Estimate(1, wilson_interval(1, min(n, n_other)))
        # F1 is that of a precision of 1 and a recall at the end of its interval.
        low = row.recall.interval.low
        assert (row.f1.interval.low, row.f1.interval.high) == pytest.approx((2 * low / (1 + low), 1))
    for mean, name in ((found.macro_f1, "f1"), (found.macro_roc_auc, "roc_auc")):
        lows = [getattr(row, name).interval.low for row in found.aspects]
        assert (mean.value, mean.interval.high) == (1, 1)
        assert mean.interval.low == pytest.approx(np.mean(lows))


def test_of_an_aspect_that_is_never_predicted_nothing_is_known() -> None:
    found = score_model("always 0", np.array([0, 0, 1, 1, 2, 2]), np.array([[1.0, 0.0, 0.0]] * 6))
    assert found.aspects[1].precision == Estimate(0, Interval(0, 1))
    assert found.aspects[1].recall == Estimate(0, wilson_interval(0, 2))
