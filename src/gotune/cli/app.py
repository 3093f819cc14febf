"""All commands under one name. Heavy libraries are imported inside the commands that need them."""

from __future__ import annotations

from typing import Annotated

import typer

from gotune.cli.classify import classify
from gotune.cli.dataset import dataset
from gotune.cli.evaluate import evaluate
from gotune.cli.explore import explore
from gotune.cli.release import release
from gotune.cli.tokens import tokens
from gotune.cli.train import train

app = typer.Typer(
    name="gotune",
    help="Fine-tune text transformers on the Gene Ontology, and use them on real biology text.",
    epilog="Each step reads the folder of the one before: dataset, explore, train, evaluate, classify.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"gotune {version('gotune')}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


app.add_typer(release, name="release")
app.command(epilog="Example: gotune dataset --release 2021-12-15 -o data/")(dataset)
app.command(epilog="Example: gotune explore data/ -o figures/")(explore)
app.command(epilog='Example: gotune tokens "Catalysis of the reaction: ATP = ADP + phosphate."')(tokens)
app.command(epilog="Example: gotune train data/ -o model/ --train-size 2000")(train)
app.command(epilog="Example: gotune evaluate model/ data/ -o evaluation/")(evaluate)
app.command(epilog="Example: gotune classify paper.txt --model model/ -o paper.xlsx --pie paper.png")(
    classify
)
