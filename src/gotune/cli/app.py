"""All commands under one name. Heavy libraries are imported inside the commands that need them."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any, NamedTuple, cast

import typer

UsageError = cast(type[typer.BadParameter], typer.BadParameter.__base__)
"""What typer raises where a command is called wrongly; it gives this base of its errors no name to import."""


class Command(NamedTuple):
    """Where a command is, and what help says of it beside its docstring.

    Attributes:
        module: Imported when it is asked for; the function, or the group of several, has the command's name.
        example: Of its use; the commands of a group have their own.
        short: One line for the list of commands; None takes the first of the docstring.
    """

    module: str
    example: str | None = None
    short: str | None = None


COMMANDS = {
    "release": Command("gotune.cli.data"),
    "dataset": Command("gotune.cli.data", "gotune dataset --release 2021-12-15 -o data/"),
    "corpus": Command("gotune.cli.corpus"),
    "label": Command(
        "gotune.cli.labelling",
        "gotune label papers/ -o weak.jsonl",
        "Label sentences by the names of terms in them.",
    ),
    "explore": Command("gotune.cli.explore"),
    "tokens": Command(
        "gotune.cli.explain", 'gotune tokens "Catalysis of the reaction: ATP = ADP + phosphate."'
    ),
    "train": Command(
        "gotune.cli.train",
        "gotune train data/ -o model/ --train-size 2000",
        "Fine-tune an encoder on definitions, or on sentences.",
    ),
    "evaluate": Command("gotune.cli.evaluate", "gotune evaluate data/ -m model/ -o evaluation/"),
    "crossval": Command(
        "gotune.cli.train",
        "gotune crossval --sentences sentences.tsv -o crossval/",
        "Measure the papers recipe on articles left out in turn.",
    ),
    "adapt": Command(
        "gotune.cli.models",
        "gotune adapt mine.tsv -m papers/ -o mine/",
        "Fit a model to some labelled sentences of yours.",
    ),
    "export": Command(
        "gotune.cli.models",
        "gotune export data/ -m papers/ --engine onnx-int8 -o small/",
        "Save a model so that it needs no torch.",
    ),
    "models": Command("gotune.cli.models", "gotune models", "List the models that come with gotune."),
    "compare": Command("gotune.cli.evaluate", "gotune compare sentences.tsv -m model_a/ -m model_b/"),
    "stress": Command("gotune.cli.probe", "gotune stress data/ -m model/ -o stress/"),
    "audit": Command("gotune.cli.probe", "gotune audit data/ -m model/ -o audit/"),
    "report": Command("gotune.cli.evaluate"),
    "classify": Command(
        "gotune.cli.classify",
        "gotune classify paper.txt -m model/ -o paper.html -o paper.xlsx",
        "Tell which aspects texts carry, with probabilities.",
    ),
    "index": Command(
        "gotune.cli.terms", "gotune index --release 2021-07-02 -o index/", "Make a release ready for search."
    ),
    "search": Command(
        "gotune.cli.terms",
        'gotune search "pumps protons across the inner membrane"',
        "Search for the terms that words mean.",
    ),
    "annotate": Command(
        "gotune.cli.terms",
        "gotune annotate paper.txt -o terms.tsv",
        "Find the places of texts that name terms.",
    ),
    "shards": Command("gotune.cli.shards"),
    "genes": Command(
        "gotune.cli.genes",
        "gotune genes genes.tsv -o suggestions.tsv",
        "Suggest terms for genes, with evidence.",
    ),
    "curated": Command(
        "gotune.cli.curation",
        "gotune curated terms.xlsx -o mine.tsv --decisions decisions.tsv",
        "Read what curators ticked in a workbook of terms.",
    ),
    "ask": Command(
        "gotune.cli.labelling",
        "gotune ask papers/ -m model/ -n 50 -o to_label.tsv",
        "Choose the sentences most worth labelling.",
    ),
    "explain": Command(
        "gotune.cli.explain", 'gotune explain "A part of the cell wall." -m model/ -o why.html'
    ),
    "attention": Command(
        "gotune.cli.explain", 'gotune attention "A part of a cell." -m model/ -o heads.html'
    ),
    "cache": Command("gotune.cli.data"),
}
"""All of them, in the order of help."""


def app_with(name: str = "") -> typer.Typer:
    """Return the command line with one command, or with all of them where none has that name.

    The modules of the others are not imported: that takes longer than to classify a text.
    """
    app = typer.Typer(
        name="gotune",
        help="Read biology text and lists of genes with the Gene Ontology, and fine-tune text transformers "
        "on it.",
        epilog='Try: gotune classify "Hsp70 binds unfolded proteins." A model of your own takes dataset, '
        "then train; evaluate tells how good it is, and classify -m uses it.",
        no_args_is_help=True,
        rich_markup_mode=None,  # plain help, which breaks no word and leaves nothing out
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_main)
    for one in [name] if name in COMMANDS else COMMANDS:
        _add(app, one, COMMANDS[one])
    return app


def _add(app: typer.Typer, name: str, command: Command) -> None:
    found: Any = getattr(import_module(command.module), name)
    if isinstance(found, typer.Typer):
        app.add_typer(found, name=name)
    else:
        app.command(name, short_help=command.short, epilog=f"Example: {command.example}")(found)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"gotune {version('gotune')}")
        raise typer.Exit


def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass
