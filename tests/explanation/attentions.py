"""Attention of a made-up model."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gotune.aspects import Aspect
from gotune.explanation.attention.results import Attention
from gotune.records import AspectProbabilities, ClassifiedText, Witness
from tests.models_said import SINGLE


def make_attention(
    *pieces: str, text: str = "A cell.", weights: ArrayLike | None = None, beside: tuple[Witness, ...] = ()
) -> Attention:
    """Return attention between these word pieces; two layers of two heads, all different, by default."""
    if weights is None:
        n = len(pieces)
        weights = np.random.default_rng(0).dirichlet(np.ones(n), size=(2, 2, n))
    found = AspectProbabilities(0.125, 0.125, 0.75)
    classified = ClassifiedText(text, found, (Aspect.MOLECULAR_FUNCTION,), SINGLE, doubts=("too short",))
    return Attention(classified, pieces, np.asarray(weights, dtype=np.float32), beside)
