"""A second thing to learn beside the aspects of a sentence: which of its word pieces carry them.

Told only *that* a sentence of thirty words carries an aspect, an encoder has to find out by itself where;
told the place, it learns the same from far fewer sentences. The head that says so is thrown away after
training: the model that is saved is an ordinary classifier of whole texts. (Learning from annotated
evidence: Zaidan et al. 2007, https://aclanthology.org/N07-1033.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from gotune.aspects import ASPECTS
from gotune.models.encoding import PieceMarks

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_NAME = "evidence_head"


@contextmanager
def evidence_head(model: PreTrainedModel, seed: int) -> Iterator[torch.nn.Linear]:
    """Let the model have a head for word pieces while training lasts, so that checkpoints keep it too."""
    torch.manual_seed(seed)
    head = torch.nn.Linear(model.config.hidden_size, len(ASPECTS))
    model.add_module(_NAME, head)
    try:
        yield head
    finally:
        delattr(model, _NAME)


def evidence_loss(logits: torch.Tensor, marks: Sequence[PieceMarks], weights: torch.Tensor) -> torch.Tensor:
    """Return the mean over word pieces of the binary cross entropies of the three aspects, in nats.

    Each word piece is weighed as its row is. The sum is divided by the number of pieces and not by the sum
    of their weights, as in `gotune.training.loss.mean_loss`.

    Args:
        logits: Of shape ``(rows, longest, 3)``.
        marks: Of each row, of shape ``(pieces, 3)``; None where the places are unknown, which does not count.
        weights: Of shape ``(rows,)``.
    """
    known = [(row, marked) for row, marked in enumerate(marks) if marked is not None]
    if not known:
        return logits.sum() * 0.0
    found = torch.cat([logits[row, : len(marked)] for row, marked in known]).float()
    truth = torch.cat([torch.from_numpy(marked) for _, marked in known]).to(found.device, found.dtype)
    each = torch.cat([weights[row].expand(len(marked), 1) for row, marked in known]).to(found)
    return binary_cross_entropy_with_logits(found, truth, each, reduction="sum") / len(found)
