"""How much a term says: its information content, given that its parents hold.

Clark and Radivojac 2013, doi:10.1093/bioinformatics/btt228, where it is called information accretion.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import numpy as np

from gotune.genes.space import GENES_AT_ONCE, TermSpace

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix


def information_content(annotations: Iterable[Collection[str]], space: TermSpace) -> NDArray[np.float64]:
    r"""Return ``-log2 P(term | parents)`` of each column in bits: of genes with all its parents, who has it.

    The sum over the terms of a gene is then the information content of all that is said of it. It is 0 for
    roots, for what every gene with the parents has, and for what no gene of the reference has: nothing is
    known of how rare that is, and weighted measures leave it out, as cafaeval does.

    Args:
        annotations: Live terms of each gene of the reference, as annotated.
        space: Of the terms.
    """
    return content_of(space.annotated(list(annotations)), space)


def content_of(annotated: csr_matrix, space: TermSpace) -> NDArray[np.float64]:
    """Return the same of annotations that have risen, of shape ``(genes, terms)``."""
    with_parents = np.zeros(len(space))
    needed = np.diff(space.parents.indptr)
    for start in range(0, annotated.shape[0], GENES_AT_ONCE):
        has = (annotated[start : start + GENES_AT_ONCE] @ space.parents.T).tocoo()
        with_parents += np.bincount(has.col[has.data == needed[has.col]], minlength=len(space))
    with_term = annotated.getnnz(axis=0)
    found = np.zeros(len(space))
    rare = (with_term > 0) & (needed > 0)
    found[rare] = np.log2(with_parents[rare] / with_term[rare])
    return found
