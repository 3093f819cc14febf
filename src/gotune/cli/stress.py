"""``gotune stress``: what a model makes of cut, perturbed and foreign texts."""

from __future__ import annotations

import json
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
    PrecisionOption,
    Quiet,
    TextColumn,
)
from gotune.cli.sentences import SentenceOptions, read_labelled
from gotune.config import Precision
from gotune.errors import DownloadError

if TYPE_CHECKING:
    from gotune.evaluation.stress.results import StressReport


def stress(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Folder made by `gotune train`.")],
    data: DataFolder,
    sentences: Annotated[
        Path | None, typer.Option(help="Labelled sentences that the model has not learned from.")
    ] = None,
    text_column: TextColumn = "text",
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for JSON, Markdown and the picture.")
    ] = None,
    max_definitions: Annotated[int, typer.Option(min=1, help="Definitions to take at most.")] = 2000,
    max_sentences: Annotated[int, typer.Option(min=1, help="Labelled sentences to take at most.")] = 5000,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Test a model on cut openings, changed names, typos, passive voice, negation and texts of no aspect."""
    from gotune.datasets.definitions import load_dataset
    from gotune.evaluation.stress.report import describe_stress, stress_tables
    from gotune.evaluation.stress.run import run_stress_tests
    from gotune.files import check_folder
    from gotune.model.classifier import AspectClassifier

    screen = Screen(quiet=quiet, as_json=as_json)
    if output is not None:
        check_folder(output)
    dataset = load_dataset(data)
    labelled = None
    if sentences is not None:
        options = SentenceOptions(aspects_column, on_conflict, text_column)
        labelled = read_labelled(sentences, options, screen).table
    with screen.doing("fetching other ontologies"):
        others = _others(screen, offline=offline)
    with screen.doing("loading the model"):
        classifier = AspectClassifier.load(model, device=device, precision=precision)
    report = run_stress_tests(
        classifier,
        dataset,
        sentences=labelled,
        others=others,
        max_definitions=max_definitions,
        max_sentences=max_sentences,
        track=screen.track,
    )
    screen.show(*stress_tables(report))
    screen.explain(describe_stress(report))
    if output is not None:
        for path in _write(report, output):
            screen.say(str(path))
    screen.result(report.to_dict())


def _others(screen: Screen, *, offline: bool) -> dict[str, list[str]]:
    """Return the definitions of other ontologies; without them the other tests still say a lot."""
    from gotune.evaluation.stress.texts import OTHER_ONTOLOGIES, load_other_definitions

    try:
        return {
            ontology.title: load_other_definitions(name, offline=offline)
            for name, ontology in OTHER_ONTOLOGIES.items()
        }
    except DownloadError as exc:
        screen.warn(f"Definitions of other ontologies are left out. {exc}")
        return {}


def _write(report: StressReport, folder: Path) -> list[Path]:
    from gotune.evaluation.stress.report import plot_cuts, render_stress
    from gotune.files import write_text
    from gotune.render.figures import save_both

    write_text(folder / "stress.json", json.dumps(report.to_dict(), indent=2) + "\n")
    write_text(folder / "stress.md", render_stress(report))
    pictures = save_both(plot_cuts(report.model.name, report.cuts), folder / "words_cut")
    return [folder / "stress.json", folder / "stress.md", *pictures]
