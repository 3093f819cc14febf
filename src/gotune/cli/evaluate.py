"""``gotune evaluate``: a model on definitions and sentences that it has not seen, beside its baselines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gotune.cli.console import Screen
from gotune.cli.options import (
    AspectsColumn,
    Beside,
    Conflict,
    Device,
    Json,
    Offline,
    PrecisionOption,
    Quiet,
    TextColumn,
)
from gotune.cli.sentences import (
    SentenceOptions,
    load_beside,
    read_labelled,
    refuse_options,
    write_tagging,
)
from gotune.config import Precision

if TYPE_CHECKING:
    import pandas as pd

    from gotune.datasets.definitions import LabelledDataset
    from gotune.evaluation.definitions.results import Evaluation
    from gotune.model.classifier import AspectClassifier
    from gotune.protocols import Classifier


def evaluate(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Folder made by `gotune train`.")],
    data: Annotated[
        Path | None,
        typer.Argument(metavar="[DATA]", help="Folder made by `gotune dataset`, for its test parts."),
    ] = None,
    sentences: Annotated[
        Path | None, typer.Option(help="Labelled sentences that the model has not learned from.")
    ] = None,
    text_column: TextColumn = "text",
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    beside: Beside = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for JSON, Markdown and pictures."),
    ] = None,
    test_size: Annotated[int | None, typer.Option(help="Score only that many rows of each part.")] = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Measure a model on definitions that it has not seen, on labelled sentences, or on both.

    On the test parts of a dataset: beside majority and TF-IDF that learned from the same rows. On sentences:
    beside dictionary matching of GO names, with intervals by article.
    """
    if data is None and sentences is None:
        raise typer.BadParameter("expected DATA, --sentences FILE or both, found neither")
    if sentences is None:
        options = {"--beside": beside, "--aspects-column": aspects_column, "--on-conflict": on_conflict}
        refuse_options(options, without="--sentences FILE")
    if data is None:
        refuse_options({"--test-size": test_size}, without="DATA")
    from gotune.datasets.definitions import load_dataset
    from gotune.files import check_folder
    from gotune.model.classifier import AspectClassifier

    screen = Screen(quiet=quiet, as_json=as_json)
    if output is not None:
        check_folder(output)
    dataset = None if data is None else load_dataset(data)
    reading = SentenceOptions(aspects_column, on_conflict, text_column)
    table = None if sentences is None else read_labelled(sentences, reading, screen).table
    with screen.doing("loading the model"):
        classifier = AspectClassifier.load(model, device=device, precision=precision)
    others = {} if table is None else load_beside(beside, classifier.info.release, screen, offline)
    results = {}
    if dataset is not None:
        results["definitions"] = _on_definitions(classifier, dataset, test_size, output, screen)
    if table is not None:
        results["sentences"] = _on_sentences(classifier, table, others, output, screen)
    screen.result(results)


def _on_definitions(
    classifier: AspectClassifier,
    dataset: LabelledDataset,
    test_size: int | None,
    output: Path | None,
    screen: Screen,
) -> dict[str, Any]:
    from gotune.evaluation.definitions.report import describe_evaluation, evaluation_tables
    from gotune.evaluation.definitions.run import evaluate as run

    evaluation = run(classifier, dataset, test_size=test_size, track=screen.track)
    screen.show(*evaluation_tables(evaluation))
    screen.explain(describe_evaluation(evaluation))
    if output is not None:
        for path in _write(evaluation, output):
            screen.say(str(path))
    return evaluation.to_dict()


def _on_sentences(
    classifier: AspectClassifier,
    table: pd.DataFrame,
    beside: dict[str, Classifier],
    output: Path | None,
    screen: Screen,
) -> dict[str, Any]:
    from gotune.evaluation.sentences.report import describe_tagging, tagging_tables
    from gotune.evaluation.sentences.run import evaluate_sentences

    evaluation = evaluate_sentences(classifier, table, beside=beside, track=screen.track)
    screen.show(*tagging_tables(evaluation))
    screen.explain(describe_tagging(evaluation))
    if output is not None:
        for written in write_tagging(evaluation, output):
            screen.say(str(written))
    return evaluation.to_dict()


def _write(evaluation: Evaluation, folder: Path) -> list[Path]:
    from gotune.evaluation.definitions.report import plot_confusion, render_evaluation
    from gotune.files import write_text
    from gotune.render.figures import save_both

    write_text(folder / "evaluation.json", json.dumps(evaluation.to_dict(), indent=2) + "\n")
    write_text(folder / "evaluation.md", render_evaluation(evaluation))
    pictures = save_both(plot_confusion(evaluation.model), folder / "confusion")
    return [folder / "evaluation.json", folder / "evaluation.md", *pictures]
