"""Integrated gradients (Sundararajan et al. 2017, arXiv:1703.01365) of a transformer, from word to word.

The gradient of the score with respect to the embeddings is added up on the straight way from a blank text to
the text at hand. In a blank text all word pieces are masked, while special tokens and positions stay what
they are. The encoder was trained to take masks for words that nobody knows; padding, the other candidate, it
has never looked at, and from there it takes more steps until all adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import Aspect, Head
from gotune.errors import MissingExtraError, import_failure
from gotune.explanation.attribution.results import Completeness
from gotune.explanation.words import Place
from gotune.model.tokens import encode_uncut

if TYPE_CHECKING:
    import torch
    from captum.attr import IntegratedGradients
    from transformers import PreTrainedTokenizerBase

    from gotune.model.classifier import Transparent

_STEPS = (32, 64, 128, 256, 512)
_ENOUGH = 0.05
"""Completeness error from which on more steps are taken."""
_LEAST_DIFFERENCE = 0.01
"""Log-odds; a text that differs less from a blank one has nothing to explain, and no relative error."""
_PIECES_AT_ONCE = 4096


class Gradients(NamedTuple):
    """Weights of words, of shape ``(words,)``; the score that the encoder gives; how well they add up."""

    weights: NDArray[np.float64]
    score: float
    completeness: Completeness


def integrate_gradients(
    classifier: Transparent, text: str, words: Sequence[Place], aspect: Aspect
) -> Gradients:
    """Share out the log-odds of an aspect, as the encoder alone gives them, over words.

    Everything is computed in float32. The steps are doubled while the completeness error is over 5 %.

    Args:
        classifier: A transformer.
        text: Not longer than the model reads.
        words: Places of its words. What word pieces outside of them get counts as an error.
        aspect: The one to explain.

    Raises:
        MissingExtraError: captum is not installed.
    """
    integrated = _integrated(classifier, aspect)
    encoding = encode_uncut(classifier.engine.tokenizer, text)
    ids = encoding["input_ids"].to(classifier.engine.model.device)
    offsets: NDArray[np.int64] = encoding["offset_mapping"][0].numpy()
    blank = ids.clone()
    # Special tokens stand nowhere: their offsets are (0, 0).
    blank[0, (offsets[:, 0] < offsets[:, 1]).tolist()] = _blank_piece(classifier.engine.tokenizer)
    start, end = (_embed(classifier, row) for row in (blank, ids))
    baseline, score = _scores(integrated, start), _scores(integrated, end)
    word_of = _words_of_pieces(words, offsets)
    for steps in _STEPS:
        found = integrated.attribute(
            end, start, n_steps=steps, internal_batch_size=max(1, _PIECES_AT_ONCE // len(offsets))
        )
        pieces = found.sum(dim=-1)[0].cpu().double().numpy()
        weights = np.bincount(word_of + 1, pieces, minlength=len(words) + 1)[1:].astype(np.float64)
        difference = score - baseline
        error = abs(weights.sum() - difference) / max(abs(difference), _LEAST_DIFFERENCE)
        if error <= _ENOUGH:
            break
    return Gradients(weights, score, Completeness(baseline, float(error), steps))


def _integrated(classifier: Transparent, aspect: Aspect) -> IntegratedGradients:
    try:
        from captum.attr import IntegratedGradients
    except ImportError as exc:
        raise MissingExtraError(
            "gotune[explain]",
            expected="captum",
            found=import_failure(exc),
            do='Install it with: pip install "gotune[explain]"; or take the method occlusion.',
        ) from exc
    model, head = classifier.engine.model.eval(), classifier.info.head

    def score(embeddings: torch.Tensor) -> torch.Tensor:
        # Positions, and that nothing is padding to be skipped, are the encoder's own defaults.
        return _log_odds(model(inputs_embeds=embeddings).logits, aspect, head)

    return IntegratedGradients(score)


def _log_odds(logits: torch.Tensor, aspect: Aspect, head: Head) -> torch.Tensor:
    """Return the log-odds of one aspect, of shape ``(rows,)``."""
    import torch

    chosen = logits[:, aspect.label]
    if head is Head.MULTI:
        return chosen
    others = [label for label in range(logits.shape[1]) if label != aspect.label]
    return chosen - torch.logsumexp(logits[:, others], dim=1)


def _blank_piece(tokenizer: PreTrainedTokenizerBase) -> int:
    """Return the mask, or padding for the few encoders that were trained without."""
    mask: int | None = tokenizer.mask_token_id
    return int(tokenizer.pad_token_id) if mask is None else mask


def _embed(classifier: Transparent, ids: torch.Tensor) -> torch.Tensor:
    embedding: torch.Tensor = classifier.engine.model.get_input_embeddings()(ids)
    return embedding.detach()


def _scores(integrated: IntegratedGradients, embeddings: torch.Tensor) -> float:
    import torch

    with torch.no_grad():
        return float(integrated.forward_func(embeddings))


def _words_of_pieces(words: Sequence[Place], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of the word with which each word piece has most in common, -1 for none."""
    starts, ends = np.array(words).T
    shared = np.minimum(ends, offsets[:, 1:]) - np.maximum(starts, offsets[:, :1])
    best = shared.argmax(axis=1)
    return np.where(shared.max(axis=1) > 0, best, -1)
