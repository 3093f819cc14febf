"""Figures with their intervals, from bootstrap resamples.

A resample is a row of counts that says how often each text was drawn (Efron and Tibshirani 1993,
doi:10.1201/9780429246593); every figure is then a weighted one, computed for all resamples together.
Where no text differs from another there is nothing to resample: Wilson's interval stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval: the percentiles of resamples, or Wilson's where it is `widened`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval."""

    value: float
    interval: Interval


N_RESAMPLES = 1000
_CONFIDENCE = 0.95
_ROUNDING = 1e-12
"""An interval as narrow as this has no width but for rounding."""

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


def widened(found: Estimate, instead: Interval) -> Estimate:
    """Return a figure with another interval where its own has no width, else as it is.

    Where no error was among the texts, or all of them agree, all resamples are alike. An interval of no width
    would say that another outcome is impossible.

    Args:
        found: The figure.
        instead: Such as `wilson_interval`.
    """
    # Thirds of sentences add up to the same share but for rounding.
    is_point = found.interval.high - found.interval.low <= _ROUNDING
    return Estimate(found.value, instead) if is_point else found


def wilson_interval(share: float, n: int) -> Interval:
    """Return the 95 % score interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953).

    It has width whatever the share, so that it stands where resamples are all alike.

    Args:
        share: Or a mean of figures from 0 to 1, which varies at most as much as a share.
        n: Of how many independent texts, or groups of texts; of 0 the interval is that from 0 to 1.
    """
    z = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2)
    middle = n * share + z * z / 2
    reach = z * sqrt(n * share * (1 - share) + z * z / 4)
    low, high = ((middle + side * reach) / (n + z * z) for side in (-1, 1))
    # Rounding must not push an end over the share itself, which is an end where it is 0 or 1.
    return Interval(max(0.0, min(low, share)), min(1.0, max(high, share)))
