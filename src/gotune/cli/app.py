"""All commands under one name. Heavy libraries are imported inside the commands that need them."""

from __future__ import annotations

from typing import Annotated

import typer

from gotune.cli.ask import ask
from gotune.cli.attention import attention
from gotune.cli.audit import audit
from gotune.cli.classify import classify
from gotune.cli.compare import compare
from gotune.cli.corpus import corpus
from gotune.cli.crossval import crossval
from gotune.cli.dataset import dataset
from gotune.cli.evaluate import evaluate
from gotune.cli.explain import explain
from gotune.cli.explore import explore
from gotune.cli.label import label
from gotune.cli.release import release
from gotune.cli.report import report
from gotune.cli.stress import stress
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
app.add_typer(corpus, name="corpus")
app.add_typer(explore, name="explore")
app.add_typer(report, name="report")
app.command(epilog="Example: gotune dataset --release 2021-12-15 -o data/")(dataset)
app.command(epilog="Example: gotune label papers/ -o weak.jsonl")(label)
app.command(epilog='Example: gotune tokens "Catalysis of the reaction: ATP = ADP + phosphate."')(tokens)
app.command(epilog="Example: gotune train data/ -o model/ --train-size 2000")(train)
app.command(epilog="Example: gotune evaluate model/ data/ -o evaluation/")(evaluate)
app.command(epilog="Example: gotune crossval --sentences sentences.tsv --folds 5 -o crossval/")(crossval)
app.command(epilog="Example: gotune stress model/ data/ -o stress/")(stress)
app.command(epilog="Example: gotune audit model/ data/ -o audit/")(audit)
app.command(epilog='Example: gotune explain "A part of the cell wall." --model model/ -o why.html')(explain)
app.command(epilog='Example: gotune attention "A part of the cell wall." --model model/ -o attention.html')(
    attention
)
app.command(epilog="Example: gotune ask papers/ --model model/ -n 50 -o to_label.tsv")(ask)
app.command(epilog="Example: gotune compare model_a/ model_b/ sentences.tsv")(compare)
app.command(epilog="Example: gotune classify paper.txt --model model/ -o paper.html -o paper.xlsx")(classify)
