"""``gotune curated``: what curators ticked becomes sentences to learn from, and decisions to remember."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from gotune.aspects import ASPECTS
from gotune.cli.console import Screen
from gotune.cli.options import Json, Quiet, check_outputs
from gotune.cli.terms import Index, load_annotator
from gotune.cli.texts import keep_sources


def curated(
    workbooks: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Workbooks of `gotune annotate -o terms.xlsx`, ticked."),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Labelled sentences to write: .tsv."),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Decisions to write, for `gotune annotate --decisions`: .tsv."),
    ] = None,
    index: Index = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Read what curators ticked: sentences to learn from, and decisions that later runs remember.

    A sentence carries an aspect if one of its terms was decided to be right, or another term named. It is
    judged not to carry one only if terms of it were suggested and all were decided to be something else;
    where that is not known, it is left open. Several workbooks, or rows of the same place, are votes.
    """
    from gotune.linking.curation import Decisions, curated_sentences, write_curated
    from gotune.linking.ticked import Ticked, read_ticked
    from gotune.render.tick_sheets import Verdict

    written = [path for path in (output, decisions) if path is not None]
    check_outputs(written, (".tsv",))
    keep_sources(written, workbooks)
    screen = Screen(quiet=quiet, as_json=as_json)
    terms = load_annotator(index, screen).index
    rows: list[Ticked] = []
    for path in workbooks:
        with screen.doing(f"reading {path}"):
            rows += read_ticked(path, terms)
    sentences = curated_sentences(rows, terms)
    if output is not None:
        write_curated(sentences, output)
    if decisions is not None:
        Decisions.of(rows).write(decisions)
    counts = Counter(row.verdict for row in rows)
    said = {verdict.value: counts[verdict] for verdict in Verdict} | {"not decided": counts[None]}
    judged = {
        aspect: (
            sum(aspect in one.carried for one in sentences),
            sum(aspect in one.judged for one in sentences),
        )
        for aspect in ASPECTS
    }
    screen.show_rows(("decision", "suggestions"), [(name, f"{n:,}") for name, n in said.items()])
    screen.show_rows(
        ("sentences with", "carry it", "do not"),
        [(aspect.words, f"{n:,}", f"{n_all - n:,}") for aspect, (n, n_all) in judged.items()],
    )
    for path in written:
        screen.say(f"Written to {path}")
    screen.result(
        {
            "release": terms.info.release,
            "decisions": said,
            "sentences": len(sentences),
            "carried": {aspect.value: n for aspect, (n, _) in judged.items()},
            "judged": {aspect.value: n_all for aspect, (_, n_all) in judged.items()},
        }
    )
