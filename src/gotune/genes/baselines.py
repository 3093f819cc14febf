"""What suggestions for genes have to beat: terms of most genes, and of genes of like names or texts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from gotune.genes.scores import GeneScores
from gotune.genes.space import TermSpace

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

NEIGHBOURS = 10
"""Of how many genes a term is taken."""

_WORDS = re.compile(r"\w+")
_ROWS_AT_ONCE = 512

Annotations = Mapping[str, Collection[str]]


def naive_scores(genes: Sequence[str], annotations: Annotations, space: TermSpace) -> GeneScores:
    """Give every gene each term with the share of annotated genes that have it.

    Of an aspect, these are the genes that have a term of that aspect. It is the Naive method of CAFA.

    Args:
        genes: To score.
        annotations: Live terms of the genes to learn from.
        space: Of the terms.
    """
    from scipy.sparse import csr_matrix

    counts = space.annotated(list(annotations.values())).sum(axis=0).A1
    of_aspect = np.zeros(len(space))
    for label in np.unique(space.aspects):
        columns = space.aspects == label
        of_aspect[columns] = max(counts[columns & space.is_root].max(initial=0), 1)
    row = csr_matrix(counts / of_aspect)
    return GeneScores(tuple(genes), csr_matrix(np.ones((len(genes), 1))) @ row)


def text_neighbours(
    texts: Mapping[str, str], known: Mapping[str, str], annotations: Annotations, space: TermSpace
) -> GeneScores:
    """Give genes the terms of the annotated genes whose texts are nearest, by TF-IDF.

    A term has the share of the similarity of the `NEIGHBOURS` nearest genes that is that of genes with the
    term. Texts are compared by their words and, for numbers and letters at the end of symbols, by characters
    within words; settings are scikit-learn's own, with sublinear counts.

    Args:
        texts: Of the genes to score, such as symbol and name.
        known: Of the genes to learn from.
        annotations: Live terms of these; those without any are left out.
        space: Of the terms.
    """
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    neighbours = [gene for gene in known if annotations.get(gene)]
    if not (texts and neighbours):
        return GeneScores(tuple(texts), csr_matrix((len(texts), len(space))))
    words = TfidfVectorizer(sublinear_tf=True, token_pattern=_WORDS.pattern)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    vectors = make_union(words, characters)
    theirs = vectors.fit_transform([known[gene] for gene in neighbours]).tocsr()
    near = _nearest(vectors.transform(texts.values()).tocsr(), theirs)
    return _from_neighbours(tuple(texts), near, [annotations[gene] for gene in neighbours], space)


def same_names(
    names: Mapping[str, Collection[str]],
    known: Mapping[str, Collection[str]],
    annotations: Annotations,
    space: TermSpace,
) -> GeneScores:
    """Give genes the terms of the annotated genes that share a name with them, whatever its case and marks.

    A term has the share of these genes with the term.

    Args:
        names: Of the genes to score: symbols and full names.
        known: Of the genes to learn from.
        annotations: Live terms of these; those without any are left out.
        space: Of the terms.
    """
    from scipy.sparse import csr_matrix

    neighbours = [gene for gene in known if annotations.get(gene)]
    number_of: dict[str, list[int]] = {}
    for number, gene in enumerate(neighbours):
        for name in {_key(name) for name in known[gene]} - {""}:
            number_of.setdefault(name, []).append(number)
    found = [sorted({one for name in of for one in number_of.get(_key(name), ())}) for of in names.values()]
    ends = np.cumsum([0, *map(len, found)])
    columns = np.array([one for row in found for one in row], dtype=np.int32)
    near = csr_matrix((np.ones(len(columns)), columns, ends), (len(found), len(neighbours)))
    return _from_neighbours(tuple(names), near, [annotations[gene] for gene in neighbours], space)


def _key(name: str) -> str:
    return " ".join(_WORDS.findall(name.casefold()))


def _nearest(ours: csr_matrix, theirs: csr_matrix) -> csr_matrix:
    """Return the similarities of the nearest rows, of shape ``(ours, theirs)``, zero for all others."""
    from scipy.sparse import csr_matrix, vstack

    parts = []
    for start in range(0, ours.shape[0], _ROWS_AT_ONCE):
        similarity: NDArray[np.float64] = (ours[start : start + _ROWS_AT_ONCE] @ theirs.T).toarray()
        n_far = max(similarity.shape[1] - NEIGHBOURS, 0)
        far = np.argpartition(similarity, n_far, axis=1)[:, :n_far]
        np.put_along_axis(similarity, far, 0, axis=1)
        parts.append(csr_matrix(similarity))
    return vstack(parts, format="csr")


def _from_neighbours(
    genes: tuple[str, ...], near: csr_matrix, terms: Sequence[Collection[str]], space: TermSpace
) -> GeneScores:
    """Return the shares of the similarity to annotated genes that fall on each term."""
    from scipy.sparse import diags

    total = near.sum(axis=1).A1
    weights = diags(np.divide(1, total, out=np.zeros_like(total), where=total > 0))
    scores = (weights @ near @ space.annotated(terms)).tocsr()
    scores.data = np.minimum(scores.data, 1)  # shares add up to one but for rounding
    return GeneScores(genes, scores)
