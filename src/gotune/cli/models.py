"""``gotune adapt``, ``export``: a model made of another one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import (
    AspectsColumn,
    Conflict,
    Json,
    ModelFolder,
    OutputFolder,
    Quiet,
    Sentences,
    TextColumn,
    refuse_options,
)
from gotune.cli.sentences import SentenceOptions, read_labelled
from gotune.model.exported import Target
from gotune.records import Witness


def adapt(
    sentences: Annotated[
        Path, typer.Argument(metavar="FILE", help="Labelled sentences that the model has not learned from.")
    ],
    model: ModelFolder,
    output: OutputFolder,
    text_column: TextColumn = None,
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    device: Annotated[str, typer.Option(metavar="NAME", help="auto, cpu, cuda, cuda:1 or mps.")] = "auto",
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Adapt a model to labelled sentences, in seconds, and save it as another.

    From 50 sentences on. Probabilities are scaled, thresholds chosen anew, and words learn what the sentences
    say beyond the model; its encoder stays as it is. What that gains is measured on articles left out.
    """
    from gotune.adaptation.run import adapt as adapt_model
    from gotune.model.adapted import adaptation_table, describe_adaptation, describe_verdict

    screen = Screen(quiet=quiet, as_json=as_json)
    source = read_labelled(sentences, SentenceOptions(aspects_column, on_conflict, text_column), screen)
    adaptation = adapt_model(model, source, output, device=device, track=screen.track)
    screen.show(adaptation_table(adaptation))
    screen.explain(describe_adaptation(adaptation))
    if warning := describe_verdict(adaptation):
        screen.warn(warning)
    screen.say(f"Written to {output}")
    screen.result(adaptation.to_dict())


def export(
    model: ModelFolder,
    output: OutputFolder,
    data: Annotated[
        Path | None,
        typer.Argument(metavar="DATA", help="Folder made by `gotune dataset`, for its test part."),
    ] = None,
    engine: Annotated[
        Target | None,
        typer.Option(help="What to make it for: ONNX Runtime, with weights in 8 bits or as they are."),
    ] = None,
    without: Annotated[
        Witness | None, typer.Option(help="What to leave out: encoder, so that words and names answer alone.")
    ] = None,
    sentences: Sentences = None,
    text_column: TextColumn = None,
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    force: Annotated[
        bool, typer.Option("--force", help="Save it even if a figure loses more than .003.")
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Save a model so that it needs no torch: for ONNX Runtime, or without its encoder.

    It takes the place of the model in classify, evaluate, compare and explain. For ONNX Runtime it is
    measured beside the model on DATA, --sentences or both, and a loss is refused. Without its encoder, words
    and names answer alone, with probabilities and thresholds of their own.
    """
    reading = SentenceOptions(aspects_column, on_conflict, text_column)
    screen = Screen(quiet=quiet, as_json=as_json)
    if (engine is None) == (without is None):
        raise typer.BadParameter("expected --engine or --without encoder, found neither or both")
    if without is None:
        _for_engine(model, output, engine, data, sentences, reading, force, screen)
        return
    if without is not Witness.ENCODER:
        raise typer.BadParameter(f"--without: expected encoder, found {without}")
    asked = {"DATA": data, "--sentences": sentences, "--force": force, **reading.given()}
    refuse_options(asked, without="--engine")
    from gotune.model.light_bundle import leave_out_encoder

    with screen.doing("saving words and names"):
        saved = leave_out_encoder(model, output)
    _tell_size(output, screen)
    screen.result({"folder": str(output), "model": saved.manifest.spec.to_dict()})


def _for_engine(
    model: Path,
    output: Path,
    target: Target | None,
    data: Path | None,
    sentences: Path | None,
    reading: SentenceOptions,
    force: bool,
    screen: Screen,
) -> None:
    if data is None and sentences is None:
        raise typer.BadParameter("expected DATA, --sentences FILE or both to measure it on, found neither")
    if sentences is None:
        refuse_options(reading.given(), without="--sentences FILE")
    from gotune.datasets.definitions import load_dataset
    from gotune.export.run import export as export_model
    from gotune.model.exported import describe_export, export_table

    found = export_model(
        model,
        output,
        target or Target.ONNX_INT8,
        dataset=None if data is None else load_dataset(data),
        sentences=None if sentences is None else read_labelled(sentences, reading, screen),
        force=force,
        track=screen.track,
    )
    screen.show(export_table(found))
    screen.explain(describe_export(found))
    _tell_size(output, screen)
    screen.result({"folder": str(output), **found.to_dict()})


def _tell_size(folder: Path, screen: Screen) -> None:
    size = sum(path.stat().st_size for path in folder.iterdir())
    screen.say(f"Written to {folder}: {size / 1e6:.1f} MB")
