"""The attention weights with which a classifier read a text (Vaswani et al. 2017, arXiv:1706.03762)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.corpus.reading import as_read
from gotune.errors import InputError
from gotune.explanation.attention.results import Attention
from gotune.model.classification import classify_as_one
from gotune.model.classifier import Transparent
from gotune.model.tokens import check_fits, pad_batch, tokens_of
from gotune.protocols import Classifier
from gotune.records import Witness

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

_ROUNDING = 1e-3
_INSTEAD = "Use occlusion, which needs probabilities alone: gotune explain --method occlusion."


def attention_of(classifier: Classifier, text: str) -> Attention:
    """Return how strongly each word piece of a text looks at each other one, in every layer and head.

    The pieces are those of the reading of the text, see `gotune.corpus.reading`. The weights are computed in
    float32; the classifier gives the same probabilities afterwards.

    Raises:
        InputError: The classifier is no transformer with attention weights; or the text is blank or has more
            word pieces than the model reads.
    """
    if not isinstance(classifier, Transparent):
        raise _no_attention(type(classifier).__name__)
    text = as_read(text)
    classified = classify_as_one(classifier, text)
    engine = classifier.engine
    check_fits(engine.tokenizer, text, engine.max_tokens, do="Give one sentence.")
    tokens = tokens_of(engine.tokenizer, text, engine.max_tokens)
    return Attention(
        classified=classified,
        pieces=tuple(token.piece for token in tokens),
        weights=_weights(engine.model, [token.id for token in tokens]),
        beside=tuple(each for each in classifier.witnesses if each is not Witness.ENCODER),
    )


def _weights(model: PreTrainedModel, ids: list[int]) -> NDArray[np.float32]:
    """Return the weights of shape ``(layers, heads, len(ids), len(ids))``, which cannot be written to."""
    import torch

    model.eval()
    inputs = {name: tensor.to(model.device) for name, tensor in pad_batch([ids], pad_id=0).items()}
    with torch.inference_mode(), _eager_attention(model):
        layers: tuple[torch.Tensor | None, ...] = model(**inputs, output_attentions=True).attentions or ()
    found = [layer[0].float().cpu().numpy() for layer in layers if layer is not None]
    if not all(_is_whole(layer, (len(found[0]), len(ids), len(ids))) for layer in found) or not found:
        raise _no_attention(f"{type(model).__name__}, which has none for every pair of word pieces")
    weights = np.stack(found)
    weights.setflags(write=False)
    return weights


def _is_whole(layer: NDArray[np.float32], shape: tuple[int, ...]) -> bool:
    """Whether there is a weight for every pair of word pieces; local attention has windows instead."""
    return layer.shape == shape and np.allclose(layer.sum(axis=-1), 1, atol=_ROUNDING)


@contextmanager
def _eager_attention(model: PreTrainedModel) -> Iterator[None]:
    """Let a model compute attention step by step; the fused kernels keep no weights."""
    before = model.config._attn_implementation
    try:
        model.set_attn_implementation("eager")
        yield
    finally:
        model.set_attn_implementation(before)


def _no_attention(found: str) -> InputError:
    return InputError("classifier", expected="a transformer with attention weights", found=found, do=_INSTEAD)
