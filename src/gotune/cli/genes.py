"""``gotune genes``: terms suggested for genes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import RELEASE, Json, Offline, Quiet, Release, check_outputs

if TYPE_CHECKING:
    from gotune.genes.suggestions import AnnotatedGene

_SHOWN = 20


def genes(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="GENES",
            help="Table (.tsv, .csv, .jsonl, .parquet), UniProt FASTA, GAF, GPI or gene_info.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="File to write: .tsv, .jsonl, .gaf, .html."),
    ],
    reference: Annotated[
        Path | None,
        typer.Option(metavar="GAF", help="Annotated genes to go by; those of seven species if left out."),
    ] = None,
    release: Release = RELEASE,
    threshold: Annotated[
        float, typer.Option(min=0.0, max=1.0, metavar="P", help="Least score of a suggestion.")
    ] = 0.25,
    min_depth: Annotated[
        int, typer.Option(min=1, metavar="N", help="Least number of steps from the root to a term.")
    ] = 2,
    exclude_own: Annotated[
        bool,
        typer.Option(
            "--exclude-own",
            help="Write all scores (id, go_id, score), by nothing that a gene itself is annotated with.",
        ),
    ] = False,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--column", metavar="KEY=NAME", help="A column that is called otherwise, as often as needed."
        ),
    ] = None,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Suggest GO terms for genes, by their names, symbols and texts, each with its evidence.

    The score is the probability that an experiment would tell the term, as far as genes say of which
    experiments told later.
    """
    from gotune.genes.annotator import GeneAnnotator
    from gotune.genes.reading import read_genes
    from gotune.genes.writing import WRITERS, write_scores, write_suggestions
    from gotune.ontology.loading import load_ontology

    check_outputs([output], (".tsv",) if exclude_own else WRITERS)
    if output.resolve() in {path.resolve() for path in (source, reference) if path is not None}:
        raise typer.BadParameter(f"-o: expected another file than is read, found {output}")
    screen = Screen(quiet=quiet, as_json=as_json)
    found = read_genes(source, columns=_columns(columns))
    with screen.doing(f"reading {release}"):
        ontology = load_ontology(release, offline=offline)
    annotator = GeneAnnotator.load(ontology, reference=reference, offline=offline, track=screen.track)
    n_suggestions = n_without = 0
    first: AnnotatedGene | None = None
    if exclude_own:
        write_scores(output, annotator.scores(found, own=False), annotator.reference.space)
    else:

        def counted(annotated: Iterable[AnnotatedGene]) -> Iterator[AnnotatedGene]:
            nonlocal n_suggestions, n_without, first
            for one in annotated:
                n_suggestions += len(one.suggestions)
                n_without += not one.suggestions
                if one.suggestions:
                    first = first or one
                yield one

        suggested = annotator.annotate(found, threshold=threshold, min_depth=min_depth, track=screen.track)
        write_suggestions(output, counted(suggested))
        if first is not None:
            _tell(first, screen)
        screen.say(
            f"{n_suggestions:,} suggestions for {len(found):,} genes, {n_without:,} of them without any."
        )
    left_out = annotator.reference.left_out
    if n := sum(left_out.values()):
        reasons = ", ".join(f"{n:,} as {reason}" for reason, n in sorted(left_out.items()))
        screen.explain(f"{n:,} annotations of the reference were left out: {reasons}.")
    screen.say(f"Written to {output}")
    screen.result(
        {
            "release": ontology.release,
            "genes": len(found),
            "suggestions": n_suggestions,
            "without": n_without,
            "file": str(output),
        }
    )


def _columns(pairs: list[str] | None) -> dict[str, str] | None:
    if not pairs:
        return None
    found = {}
    for pair in pairs:
        key, separator, name = pair.partition("=")
        if not separator:
            raise typer.BadParameter(f"--column: expected KEY=NAME, such as name=Protein, found {pair}")
        found[key] = name
    return found


def _tell(one: AnnotatedGene, screen: Screen) -> None:
    rows = [
        (term.go_id, term.name, term.aspect.short, f"{term.score:.2f}", term.evidence)
        for term in one.suggestions[:_SHOWN]
    ]
    title = f"{one.gene.symbol or one.gene.id} {one.gene.name}".strip()
    screen.show_rows(("term", "name", "aspect", "score", "evidence"), rows, title=title)
