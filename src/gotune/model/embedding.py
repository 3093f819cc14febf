"""Texts as points: what an encoder, pretrained or fine-tuned, makes of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import Head
from gotune.config import Precision
from gotune.model.devices import autocast
from gotune.model.encoders import load_pretrained, locate_encoder
from gotune.model.engines.torch import TorchEngine
from gotune.model.tokens import bucket_batches, check_max_tokens, encode_texts, pad_batch, positions_of
from gotune.protocols import Track, untracked

_BATCH_SIZE = 32
_ROWS_AT_ONCE = 512

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TextEncoder:
    """A transformer that makes texts into points; see `gotune.protocols.Encoder`.

    Attributes:
        name: For people.
        engine: The encoder with a head, of which the part below the head is used.
        known: GO ids of the definitions that it was fine-tuned on.
    """

    name: str
    engine: TorchEngine
    known: Collection[str] = ()

    @classmethod
    def pretrained(
        cls,
        name: str,
        *,
        max_tokens: int,
        offline: bool = False,
        device: str = "auto",
        precision: Precision = Precision.AUTO,
    ) -> TextEncoder:
        """Load an encoder as it was before any fine-tuning.

        Raises:
            EncoderError: There is none of that name, or it reads fewer than ``max_tokens`` word pieces.
            DownloadError: A pinned encoder cannot be fetched.
            ConfigError: The device cannot be used here.
            MissingExtraError: torch or transformers is missing.
        """
        import torch

        folder = locate_encoder(name, offline=offline)
        with torch.random.fork_rng():  # the head, which is not used, is drawn at random
            model, tokenizer = load_pretrained(folder, head=Head.SINGLE, seed=0)
        check_max_tokens(tokenizer, positions_of(model), max_tokens)
        engine = TorchEngine.on(model, tokenizer, max_tokens, device=device, precision=precision)
        return cls(f"{name}, pretrained", engine)

    def embed(self, texts: Sequence[str], *, track: Track = untracked) -> Vectors:
        """Return the mean of the last hidden states of each text, scaled to length one.

        The product of two rows is so the cosine of their angle. The mean is over all word pieces, the special
        ones included, as in Reimers and Gurevych 2019 (doi:10.18653/v1/D19-1410).

        Args:
            texts: Any texts.
            track: Shows progress.

        Returns:
            Of shape ``(len(texts), width of the encoder)``, in the order of ``texts``.

        Raises:
            TypeError: ``texts`` is one string instead of a sequence of them.
            InputError: A text has half a surrogate pair, which is no character.
        """
        import torch

        model, tokenizer = self.engine.model.eval(), self.engine.tokenizer
        encoder, device = model.base_model, model.device
        encoded = encode_texts(tokenizer, texts, self.engine.max_tokens)
        vectors: Vectors = np.zeros((len(texts), int(model.config.hidden_size)), dtype=np.float32)
        batches = bucket_batches(encoded.lengths, _BATCH_SIZE)
        with torch.inference_mode(), autocast(self.engine.bf16, device):
            for batch in track(batches, description="embedding", total=len(batches)):
                inputs = pad_batch([encoded.ids[row] for row in batch], tokenizer.pad_token_id)
                on_device = {name: tensor.to(device) for name, tensor in inputs.items()}
                states = encoder(**on_device).last_hidden_state.float()
                mask = on_device["attention_mask"][:, :, None].float()
                means = (states * mask).sum(dim=1) / mask.sum(dim=1)
                vectors[batch] = torch.nn.functional.normalize(means, dim=1).cpu().numpy()
        return vectors


def nearest(vectors: Vectors, k: int, *, track: Track = untracked) -> tuple[NDArray[np.int64], Vectors]:
    """Return the other rows nearest to each row, and the cosines, nearest first.

    Args:
        vectors: From `TextEncoder.embed`, of shape ``(rows, width)``.
        k: How many; all others where there are fewer.
        track: Shows progress.

    Returns:
        Two arrays of shape ``(rows, k)``. Rows of equal cosine come in their own order; which of several
        equals is the last is left open.
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
