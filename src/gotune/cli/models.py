"""``gotune models``, ``adapt``, ``export``: the models that come with gotune, and one made of another."""

from __future__ import annotations

from enum import StrEnum
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
    Transformer,
    refuse_options,
)
from gotune.cli.sentences import SentenceOptions, read_labelled
from gotune.model.shipped import DEFAULT_MODEL
from gotune.records import Witness


class _Engine(StrEnum):
    """What computes encoders without torch, and the number format of their weights."""

    ONNX_INT8 = "onnx-int8"
    ONNX_FP32 = "onnx-fp32"


def adapt(
    sentences: Annotated[
        Path, typer.Argument(metavar="FILE", help="Labelled sentences that the model has not learned from.")
    ],
    output: OutputFolder,
    model: ModelFolder = DEFAULT_MODEL,
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
    model: Transformer,
    output: OutputFolder,
    data: Annotated[
        Path | None,
        typer.Argument(metavar="DATA", help="Folder made by `gotune dataset`, for its test part."),
    ] = None,
    engine: Annotated[
        _Engine | None,
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

    It takes the place of the model in classify, evaluate, compare and explain, and is measured beside it on
    DATA, --sentences or both. For ONNX Runtime that has to be, and a loss is refused. Without its encoder,
    words and names answer alone, with probabilities and thresholds of their own.
    """
    reading = SentenceOptions(aspects_column, on_conflict, text_column)
    screen = Screen(quiet=quiet, as_json=as_json)
    if without not in (None, Witness.ENCODER):
        raise typer.BadParameter(f"--without: expected encoder, found {without}")
    if (engine is None) == (without is None):
        raise typer.BadParameter("expected --engine or --without encoder, found neither or both")
    if sentences is None:
        refuse_options(reading.given(), without="--sentences FILE")
    if engine is None:
        refuse_options({"--force": force}, without="--engine")
    elif data is None and sentences is None:
        raise typer.BadParameter("expected DATA, --sentences FILE or both to measure it on, found neither")
    from gotune.datasets.definitions import load_dataset
    from gotune.export.run import export as export_model
    from gotune.model.exported import Target, describe_export, export_table

    definitions = [] if data is None else [load_dataset(data)]
    labelled = [] if sentences is None else [read_labelled(sentences, reading, screen)]
    found = export_model(
        model,
        output,
        Target.NO_ENCODER if engine is None else Target(engine),
        measured_on=[*definitions, *labelled],
        force=force,
        track=screen.track,
    )
    if found.agreements:
        screen.show(export_table(found))
    screen.explain(describe_export(found))
    size = sum(path.stat().st_size for path in output.iterdir())
    screen.say(f"Written to {output}: {size / 1e6:.1f} MB")
    screen.result({"folder": str(output), "bytes": size, **found.to_dict()})


def models(quiet: Quiet = False, as_json: Json = False) -> None:
    """List the models that come with gotune, which -m takes by name."""
    from gotune.aspects import ASPECTS
    from gotune.model.shipped import describe_shipped

    screen = Screen(quiet=quiet, as_json=as_json)
    found = describe_shipped()
    rows = [
        (
            one.name,
            one.asks,
            f"{one.size / 1e6:.1f} MB",
            one.engine,
            "-" if one.accuracy is None else f"{one.accuracy:.3f}",
            " / ".join("-" if value is None else f"{value:.2f}" for value in one.f1),
        )
        for one in found
    ]
    aspects = " / ".join(aspect.short for aspect in ASPECTS)
    header = ("name", "asks", "size", "engine", "new definitions", f"F1: {aspects}")
    screen.show_rows(header, rows)
    screen.explain(
        "New definitions: accuracy on those of the test part, whose names are not known. F1: on the "
        "sentences that chose the thresholds, which are not the same for both and flatter."
    )
    screen.result([one.to_dict() for one in found])
