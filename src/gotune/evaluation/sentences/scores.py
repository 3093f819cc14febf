"""The measures of a tagger, on sentences that carry no aspect, one or several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gotune.aspects import ASPECTS, Aspect, Head
from gotune.errors import DatasetError, InputError
from gotune.estimates import N_RESAMPLES, Counts, Estimate, Interval, estimate
from gotune.evaluation.reliability import N_BINS, equal_mass_bins
from gotune.evaluation.resampling import GroupedResamples, resample_groups
from gotune.evaluation.sentences.results import AspectTagging, RiskCoverage, TaggingScores
from gotune.model.decisions import EVEN_THRESHOLD, Flags, Floats, certainties, decide, last_of_equals


def score_tagging(
    model: str,
    truth: NDArray[np.bool_],
    probabilities: NDArray[np.float64],
    *,
    articles: Sequence[str],
    thresholds: ArrayLike,
    head: Head = Head.MULTI,
    n_resamples: int = N_RESAMPLES,
) -> TaggingScores:
    """Compute all figures of one tagger, with 95 % bootstrap intervals by article.

    Models scored on the same articles get the same resamples.

    Args:
        model: Name for tables.
        truth: Which aspects each sentence has, of shape ``(rows, 3)``.
        probabilities: Of the same shape.
        articles: Article of each sentence; one whose article is unknown, ``""``, is drawn by itself.
        thresholds: Least probability of each aspect at which a sentence counts as tagged, from
            `gotune.model.decisions.choose_thresholds` on other sentences: of shape ``(3,)``, or
            ``(rows, 3)`` if models with thresholds of their own were asked about some rows each. The scores
            name their means.
        head: With `Head.SINGLE` the most probable aspect is tagged instead, whatever the thresholds.
        n_resamples: How often the articles are drawn.

    Raises:
        DatasetError: No sentence has an aspect, or all have it, or all are of one article.
        InputError: A probability is no number from 0 to 1.
    """
    check_tagging(truth, probabilities, model)
    resamples = resample_groups(articles, n_resamples)
    ranked = [resamples.ranking(truth[:, aspect.label], probabilities[:, aspect.label]) for aspect in ASPECTS]
    tagged = decide(probabilities, head, thresholds)
    decided = [_decisions(resamples, truth[:, aspect.label], tagged[:, aspect.label]) for aspect in ASPECTS]
    shown = np.atleast_2d(thresholds).mean(axis=0)
    known = all(articles)
    shares, means = (_by_article(resamples, values.astype(np.float64)) for values in (truth, probabilities))
    return TaggingScores(
        model=model,
        macro_auroc=_joined(np.mean([areas for areas, _ in ranked], axis=0)),
        macro_average_precision=_joined(np.mean([precisions for _, precisions in ranked], axis=0)),
        macro_f1=_joined(np.mean([f1 for _, _, f1 in decided], axis=0)),
        balanced_accuracy=_existing(_balanced_accuracies(resamples, truth, probabilities)),
        profile_correlation=_existing(across_correlations(means, shares, resamples.counts))
        if known
        else None,
        within_correlation=_existing(within_correlations(means, shares, resamples.counts)) if known else None,
        calibration_error=_upper_bounded(_calibration_errors(resamples, truth, probabilities)),
        aspects=tuple(
            _aspect(aspect, ranked[aspect.label], decided[aspect.label], truth, shown) for aspect in ASPECTS
        ),
    )


def check_tagging(truth: NDArray[np.bool_], probabilities: NDArray[np.float64], model: str) -> None:
    """Refuse what has no figures.

    Raises:
        DatasetError: No sentence has an aspect, or all have it.
        InputError: A probability is no number from 0 to 1.
    """
    lacking = [aspect.value for aspect in ASPECTS if len(set(truth[:, aspect.label].tolist())) < len("01")]
    if lacking:
        raise DatasetError(
            "sentences",
            expected="for each aspect, some sentences with it and some without",
            found="only one of the two for " + ", ".join(lacking),
            do="Take more sentences.",
        )
    if not ((probabilities >= 0) & (probabilities <= 1)).all():  # nan is neither
        raise InputError(
            model,
            expected="a probability from 0 to 1 for every text and aspect",
            found="something else",
            do="Train it anew.",
        )


def _joined(values: Counts) -> Estimate:
    """Join the figure of the data itself, the first, with the interval of the others."""
    return estimate(values[0], values[1:])


def _upper_bounded(values: Counts) -> Estimate:
    """Join a figure that resampling raises with an interval that reaches down to it."""
    found = _joined(values)
    return Estimate(found.value, Interval(min(found.value, found.interval.low), found.interval.high))


def _existing(values: Counts) -> Estimate | None:
    return _joined(values) if np.isfinite(values[0]) else None


def _aspect(
    aspect: Aspect,
    ranked: tuple[Counts, Counts],
    decided: tuple[Counts, Counts, Counts],
    truth: NDArray[np.bool_],
    thresholds: NDArray[np.float64],
) -> AspectTagging:
    auroc, average_precision = map(_joined, ranked)
    precision, recall, f1 = map(_joined, decided)
    return AspectTagging(
        aspect=aspect,
        auroc=auroc,
        average_precision=average_precision,
        precision=precision,
        recall=recall,
        f1=f1,
        threshold=float(thresholds[aspect.label]),
        support=int(truth[:, aspect.label].sum()),
    )


def _decisions(
    resamples: GroupedResamples, positive: NDArray[np.bool_], taken: NDArray[np.bool_]
) -> tuple[Counts, Counts, Counts]:
    """Return precision, recall and F1 of each resample; 0 where nothing is taken."""
    cells = np.stack([positive & taken, taken, positive], axis=1).astype(np.float64)
    hits, n_taken, n_positive = resamples.sums(cells).T
    precision = np.divide(hits, n_taken, out=np.zeros_like(hits), where=n_taken > 0)
    with np.errstate(invalid="ignore"):  # a resample without a positive has no recall
        return precision, hits / n_positive, 2 * hits / (n_taken + n_positive)


def _balanced_accuracies(
    resamples: GroupedResamples, truth: NDArray[np.bool_], probabilities: NDArray[np.float64]
) -> Counts:
    single = truth & (truth.sum(axis=1, keepdims=True) == 1)
    right = single & (probabilities.argmax(axis=1)[:, None] == np.arange(len(ASPECTS)))
    found = resamples.sums(np.hstack([right, single]).astype(np.float64))
    with np.errstate(invalid="ignore"):
        accuracies: Counts = (found[:, : len(ASPECTS)] / found[:, len(ASPECTS) :]).mean(axis=1)
    return accuracies


def _by_article(resamples: GroupedResamples, values: Counts) -> Counts:
    """Return the mean of each column in each article, of shape ``(articles, columns)``."""
    means: Counts = resamples.by_group(values) / np.bincount(resamples.codes)[:, None]
    return means


def _calibration_errors(
    resamples: GroupedResamples, truth: NDArray[np.bool_], probabilities: NDArray[np.float64]
) -> Counts:
    """Return the expected calibration error of each resample, in the data's bins."""
    sizes = resamples.sums(np.ones((len(truth), 1)))
    gaps = []
    for positive, scores in zip(truth.T, probabilities.T, strict=True):
        cells = np.eye(N_BINS)[equal_mass_bins(scores)] * (scores - positive)[:, None]
        gaps.append(np.abs(resamples.sums(cells)).sum(axis=1, keepdims=True) / sizes)
    errors: Counts = np.mean(gaps, axis=0)[:, 0]
    return errors


