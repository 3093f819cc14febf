"""``gotune release``: which GO releases there are, and what is in one."""

from __future__ import annotations

from typing import Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import Json, Offline, Quiet

release = typer.Typer(help="List, fetch and look into GO releases.", no_args_is_help=True)

Source = Annotated[str, typer.Argument(help="Date of a release, such as 2021-12-15, or an OBO file.")]
Lenient = Annotated[bool, typer.Option("--lenient", help="Skip bad lines of the file and count them.")]


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
    date: Annotated[str, typer.Argument(help="Date of a pinned release.")],
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Download a release into the cache, checked by its hash, and print where it is."""
    from gotune.ontology.releases import fetch_release

    screen = Screen(quiet=quiet, as_json=as_json)
    with screen.doing(f"fetching GO {date}"):
        path = fetch_release(date, offline=offline)
    screen.say(str(path))
    screen.result({"release": date, "path": str(path)})


@release.command(epilog="Example: gotune release info 2021-12-15")
def info(
    source: Source = "2021-12-15",
    lenient: Lenient = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Read a release and count what is in it."""
    from gotune.ontology.graph import count_aspects, term_table
    from gotune.ontology.loading import load_ontology

    screen = Screen(quiet=quiet, as_json=as_json)
    with screen.doing(f"reading {source}"):
        ontology = load_ontology(source, offline=offline, lenient=lenient)
        table = term_table(ontology)
        facts: dict[str, str | int] = {
            "release": ontology.release,
            "sha256": ontology.sha256,
            "live_terms": len(ontology),
            **{aspect.value: count for aspect, count in count_aspects(table).items()},
            "without_definition": int(table["definition"].isna().sum()),
            "obsolete_terms": sum(1 for _ in ontology.obsolete()),
            "skipped_lines": ontology.skipped.count,
        }
    rows = [
        (name.replace("_", " "), f"{value:,}" if isinstance(value, int) else value)
        for name, value in facts.items()
    ]
    screen.show_rows(("what", "value"), rows)
    screen.result(facts)
