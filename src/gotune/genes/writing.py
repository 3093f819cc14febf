"""Writing suggestions for genes: TSV, JSON lines, GAF, a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from gotune.corpus.delimited import write_tsv
from gotune.errors import GeneError
from gotune.files import atomic_file, check_file
from gotune.genes.associations import Association
from gotune.genes.gaf import write_gaf
from gotune.genes.page import write_gene_page
from gotune.genes.scores import GeneScores
from gotune.genes.space import TermSpace
from gotune.genes.suggestions import AnnotatedGene
from gotune.typed_json import json_text

COLUMNS = ("id", "symbol", "go_id", "name", "aspect", "score", "evidence")
_LEAST_SCORE = 0.01


def write_suggestions(path: Path, genes: Iterable[AnnotatedGene]) -> None:
    """Write genes with their suggestions, one after the other.

    ``.tsv`` has a row a suggestion, with the columns `COLUMNS`; a gene without any has one row that says why
    in its evidence. ``.jsonl`` has a gene a line, with all that speaks for each suggestion. ``.gaf``, also
    with ``.gz``, has the suggestions as electronic annotations, see `AnnotatedGene.associations`. ``.html``
    is a page to read, with links to what speaks for each suggestion.

    Raises:
        InputError: Another suffix.
        GeneError: A GAF of a gene whose organism is unknown.
        SaveError: The file cannot be written; an old one is untouched.
    """
    check_file(path, WRITERS, do="Rename it, for example to suggestions.tsv.")
    suffix = next(suffix for suffix in WRITERS if path.name.lower().endswith(suffix))
    WRITERS[suffix](path, genes)


def _tsv(path: Path, genes: Iterable[AnnotatedGene]) -> None:
    def rows() -> Iterator[tuple[str, ...]]:
        yield COLUMNS
        for one in genes:
            gene = one.gene
            for term in one.suggestions:
                score = f"{term.score:.3f}"
                yield gene.id, gene.symbol, term.go_id, term.name, term.aspect.value, score, term.evidence
            if not one.suggestions:
                yield gene.id, gene.symbol, "", "", "", "", one.why_nothing

    write_tsv(path, rows())


def _json_lines(path: Path, genes: Iterable[AnnotatedGene]) -> None:
    with atomic_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json_text(one.to_dict(), ascii_only=False) + "\n" for one in genes)


def _gaf(path: Path, genes: Iterable[AnnotatedGene]) -> None:
    today = date.today()

    def rows() -> Iterator[Association]:
        for one in genes:
            if ":" not in one.gene.id:
                raise GeneError(
                    one.gene.id,
                    expected="an id with its database before it, as every row of a GAF has one",
                    found="none",
                    do="Give it such as NCBIGene:7157, or write a .tsv.",
                )
            if one.gene.taxon is None:
                raise GeneError(
                    one.gene.id,
                    expected="an organism, as every row of a GAF has one",
                    found="none",
                    do="Give the genes a column taxon, or write a .tsv.",
                )
            yield from one.associations(today)

    write_gaf(path, rows(), day=today)


WRITERS: dict[str, Callable[[Path, Iterable[AnnotatedGene]], None]] = {
    ".tsv": _tsv,
    ".jsonl": _json_lines,
    ".gaf": _gaf,
    ".gaf.gz": _gaf,
    ".html": write_gene_page,
}
"""By the suffix of the file."""


def write_scores(path: Path, said: GeneScores, space: TermSpace) -> None:
    """Write all scores of .01 and more as TSV, with the columns ``id``, ``go_id`` and ``score``.

    Raises:
        SaveError: The file cannot be written; an old one is untouched.
    """

    def rows() -> Iterator[tuple[str, ...]]:
        yield "id", "go_id", "score"
        for row, gene in enumerate(said.genes):
            scores = said.scores[[row]]
            for column, score in zip(scores.indices, scores.data, strict=True):
                if score >= _LEAST_SCORE and not space.is_root[column]:
                    yield gene, space.ids[column], f"{score:.3f}"

    write_tsv(path, rows())
