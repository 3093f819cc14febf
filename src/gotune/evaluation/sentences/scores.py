"""The measures of a tagger, on sentences that carry no aspect, one or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gotune.aspects import ASPECTS, Head
from gotune.errors import DatasetError, InputError
from gotune.estimates import N_RESAMPLES, Counts
from gotune.evaluation.reliability import N_BINS, equal_mass_bins
from gotune.evaluation.resampling import GroupedResamples, resample_groups
from gotune.evaluation.sentences.resampled import ResampledAspect, ResampledTagging
from gotune.evaluation.sentences.results import RiskCoverage, TaggingScores
from gotune.model.decisions import (
    EVEN_THRESHOLD,
    Flags,
    Floats,
    Truth,
    certainties,
    decide,
    has_both,
    judged_columns,
    last_of_equals,
)


def score_tagging(
    model: str,
    truth: Truth,
    probabilities: NDArray[np.float64],
    *,
    articles: Sequence[str],
    thresholds: ArrayLike,
    head: Head = Head.MULTI,
    n_resamples: int = N_RESAMPLES,
) -> TaggingScores:
    """Compute all figures of one tagger on what is judged, with 95 % bootstrap intervals by article.

    Models scored on the same articles get the same resamples.

    Args:
        model: Name for tables.
        truth: Which aspects each sentence has.
        probabilities: Of the same shape.
        articles: Article of each sentence; one whose article is unknown, ``""``, is drawn by itself.
        thresholds: Least probability of each aspect at which a sentence counts as tagged, from
            `gotune.model.decisions.choose_thresholds` on other sentences: of shape ``(3,)``, or
            ``(rows, 3)`` if models with thresholds of their own were asked about some rows each. The scores
            name their means.
        head: With `Head.SINGLE` the most probable aspect is tagged instead, whatever the thresholds.
        n_resamples: How often the articles are drawn.

    Raises:
        DatasetError: No aspect has sentences that are judged to have it, and not to have it; or all are of
            one article.
        InputError: A probability is no number from 0 to 1.
    """
    return resample_tagging(
        model,
        truth,
        probabilities,
        articles=articles,
        thresholds=thresholds,
        head=head,
        n_resamples=n_resamples,
    ).scores()


def resample_tagging(
    model: str,
    truth: Truth,
    probabilities: NDArray[np.float64],
    *,
    articles: Sequence[str],
    thresholds: ArrayLike,
    head: Head = Head.MULTI,
    n_resamples: int = N_RESAMPLES,
) -> ResampledTagging:
    """Compute what `score_tagging` does, and keep the figures of all resamples.

    Raises:
        DatasetError, InputError: As for `score_tagging`.
    """
    measured = check_tagging(truth, probabilities, model)
    resamples = resample_groups(articles, n_resamples)
    tagged = decide(probabilities, head, thresholds)
    shown = np.atleast_2d(thresholds).mean(axis=0)
    figures = [
        _figures(resamples.of(judged), positive, scores, tagged[judged, label]) if measured[label] else None
        for label, (judged, positive, scores) in enumerate(judged_columns(truth, probabilities))
    ]
    areas, precisions, _, _, f1 = zip(*(found for found in figures if found is not None), strict=True)
    across = within = np.full(1 + n_resamples, np.nan)
    if all(articles):
        shares, means = _profiles(resamples, truth, truth), _profiles(resamples, truth, probabilities)
        across = across_correlations(means, shares, resamples.counts)
        within = within_correlations(means, shares, resamples.counts)
    return ResampledTagging(
        model=model,
        figures={
            "macro_auroc": np.mean(areas, axis=0),
            "macro_average_precision": np.mean(precisions, axis=0),
            "macro_f1": np.mean(f1, axis=0),
            "balanced_accuracy": _balanced_accuracies(resamples, truth, probabilities),
            "profile_correlation": across,
            "within_correlation": within,
            "calibration_error": _calibration_errors(resamples, truth, probabilities),
        },
        aspects=tuple(
            ResampledAspect(
                aspect=aspect,
                figures=figures[aspect.label],
                threshold=float(shown[aspect.label]),
                support=int((truth[:, aspect.label] == 1).sum()),
                judged=int((~np.isnan(truth[:, aspect.label])).sum()),
            )
            for aspect in ASPECTS
        ),
    )


def resample_decisions(
    resamples: GroupedResamples, truth: Truth, probabilities: Floats, tagged: Flags
) -> tuple[Counts, Counts]:
    """Return macro F1 and the expected calibration error of each resample, the first of which is the data.

    Args:
        resamples: Of the groups of the sentences.
        truth: Which aspects each sentence has.
        probabilities: Of the same shape.
        tagged: Which ones it is said to have.
    """
    f1 = [
        _decisions(resamples.of(judged), positive, tagged[judged, label])[2]
        for label, (judged, positive, _) in enumerate(judged_columns(truth, probabilities))
        if positive.any()
    ]
    return np.mean(f1, axis=0), _calibration_errors(resamples, truth, probabilities)


def check_tagging(truth: Truth, probabilities: Floats, model: str) -> tuple[bool, ...]:
    """Refuse what has no figures, and return for each aspect whether it has them.

    Raises:
        DatasetError: No aspect has sentences that are judged to have it, and not to have it.
        InputError: A probability is no number from 0 to 1.
    """
    measured = has_both(truth)
    if not any(measured):
        raise DatasetError(
            "sentences",
            expected="of one aspect at least, some sentences that are judged to have it and some that are "
            "judged not to have it",
            found=f"{len(truth):,} without such an aspect",
            do="Take more sentences.",
        )
    if not ((probabilities >= 0) & (probabilities <= 1)).all():  # nan is neither
        raise InputError(
            model,
            expected="a probability from 0 to 1 for every text and aspect",
            found="something else",
            do="Train it anew.",
        )
    return measured


_Figures: TypeAlias = tuple[Counts, Counts, Counts, Counts, Counts]


def _figures(resamples: GroupedResamples, positive: Flags, scores: Floats, taken: Flags) -> _Figures:
    """Return ROC area, average precision, precision, recall and F1 of an aspect in each resample."""
    return *resamples.ranking(positive, scores), *_decisions(resamples, positive, taken)


def _decisions(
    resamples: GroupedResamples, positive: NDArray[np.bool_], taken: NDArray[np.bool_]
) -> tuple[Counts, Counts, Counts]:
    """Return precision, recall and F1 of each resample; 0 where nothing is taken."""
    cells = np.stack([positive & taken, taken, positive], axis=1).astype(np.float64)
    hits, n_taken, n_positive = resamples.sums(cells).T
    precision = np.divide(hits, n_taken, out=np.zeros_like(hits), where=n_taken > 0)
    with np.errstate(invalid="ignore"):  # a resample without a positive has no recall
        return precision, hits / n_positive, 2 * hits / (n_taken + n_positive)


def _balanced_accuracies(resamples: GroupedResamples, truth: Truth, probabilities: Floats) -> Counts:
    """Return the one-aspect accuracy of each resample; NaN for the data itself where it does not exist."""
    judged = ~np.isnan(truth)
    # Where one aspect alone is judged there is nothing to choose.
    alone = (np.where(judged, truth, 0).sum(axis=1) == 1) & (judged.sum(axis=1) > 1)
    chosen = np.where(judged, probabilities, -1).argmax(axis=1)
    single = (truth == 1) & alone[:, None]
    right = single & (chosen[:, None] == np.arange(len(ASPECTS)))
    found = resamples.sums(np.hstack([right, single]).astype(np.float64))
    with np.errstate(invalid="ignore"):
        recalls = found[:, : len(ASPECTS)] / found[:, len(ASPECTS) :]
    measured = np.array(has_both(truth))
    # Among one aspect there is no choice either.
    accuracies: Counts = recalls[:, measured].mean(axis=1) if measured.sum() > 1 else recalls[:, 0] * np.nan
    return accuracies


def _profiles(resamples: GroupedResamples, truth: Truth, values: Truth) -> Counts:
    """Return the mean of each aspect in each article over the sentences judged on it; NaN where none is."""
    judged = ~np.isnan(truth)
    sums = resamples.by_group(np.where(judged, values, 0).astype(np.float64))
    with np.errstate(invalid="ignore"):
        means: Counts = sums / resamples.by_group(judged.astype(np.float64))
    return means


def _calibration_errors(resamples: GroupedResamples, truth: Truth, probabilities: Floats) -> Counts:
    """Return the expected calibration error of each resample, in the data's bins."""
    gaps = []
    for judged, positive, scores in judged_columns(truth, probabilities):
        if judged.any():
            cells = np.eye(N_BINS)[equal_mass_bins(scores)] * (scores - positive)[:, None]
            sums = resamples.of(judged).sums(np.hstack([cells, np.ones((len(cells), 1))]))
            with np.errstate(invalid="ignore"):  # a resample without an article that is judged
                gaps.append(np.abs(sums[:, :-1]).sum(axis=1) / sums[:, -1])
    errors: Counts = np.mean(gaps, axis=0)
    return errors


