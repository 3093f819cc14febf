"""What models learn from, and where it is kept: `gotune release`, `dataset` and `cache`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import RELEASE, Json, Lenient, Offline, OutputFolder, Quiet, Release, Seed, group

if TYPE_CHECKING:
    from gotune.cache import CacheContent
    from gotune.ontology.ontology import Ontology

_EARLIER = {RELEASE: "2020-01-01"}
"""Which release tells the new terms of another, if nothing is asked for."""

release = group("List, fetch and look into GO releases.")
cache = group("Look into the cache folder, and make it smaller.")

Source = Annotated[
    str, typer.Argument(metavar="DATE|FILE", help="A pinned release, or an OBO file (.obo, .gz, .xz).")
]


@release.command("list", epilog="Example: gotune release list")
def list_releases(as_json: Json = False) -> None:
    """List the pinned releases; any local OBO file is taken as well."""
    from gotune.ontology.releases import RELEASES

    screen = Screen(as_json=as_json)
    screen.show_rows(
        ("release", "sha256"), [(found.date, found.sha256[:16] + "…") for found in RELEASES.values()]
    )
    screen.result([{"release": found.date, "sha256": found.sha256} for found in RELEASES.values()])


@release.command(epilog="Example: gotune release fetch 2021-12-15")
def fetch(
    date: Annotated[str, typer.Argument(metavar="DATE", help="Date of a pinned release.")],
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fetch a release into the cache and print where it is.

    It is checked by its hash. Everything that needs a release fetches it by itself; this is for a machine
    that will be without a network.
    """
    from gotune.ontology.releases import fetch_release

    screen = Screen(quiet=quiet, as_json=as_json)
    with screen.doing(f"fetching GO {date}"):
        path = fetch_release(date, offline=offline)
    screen.say(str(path))
    screen.result({"release": date, "path": str(path)})


@release.command(epilog="Example: gotune release info 2021-12-15")
def info(
    source: Source = RELEASE,
    lenient: Lenient = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Read a release and count what is in it."""
    from gotune.ontology.graph import count_aspects, term_table

    screen = Screen(quiet=quiet, as_json=as_json)
    ontology = _read(screen, source, offline=offline, lenient=lenient)
    table = term_table(ontology)
    facts: dict[str, str | int] = {
        "release": ontology.release,
        "sha256": ontology.sha256,
        "live_terms": len(ontology),
        **{aspect.value: count for aspect, count in count_aspects(table).items()},
        "without_definition": int(table["definition"].isna().sum()),
        "obsolete_terms": sum(1 for _ in ontology.obsolete()),
        "skipped_lines": ontology.skipped.count,
        "repaired_lines": ontology.repaired.count,
    }
    rows = [
        (name.replace("_", " "), f"{value:,}" if isinstance(value, int) else value)
        for name, value in facts.items()
        if name != "sha256"
    ]
    screen.show_rows(("what", "value"), rows)
    screen.say(f"sha256 {ontology.sha256}")
    screen.result(facts)


def dataset(
    output: OutputFolder,
    release: Release = RELEASE,
    earlier: Annotated[
        str | None,
        typer.Option(
            metavar="DATE|FILE",
            help="Earlier release: terms that it did not have are a test part of their own. "
            f"{_EARLIER[RELEASE]} if the release is {RELEASE}.",
        ),
    ] = None,
    train_size: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Training rows to keep; the case study kept 2000."),
    ] = None,
    test_size: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Rows of the random test part to keep; the case study: 1000."),
    ] = None,
    seed: Seed = 42,
    lenient: Lenient = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make a dataset of a release: definitions, labelled and split.

    The folder gets a term table, the definitions with their aspects in parts that are honestly apart, and a
    data card. `gotune train` learns from it.
    """
    from gotune.datasets.data_card import dataset_tables
    from gotune.datasets.definitions import FOLDER, build_dataset, save_dataset
    from gotune.files import check_replaceable
    from gotune.ontology.loading import check_source

    screen = Screen(quiet=quiet, as_json=as_json)
    check_replaceable(output, FOLDER)
    earlier = earlier or _EARLIER.get(release)
    sources = [release] if earlier is None else [release, earlier]
    for source in sources:
        check_source(source)
    ontology, *older = (_read(screen, source, offline=offline, lenient=lenient) for source in sources)
    with screen.doing("splitting, and looking for duplicates across the split"):
        built = build_dataset(
            ontology, earlier=next(iter(older), None), seed=seed, train_size=train_size, test_size=test_size
        )
    with screen.doing("writing"):
        save_dataset(built, output)
    screen.show(*dataset_tables(built.card))
    screen.say(f"Written to {output}")
    screen.result({"folder": str(output), "fingerprint": built.fingerprint, **asdict(built.card)})


def _read(screen: Screen, source: str, *, offline: bool, lenient: bool) -> Ontology:
    from gotune.ontology.loading import load_ontology
    from gotune.render.wording import counted

    with screen.doing(f"reading {source}"):
        ontology = load_ontology(source, offline=offline, lenient=lenient)
    for lines, what, done in (
        (ontology.skipped, "bad line", "skipped"),
        (ontology.repaired, "line", "read as meant, though not written as OBO wants it"),
    ):
        if lines:
            first = ", ".join(map(str, lines.first))
            screen.say(f"{source}: {counted(lines.count, what)} {done}, the first at line {first}")
    return ontology


@cache.command("show", epilog="Example: gotune cache show")
def show_cache(as_json: Json = False) -> None:
    """Show the cache folder, what gotune keeps there, and its size."""
    from gotune.cache import read_content

    screen = Screen(as_json=as_json)
    content = read_content()
    screen.say(f"Cache folder: {content.folder}")
    _show_content(screen, content)
    if content.unfinished:
        screen.explain("Unfinished is what runs are at now, or what killed ones have left behind.")
    screen.result(content.to_dict())


@cache.command("clean", epilog="Example: gotune cache clean")
def clean_cache(
    everything: Annotated[
        bool,
        typer.Option("--all", help="Remove also all that can be fetched or made anew."),
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Remove from the cache folder what killed runs have left behind.

    What a run is at now stays, and so does whatever gotune has not put there.
    """
    from gotune.cache import clean

    screen = Screen(quiet=quiet, as_json=as_json)
    removed = clean(everything=everything)
    _show_content(screen, removed)
    screen.say(f"Removed {removed.n_bytes / 1e6:,.1f} MB from {removed.folder}")
    screen.result(removed.to_dict())


def _show_content(screen: Screen, content: CacheContent) -> None:
    parts = [*content.parts, *content.unfinished]
    rows = [(part.name, f"{part.n_files:,}", f"{part.n_bytes / 1e6:,.1f}") for part in parts]
    if rows:
        screen.show_rows(("what", "files", "MB"), rows)
