"""The same recipe through Hugging Face ``Trainer``: many GPUs, experiment trackers, its ecosystem.

Under ``torchrun --nproc-per-node N -m gotune train --loop trainer ...`` every process runs this code;
accelerate shares out the batches and only the first process writes the bundle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from accelerate import PartialState
from safetensors.torch import load_file
from torch.utils.data import Dataset
from transformers import (
    DataCollatorWithPadding,
    EvalPrediction,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from transformers.modeling_outputs import SequenceClassifierOutput
from transformers.trainer_callback import PrinterCallback, ProgressCallback

from gotune.arrays import tensor_errors
from gotune.aspects import Head
from gotune.errors import ConfigError
from gotune.files import saving
from gotune.model.devices import choose_device, computes_bf16
from gotune.model.manifest import EpochRecord
from gotune.training.losses import CHOOSE_BY, METRICS, mean_loss, score_logits
from gotune.training.task import LabelledTexts, TrainingOutcome, TrainingTask

_EVALUATION_BATCH = 32


def run_trainer(task: TrainingTask) -> TrainingOutcome:
    """Train through ``Trainer``, evaluating and saving every epoch, and load the best epoch's weights."""
    config = task.config
    device = choose_device(config.device)
    bf16 = computes_bf16(config.precision, device)
    arguments = TrainingArguments(
        output_dir=str(task.run_folder.path),
        num_train_epochs=config.epochs,
        per_device_train_batch_size=config.batch_size,
        per_device_eval_batch_size=_EVALUATION_BATCH,
        learning_rate=config.learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=config.warmup_share,  # below 1 it is a share of the steps
        weight_decay=config.weight_decay,
        train_sampling_strategy="group_by_length",
        bf16=bf16,
        use_cpu=device.type == "cpu",
        seed=config.seed,
        data_seed=config.seed,
        eval_strategy="epoch",
        save_strategy="epoch",
        logging_strategy="epoch",
        save_total_limit=None,  # older ones go once the new one is sealed, see `_Epochs.on_save`
        load_best_model_at_end=True,
        metric_for_best_model=CHOOSE_BY,
        greater_is_better=True,
        report_to=list(config.report_to) or "none",
        disable_tqdm=True,
        dataloader_pin_memory=device.type == "cuda",
    )
    try:
        trainer = Trainer(
            model=task.model,
            args=arguments,
            train_dataset=_Rows(task.train),
            eval_dataset=_Rows(task.validation),
            processing_class=task.tokenizer,
            data_collator=DataCollatorWithPadding(task.tokenizer),
            compute_loss_func=_loss_function(config.head),
            compute_metrics=_metrics_function(config.head),
            callbacks=[_Epochs(task)],
        )
    except (ValueError, RuntimeError, ImportError) as exc:
        if not config.report_to:
            raise
        raise ConfigError(
            "report_to",
            expected="trackers that transformers knows and that are installed",
            found=f"{', '.join(config.report_to)} ({exc})",
            do="Install the tracker's package, or leave the setting out.",
        ) from exc
    trainer.remove_callback(PrinterCallback)
    trainer.remove_callback(ProgressCallback)
    # The first process has looked after the run folder, and may delete it once all have the best weights.
    trainer.accelerator.wait_for_everyone()
    newest = task.run_folder.newest()
    with saving(task.run_folder.path), tensor_errors():
        trainer.train(resume_from_checkpoint=None if newest is None else str(newest))
        _load_best(task, trainer.state)
    trainer.accelerator.wait_for_everyone()
    return TrainingOutcome(
        history=_read_history(trainer.state),
        device=str(arguments.device),
        bf16=bf16,
        saves=trainer.is_world_process_zero(),
    )


def _load_best(task: TrainingTask, state: TrainerState) -> None:
    """Load the weights of the best epoch where Trainer has not: it forgets one whose folder was moved."""
    if state.best_model_checkpoint is None and state.best_global_step:
        weights = task.run_folder.path / f"checkpoint-{state.best_global_step}" / "model.safetensors"
        task.model.load_state_dict(load_file(weights))


class _Epochs(TrainerCallback):
    """Passes steps to the task's progress display and epochs to its ``on_epoch``."""

    def __init__(self, task: TrainingTask) -> None:
        self.task = task
        self.steps: Iterator[int] = iter(())

    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: object
    ) -> None:
        if not state.is_world_process_zero:
            return
        n_steps = state.max_steps // self.task.config.epochs
        epoch = state.global_step // n_steps + 1
        description = f"epoch {epoch}/{self.task.config.epochs}"
        self.steps = iter(self.task.track(range(n_steps), description=description, total=n_steps))
        next(self.steps, None)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: object
    ) -> None:
        next(self.steps, None)

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: object
    ) -> None:
        PartialState().wait_for_everyone()  # each process writes the state of its own generators
        if state.is_world_process_zero:
            self.task.run_folder.seal_trainers(f"checkpoint-{state.global_step}", state.best_model_checkpoint)

    def on_evaluate(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: object
    ) -> None:
        if state.is_world_process_zero:
            self.task.on_epoch(_read_history(state)[-1])


class _Rows(Dataset[dict[str, Any]]):
    """Rows as Trainer takes them: one field of labels, a row's three targets, then its weight."""

    def __init__(self, rows: LabelledTexts) -> None:
        self.ids = rows.ids
        self.labels = np.column_stack([rows.targets, rows.weights])

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, row: int) -> dict[str, Any]:
        return {"input_ids": self.ids[row].tolist(), "labels": self.labels[row].tolist()}


def _loss_function(head: Head) -> Callable[..., torch.Tensor]:
    def loss(
        outputs: SequenceClassifierOutput,
        labels: torch.Tensor,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> torch.Tensor:
        assert outputs.logits is not None  # noqa: S101 (a classification head always gives them)
        # Trainer counts items by their labels, of which each row has four.
        n_items = None if num_items_in_batch is None else num_items_in_batch / labels.shape[1]
        return mean_loss(outputs.logits, labels[:, :-1], labels[:, -1], head, n_items)

    return loss


def _metrics_function(head: Head) -> Callable[[EvalPrediction], dict[str, float]]:
    def metrics(prediction: EvalPrediction) -> dict[str, float]:
        targets = np.asarray(prediction.label_ids)[:, :-1]
        return score_logits(np.asarray(prediction.predictions), targets, head)

    return metrics


def _read_history(state: TrainerState) -> tuple[EpochRecord, ...]:
    """Join the training and the evaluation entries of Trainer's log, one record an epoch."""
    train_losses = [entry["loss"] for entry in state.log_history if "loss" in entry]
    scores = [
        {name: entry[f"eval_{name}"] for name in METRICS}
        for entry in state.log_history
        if f"eval_{CHOOSE_BY}" in entry
    ]
    return tuple(
        EpochRecord(epoch=epoch, train_loss=train_loss, **figures)
        for epoch, (train_loss, figures) in enumerate(zip(train_losses, scores, strict=True), start=1)
    )