def across_correlations(predicted: Counts, true: Counts, counts: Counts) -> Counts:
    """Return the mean over the aspects of the correlations across articles, of shape ``(resamples,)``.

    Aspects that are the same in all articles do not count, unless all are.

    Args:
        predicted: Profile of each article, of shape ``(articles, aspects)``; NaN where nothing is judged.
        true: The same.
        counts: How often each article is drawn, whole numbers of shape ``(resamples, articles)`` with the
            same sum in each row.
    """
    numbers = np.tile(np.arange(len(predicted)), len(counts))
    drawn = np.repeat(numbers, counts.astype(np.int64).ravel()).reshape(len(counts), -1)
    columns = list(zip(predicted.T, true.T, strict=True))
    varying = [pair for pair in columns if len(set(pair[1][np.isfinite(pair[1])])) > 1] or columns
    means: Counts = np.mean([_spearman(left[drawn], right[drawn]) for left, right in varying], axis=0)
    return means


def within_correlations(predicted: Counts, true: Counts, counts: Counts) -> Counts:
    """Return the mean over the articles of the correlations inside them, of shape ``(resamples,)``.

    Articles whose true profile does not vary, or is not known whole, do not count. Where the aspects are
    given alike the correlation is 0, and it is NaN where they are in all articles. Arguments as for
    `across_correlations`.
    """
    varies = np.isfinite(true).all(axis=1) & (np.ptp(true, axis=1) > 0)
    correlations = _spearman(predicted, true)
    ranked = varies & np.isfinite(correlations)
    counted = varies & ranked.any()
    with np.errstate(invalid="ignore"):
        means: Counts = (counts @ np.where(ranked, correlations, 0)) / (counts @ counted)
    return means


