"""The definitions that a model gets most surely wrong: what to read first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.results.classified import AspectProbabilities
from gotune.results.evaluation import HardExample

if TYPE_CHECKING:
    import pandas as pd


def hardest_examples(
    rows: pd.DataFrame, probabilities: NDArray[np.float64], size: int = 20
) -> tuple[HardExample, ...]:
    """Return the errors of a model, those with the highest probability of a wrong aspect first.

    Args:
        rows: Definitions, with the columns ``go_id``, ``name``, ``definition`` and ``label``.
        probabilities: What the model says of them, of shape ``(rows, 3)``.
        size: How many at most.
    """
    predicted = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(predicted != rows["label"].to_numpy())
    order = wrong[np.argsort(-probabilities[wrong, predicted[wrong]], kind="stable")][:size]
    taken = rows.iloc[order]
    return tuple(
        HardExample(go_id, name, definition, ASPECTS[label], AspectProbabilities(*row))
        for go_id, name, definition, label, row in zip(
            taken["go_id"],
            taken["name"],
            taken["definition"],
            taken["label"],
            probabilities[order].tolist(),
            strict=True,
        )
    )
