"""Word pieces to logits, in batches of like length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import Head
from gotune.model.devices import autocast
from gotune.model.tokens import bucket_batches, pad_batch
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_BATCH_SIZE = 32

TINY = 1e-12
"""How near to 0 or 1 a probability is taken to be at most."""


def predict_logits(
    model: PreTrainedModel,
    ids: Sequence[Sequence[int]],
    pad_id: int,
    *,
    bf16: bool,
    track: Track = untracked,
) -> NDArray[np.float64]:
    """Return the logits of each row of word pieces, of shape ``(len(ids), number of labels)``.

    The model is put into evaluation mode. Rows come back in the order in which they were given.
    """
    import torch

    model.eval()
    n_labels = int(model.config.num_labels or 0)
    logits: NDArray[np.float64] = np.zeros((len(ids), n_labels))
    batches = bucket_batches([len(row) for row in ids], _BATCH_SIZE)
    with torch.inference_mode(), autocast(bf16, model.device):
        for batch in track(batches, description="classifying", total=len(batches)):
            inputs = pad_batch([ids[row] for row in batch], pad_id)
            output = model(**{name: tensor.to(model.device) for name, tensor in inputs.items()})
            logits[batch] = output.logits.float().cpu().numpy()
    return logits


def log_odds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of ``p / (1 - p)``, finite also at 0 and 1."""
    inside = probabilities.clip(TINY, 1 - TINY)
    found: NDArray[np.float64] = np.log(inside) - np.log1p(-inside)
    return found


def to_probabilities(logits: NDArray[np.float64], head: Head) -> NDArray[np.float64]:
    """Return the probabilities of logits of shape ``(rows, 3)``, as the head means them."""
    from scipy.special import expit, softmax

    probabilities: NDArray[np.float64] = softmax(logits, axis=1) if head is Head.SINGLE else expit(logits)
    return probabilities
