"""A calibration made part of the weights, so that the saved model is calibrated wherever it is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gotune.aspects import ASPECTS
from gotune.models.calibration import Calibration

if TYPE_CHECKING:
    from transformers import PreTrainedModel


def fold_calibration(model: PreTrainedModel, calibration: Calibration) -> None:
    """Scale the last layer of a classifier in place, so that its logits come out calibrated."""
    import torch

    layers = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    last = [layer for layer in layers if layer.out_features == len(ASPECTS)][-1]
    slopes = torch.tensor(calibration.slopes).to(last.weight)
    intercepts = torch.tensor(calibration.intercepts).to(last.weight)
    with torch.no_grad():
        last.weight *= slopes[:, None]
        last.bias.mul_(slopes).add_(intercepts)
