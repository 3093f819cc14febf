"""What a run minimises, and the validation figures by which its epoch is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from gotune.aspects import ASPECTS, Head

if TYPE_CHECKING:
    from transformers import PreTrainedModel


_INTERCEPT_PENALTY = 0.01
"""An intercept of 1 has to lower the mean loss of all rows by as much."""


def mean_loss(
    logits: torch.Tensor,
    targets: torch.Tensor,
    weights: torch.Tensor,
    head: Head,
    n_items: torch.Tensor | float | None = None,
) -> torch.Tensor:
    """Return the cross entropy per row in nats, each row weighed.

    With three independent aspects it is the sum of the binary cross entropies of those that are judged. The
    sum over the rows is divided by their number and not by the sum of their weights, so small batches keep
    their scale.

    Args:
        logits: Of shape ``(rows, 3)``.
        targets: Probabilities of the aspects, of shape ``(rows, 3)``; they add up to one for `Head.SINGLE`,
            and are NaN for what is not judged with `Head.MULTI`.
        weights: Of shape ``(rows,)``.
        head: Kind of the head.
        n_items: Rows in the whole step where it is shared out over processes; None for these rows alone.
    """
    if head is Head.SINGLE:
        each = cross_entropy(logits.float(), targets, reduction="none")
    else:
        each = _cross_entropies(logits.float(), targets).sum(dim=1)
    total = (each * weights).sum()
    return total / (len(targets) if n_items is None else n_items)


def _cross_entropies(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return binary cross entropies in nats; they are 0, and so is their gradient, where a target is NaN."""
    judged = ~targets.isnan()
    each = binary_cross_entropy_with_logits(logits, torch.where(judged, targets, 0.0), reduction="none")
    return torch.where(judged, each, 0.0)


@contextmanager
def rationale_head(model: PreTrainedModel, seed: int) -> Iterator[torch.nn.Linear]:
    """Let the model have a head for word pieces while training lasts, so that checkpoints keep it too."""
    torch.manual_seed(seed)
    head = torch.nn.Linear(model.config.hidden_size, len(ASPECTS))
    with _attached(model, "rationale_head", head):
        yield head


@contextmanager
def source_intercepts(model: PreTrainedModel, n_sources: int) -> Iterator[torch.nn.Embedding]:
    """Let the model have an intercept for each source and aspect while training lasts, at first zero.

    What one source of sentences calls an aspect more often than another is learned by them, and not by the
    encoder; without them the model stands between its sources.
    """
    intercepts = torch.nn.Embedding(n_sources, len(ASPECTS), _weight=torch.zeros(n_sources, len(ASPECTS)))
    with _attached(model, "source_intercepts", intercepts):
        yield intercepts


@contextmanager
def _attached(model: PreTrainedModel, name: str, module: torch.nn.Module) -> Iterator[None]:
    model.add_module(name, module)
    try:
        yield
    finally:
        delattr(model, name)


def intercept_penalty(intercepts: torch.nn.Embedding) -> torch.Tensor:
    """Return what pulls the intercepts of sources towards zero, in nats."""
    return _INTERCEPT_PENALTY * intercepts.weight.square().sum()


def rationale_loss(
    logits: torch.Tensor, marks: Sequence[NDArray[np.float16]], weights: torch.Tensor
) -> torch.Tensor:
    """Return the mean over word pieces of the binary cross entropies of the aspects that are judged, in nats.

    Each word piece is weighed as its row is. The sum is divided by the number of pieces and not by the sum
    of their weights, as in `gotune.training.losses.mean_loss`.

    Args:
        logits: Of shape ``(rows, longest, 3)``.
        marks: Of each row, of shape ``(pieces, 3)``, NaN for aspects that are not judged; of shape ``(0, 3)``
            where the places are unknown, which does not count.
        weights: Of shape ``(rows,)``.
    """
    known = [(row, marked) for row, marked in enumerate(marks) if len(marked)]
    if not known:
        return logits.sum() * 0.0
    found = torch.cat([logits[row, : len(marked)] for row, marked in known]).float()
    truth = torch.cat([torch.tensor(marked) for _, marked in known]).to(found.device, found.dtype)
    each = torch.cat([weights[row].expand(len(marked), 1) for row, marked in known]).to(found)
    return (_cross_entropies(found, truth) * each).sum() / len(found)


METRICS = ("validation_loss", "validation_accuracy", "validation_macro_f1")
CHOOSE_BY = "validation_macro_f1"


def score_logits(logits: NDArray[np.floating], targets: NDArray[np.floating], head: Head) -> dict[str, float]:
    """Return mean loss in nats, accuracy and macro F1 under the names in `METRICS`.

    With three independent aspects each of them is decided at a probability of one half, and the accuracy is
    the share of rows in which all decisions are right. Only what is judged counts; F1 is the mean over the
    aspects on which any row is.

    Args:
        logits: Of shape ``(rows, 3)``.
        targets: Probabilities of the aspects, of shape ``(rows, 3)``, NaN for what is not judged.
        head: Kind of the head.
    """
    from scipy.special import log_expit, log_softmax

    logits = logits.astype(np.float64)
    judged = ~np.isnan(targets)
    if head is Head.SINGLE:
        losses = -(targets * log_softmax(logits, axis=1)).sum(axis=1)
        truth, decided = _one_hot(targets), _one_hot(logits)
    else:
        each = -(targets * log_expit(logits) + (1 - targets) * log_expit(-logits))
        losses = np.where(judged, each, 0).sum(axis=1)
        truth, decided = targets >= 0.5, (logits >= 0) & judged
    hits, wanted, taken = (cells.sum(axis=0) for cells in (truth & decided, truth, decided))
    f1 = 2 * hits / np.maximum(wanted + taken, 1)
    figures = (
        losses.mean(),
        (truth == decided).all(axis=1).mean(),
        f1[judged.any(axis=0)].mean(),
    )
    return {name: float(figure) for name, figure in zip(METRICS, figures, strict=True)}


def _one_hot(scores: NDArray[np.floating]) -> NDArray[np.bool_]:
    chosen: NDArray[np.bool_] = np.arange(len(ASPECTS)) == scores.argmax(axis=1)[:, None]
    return chosen
