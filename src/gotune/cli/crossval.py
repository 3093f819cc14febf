"""``gotune crossval``: a recipe measured on articles that it has not seen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import (
    DEFAULTS,
    AspectsColumn,
    Beside,
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
from gotune.cli.sentences import SentenceOptions, load_beside, write_tagging
from gotune.training.recipes import Preset


def crossval(
    output: OutputFolder,
    data: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DATA]", help="Folder made by `gotune dataset`; else the definitions of GO 2021-12-15."
        ),
    ] = None,
    sentences: SentenceFiles = None,
    text_column: TextColumn = "text",
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    folds: Annotated[int, typer.Option(min=2, help="Parts of whole articles, each left out once.")] = 5,
    beside: Beside = None,
    precision: PrecisionOption = DEFAULTS.precision,
    device: Device = DEFAULTS.device,
    seed: Seed = DEFAULTS.seed,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Train the papers recipe once for every fold of articles and measure each model on the fold left out.

    The first file of sentences is cut into folds; the others are only learned from. The models stay under
    the output folder, which belongs to these files and folds. An interrupted run goes
    on where it stopped if the command is repeated.
    """
    recipe = choose_recipe(Preset.PAPERS, {"precision": precision, "device": device, "seed": seed}, None)
    from gotune.evaluation.cross_validation import cross_validate
    from gotune.evaluation.sentences.report import describe_tagging, tagging_tables
    from gotune.files import check_folder

    check_folder(output)
    screen = Screen(quiet=quiet, as_json=as_json)
    material = gather(
        data, recipe, sentences, SentenceOptions(aspects_column, on_conflict, text_column), screen, offline
    )
    evaluation = cross_validate(
        material.dataset,
        material.sources,
        output / "models",
        recipe.config,
        n_folds=folds,
        beside=load_beside(beside, material.dataset.card.release, screen, offline),
        lexicon=material.lexicon,
        offline=offline,
        track=screen.track,
    )
    screen.show(*tagging_tables(evaluation))
    screen.explain(describe_tagging(evaluation))
    for path in write_tagging(evaluation, output):
        screen.say(str(path))
    screen.result(evaluation.to_dict())
