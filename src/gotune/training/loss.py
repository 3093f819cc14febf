"""The loss that both engines minimise."""

from __future__ import annotations

import torch
from torch.nn.functional import cross_entropy


def mean_loss(
    logits: torch.Tensor,
    labels: torch.Tensor,
    class_weights: torch.Tensor | None,
    n_items: torch.Tensor | int | None = None,
) -> torch.Tensor:
    """Return the cross entropy per row, each row weighed by its class.

    The sum is divided by the number of rows and not, as torch does with weights, by the sum of the weights
    in the batch: the weights average 1 over the training rows, so small batches keep their scale.

    Args:
        logits: Of shape ``(rows, 3)``.
        labels: Of shape ``(rows,)``.
        class_weights: Of shape ``(3,)``, or None for equal weights.
        n_items: Rows in the whole step where it is shared out over processes; None for these rows alone.
    """
    weights = None if class_weights is None else class_weights.to(logits.device)
    total = cross_entropy(logits.float(), labels, weight=weights, reduction="sum")
    return total / (len(labels) if n_items is None else n_items)
