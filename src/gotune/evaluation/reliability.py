"""How far probabilities are from what comes true: bins of like probability and their gaps."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

N_BINS = 15


def expected_calibration_error(
    truth: NDArray[np.bool_], probabilities: NDArray[np.float64], n_bins: int = N_BINS
) -> float:
    """Return the mean gap between predicted and observed, in bins of like probability.

    The expected calibration error of Guo et al. (2017, arXiv:1706.04599), for each aspect by itself and in
    bins of equal mass, as Nixon et al. (2019, arXiv:1904.01685) advise: bins of equal width are nearly all
    empty where most sentences have no aspect, and the gaps of one aspect could hide those of another.

    Args:
        truth: Which aspects each text has, of shape ``(rows, aspects)``.
        probabilities: Of the same shape.
        n_bins: Bins of each aspect.
    """
    import numpy as np

    gaps = [
        sum(abs(found.predicted - found.observed) * found.count for found in _bins(*columns, n_bins))
        for columns in zip(truth.T, probabilities.T, strict=True)
    ]
    return float(np.mean(gaps) / len(truth))


def reliability(
    truth: NDArray[np.bool_], probabilities: NDArray[np.float64], n_bins: int = N_BINS
) -> Reliability:
    """Return the reliability diagram of each aspect and of all together.

    Args:
        truth: Which aspects each text has, of shape ``(rows, aspects)``.
        probabilities: Of the same shape.
        n_bins: Bins of each diagram.
    """
    return Reliability(
        aspects=tuple(_bins(*columns, n_bins) for columns in zip(truth.T, probabilities.T, strict=True)),
        pooled=_bins(truth.ravel(), probabilities.ravel(), n_bins),
        calibration_error=expected_calibration_error(truth, probabilities, n_bins),
    )


def equal_mass_bins(probabilities: NDArray[np.float64], n_bins: int = N_BINS) -> NDArray[np.int64]:
    """Return the bin of each probability, from 0 for the lowest; equal probabilities share a bin."""
    import numpy as np
    from scipy.stats import rankdata

    ranks = rankdata(probabilities) - 0.5
    bins: NDArray[np.int64] = (ranks * n_bins / max(len(probabilities), 1)).astype(np.int64)
    return bins


def _bins(
    truth: NDArray[np.bool_], probabilities: NDArray[np.float64], n_bins: int
) -> tuple[ReliabilityBin, ...]:
    """Return the bins that are not empty."""
    import numpy as np

    codes = equal_mass_bins(probabilities, n_bins)
    members = [codes == code for code in np.unique(codes)]
    return tuple(
        ReliabilityBin(float(probabilities[rows].mean()), float(truth[rows].mean()), int(rows.sum()))
        for rows in members
    )


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Texts of like probability: the mean of it, the share that is true, and how many they are."""

    predicted: float
    observed: float
    count: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """Predicted probabilities against what came true.

    Attributes:
        aspects: The bins of each aspect, in label order, each from the lowest probability up.
        pooled: The bins of all aspects' probabilities together.
        calibration_error: Mean over the aspects of the gap between the two, weighted by the bins' counts.
    """

    aspects: tuple[tuple[ReliabilityBin, ...], ...]
    pooled: tuple[ReliabilityBin, ...]
    calibration_error: float

    def to_dict(self) -> dict[str, Any]:
        """Return the bins as plain values, ready for JSON."""
        return asdict(self)
