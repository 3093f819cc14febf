"""Models measured on what they have not seen: `gotune evaluate`, `gotune compare` and `gotune report`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gotune.aspects import Prefer
from gotune.cli.console import Screen
from gotune.cli.options import (
    AspectsColumn,
    Beside,
    Conflict,
    DataFolder,
    Device,
    Json,
    ModelFolder,
    NoVerify,
    Offline,
    OutputPage,
    PrecisionOption,
    PreferOption,
    Quiet,
    Sentences,
    TestSize,
    TextColumn,
    Threads,
    Without,
    group,
    refuse_options,
)
from gotune.cli.sentences import (
    SentenceOptions,
    load_beside,
    load_model,
    read_labelled,
    write_tagging,
)
from gotune.config import Precision
from gotune.errors import DatasetError
from gotune.model.shipped import DEFAULT_MODEL, locate_model

if TYPE_CHECKING:
    import pandas as pd

    from gotune.datasets.definitions import LabelledDataset
    from gotune.evaluation.definitions.results import Evaluation
    from gotune.evaluation.sentences.results import TaggingEvaluation
    from gotune.protocols import Classifier


def evaluate(
    model: ModelFolder = DEFAULT_MODEL,
    data: Annotated[
        Path | None,
        typer.Argument(metavar="DATA", help="Folder made by `gotune dataset`, for its test parts."),
    ] = None,
    sentences: Sentences = None,
    text_column: TextColumn = None,
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    beside: Beside = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", help="Folder for JSON, Markdown and pictures."),
    ] = None,
    test_size: TestSize = None,
    without: Without = None,
    prefer: PreferOption = Prefer.BALANCE,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    threads: Threads = None,
    no_verify: NoVerify = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Measure a model on definitions and sentences it has not seen.

    On the test parts of a dataset: beside majority and TF-IDF that learned from the same rows. On labelled
    sentences: beside dictionary matching of GO names, with intervals by article.
    """
    reading = SentenceOptions(aspects_column, on_conflict, text_column)
    if data is None and sentences is None:
        raise typer.BadParameter("expected DATA, --sentences FILE or both, found neither")
    if sentences is None:
        refuse_options({"--beside": beside, **reading.given()}, without="--sentences FILE")
    if data is None:
        refuse_options({"--test-size": test_size}, without="DATA")
    from gotune.datasets.definitions import load_dataset
    from gotune.files import check_folder
    from gotune.model.light_bundle import read_manifest

    screen = Screen(quiet=quiet, as_json=as_json)
    if output is not None:
        check_folder(output)
    for folder in (model, *(beside or ())):
        read_manifest(folder, verify=not no_verify)
    table = None if sentences is None else read_labelled(sentences, reading, screen).table
    dataset = None if data is None else load_dataset(data)
    load = partial(
        load_model,
        prefer=prefer,
        device=device,
        precision=precision,
        threads=threads,
        verify=not no_verify,
    )
    classifier = load(model, screen, without)
    results: dict[str, Any] = {"model": classifier.info.to_dict()}
    if dataset is not None:
        results["definitions"] = _on_definitions(classifier, dataset, test_size, output, screen).to_dict()
    if table is not None:
        others = load_beside(beside, classifier.info.release, screen, offline, load)
        results["sentences"] = _on_sentences(classifier, table, others, output, screen).to_dict()
    screen.result(results)


def _on_definitions(
    classifier: Classifier,
    dataset: LabelledDataset,
    test_size: int | None,
    output: Path | None,
    screen: Screen,
) -> Evaluation:
    from gotune.evaluation.definitions.report import describe_evaluation, evaluation_tables
    from gotune.evaluation.definitions.run import evaluate as run

    evaluation = run(classifier, dataset, test_size=test_size, track=screen.track)
    screen.show(*evaluation_tables(evaluation))
    screen.explain(describe_evaluation(evaluation))
    if output is not None:
        for path in _write(evaluation, output):
            screen.say(str(path))
    return evaluation


def _on_sentences(
    classifier: Classifier,
    table: pd.DataFrame,
    beside: dict[str, Classifier],
    output: Path | None,
    screen: Screen,
) -> TaggingEvaluation:
    from gotune.evaluation.sentences.report import describe_tagging, tagging_tables
    from gotune.evaluation.sentences.run import evaluate_sentences

    evaluation = evaluate_sentences(classifier, table, beside=beside, track=screen.track)
    screen.show(*tagging_tables(evaluation))
    screen.explain(describe_tagging(evaluation))
    if output is not None:
        for written in write_tagging(evaluation, output):
            screen.say(str(written))
    return evaluation


