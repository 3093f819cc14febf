"""All commands under one name. Heavy libraries are imported inside the commands that need them."""

from __future__ import annotations

from typing import Annotated, cast

import typer

from gotune.cli.classify import classify
from gotune.cli.corpus import corpus
from gotune.cli.data import cache, dataset, release
from gotune.cli.evaluate import compare, evaluate, report
from gotune.cli.explain import attention, explain, tokens
from gotune.cli.explore import explore
from gotune.cli.labelling import ask, label
from gotune.cli.models import adapt, export, models
from gotune.cli.probe import audit, stress
from gotune.cli.train import crossval, train

UsageError = cast(type[typer.BadParameter], typer.BadParameter.__base__)
"""What typer raises where a command is called wrongly; it gives this base of its errors no name to import."""

app = typer.Typer(
    name="gotune",
    help="Fine-tune text transformers on the Gene Ontology, and use them on real biology text.",
    epilog="Each step reads the folder of the one before: dataset, explore, train, evaluate, classify.",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help, which breaks no word and leaves nothing out
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
app.add_typer(corpus, name="corpus")
app.command(
    short_help="Label sentences by the names of terms in them.",
    epilog="Example: gotune label papers/ -o weak.jsonl",
)(label)
app.add_typer(explore, name="explore")
app.command(epilog='Example: gotune tokens "Catalysis of the reaction: ATP = ADP + phosphate."')(tokens)
app.command(
    short_help="Fine-tune an encoder on definitions, or on sentences.",
    epilog="Example: gotune train data/ -o model/ --train-size 2000",
)(train)
app.command(epilog="Example: gotune evaluate data/ -m model/ -o evaluation/")(evaluate)
app.command(
    short_help="Measure the papers recipe on articles left out in turn.",
    epilog="Example: gotune crossval --sentences sentences.tsv -o crossval/",
)(crossval)
app.command(
    short_help="Fit a model to some labelled sentences of yours.",
    epilog="Example: gotune adapt mine.tsv -m papers/ -o mine/",
)(adapt)
app.command(
    short_help="Save a model so that it needs no torch.",
    epilog="Example: gotune export data/ -m papers/ --engine onnx-int8 -o small/",
)(export)
app.command(short_help="List the models that come with gotune.", epilog="Example: gotune models")(models)
app.command(epilog="Example: gotune compare sentences.tsv -m model_a/ -m model_b/")(compare)
app.command(epilog="Example: gotune stress data/ -m model/ -o stress/")(stress)
app.command(epilog="Example: gotune audit data/ -m model/ -o audit/")(audit)
app.add_typer(report, name="report")
app.command(
    short_help="Tell which aspects texts carry, with probabilities.",
    epilog="Example: gotune classify paper.txt -m model/ -o paper.html -o paper.xlsx",
)(classify)
app.command(
    short_help="Choose the sentences most worth labelling.",
    epilog="Example: gotune ask papers/ -m model/ -n 50 -o to_label.tsv",
)(ask)
app.command(epilog='Example: gotune explain "A part of the cell wall." -m model/ -o why.html')(explain)
app.command(epilog='Example: gotune attention "A part of a cell." -m model/ -o heads.html')(attention)
app.add_typer(cache, name="cache")
