"""A workbook in which a curator ticks suggestions for genes; `gotune.genes.ticked` reads it back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from gotune.files import atomic_file
from gotune.genes.suggestions import AnnotatedGene
from gotune.render.tick_sheets import TO_FILL, Cell, open_tick_sheets

SHEET = "genes"
"""Name of the sheet to tick."""

COLUMNS = {
    "symbol": 14, "gene": 30, "id": 20, "go_id": 13, "name": 34, "aspect": 19, "score": 7, "evidence": 62,
    **TO_FILL,
    "taxon": 0, "release": 0,
}  # fmt: skip
"""Its columns with their widths; those of none are hidden."""


def write_gene_sheet(path: Path, genes: Iterable[AnnotatedGene], release: str) -> None:
    """Write a workbook with a row a suggestion; a gene without any has none.

    Raises:
        InputError: There are more suggestions than a sheet has rows.
        SaveError: The file cannot be written; an old one is untouched.
    """
    with (
        atomic_file(path) as temporary,
        open_tick_sheets(
            temporary,
            {SHEET: COLUMNS},
            "Does the gene have the term?",
            "right, wrong, other term (name the one that it has instead), or unsure",
        ) as write,
    ):
        for one in genes:
            for cells in _rows(one, release):
                write(SHEET, cells)


def _rows(one: AnnotatedGene, release: str) -> Iterator[tuple[Cell, ...]]:
    gene = one.gene
    for term in one.suggestions:
        yield (
            gene.symbol,
            gene.name,
            gene.id,
            term.go_id,
            term.name,
            term.aspect.value,
            term.score,
            one.evidence_of(term),
            *(None,) * len(TO_FILL),
            "" if gene.taxon is None else gene.taxon,
            release,
        )
