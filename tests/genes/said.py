"""Matrices as plain data, to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gotune.genes.space import TermSpace

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def plain(table: csr_matrix, space: TermSpace) -> list[dict[str, float]]:
    """Return the last two digits of the ids in each row, with their values."""
    return [
        {
            space.ids[column][-2:]: float(table.data[place])
            for place in range(table.indptr[row], table.indptr[row + 1])
            for column in table.indices[place : place + 1]
        }
        for row in range(table.shape[0])
    ]
