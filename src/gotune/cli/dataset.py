"""``gotune dataset``: a release becomes a labelled, split dataset."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import Json, Offline, OutputFolder, Quiet, Seed
from gotune.cli.release import Lenient


def dataset(
    output: OutputFolder,
    release: Annotated[
        str, typer.Option(help="Date of a pinned release, or an OBO file (.obo, .gz, .xz).")
    ] = "2021-12-15",
    train_size: Annotated[
        int | None, typer.Option(help="Keep that many training rows; the case study kept 2000.")
    ] = None,
    test_size: Annotated[
        int | None, typer.Option(help="Keep that many test rows; the case study kept 1000.")
    ] = None,
    seed: Seed = 42,
    lenient: Lenient = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make the dataset of a release: term table, labelled definitions in three parts, data card."""
    from gotune.data.dataset import FOLDER, build_dataset, save_dataset
    from gotune.files import check_replaceable
    from gotune.ontology.loading import load_ontology
    from gotune.output.reports import dataset_tables

    screen = Screen(quiet=quiet, as_json=as_json)
    check_replaceable(output, FOLDER)
    with screen.doing(f"reading {release}"):
        ontology = load_ontology(release, offline=offline, lenient=lenient)
    if ontology.skipped:
        first = ", ".join(map(str, ontology.skipped.first))
        screen.say(f"{ontology.skipped.count:,} bad lines skipped, the first at line {first}")
    with screen.doing("splitting, and looking for duplicates across the split"):
        built = build_dataset(ontology, seed=seed, train_size=train_size, test_size=test_size)
    with screen.doing("writing"):
        save_dataset(built, output)
    screen.show(*dataset_tables(built.card))
    screen.say(f"Written to {output}")
    screen.result({"folder": str(output), "fingerprint": built.fingerprint, **asdict(built.card)})