def _write(evaluation: Evaluation, folder: Path) -> list[Path]:
    from gotune.evaluation.definitions.report import plot_confusion, render_evaluation
    from gotune.files import write_json, write_text
    from gotune.render.figures import save_both

    write_json(folder / "evaluation.json", evaluation.to_dict())
    write_text(folder / "evaluation.md", render_evaluation(evaluation))
    pictures = save_both(plot_confusion(evaluation.model), folder / "confusion")
    return [folder / "evaluation.json", folder / "evaluation.md", *pictures]


def compare(
    models: Annotated[
        list[Path],
        typer.Option(
            "--model",
            "-m",
            metavar="MODEL",
            parser=locate_model,
            help="papers, fast, or a folder made by `gotune train`; give two, -m A -m B.",
        ),
    ],
    data: Annotated[
        Path,
        typer.Argument(
            metavar="DATA", help="Folder made by `gotune dataset`, or a file of labelled sentences."
        ),
    ],
    text_column: TextColumn = None,
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    without: Without = None,
    prefer: PreferOption = Prefer.BALANCE,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    no_verify: NoVerify = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Tell whether two models differ by more than chance.

    On texts that neither has learned from. The intervals and p-values come from a paired bootstrap by
    article, or by term family for definitions.
    """
    reading = SentenceOptions(aspects_column, on_conflict, text_column)
    if len(models) != 2:
        raise typer.BadParameter(f"-m: expected two models, -m A -m B, found {len(models)}")
    if data.is_dir():
        refuse_options(reading.given(), without="a file of labelled sentences as DATA")
    elif not data.exists():
        raise DatasetError(
            str(data),
            expected="a dataset folder, or a file of labelled sentences",
            found="nothing of that name",
            do="Check the name, or make a folder with `gotune dataset`.",
        )
    from gotune.datasets.definitions import load_dataset
    from gotune.evaluation.comparison import (
        Contender,
        compare_on_definitions,
        compare_on_sentences,
        comparison_tables,
        describe_comparison,
    )
    from gotune.model.light_bundle import read_manifest
    from gotune.model.shipped import shown_name

    screen = Screen(quiet=quiet, as_json=as_json)
    for folder in models:
        read_manifest(folder, verify=not no_verify)
    run = (
        partial(compare_on_sentences, table=read_labelled(data, reading, screen).table)
        if data.is_file()
        else partial(compare_on_definitions, dataset=load_dataset(data))
    )
    load = partial(load_model, prefer=prefer, device=device, precision=precision, verify=not no_verify)
    first, second = (Contender(shown_name(folder), load(folder, screen, without)) for folder in models)
    comparison = run(first, second, track=screen.track)
    screen.show(*comparison_tables(comparison))
    screen.explain(describe_comparison(comparison))
    infos = [contender.classifier.info.to_dict() for contender in (first, second)]
    screen.result({"models": infos, **comparison.to_dict()})


report = group("Write what was found as one HTML page that opens anywhere.")


@report.command("model", epilog="Example: gotune report model data/ -m model/ -o model.html")
def report_model(
    data: DataFolder,
    output: OutputPage,
    model: ModelFolder = DEFAULT_MODEL,
    sentences: Sentences = None,
    text_column: TextColumn = None,
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    test_size: TestSize = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    no_verify: NoVerify = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Show where a model came from, its figures and its errors.

    For who has to decide whether to use it: its figures on all test parts stand beside those of baselines,
    with reliability and the most confident errors.
    """
    reading = SentenceOptions(aspects_column, on_conflict, text_column)
    if sentences is None:
        refuse_options(reading.given(), without="--sentences FILE")
    from gotune.datasets.definitions import load_dataset
    from gotune.evaluation.definitions.run import evaluate as run
    from gotune.evaluation.model_report import render_model_report
    from gotune.evaluation.sentences.run import evaluate_sentences
    from gotune.files import write_text
    from gotune.model.light_bundle import read_manifest
    from gotune.render.pages import check_page_name

    check_page_name(output)
    manifest = read_manifest(model, verify=not no_verify)
    screen = Screen(quiet=quiet, as_json=as_json)
    table = None if sentences is None else read_labelled(sentences, reading, screen).table
    dataset = load_dataset(data)
    classifier = load_model(model, screen, device=device, precision=precision, verify=not no_verify)
    results: dict[str, Any] = {"model": classifier.info.to_dict()}
    tagging = None
    if table is not None:
        others = load_beside(None, classifier.info.release, screen, offline)
        tagging = evaluate_sentences(classifier, table, beside=others, track=screen.track)
        results["sentences"] = tagging.to_dict()
    evaluation = run(classifier, dataset, test_size=test_size, track=screen.track)
    results["definitions"] = evaluation.to_dict()
    write_text(output, render_model_report(classifier.info.name, manifest, dataset.card, evaluation, tagging))
    screen.say(f"Written to {output}")
    screen.result(results)
