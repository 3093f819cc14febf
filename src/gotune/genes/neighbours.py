"""Annotated genes that are like others, by texts or by shared names, and the terms that they share."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
from sparse_dot_topn import sp_matmul_topn  # here, so that it is the first to be missed: its extra has all

from gotune.genes.space import ones_at
from gotune.model.devices import usable_cores

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

_WORDS = re.compile(r"\w+")


class Neighbours:
    """Finds the rows of a matrix that have the greatest products with others.

    Args:
        known: Of shape ``(known, features)``.
        among: Numbers of the rows to look at; all if left out.
    """

    def __init__(self, known: csr_matrix, among: NDArray[np.int64] | None = None) -> None:
        self._numbers = np.arange(known.shape[0]) if among is None else among
        self._transposed = (known if among is None else known[among]).T.tocsr()
        self._n_known = known.shape[0]

    def near(self, asked: csr_matrix, most: int) -> csr_matrix:
        """Return the greatest products, of shape ``(asked, known)``, zero for all others.

        Args:
            asked: Of shape ``(asked, features)``.
            most: How many of the known ones to give for each.
        """
        from scipy.sparse import csr_matrix

        shape = (asked.shape[0], self._n_known)
        if not (asked.nnz and self._transposed.nnz):
            return csr_matrix(shape)
        found = sp_matmul_topn(asked, self._transposed, most, n_threads=usable_cores())
        return csr_matrix((found.data, self._numbers[found.indices], found.indptr), shape)


class TextVectors:
    """Texts as vectors of length 1, by TF-IDF.

    They have the words and, for numbers and letters at the end of symbols, characters within words; settings
    are scikit-learn's own, with sublinear counts.

    Args:
        known: The texts that tell how frequent words are.

    Attributes:
        known: Their vectors, of shape ``(known, features)``.
    """

    def __init__(self, known: Sequence[str]) -> None:
        from scipy.sparse import csr_matrix
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_union

        words = TfidfVectorizer(sublinear_tf=True, token_pattern=_WORDS.pattern, dtype=np.float32)
        characters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32
        )
        self._vectors = make_union(words, characters)
        self.known: csr_matrix = csr_matrix((len(known), 0))
        if any(map(_WORDS.search, known)):
            self.known = self._vectors.fit_transform(known).tocsr()

    def of(self, texts: Sequence[str]) -> csr_matrix:
        """Return vectors of other texts, of shape ``(texts, features)``."""
        from scipy.sparse import csr_matrix

        if not (len(texts) and self.known.nnz):
            return csr_matrix((len(texts), self.known.shape[1]))
        return self._vectors.transform(texts).tocsr()


class SharedNames:
    """Finds the genes that share a name with others, whatever its case and marks.

    Args:
        known: Symbols and names of the genes to find.
    """

    def __init__(self, known: Sequence[Collection[str]]) -> None:
        self._n_known = len(known)
        self._numbers_of: dict[str, list[int]] = {}
        for number, of in enumerate(known):
            for name in {_key(name) for name in of} - {""}:
                self._numbers_of.setdefault(name, []).append(number)

    def near(self, names: Sequence[Collection[str]]) -> csr_matrix:
        """Return a 1 for the genes that share a name, of shape ``(names, known)``."""
        numbers_of = self._numbers_of
        found = [{one for name in of for one in numbers_of.get(_key(name), ())} for of in names]
        return ones_at(found, self._n_known)


def _key(name: str) -> str:
    return " ".join(_WORDS.findall(name.casefold()))


def best_of(near: csr_matrix, most: int, kept: NDArray[np.bool_]) -> csr_matrix:
    """Return the greatest similarities of each row, among some of the columns.

    Args:
        near: Similarities.
        most: How many to keep of a row.
        kept: Of each column, whether to keep it.
    """
    from scipy.sparse import csr_matrix

    rows = np.repeat(np.arange(near.shape[0]), np.diff(near.indptr))
    chosen = np.flatnonzero(kept[near.indices] & (near.data > 0))
    chosen = chosen[np.lexsort((near.indices[chosen], -near.data[chosen], rows[chosen]))]
    ends = np.searchsorted(rows[chosen], np.arange(near.shape[0] + 1))
    rank = np.arange(len(chosen)) - ends[rows[chosen]]
    chosen = chosen[rank < most]
    return csr_matrix((near.data[chosen], (rows[chosen], near.indices[chosen])), near.shape)


def shares(near: csr_matrix, annotations: csr_matrix) -> csr_matrix:
    """Return of each term which share of the similarity falls on genes that have it, ``(rows, terms)``.

    Args:
        near: Similarities to annotated genes, of shape ``(rows, genes)``.
        annotations: A 1 for each term of these, of shape ``(genes, terms)``.
    """
    from scipy.sparse import diags

    total = near.sum(axis=1).A1
    weights = diags(np.divide(1, total, out=np.zeros_like(total), where=total > 0))
    found = (weights @ near @ annotations).tocsr()
    found.data = np.minimum(found.data, 1)  # shares add up to one but for rounding
    return found
