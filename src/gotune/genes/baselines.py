"""What suggestions for genes have to beat: terms of most genes, and of genes of like names or texts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from gotune.genes.neighbours import Neighbours, SharedNames, TextVectors, shares
from gotune.genes.scores import GeneScores
from gotune.genes.space import TermSpace

NEIGHBOURS = 10
"""Of how many genes a term is taken."""

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
    term. How texts are compared `TextVectors` tells.

    Args:
        texts: Of the genes to score, such as symbol and name.
        known: Of the genes to learn from.
        annotations: Live terms of these; those without any are left out.
        space: Of the terms.
    """
    neighbours = [gene for gene in known if annotations.get(gene)]
    vectors = TextVectors([known[gene] for gene in neighbours])
    near = Neighbours(vectors.known).near(vectors.of(list(texts.values())), NEIGHBOURS)
    return GeneScores(tuple(texts), shares(near, space.annotated([annotations[gene] for gene in neighbours])))


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
    neighbours = [gene for gene in known if annotations.get(gene)]
    near = SharedNames([known[gene] for gene in neighbours]).near(list(names.values()))
    return GeneScores(tuple(names), shares(near, space.annotated([annotations[gene] for gene in neighbours])))
