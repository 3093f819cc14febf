"""``gotune report``: a model with its figures as one HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import (
    AspectsColumn,
    Conflict,
    DataFolder,
    Device,
    Json,
    Offline,
    OutputPage,
    PrecisionOption,
    Quiet,
    TextColumn,
)
from gotune.cli.sentences import SentenceOptions, load_beside, read_labelled, refuse_options
from gotune.config import Precision

if TYPE_CHECKING:
    from gotune.evaluation.sentences.results import TaggingEvaluation
    from gotune.model.classifier import AspectClassifier

report = typer.Typer(
    help="Write what was found as one HTML page that opens anywhere and loads nothing.",
    no_args_is_help=True,
)


@report.command(epilog="Example: gotune report model model/ data/ -o model.html --sentences mine.tsv")
def model(
    folder: Annotated[Path, typer.Argument(metavar="MODEL", help="Folder made by `gotune train`.")],
    data: DataFolder,
    output: OutputPage,
    sentences: Annotated[
        Path | None, typer.Option(help="Labelled sentences that the model has not learned from.")
    ] = None,
    text_column: TextColumn = "text",
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    test_size: Annotated[
        int | None, typer.Option(min=1, help="Score only that many rows of each part.")
    ] = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Show where a model came from, its figures on all test parts beside baselines, and its worst errors."""
    if sentences is None:
        options = {"--aspects-column": aspects_column, "--on-conflict": on_conflict}
        refuse_options(options, without="--sentences FILE")
    from gotune.datasets.definitions import load_dataset
    from gotune.evaluation.definitions.run import evaluate
    from gotune.evaluation.model_report import render_model_report
    from gotune.files import write_text
    from gotune.model.classifier import AspectClassifier
    from gotune.model.manifest import Manifest
    from gotune.render.pages import check_page_name

    check_page_name(output)
    screen = Screen(quiet=quiet, as_json=as_json)
    dataset = load_dataset(data)
    with screen.doing("loading the model"):
        classifier = AspectClassifier.load(folder, device=device, precision=precision)
    tagging = None
    if sentences is not None:
        reading = SentenceOptions(aspects_column, on_conflict, text_column)
        tagging = _on_sentences(classifier, sentences, reading, screen, offline)
    evaluation = evaluate(classifier, dataset, test_size=test_size, track=screen.track)
    page = render_model_report(
        classifier.name, Manifest(classifier.spec, classifier.provenance), dataset.card, evaluation, tagging
    )
    write_text(output, page)
    screen.say(f"Written to {output}")
    results = {"definitions": evaluation.to_dict()}
    if tagging is not None:
        results["sentences"] = tagging.to_dict()
    screen.result(results)


def _on_sentences(
    classifier: AspectClassifier, path: Path, reading: SentenceOptions, screen: Screen, offline: bool
) -> TaggingEvaluation:
    from gotune.evaluation.sentences.run import evaluate_sentences

    table = read_labelled(path, reading, screen).table
    beside = load_beside(None, classifier.info.release, screen, offline)
    return evaluate_sentences(classifier, table, beside=beside, track=screen.track)
