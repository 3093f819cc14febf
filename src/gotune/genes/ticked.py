"""Reading back what curators ticked of suggestions for genes: as annotations, and as rows to learn from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.corpus.delimited import write_tsv
from gotune.datasets.label_cells import BadCellError, BadCells
from gotune.errors import TableError
from gotune.genes.associations import Association
from gotune.genes.gaf import write_gaf
from gotune.genes.gene import Gene
from gotune.genes.suggestions import association_of, relation_to
from gotune.genes.tick_sheet import SHEET
from gotune.genes.writing import check_genes
from gotune.lines import guard_formula, one_line
from gotune.linking.tick_cells import (
    Row,
    check_release,
    filled,
    other_term,
    term_in,
    text_in,
    ticked_rows,
    verdict_in,
    whole,
)
from gotune.render.tick_sheets import Verdict

if TYPE_CHECKING:
    from gotune.linking.index import TermIndex

_NEEDED = (
    "symbol", "gene", "id", "go_id", "score", "decision", "other term", "taxon", "reference", "with_from",
    "release",
)  # fmt: skip
_REVIEWED = "RCA"
"""Inferred from a reviewed computational analysis: what a curator makes of a suggestion without a paper."""


@dataclass(frozen=True, slots=True)
class TickedGene:
    """A suggestion for a gene, and what a curator says of it.

    Attributes:
        gene: That, with what the workbook has of it.
        go_id: The term that was suggested.
        score: Of it.
        reference: What an annotation refers to.
        with_from: Like genes that have the term.
        verdict: What the curator says; None if nothing.
        other: The term that the gene has instead.
    """

    gene: Gene
    go_id: str
    score: float
    reference: str
    with_from: tuple[str, ...]
    verdict: Verdict | None
    other: str | None

    @property
    def told(self) -> dict[str, bool]:
        """Terms that the curator decided on, and whether the gene has them."""
        if self.verdict in (None, Verdict.UNSURE):
            return {}
        found = {self.go_id: self.verdict is Verdict.RIGHT}
        return found if self.other is None else {**found, self.other: True}


def read_ticked_genes(path: Path | str, index: TermIndex) -> tuple[TickedGene, ...]:
    """Read a workbook of `gotune.genes.tick_sheet` that a curator ticked, in the order of its rows.

    Rows may have been sorted, hidden or deleted, columns moved or added.

    Args:
        path: The workbook.
        index: The terms of the release that the suggestions are of.

    Raises:
        TableError: It is no such workbook, or unfolds too far (see `gotune.unpacking`); it is of another
            release; a decision is unknown, or an id none of the release. Lists examples with their rows.
    """
    path = Path(path)
    problems, found = BadCells(), []
    for number, row in ticked_rows(path, SHEET, _NEEDED, "gotune genes -o genes.xlsx"):
        try:
            found.append(_ticked(row, index))
        except BadCellError as exc:
            problems.add(exc, f"row {number}")
    problems.check(str(path))
    return tuple(found)


def _ticked(row: Row, index: TermIndex) -> TickedGene:
    check_release(row, index)
    go_id = term_in(row, "go_id", index)
    verdict = verdict_in(row)
    taxon = whole(row, "taxon") if text_in(row, "taxon").strip() else None
    gene = Gene(
        one_line(filled(row, "id")),
        one_line(text_in(row, "symbol")),
        one_line(text_in(row, "gene")),
        (),
        taxon,
    )
    return TickedGene(
        gene=gene,
        go_id=go_id,
        score=_score(row),
        reference=filled(row, "reference").strip(),
        with_from=tuple(filter(None, text_in(row, "with_from").strip().split("|"))),
        verdict=verdict,
        other=other_term(row, verdict, go_id, index),
    )


def _score(row: Row) -> float:
    cell = text_in(row, "score")
    try:
        score = float(cell)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 1:
        raise BadCellError(
            expected="in the column 'score': a number from 0 to 1",
            found=repr(cell),
            do="Bring it back, or delete these rows.",
        )
    return score


def write_accepted(path: Path, rows: Iterable[TickedGene], index: TermIndex, *, day: date) -> int:
    """Write what genes have by the decisions as GAF 2.2, each annotation once, and return how many there are.

    Their evidence is a reviewed computational analysis (RCA), as a curator has looked at them, and nothing
    more. Like genes stand in with/from of what was suggested.

    Args:
        path: The file.
        rows: Of any number of workbooks.
        index: The terms of their release.
        day: That the decisions are of.

    Raises:
        GeneError: A GAF cannot hold a gene, see `gotune.genes.writing.check_genes`.
        TableError: No gene has any.
        SaveError: It cannot be written; an old one is untouched.
    """
    found: dict[tuple[str, str], Association] = {}
    for row in rows:
        for go_id, has in row.told.items():
            if has:
                check_genes(path, [row.gene])
                found.setdefault((row.gene.id, go_id), _association(row, go_id, index, day))
    if not found:
        raise _nothing(path)
    return write_gaf(path, found.values(), day=day, release=index.info.release)


def _association(row: TickedGene, go_id: str, index: TermIndex, day: date) -> Association:
    number = index.number_of[go_id]
    above = {index.terms.ids[one] for one in index.ancestry.above(number)}
    suggested = go_id == row.go_id
    return association_of(
        row.gene,
        go_id,
        index.aspect(number),
        relation_to({go_id, *above}, index.aspect(number)),
        reference=row.reference if suggested else "",
        with_from=row.with_from if suggested else (),
        evidence=_REVIEWED,
        day=day,
    )


def write_told(path: Path, rows: Iterable[TickedGene]) -> int:
    """Write a TSV with a row for each term decided on, and return how many there are.

    The columns are ``id``, ``symbol``, ``taxon``, ``go_id``, ``score``, which is empty for a term that was
    not suggested, and ``told``: 1 if the gene has the term, 0 if not.

    Raises:
        TableError: Nothing is decided.
        SaveError: It cannot be written; an old one is untouched.
    """
    lines = [*_told_lines(rows)]
    if not lines:
        raise _nothing(path)
    write_tsv(path, [("id", "symbol", "taxon", "go_id", "score", "told"), *lines])
    return len(lines)


def _told_lines(rows: Iterable[TickedGene]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        gene = row.gene
        start = guard_formula(gene.id), guard_formula(gene.symbol), str(gene.taxon or "")
        for go_id, has in row.told.items():
            yield (*start, go_id, f"{row.score:.3f}" if go_id == row.go_id else "", str(int(has)))


def _nothing(path: Path) -> TableError:
    return TableError(
        str(path),
        expected="decisions from which a term of a gene follows",
        found="none",
        do="Fill in the column 'decision' and save the workbook.",
    )
