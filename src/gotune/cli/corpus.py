"""``gotune corpus``: corpora of labelled sentences, from their own distributions."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import Json, OutputFolder, Quiet

corpus = typer.Typer(help="Read corpora of labelled sentences.", no_args_is_help=True)


@corpus.command(epilog="Example: gotune corpus craft CRAFT-5.0.2/ --articles ids.txt -o craft/")
def craft(
    folder: Annotated[
        Path,
        typer.Argument(help="The unpacked release, from https://github.com/UCDenver-ccp/CRAFT/releases."),
    ],
    articles: Annotated[
        Path,
        typer.Option(
            help="File with the ids of the articles to read, one a line, such as CRAFT's articles/ids/"
            "craft-ids-train.txt. Keep its 30 test articles apart: they are for the final measurement."
        ),
    ],
    output: OutputFolder,
    without_noncommercial: Annotated[
        bool,
        typer.Option(
            "--without-noncommercial",
            help="Leave out the three articles that may be used for non-commercial purposes only.",
        ),
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Read articles of the CRAFT corpus into a table of labelled sentences, for `train --sentences`."""
    from gotune.datasets.craft import FOLDER, TABLE, read_article_ids, read_craft, save_craft
    from gotune.files import check_replaceable

    screen = Screen(quiet=quiet, as_json=as_json)
    check_replaceable(output, FOLDER)
    sentences = read_craft(
        folder,
        read_article_ids(articles),
        with_non_commercial=not without_noncommercial,
        track=screen.track,
    )
    save_craft(sentences, output)
    card = sentences.card
    rows = [
        ("CRAFT version", card.craft_version),
        ("articles", f"{len(card.articles):,}"),
        ("sentences", f"{card.n_sentences:,}"),
        *((code, f"{count:,}") for code, count in card.counts.items()),
        ("none of them", f"{card.n_none:,}"),
    ]
    screen.show_rows(("what", "value"), rows)
    if card.test_articles:
        screen.warn(f"{len(card.test_articles)} of them are CRAFT's test articles: never train on these")
    if card.non_commercial:
        screen.explain(f"For non-commercial use only: {', '.join(card.non_commercial)}")
    screen.explain(f"Please cite the {card.citation}.")
    screen.say(f"Written to {output / TABLE}")
    screen.result({"folder": str(output), **asdict(card)})
