"""What is weak in a model and in the labels it learned: `gotune stress` and `gotune audit`."""

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
    ModelFolder,
    NoVerify,
    Offline,
    OutputFolder,
    PrecisionOption,
    Quiet,
    Seed,
    Sentences,
    TextColumn,
    refuse_options,
)
from gotune.cli.sentences import SentenceOptions, load_model, read_labelled
from gotune.config import Precision
from gotune.errors import DownloadError, EncoderError
from gotune.model.shipped import DEFAULT_MODEL

if TYPE_CHECKING:
    from gotune.evaluation.audit.results import LabelAudit
    from gotune.evaluation.stress.results import StressReport
    from gotune.model.embedding import TextEncoder
    from gotune.model.spec import ModelSpec

_MAX_SENTENCES = 5000
_PRINTED = 10
"""Flagged terms that the terminal shows."""


def stress(
    data: DataFolder,
    model: ModelFolder = DEFAULT_MODEL,
    sentences: Sentences = None,
    text_column: TextColumn = None,
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", help="Folder for JSON, Markdown and the picture."),
    ] = None,
    max_definitions: Annotated[
        int, typer.Option(min=1, metavar="N", help="Definitions to take at most.")
    ] = 2000,
    max_sentences: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help=f"Labelled sentences to take at most; {_MAX_SENTENCES} if left out.",
        ),
    ] = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    no_verify: NoVerify = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Test a model on cut, changed and foreign texts.

    For who wants to know what its figures stand on: definitions without their opening words, sentences with
    other names, typos, passive voice and negation, and texts that carry no aspect at all.
    """
    reading = SentenceOptions(aspects_column, on_conflict, text_column)
    if sentences is None:
        refuse_options({"--max-sentences": max_sentences, **reading.given()}, without="--sentences FILE")
    from gotune.datasets.definitions import load_dataset
    from gotune.evaluation.stress.report import describe_stress, stress_tables
    from gotune.evaluation.stress.run import run_stress_tests
    from gotune.files import check_folder
    from gotune.model.light_bundle import read_manifest

    screen = Screen(quiet=quiet, as_json=as_json)
    if output is not None:
        check_folder(output)
    read_manifest(model, verify=not no_verify)
    labelled = None if sentences is None else read_labelled(sentences, reading, screen).table
    dataset = load_dataset(data)
    with screen.doing("fetching other ontologies"):
        others = _others(screen, offline=offline)
    report = run_stress_tests(
        load_model(model, screen, device=device, precision=precision, verify=not no_verify),
        dataset,
        sentences=labelled,
        others=others,
        max_definitions=max_definitions,
        max_sentences=max_sentences or _MAX_SENTENCES,
        track=screen.track,
    )
    screen.show(*stress_tables(report))
    screen.explain(describe_stress(report))
    if output is not None:
        for path in _write_stress(report, output):
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


def _write_stress(report: StressReport, folder: Path) -> list[Path]:
    from gotune.evaluation.stress.report import plot_cuts, render_stress
    from gotune.files import write_json, write_text
    from gotune.render.figures import save_both

    write_json(folder / "stress.json", report.to_dict())
    write_text(folder / "stress.md", render_stress(report))
    pictures = save_both(plot_cuts(report.model.name, report.cuts), folder / "words_cut")
    return [folder / "stress.json", folder / "stress.md", *pictures]


def audit(
    data: DataFolder,
    output: OutputFolder,
    model: ModelFolder = DEFAULT_MODEL,
    encoder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Pretrained encoder, name or folder; else the one that the model began from.",
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", "-n", min=1, metavar="N", help="How many terms the page shows; the table has all."
        ),
    ] = 100,
    max_definitions: Annotated[
        int, typer.Option(min=1, metavar="N", help="Test definitions to cut at most.")
    ] = 2000,
    seed: Seed = 42,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    no_verify: NoVerify = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Find terms whose definition speaks for another aspect.

    For editors of the ontology: every definition is judged by models that have seen neither it nor its
    family. The folder gets a table of all flagged terms, audit.tsv, and a page to read them by, audit.html,
    which also shows how far the opening words alone give the aspect away.
    """
    from gotune.datasets.definitions import load_dataset
    from gotune.evaluation.audit.report import audit_tables, describe_audit
    from gotune.evaluation.audit.run import audit_labels, import_cleanlab
    from gotune.files import check_folder
    from gotune.model.light_bundle import read_manifest

    screen = Screen(quiet=quiet, as_json=as_json)
    check_folder(output)
    import_cleanlab()
    spec = read_manifest(model, verify=not no_verify).spec
    dataset = load_dataset(data)
    pretrained = _pretrained(encoder or spec.encoder, spec, screen, device, precision, offline=offline)
    found = audit_labels(
        load_model(model, screen, device=device, precision=precision, verify=not no_verify),
        dataset,
        pretrained,
        seed=seed,
        max_definitions=max_definitions,
        track=screen.track,
    )
    screen.show(*audit_tables(found, _PRINTED))
    screen.explain(describe_audit(found))
    for path in _write_audit(found, output, limit):
        screen.say(str(path))
    screen.result(found.to_dict())


def _pretrained(
    name: str, spec: ModelSpec, screen: Screen, device: str, precision: Precision, *, offline: bool
) -> TextEncoder:
    """Load the encoder that knows no label yet; what it reads of a definition is what the model reads."""
    from gotune.model.embedding import TextEncoder

    try:
        with screen.doing("loading the encoder"):
            return TextEncoder.pretrained(
                name, max_tokens=spec.max_tokens, offline=offline, device=device, precision=precision
            )
    except EncoderError as exc:
        raise EncoderError(
            exc.where,
            expected=exc.expected,
            found=exc.found,
            do=f"Name another one with --encoder, which is pretrained and reads {spec.max_tokens} word "
            "pieces, as many as the model.",
        ) from exc


def _write_audit(found: LabelAudit, folder: Path, limit: int) -> list[Path]:
    from gotune.evaluation.audit.report import render_audit, write_audit
    from gotune.files import write_text

    table, page = folder / "audit.tsv", folder / "audit.html"
    write_audit(found, table)
    write_text(page, render_audit(found, limit))
    return [table, page]
