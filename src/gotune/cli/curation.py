"""``gotune curated``: what curators ticked becomes sentences to learn from, annotations, and decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.aspects import ASPECTS
from gotune.cli.console import Screen
from gotune.cli.options import AssignedBy, Json, Quiet, check_outputs, refuse_options
from gotune.cli.terms import Index, load_annotator
from gotune.cli.texts import keep_sources

if TYPE_CHECKING:
    from gotune.linking.index import TermIndex
    from gotune.render.tick_sheets import Verdict


def curated(
    workbooks: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE", help="Workbooks of `gotune annotate` or of `gotune genes` -o terms.xlsx, ticked."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Labelled sentences to write: .tsv. Of genes, what they have: .gaf, or all decisions: .tsv.",
        ),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Decisions to write, for `gotune annotate --decisions`: .tsv."),
    ] = None,
    assigned_by: AssignedBy = None,
    index: Index = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Read what curators ticked: sentences to learn from and decisions, or annotations of genes.

    A sentence carries an aspect if one of its terms was decided to be right, or another term named. It is
    judged not to carry one only if terms of it were suggested and all were decided to be something else;
    where that is not known, it is left open. Several workbooks, or rows of the same place, are votes.

    A gene has the terms that were decided to be right, and those named in their place: as GAF with evidence
    RCA, a reviewed computational analysis.
    """
    from gotune.genes.tick_sheet import SHEET as GENES
    from gotune.genes.writing import GAF
    from gotune.linking.tick_cells import has_sheet

    screen = Screen(quiet=quiet, as_json=as_json)
    written = [path for path in (output, decisions) if path is not None]
    keep_sources(written, workbooks)
    of_genes = [has_sheet(path, GENES) for path in workbooks]
    if any(of_genes):
        if not all(of_genes):
            raise typer.BadParameter("expected workbooks of genes alone or of texts alone, found both")
        refuse_options({"--decisions": decisions}, without="workbooks of `gotune annotate`")
        check_outputs(written, (*GAF, ".tsv"))
        if output is None or output.suffix.lower() == ".tsv":
            refuse_options({"--assigned-by": assigned_by}, without="-o FILE.gaf")
        _genes(workbooks, output, assigned_by, load_annotator(index, screen).index, screen)
    else:
        refuse_options({"--assigned-by": assigned_by}, without="workbooks of `gotune genes`")
        check_outputs(written, (".tsv",))
        _texts(workbooks, output, decisions, load_annotator(index, screen).index, screen)


def _texts(
    workbooks: Iterable[Path], output: Path | None, decisions: Path | None, terms: TermIndex, screen: Screen
) -> None:
    from gotune.linking.curation import Decisions, curated_sentences, write_curated
    from gotune.linking.ticked import Ticked, read_ticked

    rows: list[Ticked] = []
    for path in workbooks:
        with screen.doing(f"reading {path}"):
            rows += read_ticked(path, terms)
    sentences = curated_sentences(rows, terms)
    # First what needs no aspect to follow from it.
    if decisions is not None:
        Decisions.of(rows).write(decisions)
    if output is not None:
        write_curated(sentences, output)
    said = _counted(row.verdict for row in rows)
    judged = {
        aspect: (
            sum(aspect in one.carried for one in sentences),
            sum(aspect in one.judged for one in sentences),
        )
        for aspect in ASPECTS
    }
    _show(said, screen)
    screen.show_rows(
        ("sentences with", "carry it", "do not"),
        [(aspect.words, f"{n:,}", f"{n_all - n:,}") for aspect, (n, n_all) in judged.items()],
    )
    for written in (output, decisions):
        if written is not None:
            screen.say(f"Written to {written}")
    screen.result(
        {
            "release": terms.info.release,
            "decisions": said,
            "sentences": len(sentences),
            "carried": {aspect.value: n for aspect, (n, _) in judged.items()},
            "judged": {aspect.value: n_all for aspect, (_, n_all) in judged.items()},
        }
    )


def _genes(
    workbooks: Iterable[Path],
    output: Path | None,
    assigned_by: str | None,
    terms: TermIndex,
    screen: Screen,
) -> None:
    from gotune.genes.suggestions import ASSIGNED_BY
    from gotune.genes.ticked import TickedGene, read_ticked_genes, told_by, write_accepted, write_told

    rows: list[TickedGene] = []
    for path in workbooks:
        with screen.doing(f"reading {path}"):
            rows += read_ticked_genes(path, terms)
    n_written = 0
    if output is not None and output.suffix.lower() == ".tsv":
        n_written = write_told(output, told_by(rows))
    elif output is not None:
        said_by = assigned_by or ASSIGNED_BY
        n_written = write_accepted(output, told_by(rows), terms, day=date.today(), assigned_by=said_by)
    said = _counted(row.verdict for row in rows)
    _show(said, screen)
    if output is not None:
        screen.say(f"{n_written:,} rows written to {output}")
    genes = {row.gene.id for row in rows}
    screen.result(
        {
            "release": terms.info.release,
            "decisions": said,
            "genes": len(genes),
            "written": n_written,
        }
    )


def _counted(verdicts: Iterable[Verdict | None]) -> dict[str, int]:
    from gotune.render.tick_sheets import Verdict

    counts = Counter(verdicts)
    return {verdict.value: counts[verdict] for verdict in Verdict} | {"not decided": counts[None]}


def _show(said: dict[str, int], screen: Screen) -> None:
    screen.show_rows(("decision", "suggestions"), [(name, f"{n:,}") for name, n in said.items()])
