"""The figures of a tagger on sentences and on all resamples of them, which give intervals and means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gotune.aspects import Aspect
from gotune.estimates import Counts, Estimate, Interval, estimate
from gotune.evaluation.sentences.results import AspectTagging, TaggingScores


@dataclass(frozen=True, slots=True)
class ResampledAspect:
    """The figures of one aspect, each of shape ``(1 + resamples,)``, the first value of which is the data's.

    Attributes:
        aspect: The aspect.
        figures: ROC area, average precision, precision, recall and F1; None where `AspectTagging` has none.
        threshold: See `AspectTagging`, as for the next two.
        support: Sentences with the aspect.
        judged: Sentences judged on it.
    """

    aspect: Aspect
    figures: tuple[Counts, ...] | None
    threshold: float
    support: int
    judged: int

    def scores(self) -> AspectTagging:
        """Return the figures with their intervals."""
        figures = (None,) * 5 if self.figures is None else map(_joined, self.figures)
        auroc, average_precision, precision, recall, f1 = figures
        return AspectTagging(
            aspect=self.aspect,
            auroc=auroc,
            average_precision=average_precision,
            precision=precision,
            recall=recall,
            f1=f1,
            threshold=self.threshold,
            support=self.support,
            judged=self.judged,
        )


@dataclass(frozen=True, slots=True)
class ResampledTagging:
    """All figures of one tagger, each of shape ``(1 + resamples,)``, the first value of which is the data's.

    Attributes:
        model: Name for tables.
        figures: Those of `TaggingScores` by their names; the first value is nan if a figure does not exist.
        aspects: One entry an aspect, in label order.
    """

    model: str
    figures: Mapping[str, Counts]
    aspects: tuple[ResampledAspect, ...]

    def scores(self) -> TaggingScores:
        """Return the figures with their intervals."""
        figures = self.figures
        return TaggingScores(
            model=self.model,
            macro_auroc=_joined(figures["macro_auroc"]),
            macro_average_precision=_joined(figures["macro_average_precision"]),
            macro_f1=_joined(figures["macro_f1"]),
            balanced_accuracy=_existing(figures["balanced_accuracy"]),
            profile_correlation=_existing(figures["profile_correlation"]),
            within_correlation=_existing(figures["within_correlation"]),
            calibration_error=_upper_bounded(figures["calibration_error"]),
            aspects=tuple(aspect.scores() for aspect in self.aspects),
        )


def mean_tagging(corpora: Sequence[ResampledTagging]) -> TaggingScores:
    """Return the means of a model's figures over corpora, each over those that have it.

    Articles are drawn in each corpus by themselves, and corpora are not drawn: the intervals tell how much a
    mean depends on the articles of these corpora, and nothing of others. Thresholds are means too; support
    and what is judged are sums.

    Args:
        corpora: Figures of the same model, of the same number of resamples, at least one.
    """
    return ResampledTagging(
        model=corpora[0].model,
        figures={name: _mean([one.figures[name] for one in corpora]) for name in corpora[0].figures},
        aspects=tuple(map(_mean_aspect, zip(*(one.aspects for one in corpora), strict=True))),
    ).scores()


def _mean_aspect(corpora: Sequence[ResampledAspect]) -> ResampledAspect:
    known = [one.figures for one in corpora if one.figures is not None]
    return ResampledAspect(
        aspect=corpora[0].aspect,
        figures=tuple(map(_mean, zip(*known, strict=True))) if known else None,
        threshold=float(np.mean([one.threshold for one in corpora])),
        support=sum(one.support for one in corpora),
        judged=sum(one.judged for one in corpora),
    )


def _mean(columns: Sequence[Counts]) -> Counts:
    """Return the mean of a figure over the corpora that have it, nan if none has."""
    # Resamples of two corpora may have been drawn alike; in an order of its own each is drawn by itself.
    known = [
        np.r_[values[:1], np.random.default_rng(number).permutation(values[1:])]
        for number, values in enumerate(columns)
        if np.isfinite(values[0])
    ]
    means: Counts = np.mean(known, axis=0) if known else columns[0]
    return means


def _joined(values: Counts) -> Estimate:
    """Join the figure of the data itself, the first, with the interval of the others."""
    return estimate(values[0], values[1:])


def _upper_bounded(values: Counts) -> Estimate:
    """Join a figure that resampling raises with an interval that reaches down to it."""
    found = _joined(values)
    return Estimate(found.value, Interval(min(found.value, found.interval.low), found.interval.high))


def _existing(values: Counts) -> Estimate | None:
    return _joined(values) if np.isfinite(values[0]) else None
