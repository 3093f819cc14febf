"""Which labels their own texts speak against, by confident learning (cleanlab)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gotune.errors import MissingExtraError


def import_cleanlab() -> None:
    """Make sure that the ``explain`` extra is installed.

    Raises:
        MissingExtraError: cleanlab is missing.
    """
    try:
        import cleanlab  # noqa: F401
    except ImportError as exc:
        raise MissingExtraError(
            "gotune[explain]",
            expected="cleanlab",
            found=f"no module {exc.name}",
            do='Install it with: pip install "gotune[explain]"',
        ) from exc


def find_issues(labels: NDArray[np.int64], probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which labels are more likely wrong than right (Northcutt et al. 2021, doi:10.1613/jair.1.12125).

    How many rows of each label are probably of another is estimated from all rows; of these, the ones least
    like their label are told.

    Args:
        labels: Of shape ``(rows,)``.
        probabilities: Out of fold, of shape ``(rows, 3)``.

    Raises:
        MissingExtraError: cleanlab is missing.
    """
    import_cleanlab()
    from cleanlab.filter import find_label_issues

    found: NDArray[np.bool_] = find_label_issues(labels, probabilities, n_jobs=1)
    return found


def label_quality(labels: NDArray[np.int64], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of the label that each row has, 0 to 1; the lower the more suspect.

    It is cleanlab's ``self_confidence``, of the same shape as ``labels``.

    Raises:
        MissingExtraError: cleanlab is missing.
    """
    import_cleanlab()
    from cleanlab.rank import get_label_quality_scores

    scores: NDArray[np.float64] = get_label_quality_scores(labels, probabilities)
    return scores
