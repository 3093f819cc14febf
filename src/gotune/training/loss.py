"""The loss that both engines minimise."""

from __future__ import annotations

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from gotune.heads import Head


def mean_loss(
    logits: torch.Tensor,
    targets: torch.Tensor,
    weights: torch.Tensor,
    head: Head,
    n_items: torch.Tensor | float | None = None,
) -> torch.Tensor:
    """Return the cross entropy per row in nats, each row weighed.

    With three independent aspects it is the sum of their binary cross entropies. The sum over the rows is
    divided by their number and not by the sum of their weights, so small batches keep their scale.

    Args:
        logits: Of shape ``(rows, 3)``.
        targets: Probabilities of the aspects, of shape ``(rows, 3)``; they add up to one for `Head.SINGLE`.
        weights: Of shape ``(rows,)``.
        head: Kind of the head.
        n_items: Rows in the whole step where it is shared out over processes; None for these rows alone.
    """
    if head is Head.SINGLE:
        each = cross_entropy(logits.float(), targets, reduction="none")
    else:
        each = binary_cross_entropy_with_logits(logits.float(), targets, reduction="none").sum(dim=1)
    total = (each * weights).sum()
    return total / (len(targets) if n_items is None else n_items)
