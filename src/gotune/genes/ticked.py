"""Reading back what curators ticked of suggestions for genes: as annotations, and as rows to learn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.corpus.delimited import write_tsv
from gotune.datasets.label_cells import BadCellError
from gotune.errors import TableError
from gotune.genes.associations import Association
from gotune.genes.gaf import write_gaf
from gotune.genes.gene import Gene
from gotune.genes.suggestions import ASSIGNED_BY, association_of, check_gene, relation_to
from gotune.genes.tick_sheet import SHEET
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

_NEEDED = ("symbol", "gene", "id", "go_id", "score", "decision", "other term", "taxon", "release")
_REVIEWED = "RCA"
"""Inferred from a reviewed computational analysis: what a curator makes of a suggestion without a paper."""


@dataclass(frozen=True, slots=True)
class TickedGene:
    """A suggestion for a gene, and what a curator says of it.

    Attributes:
        gene: That, with what the workbook has of it.
        go_id: The term that was suggested.
        score: Of it.
        verdict: What the curator says; None if nothing.
        other: The term that the gene has instead.
        is_above: Whether the suggested term is above the other one, so that it is not denied.
    """

    gene: Gene
    go_id: str
    score: float
    verdict: Verdict | None
    other: str | None
    is_above: bool = False

    @property
    def told(self) -> dict[str, bool]:
        """Terms that the curator decided on, and whether the gene has them."""
        if self.verdict in (None, Verdict.UNSURE):
            return {}
        found = {} if self.is_above else {self.go_id: self.verdict is Verdict.RIGHT}
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
    return ticked_rows(
        Path(path), SHEET, _NEEDED, lambda row: _ticked(row, index), command="gotune genes -o genes.xlsx"
    )


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
    other = other_term(row, verdict, go_id, index)
    if other is not None and not index.of_id(other):
        raise BadCellError(
            expected="in the column 'other term': terms that GO lets annotate with",
            found=other,
            do="Name one that says more, or decide 'wrong'.",
        )
    return TickedGene(
        gene=gene,
        go_id=go_id,
        score=_score(row),
        verdict=verdict,
        other=other,
        is_above=other is not None and _is_above(go_id, other, index),
    )


def _is_above(go_id: str, other: str, index: TermIndex) -> bool:
    return index.number_of[go_id] in index.ancestry.above(index.number_of[other])


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


@dataclass(frozen=True, slots=True)
class Told:
    """What the decisions on a term of a gene come to.

    Attributes:
        gene: That.
        go_id: The term.
        score: Of the suggestion; None if the term was named in place of another.
        has: Whether the gene has the term.
    """

    gene: Gene
    go_id: str
    score: float | None
    has: bool


def told_by(rows: Iterable[TickedGene]) -> list[Told]:
    """Return what most decisions say of each term of each gene; ties decide nothing.

    Args:
        rows: Of any number of workbooks, each row a vote.
    """
    votes: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for row in rows:
        for go_id, has in row.told.items():
            score = row.score if go_id == row.go_id else None
            votes[row.gene.id, go_id].append(Told(row.gene, go_id, score, has))
    found = []
    for of_term in votes.values():
        n_has = sum(one.has for one in of_term)
        if 2 * n_has != len(of_term):
            scores = [one.score for one in of_term if one.score is not None]
            first = of_term[0]
            has = 2 * n_has > len(of_term)
            found.append(Told(first.gene, first.go_id, scores[0] if scores else None, has))
    return found


def write_accepted(
    path: Path, told: Iterable[Told], index: TermIndex, *, day: date, assigned_by: str = ASSIGNED_BY
) -> int:
    """Write what genes have by the decisions as GAF 2.2, and return how many annotations there are.

    Their evidence is a reviewed computational analysis (RCA), as a curator has looked at them, and nothing
    more; the analysis is gotune's.

    Args:
        path: The file.
        told: What was decided.
        index: The terms of the release.
        day: That the decisions are of.
        assigned_by: Who decided, a name as that of a database.

    Raises:
        GeneError: The database or the organism of a gene is unknown.
        TableError: No gene has any.
        SaveError: It cannot be written; an old one is untouched.
    """
    rows = [one for one in told if one.has]
    for one in rows:
        check_gene(one.gene)
    if not rows:
        raise _nothing(path)
    associations = (_association(one, index, day, assigned_by) for one in rows)
    return write_gaf(path, associations, day=day, release=index.info.release)


def _association(one: Told, index: TermIndex, day: date, assigned_by: str) -> Association:
    number = index.number_of[one.go_id]
    lineage = {one.go_id, *(index.terms.ids[above] for above in index.ancestry.above(number))}
    aspect = index.aspect(number)
    relation = relation_to(lineage, aspect)
    return association_of(
        one.gene, one.go_id, aspect, relation, evidence=_REVIEWED, day=day, assigned_by=assigned_by
    )


def write_told(path: Path, told: Iterable[Told]) -> int:
    """Write a TSV with a row for each term decided on, and return how many there are.

    The columns are ``id``, ``symbol``, ``taxon``, ``go_id``, ``score``, which is empty for a term that was
    not suggested, and ``told``: 1 if the gene has the term, 0 if not.

    Raises:
        TableError: Nothing is decided.
        SaveError: It cannot be written; an old one is untouched.
    """
    lines = [
        (
            guard_formula(one.gene.id),
            guard_formula(one.gene.symbol),
            str(one.gene.taxon or ""),
            one.go_id,
            "" if one.score is None else f"{one.score:.3f}",
            str(int(one.has)),
        )
        for one in told
    ]
    if not lines:
        raise _nothing(path)
    write_tsv(path, [("id", "symbol", "taxon", "go_id", "score", "told"), *lines])
    return len(lines)


def _nothing(path: Path) -> TableError:
    return TableError(
        str(path),
        expected="decisions from which a term of a gene follows",
        found="none",
        do="Fill in the column 'decision' and save the workbook.",
    )
