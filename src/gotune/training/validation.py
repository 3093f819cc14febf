"""The validation figures by which the epoch is chosen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS

METRICS = ("validation_loss", "validation_accuracy", "validation_macro_f1")
CHOOSE_BY = "validation_macro_f1"


def score_logits(logits: NDArray[np.floating], labels: NDArray[np.int64]) -> dict[str, float]:
    """Return mean cross entropy, accuracy and macro F1 under the names in `METRICS`.

    Args:
        logits: Of shape ``(rows, 3)``.
        labels: Of shape ``(rows,)``.
    """
    from scipy.special import log_softmax
    from sklearn.metrics import f1_score

    predicted = logits.argmax(axis=1)
    log_probabilities = log_softmax(logits.astype(np.float64), axis=1)
    codes = [aspect.label for aspect in ASPECTS]
    figures = (
        -log_probabilities[np.arange(len(labels)), labels].mean(),
        (predicted == labels).mean(),
        f1_score(labels, predicted, labels=codes, average="macro", zero_division=0.0),
    )
    return {name: float(figure) for name, figure in zip(METRICS, figures, strict=True)}
