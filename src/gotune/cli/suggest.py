"""``gotune suggest``: the sentences most worth labelling, as a table to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gotune.aspects import ASPECTS
from gotune.cli.console import Screen
from gotune.cli.options import Device, Json, ModelFolder, PrecisionOption, Quiet
from gotune.config import Precision
from gotune.errors import InputError


def suggest(
    texts: Annotated[
        list[Path],
        typer.Argument(
            metavar="TEXT...", help="Folders of .txt files, text files, or tables with --text-column."
        ),
    ],
    model: ModelFolder,
    output: Annotated[Path, typer.Option("--output", "-o", help="A .tsv file to write.")],
    n: Annotated[int, typer.Option("--number", "-n", min=1, help="How many sentences.")] = 50,
    text_column: Annotated[
        str | None, typer.Option(help="Column with the texts of a .tsv, .csv, .jsonl or .parquet table.")
    ] = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Choose the sentences that a model is least certain about, for a person to label.

    The column `aspects` of the table has a question mark in each row: write BP, CC and MF there, with commas
    between them, or none; leave the question mark where you cannot tell. Then train on it with `gotune train
    --sentences`, and ask again. Headings, references, what is said twice and what the model has learned from
    are never chosen.
    """
    from gotune.corpus.unlabelled import read_unlabelled
    from gotune.model.classifier import AspectClassifier
    from gotune.training.ask import check_suggestions_name, write_suggestions
    from gotune.training.ask import suggest as choose

    check_suggestions_name(output)
    screen = Screen(quiet=quiet, as_json=as_json)
    sentences = read_unlabelled(texts, text_column=text_column, track=screen.track)
    with screen.doing("loading the model"):
        classifier = AspectClassifier.load(model, device=device, precision=precision)
    found = choose(
        classifier,
        [sentence.text for sentence in sentences],
        [sentence.article for sentence in sentences],
        n,
        track=screen.track,
    )
    if not found:
        raise InputError(
            ", ".join(map(str, texts)),
            expected="sentences worth labelling",
            found=f"none among {len(sentences):,}: headings, references, no English, no biology, or "
            "learned from already",
            do="Give other text.",
        )
    write_suggestions(found, output)
    articles = {suggestion.article for suggestion in found}
    screen.show_rows(
        ("unsure of", "sentences"),
        [(aspect.words, f"{sum(aspect in one.unsure_of for one in found):,}") for aspect in ASPECTS],
    )
    screen.say(f"{len(found):,} of {len(sentences):,} sentences, of {len(articles):,} articles.")
    if len(articles) == 1:
        screen.warn("All are of one article; training needs labelled sentences of two or more.")
    screen.say(f"Written to {output}")
    screen.result([suggestion.to_dict() for suggestion in found])
