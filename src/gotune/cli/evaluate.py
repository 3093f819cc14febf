"""``gotune evaluate``: a model on the test part, beside its baselines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import DataFolder, Device, Json, PrecisionOption, Quiet
from gotune.config import Precision
from gotune.errors import SaveError

if TYPE_CHECKING:
    from gotune.results import Evaluation


def evaluate(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Folder made by `gotune train`.")],
    data: DataFolder,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for JSON, Markdown and the confusion picture."),
    ] = None,
    test_size: Annotated[int | None, typer.Option(help="Score only that many test rows.")] = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Measure a model on the test part, beside majority and TF-IDF that learned from the same rows."""
    from gotune.data.dataset import load_dataset
    from gotune.inference.classifier import AspectClassifier
    from gotune.inference.evaluation import evaluate as run
    from gotune.output.reports import describe_evaluation, evaluation_tables

    screen = Screen(quiet=quiet, as_json=as_json)
    if output is not None and output.exists() and not output.is_dir():
        raise SaveError(str(output), expected="a folder to write", found="a file", do="Name a folder.")
    dataset = load_dataset(data)
    with screen.doing("loading the model"):
        classifier = AspectClassifier.load(model, device=device, precision=precision)
    evaluation = run(classifier, dataset, test_size=test_size, track=screen.track)
    screen.show(*evaluation_tables(evaluation))
    screen.explain(describe_evaluation(evaluation))
    if output is not None:
        for path in _write(evaluation, output):
            screen.say(str(path))
    screen.result(evaluation.to_dict())


def _write(evaluation: Evaluation, folder: Path) -> list[Path]:
    from gotune.files import write_text
    from gotune.output.figures import save_figure
    from gotune.output.plots import plot_confusion
    from gotune.output.reports import render_evaluation

    write_text(folder / "evaluation.json", json.dumps(evaluation.to_dict(), indent=2) + "\n")
    write_text(folder / "evaluation.md", render_evaluation(evaluation))
    figure = plot_confusion(evaluation.model)
    for suffix in (".png", ".svg"):
        save_figure(figure, folder / f"confusion{suffix}")
    return sorted(folder.glob("evaluation.*")) + sorted(folder.glob("confusion.*"))
