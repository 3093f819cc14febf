"""``gotune train``: a dataset becomes a fine-tuned model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import (
    DEFAULTS,
    DataFolder,
    Device,
    Encoder,
    Json,
    MaxTokens,
    Offline,
    OutputFolder,
    PrecisionOption,
    Quiet,
    Seed,
)
from gotune.config import Engine, TrainConfig

if TYPE_CHECKING:
    from gotune.models.manifest import EpochRecord


def train(
    data: DataFolder,
    output: OutputFolder,
    engine: Annotated[
        Engine, typer.Option(help="gotune's own PyTorch loop, or Hugging Face Trainer.")
    ] = DEFAULTS.engine,
    encoder: Encoder = DEFAULTS.encoder,
    train_size: Annotated[
        int | None, typer.Option(help="Learn from that many rows, drawn by the seed; all if left out.")
    ] = DEFAULTS.train_size,
    validation_size: Annotated[
        int | None, typer.Option(help="Rows that choose the epoch.")
    ] = DEFAULTS.validation_size,
    epochs: Annotated[int, typer.Option(help="Passes over the rows.")] = DEFAULTS.epochs,
    batch_size: Annotated[int, typer.Option(help="Texts a step.")] = DEFAULTS.batch_size,
    learning_rate: Annotated[float, typer.Option(help="Peak rate of AdamW.")] = DEFAULTS.learning_rate,
    warmup_share: Annotated[
        float, typer.Option(help="Share of the steps in which the rate rises.")
    ] = DEFAULTS.warmup_share,
    weight_decay: Annotated[float, typer.Option(help="Weight decay of AdamW.")] = DEFAULTS.weight_decay,
    max_tokens: MaxTokens = DEFAULTS.max_tokens,
    class_weights: Annotated[
        bool, typer.Option("--class-weights", help="Weigh the loss by inverse class frequency.")
    ] = DEFAULTS.class_weights,
    precision: PrecisionOption = DEFAULTS.precision,
    device: Device = DEFAULTS.device,
    seed: Seed = DEFAULTS.seed,
    report_to: Annotated[
        list[str] | None, typer.Option(help="Experiment tracker of transformers, with --engine trainer.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the last checkpoint of an interrupted run.")
    ] = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fine-tune an encoder to tell the aspects apart, and save it as a bundle."""
    # Without torch first: a wrong setting or folder is told at once.
    config = TrainConfig(
        engine=engine,
        encoder=encoder,
        train_size=train_size,
        validation_size=validation_size,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        warmup_share=warmup_share,
        weight_decay=weight_decay,
        max_tokens=max_tokens,
        class_weights=class_weights,
        precision=precision,
        device=device,
        seed=seed,
        report_to=tuple(report_to or ()),
    )
    from gotune.data.dataset import load_dataset
    from gotune.models.encoders import locate_encoder
    from gotune.training.checkpoints import RunFolder
    from gotune.training.processes import is_first_process
    from gotune.training.run import train as run

    first = is_first_process()  # the others would say the same
    screen = Screen(quiet=quiet or not first, as_json=as_json and first)
    dataset = load_dataset(data)
    with screen.doing("fetching the encoder"):
        locate_encoder(config.encoder, offline=offline)
    if resume and not RunFolder.of(output).checkpoints():
        screen.say("There is no interrupted run to go on with.")

    def on_epoch(record: EpochRecord) -> None:
        screen.say(
            f"epoch {record.epoch}/{config.epochs}: loss {record.train_loss:.4f}, "
            f"validation accuracy {record.validation_accuracy:.4f}, macro F1 {record.validation_macro_f1:.4f}"
        )

    try:
        manifest = run(
            dataset, output, config, resume=resume, offline=offline, track=screen.track, on_epoch=on_epoch
        )
    except KeyboardInterrupt:
        screen.warn("The run stands at its last whole epoch; repeat the command with --resume to go on.")
        raise
    screen.say(
        f"{manifest.n_truncated:,} of {manifest.n_train:,} training texts were longer than "
        f"{config.max_tokens} word pieces and were cut."
    )
    screen.say(f"Epoch {manifest.best_epoch} kept; written to {output}")
    screen.result({"folder": str(output), **manifest.to_dict()})
