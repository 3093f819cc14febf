"""``gotune train``, ``crossval``: a recipe becomes a model, or several."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.aspects import Head
from gotune.cli.console import Screen
from gotune.cli.options import (
    AspectsColumn,
    Beside,
    Conflict,
    Json,
    Offline,
    OutputFolder,
    Quiet,
    SentenceFiles,
    TextColumn,
    refuse_options,
)
from gotune.cli.recipes import (
    Data,
    Device,
    Encoder,
    Epochs,
    Preset,
    Seed,
    Settings,
    TrainSize,
    make_recipe,
)
from gotune.cli.sentences import load_model, load_models, tell_source, write_tagging
from gotune.config import Loop

if TYPE_CHECKING:
    from gotune.model.manifest import EpochRecord
    from gotune.protocols import Classifier
    from gotune.training.recipes import Recipe

_FOLDS = 5


class By(StrEnum):
    """What `gotune crossval` leaves out in turn."""

    ARTICLE = "article"
    CORPUS = "corpus"


def train(
    output: OutputFolder,
    data: Data = None,
    preset: Annotated[
        Preset | None,
        typer.Option(
            metavar="NAME", help="case-study or papers: settings to start from; those that are given win."
        ),
    ] = None,
    sentences: SentenceFiles = None,
    text_column: TextColumn = None,
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    encoder: Encoder = None,
    head: Annotated[
        Head | None,
        typer.Option(
            metavar="KIND",
            help="single: one aspect for every text. multi: each by itself, so none is possible.",
        ),
    ] = None,
    loop: Annotated[
        Loop | None,
        typer.Option(metavar="NAME", help="native or trainer: gotune's own loop, or Hugging Face's."),
    ] = None,
    train_size: TrainSize = None,
    epochs: Epochs = None,
    seed: Seed = None,
    device: Device = None,
    settings: Settings = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the last checkpoint of an interrupted run.")
    ] = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fine-tune an encoder to tell the aspects of definitions, or of sentences.

    The folder that it writes is the model, for all other commands.
    """
    options = {
        "text_column": text_column,
        "aspects_column": aspects_column,
        "on_conflict": on_conflict,
        "encoder": encoder,
        "head": head,
        "loop": loop,
        "train_size": train_size,
        "epochs": epochs,
        "seed": seed,
        "device": device,
    }
    recipe = make_recipe(preset, data, sentences, options, settings)
    config = recipe.config
    from gotune.model.light_bundle import read_manifest
    from gotune.render.wording import describe_not_calibrated
    from gotune.training.checkpoints import RunFolder, is_first_process
    from gotune.training.recipes import train as run

    first = is_first_process()  # the others would say the same
    screen = Screen(quiet=quiet or not first, as_json=as_json and first)
    if resume and not RunFolder.of(output).checkpoints():
        screen.say("There is no interrupted run to go on with.")

    def on_epoch(record: EpochRecord) -> None:
        screen.say(
            f"epoch {record.epoch}/{config.epochs}: loss {record.train_loss:.4f}, "
            f"validation accuracy {record.validation_accuracy:.4f}, macro F1 {record.validation_macro_f1:.4f}"
        )

    try:
        made = run(
            recipe,
            output,
            resume=resume,
            offline=offline,
            track=screen.track,
            on_source=lambda source: tell_source(source, screen),
            on_epoch=on_epoch,
        )
    except KeyboardInterrupt:
        if RunFolder.of(output).checkpoints():
            screen.warn("The run stands at its last whole epoch; repeat the command with --resume to go on.")
        raise
    n_texts = made.n_train + made.n_sentences
    screen.say(
        f"{made.n_truncated:,} of {n_texts:,} training texts were longer than "
        f"{config.max_tokens} word pieces and were cut."
    )
    if made.not_calibrated:
        screen.warn(describe_not_calibrated(made.not_calibrated))
    screen.say(f"Epoch {made.best_epoch} kept; written to {output}")
    if as_json and first:
        model = read_manifest(output).spec.info(output.resolve().name)
        screen.result({"folder": str(output), "model": model.to_dict(), "provenance": made.to_dict()})


def crossval(
    output: OutputFolder,
    data: Data = None,
    sentences: SentenceFiles = None,
    text_column: TextColumn = None,
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    folds: Annotated[
        int | None,
        typer.Option(
            min=2, metavar="N", help=f"Parts of whole articles, each left out once; {_FOLDS} by default."
        ),
    ] = None,
    by: Annotated[
        By,
        typer.Option(
            help="Leave out articles of the first file in turn, or whole corpora: files, or the parts of a "
            "file whose articles are all written corpus:document, such as genia:1234."
        ),
    ] = By.ARTICLE,
    beside: Beside = None,
    encoder: Encoder = None,
    train_size: TrainSize = None,
    epochs: Epochs = None,
    seed: Seed = None,
    device: Device = None,
    settings: Settings = None,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Train the papers recipe once for every fold of articles and measure each model on the fold left out.

    The first file of sentences is cut into folds; the others are only learned from. With --by corpus every
    corpus is left out once instead: the figure for papers of people who have taught nothing. The models stay
    under the output folder, which belongs to these files and folds. An interrupted run goes on where it
    stopped if the command is repeated.
    """
    if by is By.CORPUS:
        refuse_options({"--folds": folds}, without="--by article")
    options = {
        "text_column": text_column,
        "aspects_column": aspects_column,
        "on_conflict": on_conflict,
        "encoder": encoder,
        "train_size": train_size,
        "epochs": epochs,
        "seed": seed,
        "device": device,
    }
    recipe = make_recipe(Preset.PAPERS, data, sentences, options, settings)
    from gotune.files import check_folder

    check_folder(output)
    screen = Screen(quiet=quiet, as_json=as_json)
    recipe.check_files()
    load = partial(load_model, device=recipe.config.device, precision=recipe.config.precision)
    others = load_models(beside, screen, load)
    if by is By.CORPUS:
        _by_corpus(recipe, output, others, screen, offline=offline)
        return
    from gotune.evaluation.cross_validation import cross_validate
    from gotune.evaluation.sentences.report import describe_tagging, tagging_tables

    evaluation = cross_validate(
        recipe,
        output / "models",
        n_folds=folds or _FOLDS,
        beside=others,
        offline=offline,
        track=screen.track,
        on_source=lambda source: tell_source(source, screen),
    )
    screen.show(*tagging_tables(evaluation))
    screen.explain(describe_tagging(evaluation))
    for path in write_tagging(evaluation, output):
        screen.say(str(path))
    screen.result(evaluation.to_dict())


def _by_corpus(
    recipe: Recipe, output: Path, beside: Mapping[str, Classifier], screen: Screen, *, offline: bool
) -> None:
    from gotune.evaluation.corpora.report import corpus_tables, describe_corpora, render_corpora
    from gotune.evaluation.corpora.run import cross_validate_corpora
    from gotune.files import write_json, write_text

    evaluation = cross_validate_corpora(
        recipe,
        output / "models",
        beside=beside,
        offline=offline,
        track=screen.track,
        on_source=lambda source: tell_source(source, screen),
    )
    screen.show(*corpus_tables(evaluation))
    screen.explain(describe_corpora(evaluation))
    write_json(output / "corpora.json", evaluation.to_dict())
    write_text(output / "corpora.md", render_corpora(evaluation))
    for path in (output / "corpora.json", output / "corpora.md"):
        screen.say(str(path))
    for name, found in evaluation.corpora.items():
        for path in write_tagging(found, output / name):
            screen.say(str(path))
    screen.result(evaluation.to_dict())