def across_correlations(predicted: Counts, true: Counts, counts: Counts) -> Counts:
    """Return the mean over the aspects of the correlations across articles, of shape ``(resamples,)``.

    Args:
        predicted: Profile of each article, of shape ``(articles, aspects)``.
        true: The same.
        counts: How often each article is drawn, whole numbers of shape ``(resamples, articles)`` with the
            same sum in each row.
    """
    numbers = np.tile(np.arange(len(predicted)), len(counts))
    drawn = np.repeat(numbers, counts.astype(np.int64).ravel()).reshape(len(counts), -1)
    columns = zip(predicted.T, true.T, strict=True)
    means: Counts = np.mean([_spearman(left[drawn], right[drawn]) for left, right in columns], axis=0)
    return means


def within_correlations(predicted: Counts, true: Counts, counts: Counts) -> Counts:
    """Return the mean over the articles of the correlations inside them, of shape ``(resamples,)``.

    Articles whose profile does not vary do not count. Arguments as for `across_correlations`.
    """
    correlations = _spearman(predicted, true)
    exists = np.isfinite(correlations)
    with np.errstate(invalid="ignore"):
        means: Counts = (counts @ np.where(exists, correlations, 0)) / (counts @ exists)
    return means


def _spearman(left: Counts, right: Counts) -> Counts:
    """Return the rank correlation of each row of two tables."""
    from scipy.stats import rankdata

    ranks = (rankdata(values, axis=1) for values in (left, right))
    x, y = (values - values.mean(axis=1, keepdims=True) for values in ranks)
    with np.errstate(invalid="ignore"):
        correlations: Counts = (x * y).sum(axis=1) / np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
    return correlations


_POINTS = 100
"""Points of a curve."""


def risk_coverage(truth: Flags, probabilities: Floats) -> RiskCoverage:
    """Return which risk remains if the least certain sentences are left out (arXiv:1705.08500).

    Every aspect is decided at probability 0.5, which has the least risk if probabilities are calibrated.

    Args:
        truth: Which aspects each text has, of shape ``(rows, aspects)``.
        probabilities: Of the same shape.

    Returns:
        About a hundred points from the most certain hundredth to all.
    """
    certainty, coverage, risk = _risks(truth, probabilities)
    wanted = np.searchsorted(coverage, np.arange(1, _POINTS + 1) / _POINTS - 1e-9)
    points = np.unique(wanted.clip(max=len(coverage) - 1))
    return RiskCoverage(*(tuple(values[points].tolist()) for values in (certainty, coverage, risk)))


def _risks(truth: Flags, probabilities: Floats) -> tuple[Floats, Floats, Floats]:
    """Return certainty, coverage and risk at each distinct certainty, from the highest down."""
    certainty = certainties(probabilities)
    wrong = (truth != (probabilities >= EVEN_THRESHOLD)).mean(axis=1)
    order = np.argsort(-certainty, kind="stable")
    last = last_of_equals(certainty[order])
    kept = last + 1
    return certainty[order][last], kept / len(truth), np.cumsum(wrong[order])[last] / kept
