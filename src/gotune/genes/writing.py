"""Writing suggestions for genes: TSV, JSON lines, GAF, a page, a workbook to tick."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from gotune.corpus.delimited import write_tsv
from gotune.files import atomic_file, check_file
from gotune.genes.annotator import GeneAnnotator
from gotune.genes.associations import Association
from gotune.genes.gaf import write_gaf
from gotune.genes.gene import Gene
from gotune.genes.page import write_gene_page
from gotune.genes.suggestions import ASSIGNED_BY, AnnotatedGene, check_gene
from gotune.genes.tick_sheet import write_gene_sheet
from gotune.lines import guard_formula
from gotune.protocols import Track, untracked
from gotune.typed_json import json_text

COLUMNS = ("id", "symbol", "go_id", "name", "aspect", "score", "evidence")
_LEAST_SCORE = 0.01


def write_suggestions(
    path: Path, genes: Iterable[AnnotatedGene], release: str, *, assigned_by: str = ASSIGNED_BY
) -> None:
    """Write genes with their suggestions, one after the other.

    ``.tsv`` has a row a suggestion, with the columns `COLUMNS`; a gene without any has one row that says why
    in its evidence. ``.jsonl`` has a gene a line, with all that speaks for each suggestion. ``.gaf``, also
    with ``.gz``, has the suggestions as electronic annotations, see `AnnotatedGene.associations`. ``.html``
    is a page to read, with links to what speaks for each suggestion. ``.xlsx`` is for a curator to tick, see
    `gotune.genes.tick_sheet`.

    Args:
        path: The file.
        genes: Read once.
        release: Of the terms; all but ``.tsv`` say it.
        assigned_by: Who makes the annotations of a ``.gaf``, a name as that of a database.

    Raises:
        InputError: Another suffix.
        GeneError: See `gotune.genes.suggestions.check_gene`.
        SaveError: The file cannot be written; an old one is untouched.
    """
    check_file(path, SUFFIXES, do="Rename it, for example to suggestions.tsv.")
    suffix = next(suffix for suffix in SUFFIXES if path.name.lower().endswith(suffix))
    if suffix in GAF:
        _gaf(path, genes, release, assigned_by)
    else:
        _WRITERS[suffix](path, genes, release)


def _tsv(path: Path, genes: Iterable[AnnotatedGene], _: str) -> None:
    def rows() -> Iterator[tuple[str, ...]]:
        yield COLUMNS
        for one in genes:
            start = guard_formula(one.gene.id), guard_formula(one.gene.symbol)
            for term in one.suggestions:
                score = f"{term.score:.3f}"
                yield *start, term.go_id, term.name, term.aspect.value, score, one.evidence_of(term)
            if not one.suggestions:
                yield *start, "", "", "", "", one.why_nothing

    write_tsv(path, rows())


def _json_lines(path: Path, genes: Iterable[AnnotatedGene], release: str) -> None:
    with atomic_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        for one in genes:
            file.write(json_text({**one.to_dict(), "release": release}, ascii_only=False) + "\n")


def _gaf(path: Path, genes: Iterable[AnnotatedGene], release: str, assigned_by: str) -> None:
    today = date.today()

    def rows() -> Iterator[Association]:
        for one in genes:
            check_gene(one.gene)
            yield from one.associations(today, assigned_by=assigned_by)

    write_gaf(path, rows(), day=today, release=release)


_WRITERS: dict[str, Callable[[Path, Iterable[AnnotatedGene], str], None]] = {
    ".tsv": _tsv,
    ".jsonl": _json_lines,
    ".html": write_gene_page,
    ".xlsx": write_gene_sheet,
}
GAF = (".gaf", ".gaf.gz")
SUFFIXES = (*_WRITERS, *GAF)
"""Of the files that `write_suggestions` writes."""


def write_scores(
    path: Path, annotator: GeneAnnotator, genes: Iterable[Gene], *, track: Track = untracked
) -> None:
    """Write all scores of .01 and more as TSV, with the columns ``id``, ``go_id`` and ``score``.

    Nothing that a gene itself is annotated with counts.

    Args:
        path: The file.
        annotator: Gives the scores.
        genes: Read once; some at a time are held.
        track: Shows progress.

    Raises:
        SaveError: The file cannot be written; an old one is untouched.
    """

    def rows() -> Iterator[tuple[str, ...]]:
        yield "id", "go_id", "score"
        space = annotator.reference.space
        for some, _, table in annotator.batches(track(genes, description="suggesting terms"), own=False):
            for row, gene in enumerate(some):
                scores = table[[row]]
                for column, score in zip(scores.indices, scores.data, strict=True):
                    if score >= _LEAST_SCORE and not space.is_root[column]:
                        yield gene.id, space.ids[column], f"{score:.3f}"

    write_tsv(path, rows())