def _spearman(left: Counts, right: Counts) -> Counts:
    """Return the rank correlation of each row of two tables, over the columns that are known in both."""
    known = np.isfinite(left) & np.isfinite(right)
    x, y = (_centred_ranks(values, known) for values in (left, right))
    with np.errstate(invalid="ignore"):
        correlations: Counts = (x * y).sum(axis=1) / np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
    return correlations


def _centred_ranks(values: Counts, known: Flags) -> Counts:
    """Return the ranks of the known values in each row less their mean, and 0 for the others."""
    from scipy.stats import rankdata

    ranks = rankdata(np.where(known, values, np.inf), axis=1)  # behind all that are known
    with np.errstate(invalid="ignore"):
        means = np.where(known, ranks, 0).sum(axis=1, keepdims=True) / known.sum(axis=1, keepdims=True)
    centred: Counts = np.where(known, ranks - means, 0)
    return centred


_POINTS = 100
"""Points of a curve."""


def risk_coverage(truth: Truth, probabilities: Floats) -> RiskCoverage:
    """Return which risk remains if the least certain sentences are left out (arXiv:1705.08500).

    Every aspect is decided at probability 0.5, which has the least risk if probabilities are calibrated. A
    sentence is as certain as its least certain decision, judged or not, as whoever abstains knows no labels.

    Args:
        truth: Which aspects each text has.
        probabilities: Of the same shape.

    Returns:
        About a hundred points from the most certain hundredth to all.
    """
    certainty, coverage, risk = _risks(truth, probabilities)
    wanted = np.searchsorted(coverage, np.arange(1, _POINTS + 1) / _POINTS - 1e-9)
    points = np.unique(wanted.clip(max=len(coverage) - 1))
    return RiskCoverage(*(tuple(values[points].tolist()) for values in (certainty, coverage, risk)))


def _risks(truth: Truth, probabilities: Floats) -> tuple[Floats, Floats, Floats]:
    """Return certainty, coverage and risk at each distinct certainty, from the highest down."""
    certainty = certainties(probabilities)
    judged = ~np.isnan(truth)
    wrong = judged & (truth != (probabilities >= EVEN_THRESHOLD))
    order = np.argsort(-certainty, kind="stable")
    last = last_of_equals(certainty[order])
    n_wrong, n_judged = (np.cumsum(cells.sum(axis=1)[order])[last] for cells in (wrong, judged))
    return certainty[order][last], (last + 1) / len(truth), n_wrong / np.maximum(n_judged, 1)
