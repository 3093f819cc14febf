from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    precision_recall_fscore_support,
    roc_auc_score,
)

from gotune.aspects import Head
from gotune.errors import DatasetError, InputError
from gotune.estimates import Estimate
from gotune.evaluation.reliability import expected_calibration_error
from gotune.evaluation.sentences.scores import risk_coverage, score_tagging

GENERATOR = np.random.default_rng(0)
ARTICLES = [f"paper {number // 30}" for number in range(600)]
SHARE = np.repeat(0.1 + GENERATOR.random((20, 3)) / 2, 30, axis=0)
TRUTH = GENERATOR.random((600, 3)) < SHARE
P = np.clip((GENERATOR.random((600, 3)) + TRUTH / 2) / 1.5, 0, 1)
THRESHOLDS = (0.4, 0.5, 0.6)


def test_figures_are_those_of_scikit_learn() -> None:
    found = score_tagging("model", TRUTH, P, articles=ARTICLES, thresholds=THRESHOLDS)
    for label, row in enumerate(found.aspects):
        truth, p = TRUTH[:, label], P[:, label]
        figures = precision_recall_fscore_support(truth, p >= THRESHOLDS[label], average="binary")[:3]
        assert tuple(map(value, (row.precision, row.recall, row.f1))) == pytest.approx(figures)
        assert value(row.auroc) == pytest.approx(roc_auc_score(truth, p))
        assert value(row.average_precision) == pytest.approx(average_precision_score(truth, p))
        assert (row.support, row.threshold) == (truth.sum(), THRESHOLDS[label])
        assert row.f1 is not None
        assert row.f1.interval.low < row.f1.value < row.f1.interval.high
        assert row.judged == 600
    assert found.macro_auroc.value == pytest.approx(roc_auc_score(TRUTH, P))
    assert found.macro_average_precision.value == pytest.approx(average_precision_score(TRUTH, P))
    assert found.macro_f1.value == pytest.approx(np.mean([value(row.f1) for row in found.aspects]))
    one = TRUTH.sum(axis=1) == 1
    expected = balanced_accuracy_score(TRUTH[one].argmax(axis=1), P[one].argmax(axis=1))
    assert value(found.balanced_accuracy) == pytest.approx(expected)
    assert found.calibration_error.value == pytest.approx(expected_calibration_error(TRUTH, P))
    assert found.calibration_error.interval.low <= found.calibration_error.value
    assert json.loads(json.dumps(found.to_dict()))["aspects"][1]["aspect"] == "cellular_component"


def test_thresholds_may_differ_from_row_to_row() -> None:
    levels = GENERATOR.choice([0.2, 0.5, 0.8], size=P.shape)
    found = score_tagging("model", TRUTH, P, articles=ARTICLES, thresholds=levels)
    for label, row in enumerate(found.aspects):
        expected = precision_recall_fscore_support(
            TRUTH[:, label], P[:, label] >= levels[:, label], average="binary"
        )[:3]
        assert tuple(map(value, (row.precision, row.recall, row.f1))) == pytest.approx(expected)
        assert row.threshold == pytest.approx(levels[:, label].mean())


def test_a_single_head_tags_the_most_probable_aspect() -> None:
    found = score_tagging(
        "model", TRUTH, P, articles=ARTICLES, thresholds=(0.99, 0.99, 0.99), head=Head.SINGLE
    )
    expected = precision_recall_fscore_support(TRUTH, np.eye(3)[P.argmax(axis=1)], average=None)[2]
    assert [value(row.f1) for row in found.aspects] == pytest.approx(expected.tolist())


def test_profiles_are_those_of_scipy() -> None:
    found = score_tagging("model", TRUTH, P, articles=ARTICLES, thresholds=THRESHOLDS)
    true, predicted = (values.reshape(20, 30, 3).mean(axis=1) for values in (TRUTH, P))
    across = [spearmanr(true[:, label], predicted[:, label]).statistic for label in range(3)]
    varying = [pair for pair in zip(true, predicted, strict=True) if len(set(pair[0])) > 1]
    within = [spearmanr(*pair).statistic for pair in varying]
    assert value(found.profile_correlation) == pytest.approx(np.mean(across))
    assert value(found.within_correlation) == pytest.approx(np.mean(within))


