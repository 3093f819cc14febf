"""``gotune crossval``: a recipe measured on articles that it has not seen."""

from __future__ import annotations

from typing import Annotated

import typer

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
from gotune.cli.sentences import load_models, tell_source, write_tagging


def crossval(
    output: OutputFolder,
    data: Data = None,
    sentences: SentenceFiles = None,
    text_column: TextColumn = None,
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    folds: Annotated[
        int, typer.Option(min=2, metavar="N", help="Parts of whole articles, each left out once.")
    ] = 5,
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

    The first file of sentences is cut into folds; the others are only learned from. The models stay under
    the output folder, which belongs to these files and folds. An interrupted run goes on where it stopped if
    the command is repeated.
    """
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
    from gotune.evaluation.cross_validation import cross_validate
    from gotune.evaluation.sentences.report import describe_tagging, tagging_tables
    from gotune.files import check_folder

    check_folder(output)
    screen = Screen(quiet=quiet, as_json=as_json)
    recipe.check_files()
    evaluation = cross_validate(
        recipe,
        output / "models",
        n_folds=folds,
        beside=load_models(beside, screen),
        offline=offline,
        track=screen.track,
        on_source=lambda source: tell_source(source, screen),
    )
    screen.show(*tagging_tables(evaluation))
    screen.explain(describe_tagging(evaluation))
    for path in write_tagging(evaluation, output):
        screen.say(str(path))
    screen.result(evaluation.to_dict())
