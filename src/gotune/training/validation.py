"""The validation figures by which the epoch is chosen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Head

METRICS = ("validation_loss", "validation_accuracy", "validation_macro_f1")
CHOOSE_BY = "validation_macro_f1"


def score_logits(logits: NDArray[np.floating], targets: NDArray[np.floating], head: Head) -> dict[str, float]:
    """Return mean loss in nats, accuracy and macro F1 under the names in `METRICS`.

    With three independent aspects each of them is decided at a probability of one half, and the accuracy is
    the share of rows in which all three decisions are right.

    Args:
        logits: Of shape ``(rows, 3)``.
        targets: Probabilities of the aspects, of shape ``(rows, 3)``.
        head: Kind of the head.
    """
    from scipy.special import log_expit, log_softmax
    from sklearn.metrics import f1_score

    logits = logits.astype(np.float64)
    if head is Head.SINGLE:
        losses = -(targets * log_softmax(logits, axis=1)).sum(axis=1)
        truth, decided = _one_hot(targets), _one_hot(logits)
    else:
        losses = -(targets * log_expit(logits) + (1 - targets) * log_expit(-logits)).sum(axis=1)
        truth, decided = targets >= 0.5, logits >= 0
    figures = (
        losses.mean(),
        (truth == decided).all(axis=1).mean(),
        f1_score(truth, decided, average="macro", zero_division=0.0),
    )
    return {name: float(figure) for name, figure in zip(METRICS, figures, strict=True)}


def _one_hot(scores: NDArray[np.floating]) -> NDArray[np.bool_]:
    chosen: NDArray[np.bool_] = np.arange(len(ASPECTS)) == scores.argmax(axis=1)[:, None]
    return chosen
