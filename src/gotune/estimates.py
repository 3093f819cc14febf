"""Figures with their intervals, from bootstrap resamples.

A resample is a row of counts that says how often each text was drawn (Efron and Tibshirani 1993,
doi:10.1201/9780429246593); every figure is then a weighted one, computed for all resamples together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % bootstrap percentile interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval."""

    value: float
    interval: Interval


N_RESAMPLES = 1000
_CONFIDENCE = 0.95

Counts: TypeAlias = "NDArray[np.float64]"


def draw_resamples(n_rows: int, seed: int, n_resamples: int = N_RESAMPLES) -> Counts:
    """Return how often each row is drawn in each resample, of shape ``(n_resamples, n_rows)``."""
    import numpy as np

    generator = np.random.default_rng(seed)
    counts = generator.multinomial(n_rows, np.full(n_rows, 1 / n_rows), size=n_resamples)
    return counts.astype(np.float64)


def estimate(value: float | np.floating, replicates: Counts) -> Estimate:
    """Join a figure with the percentile interval of its replicates."""
    import numpy as np

    tail = 50 * (1 - _CONFIDENCE)
    low, high = np.nanpercentile(replicates, [tail, 100 - tail])
    return Estimate(float(value), Interval(float(low), float(high)))
