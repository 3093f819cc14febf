"""Means over corpora, with intervals."""

from __future__ import annotations

import numpy as np
import pytest

from gotune.estimates import Counts
from gotune.evaluation.sentences.resampled import ResampledTagging, mean_tagging
from gotune.evaluation.sentences.scores import resample_tagging, score_tagging
from gotune.model.decisions import Floats, Truth


def drawn(seed: int, *, n_articles: int = 20) -> tuple[Truth, Floats, list[str]]:
    """Return labels, probabilities and articles, ten sentences each."""
    generator = np.random.default_rng(seed)
    truth = (generator.random((10 * n_articles, 3)) < 0.4).astype(float)
    p = (generator.random(truth.shape) + truth / 2) / 1.5
    return truth, p, [f"paper {row // 10}" for row in range(len(truth))]


def resampled(truth: Truth, p: Floats, articles: list[str], threshold: float = 0.5) -> ResampledTagging:
    return resample_tagging("m", truth, p, articles=articles, thresholds=(threshold,) * 3)


def test_means_are_over_the_corpora_that_have_a_figure() -> None:
    truth, p, articles = drawn(1)
    partly = truth.copy()
    partly[:, 1:] = np.nan
    one, other = resampled(*drawn(0), threshold=0.4), resampled(partly, p, articles)
    mean, first, second = mean_tagging([one, other]), one.scores(), other.scores()
    assert mean.macro_auroc.value == (first.macro_auroc.value + second.macro_auroc.value) / 2
    assert (
        mean.calibration_error.value == (first.calibration_error.value + second.calibration_error.value) / 2
    )
    assert mean.balanced_accuracy is not None
    assert first.balanced_accuracy is not None
    assert second.balanced_accuracy is None
    assert mean.balanced_accuracy.value == first.balanced_accuracy.value
    process, component, _ = mean.aspects
    halves = [scores.aspects[0].f1 for scores in (first, second)]
    assert process.f1 is not None
    assert process.f1.value == np.mean([half.value for half in halves if half])
    assert component.auroc is not None
    assert first.aspects[1].auroc is not None
    assert component.auroc.value == first.aspects[1].auroc.value
    assert [row.judged for row in mean.aspects] == [400, 200, 200]
    assert process.support == truth[:, 0].sum() + first.aspects[0].support
    assert component.support == first.aspects[1].support
    assert [row.threshold for row in mean.aspects] == pytest.approx([0.45] * 3)


def test_what_no_corpus_has_has_no_mean() -> None:
    truth, p, articles = drawn(0)
    truth[:, 1] = 0
    truth[:, 2] = np.nan
    mean = mean_tagging([resampled(truth, p, articles)] * 2)
    assert mean.balanced_accuracy is None
    assert [row.auroc is None for row in mean.aspects] == [False, True, True]


def test_corpora_are_drawn_independently() -> None:
    """The variance of a mean of two that are alike is half of that of each."""
    one = resampled(*drawn(0))
    mean = mean_tagging([one, one])
    found = (mean.macro_auroc.interval, one.scores().macro_auroc.interval)
    widths = [interval.high - interval.low for interval in found]
    assert widths[0] / widths[1] == pytest.approx(np.sqrt(0.5), abs=0.08)


def test_the_scores_of_one_are_those_of_its_resamples() -> None:
    truth, p, articles = drawn(3)
    scores = score_tagging("m", truth, p, articles=articles, thresholds=(0.5,) * 3)
    found = resampled(truth, p, articles)
    assert found.scores() == scores
    areas: Counts = found.figures["macro_auroc"]
    assert areas.shape == (1001,)
    assert scores.macro_auroc.interval.low == np.percentile(areas[1:], 2.5)