def test_intervals_by_article_are_wider_where_articles_differ() -> None:
    by_article = score_tagging("model", TRUTH, P, articles=ARTICLES, thresholds=THRESHOLDS)
    by_sentence = score_tagging("model", TRUTH, P, articles=[""] * 600, thresholds=THRESHOLDS)
    assert width(by_article.aspects[0].precision) > 1.2 * width(by_sentence.aspects[0].precision)
    assert by_sentence.profile_correlation is None
    assert by_sentence.within_correlation is None
    assert by_sentence.macro_auroc.value == by_article.macro_auroc.value


def test_a_model_that_says_the_same_everywhere() -> None:
    found = score_tagging("majority", TRUTH, np.full((600, 3), 0.2), articles=ARTICLES, thresholds=THRESHOLDS)
    assert found.macro_auroc.value == 0.5
    assert found.macro_average_precision.value == pytest.approx(TRUTH.mean())
    assert found.macro_f1.value == 0
    assert value(found.balanced_accuracy) == pytest.approx(1 / 3)
    assert found.profile_correlation is None


def test_without_an_aspect_that_stands_alone_there_is_no_balanced_accuracy() -> None:
    truth = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 1], [0, 0, 0]] * 5, dtype=bool)
    found = score_tagging("m", truth, truth * 0.9, articles=list("abcd") * 5, thresholds=THRESHOLDS)
    assert found.balanced_accuracy is None


@pytest.mark.parametrize("label", [0.0, 1.0, np.nan])
def test_an_aspect_of_one_kind_has_no_figures(label: float) -> None:
    truth = TRUTH.astype(float)
    truth[:, 2] = label
    found = score_tagging("model", truth, P, articles=ARTICLES, thresholds=THRESHOLDS)
    process, component, function = found.aspects
    assert (function.auroc, function.average_precision, function.precision) == (None, None, None)
    assert (function.recall, function.f1) == (None, None)
    assert function.judged == (0 if np.isnan(label) else 600)
    assert function.support == (600 if label == 1 else 0)
    assert found.macro_auroc.value == pytest.approx((value(process.auroc) + value(component.auroc)) / 2)
    assert found.macro_f1.value == pytest.approx((value(process.f1) + value(component.f1)) / 2)
    truth[:, :2] = np.nan
    with pytest.raises(DatasetError, match="found 600 without such an aspect"):
        score_tagging("model", truth, P, articles=ARTICLES, thresholds=THRESHOLDS)


@pytest.mark.parametrize("wrong", [np.nan, -0.1, 1.5])
def test_what_is_no_probability_is_refused(wrong: float) -> None:
    p = P.copy()
    p[3, 1] = wrong
    with pytest.raises(InputError, match="model: expected a probability from 0 to 1"):
        score_tagging("model", TRUTH, p, articles=ARTICLES, thresholds=THRESHOLDS)


def test_risk_and_coverage() -> None:
    truth = np.array([[1, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)
    p = np.array([[0.99, 0.0, 0.0], [0.1, 0.1, 0.1], [0.0, 0.4, 0.0], [0.3, 0.3, 0.6]])
    found = risk_coverage(truth, p)
    assert found.certainty == pytest.approx((0.99, 0.9, 0.6))
    assert found.coverage == pytest.approx((0.25, 0.5, 1))
    assert found.risk == pytest.approx((0, 0, 1 / 12))  # one of the twelve decisions is wrong


def test_a_long_curve_is_thinned_and_ends_with_all() -> None:
    generator = np.random.default_rng(0)
    truth = generator.random((5000, 3)) < 0.3
    p = generator.random((5000, 3))
    found = risk_coverage(truth, p)
    assert found.coverage == pytest.approx(np.arange(1, 101) / 100)
    assert found.risk[-1] == pytest.approx((truth != (p >= 0.5)).mean())


def value(estimate: Estimate | None) -> float:
    assert estimate is not None
    return estimate.value


def width(estimate: Estimate | None) -> float:
    assert estimate is not None
    return estimate.interval.high - estimate.interval.low
