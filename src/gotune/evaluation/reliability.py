"""How far probabilities are from what comes true: bins of like probability and their gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gotune.model.decisions import Truth

N_BINS = 15


def expected_calibration_error(
    truth: Truth, probabilities: NDArray[np.float64], n_bins: int = N_BINS
) -> float:
    """Return the mean gap between predicted and observed of what is judged, in bins of like probability.

    The expected calibration error of Guo et al. (2017, arXiv:1706.04599), for each aspect by itself and in
    bins of equal mass, as Nixon et al. (2019, arXiv:1904.01685) advise: bins of equal width are nearly all
    empty where most sentences have no aspect, and the gaps of one aspect could hide those of another.

    Args:
        truth: Which aspects each text has.
        probabilities: Of the same shape.
        n_bins: Bins of each aspect.
    """
    return reliability(truth, probabilities, n_bins).calibration_error


def reliability(truth: Truth, probabilities: NDArray[np.float64], n_bins: int = N_BINS) -> Reliability:
    """Return the reliability diagram of each aspect and of all together, on what is judged.

    Args:
        truth: Which aspects each text has.
        probabilities: Of the same shape.
        n_bins: Bins of each diagram.
    """
    from gotune.model.decisions import judged_columns

    columns = judged_columns(truth, probabilities)
    return reliability_of([(positive, scores) for _, positive, scores in columns], n_bins)


def reliability_of(
    columns: Sequence[tuple[NDArray[np.bool_], NDArray[np.float64]]], n_bins: int = N_BINS
) -> Reliability:
    """Return the reliability diagram of each aspect and of all together.

    Args:
        columns: Of each aspect, what is true and its probabilities; as many of both, none where nothing is
            judged.
        n_bins: Bins of each diagram.
    """
    import numpy as np

    aspects = [_bins(positive, scores, n_bins) for positive, scores in columns]
    said, scored = zip(*columns, strict=True)
    gaps = [_gap(bins) for bins in aspects if bins]
    return Reliability(
        aspects=tuple(aspects),
        pooled=_bins(np.concatenate(said), np.concatenate(scored), n_bins),
        calibration_error=float(np.mean(gaps)) if gaps else 0.0,
    )


def _gap(bins: Sequence[ReliabilityBin]) -> float:
    """Return the mean gap between predicted and observed, each bin weighted by its count."""
    gaps = sum(abs(found.predicted - found.observed) * found.count for found in bins)
    return gaps / sum(found.count for found in bins)


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
        calibration_error: Mean over the aspects that are judged of the gap between the two, weighted by the
            bins' counts; 0 if none is.
    """

    aspects: tuple[tuple[ReliabilityBin, ...], ...]
    pooled: tuple[ReliabilityBin, ...]
    calibration_error: float

    def to_dict(self) -> dict[str, Any]:
        """Return the bins as plain values, ready for JSON."""
        return asdict(self)
