"""``gotune audit``: the terms whose definition disagrees with their aspect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import DataFolder, Device, Json, Offline, OutputFolder, PrecisionOption, Quiet, Seed
from gotune.config import Precision

if TYPE_CHECKING:
    from gotune.evaluation.audit.results import LabelAudit

_PRINTED = 10
"""Flagged terms that the terminal shows."""


def audit(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Folder made by `gotune train`.")],
    data: DataFolder,
    output: OutputFolder,
    encoder: Annotated[
        str | None,
        typer.Option(help="Pretrained encoder, name or folder; else the one that the model began from."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, help="How many terms the page shows; the table has all.")
    ] = 100,
    max_definitions: Annotated[int, typer.Option(min=1, help="Test definitions to cut at most.")] = 2000,
    seed: Seed = 42,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Find the terms whose definition speaks for another aspect, or that sit among terms of another.

    Every definition is judged by models that have seen neither it nor its family. The folder gets a table of
    all flagged terms, audit.tsv, and a page to read them by, audit.html, which also shows how far the opening
    words alone give the aspect away.
    """
    from gotune.datasets.definitions import load_dataset
    from gotune.evaluation.audit.report import audit_tables, describe_audit
    from gotune.evaluation.audit.run import audit_labels, import_cleanlab
    from gotune.files import check_folder
    from gotune.model.classifier import AspectClassifier
    from gotune.model.embedding import TextEncoder

    screen = Screen(quiet=quiet, as_json=as_json)
    check_folder(output)
    import_cleanlab()
    dataset = load_dataset(data)
    with screen.doing("loading the model"):
        classifier = AspectClassifier.load(model, device=device, precision=precision)
        pretrained = TextEncoder.pretrained(
            encoder or classifier.spec.encoder,
            max_tokens=classifier.spec.max_tokens,
            offline=offline,
            device=device,
            precision=precision,
        )
    found = audit_labels(
        classifier,
        dataset,
        pretrained,
        seed=seed,
        max_definitions=max_definitions,
        track=screen.track,
    )
    screen.show(*audit_tables(found, _PRINTED))
    screen.explain(describe_audit(found))
    for path in _write(found, output, limit):
        screen.say(str(path))
    screen.result(found.to_dict())


def _write(found: LabelAudit, folder: Path, limit: int) -> list[Path]:
    from gotune.evaluation.audit.report import render_audit, write_audit
    from gotune.files import write_text

    table, page = folder / "audit.tsv", folder / "audit.html"
    write_audit(found, table)
    write_text(page, render_audit(found, limit))
    return [table, page]
