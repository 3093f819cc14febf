"""Figures of many resamples of whole groups: articles, or families of terms.

Sentences of one article are alike, so intervals that draw sentence by sentence are too narrow. A resample
draws groups instead (Field and Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x); it is a row of counts
that says how often each group was drawn, and the first row, all ones, is the data itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gotune.errors import DatasetError
from gotune.estimates import N_RESAMPLES, Counts, draw_resamples

_SEED = 0
_CELLS_AT_ONCE = 1 << 15
"""Resamples times rows that are worked on together; they fit into the cache of a processor."""


@dataclass(frozen=True, slots=True)
class GroupedResamples:
    """Resamples of the groups that rows belong to.

    Attributes:
        codes: Number of the group of each row, of shape ``(rows,)``.
        counts: How often each group is in each resample, of shape ``(1 + resamples, groups)``.
    """

    codes: NDArray[np.int64]
    counts: Counts

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return int(self.counts.shape[1])

    def of(self, rows: NDArray[np.bool_]) -> GroupedResamples:
        """Return the same resamples for some of the rows: those of the flags that are set."""
        return GroupedResamples(self.codes[rows], self.counts)

    def sums(self, values: Counts) -> Counts:
        """Return the sums of rows' values in each resample, of shape ``(1 + resamples, columns)``.

        Args:
            values: Of shape ``(rows, columns)``.
        """
        return self.counts @ self.by_group(values)

    def by_group(self, values: Counts) -> Counts:
        """Return the sums of rows' values in each group, of shape ``(groups, columns)``."""
        tables = np.zeros((self.n_groups, values.shape[1]))
        np.add.at(tables, self.codes, values)
        return tables

    def ranking(self, positive: NDArray[np.bool_], scores: NDArray[np.float64]) -> tuple[Counts, Counts]:
        """Return ROC areas and average precisions, each of shape ``(1 + resamples,)``.

        As scikit-learn has them: equal scores are taken together. nan where a resample has no positive, or
        for the area no negative. The rows are sorted once.

        Args:
            positive: Of shape ``(rows,)``, at least one of them true.
            scores: The higher the more probable, of the same shape.
        """
        order = np.argsort(-scores, kind="stable")
        runs = _runs(positive[order], scores[order])
        codes = self.codes[order]
        step = max(1, _CELLS_AT_ONCE // len(order))
        parts = [
            _ranking(self.counts[start : start + step, codes], runs)
            for start in range(0, len(self.counts), step)
        ]
        areas, precisions = (np.concatenate(column) for column in zip(*parts, strict=True))
        return areas, precisions


@dataclass(frozen=True, slots=True)
class _Runs:
    """Where rows in falling order of score have equal scores and a positive among them.

    Attributes:
        positives: Rows of the positives.
        hits: How many of the positives stand at or before the end of each run.
        first: First row of each run.
        last: Last row of each run.
    """

    positives: NDArray[np.int64]
    hits: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


def resample_groups(groups: Sequence[str], n_resamples: int = N_RESAMPLES) -> GroupedResamples:
    """Draw resamples of groups.

    Args:
        groups: Name of the group of each row. A row whose name is empty is a group of its own.
        n_resamples: How often to draw.

    Raises:
        DatasetError: There is one group or none, so that nothing can be said about other groups.
    """
    named = [group or f"\0{row}" for row, group in enumerate(groups)]
    names, codes = np.unique(np.array(named, dtype=object), return_inverse=True)
    if len(names) < 2:
        raise DatasetError(
            "groups",
            expected="texts of at least two groups, such as articles, for intervals and tests",
            found=f"{len(names)}",
            do="Add texts of other articles.",
        )
    drawn = draw_resamples(len(names), _SEED, n_resamples)
    return GroupedResamples(codes, np.vstack([np.ones((1, len(names))), drawn]))


def unit_of(articles: Sequence[str]) -> str:
    """Return what `resample_groups` draws of sentences with these articles, for people."""
    if all(articles):
        return "article"
    return "article, and sentence of none," if any(articles) else "sentence"


def _runs(positive: NDArray[np.bool_], scores: NDArray[np.float64]) -> _Runs:
    last = np.flatnonzero(np.r_[np.diff(scores) != 0, True])
    first = np.r_[0, last[:-1] + 1]
    hits = np.cumsum(positive, dtype=np.int64)[last]
    holds = np.diff(hits, prepend=0) > 0
    return _Runs(np.flatnonzero(positive), hits[holds], first[holds], last[holds])


def _ranking(drawn: Counts, runs: _Runs) -> tuple[Counts, Counts]:
    """Return areas and average precisions of counts of rows in falling order of score."""
    kept = np.cumsum(drawn, axis=1)
    until, before = kept[:, runs.last], kept[:, runs.first] - drawn[:, runs.first]
    hits = np.cumsum(drawn[:, runs.positives], axis=1)[:, runs.hits - 1]
    new_hits = np.diff(hits, axis=1, prepend=0)
    positives = hits[:, -1]
    negatives = kept[:, -1] - positives
    # Negatives above a positive, those of equal score counted half.
    above = (until - hits + before - (hits - new_hits)) / 2
    precision = np.divide(hits, until, out=np.zeros_like(hits), where=until > 0)
    with np.errstate(invalid="ignore"):
        areas = 1 - (new_hits * above).sum(axis=1) / (positives * negatives)
        return areas, (new_hits * precision).sum(axis=1) / positives
