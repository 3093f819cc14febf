"""The encoder with its head in PyTorch: texts to word pieces to logits, in batches of like length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.config import Precision
from gotune.model.devices import autocast, choose_device, computes_bf16, usable_cores
from gotune.model.tokens import bucket_batches, encode_parts, encode_whole, pad_batch
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_BATCH_SIZE = 32


@dataclass(frozen=True, slots=True)
class TorchEngine:
    """A transformer on a device, ready for texts.

    Attributes:
        model: The encoder with its head.
        tokenizer: Its word pieces.
        max_tokens: Word pieces that it reads of a text, special ones included; the rest is cut.
        bf16: Whether matrix products run in bfloat16.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    max_tokens: int
    bf16: bool = False

    @classmethod
    def on(
        cls,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        max_tokens: int,
        *,
        device: str = "auto",
        precision: Precision = Precision.AUTO,
        threads: int | None = None,
    ) -> TorchEngine:
        """Bring a model to a device.

        Args:
            model: The encoder with its head.
            tokenizer: Its word pieces.
            max_tokens: As above.
            device: ``auto``, or a torch device.
            precision: Number format of the matrix products.
            threads: For the CPU, from now on and whatever torch computes; as torch has it if None.

        Raises:
            ConfigError: The device cannot be used here.
        """
        import torch

        if threads is not None:
            torch.set_num_threads(min(threads, usable_cores()))
        place = choose_device(device)
        on_device: PreTrainedModel = model.to(place)  # type: ignore[arg-type]
        return cls(on_device, tokenizer, max_tokens, computes_bf16(precision, place))

    def logits(self, texts: Sequence[str], *, track: Track = untracked) -> tuple[NDArray[np.float64], int]:
        """Return logits of shape ``(len(texts), 3)``, and how many texts were cut to what the model reads.

        Raises:
            TypeError: ``texts`` is one string instead of a sequence of them.
            InputError: A text has half a surrogate pair, which is no character.
        """
        rows = [np.zeros((0, len(ASPECTS)))]
        truncated = 0
        encode = partial(encode_whole, self.tokenizer, self.max_tokens)
        for encoded in encode_parts(encode, texts, self.max_tokens, track=track):
            rows.append(predict_logits(self.model, encoded.ids, self.tokenizer.pad_token_id, bf16=self.bf16))
            truncated += encoded.truncated
        return np.concatenate(rows), truncated

    def in_float32(self) -> TorchEngine:
        """Return the same engine computing in full precision, for what compares small differences."""
        return replace(self, bf16=False)


def predict_logits(
    model: PreTrainedModel,
    ids: Sequence[Sequence[int] | NDArray[np.integer]],
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
