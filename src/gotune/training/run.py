"""One training run, whichever the engine: data in, bundle out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gotune.aspects import ASPECTS
from gotune.config import Engine, TrainConfig
from gotune.data.dataset import LabelledDataset, draw_training_rows
from gotune.errors import ConfigError, DatasetError
from gotune.files import check_replaceable
from gotune.models import bundle as bundles
from gotune.models.encoders import import_transformers, load_model, load_tokenizer, locate_encoder
from gotune.models.encoding import check_max_tokens, encode_texts
from gotune.models.manifest import Manifest, choose_best, describe_environment
from gotune.protocols import Track, untracked
from gotune.training.checkpoints import RunFolder
from gotune.training.processes import count_processes
from gotune.training.task import LabelledTexts, OnEpoch, TrainingOutcome, TrainingTask
from gotune.training.vocabulary import compact_vocabulary

if TYPE_CHECKING:
    import pandas as pd
    import torch
    from transformers import PreTrainedTokenizerBase


def train(
    dataset: LabelledDataset,
    folder: Path | str,
    config: TrainConfig | None = None,
    *,
    resume: bool = False,
    offline: bool = False,
    track: Track = untracked,
    on_epoch: OnEpoch = lambda record: None,
) -> Manifest:
    """Fine-tune an encoder on the training part of a dataset and save the bundle.

    After each epoch a checkpoint is kept in ``<folder>.training``, which goes when the bundle is saved.

    Args:
        dataset: From `build_dataset` or `load_dataset`; its test part is not looked at.
        folder: The bundle folder to write. An older bundle there stays until the new one is complete.
        config: All settings; None takes the defaults.
        resume: Go on from the last checkpoint of an interrupted run; the weights come out the same. A run
            that is finished already is left as it is.
        offline: Fetch nothing.
        track: Shows progress.
        on_epoch: Called with the figures after each epoch.

    Returns:
        The manifest of the bundle.

    Raises:
        DatasetError: The training part is too small, or lacks an aspect.
        EncoderError, DownloadError: The encoder cannot be had.
        ConfigError: A resumed run has other settings or data, or an interrupted one is in the way; or
            several processes run the native engine.
        SaveError: The bundle cannot be written.
    """
    import_transformers()
    folder, config = Path(folder), config or TrainConfig()
    _check_processes(config)
    check_replaceable(folder, bundles.FOLDER)
    if resume and (finished := _finished(folder, config, dataset)) is not None:
        return finished
    rows, validation = _choose_rows(dataset, config)
    encoder = locate_encoder(config.encoder, offline=offline)
    tokenizer = load_tokenizer(encoder)
    model = load_model(encoder, seed=config.seed)
    # Encoders with relative positions have no such limit.
    positions = getattr(model.config, "max_position_embeddings", None)
    check_max_tokens(tokenizer, positions, config.max_tokens)
    run_folder = RunFolder.open(folder, config, dataset.fingerprint, resume=resume)
    task = TrainingTask(
        model=model,
        tokenizer=tokenizer,
        train=_encode_rows(tokenizer, rows, config),
        validation=_encode_rows(tokenizer, validation, config),
        class_weights=_class_weights(rows) if config.class_weights else None,
        config=config,
        run_folder=run_folder,
        track=track,
        on_epoch=on_epoch,
    )
    try:
        with compact_vocabulary(model, tokenizer.all_special_ids, task.train.ids, task.validation.ids) as ids:
            outcome = _run_engine(task.with_ids(*ids))
    except BaseException:
        if not run_folder.checkpoints():  # nothing to go on with
            run_folder.remove()
        raise
    manifest = Manifest(
        release=dataset.card.release,
        obo_sha256=dataset.card.obo_sha256,
        dataset_fingerprint=dataset.fingerprint,
        n_train=len(task.train),
        n_validation=len(task.validation),
        n_truncated=task.train.truncated,
        config=config,
        history=outcome.history,
        best_epoch=choose_best(outcome.history),
        environment=describe_environment(outcome.device, outcome.bf16),
    )
    if outcome.saves:
        training_ids = (*rows["go_id"], *validation["go_id"])
        bundles.save_bundle(bundles.Bundle(model.cpu(), tokenizer, manifest, training_ids), folder)
        run_folder.remove()
    return manifest


def _finished(folder: Path, config: TrainConfig, dataset: LabelledDataset) -> Manifest | None:
    """Return the manifest of a bundle that this very run has made before."""
    if RunFolder.of(folder).checkpoints() or not (folder / bundles.MANIFEST).is_file():
        return None
    manifest = bundles.read_manifest(folder)
    same = manifest.config == config and manifest.dataset_fingerprint == dataset.fingerprint
    return manifest if same else None


def _check_processes(config: TrainConfig) -> None:
    if config.engine is Engine.NATIVE and count_processes() > 1:
        raise ConfigError(
            "engine",
            expected="trainer, which shares out the work among processes",
            found=f"native in {count_processes()} processes",
            do="Take --engine trainer, or run without torchrun.",
        )


def _run_engine(task: TrainingTask) -> TrainingOutcome:
    if task.config.engine is Engine.NATIVE:
        from gotune.training.native import run_native

        return run_native(task)
    from gotune.training.hf_trainer import run_trainer

    return run_trainer(task)


def _choose_rows(dataset: LabelledDataset, config: TrainConfig) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = draw_training_rows(dataset, config.train_size, config.seed)
    present = set(rows["label"])
    missing = [aspect.value for aspect in ASPECTS if aspect.label not in present]
    if missing:
        raise DatasetError(
            "training rows",
            expected="rows of all three aspects",
            found="none of " + ", ".join(missing),
            do="Take more rows (--train-size).",
        )
    return rows, dataset.parts["validation"].iloc[: config.validation_size]


def _encode_rows(
    tokenizer: PreTrainedTokenizerBase, rows: pd.DataFrame, config: TrainConfig
) -> LabelledTexts:
    texts = encode_texts(tokenizer, rows["definition"].tolist(), config.max_tokens)
    return LabelledTexts(texts.ids, rows["label"].to_numpy(dtype=np.int64), texts.truncated)


def _class_weights(rows: pd.DataFrame) -> torch.Tensor:
    """Return the inverse frequency of each class, 1 on the mean over rows, of shape ``(3,)``."""
    import torch

    counts = torch.tensor([int((rows["label"] == aspect.label).sum()) for aspect in ASPECTS])
    return len(rows) / (len(ASPECTS) * counts)
