"""Texts as points: what an encoder, pretrained or fine-tuned, makes of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.models.devices import autocast
from gotune.models.encoding import bucket_batches, encode_texts, pad_batch
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_BATCH_SIZE = 32
_ROWS_AT_ONCE = 512

Vectors = NDArray[np.float32]


def embed(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: Sequence[str],
    *,
    max_tokens: int,
    bf16: bool = False,
    track: Track = untracked,
) -> Vectors:
    """Return the mean of the last hidden states of each text, scaled to length one.

    The product of two rows is so the cosine of their angle. The mean is over all word pieces, the special
    ones included, as in Reimers and Gurevych 2019 (doi:10.18653/v1/D19-1410).

    Args:
        model: Any encoder; of a classifier, the part below its head. It is put into evaluation mode.
        tokenizer: Its own.
        texts: Any texts.
        max_tokens: Word pieces a text may have; longer ones are cut.
        bf16: Whether matrix products run in bfloat16.
        track: Shows progress.

    Returns:
        Of shape ``(len(texts), width of the encoder)``, in the order of ``texts``.

    Raises:
        TypeError: ``texts`` is one string instead of a sequence of them.
        InputError: A text has half a surrogate pair, which is no character.
    """
    import torch

    model.eval()
    encoder = model.base_model
    encoded = encode_texts(tokenizer, texts, max_tokens)
    vectors: Vectors = np.zeros((len(texts), int(model.config.hidden_size)), dtype=np.float32)
    batches = bucket_batches(encoded.lengths, _BATCH_SIZE)
    with torch.inference_mode(), autocast(bf16, model.device):
        for batch in track(batches, description="embedding", total=len(batches)):
            inputs = pad_batch([encoded.ids[row] for row in batch], tokenizer.pad_token_id)
            on_device = {name: tensor.to(model.device) for name, tensor in inputs.items()}
            states = encoder(**on_device).last_hidden_state.float()
            mask = on_device["attention_mask"][:, :, None].float()
            means = (states * mask).sum(dim=1) / mask.sum(dim=1)
            vectors[batch] = torch.nn.functional.normalize(means, dim=1).cpu().numpy()
    return vectors


def nearest(vectors: Vectors, k: int, *, track: Track = untracked) -> tuple[NDArray[np.int64], Vectors]:
    """Return the other rows nearest to each row, and the cosines, nearest first.

    Args:
        vectors: From `embed`, of shape ``(rows, width)``.
        k: How many; all others where there are fewer.
        track: Shows progress.

    Returns:
        Two arrays of shape ``(rows, k)``. Rows of equal cosine come in their own order.
    """
    n = len(vectors)
    k = min(k, max(n - 1, 0))
    rows: NDArray[np.int64] = np.zeros((n, k), dtype=np.int64)
    cosines: Vectors = np.zeros((n, k), dtype=np.float32)
    starts = range(0, n, _ROWS_AT_ONCE)
    for start in track(starts, description="finding neighbours", total=len(starts)):
        block = np.arange(start, min(start + _ROWS_AT_ONCE, n))
        found = vectors[block] @ vectors.T
        found[block - start, block] = -np.inf  # a row is no neighbour of itself
        rows[block] = _largest(found, k)
        cosines[block] = np.take_along_axis(found, rows[block], axis=1)
    return rows, cosines


def _largest(values: Vectors, k: int) -> NDArray[np.int64]:
    """Return the columns of the largest values of each row, the largest first."""
    columns = np.sort(np.argpartition(-values, k, axis=1)[:, :k], axis=1)
    order = np.argsort(-np.take_along_axis(values, columns, axis=1), axis=1, kind="stable")
    return np.take_along_axis(columns, order, axis=1)
