"""The training loop in plain PyTorch, to be read from top to bottom."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from gotune.model.devices import autocast, choose_device, computes_bf16
from gotune.model.engines.torch import predict_logits
from gotune.model.manifest import EpochRecord
from gotune.model.tokens import bucket_batches, pad_batch
from gotune.training.losses import (
    intercept_penalty,
    mean_loss,
    rationale_head,
    rationale_loss,
    score_logits,
    source_intercepts,
)
from gotune.training.task import LabelledTexts, TrainingOutcome, TrainingTask

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_MAX_GRADIENT_NORM = 1.0
_INTERCEPT_RATE = 30.0
"""Times the learning rate: a few numbers that start from nothing would not get far in a fine-tuning."""


def run_native(task: TrainingTask) -> TrainingOutcome:
    """Train epoch by epoch, keeping a checkpoint after each, and load the best epoch's weights."""
    config, model = task.config, task.model
    with ExitStack() as stack:
        rationale = intercepts = None
        if config.rationale_weight > 0:
            rationale = stack.enter_context(rationale_head(model, config.seed))
        if config.source_intercepts:
            intercepts = stack.enter_context(source_intercepts(model, task.train.n_sources))
        return _run(task, rationale, intercepts)


def _run(
    task: TrainingTask, rationale: torch.nn.Linear | None, intercepts: torch.nn.Embedding | None
) -> TrainingOutcome:
    config, model = task.config, task.model
    device = choose_device(config.device)
    bf16 = computes_bf16(config.precision, device)
    model.to(device)  # type: ignore[arg-type]  # transformers wraps the signature away
    optimizer = torch.optim.AdamW(
        _parameter_groups(model, intercepts, config.weight_decay),
        lr=config.learning_rate,
        fused=device.type in ("cpu", "cuda"),
    )
    n_batches = math.ceil(len(task.train) / config.batch_size)
    n_steps = config.epochs * n_batches

    history = task.run_folder.restore(model, optimizer)
    for epoch in range(len(history) + 1, config.epochs + 1):
        # Order and dropout depend on seed and epoch alone, so a resumed epoch repeats them.
        torch.manual_seed(config.seed + epoch)
        numbers = bucket_batches(task.train.ids.lengths, config.batch_size, config.seed + epoch)
        batches = _batches(task.train, numbers, task.tokenizer.pad_token_id)
        model.train()
        total_loss = 0.0
        progress = task.track(batches, description=f"epoch {epoch}/{config.epochs}", total=n_batches)
        for step, batch in enumerate(progress, start=(epoch - 1) * n_batches):
            for group in optimizer.param_groups:
                share = learning_rate(step, n_steps, config.warmup_share)
                group["lr"] = share * group["times"] * config.learning_rate
            inputs = {name: tensor.to(device) for name, tensor in batch.inputs.items()}
            with autocast(bf16, device):
                output = model(**inputs, output_hidden_states=rationale is not None)
            weights = batch.weights.to(device)
            logits = output.logits
            if intercepts is not None:
                logits = logits + intercepts(batch.sources.to(device))
            loss = mean_loss(logits, batch.targets.to(device), weights, config.head)
            if intercepts is not None:
                loss = loss + intercept_penalty(intercepts)
            if rationale is not None:
                found = rationale(output.hidden_states[-1].float())
                loss = loss + config.rationale_weight * rationale_loss(found, batch.rationale, weights)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), _MAX_GRADIENT_NORM)
            optimizer.step()
            optimizer.zero_grad()
            total_loss += loss.item() * len(batch.targets)

        predicted = predict_logits(model, task.validation.ids, task.tokenizer.pad_token_id, bf16=bf16)
        scores = score_logits(predicted, task.validation.targets, config.head)
        record = EpochRecord(epoch=epoch, train_loss=total_loss / len(task.train), **scores)
        history = (*history, record)
        task.run_folder.save(model, optimizer, history)
        task.on_epoch(record)
    task.run_folder.load_best(model, history)
    return TrainingOutcome(history=history, device=str(device), bf16=bf16)


def _parameter_groups(
    model: PreTrainedModel, intercepts: torch.nn.Embedding | None, weight_decay: float
) -> list[dict[str, Any]]:
    """Let tables of weights decay, and neither biases nor the scales of layer norms, as Trainer does."""
    own = [] if intercepts is None else list(intercepts.parameters())
    rest = [parameter for parameter in model.parameters() if not any(parameter is one for one in own)]
    tables = [parameter for parameter in rest if parameter.ndim > 1]
    others = [parameter for parameter in rest if parameter.ndim <= 1]
    groups = [
        {"params": tables, "weight_decay": weight_decay, "times": 1.0},
        {"params": others, "weight_decay": 0.0, "times": 1.0},
    ]
    return groups + ([{"params": own, "weight_decay": 0.0, "times": _INTERCEPT_RATE}] if own else [])


def learning_rate(step: int, n_steps: int, warmup_share: float) -> float:
    """Return the share of the peak rate at a step counted from 0: up in a line, then down to 0."""
    warmup = warmup_share * n_steps
    if step < warmup:
        return step / warmup
    return (n_steps - step) / (n_steps - warmup)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Padded word pieces of some rows, with what is to be learned from them."""

    inputs: dict[str, torch.Tensor]
    targets: torch.Tensor
    weights: torch.Tensor
    rationale: list[NDArray[np.float16]]
    sources: torch.Tensor


def _batches(rows: LabelledTexts, batches: list[list[int]], pad_id: int) -> Iterator[_Batch]:
    for numbers in batches:
        yield _Batch(
            inputs=pad_batch([rows.ids[row] for row in numbers], pad_id),
            targets=torch.from_numpy(rows.targets[numbers]),
            weights=torch.from_numpy(rows.weights[numbers]),
            rationale=[rows.rationale[row] for row in numbers],
            sources=torch.from_numpy(rows.sources[numbers]),
        )
