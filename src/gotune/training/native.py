"""The training loop in plain PyTorch, to be read from top to bottom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch.utils.data import DataLoader, Dataset

from gotune.models.devices import autocast, choose_device, computes_bf16
from gotune.models.encoding import bucket_batches, pad_batch
from gotune.models.manifest import EpochRecord
from gotune.models.prediction import predict_logits
from gotune.training.loss import mean_loss
from gotune.training.task import LabelledTexts, TrainingOutcome, TrainingTask
from gotune.training.validation import score_logits

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_MAX_GRADIENT_NORM = 1.0


def run_native(task: TrainingTask) -> TrainingOutcome:
    """Train epoch by epoch, keeping a checkpoint after each, and load the best epoch's weights."""
    config, model = task.config, task.model
    device = choose_device(config.device)
    bf16 = computes_bf16(config.precision, device)
    model.to(device)  # type: ignore[arg-type]  # transformers wraps the signature away
    optimizer = torch.optim.AdamW(
        _parameter_groups(model, config.weight_decay),
        lr=config.learning_rate,
        fused=device.type in ("cpu", "cuda"),
    )
    n_batches = math.ceil(len(task.train) / config.batch_size)
    n_steps = config.epochs * n_batches

    history = task.run_folder.restore(model, optimizer)
    for epoch in range(len(history) + 1, config.epochs + 1):
        # Order and dropout depend on seed and epoch alone, so a resumed epoch repeats them.
        torch.manual_seed(config.seed + epoch)
        batches = bucket_batches(list(map(len, task.train.ids)), config.batch_size, config.seed + epoch)
        loader = _loader(task.train, batches, task.tokenizer.pad_token_id)
        model.train()
        total_loss = 0.0
        progress = task.track(loader, description=f"epoch {epoch}/{config.epochs}", total=n_batches)
        for step, (inputs, labels) in enumerate(progress, start=(epoch - 1) * n_batches):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(step, n_steps, config.warmup_share) * config.learning_rate
            with autocast(bf16, device):
                logits = model(**{name: tensor.to(device) for name, tensor in inputs.items()}).logits
            loss = mean_loss(logits, labels.to(device), task.class_weights)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), _MAX_GRADIENT_NORM)
            optimizer.step()
            optimizer.zero_grad()
            total_loss += loss.item() * len(labels)

        predicted = predict_logits(model, task.validation.ids, task.tokenizer.pad_token_id, bf16=bf16)
        scores = score_logits(predicted, task.validation.labels)
        record = EpochRecord(epoch=epoch, train_loss=total_loss / len(task.train), **scores)
        history = (*history, record)
        task.run_folder.save(model, optimizer, history)
        task.on_epoch(record)
    task.run_folder.load_best(model, history)
    return TrainingOutcome(history=history, device=str(device), bf16=bf16)


def _parameter_groups(model: PreTrainedModel, weight_decay: float) -> list[dict[str, Any]]:
    """Let tables of weights decay, and neither biases nor the scales of layer norms, as Trainer does."""
    tables = [parameter for parameter in model.parameters() if parameter.ndim > 1]
    others = [parameter for parameter in model.parameters() if parameter.ndim <= 1]
    return [{"params": tables, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]


def learning_rate(step: int, n_steps: int, warmup_share: float) -> float:
    """Return the share of the peak rate at a step counted from 0: up in a line, then down to 0."""
    warmup = warmup_share * n_steps
    if step < warmup:
        return step / warmup
    return (n_steps - step) / (n_steps - warmup)


class _Rows(Dataset[tuple[list[int], int]]):
    """Word pieces and label by row number."""

    def __init__(self, rows: LabelledTexts) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, row: int) -> tuple[list[int], int]:
        return self.rows.ids[row], int(self.rows.labels[row])


def _loader(rows: LabelledTexts, batches: list[list[int]], pad_id: int) -> DataLoader[tuple[list[int], int]]:
    def collate(items: Sequence[tuple[list[int], int]]) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
        ids, labels = zip(*items, strict=True)
        return pad_batch(ids, pad_id), torch.tensor(labels)

    return DataLoader(_Rows(rows), batch_sampler=batches, collate_fn=collate)
