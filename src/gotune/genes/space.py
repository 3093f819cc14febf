"""The terms of a release as columns of matrices, and how annotations and scores rise to more general terms.

A gene that has a term has all that this is a kind or a part of, too. As in CAFA, only is_a and part_of
count, and only within an aspect.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import Aspect
from gotune.errors import InputError
from gotune.ontology.graph import LINEAGE_RELATIONS
from gotune.ontology.ontology import Ontology

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

GENES_AT_ONCE = 512
"""Rows that are worked on together, dense, at 8 bytes for each term."""


class TermSpace:
    """The live terms of a release as columns, in file order.

    Args:
        ontology: The release.

    Attributes:
        release: Of the ontology.
        ids: Of the terms, in order of the columns.
        number_of: Column of each id.
        aspects: Label of the aspect of each column.
        is_root: Of each column, whether it has no parents; that of an aspect is true of every gene.

    Raises:
        InputError: A term is its own ancestor.
    """

    def __init__(self, ontology: Ontology) -> None:
        frame = ontology.frame
        self.release = ontology.release
        self.ids: tuple[str, ...] = tuple(frame["go_id"])
        self.number_of = {go_id: number for number, go_id in enumerate(self.ids)}
        self.aspects: NDArray[np.int64] = np.asarray(frame["aspect"].cat.codes, np.int64)
        parents = self._parents(ontology)
        self.is_root = np.array([not above for above in parents])
        # Children come before their parents, so that what rises from them has all that is below.
        order = specific_first(parents)
        self._edges = [(child, parent) for child in order for parent in parents[child]]
        self.parents = self._matrix(parents)
        self.lineages = self._matrix(_lineages(parents, order))

    def __len__(self) -> int:
        return len(self.ids)

    def of_aspect(self, aspect: Aspect) -> NDArray[np.bool_]:
        """Return the columns to score of an aspect: its terms without its root, as flags."""
        found: NDArray[np.bool_] = (self.aspects == aspect.label) & ~self.is_root
        return found

    def matrix(self, terms: Sequence[Mapping[str, float]]) -> csr_matrix:
        """Return scores as a matrix.

        Args:
            terms: Scores of live terms above 0, for each gene; ids that are none are left out.

        Returns:
            Of shape ``(genes, terms)``.
        """
        from scipy.sparse import csr_matrix

        known = [
            [(self.number_of[one], score) for one, score in of.items() if one in self.number_of]
            for of in terms
        ]
        ends = np.cumsum([0, *map(len, known)])
        pairs = np.array([pair for of in known for pair in of], dtype=np.float64).reshape(-1, 2)
        table = csr_matrix((pairs[:, 1], pairs[:, 0].astype(np.int32), ends), (len(terms), len(self)))
        table.sort_indices()
        return table

    def annotated(self, terms: Sequence[Collection[str]]) -> csr_matrix:
        """Return what genes are annotated with: a 1 for each of the terms and of those above them.

        Args:
            terms: Live terms of each gene; ids that are none are left out.

        Returns:
            Of shape ``(genes, terms)``.
        """
        found = self.matrix([dict.fromkeys(of, 1.0) for of in terms]) @ self.lineages
        found.data[:] = 1
        found.sort_indices()
        return found

    def risen(self, scores: csr_matrix) -> Iterator[tuple[slice, csr_matrix]]:
        """Yield scores with those of all terms above: a term has the highest of its own and those below it.

        Args:
            scores: Of shape ``(genes, terms)``.

        Yields:
            Some rows at a time, with their scores of the same width.
        """
        for start in range(0, scores.shape[0], GENES_AT_ONCE):
            rows = slice(start, min(start + GENES_AT_ONCE, scores.shape[0]))
            yield rows, self._risen(scores[rows])

    def all_risen(self, scores: csr_matrix) -> csr_matrix:
        """Return all that `risen` yields, together."""
        from scipy.sparse import csr_matrix, vstack

        parts = [part for _, part in self.risen(scores)]
        return vstack(parts, format="csr") if parts else csr_matrix(scores.shape)

    def _risen(self, scores: csr_matrix) -> csr_matrix:
        from scipy.sparse import csr_matrix

        reached = np.unique(self.lineages[np.unique(scores.indices)].indices)
        place = np.full(len(self), -1)
        place[reached] = np.arange(len(reached))
        dense = np.zeros((len(reached), scores.shape[0]))
        rows = np.repeat(np.arange(scores.shape[0]), np.diff(scores.indptr))
        dense[place[scores.indices], rows] = scores.data
        for child, parent in self._edges:
            if place[child] >= 0:
                above = dense[place[parent]]
                np.maximum(above, dense[place[child]], out=above)
        genes, columns = np.nonzero(dense.T)
        ends = np.searchsorted(genes, np.arange(scores.shape[0] + 1))
        return csr_matrix((dense[columns, genes], reached[columns], ends), scores.shape)

    def _parents(self, ontology: Ontology) -> list[list[int]]:
        found: list[list[int]] = []
        for number, go_id in enumerate(self.ids):
            above = (self.number_of[one] for one in ontology.parents(go_id, LINEAGE_RELATIONS))
            found.append([one for one in above if self.aspects[one] == self.aspects[number]])
        return found

    def _matrix(self, above: Sequence[Collection[int]]) -> csr_matrix:
        """Return terms by terms, with a 1 where the one of the column is above that of the row."""
        return ones_at(above, len(self))


def ones_at(rows: Sequence[Collection[int]], width: int) -> csr_matrix:
    """Return a matrix with a 1 in the columns of each row, of shape ``(rows, width)``."""
    from scipy.sparse import csr_matrix

    columns = np.array([one for row in rows for one in sorted(row)], dtype=np.int32)
    ends = np.cumsum([0, *map(len, rows)])
    return csr_matrix((np.ones(len(columns)), columns, ends), (len(rows), width))


def values_without(table: csr_matrix, others: csr_matrix) -> csr_matrix:
    """Return a matrix without what stands where another one has a 1."""
    found = (table - table.multiply(others)).tocsr()
    found.eliminate_zeros()
    return found


def of_columns(table: csr_matrix, columns: NDArray[np.bool_]) -> csr_matrix:
    """Return a matrix without what stands in other columns than those of the flags."""
    found = table.copy()
    found.data = found.data * columns[found.indices]
    found.eliminate_zeros()
    return found


def values_at(table: csr_matrix, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the values at places of a matrix, of shape ``(places,)``."""
    if not len(rows):
        return np.zeros(0)  # for no place, scipy gives a matrix
    found: NDArray[np.float64] = np.asarray(table[rows, columns]).ravel()
    return found


def specific_first(parents: Sequence[Collection[int]]) -> list[int]:
    """Return numbers in an order in which each comes before its parents.

    Args:
        parents: Those of each number.

    Raises:
        InputError: One is above itself.
    """
    try:
        order = list(TopologicalSorter(dict(enumerate(parents))).static_order())
    except CycleError as exc:
        raise InputError(
            "release",
            expected="is_a and part_of without circles",
            found="a term that is its own ancestor",
            do="Use a go-basic release.",
        ) from exc
    return order[::-1]


def _lineages(parents: Sequence[Collection[int]], order: Sequence[int]) -> list[set[int]]:
    """Return each term with all above it."""
    found = [{number} for number in range(len(parents))]
    for child in reversed(order):
        found[child].update(*(found[parent] for parent in parents[child]))
    return found
