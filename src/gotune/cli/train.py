"""``gotune train``: a dataset becomes a fine-tuned model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.aspects import Head
from gotune.cli.console import Screen
from gotune.cli.options import (
    DEFAULTS,
    AspectsColumn,
    Conflict,
    Device,
    Json,
    Offline,
    OutputFolder,
    PrecisionOption,
    Quiet,
    Seed,
    SentenceFiles,
    TextColumn,
)
from gotune.cli.recipes import choose_recipe, gather
from gotune.cli.sentences import SentenceOptions
from gotune.config import Loop
from gotune.training.recipes import Preset

if TYPE_CHECKING:
    from gotune.model.manifest import EpochRecord


def train(
    output: OutputFolder,
    data: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DATA]",
            help="Folder made by `gotune dataset`; without it the definitions of GO 2021-12-15.",
        ),
    ] = None,
    preset: Annotated[
        Preset | None, typer.Option(help="Settings found good by experiment; others that are given win.")
    ] = None,
    head: Annotated[
        Head | None,
        typer.Option(help="single: one aspect for every text. multi: each by itself, so none is possible."),
    ] = None,
    sentences: SentenceFiles = None,
    text_column: TextColumn = "text",
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    name_sentences: Annotated[
        int | None, typer.Option(min=0, help="Learn from that many made-up sentences with names of terms.")
    ] = None,
    lexicon: Annotated[
        bool | None,
        typer.Option("--lexicon/--no-lexicon", help="Add what the names of terms in a text say."),
    ] = None,
    loop: Annotated[
        Loop | None,
        typer.Option(help="gotune's own PyTorch loop, or Hugging Face Trainer.", show_default=DEFAULTS.loop),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            help="A Hugging Face name, or a folder with an encoder.",
            show_default=DEFAULTS.encoder,
        ),
    ] = None,
    train_size: Annotated[
        int | None, typer.Option(help="Learn from that many definitions, drawn by the seed; all if left out.")
    ] = None,
    validation_size: Annotated[
        int | None,
        typer.Option(help="Definitions that choose the epoch.", show_default=str(DEFAULTS.validation_size)),
    ] = None,
    opening_cut: Annotated[
        float | None,
        typer.Option(
            help="Share of the definitions that lose their first words.",
            show_default=str(DEFAULTS.opening_cut),
        ),
    ] = None,
    rationale_weight: Annotated[
        float | None,
        typer.Option(
            help="How much to learn where in a sentence the evidence stands.",
            show_default=str(DEFAULTS.rationale_weight),
        ),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(help="Passes over the rows.", show_default=str(DEFAULTS.epochs))
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(help="Texts a step.", show_default=str(DEFAULTS.batch_size))
    ] = None,
    learning_rate: Annotated[
        float | None, typer.Option(help="Peak rate of AdamW.", show_default=str(DEFAULTS.learning_rate))
    ] = None,
    warmup_share: Annotated[
        float | None,
        typer.Option(
            help="Share of the steps in which the rate rises.", show_default=str(DEFAULTS.warmup_share)
        ),
    ] = None,
    weight_decay: Annotated[
        float | None, typer.Option(help="Weight decay of AdamW.", show_default=str(DEFAULTS.weight_decay))
    ] = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(
            min=3,
            help="Word pieces a text may have; longer ones are cut.",
            show_default=str(DEFAULTS.max_tokens),
        ),
    ] = None,
    class_weights: Annotated[
        bool | None, typer.Option("--class-weights", help="Weigh the loss by inverse class frequency.")
    ] = None,
    precision: PrecisionOption = DEFAULTS.precision,
    device: Device = DEFAULTS.device,
    seed: Seed = DEFAULTS.seed,
    report_to: Annotated[
        list[str] | None, typer.Option(help="Experiment tracker of transformers, with --loop trainer.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the last checkpoint of an interrupted run.")
    ] = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fine-tune an encoder to tell the aspects of definitions, or of sentences, and save it as a bundle."""
    # Without torch first: a wrong setting or folder is told at once.
    given = {
        "head": head,
        "loop": loop,
        "encoder": encoder,
        "train_size": train_size,
        "validation_size": validation_size,
        "opening_cut": opening_cut,
        "rationale_weight": rationale_weight,
        "lexicon": lexicon,
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "warmup_share": warmup_share,
        "weight_decay": weight_decay,
        "max_tokens": max_tokens,
        "class_weights": class_weights,
        "precision": precision,
        "device": device,
        "seed": seed,
        "report_to": tuple(report_to or ()) or None,
    }
    recipe = choose_recipe(preset, given, name_sentences)
    config = recipe.config
    from gotune.model.encoders import locate_encoder
    from gotune.training.checkpoints import RunFolder, is_first_process
    from gotune.training.run import train as run

    first = is_first_process()  # the others would say the same
    screen = Screen(quiet=quiet or not first, as_json=as_json and first)
    material = gather(
        data, recipe, sentences, SentenceOptions(aspects_column, on_conflict, text_column), screen, offline
    )
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
            material.dataset,
            output,
            config,
            sources=material.sources,
            lexicon=material.lexicon,
            resume=resume,
            offline=offline,
            track=screen.track,
            on_epoch=on_epoch,
        )
    except KeyboardInterrupt:
        screen.warn("The run stands at its last whole epoch; repeat the command with --resume to go on.")
        raise
    n_texts = manifest.n_train + manifest.n_sentences
    screen.say(
        f"{manifest.n_truncated:,} of {n_texts:,} training texts were longer than "
        f"{config.max_tokens} word pieces and were cut."
    )
    screen.say(f"Epoch {manifest.best_epoch} kept; written to {output}")
    screen.result({"folder": str(output), **manifest.to_dict()})
