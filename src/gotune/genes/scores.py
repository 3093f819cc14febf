"""Terms suggested for genes, each with a score: what every method gives and what is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gotune.errors import InputError
from gotune.genes.space import TermSpace

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, slots=True, eq=False)
class GeneScores:
    """Scores of terms for genes.

    Attributes:
        genes: Their ids, each once.
        scores: From 0, which is none, to 1, of shape ``(genes, terms)`` with the columns of a `TermSpace`.

    Raises:
        InputError: A gene is there twice, the rows are not those of the genes, or a score is out of range.
    """

    genes: tuple[str, ...]
    scores: csr_matrix

    def __post_init__(self) -> None:
        n_rows, n_different = self.scores.shape[0], len(set(self.genes))
        if not n_rows == len(self.genes) == n_different:
            raise InputError(
                "scores",
                expected="a row for each gene, and each gene once",
                found=f"{n_rows} rows, {len(self.genes)} genes, {n_different} of them different",
                do="Join what is said of the same gene.",
            )
        outside = ~((self.scores.data >= 0) & (self.scores.data <= 1))
        if outside.any():
            raise InputError(
                "scores",
                expected="scores from 0 to 1",
                found=str(self.scores.data[outside][0]),
                do="Scale them, such as to probabilities.",
            )

    @classmethod
    def of(cls, scores: Mapping[str, Mapping[str, float]], space: TermSpace) -> GeneScores:
        """Return plain data in this form.

        Args:
            scores: By gene and live term; ids that are none are left out.
            space: Of the terms.
        """
        return cls(tuple(scores), space.matrix(list(scores.values())))

    def rows(self, genes: Sequence[str]) -> csr_matrix:
        """Return the scores of some genes, an empty row for one of which nothing is said."""
        from scipy.sparse import csr_matrix, vstack

        nothing = csr_matrix((1, self.scores.shape[1]))
        row_of = {gene: row for row, gene in enumerate(self.genes)}
        wanted = np.array([row_of.get(gene, len(self.genes)) for gene in genes], dtype=np.int64)
        return vstack([self.scores, nothing], format="csr")[wanted]
