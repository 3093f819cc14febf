"""What an adaptation gains, measured on sentences of groups that it was not fitted to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from gotune.adaptation.fitting import Lesson
from gotune.aspects import ASPECTS, Aspect
from gotune.estimates import Counts, estimate
from gotune.evaluation.resampling import GroupedResamples, resample_groups
from gotune.evaluation.sentences.scores import resample_decisions
from gotune.model.adapted import Gain
from gotune.model.decisions import Flags, Use, expected_threshold, judged_columns, use_of

Floats = NDArray[np.float64]

_ERROR = "calibration error"
"""The figure of which less is better."""


def measure(log_odds: Floats, lesson: Lesson, thresholds: Sequence[float]) -> tuple[Gain, ...]:
    """Return figures before and after, each sentence judged by what was fitted to other groups.

    Means over the aspects that the lesson changes come first, then the figures of each of these. ROC areas
    are left out if no part has an aspect both ways, as where every group has it in all of its sentences or
    in none.

    Args:
        log_odds: What the model says of the sentences, of shape ``(rows, 3)``.
        lesson: The sentences; of those aspects that it does not change there are no figures.
        thresholds: Of the model.
    """
    after, levels = log_odds.copy(), np.tile(thresholds, (len(log_odds), 1))
    parts = list(lesson.parts())
    for rows in parts:
        rest = lesson.part(~rows)
        after[rows] = rest.fit(log_odds[~rows]).apply(log_odds[rows], lesson.matrix[rows])
        levels[rows] = choose_anew(thresholds, rest.cross_fit(log_odds[~rows])[0], rest)
    resamples = resample_groups([str(group) for group in lesson.groups])
    answers = ((log_odds, expit(log_odds) >= thresholds), (after, expit(after) >= levels))
    gains: list[Gain] = []
    for aspect in (None, *(one for one in ASPECTS if lesson.adapted[one.label])):
        measured = lesson.adapted if aspect is None else np.array(ASPECTS) == aspect
        truth = np.where(measured, lesson.truth, np.nan)
        before, now = (_figures(resamples, truth, *answer, parts) for answer in answers)
        gains += [_gain(figure, aspect, before[figure], now[figure]) for figure in before]
    return tuple(gains)


def choose_anew(
    thresholds: Sequence[float], log_odds: Floats, lesson: Lesson, beta: float = 1.0
) -> tuple[float, ...]:
    """Return new thresholds of the aspects that are adapted, by the sentences that are judged on them.

    Args:
        thresholds: Those of the model, which the other aspects keep.
        log_odds: Of the sentences, after the change.
        lesson: The sentences.
        beta: How many times as much recall counts as precision.
    """
    found = list(thresholds)
    for label in np.flatnonzero(lesson.adapted):
        judged = ~np.isnan(lesson.truth[:, label])
        found[label] = expected_threshold(expit(log_odds[judged, label]), beta)
    return tuple(map(float, found))


def uses_anew(uses: Sequence[Use], log_odds: Floats, lesson: Lesson) -> tuple[Use, ...]:
    """Return thresholds for each use, with what they give on the sentences; other aspects keep theirs.

    Args:
        uses: Those of the model.
        log_odds: Of the sentences, by changes that were fitted to others.
        lesson: The sentences.
    """
    found = []
    for use in uses:
        thresholds = choose_anew(use.thresholds, log_odds, lesson, use.prefer.beta)
        new = use_of(use.prefer, thresholds, lesson.truth, expit(log_odds))
        old = zip(lesson.adapted, use.precision, use.recall, strict=True)
        precision, recall = zip(
            *(
                (p, r) if changed else known
                for (changed, *known), p, r in zip(old, new.precision, new.recall, strict=True)
            ),
            strict=True,
        )
        found.append(Use(use.prefer, thresholds, precision, recall))
    return tuple(found)


def _figures(
    resamples: GroupedResamples, truth: Floats, log_odds: Floats, tagged: Flags, parts: Sequence[Flags]
) -> dict[str, Counts]:
    """Return figures of each resample, as means over the aspects that are judged."""
    f1, errors = resample_decisions(resamples, truth, expit(log_odds), tagged)
    areas = _areas(resamples, truth, log_odds, parts)
    return ({} if areas is None else {"ROC-AUC": areas}) | {"F1": f1, _ERROR: errors}


def _areas(
    resamples: GroupedResamples, truth: Floats, log_odds: Floats, parts: Sequence[Flags]
) -> Counts | None:
    """Return macro ROC areas of each resample, as means over the parts, or None.

    Sentences of different parts are judged by different changes. Their order says little: what is left out
    of a part lowers the intercept where it stands high itself (Airola et al. 2011,
    doi:10.1016/j.csda.2010.11.018).
    """
    found = []
    for label in np.flatnonzero((~np.isnan(truth)).any(axis=0)):
        areas, pairs = [], []
        for rows in parts:
            column = np.where(rows, truth[:, label], np.nan)[:, None]
            ((judged, positive, values),) = judged_columns(column, log_odds[:, [label]])
            n_pairs = int(positive.sum() * (~positive).sum())
            if n_pairs:
                areas.append(resamples.of(judged).ranking(positive, values)[0])
                pairs.append(n_pairs)
        if not pairs:
            continue
        weights = np.where(np.isnan(areas), 0.0, np.array(pairs, dtype=np.float64)[:, None])
        with np.errstate(invalid="ignore"):  # a resample in which no part has both
            found.append((np.nan_to_num(areas) * weights).sum(axis=0) / weights.sum(axis=0))
    if not found:
        return None
    means: Counts = np.mean(found, axis=0)
    return means


def _gain(figure: str, aspect: Aspect | None, before: Counts, after: Counts) -> Gain:
    difference, is_error = after - before, figure == _ERROR
    return Gain(
        figure if aspect or is_error else f"macro {figure}",
        float(before[0]),
        float(after[0]),
        estimate(difference[0], difference[1:]),
        is_error,
        aspect,
    )
