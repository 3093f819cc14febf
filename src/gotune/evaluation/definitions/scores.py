"""The figures of a model on one test part, with intervals over families of rows.

Where nothing was missed, or nothing found, resamples are alike and their interval would have no width: then
it is Wilson's, of as many draws as there are families. Rows of a family are alike, so that a hundred right
ones in three families tell as little of a fourth family as three.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Aspect
from gotune.errors import DatasetError, InputError
from gotune.estimates import Counts, Estimate, Interval, estimate, widened, wilson_interval
from gotune.evaluation.definitions.results import AspectScores, ModelScores
from gotune.evaluation.resampling import resample_groups

_Floats = NDArray[np.float64]


def score_model(model: str, truth: NDArray[np.int64], scores: _Floats) -> ModelScores:
    """Compute all figures of one model, with intervals over rows.

    Args:
        model: Name for tables.
        truth: Labels, of shape ``(rows,)``.
        scores: One score an aspect, the higher the more probable, of shape ``(rows, 3)``.

    Raises:
        DatasetError: An aspect has no row, so that its figures do not exist.
        InputError: A score is not finite.
    """
    return Scorer(truth).score(model, scores)


def check_aspects(truth: NDArray[np.int64]) -> None:
    """Refuse a test part without rows of an aspect.

    Raises:
        DatasetError: An aspect has no row, so that its figures do not exist.
    """
    missing = [aspect.value for aspect in ASPECTS if not (truth == aspect.label).any()]
    if missing:
        raise DatasetError(
            "test part",
            expected="rows of all three aspects",
            found="none of " + ", ".join(missing),
            do="Take more rows.",
        )


class Scorer:
    """Scores several models on the same rows with the same resamples, so that they can be compared.

    Args:
        truth: Labels, of shape ``(rows,)``, at least two.
        families: Name of the family of each row: resamples draw whole families. Where there are less than
            two, each row is its own.
    """

    def __init__(self, truth: NDArray[np.int64], families: Sequence[str] = ()) -> None:
        self.by_row = len(set(families)) < 2
        self.truth = truth
        # The first resample is the rows themselves, so that one pass gives the figures and their replicates.
        self._resamples = resample_groups([""] * len(truth) if self.by_row else families)

    @property
    def n_families(self) -> int:
        """How many families are drawn from."""
        return self._resamples.n_groups

    def accuracy(self, model: str, scores: _Floats) -> Estimate:
        """Return the share of rows whose highest score is that of their label."""
        shares = _accuracy(self._confusions(model, scores))
        found = estimate(shares[0], shares[1:])
        return widened(found, wilson_interval(found.value, self.n_families))

    def score(self, model: str, scores: _Floats) -> ModelScores:
        """Return all figures, as `score_model` does."""
        check_aspects(self.truth)
        tables = self._confusions(model, scores)
        confusion, resampled = tables[0], tables[1:]
        areas = np.stack([self._areas(aspect, scores) for aspect in ASPECTS])
        held = self._resamples.by_group(self._cells(scores)).reshape(-1, len(ASPECTS), len(ASPECTS)) > 0
        aspects = tuple(_score_aspect(aspect, confusion[None], resampled, areas, held) for aspect in ASPECTS)
        macro_f1 = estimate(_f1(confusion[None]).mean(), _f1(resampled).mean(axis=1))
        macro_area = estimate(areas[:, 0].mean(), areas[:, 1:].mean(axis=0))
        return ModelScores(
            model=model,
            accuracy=self.accuracy(model, scores),
            macro_f1=widened(macro_f1, _mean_interval([row.f1 for row in aspects])),
            macro_roc_auc=widened(macro_area, _mean_interval([row.roc_auc for row in aspects])),
            aspects=aspects,
            confusion=tuple(tuple(int(cell) for cell in row) for row in confusion),
        )

    def _confusions(self, model: str, scores: _Floats) -> Counts:
        """Return the confusion table of each resample, ``[resample, true, predicted]``."""
        if not np.isfinite(scores).all():
            raise InputError(
                model, expected="a finite score for every text and aspect", found="nan", do="Train it anew."
            )
        return self._resamples.sums(self._cells(scores)).reshape(-1, len(ASPECTS), len(ASPECTS))

    def _cells(self, scores: _Floats) -> Counts:
        """Return the confusion table of each row, flat: of shape ``(rows, 9)``."""
        n = len(ASPECTS)
        cells: Counts = np.eye(n * n)[self.truth * n + scores.argmax(axis=1)]
        return cells

    def _areas(self, aspect: Aspect, scores: _Floats) -> Counts:
        areas, _ = self._resamples.ranking(self.truth == aspect.label, scores[:, aspect.label])
        return areas


def _score_aspect(
    aspect: Aspect, table: Counts, resampled: Counts, areas: Counts, held: NDArray[np.bool_]
) -> AspectScores:
    """Return the figures of one aspect; ``held[family, true, predicted]`` tells where families have rows."""
    label = aspect.label
    precision = Estimate(0.0, Interval(0.0, 0.0))  # of what is never predicted
    if np.isfinite(value := _precision(table)[0, label]):
        precision = estimate(value, _precision(resampled)[:, label])
    recall = estimate(_recall(table)[0, label], _recall(resampled)[:, label])
    f1 = estimate(_f1(table)[0, label], _f1(resampled)[:, label])
    area = estimate(areas[label, 0], areas[label, 1:])
    true, predicted = held[:, label].any(axis=1), held[:, :, label].any(axis=1)
    other = np.delete(held, label, axis=1).any(axis=(1, 2))
    n_true, n_predicted, n_either, n_other = (
        int(families.sum()) for families in (true, predicted, true | predicted, other)
    )
    return AspectScores(
        aspect=aspect,
        precision=widened(precision, wilson_interval(precision.value, n_predicted)),
        recall=widened(recall, wilson_interval(recall.value, n_true)),
        f1=widened(f1, _f1_interval(f1.value, n_either)),
        # A share of pairs of a row with the aspect and one without; so many pairs are independent.
        roc_auc=widened(area, wilson_interval(area.value, min(n_true, n_other))),
        support=int(table[0, label].sum()),
    )


def _f1_interval(f1: float, n: int) -> Interval:
    """Return Wilson's interval for F1, which is ``2 j / (1 + j)`` of Jaccard's index ``j``, a share.

    Args:
        f1: The figure.
        n: Of how many independent families with rows that are true or predicted.
    """
    index = wilson_interval(f1 / (2 - f1), n)
    return Interval(2 * index.low / (1 + index.low), 2 * index.high / (1 + index.high))


def _mean_interval(parts: Sequence[Estimate]) -> Interval:
    """Return the means of the ends, wide enough for parts that err together."""
    low, high = (float(np.mean([getattr(part.interval, end) for part in parts])) for end in ("low", "high"))
    return Interval(low, high)


def _accuracy(tables: Counts) -> Counts:
    """Return the accuracy of each confusion table, of shape ``(tables,)``."""
    shares: Counts = np.trace(tables, axis1=1, axis2=2) / tables.sum(axis=(1, 2))
    return shares


def _recall(tables: Counts) -> Counts:
    """Return the recall of each class, of shape ``(tables, classes)``; nan where nothing is true."""
    return _ratio(_hits(tables), tables.sum(axis=2))


def _precision(tables: Counts) -> Counts:
    """Return the precision of each class, of shape ``(tables, classes)``; nan where nothing is predicted."""
    return _ratio(_hits(tables), tables.sum(axis=1))


def _f1(tables: Counts) -> Counts:
    """Return the F1 of each class, of shape ``(tables, classes)``; nan where nothing is true or predicted."""
    return _ratio(2 * _hits(tables), tables.sum(axis=1) + tables.sum(axis=2))


def _hits(tables: Counts) -> Counts:
    return np.diagonal(tables, axis1=1, axis2=2)


def _ratio(part: Counts, whole: Counts) -> Counts:
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)
