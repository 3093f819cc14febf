"""``gotune dataset``: a release becomes a labelled, split dataset."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import Json, Offline, OutputFolder, Quiet, Seed
from gotune.cli.release import Lenient

if TYPE_CHECKING:
    from gotune.ontology.ontology import Ontology

_RELEASE = "2021-12-15"
_EARLIER = {_RELEASE: "2020-01-01"}
"""Which release tells the new terms of another, if nothing is asked for."""


def dataset(
    output: OutputFolder,
    release: Annotated[
        str, typer.Option(help="Date of a pinned release, or an OBO file (.obo, .gz, .xz).")
    ] = _RELEASE,
    earlier: Annotated[
        str | None,
        typer.Option(
            help="Earlier release or OBO file: terms that it did not have are a test part of their own. "
            f"{_EARLIER[_RELEASE]} if the release is {_RELEASE}."
        ),
    ] = None,
    train_size: Annotated[
        int | None, typer.Option(help="Keep that many training rows; the case study kept 2000.")
    ] = None,
    test_size: Annotated[
        int | None,
        typer.Option(help="Keep that many rows of the random test part; the case study: 1000."),
    ] = None,
    seed: Seed = 42,
    lenient: Lenient = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make the dataset of a release: term table, labelled definitions in parts, data card."""
    from gotune.datasets.data_card import dataset_tables
    from gotune.datasets.definitions import FOLDER, build_dataset, save_dataset
    from gotune.files import check_replaceable

    screen = Screen(quiet=quiet, as_json=as_json)
    check_replaceable(output, FOLDER)
    earlier = earlier or _EARLIER.get(release)
    read = partial(_read, screen, offline=offline, lenient=lenient)
    ontology, older = read(release), None if earlier is None else read(earlier)
    with screen.doing("splitting, and looking for duplicates across the split"):
        built = build_dataset(ontology, earlier=older, seed=seed, train_size=train_size, test_size=test_size)
    with screen.doing("writing"):
        save_dataset(built, output)
    screen.show(*dataset_tables(built.card))
    screen.say(f"Written to {output}")
    screen.result({"folder": str(output), "fingerprint": built.fingerprint, **asdict(built.card)})


def _read(screen: Screen, source: str, *, offline: bool, lenient: bool) -> Ontology:
    from gotune.ontology.loading import load_ontology

    with screen.doing(f"reading {source}"):
        ontology = load_ontology(source, offline=offline, lenient=lenient)
    if ontology.skipped:
        first = ", ".join(map(str, ontology.skipped.first))
        screen.say(f"{source}: {ontology.skipped.count:,} bad lines skipped, the first at line {first}")
    return ontology
